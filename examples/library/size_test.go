package library

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	entente = "github.com/entente-kg/entente/"

	mostLines   = 45 // of a program, without its comments
	mostImports = 2  // packages of entente that a program imports
	mostNames   = 10 // names of entente that it uses
)

// TestProgramsAreSmall counts the lines of each program, the packages of entente
// that it imports, and the names of entente that it uses: functions, types,
// constants, methods and fields.
func TestProgramsAreSmall(t *testing.T) {
	set := token.NewFileSet()
	files := parsePrograms(t, set)
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.ForCompiler(set, "gc", exportData(t))}
	if _, err := config.Check("library", set, slices.Collect(maps.Values(files)), info); err != nil {
		t.Fatal(err)
	}
	programs := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file := files[name]
		if !slices.ContainsFunc(file.Decls, isExample) {
			continue
		}
		programs++
		imports, names := imported(file), used(file, info)
		fmt.Printf("%-18s %2d lines  %d packages  %2d names: %s\n", name, lines(set, file), len(imports), len(names), strings.Join(names, " "))
		if n := lines(set, file); n > mostLines {
			t.Errorf("%s has %d lines", name, n)
		}
		if len(imports) > mostImports {
			t.Errorf("%s imports %d packages: %s", name, len(imports), strings.Join(imports, " "))
		}
		if len(names) > mostNames {
			t.Errorf("%s uses %d names", name, len(names))
		}
	}
	if programs != 6 {
		t.Errorf("%d programs", programs)
	}
}

// parsePrograms parses all files of the package.
func parsePrograms(t *testing.T, set *token.FileSet) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if files[name], err = parser.ParseFile(set, name, nil, parser.SkipObjectResolution); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// exportData returns a lookup of the compiled export data of all packages that the
// programs need.
func exportData(t *testing.T) importer.Lookup {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-test", "-json=ImportPath,Export", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ ImportPath, Export string }
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
	}
	return func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
}

func isExample(d ast.Decl) bool {
	fn, ok := d.(*ast.FuncDecl)
	return ok && strings.HasPrefix(fn.Name.Name, "Example")
}

// imported returns the packages of entente that a file imports.
func imported(file *ast.File) (packages []string) {
	for _, spec := range file.Imports {
		if name, _ := strconv.Unquote(spec.Path.Value); strings.HasPrefix(name, entente) {
			packages = append(packages, strings.TrimPrefix(name, entente))
		}
	}
	return packages
}

// used returns the names of entente that a file uses, each once, as package.Name.
func used(file *ast.File, info *types.Info) []string {
	objects := map[types.Object]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		object := info.Uses[id]
		if _, isPackage := object.(*types.PkgName); object == nil || isPackage || object.Pkg() == nil || !strings.HasPrefix(object.Pkg().Path(), entente) {
			return true
		}
		objects[object] = true
		return true
	})
	var names []string
	for o := range objects {
		names = append(names, path.Base(o.Pkg().Path())+"."+o.Name())
	}
	slices.Sort(names)
	return names
}

// lines returns the number of lines of a file with anything but comments in them.
func lines(set *token.FileSet, file *ast.File) int {
	with := map[int]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil:
			return true
		case *ast.Comment, *ast.CommentGroup:
			return false
		}
		with[set.Position(n.Pos()).Line], with[set.Position(n.End()-1).Line] = true, true
		return true
	})
	delete(with, 0)
	return len(with)
}
