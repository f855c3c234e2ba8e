package render

import (
	"strings"
	"unicode"
)

// Clean removes the characters of a text that could steer a terminal. Line breaks and
// tabs become spaces.
func Clean(s string) string {
	if isPlain(s) {
		return s
	}
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

// isPlain reports whether a text has only visible ASCII characters and spaces.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// SteersTerminal reports whether a character could steer a terminal: a control
// character (C0 or C1), a character that changes the direction of writing, or a line
// or paragraph separator.
func SteersTerminal(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}
