package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/cmd/entente/manual"
)

// networkReaders are the scripts in .ci/readers that read the files of the recipes, by
// extension, with the program and the package that they need.
var networkReaders = map[string][]string{
	".gexf":    {"node", "gexf.mjs", "graphology-gexf"},
	".graphml": {"node", "graphml.mjs", "graphology-graphml"},
	".cyjs":    {"node", "cytoscape.mjs", "cytoscape"},
}

// The recipes for Gephi, Cytoscape and yEd in the manual have five commands each; every
// command writes a file in which an independent reader finds nodes and edges.
func TestRecipesForNetworks(t *testing.T) {
	t.Parallel()
	page, _ := manual.Page("exports")
	for _, program := range []string{"Gephi", "Cytoscape", "yEd"} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			_, recipe, found := strings.Cut(page, "\n### "+program+"\n")
			recipe, _, _ = strings.Cut(recipe, "\n#")
			if !found {
				t.Fatalf("there is no recipe for %s", program)
			}
			files := runRecipe(t, recipe)
			if len(files) != 5 {
				t.Errorf("%d commands, want 5", len(files))
			}
			for _, file := range files {
				checkNetwork(t, file)
			}
		})
	}
}

// runRecipe runs the commands of a recipe, and returns the files that they write.
func runRecipe(t *testing.T, recipe string) (files []string) {
	t.Helper()
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for line := range strings.Lines(recipe) {
		args := shellWords(strings.TrimSpace(line))
		if len(args) < 2 || args[0] != "entente" {
			continue
		}
		cmd := exec.CommandContext(t.Context(), "entente", append(args[1:], "--in", filepath.Join(examples, "us-china-2023"))...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
		for i, arg := range args {
			if arg == "-o" {
				files = append(files, filepath.Join(dir, args[i+1]))
			}
		}
	}
	return files
}

// checkNetwork reads a file with an independent reader.
func checkNetwork(t *testing.T, file string) {
	t.Helper()
	scripts, err := filepath.Abs("../../.ci/readers")
	if err != nil {
		t.Fatal(err)
	}
	reader := networkReaders[filepath.Ext(file)]
	if _, err := os.Stat(filepath.Join(scripts, "node_modules", reader[2])); err != nil {
		t.Skipf("npm's %s is not installed: npm ci --ignore-scripts in .ci/readers", reader[2])
	}
	var errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), reader[0], filepath.Join(scripts, reader[1]), file)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.Bytes())
	}
	var read struct {
		Value struct{ Nodes, Edges []map[string]any }
		Error string
	}
	if err := json.Unmarshal(out, &read); err != nil || read.Error != "" || len(read.Value.Nodes) < 2 || len(read.Value.Edges) < 1 {
		t.Errorf("%s: %v %s: %d nodes, %d edges", filepath.Base(file), err, read.Error, len(read.Value.Nodes), len(read.Value.Edges))
	}
}
