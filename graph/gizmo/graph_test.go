package gizmo_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

// records are a small graph: three people who met, visited and asked each other.
func records() []schema.Record {
	person := func(id schema.ID, label string) schema.Entity {
		return schema.Entity{ID: id, Kind: schema.Person, Label: label}
	}
	fact := func(verb schema.Verb, when string, status schema.Status, quote string, parties ...schema.ID) schema.Fact {
		return schema.Fact{
			Verb: verb, When: schema.When{Written: when}, Status: status,
			Roles:    []schema.Participant{{Role: schema.RoleActor, ID: parties[0]}, {Role: schema.RoleRecipient, ID: parties[1]}},
			Evidence: []schema.Evidence{{Dataset: "test", Source: "doc:article", Quote: quote, Confidence: 0.5}},
		}
	}
	denied := fact("called", "", schema.Happened, "never called", "person:xie-feng", "person:li-hui")
	denied.Evidence[0].Stance, denied.Evidence[0].Confidence = schema.Denies, 0
	return []schema.Record{
		denied,
		person("person:xie-feng", "Xie Feng"), person("person:ely-ratner", "Ely Ratner"),
		person("person:li-shangfu", "Li Shangfu"), person("person:li-hui", "Li Hui"),
		fact("met", "2023-07-12", schema.Happened, "met at the Pentagon", "person:xie-feng", "person:ely-ratner"),
		fact("met", "../2021", schema.Happened, "had met before", "person:xie-feng", "person:li-shangfu"),
		fact("met", "", schema.Happened, "met once", "person:xie-feng", "person:li-hui"),
		fact("met", "2023-06", schema.Refused, "no meeting", "person:ely-ratner", "person:li-shangfu"),
		fact("visited", "2023-06-18", schema.Happened, "came", "person:ely-ratner", "person:li-hui"),
	}
}

// quads are the records as stored, with their edges and a name that two entities
// have.
func quads() []quad.Quad {
	v := schema.DefaultVocabulary()
	var all []quad.Quad
	for _, r := range records() {
		if f, ok := r.(schema.Fact); ok {
			f = v.Normalize(f)
			r, all = f, append(all, v.Derived(f)...)
		}
		encoded, err := v.Encode("test", r)
		if err != nil {
			panic(err)
		}
		all = append(all, encoded...)
	}
	for _, id := range []schema.ID{"person:li-hui", "person:li-shangfu"} {
		all = append(all, quad.Make(id.Value(), schema.NameTerm, "li", schema.DatasetValue("test")))
	}
	return all
}

func memoryStore() cgraph.QuadStore { return memstore.New(quads()...) }

func memory(t testing.TB) cgraph.QuadStore {
	t.Helper()
	qs := memoryStore()
	t.Cleanup(func() { qs.Close() })
	return qs
}

// run returns the rows of a script as text, column by column, and its error.
func run(t testing.TB, script string) ([]string, error) {
	t.Helper()
	return collect(t.Context(), gizmo.New(memory(t), nil), script, gizmo.Limits{})
}

// runner runs scripts in this process or in a child.
type runner interface {
	Run(ctx context.Context, script string, l gizmo.Limits) iter.Seq2[gizmo.Row, error]
}

func collect(ctx context.Context, r runner, script string, l gizmo.Limits) ([]string, error) {
	var rows []string
	for row, err := range r.Run(ctx, script, l) {
		if err != nil {
			return rows, err
		}
		var cells []string
		for _, column := range row.Columns() {
			cells = append(cells, column+"="+row.Text(column))
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	slices.Sort(rows)
	return rows, nil
}

var errNone = errors.New("no error")
