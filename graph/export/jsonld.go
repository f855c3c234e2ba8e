package export

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema/nquads"
)

// writeJSONLD writes the quads of a selection as JSON-LD 1.1: one object for each
// subject and label, on a line of its own. The context is in the file.
func writeJSONLD(ctx context.Context, w io.Writer, s Selection, o Options) error {
	return writeQuads(ctx, w, s, o, rdfSyntax{
		head:   "{\"@context\":{\n" + jsonPrefixes() + "},\n\"@graph\":[",
		tail:   "\n]}\n",
		comma:  true,
		Syntax: store.Syntax{Term: appendJSONTerm, Subject: appendNodes},
	})
}

func jsonPrefixes() string {
	var lines []string
	for _, p := range nquads.Prefixes() {
		lines = append(lines, fmt.Sprintf("%q:%q", p.Name, p.Namespace))
	}
	return strings.Join(lines, ",\n")
}

// appendJSONTerm appends a term: an IRI or a blank node as a string, a literal as
// the value of a property.
func appendJSONTerm(dst []byte, t nquads.Term) ([]byte, error) {
	switch {
	case t.Kind == nquads.IRI:
		return appendJSONIRI(dst, t.Text), nil
	case t.Kind == nquads.Blank:
		return append(append(append(dst, `"_:`...), t.Text...), '"'), nil
	case len(t.Lang) > 0:
		dst = appendJSONString(append(dst, `{"@value":`...), t.Text)
		return append(append(append(dst, `,"@language":"`...), t.Lang...), `"}`...), nil
	case len(t.Datatype) > 0:
		dst = appendJSONString(append(dst, `{"@value":`...), t.Text)
		return append(appendJSONIRI(append(dst, `,"@type":`...), t.Datatype), '}'), nil
	}
	return appendJSONString(dst, t.Text), nil
}

// appendJSONIRI appends an IRI. An absolute IRI never begins with a prefix of the
// context and a colon.
func appendJSONIRI(dst, iri []byte) []byte {
	if isPrefixedName(iri) {
		return append(append(append(dst, '"'), iri...), '"')
	}
	namespace, rest := nquads.Namespace(iri)
	dst = append(append(dst, '"'), namespace...)
	return append(append(dst, rest...), '"') // a valid IRI needs no escapes
}

// appendJSONString appends a string of JSON. It escapes "<" too, so that no text
// ends the element of a page that embeds the file.
func appendJSONString(dst, text []byte) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	from := 0
	for i, c := range text {
		if c >= ' ' && c != '"' && c != '\\' && c != '<' && c != 0x7f {
			continue
		}
		dst = append(dst, text[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		default:
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
	}
	return append(append(dst, text[from:]...), '"')
}

// appendNodes appends the quads of one subject: an object for each label, with a
// comma before it. A label makes it a named graph.
func appendNodes(dst []byte, quads []store.TextQuad) []byte {
	for block := range byLabel(quads) {
		dst = append(dst, ",\n"...)
		label := block[0][3]
		if label.Kind == nquads.None {
			dst = appendNode(dst, block)
			continue
		}
		dst = append(append(append(dst, `{"@id":`...), label.Bytes...), `,"@graph":[`...)
		dst = append(appendNode(dst, block), "]}"...)
	}
	return dst
}

// appendNode appends the object of a subject, with a key for each predicate.
func appendNode(dst []byte, quads []store.TextQuad) []byte {
	dst = append(append(dst, `{"@id":`...), quads[0][0].Bytes...)
	for len(quads) > 0 {
		n, isType := 1, isJSONType(quads[0])
		for n < len(quads) && bytes.Equal(quads[n][1].Bytes, quads[0][1].Bytes) && isJSONType(quads[n]) == isType {
			n++
		}
		key := quads[0][1].Bytes
		if isType {
			key = []byte(`"@type"`)
		}
		dst = append(append(append(dst, ','), key...), ':')
		dst = appendObjects(dst, quads[:n], isType)
		quads = quads[n:]
	}
	return append(dst, '}')
}

// isJSONType reports whether a quad is written with the keyword @type, which allows no
// literals.
func isJSONType(q store.TextQuad) bool {
	return q[2].Kind != nquads.Literal && string(q[1].Bytes) == `"rdf:type"`
}

// appendObjects appends the objects of quads with one predicate, as an array if they
// are several.
func appendObjects(dst []byte, quads []store.TextQuad, isType bool) []byte {
	if len(quads) > 1 {
		dst = append(dst, '[')
	}
	for i, q := range quads {
		if i > 0 {
			dst = append(dst, ',')
		}
		if isType || q[2].Kind == nquads.Literal {
			dst = append(dst, q[2].Bytes...)
		} else {
			dst = append(append(append(dst, `{"@id":`...), q[2].Bytes...), '}')
		}
	}
	if len(quads) > 1 {
		dst = append(dst, ']')
	}
	return dst
}
