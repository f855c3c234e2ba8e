package nquads

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
)

// ErrTerm is wrapped by the errors of terms that RDF 1.1 does not allow.
var ErrTerm = errors.New("not a term of RDF")

// TermOf returns the term of a value. Its IRIs are as short as the value's. Numbers,
// booleans and times are literals in the canonical form of XML Schema.
func TermOf(value quad.Value) (Term, error) {
	switch v := value.(type) {
	case quad.IRI:
		return Term{Kind: IRI, Text: []byte(v)}, nil
	case quad.BNode:
		return Term{Kind: Blank, Text: []byte(v)}, nil
	case quad.String:
		return Term{Kind: Literal, Text: []byte(v)}, nil
	case quad.LangString:
		return Term{Kind: Literal, Text: []byte(v.Value), Lang: []byte(v.Lang)}, nil
	case quad.TypedString:
		return Term{Kind: Literal, Text: []byte(v.Value), Datatype: []byte(v.Type)}, nil
	case quad.Int:
		return typed(strconv.FormatInt(int64(v), 10), "xsd:integer"), nil
	case quad.Float:
		return typed(formatDouble(float64(v)), "xsd:double"), nil
	case quad.Bool:
		return typed(strconv.FormatBool(bool(v)), "xsd:boolean"), nil
	case quad.Time:
		return typed(time.Time(v).UTC().Format(time.RFC3339Nano), "xsd:dateTime"), nil
	}
	return Term{}, fmt.Errorf("a %T cannot be written as RDF", value)
}

func typed(text, datatype string) Term {
	return Term{Kind: Literal, Text: []byte(text), Datatype: []byte(datatype)}
}

// formatDouble returns the canonical form of an xsd:double: one digit before the
// point, at least one after it, and an exponent without zeros, as in 8.0E-1.
func formatDouble(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "INF"
	case math.IsInf(f, -1):
		return "-INF"
	case math.IsNaN(f):
		return "NaN"
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'E', -1, 64), "E")
	if !strings.Contains(digits, ".") {
		digits += ".0"
	}
	n, _ := strconv.Atoi(exponent) // as in -01
	return digits + "E" + strconv.Itoa(n)
}

// Check returns an error that wraps [ErrTerm] unless RDF 1.1 allows the term: an IRI
// is absolute, once expanded, and has no forbidden character; the label of a blank
// node and a language tag have their grammar; a text is UTF-8.
func (t Term) Check() error {
	switch {
	case t.Kind == IRI:
		return checkIRI(t.Text)
	case t.Kind == Blank:
		l := lineParser{text: append([]byte("_:"), t.Text...)}
		if _, err := l.blank(); err != nil || l.pos < len(l.text) || !utf8.Valid(t.Text) {
			return fmt.Errorf("%w: %q cannot be the label of a blank node", ErrTerm, t.Text)
		}
	case !utf8.Valid(t.Text):
		return fmt.Errorf("%w: the text %.100q is not UTF-8", ErrTerm, t.Text)
	case t.Lang != nil && !IsLanguageTag(t.Lang):
		return fmt.Errorf("%w: %q is no language tag", ErrTerm, t.Lang)
	case t.Datatype != nil:
		return checkIRI(t.Datatype)
	}
	return nil
}

// IsLanguageTag reports whether a text has the grammar of a language tag.
func IsLanguageTag[T string | []byte](tag T) bool {
	l := lineParser{text: append([]byte("@"), tag...)}
	return l.isLanguageTag()
}

// checkIRI checks an IRI, which may be short.
func checkIRI(iri []byte) error {
	for _, c := range iri {
		if !iriByte[c] {
			return fmt.Errorf("%w: %q cannot stand in the IRI %.100q", ErrTerm, c, iri)
		}
	}
	// An IRI without a colon is short, too: Expand makes it absolute.
	if len(iri) == 0 || bytes.IndexByte(iri, ':') >= 0 && !isAbsolute(iri) || !utf8.Valid(iri) {
		return fmt.Errorf("%w: %.100q is not an absolute IRI", ErrTerm, iri)
	}
	return nil
}

// AppendTerm appends a term as N-Quads. Its IRIs are expanded, as by [Expand].
func AppendTerm(dst []byte, t Term) []byte {
	switch {
	case t.Kind == IRI:
		return AppendIRI(dst, t.Text)
	case t.Kind == Blank:
		return append(append(dst, "_:"...), t.Text...)
	}
	dst = AppendString(dst, t.Text)
	switch {
	case len(t.Lang) > 0:
		return append(append(dst, '@'), t.Lang...)
	case len(t.Datatype) > 0:
		return AppendIRI(append(dst, "^^"...), t.Datatype)
	}
	return dst
}

// AppendIRI appends the absolute form of an IRI in angle brackets.
func AppendIRI(dst, iri []byte) []byte {
	namespace, rest := Namespace(iri)
	dst = append(append(dst, '<'), namespace...)
	from := 0
	for i, c := range rest {
		if c < utf8.RuneSelf && !iriByte[c] {
			dst = appendHex(append(dst, rest[from:i]...), c)
			from = i + 1
		}
	}
	return append(append(dst, rest[from:]...), '>')
}

// Namespace returns the two parts of the absolute form of an IRI that may be short:
// the namespace of a standard prefix or of this project, and the rest. For any other
// IRI the namespace is empty.
func Namespace(iri []byte) (namespace string, rest []byte) {
	colon := bytes.IndexByte(iri, ':')
	if colon < 0 || isOurPrefixText(iri[:colon]) {
		return urn, iri
	}
	if colon <= len("rdfs") {
		if namespace, ok := namespaces[string(iri[:colon])]; ok {
			return namespace, iri[colon+1:]
		}
	}
	return "", iri
}

// AppendString appends a text in quotes, with escapes that N-Quads, TriG and Turtle
// have in common.
func AppendString(dst, text []byte) []byte {
	dst = append(dst, '"')
	from := 0
	for i, c := range text {
		if !plainByte[c] {
			dst = appendEscape(append(dst, text[from:i]...), c)
			from = i + 1
		}
	}
	return append(append(dst, text[from:]...), '"')
}

// plainByte contains the bytes that a string may contain unescaped.
var plainByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= ' ' && c != 0x7f && c != '"' && c != '\\'
	}
	return t
}()

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return appendHex(dst, c)
}

func appendHex(dst []byte, c byte) []byte {
	const digits = "0123456789ABCDEF"
	return append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
}
