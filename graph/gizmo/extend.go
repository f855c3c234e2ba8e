package gizmo

import (
	"github.com/cayleygraph/cayley/query/path"
	"github.com/dop251/goja"
)

// extended is a path with a step that Cayley's Gizmo has no method for.
func (c *call) extended(p *box, step func(*path.Path) *path.Path) *box {
	b := c.longer(p)
	b.native = c.with(p.native, step)
	return b
}

// with is one of Cayley's objects with another path.
func (c *call) with(native *goja.Object, step func(*path.Path) *path.Path) *goja.Object {
	same := c.native(native, "is").(*goja.Object) // of no nodes, so a copy
	at := c.pathOf(same)
	*at = *step(at)
	return same
}

// pathOf is the path that one of Cayley's objects has. They keep it to
// themselves, but for the lists that methods of others are given: in these each
// object is replaced by its path.
func (c *call) pathOf(native *goja.Object) *path.Path {
	list := []any{native.Export()}
	other := c.native(c.cayley, "M").(*goja.Object)
	c.native(other, "out", c.vm.ToValue(list))
	p, ok := list[0].(*path.Path)
	if !ok {
		c.fail("cannot read the path: %T", list[0])
	}
	return p
}
