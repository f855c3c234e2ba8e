package turtle

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema/nquads"
)

// peek returns the next byte, or 0 at the end.
func (p *parser) peek() byte {
	if p.pos == len(p.text) {
		return 0
	}
	return p.text[p.pos]
}

// space skips white space and comments.
func (p *parser) space() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\t', '\r', '\n':
			p.pos++
		case '#':
			n := strings.IndexAny(p.text[p.pos:], "\r\n")
			if n < 0 {
				n = len(p.text) - p.pos
			}
			p.pos += n
		default:
			return
		}
	}
}

// want reads a byte after white space.
func (p *parser) want(c byte) {
	if p.space(); p.peek() != c {
		p.fail("want %c%s", c, p.found())
	}
	p.pos++
}

// found says what stands at the next byte.
func (p *parser) found() string {
	if p.pos == len(p.text) {
		return ", but the text ends"
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	return fmt.Sprintf(", not %q", r)
}

// word reads a word that no character of a name follows.
func (p *parser) word(w string) bool {
	if !strings.HasPrefix(p.text[p.pos:], w) || p.isNameAt(p.pos+len(w)) {
		return false
	}
	p.pos += len(w)
	return true
}

// keyword reads a word in any case.
func (p *parser) keyword(w string) bool {
	end := p.pos + len(w)
	if end > len(p.text) || !strings.EqualFold(p.text[p.pos:end], w) || p.isNameAt(end) {
		return false
	}
	p.pos = end
	return true
}

// isNameAt reports whether a character of a name with a prefix, or its colon, is at a byte.
func (p *parser) isNameAt(i int) bool {
	if i >= len(p.text) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(p.text[i:])
	return r == ':' || nquads.IsLabelRune(r) && r != '.'
}

// prefix reads the declaration of a prefix.
func (p *parser) prefix() {
	p.space()
	name := p.prefixName()
	if p.peek() != ':' {
		p.fail("want a prefix and its colon%s", p.found())
	}
	p.pos++
	p.space()
	p.prefixes[name] = p.bracketed()
}

func (p *parser) setBase() {
	p.space()
	p.base = p.bracketed()
}

// prefixName reads the part of a name before its colon, which may be empty.
func (p *parser) prefixName() string {
	start, end := p.pos, p.pos
	for i := start; i < len(p.text); {
		r, n := utf8.DecodeRuneInString(p.text[i:])
		if !nquads.IsLabelRune(r) || i == start && !isBase(r) {
			break
		}
		if i += n; r != '.' {
			end = i
		}
	}
	p.pos = end
	return p.text[start:end]
}

// isBase reports whether a prefix may begin with a character.
func isBase(r rune) bool {
	return nquads.IsLabelStart(r) && r != '_' && !('0' <= r && r <= '9')
}

// iri reads an IRI in brackets, or a name with a prefix.
func (p *parser) iri() Term {
	if p.peek() == '<' {
		return Term{Kind: nquads.IRI, Text: p.bracketed()}
	}
	start := p.pos
	name := p.prefixName()
	if p.peek() != ':' {
		p.pos = start
		p.fail("want a term%s", p.found())
	}
	namespace, known := p.prefixes[name]
	if !known {
		p.pos = start
		p.fail("the prefix %s: is not declared", name)
	}
	p.pos++
	return Term{Kind: nquads.IRI, Text: p.checked(namespace+p.localName(), start)}
}

// localName reads the part of a name after its colon.
func (p *parser) localName() string {
	var out strings.Builder
	kept, end := 0, p.pos
	for i, first := p.pos, true; i < len(p.text); first = false {
		r, n := utf8.DecodeRuneInString(p.text[i:])
		switch {
		case r == '%' && i+2 < len(p.text) && isHex(p.text[i+1]) && isHex(p.text[i+2]):
			out.WriteString(p.text[i : i+3])
			i += 3
		case r == '%':
			p.pos = i
			p.fail("want two hexadecimal digits after %%")
		case r == '\\' && i+1 < len(p.text) && strings.IndexByte("_~.-!$&'()*+,;=/?#@%", p.text[i+1]) >= 0:
			out.WriteByte(p.text[i+1])
			i += 2
		case r == '\\':
			p.pos = i
			p.fail("bad escape")
		case r == ':' || nquads.IsLabelRune(r) && !(first && (r == '.' || r == '-' || !nquads.IsLabelStart(r))):
			out.WriteString(p.text[i : i+n])
			i += n
			if r == '.' {
				continue
			}
		default:
			p.pos = end
			return out.String()[:kept]
		}
		kept, end = out.Len(), i
	}
	p.pos = end
	return out.String()[:kept]
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

// bracketed reads an IRI in angle brackets, which may be relative to the base.
func (p *parser) bracketed() string {
	start := p.pos
	if p.peek() != '<' {
		p.fail("want an IRI in angle brackets%s", p.found())
	}
	n := strings.IndexAny(p.text[start:], ">\n\r")
	if n < 0 || p.text[start+n] != '>' {
		p.fail("an IRI without its closing bracket")
	}
	raw := p.text[start+1 : start+n]
	if strings.IndexByte(raw, '\\') >= 0 {
		p.pos++
		raw = p.unescaped(raw, false)
	}
	iri := p.checked(p.resolve(raw, start), start)
	p.pos = start + n + 1
	return iri
}

// resolve returns the absolute form of an IRI.
func (p *parser) resolve(iri string, at int) string {
	if isAbsolute(iri) {
		return iri
	}
	if p.base == "" {
		p.pos = at
		p.fail("the IRI <%s> is relative, and the text has no base; write @base <https://...> . before it", iri)
	}
	return resolve(p.base, iri)
}

// checked returns an IRI if every character may stand in it.
func (p *parser) checked(iri string, at int) string {
	i := strings.IndexFunc(iri, func(r rune) bool { return r <= ' ' || strings.ContainsRune("<>\"{}|^`\\", r) })
	if i >= 0 {
		p.pos = at
		p.fail("%q cannot stand in an IRI", iri[i])
	}
	return iri
}

// anonymous begins the labels of blank nodes that have none in the text. A label of the
// text that begins so too gets it once more.
const anonymous = "anon-"

func (p *parser) newBlank() Term {
	p.blanks++
	return Term{Kind: nquads.Blank, Text: anonymous + strconv.Itoa(p.blanks)}
}

// blank reads a blank node with its label.
func (p *parser) blank() Term {
	if !strings.HasPrefix(p.text[p.pos:], "_:") {
		p.fail("want a blank node, _:label")
	}
	start := p.pos + 2
	end := start
	for i := start; i < len(p.text); {
		r, n := utf8.DecodeRuneInString(p.text[i:])
		if i == start && !nquads.IsLabelStart(r) || !nquads.IsLabelRune(r) {
			break
		}
		if i += n; r != '.' {
			end = i
		}
	}
	if end == start {
		p.fail("a blank node without a label")
	}
	p.pos = end
	label := p.text[start:end]
	if strings.HasPrefix(label, anonymous) {
		label = anonymous + label
	}
	return Term{Kind: nquads.Blank, Text: label}
}

// literal reads a text with its language or its datatype.
func (p *parser) literal() Term {
	t := Term{Kind: nquads.Literal, Text: p.quoted()}
	switch {
	case p.peek() == '@':
		start := p.pos + 1
		end := start
		for end < len(p.text) && (isLetter(p.text[end]) || end > start && (p.text[end] == '-' || isDigit(p.text[end]))) {
			end++
		}
		if !nquads.IsLanguageTag(p.text[start:end]) {
			p.fail("want a language tag")
		}
		t.Lang, p.pos = p.text[start:end], end
	case strings.HasPrefix(p.text[p.pos:], "^^"):
		p.pos += 2
		t.Datatype = p.iri().Text
	}
	return t
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// quoted reads a text in quotes, of one line or, with three quotes, of several.
func (p *parser) quoted() string {
	start, quote := p.pos, p.text[p.pos:p.pos+1]
	if long := strings.Repeat(quote, 3); strings.HasPrefix(p.text[p.pos:], long) {
		quote = long
	}
	from := start + len(quote)
	for i := from; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '\\':
			i++
		case len(quote) == 1 && (c == '\n' || c == '\r'):
			p.fail("a text without its closing quote")
		case strings.HasPrefix(p.text[i:], quote):
			p.pos = from
			text := p.unescaped(p.text[from:i], true)
			p.pos = i + len(quote)
			return text
		}
	}
	p.fail("a text without its closing quote")
	return ""
}

// unescaped returns a text without its escapes; the text stands at the next byte. An IRI
// has no escapes but those by number.
func (p *parser) unescaped(raw string, isText bool) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	at := p.pos
	var out strings.Builder
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			out.WriteByte(raw[i])
			i++
			continue
		}
		p.pos = at + i
		r, n := p.escape(raw[i:], isText)
		out.WriteRune(r)
		i += n
	}
	return out.String()
}

