package nquads

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

var namespaces = map[string]string{
	"rdf":  "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
	"rdfs": "http://www.w3.org/2000/01/rdf-schema#",
	"skos": "http://www.w3.org/2004/02/skos/core#",
	"xsd":  "http://www.w3.org/2001/XMLSchema#",
}

// urn is the namespace of this project's IRIs.
const urn = "urn:entente:"

// Expand returns the absolute form of an IRI.
func Expand(iri quad.IRI) string {
	prefix, local, ok := strings.Cut(string(iri), ":")
	if !ok {
		return urn + string(iri)
	}
	if namespace, ok := namespaces[prefix]; ok {
		return namespace + local
	}
	if isOurPrefix(prefix) {
		return urn + string(iri)
	}
	return string(iri)
}

func isOurPrefix(prefix string) bool { return ourPrefixes[prefix] }

// ourPrefixes are the prefixes of this project's IRIs.
var ourPrefixes = func() map[string]bool {
	all := map[string]bool{"dip": true, "data": true, "evidence": true, schema.KindFact.Prefix(): true}
	for _, kind := range schema.Kinds() {
		all[kind.Prefix()] = true
	}
	return all
}()

// Writer writes one quad on each line. Close flushes it.
type Writer struct {
	w    *bufio.Writer
	line []byte
}

// NewWriter returns a writer of N-Quads to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: bufio.NewWriter(w)} }

// Write writes one quad. A quad without a label is a triple of the default graph.
func (w *Writer) Write(q quad.Quad) error {
	w.line = w.line[:0]
	for i, value := range [...]quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
		if value == nil && i == 3 {
			continue
		}
		t, err := TermOf(value)
		if err != nil {
			return err
		}
		if t.Lang != nil && !IsLanguageTag(t.Lang) {
			return fmt.Errorf("%q is no language tag", t.Lang)
		}
		w.line = append(AppendTerm(w.line, t), ' ')
	}
	w.line = append(w.line, '.', '\n')
	_, err := w.w.Write(w.line)
	return err
}

// Close flushes the buffer. It does not close the underlying writer.
func (w *Writer) Close() error { return w.w.Flush() }

// Prefix is a prefix of short IRIs and the namespace that it stands for.
type Prefix struct{ Name, Namespace string }

// Prefixes returns all prefixes that [Expand] expands, sorted by name: those of
// standard vocabularies, and those of this project.
func Prefixes() []Prefix {
	var all []Prefix
	for name, namespace := range namespaces {
		all = append(all, Prefix{name, namespace})
	}
	for name := range ourPrefixes {
		all = append(all, Prefix{name, urn + name + ":"})
	}
	slices.SortFunc(all, func(a, b Prefix) int { return strings.Compare(a.Name, b.Name) })
	return all
}
