package gizmo

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/cayleygraph/quad"
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

// maxNested bounds the depth of what a script emits.
const maxNested = 100

var errNested = errors.New("the value is nested too deeply, or within itself")

// collect copies a value out of JavaScript: quad values, lists and objects.
func (q *run) collect(v goja.Value, depth int) (any, error) {
	if depth > maxNested {
		return nil, errNested
	}
	if o, ok := v.(*goja.Object); ok {
		if err := hidden(o); err != nil {
			return nil, err
		}
	}
	switch x := classify(v).(type) {
	case nil, jsNothing:
		return nil, nil
	case string:
		return parseValue(x), nil
	case bool:
		return quad.Bool(x), nil
	case int64:
		return quad.Int(x), nil
	case float64:
		return quad.Float(x), nil
	case time.Time:
		return quad.Time(x), nil
	case quad.Value:
		return x, nil
	case *box:
		if x.verb != "" {
			return x.verb, nil
		}
		return nil, errors.New(x.describe() + " is no result; end it with .toArray()")
	case jsList:
		return q.collectList(x, depth)
	case jsFunc, jsOther:
		return nil, errors.New(describe(x) + " is no result")
	}
	return q.collectObject(v.(*goja.Object), depth)
}

// hidden is the error of an object that keeps what it holds to itself.
func hidden(o *goja.Object) error {
	switch {
	case o.ExportType() == boxType || o.ClassName() == "Array":
		return nil
	case o.ClassName() == "RegExp":
		return errors.New("a RegExp is no result")
	}
	tag := o.GetSymbol(goja.SymToStringTag)
	if tag == nil {
		return nil
	}
	switch name := tag.String(); name {
	case "Promise":
		return errors.New("a Promise is no result: nothing waits for it; do without async and await")
	case "Map", "Set", "Generator", "Array Iterator", "Map Iterator", "Set Iterator", "String Iterator":
		return fmt.Errorf("a %s is no result; make it a list, as in Array.from(x)", name)
	case "WeakMap", "WeakSet":
		return fmt.Errorf("a %s is no result", name)
	}
	return nil
}

func (q *run) collectList(l jsList, depth int) (any, error) {
	n := l.length()
	if n > maxItems {
		return nil, errors.New("the list is too long to be a result")
	}
	list := make([]any, n)
	for i := range list {
		item, err := q.collect(l.Get(strconv.Itoa(i)), depth+1)
		if err != nil {
			return nil, err
		}
		list[i] = item
	}
	return list, nil
}

func (q *run) collectObject(o *goja.Object, depth int) (any, error) {
	if o.ExportType().Kind() == reflect.Pointer {
		return nil, errors.New("an object that is no data is no result")
	}
	object := make(map[string]any)
	for _, key := range o.Keys() {
		item, err := q.collect(o.Get(key), depth+1)
		if err != nil {
			return nil, err
		}
		object[key] = item
	}
	return object, nil
}
