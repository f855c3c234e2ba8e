package export

import (
	"strings"

	"github.com/entente-kg/entente/schema"
)

// A selection is written as a property graph in one of two shapes. In the first, each
// fact is a node, with an edge to each participant, place, document and linked fact.
// In the other, collapsed shape, a fact is an edge for each pair of entities that it
// links, and each such edge has all attributes of the fact. A format of graphs writes
// the nodes and edges that [elements] yields; [shape.nodeColumns] and
// [shape.edgeColumns] give the names and types of their attributes.

// valueType is the type of a column.
type valueType uint8

// The types of columns. A date is a day such as 2023-07-12.
const (
	textType valueType = iota
	listType           // texts
	integerType
	booleanType
	dateType
)

// column is an attribute of nodes or of edges. Its name has lower-case letters and
// underscores, and is none of the names that Gephi keeps for itself: id, label, weight,
// kind, color, size, x, y and z.
type column struct {
	name string
	kind valueType
}

// value is the value of a node or an edge in one column. The zero value is the absence
// of a value. A list is in list, any other value in text: "true", "12", "2023-07-12".
type value struct {
	text string
	list []string
}

func (v value) isEmpty() bool { return v.text == "" && len(v.list) == 0 }

// String returns the text, or a list joined by semicolons.
func (v value) String() string {
	if v.list != nil {
		return strings.Join(v.list, "; ")
	}
	return v.text
}

// node is an entity, or in the shape with facts as nodes also a fact.
type node struct {
	id     schema.ID
	label  string  // the name of an entity, or the sentence of a fact
	values []value // one for each of the node columns
}

// edge is a directed edge. In the collapsed shape it is a pair of entities that a fact
// links, else a fact and an entity or another fact.
type edge struct {
	id       string // unique among the ids of all nodes and edges
	from, to schema.ID
	label    string // what to show beside the edge: the verb in words, and its mark in brackets
	values   []value

	// first and last are the days of the fact; empty if open or unknown. An event
	// happened once between them, a relation holds from one to the other.
	first, last string
}

// factKind is the value of entity_kind for nodes of facts.
const factKind = "Fact"

// shape is the shape of a property graph.
type shape struct{ collapsed bool }

// nodeColumns returns the columns of the nodes. In entity_kind, the nodes of facts have
// the value [factKind].
func (s shape) nodeColumns() []column {
	entities := []column{{"entity_kind", textType}, {"country", textType}, {"country_id", textType}, {"born", textType},
		{"aliases", listType}, {"identifiers", listType}, {"description", textType}}
	if s.collapsed {
		return entities
	}
	return append(entities, factColumns()...)
}

// pairColumns is how many columns edges have before those of their fact if facts are
// collapsed.
const pairColumns = 7

// edgeColumns returns the columns of the edges.
//
// Collapsed, an edge has all attributes of its fact. Its predicate is the fact's verb, or
// the predicate of the edge of a role, which role names. A fact that links several pairs
// of entities has an edge for each: pair counts them from 1 to pairs, so that the edges
// with pair 1 are as many as the facts.
//
// Else relation is the role, the type of a link to another fact, "at" or "source". The
// status, standing and establishment are of the fact, and the attributes after them are
// from one piece of evidence.
func (s shape) edgeColumns() []column {
	if s.collapsed {
		return append([]column{{"fact", textType}, {"predicate", textType}, {"role", textType}, {"symmetric", booleanType},
			{"pair", integerType}, {"pairs", integerType}, {"sentence", textType}}, factColumns()...)
	}
	return []column{{"fact", textType}, {"relation", textType}, {"status", textType}, {"standing", textType}, {"established", booleanType},
		{"stance", textType}, {"date", textType}, {"quote", textType}, {"locator", textType}, {"said_by", textType}, {"via", listType}, {"method", textType}, {"confidence", textType},
		{"note", textType}, {"dataset", textType}, {"evidence", textType}}
}

// factColumns returns the columns of facts. established is true for a fact that
// happened or holds and that at least one source asserts: only such a fact has an edge
// in the graph. date is as written; first_day and last_day are empty if open or unknown,
// and widened says how they reach beyond the written date. verb_kind is interaction for
// an event and relation for what holds over an interval. within is the period of a fact
// without a date that is part of others. documents and quotes are from the evidence
// that asserts the fact, sources is the number of these documents, and other_stances is
// all other evidence: who denies or doubts the fact, or repeats it as hearsay.
func factColumns() []column {
	return []column{{"verb", textType}, {"verb_kind", textType}, {"status", textType}, {"standing", textType}, {"established", booleanType},
		{"date", textType}, {"first_day", dateType}, {"last_day", dateType}, {"widened", textType}, {"within", textType},
		{"topic", textType}, {"places", listType}, {"sources", integerType}, {"documents", listType}, {"quotes", listType},
		{"other_stances", listType}, {"datasets", listType}, {"source_key", textType}}
}
