package gizmo

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

var (
	wrapperType = reflect.TypeFor[*wrapper]()
	timeType    = reflect.TypeFor[time.Time]()
	valueType   = reflect.TypeFor[quad.Value]()
)

// Types of the values that a script can pass, beside Go's own types.
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

// classify returns a value of a script as a Go value, if possible without running
// code of the script: nil for null, jsNothing for undefined, a string, bool,
// int64, float64, quad.Value, time.Time, *wrapper, or one of the types above.
func classify(v goja.Value) any {
	switch {
	case v == nil || goja.IsUndefined(v):
		return jsNothing{}
	case goja.IsNull(v):
		return nil
	}
	o, ok := v.(*goja.Object)
	if !ok {
		return classifyScalar(v)
	}
	if f, ok := goja.AssertFunction(o); ok {
		return jsFunc{f}
	}
	t := o.ExportType()
	switch {
	case t == nil:
		return jsObject{}
	case t == wrapperType, t == timeType, t.Implements(valueType):
		return o.Export()
	case o.ClassName() == "Array", t.Kind() == reflect.Slice:
		return jsList{o}
	case o.ClassName() == "String", o.ClassName() == "Number", o.ClassName() == "Boolean":
		return classifyScalar(o)
	}
	return jsObject{}
}

func classifyScalar(v goja.Value) any {
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

// describe describes a value of a script, for errors.
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
		return "the value " + shorten(scriptText(x))
	case time.Time:
		return "a JavaScript Date"
	case jsFunc:
		return "a function"
	case jsList:
		return "a list"
	case *wrapper:
		return x.describe()
	}
	return "an object"
}

// scriptText returns a value as it is written in scripts.
func scriptText(v quad.Value) string {
	switch v := v.(type) {
	case quad.Int, quad.Float, quad.Bool:
		return fmt.Sprint(v.Native())
	}
	return v.String()
}

func shorten(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// dateLike matches strings that look like dates and are plain strings for Cayley.
var dateLike = pattern.New(`^\d{4}-\d{2}(-\d{2})?([T ][\d:.]+.*)?$`)

// idLike matches an id without its angle brackets.
var idLike = pattern.New(`^(dip|data|evidence|rdf|rdfs|skos):[^\s<>"]+$`)

func looksLikeID(s string) bool {
	return idLike().MatchString(s) || schema.KindOf(schema.ID(s)) != "" && schema.CheckID(schema.ID(s)) == nil
}

// graphValue returns the node that an argument means, as Cayley does: a string in
// angle brackets is an IRI.
func graphValue(x any) (quad.Value, error) {
	switch x := x.(type) {
	case string:
		if looksLikeID(x) {
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
		return numberValue(x)
	case quad.Value:
		if quad.IsValidValue(x) {
			return x, nil
		}
		return nil, fmt.Errorf("is an empty id")
	case time.Time:
		return nil, fmt.Errorf(`is a JavaScript Date, which equals no date of the graph; write date("%s")`, x.Format(time.DateOnly))
	case *wrapper:
		if x.verb != "" {
			return x.verb, nil
		}
	}
	return nil, errArgumentKind
}

// errArgumentKind is the error of an argument of the wrong kind.
var errArgumentKind = fmt.Errorf("wrong kind")

func numberValue(f float64) (quad.Value, error) {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return nil, fmt.Errorf("is %v, which is no number of the graph", f)
	case f == math.Trunc(f) && math.Abs(f) < 1<<63:
		return quad.Int(f), nil
	}
	return quad.Float(f), nil
}

// parseValue parses the strings that Cayley passes to scripts for values.
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
