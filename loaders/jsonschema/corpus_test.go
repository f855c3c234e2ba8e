package jsonschema_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// input is a file of the manual, the examples or the tests.
type input struct {
	place string // where it is from
	name  string // with the extension of its format
	text  string
	error string // that a test expects of a mapping or of a file of verbs; empty for other files
}

// corpus lists all files of YAML and JSON in the manual, the examples and the tests,
// each text once.
func corpus(t testing.TB) []input {
	t.Helper()
	seen := make(map[string]bool)
	return slices.DeleteFunc(files(t), func(in input) bool {
		again := seen[in.name+in.text]
		seen[in.name+in.text] = true
		return again || !slices.Contains(extensions(), filepath.Ext(in.name))
	})
}

func files(t testing.TB) []input {
	t.Helper()
	root := "../.."
	var all []input
	for _, pattern := range []string{"README.md", "cmd/entente/manual/*.md", "examples/*/README.md"} {
		all = append(all, each(t, root, pattern, fenced)...)
	}
	for _, pattern := range []string{"examples/*/*.yaml", "examples/*/*.json", "loaders/testdata/*", "loaders/testdata/*/*"} {
		all = append(all, each(t, root, pattern, whole)...)
	}
	all = append(all, each(t, root, "cmd/entente/testdata/script/*.txtar", scripted)...)
	for _, pattern := range []string{"loaders/*_test.go", "loaders/*/*_test.go", "graph/*_test.go", "graph/*/*_test.go", "cmd/entente/*_test.go", "schema/*_test.go"} {
		all = append(all, each(t, root, pattern, literals)...)
	}
	return all
}

func extensions() []string { return []string{".yaml", ".yml", ".json", ".jsonl"} }

// each reads the files that a pattern matches.
func each(t testing.TB, root, pattern string, read func(t testing.TB, name string, data []byte) []input) (all []input) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(root, pattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // a folder
		}
		short, _ := filepath.Rel(root, name)
		all = append(all, read(t, filepath.ToSlash(short), data)...)
	}
	return all
}

var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// fenced lists the blocks of a page, whose language is the extension of a format.
func fenced(_ testing.TB, name string, data []byte) (all []input) {
	for i, m := range fence.FindAllSubmatch(data, -1) {
		all = append(all, input{place: name + " block " + strconv.Itoa(i+1), name: "block." + string(m[1]), text: string(m[2])})
	}
	return all
}

func whole(_ testing.TB, name string, data []byte) []input {
	return []input{{place: name, name: filepath.Base(name), text: string(data)}}
}

func scripted(_ testing.TB, name string, data []byte) (all []input) {
	for _, f := range txtar.Parse(data).Files {
		all = append(all, input{place: filepath.Base(name) + " " + f.Name, name: f.Name, text: string(f.Data)})
	}
	return all
}

// literals lists the files in the literals of Go tests: a name with an extension, and
// then a text.
func literals(t testing.TB, name string, data []byte) (all []input) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, data, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		var list []ast.Expr
		switch n := n.(type) {
		case *ast.CallExpr:
			list = n.Args
			if called, ok := n.Fun.(*ast.Ident); ok && called.Name == "yamlFact" {
				fact, _ := literal(n.Args[0])
				all = append(all, input{place: place(files, name, n), name: "f.yaml", text: "people: [Xie Feng, Ely Ratner]\nplaces: [Pentagon]\nfacts:\n  - " + fact + "\n"})
			}
		case *ast.CompositeLit:
			list = n.Elts
		}
		for i := range len(list) - 1 {
			first, isText := literal(list[i])
			second, isAlso := literal(list[i+1])
			if !isText || !isAlso {
				continue
			}
			at := place(files, name, list[i+1])
			if slices.Contains(extensions(), filepath.Ext(first)) && strings.ContainsAny(second, ":{[") {
				all = append(all, input{place: at, name: first, text: second})
			}
			if text, ok := withError(first, second); ok {
				all = append(all, input{place: at, name: "f.yaml", text: text, error: second})
			}
		}
		return true
	})
	return all
}

// withError returns the text of a mapping or of a file of verbs before the error that a
// test expects of it.
func withError(text, err string) (string, bool) {
	switch {
	case strings.HasPrefix(err, "mapping.yaml:"):
		return text, true
	case strings.HasPrefix(err, "v.yaml:") && strings.HasPrefix(text, "{"):
		return "verbs: [" + text + "]", true
	case strings.HasPrefix(err, "v.yaml:"):
		return "verbs:\n" + text + "\n", true
	}
	return "", false
}

func place(files *token.FileSet, name string, n ast.Node) string {
	return filepath.Base(name) + ":" + strconv.Itoa(files.Position(n.Pos()).Line)
}

// literal returns the value of a text, or of several texts with a plus between them.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, isText := literal(e.X)
		right, alsoText := literal(e.Y)
		return left + right, isText && alsoText && e.Op == token.ADD
	}
	return "", false
}
