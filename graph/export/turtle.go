package export

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema/nquads"
)

// writeTurtle writes the triples of a selection, one subject after another. Turtle
// has no named graphs, so labels are lost, and a triple with several labels is
// written once.
func writeTurtle(ctx context.Context, w io.Writer, s Selection, o Options) error {
	return writeQuads(ctx, w, s, o, rdfSyntax{
		head: turtlePrefixes(),
		Syntax: store.Syntax{
			Term:    appendTurtleTerm,
			Subject: func(dst []byte, quads []store.TextQuad) []byte { return appendTriples(dst, quads, "") },
		},
	})
}

// writeTriG writes the quads of a selection, one subject after another. The quads
// of a subject that have the same label are in one block.
func writeTriG(ctx context.Context, w io.Writer, s Selection, o Options) error {
	return writeQuads(ctx, w, s, o, rdfSyntax{
		head:   turtlePrefixes(),
		Syntax: store.Syntax{Term: appendTurtleTerm, Subject: appendBlocks},
	})
}

func turtlePrefixes() string {
	var b strings.Builder
	for _, p := range nquads.Prefixes() {
		fmt.Fprintf(&b, "@prefix %s: <%s> .\n", p.Name, p.Namespace)
	}
	return b.String() + "\n"
}

// appendTurtleTerm appends a term of Turtle and TriG: an IRI as a prefixed name
// where the rest needs no escapes.
func appendTurtleTerm(dst []byte, t nquads.Term) ([]byte, error) {
	switch {
	case t.Kind == nquads.IRI:
		return appendTurtleIRI(dst, t.Text), nil
	case t.Kind == nquads.Literal && len(t.Datatype) > 0:
		return appendTurtleIRI(append(nquads.AppendString(dst, t.Text), "^^"...), t.Datatype), nil
	}
	return nquads.AppendTerm(dst, t), nil
}

func appendTurtleIRI(dst, iri []byte) []byte {
	if isPrefixedName(iri) {
		return append(dst, iri...)
	}
	return nquads.AppendIRI(dst, iri)
}

// isPrefixedName reports whether an IRI is a known prefix, a colon, and ASCII
// letters, digits, hyphens, underscores and inner full stops. This is a part of
// what Turtle and JSON-LD allow, about which all their readers agree.
func isPrefixedName(iri []byte) bool {
	colon := bytes.IndexByte(iri, ':')
	if namespace, _ := nquads.Namespace(iri); namespace == "" || colon < 0 {
		return false
	}
	local := iri[colon+1:]
	if len(local) == 0 || local[0] == '-' || local[0] == '.' || local[len(local)-1] == '.' {
		return false
	}
	for _, c := range local {
		if !localByte[c] {
			return false
		}
	}
	return true
}

var localByte = func() (t [256]bool) {
	for c := range t {
		t[c] = 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.'
	}
	return t
}()

// appendBlocks appends the quads of one subject, in a block for each label.
func appendBlocks(dst []byte, quads []store.TextQuad) []byte {
	for block := range byLabel(quads) {
		if label := block[0][3]; label.Kind != nquads.None {
			dst = append(append(dst, label.Bytes...), ' ')
		}
		dst = append(dst, "{\n"...)
		dst = appendTriples(dst, block, "  ")
		dst = append(dst, "}\n"...)
	}
	return dst
}

// byLabel yields the quads of one subject by their labels. It sorts the slice, so
// that those with equal labels follow each other in their order.
func byLabel(quads []store.TextQuad) func(yield func([]store.TextQuad) bool) {
	compare := func(a, b store.TextQuad) int { return bytes.Compare(a[3].Bytes, b[3].Bytes) }
	if !slices.IsSortedFunc(quads, compare) {
		slices.SortStableFunc(quads, compare)
	}
	return func(yield func([]store.TextQuad) bool) {
		for len(quads) > 0 {
			n := 1
			for n < len(quads) && bytes.Equal(quads[n][3].Bytes, quads[0][3].Bytes) {
				n++
			}
			if !yield(quads[:n]) {
				return
			}
			quads = quads[n:]
		}
	}
}

// appendTriples appends the triples of one subject. Their predicates and objects
// are in order, so equal triples, of several labels, follow each other.
func appendTriples(dst []byte, quads []store.TextQuad, indent string) []byte {
	dst = append(append(dst, indent...), quads[0][0].Bytes...)
	var last store.TextQuad
	for i, q := range quads {
		switch same := i > 0 && bytes.Equal(q[1].Bytes, last[1].Bytes); {
		case same && bytes.Equal(q[2].Bytes, last[2].Bytes):
			continue
		case same:
			dst = append(dst, ", "...)
		default:
			if i > 0 {
				dst = append(append(append(dst, " ;\n"...), indent...), "   "...)
			}
			dst = append(appendPredicate(append(dst, ' '), q[1].Bytes), ' ')
		}
		dst = append(dst, q[2].Bytes...)
		last = q
	}
	return append(dst, " .\n"...)
}

// appendPredicate appends a predicate, rdf:type in its short form.
func appendPredicate(dst, predicate []byte) []byte {
	if string(predicate) == "rdf:type" {
		return append(dst, 'a')
	}
	return append(dst, predicate...)
}
