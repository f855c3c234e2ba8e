package main_test

import (
	"go/ast"
	"go/token"
	"slices"
	"testing"
)

// The largest sizes of packages, files, types and functions.
const (
	mostFiles   = 45  // files in a package
	mostLines   = 400 // lines in a file
	mostMethods = 40  // methods of a type
	mostBody    = 80  // lines of a function
	medianBody  = 12
)

// TestRoomsAreSmall counts files, lines, methods and the lines of functions in
// non-test files.
func TestRoomsAreSmall(t *testing.T) {
	files, methods := map[string]int{}, map[string]int{}
	var bodies []int
	eachFile(t, func(dir, name string, set *token.FileSet, file *ast.File) {
		files[dir]++
		if lines := set.Position(file.FileEnd).Line; lines > mostLines {
			t.Errorf("%s has %d lines", name, lines)
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if of := receiver(fn); of != "" {
				methods[dir+"."+of]++
			}
			lines := set.Position(fn.End()).Line - set.Position(fn.Pos()).Line + 1
			bodies = append(bodies, lines)
			if lines > mostBody {
				t.Errorf("%s: %s has %d lines", name, fn.Name.Name, lines)
			}
		}
	})
	for dir, n := range files {
		if n > mostFiles {
			t.Errorf("%s has %d files", dir, n)
		}
	}
	for of, n := range methods {
		if n > mostMethods {
			t.Errorf("%s has %d methods", of, n)
		}
	}
	slices.Sort(bodies)
	if median := bodies[len(bodies)/2]; median > medianBody {
		t.Errorf("half of the functions have more than %d lines", median)
	}
}

// receiver returns the name of the receiver type of a method, or "" for a function.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	of := fn.Recv.List[0].Type
	for {
		switch e := of.(type) {
		case *ast.StarExpr:
			of = e.X
		case *ast.IndexExpr:
			of = e.X
		case *ast.IndexListExpr:
			of = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}
