package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/entente-kg/entente"

// layers lists for each package of the module which others it may import. A package
// that is not listed must not exist.
var layers = map[string][]string{
	"schema":                     {},
	"schema/nquads":              {"schema"},
	"schema/written":             {"schema"},
	"loaders":                    {"loaders/charset", "loaders/foreign", "loaders/foreign/ftm", "schema/grounding", "loaders/foreign/rdf", "schema/turtle", "loaders/mapping", "loaders/packed", "loaders/sheet", "loaders/sniff", "schema", "schema/nquads", "schema/progress", "schema/written"},
	"loaders/charset":            {},
	"loaders/packed":             {},
	"loaders/sheet":              {},
	"loaders/foreign":            {"loaders/foreign/events", "loaders/foreign/extraction", "schema/grounding", "loaders/foreign/ftm", "loaders/foreign/littlesis", "loaders/foreign/popolo", "loaders/foreign/rdf", "loaders/foreign/wikidata", "loaders/mapping", "schema"},
	"loaders/foreign/events":     {"loaders/mapping"},
	"loaders/foreign/wikidata":   {"loaders/mapping", "schema"},
	"loaders/foreign/extraction": {"schema/grounding", "loaders/mapping", "schema"},
	"loaders/foreign/ftm":        {"loaders/mapping", "schema"},
	"loaders/foreign/rdf":        {"loaders/foreign/popolo", "loaders/mapping", "schema", "schema/nquads", "schema/turtle"},
	"schema/turtle":              {"schema/nquads"},
	"loaders/foreign/littlesis":  {"loaders/mapping", "schema"},
	"loaders/foreign/popolo":     {"loaders/mapping", "schema"},
	"loaders/format":             {"loaders", "loaders/keys", "schema", "schema/written"},
	"schema/grounding":           {"schema", "schema/written"},
	"loaders/keys":               {"schema"},
	"loaders/mapping":            {"schema", "schema/written"},
	"loaders/jsonschema":         {"loaders/keys", "loaders/mapping", "schema", "schema/written"},
	"loaders/sketch":             {"loaders", "loaders/mapping", "schema", "schema/written"},
	"loaders/sniff":              {},
	"loaders/synth":              {"schema"},
	"schema/pattern":             {},
	"schema/progress":            {},
	"graph/safefile":             {},
	"graph/csvfile":              {},
	"graph/cayley":               {"graph/internal/rdf"},
	"graph/internal/rdf":         {},
	"graph/internal/records":     {"graph/safefile", "schema"},
	"graph/internal/spool":       {},
	"graph/internal/quadfile":    {"graph/internal/rdf"},
	"graph/store":                {"graph/internal/quadfile", "graph/internal/rdf", "graph/safefile", "schema", "schema/nquads", "schema/progress"},
	"graph":                      {"graph/internal/records", "graph/internal/spool", "graph/store", "graph/safefile", "schema", "schema/grounding", "schema/nquads", "schema/progress"},
	"graph/office":               {"graph", "schema"},
	"graph/paths":                {"graph", "graph/office", "graph/store", "graph/safefile", "schema", "schema/progress"},
	"graph/match":                {"graph", "graph/office", "schema", "schema/progress"},
	"graph/internal/worker":      {},
	"graph/gizmo":                {"graph", "graph/cayley", "graph/store", "graph/internal/worker", "graph/safefile", "schema", "schema/progress"},
	"graph/render":               {"graph", "graph/paths", "graph/office", "schema"},
	"graph/diff":                 {"graph", "graph/render", "graph/store", "schema"},
	"graph/draw":                 {"graph", "graph/paths", "graph/render", "schema"},
	"graph/export":               {"graph", "graph/csvfile", "graph/paths", "graph/render", "graph/safefile", "graph/store", "schema", "schema/nquads"},
	"graph/cite":                 {"graph", "graph/render", "schema"},
	"graph/dossier":              {"graph", "graph/draw", "graph/office", "graph/paths", "graph/render", "schema"},
	"cmd/entente":                {"cmd/entente/internal/changes", "cmd/entente/internal/completion", "cmd/entente/internal/deltas", "cmd/entente/internal/output", "cmd/entente/internal/phrase", "cmd/entente/internal/problems", "cmd/entente/internal/rejects", "cmd/entente/internal/review", "cmd/entente/internal/shell", "cmd/entente/internal/statusline", "cmd/entente/manual", "graph/safefile", "graph", "graph/store", "graph/office", "graph/paths", "graph/gizmo", "graph/export", "graph/diff", "graph/draw", "graph/cite", "graph/dossier", "graph/match", "graph/render", "loaders", "loaders/charset", "loaders/foreign", "loaders/foreign/rdf", "loaders/format", "schema/grounding", "loaders/jsonschema", "loaders/mapping", "loaders/sketch", "loaders/synth", "schema", "schema/nquads", "schema/progress", "schema/written"},
	"cmd/entente/manual":         {},
	"examples/library":           {},

	"loaders/foreign/foreigntest":     {"graph", "graph/export", "loaders", "loaders/foreign", "schema"}, // only tests import it
	"cmd/entente/internal/completion": {"graph", "graph/cite", "graph/draw", "graph/export", "graph/paths", "graph/render", "loaders/charset", "loaders/foreign", "schema"},
	"cmd/entente/internal/changes":    {"cmd/entente/internal/output", "cmd/entente/internal/phrase", "graph/diff"},
	"cmd/entente/internal/deltas":     {"cmd/entente/internal/phrase", "loaders", "loaders/foreign/ftm", "schema"},
	"cmd/entente/internal/phrase":     {},
	"cmd/entente/internal/rejects":    {"cmd/entente/internal/output", "loaders", "loaders/mapping", "schema"},
	"cmd/entente/internal/problems":   {"cmd/entente/internal/output", "cmd/entente/internal/phrase", "graph/render", "loaders", "schema"},
	"cmd/entente/internal/review":     {"cmd/entente/internal/phrase", "graph", "graph/render", "graph/safefile", "loaders", "schema/grounding", "schema"},
	"cmd/entente/internal/statusline": {"schema/progress"},
	"cmd/entente/internal/output":     {"graph/csvfile", "graph/safefile", "graph/render"},
	"cmd/entente/internal/shell":      {"graph/safefile", "graph/gizmo", "graph/render", "schema"},
}

