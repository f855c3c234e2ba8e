package gizmo

import "github.com/dop251/goja"

// call is one call of a method or function by the script, with the parts that
// read its arguments and make its result.
type call struct {
	run      *run
	vm       *goja.Runtime
	args     arguments
	resolver resolver
	engine   engine
	paths    pathBuilder
}

// call returns a call of the method or function with a name. Its parts share the
// arguments and the position of the next one.
func (q *run) call(name string, args []goja.Value) *call {
	c := &call{run: q, vm: q.vm, args: arguments{vm: q.vm, name: name, list: args}}
	c.resolver = resolver{ctx: q.ctx, args: &c.args, runner: q.runner}
	c.engine = engine{args: &c.args, g: q.g, functions: q.functions}
	c.paths = pathBuilder{args: &c.args, resolver: &c.resolver, engine: &c.engine}
	return c
}

// wrap returns a path, filter or verb as an object of the script, with the
// methods of paths.
func (c *call) wrap(b *wrapper) goja.Value {
	o := c.vm.ToValue(b).(*goja.Object)
	if err := o.SetPrototype(c.run.paths); err != nil {
		panic(err)
	}
	return o
}
