package export

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shown returns a text as pages and drawings show it: without control and direction
// characters other than tabs and line breaks. All line breaks are line feeds. Bytes that
// are no UTF-8 are U+FFFD.
func shown(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)):
			return -1
		}
		return r
	}, s)
}

// markdownText escapes a text for a paragraph, a heading or the text of a link, so that
// CommonMark, GitHub and Obsidian show it as it is: no markup, link, tag, formula or
// entity begins in it. Line breaks become spaces.
func markdownText(s string) string {
	return markdownLines(strings.ReplaceAll(shown(s), "\n", " "), "")
}

// markdownLines escapes a text as [markdownText] does, but keeps its line breaks. Each
// line after the first begins with prefix, such as "> ".
func markdownLines(s, prefix string) string {
	e := markdownEscaper{text: shown(s), prefix: prefix}
	for e.at < len(e.text) {
		e.next()
	}
	return e.out.String()
}

// markdownEscaper escapes a text, one character at a time.
type markdownEscaper struct {
	text   string
	at     int
	prefix string
	out    strings.Builder
}

// next escapes a character. What begins or ends a line may be the mark of a heading or a
// list, and spaces there would be lost.
func (e *markdownEscaper) next() {
	r, size := utf8.DecodeRuneInString(e.text[e.at:])
	before, after := e.text[:e.at], e.text[e.at+size:]
	starts, ends := before == "" || strings.HasSuffix(before, "\n"), after == "" || after[0] == '\n'
	e.at += size
	switch {
	case r == '\n' && (starts || after == ""):
		e.out.WriteString("&#10;") // a line without text would end the paragraph
	case r == '\n':
		e.out.WriteString("\\\n" + e.prefix)
	case r == '\t', r == '\ufeff', unicode.IsSpace(r) && (r != ' ' || starts || ends):
		fmt.Fprintf(&e.out, "&#%d;", r)
	case r < 0x80 && needsBackslash(byte(r), before, after):
		e.out.WriteByte('\\')
		e.out.WriteRune(r)
	default:
		e.out.WriteRune(r)
	}
}

// needsBackslash reports whether an ASCII character between two texts could be markup.
func needsBackslash(c byte, before, after string) bool {
	switch c {
	case '\\', '`', '*', '_', '{', '}', '[', ']', '<', '>', '#', '|', '~', '$', '%', '^', '&', '@', '=', '!':
		return true
	case '-', '+':
		line := before[strings.LastIndexByte(before, '\n')+1:]
		return line == "" || strings.HasSuffix(line, string(c)) || strings.HasPrefix(after, string(c))
	case '.', ')':
		line := before[strings.LastIndexByte(before, '\n')+1:]
		return strings.Trim(line, "0123456789") == "" || strings.HasSuffix(strings.ToLower(line), "www")
	case ':':
		return after != "" && after[0] != ' ' && after[0] != '\n'
	}
	return false
}
