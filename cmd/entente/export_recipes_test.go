package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/cmd/entente/manual"
)

// fileReaders are the scripts in .ci/readers that read the files and folders of the
// recipes, by format or extension, with the program and the package that they need.
var fileReaders = map[string][]string{
	"gexf":      {"node", "gexf.mjs", "graphology-gexf"},
	"graphml":   {"node", "graphml.mjs", "graphology-graphml"},
	"cyjs":      {"node", "cytoscape.mjs", "cytoscape"},
	"canvas":    {"node", "json_canvas.mjs", "ajv"},
	"mmd":       {"node", "mermaid.mjs", "mermaid"},
	"cypher":    {"node", "cypher.mjs", "@neo4j-cypher/antlr4"},
	"parquet":   {"node", "parquet.mjs", "hyparquet"},
	"obsidian":  {"node", "obsidian.mjs", "js-yaml"},
	"neo4j":     {"python3", "neo4j.py"},
	"csv":       {"python3", "table.py"},
	"csv-edges": {"python3", "table.py"},
	"d3":        {"node", "d3_force.mjs", "d3-force"},
	"sqlite":    {"python3", "sqlite.py"},
}

// The recipes for other programs in the manual have five commands each; every command
// writes a file or a folder in which an independent reader finds something: in a
// network, nodes and edges.
func TestRecipesForExports(t *testing.T) {
	t.Parallel()
	page, _ := manual.Page("exports")
	for _, program := range []string{"Gephi", "Cytoscape", "yEd", "Neo4j", "Datasette", "DuckDB", "Obsidian", "A notebook"} {
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
				checkExport(t, file)
			}
		})
	}
}

// exported is a file or a folder, and its format or extension.
type exported struct{ path, format string }

// runRecipe runs the commands of a recipe, and returns what they write.
func runRecipe(t *testing.T, recipe string) (files []exported) {
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
		var file exported
		for i, arg := range args {
			switch arg {
			case "-o":
				file.path = filepath.Join(dir, args[i+1])
			case "--format":
				file.format = args[i+1]
			}
		}
		file.format = cmp.Or(file.format, strings.TrimPrefix(filepath.Ext(file.path), "."))
		files = append(files, file)
	}
	return files
}

// checkExport reads a file or folder with an independent reader.
func checkExport(t *testing.T, file exported) {
	t.Helper()
	scripts, err := filepath.Abs("../../.ci/readers")
	if err != nil {
		t.Fatal(err)
	}
	reader := fileReaders[file.format]
	for _, needed := range reader[2:] {
		if _, err := os.Stat(filepath.Join(scripts, "node_modules", needed)); err != nil {
			t.Skipf("npm's %s is not installed: npm ci --ignore-scripts in .ci/readers", needed)
		}
	}
	program, err := exec.LookPath(reader[0])
	if err != nil {
		t.Skipf("%s is not installed", reader[0])
	}
	if _, err := exec.LookPath("sqlite3"); err != nil && file.format == "sqlite" {
		t.Skip("sqlite3 is not installed")
	}
	var errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, filepath.Join(scripts, reader[1]), file.path)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.Bytes())
	}
	checkRead(t, filepath.Base(file.path), out)
}

// checkRead checks that a reader has read something: in a network, nodes and edges.
func checkRead(t *testing.T, name string, out []byte) {
	t.Helper()
	var read struct {
		Value map[string]any
		Error string
	}
	if err := json.Unmarshal(out, &read); err != nil || read.Error != "" {
		t.Errorf("%s: %v %s", name, err, read.Error)
	}
	items := 0
	for _, list := range read.Value {
		list, _ := list.([]any)
		items += len(list)
	}
	nodes, isNetwork := read.Value["nodes"].([]any)
	edges, _ := read.Value["edges"].([]any)
	if items == 0 || isNetwork && (len(nodes) < 2 || len(edges) < 1) {
		t.Errorf("%s: %d items, %d nodes, %d edges", name, items, len(nodes), len(edges))
	}
}