// outside lists the folders in which other modules may be imported.
var outside = map[string][]string{
	"github.com/cayleygraph/cayley": {"graph/cayley", "graph/gizmo"},
	"github.com/cayleygraph/quad":   {"graph", "schema"},
	"go.etcd.io/bbolt":              {"graph/store", "graph/internal/quadfile"},
	"github.com/dop251/goja":        {"graph/gizmo"},
	"github.com/spf13":              {"cmd/entente"},
	"log/slog":                      {"cmd/entente"},
	"log":                           {},
}

// aliases lists the import names of Cayley's packages whose own names are also names
// of this module's packages.
var aliases = map[string]string{
	"github.com/cayleygraph/cayley/graph":       "cgraph",
	"github.com/cayleygraph/cayley/query/gizmo": "cgizmo",
	"github.com/cayleygraph/cayley/query/path":  "cpath",
}

// Each package of Cayley has the same import name everywhere, also in tests and in
// .ci/compare.
func TestCayleyHasOneNameEverywhere(t *testing.T) {
	check := func(_, name string, _ *token.FileSet, file *ast.File) {
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if !strings.HasPrefix(imported, "github.com/cayleygraph/cayley/") {
				continue
			}
			got := ""
			if spec.Name != nil && spec.Name.Name != "_" {
				got = spec.Name.Name
			}
			if got != aliases[imported] {
				t.Errorf("%s imports %s as %q, want %q", name, imported, got, aliases[imported])
			}
		}
	}
	eachGoFile(t, "../..", true, check)
	eachGoFile(t, "../../.ci/compare", true, check)
}

func TestImportsKeepToTheirLayers(t *testing.T) {
	seen := make(map[string]bool)
	eachFile(t, func(dir, name string, _ *token.FileSet, file *ast.File) {
		allowed, ok := layers[dir]
		if !ok {
			t.Errorf("%s: a package that ARCHITECTURE.md has no place for", dir)
		}
		seen[dir] = true
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
				if !slices.Contains(allowed, ours) && (ours != "schema/pattern" || dir == "schema") { // all others may import it
					t.Errorf("%s imports %s", name, ours)
				}
				continue
			}
			if spec.Name != nil && spec.Name.Name == "_" && imported != "embed" {
				t.Errorf("%s imports %s for its effect", name, imported)
			}
			for prefix, places := range outside {
				if (imported == prefix || strings.HasPrefix(imported, prefix+"/")) && !slices.ContainsFunc(places, func(place string) bool {
					return dir == place || strings.HasPrefix(dir, place+"/")
				}) {
					t.Errorf("%s imports %s", name, imported)
				}
			}
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function", name)
			}
		}
	})
	for dir := range layers {
		if !seen[dir] {
			t.Errorf("%s is gone: take it off the list", dir)
		}
	}
}

// eachFile parses the non-test files of every package.
func eachFile(t *testing.T, fn func(dir, name string, set *token.FileSet, file *ast.File)) {
	t.Helper()
	eachGoFile(t, "../..", false, fn)
}

// eachGoFile parses the Go files under a folder, with the tests or without.
func eachGoFile(t *testing.T, folder string, tests bool, fn func(dir, name string, set *token.FileSet, file *ast.File)) {
	t.Helper()
	root := os.DirFS(folder)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if d.IsDir() && name != "." && (strings.HasPrefix(base, ".") || base == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || !tests && strings.HasSuffix(name, "_test.go") {
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		fn(path.Dir(name), name, set, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
