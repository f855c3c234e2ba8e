package gizmo_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	cgraph "github.com/cayleygraph/cayley/graph"

	"github.com/entente-kg/entente/graph/gizmo"
)

// snapshot is a snapshot of the small graph in the project's store.
func snapshot(t testing.TB) cgraph.QuadStore {
	t.Helper()
	return snapshotOf(t, quads())
}

// The project's store and Cayley's memstore give equal answers. Scripts that cut
// an unordered path are left out, since the order is the store's own.
func TestSameOnSnapshot(t *testing.T) {
	snap, mem := snapshot(t), memory(t)
	for _, script := range commonScripts {
		if slices.Contains(orderedScripts, script) {
			continue
		}
		want, err := wrapped(t.Context(), mem, script)
		if err != nil {
			t.Fatal(err)
		}
		got, err := wrapped(t.Context(), snap, script)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q, %v\nwant %q", script, got, err, want)
		}
	}
}

func TestPreludeOnSnapshot(t *testing.T) {
	r := gizmo.New(snapshot(t), nil)
	for script, want := range map[string]int{
		`edges("Xie Feng", verb.met, "Ely Ratner").out("<dip:evidence>").save("<dip:quote>", "quote").all()`: 1,
		`g.V().has("<rdf:type>", verb.met).follow(between("2023-06", "2023-07")).all()`:                      2,
		`g.V().has("<dip:from>", gte(date("2023-06-15"))).all()`:                                             2,
		`entity("Ely Ratner").labelContext(g.V(), "fact").out(verb.met).all()`:                               1,
	} {
		if rows, err := collect(t.Context(), r, script, gizmo.Limits{}); err != nil || len(rows) != want {
			t.Errorf("%s: %q, %v", script, rows, err)
		}
	}
}

func TestWeirdCallsOnSnapshot(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of calls")
	}
	for row, err := range gizmo.New(snapshot(t), nil).Run(t.Context(), weirdCalls, gizmo.Limits{Timeout: 2 * time.Minute}) {
		if err != nil {
			t.Fatal(err)
		}
		if odd := row.Text("odd"); odd != "" {
			t.Error(odd)
		}
	}
}

func TestTimeoutOnSnapshot(t *testing.T) {
	for _, script := range endless {
		start := time.Now()
		_, err := collect(context.Background(), gizmo.New(snapshot(t), nil), script, gizmo.Limits{Timeout: 50 * time.Millisecond})
		if !errors.Is(err, gizmo.ErrTimeout) || time.Since(start) > 5*time.Second {
			t.Errorf("%s: %v after %v", script, err, time.Since(start))
		}
	}
}
