package gizmo

import (
	"errors"

	"github.com/dop251/goja"
)

func results() []method {
	return []method{
		{[]string{"all"}, (*call).all},
		{[]string{"getLimit"}, (*call).getLimit},
		{[]string{"toArray"}, (*call).list},
		{[]string{"tagArray"}, (*call).list},
		{[]string{"toValue"}, (*call).result},
		{[]string{"tagValue"}, (*call).result},
		{[]string{"count"}, (*call).result},
		{[]string{"forEach", "map"}, (*call).forEach},
	}
}

func (c *call) all(p *box) goja.Value {
	c.end()
	c.sent = true
	return c.native(p.native, "getLimit", c.vm.ToValue(-1))
}

// getLimit sends the first rows. Cayley keeps the limit for all that the
// session sends after, so an empty path without one is sent behind it.
func (c *call) getLimit(p *box) goja.Value {
	limit := c.whole(c.noZero())
	c.end()
	c.sent = true
	v := c.native(p.native, "getLimit", limit)
	none := c.native(c.cayley, "V", c.vm.ToValue(bootNode)).(*goja.Object)
	c.native(none, "getLimit", c.vm.ToValue(-1))
	return v
}

// list is toArray or tagArray, with an optional limit. Cayley's toArray has fewer
// items than there are rows, how many depends on how it plans.
func (c *call) list(p *box) goja.Value {
	var args []goja.Value
	if c.more() {
		args = append(args, c.whole(-1))
	}
	c.end()
	rows := c.native(p.native, "tagArray", args...)
	if c.name == "tagArray" {
		return rows
	}
	nodes := []any{}
	for _, row := range rows.Export().([]map[string]any) {
		nodes = append(nodes, row["id"])
	}
	return c.vm.ToValue(nodes)
}

func (c *call) result(p *box) goja.Value {
	c.end()
	return c.native(p.native, c.name)
}

func (c *call) forEach(p *box) goja.Value {
	var args []goja.Value
	if len(c.args) > 1 {
		args = append(args, c.whole(-1))
	}
	args = append(args, c.function())
	c.end()
	return c.native(p.native, c.name, args...)
}

// emit sends a value of the script's own.
func (c *call) emit() goja.Value {
	if len(c.args) == 0 {
		c.next++
		c.failArg("a value", jsNothing{})
	}
	c.next++
	v, err := c.collect(c.args[0], 0)
	if err != nil {
		c.fail("%w", err)
	}
	c.end()
	if v != nil {
		c.sent = true
		c.send(newRow(v))
	}
	return goja.Null()
}

func (q *run) send(row *Row) {
	c := &call{run: q, name: "emit"}
	c.native(q.cayley, "emit", q.vm.ToValue(row))
}

// sendValue sends the value of a script's last expression, a row for each item
// of a list.
func (q *run) sendValue(v goja.Value) (err error) {
	if exception := q.vm.Try(func() { err = q.sendItems(v) }); exception != nil {
		return exception
	}
	return err
}

// ErrUnrun is wrapped where a script ends in a path without all() or the like, so
// that nothing has walked it.
var ErrUnrun = errors.New("the script ends in a path that nothing runs; end it with .all()")

var errUncalled = errors.New("the script ends in a function that nothing calls; did you mean .all()?")

func (q *run) sendItems(v goja.Value) error {
	x := classify(v)
	if b, ok := x.(*box); ok && b.filter == nil && b.verb == "" {
		return &ScriptError{Err: ErrUnrun}
	}
	if _, ok := x.(jsFunc); ok {
		return &ScriptError{Err: errUncalled}
	}
	all, err := q.collect(v, 0)
	if err != nil {
		return &ScriptError{Err: err}
	}
	items, ok := all.([]any)
	if !ok {
		items = []any{all}
	}
	for _, item := range items {
		if item != nil {
			q.send(newRow(item))
		}
	}
	return nil
}
