package nquads

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Kind tells the terms apart.
type Kind uint8

// The kinds of terms. The zero Kind is no term: the label of a triple.
const (
	None Kind = iota
	IRI
	Blank
	Literal
)

// Term is an IRI, a blank node or a literal, its escapes resolved.
type Term struct {
	Kind     Kind
	Text     []byte // without brackets, quotes or "_:"
	Datatype []byte // IRI of a typed literal
	Lang     []byte // tag of a literal in a language
}

// Statement is one line.
type Statement struct {
	Subject, Predicate, Object, Label Term
}

// lineError is what is wrong at one byte of a line.
type lineError struct {
	offset  int
	message string
}

func (e *lineError) Error() string { return ErrSyntax.Error() + ": " + e.message }
func (e *lineError) Unwrap() error { return ErrSyntax }

// line parses one line after the other. Text that has escapes is kept in spare.
type line struct {
	text  []byte
	at    int
	spare []byte
}

func (l *line) fail(offset int, format string, args ...any) error {
	return &lineError{min(offset, len(l.text)), fmt.Sprintf(format, args...)}
}

// parse reads a line into s; ok is false where it has no statement.
func (l *line) parse(text []byte, s *Statement) (ok bool, err error) {
	l.text, l.at, l.spare = text, 0, l.spare[:0]
	if !utf8.Valid(text) {
		return false, l.fail(invalidUTF8(text), "not UTF-8")
	}
	l.space()
	if l.ended() {
		return false, nil
	}
	if s.Subject, err = l.term("a subject", IRI, Blank); err != nil {
		return false, err
	}
	if s.Predicate, err = l.term("a predicate", IRI); err != nil {
		return false, err
	}
	if s.Object, err = l.term("an object", IRI, Blank, Literal); err != nil {
		return false, err
	}
	if s.Label = (Term{}); l.peek() != '.' {
		if s.Label, err = l.term("a graph label", IRI, Blank); err != nil {
			return false, err
		}
	}
	if l.peek() != '.' {
		return false, l.fail(l.at, "want a full stop")
	}
	l.at++
	l.space()
	if !l.ended() {
		return false, l.fail(l.at, "more after the full stop")
	}
	return true, nil
}

func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return 0
}

// ended reports whether only a comment is left.
func (l *line) ended() bool { return l.at == len(l.text) || l.text[l.at] == '#' }

func (l *line) space() {
	for l.at < len(l.text) && (l.text[l.at] == ' ' || l.text[l.at] == '\t') {
		l.at++
	}
}

// peek is the next byte, and zero at the end of the line: a zero byte is no
// part of the grammar outside literals.
func (l *line) peek() byte {
	if l.at < len(l.text) {
		return l.text[l.at]
	}
	return 0
}

// term reads a term of one of the kinds, and the space after it.
func (l *line) term(what string, kinds ...Kind) (t Term, err error) {
	start := l.at
	switch l.peek() {
	case '<':
		t.Kind = IRI
		t.Text, err = l.iri()
	case '_':
		t.Kind = Blank
		t.Text, err = l.blank()
	case '"':
		t, err = l.literal()
	default:
		return t, l.fail(l.at, "want %s", what)
	}
	if err != nil {
		return t, err
	}
	if bytes.IndexByte(kindBytes(kinds), byte(t.Kind)) < 0 {
		return t, l.fail(start, "not %s", what)
	}
	l.space()
	return t, nil
}

func kindBytes(kinds []Kind) []byte {
	var b [4]byte
	for i, k := range kinds {
		b[i] = byte(k)
	}
	return b[:len(kinds)]
}

// iriByte tells the bytes that may stand in an IRI as they are. Those of other
// scripts are checked with the whole line.
var iriByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c > ' ' && bytes.IndexByte([]byte("<>\"{}|^`\\"), byte(c)) < 0
	}
	return t
}()

// iri reads an absolute IRI in its brackets.
func (l *line) iri() ([]byte, error) {
	start := l.at + 1
	i := start
	for i < len(l.text) && iriByte[l.text[i]] {
		i++
	}
	text := l.text[start:i]
	if i < len(l.text) && l.text[i] == '\\' {
		var err error
		if text, i, err = l.escapedIRI(start, i); err != nil {
			return nil, err
		}
	}
	switch {
	case i == len(l.text):
		return nil, l.fail(i, "an IRI without its end")
	case l.text[i] != '>':
		return nil, l.fail(i, "%q cannot stand in an IRI", l.text[i])
	case !absolute(text):
		return nil, l.fail(start-1, "%q is not an absolute IRI", text)
	}
	l.at = i + 1
	return text, nil
}

// escapedIRI goes on from the first escape.
func (l *line) escapedIRI(start, i int) ([]byte, int, error) {
	mark := len(l.spare)
	l.spare = append(l.spare, l.text[start:i]...)
	for i < len(l.text) {
		c := l.text[i]
		switch {
		case c == '\\':
			r, n, err := l.unicodeEscape(i)
			if err != nil {
				return nil, i, err
			}
			if r < utf8.RuneSelf && !iriByte[r] {
				return nil, i, l.fail(i, "%q cannot stand in an IRI", r)
			}
			l.spare = utf8.AppendRune(l.spare, r)
			i += n
		case iriByte[c]:
			l.spare = append(l.spare, c)
			i++
		default:
			return l.spare[mark:], i, nil
		}
	}
	return l.spare[mark:], i, nil
}

