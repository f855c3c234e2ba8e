package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cayleygraph/quad"
)

// NodeKind tells the nodes of RDF apart.
type NodeKind uint8

// The kinds of nodes. NoNode is what stands for the default graph.
const (
	NoNode NodeKind = iota
	IRINode
	BlankNode
	LiteralNode
)

// Node is a node of RDF: an IRI, a blank node, or a literal with its datatype or
// its language.
type Node struct {
	Kind           NodeKind
	Value          string
	Datatype, Lang string
}

// Statement is a triple of RDF that is no fact, in its graph. It is kept beside
// the facts as it is: its blank nodes are the dataset's own, and its graph
// becomes one of the dataset.
type Statement struct {
	Subject, Predicate, Object Node
	Graph                      Node // none is the default graph
	Pos                        Position
}

// NQuads is a text of N-Quads, for the graph to read as a whole. What an export
// wrote comes back as the datasets that it was; all else is statements.
type NQuads struct {
	Name string // for error messages
	Open func() (io.ReadCloser, error)
}

func (Statement) record() {}
func (NQuads) record()    {}

// ErrStatement is wrapped by the errors of statements that cannot be kept.
var ErrStatement = errors.New("bad statement")

// ErrForeign is wrapped where foreign RDF uses the words of facts.
var ErrForeign = fmt.Errorf("%w: the words of facts outside a dataset", ErrStatement)

// GraphLabel is the label of the statements that a dataset has of a graph. The
// name of a graph is an IRI, a blank node ("_:g"), or empty for the default one.
func GraphLabel(dataset, graph string) quad.IRI { return DatasetValue(dataset) + "/" + quad.IRI(graph) }

// GraphOf reads what [GraphLabel] makes. The label of a dataset itself has that
// and no graph: ok is false.
func GraphOf(label quad.Value) (dataset, graph string, ok bool) {
	iri, _ := label.(quad.IRI)
	rest, ok := strings.CutPrefix(string(iri), data)
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, "/")
}

// ScopeBlank makes the label of a blank node the dataset's own. What is its own
// already stays.
func ScopeBlank(dataset, label string) string {
	sum := sha256.Sum256([]byte(dataset))
	scope := "d" + hex.EncodeToString(sum[:6]) + "-"
	if strings.HasPrefix(label, scope) {
		return label
	}
	return scope + label
}

// IsOwn reports whether a triple, in short IRIs, is told by the words of facts,
// which foreign RDF has no use for.
func IsOwn[T ~string | ~[]byte](subject, predicate, object T) bool {
	return begins(subject, "fact:") || begins(subject, "evidence:") || begins(subject, data) || begins(predicate, dip) ||
		begins(object, dip) && string(predicate) == string(TypeTerm)
}

func begins[T ~string | ~[]byte](s T, prefix string) bool {
	return len(s) >= len(prefix) && string(s[:len(prefix)]) == prefix
}

// statement encodes a statement.
func (w *quadWriter) statement(s Statement, dataset string) {
	subject, predicate, object := w.node(s.Subject, dataset), w.node(s.Predicate, dataset), w.node(s.Object, dataset)
	graph := s.Graph.Value
	if s.Graph.Kind == BlankNode {
		graph = "_:" + ScopeBlank(dataset, graph)
	}
	switch {
	case s.Subject.Kind != IRINode && s.Subject.Kind != BlankNode, s.Predicate.Kind != IRINode, s.Object.Kind == NoNode, s.Graph.Kind == LiteralNode:
		w.err = fmt.Errorf("%w: its parts are no subject, predicate, object and graph", ErrStatement)
	case s.Subject.Kind == IRINode && IsOwn(s.Subject.Value, s.Predicate.Value, s.Object.Value):
		w.err = fmt.Errorf("%w: %s %s", ErrForeign, s.Subject.Value, s.Predicate.Value)
	}
	w.quads = append(w.quads, quad.Quad{Subject: subject, Predicate: predicate, Object: object, Label: GraphLabel(dataset, graph)},
		GraphQuad(dataset, graph))
}

// GraphQuad says that a dataset has statements of a graph.
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
