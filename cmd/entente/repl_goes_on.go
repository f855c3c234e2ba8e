package main

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/graph/gizmo"
)

// begun matches a line that goes on from the script before it, as .out() does and
// .5 does not.
var begun = regexp.MustCompile(`^\.\s*[\pL_$]`)

var errNoScript = &gizmo.ScriptError{Err: errors.New("there is no script before this that a line could go on from")}

// joined is the script that a line makes: with the script before it, where it
// begins with a dot.
func (r *repl) joined(line string) (script string, goesOn bool, err error) {
	switch {
	case !begun.MatchString(line):
		return line, false, nil
	case r.last == "":
		return line, true, scriptError{"query", errNoScript}
	}
	before := strings.TrimSuffix(strings.TrimRight(r.last, "; \t\r\n"), ".all()")
	return before + "\n" + line, true, nil
}

// remember keeps the script that the next line may go on from. A path that
// nothing has run is no error yet: a line may go on from it.
func (r *repl) remember(script string, goesOn bool, err error) error {
	switch {
	case errors.Is(err, gizmo.ErrUnrun):
		r.last, r.unrun = script, err
		r.warn("%v, or go on with a line that begins with a dot", gizmo.ErrUnrun)
		return nil
	case err == nil:
		r.last, r.unrun = script, nil
	case !goesOn:
		r.last = ""
	}
	return err
}

// settle tells of a path that nothing has run: no line goes on from it any more.
func (r *repl) settle() {
	if err := r.unrun; err != nil && !r.terminal {
		r.fault(err)
	}
	r.unrun = nil
}

// maxEntry bounds an entry of the history in bytes: liner reads no longer ones,
// nor what follows them.
const maxEntry = 4000

// historyEntry is a script on one line, as the history keeps it; empty where that
// cannot be.
func historyEntry(script string) string {
	several := strings.Contains(script, "\n")
	if len(script) > maxEntry || !utf8.ValidString(script) || several && strings.Contains(script, "//") {
		return ""
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(script), "\n.", "."), "\n", " ")
}
