package gizmo

import (
	"errors"
	"fmt"

	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/dop251/goja"
)

// engine calls the functions and methods of Cayley's session. Its errors name the
// method that the script called.
type engine struct {
	args      *arguments
	g         *goja.Object // Cayley's own g
	functions *goja.Object // Cayley's own functions by name: iri, lt and so on
}

// call calls a method of one of Cayley's objects. An exception of the method is
// thrown again; a panic of Cayley is an error of the script.
func (e *engine) call(this *goja.Object, method string, args ...goja.Value) goja.Value {
	f, ok := goja.AssertFunction(this.Get(method))
	if !ok {
		e.args.fail("no method %s", method)
	}
	v, err := recoverCall(f, this, args)
	if err != nil {
		e.args.rethrow(err)
	}
	return v
}

// callG calls a method of Cayley's g.
func (e *engine) callG(method string, args ...goja.Value) goja.Value {
	return e.call(e.g, method, args...)
}

// callFunction calls one of Cayley's functions.
func (e *engine) callFunction(name string, args ...goja.Value) goja.Value {
	return e.call(e.functions, name, args...)
}

// errPanic is wrapped by the error of a panic of Cayley.
var errPanic = errors.New("not possible in Cayley")

func recoverCall(f goja.Callable, this goja.Value, args []goja.Value) (v goja.Value, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("%w: %v", errPanic, x)
		}
	}()
	return f(this, args...)
}

// withPath returns a copy of one of Cayley's objects whose path has one more step.
func (e *engine) withPath(native *goja.Object, step func(*cpath.Path) *cpath.Path) *goja.Object {
	same := e.call(native, "is").(*goja.Object) // a copy: is without nodes adds no step
	at := e.pathOf(same)
	*at = *step(at)
	return same
}

// pathOf returns the path of one of Cayley's objects. The objects do not export
// it, but Cayley's methods replace each object in a list among their arguments by
// its path.
func (e *engine) pathOf(native *goja.Object) *cpath.Path {
	list := []any{native.Export()}
	other := e.callG("M").(*goja.Object)
	e.call(other, "out", e.args.vm.ToValue(list))
	p, ok := list[0].(*cpath.Path)
	if !ok {
		e.args.fail("cannot read the path: %T", list[0])
	}
	return p
}