// absolute reports whether an IRI begins with a scheme (RFC 3987).
func absolute(iri []byte) bool {
	colon := bytes.IndexByte(iri, ':')
	if colon < 1 || !letter(iri[0]) {
		return false
	}
	for _, c := range iri[1:colon] {
		if !letter(c) && !digit(c) && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func digit(c byte) bool  { return '0' <= c && c <= '9' }

// blank reads "_:" and a label.
func (l *line) blank() ([]byte, error) {
	start := l.at + 2
	if start > len(l.text) || l.text[l.at+1] != ':' {
		return nil, l.fail(l.at, "want a blank node, _:label")
	}
	i, end := start, start
	for i < len(l.text) {
		r, n := utf8.DecodeRune(l.text[i:])
		if i == start && !labelStart(r) || i > start && !labelRune(r) {
			break
		}
		i += n
		if r != '.' {
			end = i // a label does not end in a full stop
		}
	}
	if end == start {
		return nil, l.fail(start, "a blank node without a label")
	}
	l.at = end
	return l.text[start:end], nil
}

// literal reads a string in quotes, and its datatype or language.
func (l *line) literal() (Term, error) {
	t := Term{Kind: Literal}
	var err error
	if t.Text, err = l.quoted(); err != nil {
		return t, err
	}
	switch l.peek() {
	case '@':
		t.Lang, err = l.language()
	case '^':
		if l.at+2 >= len(l.text) || l.text[l.at+1] != '^' || l.text[l.at+2] != '<' {
			return t, l.fail(l.at, "want a datatype, ^^<IRI>")
		}
		l.at += 2
		t.Datatype, err = l.iri()
	}
	return t, err
}

func (l *line) quoted() ([]byte, error) {
	start := l.at + 1
	end := bytes.IndexByte(l.text[start:], '"')
	if end < 0 {
		return nil, l.fail(l.at, "a string without its closing quote")
	}
	if bytes.IndexByte(l.text[start:start+end], '\\') >= 0 {
		return l.escaped(start)
	}
	l.at = start + end + 1
	return l.text[start : start+end], nil
}

// escaped reads a string that has escapes.
func (l *line) escaped(i int) ([]byte, error) {
	mark := len(l.spare)
	for i < len(l.text) {
		n := bytes.IndexAny(l.text[i:], `"\`)
		if n < 0 {
			break
		}
		l.spare = append(l.spare, l.text[i:i+n]...)
		i += n
		if l.text[i] == '"' {
			l.at = i + 1
			return l.spare[mark:], nil
		}
		r, n, err := l.escape(i)
		if err != nil {
			return nil, err
		}
		l.spare = utf8.AppendRune(l.spare, r)
		i += n
	}
	return nil, l.fail(l.at, "a string without its closing quote")
}

// escape reads the escape at a backslash and tells how long it is.
func (l *line) escape(i int) (rune, int, error) {
	if i+1 < len(l.text) {
		if k := bytes.IndexByte([]byte(`tbnrf"'\`), l.text[i+1]); k >= 0 {
			return rune("\t\b\n\r\f\"'\\"[k]), 2, nil
		}
	}
	return l.unicodeEscape(i)
}

// unicodeEscape reads \uXXXX or \UXXXXXXXX.
func (l *line) unicodeEscape(i int) (rune, int, error) {
	n := 0
	if i+1 < len(l.text) {
		n = map[byte]int{'u': 4, 'U': 8}[l.text[i+1]]
	}
	if n == 0 || i+2+n > len(l.text) {
		return 0, 0, l.fail(i, "bad escape")
	}
	r := rune(0)
	for _, c := range l.text[i+2 : i+2+n] {
		switch {
		case digit(c):
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, 0, l.fail(i, "bad escape")
		}
	}
	if !utf8.ValidRune(r) {
		return 0, 0, l.fail(i, "the escape is no character")
	}
	return r, 2 + n, nil
}

// language reads "@" and a tag.
func (l *line) language() ([]byte, error) {
	start := l.at + 1
	i := start
	for i < len(l.text) && letter(l.text[i]) {
		i++
	}
	if i == start {
		return nil, l.fail(start, "want a language tag")
	}
	for i < len(l.text) && l.text[i] == '-' {
		part := i + 1
		for i = part; i < len(l.text) && (letter(l.text[i]) || digit(l.text[i])); i++ {
		}
		if i == part {
			return nil, l.fail(i, "want a part of the language tag")
		}
	}
	l.at = i
	return l.text[start:i], nil
}

// tagged reports whether the line is "@" and a tag.
func (l *line) tagged() bool {
	_, err := l.language()
	return err == nil && l.at == len(l.text)
}

// labelStart and labelRune are PN_CHARS_U or a digit, and PN_CHARS, of the
// grammar; like the W3C's test suite, without the colon of its first edition.
func labelStart(r rune) bool {
	return r == '_' || r < utf8.RuneSelf && (letter(byte(r)) || digit(byte(r))) || r >= utf8.RuneSelf && base(r)
}

func labelRune(r rune) bool {
	return labelStart(r) || r == '-' || r == '.' || r == 0xb7 || 0x300 <= r && r <= 0x36f || r == 0x203f || r == 0x2040
}

// base is PN_CHARS_BASE beyond ASCII.
func base(r rune) bool {
	for _, span := range [...][2]rune{{0xc0, 0xd6}, {0xd8, 0xf6}, {0xf8, 0x2ff}, {0x370, 0x37d}, {0x37f, 0x1fff}, {0x200c, 0x200d},
		{0x2070, 0x218f}, {0x2c00, 0x2fef}, {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff}} {
		if span[0] <= r && r <= span[1] {
			return true
		}
	}
	return false
}
