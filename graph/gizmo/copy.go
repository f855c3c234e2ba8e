package gizmo

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// maxDepth bounds the nesting of values that a script emits.
const maxDepth = 100

var errNested = errors.New("the value is nested too deeply, or within itself")

// copyValue copies a value out of JavaScript: quad values, lists and objects.
func (q *run) copyValue(v goja.Value, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errNested
	}
	if o, ok := v.(*goja.Object); ok {
		if err := opaqueError(o); err != nil {
			return nil, err
		}
	}
	switch x := classify(v).(type) {
	case nil, jsNothing:
		return nil, nil
	case string:
		return parseValue(wellFormed(v, x)), nil
	case bool:
		return quad.Bool(x), nil
	case int64:
		return quad.Int(x), nil
	case float64:
		return quad.Float(x + 0), nil // -0 is 0
	case time.Time:
		if year := x.UTC().Year(); year < 0 || year > 9999 {
			return nil, fmt.Errorf("a Date of the year %d is no result: years go from 0 to 9999", year)
		}
		return quad.Time(x), nil
	case quad.Value:
		return x, nil
	case *wrapper:
		if x.verb != "" {
			return x.verb, nil
		}
		return nil, errors.New(x.describe() + " is no result; end it with .toArray()")
	case jsList:
		return q.copyList(x, depth)
	case jsFunc, jsOther:
		return nil, errors.New(describe(x) + " is no result")
	}
	return q.copyObject(v.(*goja.Object), depth)
}

// opaqueError returns the error of an object whose content cannot be copied, such
// as a Map.
func opaqueError(o *goja.Object) error {
	switch {
	case o.ExportType() == wrapperType || o.ClassName() == "Array":
		return nil
	case o.ClassName() == "RegExp":
		return errors.New("a RegExp is no result")
	case o.ClassName() == "Error":
		return errors.New("an Error is no result; give its message, as in String(x)")
	case o.ClassName() == "Date" && o.Export() == nil:
		return errors.New("an invalid Date is no result")
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
	case "ArrayBuffer", "DataView", "SharedArrayBuffer":
		return fmt.Errorf("an object of type %s is no result; make it a list, as in Array.from(new Uint8Array(x))", name)
	case "WeakMap", "WeakSet":
		return fmt.Errorf("a %s is no result", name)
	}
	return nil
}

func (q *run) copyList(l jsList, depth int) (any, error) {
	n := l.length()
	if n > maxItems {
		return nil, errors.New("the list is too long to be a result")
	}
	list := make([]any, n)
	for i := range list {
		item, err := q.copyValue(l.Get(strconv.Itoa(i)), depth+1)
		if err != nil {
			return nil, err
		}
		list[i] = item
	}
	return list, nil
}

func (q *run) copyObject(o *goja.Object, depth int) (any, error) {
	if o.ExportType().Kind() == reflect.Pointer {
		return nil, errors.New("an object that is no data is no result")
	}
	object := make(map[string]any)
	for _, key := range o.Keys() {
		if strings.ContainsRune(key, utf8.RuneError) {
			return q.copyObjectWithSurrogates(o, depth)
		}
		item, err := q.copyValue(o.Get(key), depth+1)
		if err != nil {
			return nil, err
		}
		object[key] = item
	}
	return object, nil
}

// copyObjectWithSurrogates is copyObject for an object with a key that contains
// half of a surrogate pair. No Go string holds such a key, so the values are read
// with the script's own keys.
func (q *run) copyObjectWithSurrogates(o *goja.Object, depth int) (any, error) {
	keys, err := q.keysOf(goja.Undefined(), o)
	if err != nil {
		return nil, err
	}
	object := make(map[string]any)
	list := keys.ToObject(q.vm)
	for i := range list.Get("length").ToInteger() {
		key := list.Get(strconv.FormatInt(i, 10))
		v, err := q.valueOf(goja.Undefined(), o, key)
		if err != nil {
			return nil, err
		}
		item, err := q.copyValue(v, depth+1)
		if err != nil {
			return nil, err
		}
		name := wellFormed(key, key.String())
		for _, taken := object[name]; taken; _, taken = object[name] {
			name += "'" // another key has the same written form
		}
		object[name] = item
	}
	return object, nil
}

// wellFormed returns a string of a script in which halves of surrogate pairs are
// written as in JavaScript, \ud800.
func wellFormed(v goja.Value, text string) string {
	units, ok := v.(goja.String)
	if !ok || !strings.ContainsRune(text, utf8.RuneError) {
		return text
	}
	var b strings.Builder
	for i := 0; i < units.Length(); i++ {
		r := rune(units.CharAt(i))
		if !utf16.IsSurrogate(r) {
			b.WriteRune(r)
			continue
		}
		if i+1 < units.Length() {
			if whole := utf16.DecodeRune(r, rune(units.CharAt(i+1))); whole != utf8.RuneError {
				b.WriteRune(whole)
				i++
				continue
			}
		}
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return b.String()
}
