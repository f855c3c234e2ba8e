package gizmo_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

func TestIDsOfRows(t *testing.T) {
	run := func(script string) (ids []schema.ID, err error) {
		for row, err := range gizmo.New(memory(t), nil).Run(t.Context(), script, gizmo.Limits{}) {
			if err != nil {
				t.Fatalf("%s: %v", script, err)
			}
			found, err := row.IDs()
			if err != nil {
				return nil, err
			}
			ids = append(ids, found...)
		}
		return ids, nil
	}
	for script, want := range map[string][]schema.ID{
		`g.V("<person:xie-feng>").tag("who").all()`:                         {"person:xie-feng", "person:xie-feng"},
		`g.emit({b: [iri("person:a"), null], a: {x: iri("person:c")}})`:     {"person:c", "person:a"},
		`g.V("<person:xie-feng>").forEach(function(d) { g.emit([d.id]); })`: {"person:xie-feng"},
	} {
		if ids, err := run(script); err != nil || !slices.Equal(ids, want) {
			t.Errorf("%s: %v %v, want %v", script, ids, err, want)
		}
	}
	for _, script := range []string{`g.emit("person:a")`, `g.emit(3)`, `g.emit({a: [true]})`, `g.emit([["x"]])`} {
		if ids, err := run(script); !errors.Is(err, graph.ErrQuery) {
			t.Errorf("%s: %v %v", script, ids, err)
		}
	}
}
