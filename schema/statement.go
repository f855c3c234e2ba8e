package schema

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
)

// NodeKind is the kind of an RDF node.
type NodeKind uint8

// The kinds of nodes. NoNode represents the default graph.
const (
	NoNode NodeKind = iota
	IRINode
	BlankNode
	LiteralNode
)

// Node is an RDF node: an IRI, a blank node, or a literal with a datatype or a
// language.
type Node struct {
	Kind           NodeKind
	Value          string
	Datatype, Lang string
}

// Statement is an RDF triple that does not belong to a fact, and its graph. It is
// stored unchanged beside the facts, except that blank nodes and graphs become
// the dataset's own.
type Statement struct {
	Subject, Predicate, Object Node
	Graph                      Node // NoNode for the default graph
	Pos                        Position
}

// NQuads is a text of N-Quads that the graph reads as a whole. Exported datasets
// in it are restored; everything else becomes statements.
type NQuads struct {
	Name string // for error messages
	Open func() (io.ReadCloser, error)
}

func (Statement) record() {}
func (NQuads) record()    {}

// ErrStatement is wrapped by the errors of statements that cannot be stored.
var ErrStatement = errors.New("bad statement")

// ErrForeign is wrapped if a statement uses the terms that are reserved for
// facts.
var ErrForeign = fmt.Errorf("%w: the words of facts outside a dataset", ErrStatement)

// GraphLabel returns the label of a dataset's statements in one graph. The name
// of the graph is an IRI, a blank node ("_:g"), or empty for the default graph.
func GraphLabel(dataset, graph string) quad.IRI { return DatasetValue(dataset) + "/" + quad.IRI(graph) }

// GraphOf parses a label that [GraphLabel] made. For the label of a dataset,
// which has no graph, ok is false.
func GraphOf(label quad.Value) (dataset, graph string, ok bool) {
	iri, _ := label.(quad.IRI)
	rest, ok := strings.CutPrefix(string(iri), dataPrefix)
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, "/")
}

// ScopeBlank makes the label of a blank node unique to the dataset. A label that
// is already unique to it stays the same.
func ScopeBlank(dataset, label string) string {
	sum := sha256.Sum256([]byte(dataset))
	scope := "d" + hex.EncodeToString(sum[:6]) + "-"
	if strings.HasPrefix(label, scope) {
		return label
	}
	return scope + label
}

// UsesFactTerms reports whether a triple, in short IRIs, uses the terms that are
// reserved for facts.
func UsesFactTerms[T ~string | ~[]byte](subject, predicate, object T) bool {
	return hasPrefix(subject, "fact:") || hasPrefix(subject, "evidence:") || hasPrefix(subject, dataPrefix) || hasPrefix(predicate, dipPrefix) ||
		hasPrefix(object, dipPrefix) && string(predicate) == string(TypeTerm)
}

func hasPrefix[T ~string | ~[]byte](s T, prefix string) bool {
	return len(s) >= len(prefix) && string(s[:len(prefix)]) == prefix
}

// statement encodes a statement.
func (w *quadWriter) statement(s Statement, dataset string) {
	if w.err = checkStatement(s); w.err != nil {
		return
	}
	graph := s.Graph.Value
	if s.Graph.Kind == BlankNode {
		graph = "_:" + ScopeBlank(dataset, graph)
	}
	w.quads = append(w.quads, quad.Quad{Subject: w.node(s.Subject, dataset), Predicate: w.node(s.Predicate, dataset),
		Object: w.node(s.Object, dataset), Label: GraphLabel(dataset, graph)}, GraphQuad(dataset, graph))
}

// checkStatement returns an error for a statement that N-Quads cannot express.
func checkStatement(s Statement) error {
	switch {
	case s.Subject.Kind != IRINode && s.Subject.Kind != BlankNode, s.Predicate.Kind != IRINode, s.Object.Kind == NoNode, s.Graph.Kind == LiteralNode:
		return fmt.Errorf("%w: its parts are no subject, predicate, object and graph", ErrStatement)
	case s.Subject.Kind == IRINode && UsesFactTerms(s.Subject.Value, s.Predicate.Value, s.Object.Value):
		return fmt.Errorf("%w: %s %s", ErrForeign, s.Subject.Value, s.Predicate.Value)
	}
	return cmp.Or(checkNode(s.Subject), checkNode(s.Predicate), checkNode(s.Object), checkNode(s.Graph))
}

var (
	absoluteIRI = lazyRegexp("^[A-Za-z][A-Za-z0-9+.-]*:[^\\x00-\\x20<>\"{}|^`\\\\]*$")
	blankLabel  = lazyRegexp(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?$`)
	langTag     = lazyRegexp(`^[A-Za-z]+(-[A-Za-z0-9]+)*$`)
)

// lazyRegexp is New of the package pattern, which this package, below all others, does not
// import.
func lazyRegexp(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

func checkNode(n Node) error {
	switch {
	case n.Kind == IRINode && !absoluteIRI().MatchString(n.Value):
		return fmt.Errorf("%w: %q is no absolute IRI", ErrStatement, n.Value)
	case n.Kind == BlankNode && !blankLabel().MatchString(n.Value):
		return fmt.Errorf("%w: %q is no label of a blank node", ErrStatement, n.Value)
	case n.Lang != "" && !langTag().MatchString(n.Lang):
		return fmt.Errorf("%w: %q is no language tag", ErrStatement, n.Lang)
	case n.Datatype != "" && !absoluteIRI().MatchString(n.Datatype):
		return fmt.Errorf("%w: %q is no datatype", ErrStatement, n.Datatype)
	case !utf8.ValidString(n.Value):
		return fmt.Errorf("%w: %q is not UTF-8", ErrStatement, n.Value)
	}
	return nil
}

// GraphQuad returns the quad that declares a graph of a dataset.
func GraphQuad(dataset, graph string) quad.Quad {
	var name quad.Value = quad.IRI(graph)
	if blank, ok := strings.CutPrefix(graph, "_:"); ok {
		name = quad.BNode(blank)
	}
	if graph == "" {
		name = Term("default")
	}
	return quad.Quad{Subject: GraphLabel(dataset, graph), Predicate: GraphTerm, Object: name, Label: DatasetValue(dataset)}
}

func (w *quadWriter) node(n Node, dataset string) quad.Value {
	switch {
	case n.Kind == IRINode:
		return quad.IRI(n.Value)
	case n.Kind == BlankNode:
		return quad.BNode(ScopeBlank(dataset, n.Value))
	case n.Lang != "":
		return quad.LangString{Value: quad.String(n.Value), Lang: n.Lang}
	case n.Datatype != "":
		return quad.TypedString{Value: quad.String(n.Value), Type: quad.IRI(n.Datatype)}
	}
	return quad.String(n.Value)
}
