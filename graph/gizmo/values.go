package gizmo

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"github.com/entente-kg/entente/schema"
)

// box is a path or a filter as scripts hold it: Cayley's own object, out of
// reach, and what must be known to use it safely. It has nothing exported, so
// that JavaScript sees only the methods of its prototype.
type box struct {
	native *goja.Object
	filter *comparison  // set for filters alone
	verb   quad.IRI     // set for verbs alone
	ends   []quad.Value // the nodes that g.V or entity was given, where nothing follows

	steps int               // how many steps Cayley will walk
	forks int               // by how much the path multiplies the steps before it
	tags  []string          // where back can go
	walls map[string]string // tags that back cannot reach, and the step between
	wall  string            // a step that cannot be walked backwards

	tagged  []string // what the last step tagged
	context bool     // a label context is in force
	cut     string   // limit or skip, where one is part of the path

	at      sorts    // what the path has got to
	columns []string // what its rows have beside id
}

// block marks a step that followR cannot cross, and back to no tags but some.
func (b *box) block(step string, but ...string) {
	b.wall = step
	b.walls = withWalls(b.walls, step, slices.DeleteFunc(slices.Clone(b.tags), func(tag string) bool { return slices.Contains(but, tag) }))
}

// withWalls adds a step before tags that have none before them.
func withWalls(walls map[string]string, step string, tags []string) map[string]string {
	walls = maps.Clone(walls)
	if walls == nil {
		walls = make(map[string]string)
	}
	for _, tag := range tags {
		if walls[tag] == "" {
			walls[tag] = step
		}
	}
	return walls
}

var (
	boxType   = reflect.TypeFor[*box]()
	timeType  = reflect.TypeFor[time.Time]()
	valueType = reflect.TypeFor[quad.Value]()
)

// kinds of what a script can pass.
type (
	jsNothing struct{}
	jsObject  struct{}
	jsList    struct{ *goja.Object }
	jsFunc    struct{ goja.Callable }
	jsOther   string
)

func (l jsList) length() int64 {
	if n := l.Get("length"); n != nil {
		return n.ToInteger()
	}
	return 0
}

// classify tells what a script passed, without running any of the script's own
// code where it can: nil for null, jsNothing for undefined, a string, bool,
// int64, float64, quad.Value, time.Time, *box, or one of the kinds above.
func classify(v goja.Value) any {
	switch {
	case v == nil || goja.IsUndefined(v):
		return jsNothing{}
	case goja.IsNull(v):
		return nil
	}
	o, ok := v.(*goja.Object)
	if !ok {
		return scalar(v)
	}
	if f, ok := goja.AssertFunction(o); ok {
		return jsFunc{f}
	}
	t := o.ExportType()
	switch {
	case t == nil:
		return jsObject{}
	case t == boxType, t == timeType, t.Implements(valueType):
		return o.Export()
	case o.ClassName() == "Array", t.Kind() == reflect.Slice:
		return jsList{o}
	case o.ClassName() == "String", o.ClassName() == "Number", o.ClassName() == "Boolean":
		return scalar(o)
	}
	return jsObject{}
}

func scalar(v goja.Value) any {
	if _, ok := v.(*goja.Symbol); ok {
		return jsOther("a symbol")
	}
	switch x := v.Export().(type) {
	case string, bool, int64, float64:
		return x
	case *big.Int:
		return jsOther("a BigInt")
	}
	return jsOther("a symbol")
}

// describe names what a script passed, for errors.
func describe(x any) string {
	switch x := x.(type) {
	case nil:
		return "null"
	case jsNothing:
		return "nothing"
	case jsOther:
		return string(x)
	case string:
		return fmt.Sprintf("the string %q", shorten(x))
	case bool, int64, float64:
		return fmt.Sprintf("%v", x)
	case quad.Value:
		return "the value " + shorten(shown(x))
	case time.Time:
		return "a JavaScript Date"
	case jsFunc:
		return "a function"
	case jsList:
		return "a list"
	case *box:
		return x.describe()
	}
	return "an object"
}

// shown is a value as scripts write it.
func shown(v quad.Value) string {
	switch v := v.(type) {
	case quad.Int, quad.Float, quad.Bool:
		return fmt.Sprint(v.Native())
	}
	return v.String()
}

func (b *box) describe() string {
	switch {
	case b.filter != nil:
		return "a filter"
	case b.verb != "":
		return "a verb"
	}
	return "a path"
}

func shorten(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// dateLike matches what people take for a date and Cayley for a plain string.
var dateLike = regexp.MustCompile(`^\d{4}-\d{2}(-\d{2})?([T ][\d:.]+.*)?$`)

// idLike matches an id that lacks its angle brackets.
var idLike = regexp.MustCompile(`^(dip|data|evidence|rdf|rdfs|skos):[^\s<>"]+$`)

func unbracketed(s string) bool {
	return idLike.MatchString(s) || schema.KindOf(schema.ID(s)) != "" && schema.CheckID(schema.ID(s)) == nil
}

// graphValue reads an argument that stands for a node, as Cayley does: a string
// in angle brackets is an IRI.
func graphValue(x any) (quad.Value, error) {
	switch x := x.(type) {
	case string:
		if unbracketed(x) {
			return nil, fmt.Errorf("%q is a text; for the id write %q", x, "<"+x+">")
		}
		if v := quad.StringToValue(x); quad.IsValidValue(v) {
			return v, nil
		}
		return nil, fmt.Errorf("is an empty string")
	case bool:
		return quad.Bool(x), nil
	case int64:
		return quad.Int(x), nil
	case float64:
		return number(x)
	case quad.Value:
		if quad.IsValidValue(x) {
			return x, nil
		}
		return nil, fmt.Errorf("is an empty id")
	case time.Time:
		return nil, fmt.Errorf(`is a JavaScript Date, which equals no date of the graph; write date("%s")`, x.Format(time.DateOnly))
	case *box:
		if x.verb != "" {
			return x.verb, nil
		}
	}
	return nil, errKind
}

// errKind says only that an argument is of the wrong kind.
var errKind = fmt.Errorf("wrong kind")

func number(f float64) (quad.Value, error) {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return nil, fmt.Errorf("is %v, which is no number of the graph", f)
	case f == math.Trunc(f) && math.Abs(f) < 1<<63:
		return quad.Int(f), nil
	}
	return quad.Float(f), nil
}

// parseValue reads the strings that Cayley hands to scripts back into values.
func parseValue(s string) quad.Value {
	v := quad.StringToValue(s)
	if !quad.IsValidValue(v) {
		return quad.String(s)
	}
	switch t := v.(type) {
	case quad.TypedString:
		t.Value = quad.String(unescape.Replace(string(t.Value)))
		return t
	case quad.LangString:
		t.Value = quad.String(unescape.Replace(string(t.Value)))
		return t
	}
	return v
}

var unescape = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n", `\r`, "\r", `\t`, "\t")
