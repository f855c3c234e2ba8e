package nquads

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Kind is the kind of a term.
type Kind uint8

// The kinds of terms. The zero Kind is the absent label of a triple.
const (
	None Kind = iota
	IRI
	Blank
	Literal
)

// Term is an IRI, a blank node or a literal without escapes.
type Term struct {
	Kind     Kind
	Text     []byte // without brackets, quotes or "_:"
	Datatype []byte // the IRI of a typed literal
	Lang     []byte // the language tag of a literal
}

// Statement is the content of one line.
type Statement struct {
	Subject, Predicate, Object, Label Term
}

// lineError is an error at one byte of a line.
type lineError struct {
	offset  int
	message string
}

func (e *lineError) Error() string { return ErrSyntax.Error() + ": " + e.message }
func (e *lineError) Unwrap() error { return ErrSyntax }

// lineParser parses one line at a time. Texts with escapes are stored in
// unescaped.
type lineParser struct {
	text      []byte
	pos       int
	unescaped []byte
}

func (l *lineParser) fail(offset int, format string, args ...any) error {
	return &lineError{min(offset, len(l.text)), fmt.Sprintf(format, args...)}
}

// parse reads a line into s. For an empty line or a comment ok is false.
func (l *lineParser) parse(text []byte, s *Statement) (ok bool, err error) {
	l.text, l.pos, l.unescaped = text, 0, l.unescaped[:0]
	if !utf8.Valid(text) {
		return false, l.fail(invalidUTF8(text), "not UTF-8")
	}
	l.skipSpace()
	if l.atEnd() {
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
		return false, l.fail(l.pos, "want a full stop")
	}
	l.pos++
	l.skipSpace()
	if !l.atEnd() {
		return false, l.fail(l.pos, "more after the full stop")
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

// atEnd reports whether nothing but a comment follows.
func (l *lineParser) atEnd() bool { return l.pos == len(l.text) || l.text[l.pos] == '#' }

func (l *lineParser) skipSpace() {
	for l.pos < len(l.text) && (l.text[l.pos] == ' ' || l.text[l.pos] == '\t') {
		l.pos++
	}
}

// peek returns the next byte, or zero at the end of the line. The grammar allows
// no zero byte outside literals.
func (l *lineParser) peek() byte {
	if l.pos < len(l.text) {
		return l.text[l.pos]
	}
	return 0
}

// term reads a term of one of the kinds, and the spaces after it.
func (l *lineParser) term(what string, kinds ...Kind) (t Term, err error) {
	start := l.pos
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
		return t, l.fail(l.pos, "want %s", what)
	}
	if err != nil {
		return t, err
	}
	if bytes.IndexByte(kindBytes(kinds), byte(t.Kind)) < 0 {
		return t, l.fail(start, "not %s", what)
	}
	l.skipSpace()
	return t, nil
}

func kindBytes(kinds []Kind) []byte {
	var b [4]byte
	for i, k := range kinds {
		b[i] = byte(k)
	}
	return b[:len(kinds)]
}

// iriByte contains the bytes that an IRI may contain unescaped. Bytes above ASCII
// are checked with the whole line.
var iriByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c > ' ' && bytes.IndexByte([]byte("<>\"{}|^`\\"), byte(c)) < 0
	}
	return t
}()

// iri reads an absolute IRI in angle brackets.
func (l *lineParser) iri() ([]byte, error) {
	start := l.pos + 1
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
	case !isAbsolute(text):
		return nil, l.fail(start-1, "%q is not an absolute IRI", text)
	}
	l.pos = i + 1
	return text, nil
}

// escapedIRI reads the rest of an IRI from its first escape.
func (l *lineParser) escapedIRI(start, i int) ([]byte, int, error) {
	mark := len(l.unescaped)
	l.unescaped = append(l.unescaped, l.text[start:i]...)
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
			l.unescaped = utf8.AppendRune(l.unescaped, r)
			i += n
		case iriByte[c]:
			l.unescaped = append(l.unescaped, c)
			i++
		default:
			return l.unescaped[mark:], i, nil
		}
	}
	return l.unescaped[mark:], i, nil
}

