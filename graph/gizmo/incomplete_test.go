package gizmo_test

import (
	"testing"

	"github.com/entente-kg/entente/graph/gizmo"
)

func TestIncomplete(t *testing.T) {
	for script, want := range map[string]bool{
		`g.V().all()`: false, `g.V(`: true, "g.V()\n.out(": true, "function f() {": true, "`open": true, "/* open": true,
		`g.V().`: true, `)`: false, `g.V("`: false, "var x = ": true, "": false, "1 +": true, "g.V(]": false, "[1,\n2,": true,
	} {
		if got := gizmo.Incomplete(script); got != want {
			t.Errorf("%q: %v", script, got)
		}
	}
}
