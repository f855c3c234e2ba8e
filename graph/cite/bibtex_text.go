package cite

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/entente-kg/entente/graph/render"
)

// bibCommands are the commands of LaTeX for characters that it reads as something else.
var bibCommands = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\textbraceleft{}`, '}': `\textbraceright{}`, '~': `\textasciitilde{}`, '^': `\textasciicircum{}`,
	'<': `\textless{}`, '>': `\textgreater{}`, '%': `\%`, '&': `\&`, '_': `\_`, '#': `\#`, '$': `\$`,
}

// ligatures are the characters of which LaTeX makes another one if two follow each other.
// A backtick after ? or ! makes another one too.
const ligatures = "-'`,"

// bibText returns a text for a field of BibTeX. Runs of spaces and line breaks become one
// space, and control characters are left out.
func bibText(s string) string {
	var b strings.Builder
	s = oneLine(s)
	paired, last := pairedBraces(s), rune(0)
	for i, r := range s {
		if strings.ContainsRune(ligatures, r) && (r == last || r == '`' && (last == '?' || last == '!')) {
			b.WriteString("{}")
		}
		switch command, ok := bibCommands[r]; {
		case paired[i]:
			b.WriteByte('\\')
			b.WriteRune(r)
		case ok:
			b.WriteString(command)
		default:
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// pairedBraces returns the places of braces that have a partner. BibTeX counts braces
// even after a backslash, so only these can be written as \{ and \}, which more programs
// read than the commands.
func pairedBraces(s string) map[int]bool {
	paired := make(map[int]bool)
	var open []int
	for i := range len(s) {
		switch {
		case s[i] == '{':
			open = append(open, i)
		case s[i] == '}' && len(open) > 0:
			paired[i], paired[open[len(open)-1]] = true, true
			open = open[:len(open)-1]
		}
	}
	return paired
}

// oneLine returns a text in valid UTF-8 without control characters and characters that
// change the direction of writing, with single spaces.
func oneLine(s string) string {
	return strings.Join(strings.Fields(render.Clean(strings.ToValidUTF8(s, "\ufffd"))), " ")
}

// holdsText reports whether [bibText] keeps all characters of a text but spaces.
func holdsText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return render.SteersTerminal(r) && !unicode.IsSpace(r) })
}

// bibAddress returns an address for a verbatim field: braces, backslashes, spaces and
// control characters are percent-encoded, which means the same address.
func bibAddress(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0x7F || c == '{' || c == '}' || c == '\\' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return render.Clean(b.String())
}
