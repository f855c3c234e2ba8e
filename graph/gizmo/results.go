package gizmo

import (
	"errors"

	"github.com/dop251/goja"
)

func resultMethods() []pathMethod {
	return []pathMethod{
		{[]string{"all"}, sendAll},
		{[]string{"getLimit"}, sendFirst},
		{[]string{"toArray"}, rowsToArray},
		{[]string{"tagArray"}, rowsToArray},
		{[]string{"toValue"}, runNative},
		{[]string{"tagValue"}, runNative},
		{[]string{"count"}, runNative},
		{[]string{"forEach", "map"}, forEachRow},
	}
}

func sendAll(c *call, p *wrapper) goja.Value {
	c.args.refuseRest()
	c.run.sentRows = true
	return c.engine.call(p.native, "getLimit", c.vm.ToValue(-1))
}

// sendFirst is getLimit: it sends the first rows. Since Cayley applies the limit
// to all rows that the session sends later, sendFirst then sends an empty path
// without a limit.
func sendFirst(c *call, p *wrapper) goja.Value {
	limit := c.args.wholeNumber(c.args.refuseZero())
	c.args.refuseRest()
	c.run.sentRows = true
	v := c.engine.call(p.native, "getLimit", limit)
	none := c.engine.callG("V", c.vm.ToValue(bootNode)).(*goja.Object)
	c.engine.call(none, "getLimit", c.vm.ToValue(-1))
	return v
}

// rowsToArray is toArray or tagArray, with an optional limit. Cayley's own
// toArray drops rows, depending on the plan, so both call tagArray.
func rowsToArray(c *call, p *wrapper) goja.Value {
	var args []goja.Value
	if c.args.more() {
		args = append(args, c.args.wholeNumber(-1))
	}
	c.args.refuseRest()
	rows := c.engine.call(p.native, "tagArray", args...)
	if c.args.name == "tagArray" {
		return rows
	}
	nodes := []any{}
	for _, row := range rows.Export().([]map[string]any) {
		nodes = append(nodes, row["id"])
	}
	return c.vm.ToValue(nodes)
}

func runNative(c *call, p *wrapper) goja.Value {
	c.args.refuseRest()
	return c.engine.call(p.native, c.args.name)
}

func forEachRow(c *call, p *wrapper) goja.Value {
	var args []goja.Value
	if len(c.args.list) > 1 {
		args = append(args, c.args.wholeNumber(-1))
	}
	args = append(args, c.args.function())
	c.args.refuseRest()
	return c.engine.call(p.native, c.args.name, args...)
}

// emitValue is emit: it sends a value of the script.
func emitValue(c *call) goja.Value {
	if len(c.args.list) == 0 {
		c.args.next++
		c.args.failArg("a value", jsNothing{})
	}
	c.args.next++
	v, err := c.run.copyValue(c.args.list[0], 0)
	if err != nil {
		c.args.fail("%w", err)
	}
	c.args.refuseRest()
	if v != nil {
		c.run.sentRows = true
		c.run.send(emittedRow(v))
	}
	return goja.Null()
}

func (q *run) send(row *Row) {
	c := q.call("emit", nil)
	c.engine.callG("emit", q.vm.ToValue(row))
}

// sendValue sends the value of a script's last expression, with one row for each
// item of a list.
func (q *run) sendValue(v goja.Value) (err error) {
	if exception := q.vm.Try(func() { err = q.sendItems(v) }); exception != nil {
		return exception
	}
	return err
}

// ErrNotRun is wrapped by the error of a script that ends in a path without a
// method such as all() that runs it.
var ErrNotRun = errors.New("the script ends in a path that nothing runs; end it with .all()")

var errNotCalled = errors.New("the script ends in a function that nothing calls; did you mean .all()?")

func (q *run) sendItems(v goja.Value) error {
	x := classify(v)
	if b, ok := x.(*wrapper); ok && b.filter == nil && b.verb == "" {
		return &ScriptError{Err: ErrNotRun}
	}
	if _, ok := x.(jsFunc); ok {
		return &ScriptError{Err: errNotCalled}
	}
	all, err := q.copyValue(v, 0)
	if err != nil {
		return &ScriptError{Err: err}
	}
	items, ok := all.([]any)
	if !ok {
		items = []any{all}
	}
	for _, item := range items {
		if item != nil {
			q.send(emittedRow(item))
		}
	}
	return nil
}
