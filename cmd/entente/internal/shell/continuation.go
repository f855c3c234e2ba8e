package shell

import (
	"errors"
	"regexp"
	"strings"

	"github.com/entente-kg/entente/graph/gizmo"
)

// begun matches a line that goes on from the script before it, as .out() does and
// .5 does not.
var begun = regexp.MustCompile(`^\.\s*[\pL_$]`)

var errNoScript = &gizmo.ScriptError{Err: errors.New("there is no script before this that a line could go on from")}

// continuation is the script that a line goes on from which begins with a dot.
type continuation struct {
	last  string
	unrun error // it ends in a path, and no line has gone on from it so far
}

// joined is the script that a line makes: with the script before it, where it
// begins with a dot.
func (c *continuation) joined(line string) (script string, goesOn bool, err error) {
	switch {
	case !begun.MatchString(line):
		return line, false, nil
	case c.last == "":
		return line, true, errNoScript
	}
	before := strings.TrimSuffix(strings.TrimRight(c.last, "; \t\r\n"), ".all()")
	return before + "\n" + line, true, nil
}

// remember keeps the script that the next line may go on from. A path that
// nothing has run is no error yet: a line may go on from it.
func (c *continuation) remember(script string, goesOn bool, err error) (unrun, failed error) {
	switch {
	case errors.Is(err, gizmo.ErrNotRun):
		c.last, c.unrun = script, err
		return gizmo.ErrNotRun, nil
	case err == nil:
		c.last, c.unrun = script, nil
	case !goesOn:
		c.last = ""
	}
	return nil, err
}
