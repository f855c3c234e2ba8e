package rdf

import (
	"iter"

	"github.com/entente-kg/entente/schema/turtle"
)

// Syntax is a text form of RDF.
type Syntax string

// The syntaxes.
const (
	Turtle Syntax = "turtle"
	TriG   Syntax = "trig"
	JSONLD Syntax = "jsonld"
)

// Statements yields the statements of a text. An error, a [*turtle.Error] with its place,
// is the last pair. Contexts are for JSON-LD, and may be nil.
func (s Syntax) Statements(text string, contexts Contexts) iter.Seq2[turtle.Statement, error] {
	if s == JSONLD {
		return jsonLD(text, contexts)
	}
	return turtle.All(text, s == TriG)
}

// Restores says how datasets of entente can be restored, where a text of the syntax has
// terms of facts outside of their graphs.
func (s Syntax) Restores() string {
	if s == Turtle {
		return "Turtle has no graphs, so a dataset cannot be restored from it: export it as trig, jsonld or nquads"
	}
	return "facts stand in the graph of their dataset, <urn:entente:data:NAME>, as export writes them"
}
