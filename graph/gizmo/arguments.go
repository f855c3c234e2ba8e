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

// arguments are the arguments of one call by the script. Methods read them in
// order and throw JavaScript errors that name the called method and the argument.
type arguments struct {
	vm   *goja.Runtime
	name string // of the called method or function
	list []goja.Value
	next int
}

// fail throws an error into the script.
func (a *arguments) fail(format string, args ...any) {
	panic(a.vm.NewGoError(fmt.Errorf(a.name+": "+format, args...)))
}

func (a *arguments) failArg(want string, got any) {
	a.fail("argument %d must be %s; got %s", a.next, want, describe(got))
}

func (a *arguments) more() bool { return a.next < len(a.list) }

// peek classifies the next argument without reading it.
func (a *arguments) peek() any {
	if !a.more() {
		return jsNothing{}
	}
	return classify(a.list[a.next])
}

func (a *arguments) read() any {
	x := a.peek()
	a.next++
	return x
}

// refuseRest throws an error if there are more arguments.
func (a *arguments) refuseRest() {
	if a.more() {
		a.fail("takes %s; got %d", plural(a.next, "argument"), len(a.list))
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
func (a *arguments) value(want string) quad.Value {
	return a.asValue(a.read(), want)
}

func (a *arguments) asValue(x any, want string) quad.Value {
	v, err := graphValue(x)
	if errors.Is(err, errArgumentKind) {
		a.failArg(want, x)
	}
	if err != nil {
		a.fail("argument %d %v", a.next, err)
	}
	return v
}

// maxItems bounds the length of a list among the arguments.
const maxItems = 1 << 20

func (a *arguments) items(list jsList) []goja.Value {
	n := list.length()
	if n == 0 {
		a.fail("argument %d is an empty list", a.next)
	}
	if n > maxItems {
		a.fail("argument %d is a list of %d, more than %d", a.next, n, maxItems)
	}
	items := make([]goja.Value, n)
	for i := range items {
		items[i] = list.Get(strconv.Itoa(i))
	}
	return items
}

func (a *arguments) text(want string) string {
	x := a.read()
	s, ok := x.(string)
	if !ok {
		a.failArg(want, x)
	}
	return s
}

const wantText = "a string that is not empty"

func (a *arguments) nonEmptyText() goja.Value {
	s := a.text(wantText)
	if s == "" {
		a.failArg(wantText, s)
	}
	return a.vm.ToValue(s)
}

const wantTag = "a tag: a string that is not empty"

// tags reads all further arguments, and the items of lists among them, as tags.
func (a *arguments) tags() []goja.Value {
	var all []goja.Value
	add := func(x any) {
		s, ok := x.(string)
		if !ok || s == "" {
			a.failArg(wantTag, x)
		}
		all = append(all, a.vm.ToValue(s))
	}
	for a.more() {
		x := a.read()
		list, ok := x.(jsList)
		if !ok {
			add(x)
			continue
		}
		for _, item := range a.items(list) {
			add(classify(item))
		}
	}
	return all
}

// optionalTags reads tags; null stands for no tag.
func (a *arguments) optionalTags() []goja.Value {
	for a.more() && (a.peek() == nil || a.peek() == jsNothing{}) {
		a.read()
	}
	return a.tags()
}

// wholeNumber reads a whole number that is least or more.
func (a *arguments) wholeNumber(least int64) goja.Value {
	x := a.read()
	n, ok := x.(int64)
	if f, isFloat := x.(float64); isFloat && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		n, ok = int64(f), true
	}
	if !ok || n < least || n > math.MaxInt32 {
		a.failArg(fmt.Sprintf("a whole number from %d to %d", least, math.MaxInt32), x)
	}
	return a.vm.ToValue(n)
}

// refuseZero refuses the limit 0 as the next argument. It returns the least
// limit, -1, which stands for no limit.
func (a *arguments) refuseZero() (least int64) {
	if x := a.peek(); x == any(int64(0)) || x == any(float64(0)) {
		a.fail("0 rows are not an answer; write -1 for all rows")
	}
	return -1
}

func (a *arguments) function() goja.Value {
	x := a.read()
	if _, ok := x.(jsFunc); !ok {
		a.failArg("a function", x)
	}
	return a.list[a.next-1]
}

// recoverPanic turns a runtime error of this package into an error of the script.
func (a *arguments) recoverPanic() {
	x := recover()
	if slip, ok := x.(runtime.Error); ok {
		a.fail("cannot do this: %w", slip)
	}
	if x != nil {
		panic(x)
	}
}

// rethrow throws an error that a call of JavaScript returned.
func (a *arguments) rethrow(err error) {
	var interrupted *goja.InterruptedError
	var overflow *goja.StackOverflowError
	var exception *goja.Exception
	if errors.As(err, &exception) {
		if cause, ok := exportValue(exception.Value()).(error); ok {
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
	a.fail("%w", err)
}
