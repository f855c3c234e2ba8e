package render

import (
	"strings"
	"unicode"
)

// Clean takes out of a text what could steer a terminal. Line breaks become
// spaces.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case SteersTerminal(r):
			return -1
		}
		return r
	}, s)
}

// SteersTerminal reports whether a character could steer a terminal: a control character,
// of C1 too, one that turns the direction of writing, or one that ends a line.
func SteersTerminal(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}