// escape reads the escape at the beginning of a text, and returns its length.
func (p *parser) escape(raw string, isText bool) (rune, int) {
	if len(raw) < 2 {
		p.fail("bad escape")
	}
	if k := strings.IndexByte(`tbnrf"'\`, raw[1]); isText && k >= 0 {
		return rune("\t\b\n\r\f\"'\\"[k]), 2
	}
	n := 2 + map[byte]int{'u': 4, 'U': 8}[raw[1]]
	if n == 2 || len(raw) < n {
		p.fail("bad escape")
	}
	code, err := strconv.ParseUint(raw[2:n], 16, 32)
	if err != nil || strings.ContainsAny(raw[2:n], "+_") || !utf8.ValidRune(rune(code)) || code > utf8.MaxRune {
		p.fail("bad escape")
	}
	return rune(code), n
}

// number reads a number without quotes.
func (p *parser) number() Term {
	start, i := p.pos, p.pos
	digits := func() (n int) {
		for ; i < len(p.text) && isDigit(p.text[i]); i++ {
			n++
		}
		return n
	}
	if c := p.text[i]; c == '+' || c == '-' {
		i++
	}
	datatype, before, after := "integer", digits(), 0
	if i < len(p.text) && p.text[i] == '.' {
		i++
		if after = digits(); after == 0 && !p.isExponentAt(i) || before+after == 0 {
			i-- // the full stop ends the statement
		} else {
			datatype = "decimal"
		}
	}
	if before+after > 0 && p.isExponentAt(i) {
		datatype = "double"
		if i++; p.text[i] == '+' || p.text[i] == '-' {
			i++
		}
		digits()
	}
	if before+after == 0 {
		p.fail("want a term%s", p.found())
	}
	p.pos = i
	if p.isNameAt(i) {
		p.fail("a character after a number%s", p.found())
	}
	return Term{Kind: nquads.Literal, Text: p.text[start:i], Datatype: xsdNS + datatype}
}

// isExponentAt reports whether the exponent of a number is at a byte.
func (p *parser) isExponentAt(i int) bool {
	if i >= len(p.text) || p.text[i]|0x20 != 'e' {
		return false
	}
	if i++; i < len(p.text) && (p.text[i] == '+' || p.text[i] == '-') {
		i++
	}
	return i < len(p.text) && isDigit(p.text[i])
}
