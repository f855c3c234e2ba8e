package gizmo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dop251/goja/parser"

	"github.com/entente-kg/entente/graph/gizmo"
)

func parses(lines []string) bool {
	script := strings.Join(lines, "\n")
	if strings.HasPrefix(strings.TrimSpace(script), ".") {
		script = "g" + script // continues the script before it
	}
	_, err := parser.ParseFile(nil, "", script, 0, parser.WithDisableSourceMaps)
	return err == nil
}

// scripts are common scripts and scripts that are hard to scan.
func scripts(t testing.TB) (all []string) {
	for _, pattern := range []string{"../../examples/*/questions/*.js", "testdata/scripts/*.js"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, string(text))
		}
	}
	return all
}

// TestIncompleteAgreesWithTheParser scans scripts line by line. Lines that the
// parser refuses, and accepts together with later lines, are incomplete; lines
// that it accepts are complete.
func TestIncompleteAgreesWithTheParser(t *testing.T) {
	cuts, incomplete := 0, 0
	for _, script := range scripts(t) {
		all := strings.Split(script, "\n")
		typed, from := gizmo.NewLineScanner(), 0
		for i, line := range all {
			typed.Add(line)
			cuts++
			want := !parses(all[from : i+1])
			if want {
				incomplete++
			}
			if got := typed.Incomplete(); got != want {
				t.Errorf("%v, the parser %v, after %q of\n%s", got, want, line, strings.Join(all[from:i+1], "\n"))
			}
			if !typed.Incomplete() {
				typed, from = gizmo.NewLineScanner(), i+1
			}
		}
		if from != len(all) {
			t.Errorf("the end of a script is incomplete:\n%s", strings.Join(all[from:], "\n"))
		}
	}
	if cuts < 150 || incomplete < 50 {
		t.Errorf("only %d lines were tried, %d of them incomplete", cuts, incomplete)
	}
}
