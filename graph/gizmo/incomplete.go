package gizmo

import (
	"errors"
	"strings"

	"github.com/dop251/goja/parser"
)

// Incomplete reports whether a script is well formed so far and only ends too
// soon: in a call, a block, a string with backquotes or a comment, or before a
// line that goes on with a dot.
func Incomplete(script string) bool {
	if checkSize(script) != nil || checkBrackets(script) != nil {
		return false // running it says what is wrong
	}
	_, err := parser.ParseFile(nil, scriptName, script, 0, parser.WithDisableSourceMaps)
	var list parser.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return false
	}
	lines := strings.Split(script, "\n")
	last := list[0]
	atEnd := last.Position.Line >= len(lines) && last.Position.Column > len([]rune(strings.TrimRight(lines[len(lines)-1], " \t\r")))
	return strings.Contains(last.Message, "end of input") || atEnd
}
