// Package pattern compiles regular expressions when they are first used. A program that
// compiled all of them at its start would begin each short command with them.
package pattern

import (
	"os"
	"regexp"
	"strings"
	"sync"
)

// New returns a function that returns the compiled expression, which the first call
// compiles. It panics if the expression is malformed; in tests New itself does, so that
// no expression needs a test of its own.
func New(expr string) func() *regexp.Regexp {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
	if inTest() {
		compiled()
	}
	return compiled
}

// inTest reports whether the program is one that `go test` has built.
func inTest() bool {
	return len(os.Args) > 0 && strings.HasSuffix(strings.TrimSuffix(os.Args[0], ".exe"), ".test")
}