// isAbsolute reports whether an IRI begins with a scheme (RFC 3987).
func isAbsolute(iri []byte) bool {
	colon := bytes.IndexByte(iri, ':')
	if colon < 1 || !isLetter(iri[0]) {
		return false
	}
	for _, c := range iri[1:colon] {
		if !isLetter(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// blank reads "_:" and a label.
func (l *lineParser) blank() ([]byte, error) {
	start := l.pos + 2
	if start > len(l.text) || l.text[l.pos+1] != ':' {
		return nil, l.fail(l.pos, "want a blank node, _:label")
	}
	i, end := start, start
	for i < len(l.text) {
		r, n := utf8.DecodeRune(l.text[i:])
		if i == start && !IsLabelStart(r) || i > start && !IsLabelRune(r) {
			break
		}
		i += n
		if r != '.' {
			end = i // a label cannot end with a full stop
		}
	}
	if end == start {
		return nil, l.fail(start, "a blank node without a label")
	}
	l.pos = end
	return l.text[start:end], nil
}

// literal reads a string in quotes and its datatype or language tag.
func (l *lineParser) literal() (Term, error) {
	t := Term{Kind: Literal}
	var err error
	if t.Text, err = l.quotedString(); err != nil {
		return t, err
	}
	switch l.peek() {
	case '@':
		t.Lang, err = l.language()
	case '^':
		if l.pos+2 >= len(l.text) || l.text[l.pos+1] != '^' || l.text[l.pos+2] != '<' {
			return t, l.fail(l.pos, "want a datatype, ^^<IRI>")
		}
		l.pos += 2
		t.Datatype, err = l.iri()
	}
	return t, err
}

func (l *lineParser) quotedString() ([]byte, error) {
	start := l.pos + 1
	end := bytes.IndexByte(l.text[start:], '"')
	if end < 0 {
		return nil, l.fail(l.pos, "a string without its closing quote")
	}
	if bytes.IndexByte(l.text[start:start+end], '\\') >= 0 {
		return l.escapedString(start)
	}
	l.pos = start + end + 1
	return l.text[start : start+end], nil
}

// escapedString reads a string with escapes.
func (l *lineParser) escapedString(i int) ([]byte, error) {
	mark := len(l.unescaped)
	for i < len(l.text) {
		n := bytes.IndexAny(l.text[i:], `"\`)
		if n < 0 {
			break
		}
		l.unescaped = append(l.unescaped, l.text[i:i+n]...)
		i += n
		if l.text[i] == '"' {
			l.pos = i + 1
			return l.unescaped[mark:], nil
		}
		r, n, err := l.escape(i)
		if err != nil {
			return nil, err
		}
		l.unescaped = utf8.AppendRune(l.unescaped, r)
		i += n
	}
	return nil, l.fail(l.pos, "a string without its closing quote")
}

// escape reads the escape at a backslash. It returns the character and the length
// of the escape.
func (l *lineParser) escape(i int) (rune, int, error) {
	if i+1 < len(l.text) {
		if k := bytes.IndexByte([]byte(`tbnrf"'\`), l.text[i+1]); k >= 0 {
			return rune("\t\b\n\r\f\"'\\"[k]), 2, nil
		}
	}
	return l.unicodeEscape(i)
}

// unicodeEscape reads \uXXXX or \UXXXXXXXX.
func (l *lineParser) unicodeEscape(i int) (rune, int, error) {
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
		case isDigit(c):
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

// language reads "@" and a language tag.
func (l *lineParser) language() ([]byte, error) {
	start := l.pos + 1
	i := start
	for i < len(l.text) && isLetter(l.text[i]) {
		i++
	}
	if i == start {
		return nil, l.fail(start, "want a language tag")
	}
	for i < len(l.text) && l.text[i] == '-' {
		part := i + 1
		for i = part; i < len(l.text) && (isLetter(l.text[i]) || isDigit(l.text[i])); i++ {
		}
		if i == part {
			return nil, l.fail(i, "want a part of the language tag")
		}
	}
	l.pos = i
	return l.text[start:i], nil
}

// isLanguageTag reports whether the whole line is "@" and a language tag.
func (l *lineParser) isLanguageTag() bool {
	_, err := l.language()
	return err == nil && l.pos == len(l.text)
}

// IsLabelStart reports whether a character can begin the label of a blank node:
// PN_CHARS_U or a digit. Like the W3C's test suite it excludes the colon, which
// the first edition of the grammar allowed.
func IsLabelStart(r rune) bool {
	return r == '_' || r < utf8.RuneSelf && (isLetter(byte(r)) || isDigit(byte(r))) || r >= utf8.RuneSelf && isBaseRune(r)
}

// IsLabelRune reports whether a label may contain a character: PN_CHARS or a full
// stop.
func IsLabelRune(r rune) bool {
	return IsLabelStart(r) || r == '-' || r == '.' || r == 0xb7 || 0x300 <= r && r <= 0x36f || r == 0x203f || r == 0x2040
}

// isBaseRune reports whether a character above ASCII is in PN_CHARS_BASE.
func isBaseRune(r rune) bool {
	for _, span := range [...][2]rune{{0xc0, 0xd6}, {0xd8, 0xf6}, {0xf8, 0x2ff}, {0x370, 0x37d}, {0x37f, 0x1fff}, {0x200c, 0x200d},
		{0x2070, 0x218f}, {0x2c00, 0x2fef}, {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff}} {
		if span[0] <= r && r <= span[1] {
			return true
		}
	}
	return false
}
