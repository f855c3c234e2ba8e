// Command api prints the exported surface of the packages that others can import:
// each exported declaration without its body and comments, by package, sorted.
// .ci/run compares it with .ci/api.txt, which is updated after an intended change:
//
//	go run ./.ci/api >.ci/api.txt
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"log"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)
	packages := map[string][]string{}
	for _, root := range []string{"graph", "loaders", "schema"} {
		if err := fs.WalkDir(os.DirFS("."), root, func(name string, d fs.DirEntry, err error) error {
			switch base := path.Base(name); {
			case err != nil:
				return err
			case d.IsDir() && (base == "internal" || base == "testdata"):
				return fs.SkipDir
			case !d.IsDir() && strings.HasSuffix(base, ".go") && !strings.HasSuffix(base, "_test.go"):
				exported, err := exportsOf(name)
				packages[path.Dir(name)] = append(packages[path.Dir(name)], exported...)
				return err
			}
			return nil
		}); err != nil {
			log.Fatal(err)
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		all := packages[dir]
		slices.Sort(all)
		fmt.Printf("package %s\n\n%s\n\n", dir, strings.Join(slices.Compact(all), "\n"))
	}
}

// exportsOf returns the exported declarations of a file.
func exportsOf(name string) (list []string, err error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	ast.FileExports(file)
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body = nil; ofExported(d) {
				list = append(list, text(set, d))
			}
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				continue
			}
			for _, spec := range d.Specs {
				cutTexts(spec)
				list = append(list, d.Tok.String()+" "+text(set, spec))
			}
		}
	}
	return list, nil
}

// cutTexts leaves out values that are texts of several lines: their words are no part
// of the surface.
func cutTexts(spec ast.Spec) {
	values, ok := spec.(*ast.ValueSpec)
	if !ok {
		return
	}
	for _, v := range values.Values {
		if text, ok := v.(*ast.BasicLit); ok && strings.Contains(text.Value, "\n") {
			text.Value = "`…`"
		}
	}
}

// ofExported reports whether a declaration is a function or a method of an exported
// type.
func ofExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	of := d.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if generic, ok := of.(*ast.IndexExpr); ok {
		of = generic.X
	}
	name, ok := of.(*ast.Ident)
	return ok && name.IsExported()
}

func text(set *token.FileSet, node any) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, set, node); err != nil {
		log.Fatal(err)
	}
	return b.String()
}
