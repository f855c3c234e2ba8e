package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

// refusal is a line of a script that says what is wrong with a file.
var refusal = regexp.MustCompile(`(?m)^refuse 3 '((?:[^']|'')*)' ([^ \n]+)$`)

// Check reports the error of each malformed file of the scripts, with its place and a
// kind, and nothing else.
func TestCheckFindsWhatLoadsRefuse(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/refuse_*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, script := range scripts {
		archive, err := txtar.ParseFile(script)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(script, "against_the_graph") {
			continue
		}
		t.Run(filepath.Base(script), func(t *testing.T) { checked += checkArchive(t, archive) })
	}
	if checked < 80 {
		t.Errorf("only %d files were checked", checked)
	}
}

// checkArchive checks the files that a script refuses, and returns their number.
func checkArchive(t *testing.T, archive *txtar.Archive) (checked int) {
	t.Chdir(t.TempDir())
	files := make(map[string]bool)
	for _, f := range archive.Files {
		putFile(t, f.Name, string(f.Data))
		files[f.Name] = true
	}
	for _, m := range refusal.FindAllStringSubmatch(string(archive.Comment), -1) {
		if name := m[2]; files[name] {
			checked++
			checkRefused(t, name, strings.ReplaceAll(m[1], "''", "'"))
		}
	}
	return checked
}

func checkRefused(t *testing.T, name, want string) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), gizmo.Program{}, []string{"check", name, "--format", "jsonl"}, nil, &out, &errs)
	var found []string
	for line := range strings.Lines(out.String()) {
		var p struct {
			File, Text   string
			Line, Column int
			Kind         schema.ProblemKind
		}
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatal(err)
		}
		found = append(found, schema.Position{File: p.File, Line: p.Line, Col: p.Column}.String()+": "+p.Text)
		if p.Kind == "" || p.Kind == schema.OtherProblem {
			t.Errorf("no kind: %s", line)
		}
	}
	if len(found) != 1 || found[0] != want || code != exitRejected {
		t.Errorf("exit code %d, got\n%s\nwant %s\n%s", code, strings.Join(found, "\n"), want, errs.String())
	}
}
