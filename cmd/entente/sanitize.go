package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/graph/render"
)

// inert is a text for a spreadsheet, which does not take it for a formula, and a
// terminal, which it does not steer. Tabs and ends of lines stay.
func inert(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && render.SteersTerminal(r) {
			return -1
		}
		return r
	}, s)
	if s != "" && strings.ContainsRune("=+-@\t", rune(s[0])) {
		return "'" + s
	}
	return s
}

// escapeJSON writes what could steer a terminal as JSON escapes it, which changes
// no value.
func escapeJSON(body []byte) []byte {
	unsafe := func(r rune) bool { return r >= 0x7f && render.SteersTerminal(r) }
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
