package gizmo

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strconv"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// call is one call of a method or function by the script. Its readers take the
// arguments in order and throw JavaScript errors that name method and argument.
type call struct {
	*run
	name string
	args []goja.Value
	next int

	along int // steps of the paths among the arguments
	times int // how often Cayley walks the path before this step; zero for once
}

// fail throws an error into the script.
func (c *call) fail(format string, args ...any) {
	panic(c.vm.NewGoError(fmt.Errorf(c.name+": "+format, args...)))
}

func (c *call) failArg(want string, got any) {
	c.fail("argument %d must be %s; got %s", c.next, want, describe(got))
}

func (c *call) more() bool { return c.next < len(c.args) }

// peek classifies the next argument without taking it.
func (c *call) peek() any {
	if !c.more() {
		return jsNothing{}
	}
	return classify(c.args[c.next])
}

func (c *call) take() any {
	x := c.peek()
	c.next++
	return x
}

// end refuses arguments that nothing would read.
func (c *call) end() {
	if c.more() {
		c.fail("takes %s; got %d", plural(c.next, "argument"), len(c.args))
	}
}

func plural(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun + "s"
	case 1:
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// value reads a node or a predicate.
func (c *call) value(want string) quad.Value {
	return c.checked(c.take(), want)
}

func (c *call) checked(x any, want string) quad.Value {
	v, err := graphValue(x)
	if errors.Is(err, errKind) {
		c.failArg(want, x)
	}
	if err != nil {
		c.fail("argument %d %v", c.next, err)
	}
	return v
}

const aNode = "an IRI, a string, a number or a boolean"

// values reads all arguments that are left, lists among them, as nodes that may
// be at a place.
func (c *call) values(at slot) []goja.Value {
	var all []goja.Value
	add := func(v quad.Value) { all = append(all, c.vm.ToValue(c.fit(c.node(v), at))) }
	for c.more() {
		x := c.take()
		list, ok := x.(jsList)
		if !ok {
			add(c.checked(x, aNode))
			continue
		}
		for _, item := range c.items(list) {
			add(c.checked(classify(item), "a list of nodes"))
		}
	}
	return all
}

// maxItems bounds the list that an argument may be.
const maxItems = 1 << 20

func (c *call) items(list jsList) []goja.Value {
	n := list.length()
	if n == 0 {
		c.fail("argument %d is an empty list", c.next)
	}
	if n > maxItems {
		c.fail("argument %d is a list of %d, more than %d", c.next, n, maxItems)
	}
	items := make([]goja.Value, n)
	for i := range items {
		items[i] = list.Get(strconv.Itoa(i))
	}
	return items
}

const aVia = "an IRI, a string or a path"

// via reads what to walk along: predicates, a path whose nodes they are, or
// null for all of them. The predicates are nil where only running tells them.
func (c *call) via(want string, check func(quad.Value) quad.Value) (native goja.Value, predicates []quad.Value) {
	x := c.take()
	switch x := x.(type) {
	case nil, jsNothing:
		return goja.Null(), nil
	case *box:
		if x.filter == nil && x.verb == "" {
			for _, v := range x.ends {
				check(v)
			}
			c.along += x.steps
			return x.native, x.ends
		}
	case jsList:
		items := c.items(x)
		list := make([]any, len(items))
		for i, item := range items {
			v := check(c.checked(classify(item), "a list of IRIs"))
			list[i], predicates = v, append(predicates, v)
		}
		return c.vm.ToValue(list), predicates
	}
	v := check(c.checked(x, want))
	return c.vm.ToValue(v), []quad.Value{v}
}

// path reads a path to follow, join or leave out.
func (c *call) path() *box {
	x := c.take()
	b, ok := x.(*box)
	if !ok || b.filter != nil {
		c.failArg("a path", x)
	}
	c.along += b.steps
	return b
}

func (c *call) text(want string) string {
	x := c.take()
	s, ok := x.(string)
	if !ok {
		c.failArg(want, x)
	}
	return s
}

const aTag = "a tag: a string that is not empty"

// tags reads all arguments that are left, lists among them, as tags.
func (c *call) tags() []goja.Value {
	var all []goja.Value
	add := func(x any) {
		s, ok := x.(string)
		if !ok || s == "" {
			c.failArg(aTag, x)
		}
		all = append(all, c.vm.ToValue(s))
	}
	for c.more() {
		x := c.take()
		list, ok := x.(jsList)
		if !ok {
			add(x)
			continue
		}
		for _, item := range c.items(list) {
			add(classify(item))
		}
	}
	return all
}

// optionalTags is tags where null stands for none.
func (c *call) optionalTags() []goja.Value {
	for c.more() && (c.peek() == nil || c.peek() == jsNothing{}) {
		c.take()
	}
	return c.tags()
}

// whole reads a whole number from least up.
func (c *call) whole(least int64) goja.Value {
	x := c.take()
	n, ok := x.(int64)
	if f, isFloat := x.(float64); isFloat && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		n, ok = int64(f), true
	}
	if !ok || n < least || n > math.MaxInt32 {
		c.failArg(fmt.Sprintf("a whole number from %d to %d", least, math.MaxInt32), x)
	}
	return c.vm.ToValue(n)
}

func (c *call) function() goja.Value {
	x := c.take()
	if _, ok := x.(jsFunc); !ok {
		c.failArg("a function", x)
	}
	return c.args[c.next-1]
}

// maxSteps bounds a path: Cayley plans paths by recursion, and some steps take
// a copy of all before them.
const maxSteps = 4096

// shield turns a slip of ours into an error of the script.
func (c *call) shield() {
	x := recover()
	if slip, ok := x.(runtime.Error); ok {
		c.fail("cannot do this: %w", slip)
	}
	if x != nil {
		panic(x)
	}
}

// native calls one of Cayley's methods. What it throws is thrown on; where it
// panics, the script gets an error instead.
func (c *call) native(this *goja.Object, method string, args ...goja.Value) goja.Value {
	f, ok := goja.AssertFunction(this.Get(method))
	if !ok {
		c.fail("no method %s", method)
	}
	v, err := guarded(f, this, args)
	if err != nil {
		c.rethrow(err)
	}
	return v
}

// errPanic is what Cayley's panics become.
var errPanic = errors.New("not possible in Cayley")

func guarded(f goja.Callable, this goja.Value, args []goja.Value) (v goja.Value, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("%w: %v", errPanic, x)
		}
	}()
	return f(this, args...)
}

// rethrow throws an error as a script would have thrown it.
func (c *call) rethrow(err error) {
	var interrupted *goja.InterruptedError
	var overflow *goja.StackOverflowError
	var exception *goja.Exception
	if errors.As(err, &exception) {
		if cause, ok := exported(exception.Value()).(error); ok {
			err = cause
		}
	}
	switch {
	case errors.As(err, &interrupted):
		panic(interrupted)
	case errors.As(err, &overflow):
		panic(overflow)
	case errors.As(err, &exception) && exception.Unwrap() == nil:
		panic(exception)
	}
	c.fail("%w", err)
}
