package render_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/entente-kg/entente/graph/render"
)

// A fact is the same JSON as encoding/json makes of it, whichever of its fields are set.
func TestAppendJSON(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	filler := factFiller{random, []string{"", "a", "", "met", "谢 锋", "say \"no\"\\", "\x00\x1f\b\f\n\r\t\x7f", "<&>", "\u2028\u2029\u202e", "\xff\xe8\xb0", "\ufffd"}}
	for range 2000 {
		var f render.Fact
		filler.fill(reflect.ValueOf(&f).Elem())
		checkJSON(t, &f)
	}
}

// factFiller sets all exported fields of a value to random values.
type factFiller struct {
	*rand.Rand
	texts []string
}

func (r factFiller) fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				r.fill(v.Field(i))
			}
		}
	case reflect.Pointer:
		if r.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			r.fill(v.Elem())
		}
	case reflect.Slice:
		if n := r.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				r.fill(v.Index(i))
			}
		}
	case reflect.String:
		v.SetString(r.texts[r.IntN(len(r.texts))])
	case reflect.Int:
		v.SetInt(int64(r.IntN(3) * r.IntN(100)))
	case reflect.Float64:
		v.SetFloat([]float64{0, 1, 0.61, 1e-7, r.Float64()}[r.IntN(5)])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	default:
		panic("a field of another kind: " + v.Kind().String())
	}
}

func checkJSON(t *testing.T, f *render.Fact) {
	t.Helper()
	var want bytes.Buffer
	e := json.NewEncoder(&want)
	e.SetEscapeHTML(false)
	if err := e.Encode(f); err != nil {
		t.Fatal(err)
	}
	if got := f.AppendJSON([]byte(" ")); string(got[1:])+"\n" != want.String() {
		t.Fatalf("got\n%s\nwant\n%s", got[1:], &want)
	}
}

func FuzzAppendJSON(f *testing.F) {
	f.Add("Xie Feng met Ely Ratner", 0.5)
	f.Add("\x00 \" \\ \u2028 \xff 谢", 1e-9)
	f.Fuzz(func(t *testing.T, text string, confidence float64) {
		if confidence > 0 && confidence <= 1 {
			checkJSON(t, &render.Fact{Sentence: text, Topic: text, Evidence: []render.Evidence{{Quote: text, Confidence: confidence}}})
		}
	})
}
