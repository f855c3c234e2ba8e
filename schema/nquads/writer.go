package nquads

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

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
	w *bufio.Writer
}

// NewWriter returns a writer of N-Quads to w.
func NewWriter(w io.Writer) *Writer { return &Writer{bufio.NewWriter(w)} }

// Write writes one quad. A quad without a label is a triple of the default graph.
func (w *Writer) Write(q quad.Quad) error {
	line := make([]byte, 0, 256)
	for i, value := range []quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
		if value == nil && i == 3 {
			continue
		}
		var err error
		if line, err = appendTerm(line, value); err != nil {
			return err
		}
		line = append(line, ' ')
	}
	_, err := w.w.Write(append(line, '.', '\n'))
	return err
}

// Close flushes the buffer. It does not close the underlying writer.
func (w *Writer) Close() error { return w.w.Flush() }

func appendTerm(b []byte, value quad.Value) ([]byte, error) {
	switch v := value.(type) {
	case quad.IRI:
		return appendIRI(b, v), nil
	case quad.BNode:
		return append(append(b, "_:"...), v...), nil
	case quad.String:
		return appendLiteral(b, string(v)), nil
	case quad.LangString:
		if l := (lineParser{text: []byte("@" + v.Lang)}); !l.isLanguageTag() {
			return b, fmt.Errorf("%q is no language tag", v.Lang)
		}
		return append(append(appendLiteral(b, string(v.Value)), '@'), v.Lang...), nil
	case quad.TypedString:
		return appendTyped(b, string(v.Value), v.Type), nil
	case quad.Int:
		return appendTyped(b, strconv.FormatInt(int64(v), 10), "xsd:integer"), nil
	case quad.Float:
		return appendTyped(b, strconv.FormatFloat(float64(v), 'g', -1, 64), "xsd:double"), nil
	case quad.Bool:
		return appendTyped(b, strconv.FormatBool(bool(v)), "xsd:boolean"), nil
	case quad.Time:
		return appendTyped(b, time.Time(v).UTC().Format(time.RFC3339Nano), "xsd:dateTime"), nil
	}
	return b, fmt.Errorf("a %T cannot be written as N-Quads", value)
}

func appendTyped(b []byte, text string, datatype quad.IRI) []byte {
	return appendIRI(append(appendLiteral(b, text), "^^"...), datatype)
}

func appendIRI(b []byte, iri quad.IRI) []byte {
	b = append(b, '<')
	for _, r := range Expand(iri) {
		if r <= ' ' || strings.ContainsRune("<>\"{}|^`\\", r) {
			b = fmt.Appendf(b, "\\u%04X", r)
			continue
		}
		b = utf8.AppendRune(b, r)
	}
	return append(b, '>')
}

func appendLiteral(b []byte, text string) []byte {
	b = append(b, '"')
	for _, r := range text {
		switch r {
		case '"', '\\':
			b = append(b, '\\', byte(r))
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		default:
			if r < ' ' || r == 0x7f {
				b = fmt.Appendf(b, "\\u%04X", r)
				continue
			}
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
