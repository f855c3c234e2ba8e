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
	"sync"
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
	all, err := readCorpus()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(all)
}

var readCorpus = sync.OnceValues(func() ([]input, error) {
	all, err := files()
	seen := make(map[string]bool)
	return slices.DeleteFunc(all, func(in input) bool {
		again := seen[in.name+in.text]
		seen[in.name+in.text] = true
		return again || !slices.Contains(extensions(), filepath.Ext(in.name))
	}), err
})

func files() ([]input, error) {
	var all []input
	for _, from := range []struct {
		read     func(name string, data []byte) ([]input, error)
		patterns []string
	}{
		{fenced, []string{"README.md", "cmd/entente/manual/*.md", "examples/*/README.md"}},
		{whole, []string{"examples/*/*.yaml", "examples/*/*.json", "loaders/testdata/*", "loaders/testdata/*/*"}},
		{scripted, []string{"cmd/entente/testdata/script/*.txtar"}},
		{literals, []string{"loaders/*_test.go", "loaders/*/*_test.go", "graph/*_test.go", "graph/*/*_test.go", "cmd/entente/*_test.go", "schema/*_test.go"}},
	} {
		for _, pattern := range from.patterns {
			more, err := each(pattern, from.read)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
	}
	return all, nil
}

func extensions() []string { return []string{".yaml", ".yml", ".json", ".jsonl"} }

// each reads the files that a pattern matches, from the root of the module.
func each(pattern string, read func(name string, data []byte) ([]input, error)) (all []input, err error) {
	const root = "../.."
	names, err := filepath.Glob(filepath.Join(root, pattern))
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || info.IsDir() {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		short, _ := filepath.Rel(root, name)
		more, err := read(filepath.ToSlash(short), data)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, err
}

var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// fenced lists the blocks of a page, whose language is the extension of a format.
func fenced(name string, data []byte) (all []input, err error) {
	for i, m := range fence.FindAllSubmatch(data, -1) {
		all = append(all, input{place: name + " block " + strconv.Itoa(i+1), name: "block." + string(m[1]), text: string(m[2])})
	}
	return all, nil
}

func whole(name string, data []byte) ([]input, error) {
	return []input{{place: name, name: filepath.Base(name), text: string(data)}}, nil
}

func scripted(name string, data []byte) (all []input, err error) {
	for _, f := range txtar.Parse(data).Files {
		all = append(all, input{place: filepath.Base(name) + " " + f.Name, name: f.Name, text: string(f.Data)})
	}
	return all, nil
}

// literals lists the files in the literals of Go tests: a name with an extension, and
// then a text.
func literals(name string, data []byte) (all []input, err error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, data, 0)
	if err != nil {
		return nil, err
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
	return all, nil
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
