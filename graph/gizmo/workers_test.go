package gizmo_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// program starts the test binary again as a child.
var program gizmo.Program

func TestMain(m *testing.M) {
	program = gizmo.Main(gizmo.Job{Name: "length", Run: length})
	os.Exit(m.Run())
}

// testGraph returns the folder of a graph with the records.
func testGraph(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "g")
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.Load(t.Context(), "test", func(yield func(schema.Record, error) bool) {
		for _, r := range append(records(), schema.Document{Entity: schema.Entity{ID: "doc:article", Kind: schema.Doc, Label: "An article"}}) {
			if !yield(r, nil) {
				return
			}
		}
	}, nil)
	if err := errors.Join(err, g.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// workersOn returns workers that the end of the test closes.
func workersOn(t testing.TB, dir string, memory int64) *gizmo.Workers {
	t.Helper()
	w, err := gizmo.NewWorkers(program, dir, &gizmo.WorkerOptions{Memory: memory, Names: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// room is enough memory for a harmless script.
func room() int64 {
	if underRace {
		return 1 << 40
	}
	return 256 << 20
}

// TestWorkersAnswerAsRunners compares the rows of workers and runners.
func TestWorkersAnswerAsRunners(t *testing.T) {
	dir := testGraph(t)
	w := workersOn(t, dir, room())
	g, err := graph.Open(t.Context(), dir, &graph.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	snapshot, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer snapshot.Close()
	here := gizmo.New(cayley.New(snapshot), nil)
	scripts := append(slices.Clone(commonScripts), `[1, 0.5, true, "a", lang("a", "en"), typed("1", "<x>"), date("2023-07-12"), iri("b"), bnode("c"), [{a: null}], NaN, new Date(0)]`,
		`g.emit({list: [1, "<a>", {b: null}], ok: true})`, `g.V("<person:xie-fen>").all()`, `g.V(`, `throw new Error("no")`)
	for _, script := range scripts {
		want, failed := collect(t.Context(), here, script, gizmo.Limits{})
		got, err := collect(t.Context(), w, script, gizmo.Limits{})
		if !slices.Equal(got, want) || (err == nil) != (failed == nil) || err != nil && err.Error() != failed.Error() {
			t.Errorf("%s\ngot  %q, %v\nwant %q, %v", script, got, err, want, failed)
		}
	}
	for row, err := range w.Run(t.Context(), `g.V("<person:xie-feng>").all()`, gizmo.Limits{}) {
		if err != nil || row.Name("id") != "Xie Feng" {
			t.Errorf("its name is %q, %v", row.Name("id"), err)
		}
		if b, err := json.Marshal(row); err != nil || string(b) != `{"id":"person:xie-feng"}` {
			t.Errorf("got %s, %v", b, err)
		}
	}
}

// TestWorkersKeepErrorsApart checks that callers can tell errors apart.
func TestWorkersKeepErrorsApart(t *testing.T) {
	w := workersOn(t, testGraph(t), room())
	for script, c := range map[string]struct {
		limits gizmo.Limits
		want   error
		line   int
	}{
		"\n while (true) { g.M() }":     {gizmo.Limits{Timeout: 50 * time.Millisecond}, gizmo.ErrTimeout, 2},
		`g.V().all()`:                   {gizmo.Limits{Rows: 2}, gizmo.ErrRows, 0},
		`g.emit("x".repeat(1000))`:      {gizmo.Limits{Output: 100}, gizmo.ErrOutput, 0},
		"\n\nedges('Xie Feng', 'mett')": {gizmo.Limits{}, schema.ErrUnknownVerb, 3},
		`entity("Nobody")`:              {gizmo.Limits{}, graph.ErrNotFound, 1},
	} {
		_, err := collect(t.Context(), w, script, c.limits)
		var at *gizmo.ScriptError
		if !errors.Is(err, c.want) || errors.As(err, &at) != (c.line > 0) || at != nil && at.Line != c.line {
			t.Errorf("%q: %v", script, err)
		}
	}
	missing := workersOn(t, filepath.Join(t.TempDir(), "none"), room())
	if _, err := collect(t.Context(), missing, `1`, gizmo.Limits{}); !errors.Is(err, graph.ErrNoGraph) {
		t.Errorf("got %v", err)
	}
	missing.Close()
	if _, err := collect(t.Context(), missing, `1`, gizmo.Limits{}); err == nil {
		t.Error("closed workers work")
	}
}

// TestWorkersWaitForWriters runs scripts while another process has the lock.
func TestWorkersWaitForWriters(t *testing.T) {
	dir := testGraph(t)
	w, err := gizmo.NewWorkers(program, dir, &gizmo.WorkerOptions{Memory: room(), Wait: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	hasty := workersOn(t, dir, room())
	if _, err := collect(t.Context(), hasty, `1`, gizmo.Limits{}); !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), "since") {
		t.Errorf("got %v", err)
	}
	time.AfterFunc(200*time.Millisecond, func() { g.Close() })
	if rows, err := collect(t.Context(), w, `1`, gizmo.Limits{Timeout: 100 * time.Millisecond}); err != nil || len(rows) != 1 {
		t.Errorf("got %v, %v", rows, err)
	}
	// No process keeps the graph open between scripts.
	g, err = graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	g.Close()
}

// TestWorkersTogether runs several scripts at a time and cancels some of them.
func TestWorkersTogether(t *testing.T) {
	w := workersOn(t, testGraph(t), room())
	cause := errors.New("the user left")
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			if i%3 == 0 {
				time.AfterFunc(20*time.Millisecond, func() { cancel(cause) })
				_, err := collect(ctx, w, `while (true) {}`, gizmo.Limits{Timeout: time.Minute})
				if !errors.Is(err, context.Canceled) && !errors.Is(err, cause) {
					t.Errorf("stopped with %v", err)
				}
				return
			}
			if rows, err := collect(ctx, w, `g.V("<person:xie-feng>").out("<dip:met>").count()`, gizmo.Limits{Timeout: time.Minute}); err != nil || len(rows) != 1 || rows[0] != "value=3" {
				t.Errorf("got %v, %v", rows, err)
			}
		})
	}
	all.Wait()
}

func TestExplain(t *testing.T) {
	w := workersOn(t, testGraph(t), room())
	e, err := w.Explain(t.Context(), `g.V("<person:xie-feng>").out("<dip:met>").save("<rdfs:label>", "n").all(); g.V("<person:li-hui>").in().count()`, gizmo.Limits{Rows: 2})
	if err != nil || e.Rows != 2 || !e.More || e.Took <= 0 {
		t.Fatalf("got %+v, %v", e, err)
	}
	if len(e.Plans) == 0 || len(e.Plans[0]) < 2 || e.Plans[0][0].Depth != 0 || e.Plans[0][1].Depth != 1 {
		t.Errorf("plans %+v", e.Plans)
	}
	if _, err := w.Explain(t.Context(), `g.V(`, gizmo.Limits{}); err == nil {
		t.Error("no error")
	}
}

// BenchmarkWorkers measures the overhead of a script in a warm child and in this
// process.
func BenchmarkWorkers(b *testing.B) {
	dir := testGraph(b)
	for name, script := range map[string]string{"nothing": `1`, "hop": `g.V("<person:xie-feng>").out("<dip:met>").all()`} {
		b.Run(name+"/worker", func(b *testing.B) {
			w := workersOn(b, dir, room())
			for b.Loop() {
				if _, err := collect(b.Context(), w, script, gizmo.Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/here", func(b *testing.B) {
			g, err := graph.Open(b.Context(), dir, &graph.Options{ReadOnly: true})
			if err != nil {
				b.Fatal(err)
			}
			defer g.Close()
			for b.Loop() {
				snapshot, err := g.Snapshot()
				if err != nil {
					b.Fatal(err)
				}
				_, err = collect(b.Context(), gizmo.New(cayley.New(snapshot), nil), script, gizmo.Limits{})
				if err := errors.Join(err, snapshot.Close()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
