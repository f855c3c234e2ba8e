package shell

import (
	"errors"
	"strings"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema/pattern"
)

// continuing matches a line that continues the script before it: .out() does, .5 does not.
var continuing = pattern.New(`^\.\s*[\pL_$]`)

var errNoScript = &gizmo.ScriptError{Err: errors.New("a line that begins with a dot continues the script before it, and there is none")}

// continuation is the last script, which a line that begins with a dot continues.
type continuation struct {
	last  string
	unrun error // set if last ends in a path that no call runs, and no line has continued it
}

// join returns the script to run for a line. If the line begins with a dot, continues
// is true, and the script is the last one followed by the line.
func (c *continuation) join(line string) (script string, continues bool, err error) {
	switch {
	case !continuing().MatchString(line):
		return line, false, nil
	case c.last == "":
		return line, true, errNoScript
	}
	before := strings.TrimSuffix(strings.TrimRight(c.last, "; \t\r\n"), ".all()")
	return before + "\n" + line, true, nil
}

// remember keeps a script, which the next line may continue. If err says that no call
// runs the script's path, it is returned as unrun and not as failed, since the next
// line may continue the path.
func (c *continuation) remember(script string, continues bool, err error) (unrun, failed error) {
	switch {
	case errors.Is(err, gizmo.ErrNotRun):
		c.last, c.unrun = script, err
		return gizmo.ErrNotRun, nil
	case err == nil:
		c.last, c.unrun = script, nil
	case !continues:
		c.last = ""
	}
	return nil, err
}
