package gizmo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph/gizmo"
)

func TestIncomplete(t *testing.T) {
	for script, want := range map[string]bool{
		`g.V().all()`: false, `g.V(`: true, "g.V()\n.out(": true, "function f() {": true, "`open": true, "/* open": true,
		`g.V().`: true, `)`: false, `g.V("`: false, "var x = ": true, "": false, "1 +": true, "g.V(]": false, "[1,\n2,": true,
		".out(": true, `entity("X")`: false, "`a ${": true, "`a ${b}": true, "`a ${b}`": false, "`a ${`b}`}`": false, "a ? b": true,
		"a ? b :": true, "a ? b : c": false, "if (a)": true, "if (a) b": false, "do {}": true, "do {} while (a)": false, "try {}": true,
		"try {} catch (e) {}": false, "switch (a) {": true, "/a(/": false, "a /b(": true, "a = /b(/": false, "a++": false, "a++ +": true,
		"'a\\": true, "'a\\\nb'": false, "'a\\\nb": false, `"a\`: true, `"a\\`: false, "g.V( // )": true, "a /* ) */": false,
		"function": true, "class A extends B": true, "g.V(\"a\" \"b\"": false, "x.if": false, "({if: 1})": false, "\u00a0g\ufeff": false,
	} {
		if got := gizmo.Incomplete(script); got != want {
			t.Errorf("%q: %v", script, got)
		}
	}
}

// hostile are texts on which a parser uses unbounded time or memory.
func hostile() map[string]string {
	deep := map[string]string{"defaults": strings.Repeat("(a=", 40) + "1" + strings.Repeat(")=>1", 40)}
	for _, piece := range []string{"(a=", "[", "(", "{", "`${", "a?", "x", "\\u", "/a[", "'\\\n", "do ", "if(", "async(", "=>", "/*", "//\n", "\n", "(a,", "()=>{", "\U0001f600", "\xff"} {
		deep[piece] = strings.Repeat(piece, 100_000)
	}
	return deep
}

// TestIncompleteIsBounded scans texts that would end a parser.
func TestIncompleteIsBounded(t *testing.T) {
	for name, script := range hostile() {
		done := make(chan bool, 1)
		go func() { done <- gizmo.Incomplete(script) }()
		select {
		case got := <-done:
			if got {
				t.Errorf("%q... may go on", name)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%q... hangs", name)
		}
	}
}

// FuzzLineScanner compares adding lines one by one with adding them all at once.
func FuzzLineScanner(f *testing.F) {
	for _, script := range scripts(f) {
		f.Add(script)
	}
	for _, script := range hostile() {
		f.Add(script[:min(len(script), 300)])
	}
	f.Fuzz(func(t *testing.T, script string) {
		typed := gizmo.NewLineScanner()
		for line := range strings.SplitSeq(script, "\n") {
			typed.Add(line)
			typed.Incomplete()
		}
		if typed.Incomplete() != gizmo.Incomplete(script) {
			t.Errorf("%q is another by lines", script)
		}
	})
}
