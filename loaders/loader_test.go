package loaders_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"reflect"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// pairLoader is a loader outside of the package: each line "person:a person:b" is a
// meeting.
type pairLoader struct{}

func (pairLoader) Load(_ context.Context, name string, r io.Reader) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		lines := bufio.NewScanner(r)
		for n := 1; lines.Scan(); n++ {
			pos := schema.Position{File: name, Line: n}
			a, b, ok := strings.Cut(lines.Text(), " ")
			if !ok {
				yield(nil, &loaders.RowError{Pos: pos, Err: errors.New("want two ids"), Text: lines.Text()})
				continue
			}
			for _, id := range []string{a, b} {
				if !yield(schema.Entity{ID: schema.ID(id), Kind: schema.Person, Label: id, Pos: pos}, nil) {
					return
				}
			}
			f := schema.Fact{Verb: "met", Pos: pos, Evidence: []schema.Evidence{{Source: "doc:x"}}}
			f.Roles = []schema.Participant{{Role: schema.RoleParty, ID: schema.ID(a)}, {Role: schema.RoleParty, ID: schema.ID(b)}}
			if !yield(f, nil) {
				return
			}
		}
	}
}

func TestALoaderOfOnesOwn(t *testing.T) {
	in, err := loaders.OpenWith(pairLoader{}, "p.pairs", []byte("person:a person:b\nperson:a\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := collect(t, in)
	if len(r.entities) != 2 || len(r.facts) != 1 || r.facts[0].Evidence[0].Dataset != "p" {
		t.Errorf("got %+v", r)
	}
	if len(r.rows) != 1 || r.rows[0].Error() != "p.pairs:2: want two ids" {
		t.Errorf("got %v", r.rows)
	}
}

func TestForFile(t *testing.T) {
	for _, c := range []struct {
		name, head string
		want       loaders.Loader
	}{
		{"a.YAML", "", loaders.YAML{}},
		{"a.yml", "{", loaders.YAML{}},
		{"a.json", "", loaders.JSON{}},
		{"a.ndjson", "", loaders.JSONLines{}},
		{"a.tsv", "", loaders.CSV{}},
		{"a", "\ufeffpeople:\n  - A\n", loaders.YAML{}},
		{"a", "---\npeople: [A]\n", loaders.YAML{}},
		{"a", `{"people": []}`, loaders.JSON{}},
		{"a", "\n[", loaders.JSON{}},
		{"a", "{\"kind\": \"Person\"}\n{\"kind\": \"Person\"}\n", loaders.JSONLines{}},
		{"a", "from;to\n", loaders.CSV{}},
		{"a", "just words", nil},
		{"a", "a,b\n\x00", nil},
	} {
		got, err := loaders.ForFile(c.name, []byte(c.head))
		if (err == nil) != (c.want != nil) || reflect.TypeOf(got) != reflect.TypeOf(c.want) {
			t.Errorf("ForFile(%q, %q) = %T, %v; want %T", c.name, c.head, got, err, c.want)
		}
	}
}
