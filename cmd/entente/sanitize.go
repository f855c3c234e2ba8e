package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// inert is a text for a spreadsheet, which does not take it for a formula, and a
// terminal, which it does not steer. Tabs and ends of lines stay.
func inert(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && steers(r) {
			return -1
		}
		return r
	}, s)
	if s != "" && strings.ContainsRune("=+-@\t", rune(s[0])) {
		return "'" + s
	}
	return s
}

// steers reports whether a character could steer a terminal: a control character,
// of C1 too, one that turns the direction of writing, or one that ends a line.
func steers(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// clean takes out of a text what could steer a terminal. Line breaks become
// spaces.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case steers(r):
			return -1
		}
		return r
	}, s)
}

// escapeJSON writes what could steer a terminal as JSON escapes it, which changes
// no value.
func escapeJSON(body []byte) []byte {
	unsafe := func(r rune) bool { return r >= 0x7f && steers(r) }
	if strings.IndexFunc(string(body), unsafe) < 0 {
		return body
	}
	escaped := make([]byte, 0, len(body)+len(body)/8)
	for _, r := range string(body) {
		if unsafe(r) {
			escaped = fmt.Appendf(escaped, `\u%04x`, r)
		} else {
			escaped = utf8.AppendRune(escaped, r)
		}
	}
	return escaped
}
