package gizmo_test

import (
	"context"
	"errors"
	"fmt"
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

// patient are limits that a busy machine does not reach.
var patient = gizmo.Limits{Timeout: time.Minute}

// openGraph opens the graph in a folder, for writing unless asked otherwise.
func openGraph(t testing.TB, dir string, readOnly bool) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), dir, &graph.Options{ReadOnly: readOnly})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

func openSession(t testing.TB, g *graph.Graph, in gizmo.Program) *gizmo.Session {
	t.Helper()
	s, err := gizmo.Open(t.Context(), g, &gizmo.OpenOptions{Program: in, Memory: room(), Names: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// tempFolder returns a folder in which the test makes its temporary files, and a
// function that returns what is there.
func tempFolder(t *testing.T) func() []string {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	return func() (names []string) {
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range left {
			names = append(names, e.Name())
		}
		return names
	}
}

// bothWays runs a test with scripts in children and in this process.
func bothWays(t *testing.T, test func(t *testing.T, in gizmo.Program)) {
	t.Run("children", func(t *testing.T) { test(t, program) })
	t.Run("here", func(t *testing.T) { test(t, gizmo.Program{}) })
}

// meet adds a dataset in which Xie Feng met a number of people.
func meet(t testing.TB, g *graph.Graph, people int) {
	t.Helper()
	_, err := g.Load(t.Context(), "meetings", func(yield func(schema.Record, error) bool) {
		all := []schema.Record{schema.Document{Entity: schema.Entity{ID: "doc:d", Kind: schema.Doc, Label: "D"}}, schema.Entity{ID: "person:host", Kind: schema.Person, Label: "The Host"}}
		for i := range people {
			id := schema.ID(fmt.Sprint("person:guest-", i))
			all = append(all, schema.Entity{ID: id, Kind: schema.Person, Label: fmt.Sprint("Guest ", i)}, schema.Fact{
				Verb: "met", Roles: []schema.Participant{{Role: schema.RoleActor, ID: "person:host"}, {Role: schema.RoleRecipient, ID: id}}, Evidence: []schema.Evidence{{Source: "doc:d"}}})
		}
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
}

const guests = `entity("host").out(verb.met).count()`

// The answers over an open graph are those of a Runner, for graphs that are open for
// writing, for reading, and temporary.
func TestSessionAnswersAsRunners(t *testing.T) {
	dir := testGraph(t)
	scripts := append(slices.Clone(commonScripts), `entity("xie feng").out(verb.met).forEach(function (d) { g.emit({id: d.id, name: called(d.id)}) })`,
		`entity("Nobody").all()`, `edges("Xie Feng", "mett")`, `g.V(`)
	bothWays(t, func(t *testing.T, in gizmo.Program) {
		for _, readOnly := range []bool{true, false} {
			g := openGraph(t, dir, readOnly)
			snapshot, err := g.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			want := gizmo.New(cayley.New(snapshot), &gizmo.Options{Label: g.Label})
			s := openSession(t, g, in)
			for _, script := range scripts {
				want, failed := collect(t.Context(), want, script, patient)
				got, err := collect(t.Context(), s, script, patient)
				if !slices.Equal(got, want) || (err == nil) != (failed == nil) {
					t.Errorf("%s\ngot  %q, %v\nwant %q, %v", script, got, err, want, failed)
				}
			}
			for row, err := range s.Run(t.Context(), `g.V("<person:xie-feng>").all()`, patient) {
				if err != nil || row.Name("id") != "Xie Feng" {
					t.Errorf("its name is %q, %v", row.Name("id"), err)
				}
			}
			if _, err := collect(t.Context(), s, `entity("Nobody").all()`, patient); !errors.Is(err, graph.ErrNotFound) {
				t.Errorf("an unknown name: %v", err)
			}
			if e, err := s.Explain(t.Context(), `g.V().all()`, gizmo.Limits{Rows: 2, Timeout: time.Minute}); err != nil || e.Rows != 2 || !e.More || len(e.Plans) != 1 {
				t.Errorf("explained as %+v, %v", e, err)
			}
			if err := errors.Join(s.Close(), snapshot.Close(), g.Close()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A script reads the graph as it is when it begins. One copy of it is kept for
// children, none after the Session is closed.
func TestSessionFollowsChanges(t *testing.T) {
	bothWays(t, func(t *testing.T, in gizmo.Program) {
		left := tempFolder(t)
		dir := filepath.Join(t.TempDir(), "g")
		g := openGraph(t, dir, false)
		s := openSession(t, g, in)
		for i, people := range []int{3, 3, 5, 0, 2} {
			meet(t, g, people)
			for range 2 {
				got, err := collect(t.Context(), s, guests, patient)
				if err != nil || len(got) != 1 || got[0] != fmt.Sprint("value=", people) {
					t.Errorf("round %d: %q, %v", i, got, err)
				}
			}
			if n := len(left()); n > 1 || in == (gizmo.Program{}) && n > 0 {
				t.Errorf("round %d: %q are there", i, left())
			}
		}
		then, err := g.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		defer then.Close()
		past := openSession(t, g.At(then), in)
		meet(t, g, 7)
		for s, want := range map[*gizmo.Session]string{past: "value=2", s: "value=7"} {
			if got, err := collect(t.Context(), s, guests, patient); err != nil || len(got) != 1 || got[0] != want {
				t.Errorf("got %q, %v; want %s", got, err, want)
			}
		}
		if err := errors.Join(past.Close(), s.Close(), s.Close()); err != nil {
			t.Fatal(err)
		}
		if n := left(); len(n) > 0 {
			t.Errorf("left: %q", n)
		}
		if got, err := collect(t.Context(), s, guests, patient); err == nil {
			t.Errorf("a closed Session answers %q", got)
		}
		if _, err := s.Explain(t.Context(), guests, patient); err == nil {
			t.Error("a closed Session explains")
		}
	})
}

// Scripts have the verbs of the vocabulary with which the program opened the graph.
func TestSessionHasTheVerbsOfTheGraph(t *testing.T) {
	v, err := schema.DefaultVocabulary().Extend("verbs.yaml", []byte("verbs:\n  - {id: winked-at, kind: interaction, phrases: [winked at], subject: [Person], object: [Person], needs-object: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	bothWays(t, func(t *testing.T, in gizmo.Program) {
		g, err := graph.Open(t.Context(), "", &graph.Options{Vocabulary: v})
		if err != nil {
			t.Fatal(err)
		}
		defer g.Close()
		meet(t, g, 1)
		s := openSession(t, g, in)
		if got, err := collect(t.Context(), s, `entity("host").out(verb.winkedAt).count()`, patient); err != nil || len(got) != 1 || got[0] != "value=0" {
			t.Errorf("got %q, %v", got, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// Several scripts run while the graph is written: each sees one state of it.
func TestSessionBesideAWriter(t *testing.T) {
	bothWays(t, func(t *testing.T, in gizmo.Program) {
		left := tempFolder(t)
		dir := filepath.Join(t.TempDir(), "g")
		g := openGraph(t, dir, false)
		meet(t, g, 10)
		s := openSession(t, g, in)
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for range 6 {
					got, err := collect(t.Context(), s, guests, patient)
					if err != nil || len(got) != 1 || got[0] != "value=10" && got[0] != "value=20" {
						t.Errorf("got %q, %v", got, err)
					}
				}
			})
		}
		for i := range 8 {
			meet(t, g, 10+10*(i%2))
		}
		all.Wait()
		if n := left(); len(n) > 1 {
			t.Errorf("%d copies are left: %q", len(n), n)
		}
	})
}

// No script ends the program: what goes over a limit is an error, and the next script
// runs.
func TestSessionLimits(t *testing.T) {
	g := openGraph(t, testGraph(t), false)
	s := openSession(t, g, program)
	bombs := map[string]error{
		`var a = []; while (true) a.push(new Array(1e6).fill(1.5))`: gizmo.ErrMemory,
		`var s = "x"; for (var i = 0; i < 40; i++) s += s; s`:       gizmo.ErrMemory,
		`while (true) {}`:          gizmo.ErrTimeout,
		`g.emit("x".repeat(1000))`: gizmo.ErrOutput,
	}
	for script, want := range bombs {
		if underRace && want == gizmo.ErrMemory {
			continue // the limit leaves no room for the race detector
		}
		l := gizmo.Limits{Timeout: time.Minute, Output: 100}
		if want == gizmo.ErrTimeout {
			l.Timeout = 50 * time.Millisecond
		}
		if _, err := collect(t.Context(), s, script, l); !errors.Is(err, want) {
			t.Errorf("%s: %v", script, err)
		}
		if got, err := collect(t.Context(), s, `1 + 1`, patient); err != nil || len(got) != 1 || got[0] != "value=2" {
			t.Errorf("after %s: %q, %v", script, got, err)
		}
	}
	here := openSession(t, g, gizmo.Program{})
	for script, want := range map[string]error{`while (true) {}`: gizmo.ErrTimeout, `g.V().all()`: gizmo.ErrRows} {
		if _, err := collect(t.Context(), here, script, gizmo.Limits{Timeout: 50 * time.Millisecond, Rows: 1}); !errors.Is(err, want) {
			t.Errorf("here: %s: %v", script, err)
		}
	}
}

// Closing a Session ends its scripts, as the end of their contexts does.
func TestSessionEndsScripts(t *testing.T) {
	bothWays(t, func(t *testing.T, in gizmo.Program) {
		left := tempFolder(t)
		g := openGraph(t, testGraph(t), false)
		s := openSession(t, g, in)
		cause := errors.New("the user left")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(200*time.Millisecond, func() { cancel(cause) })
		if _, err := collect(ctx, s, `while (true) {}`, patient); !errors.Is(err, cause) {
			t.Errorf("its context ended: %v", err)
		}
		if _, err := collect(ctx, s, `1`, patient); !errors.Is(err, cause) {
			t.Errorf("its context had ended: %v", err)
		}
		if _, err := gizmo.Open(ctx, g, nil); !errors.Is(err, cause) {
			t.Errorf("opened: %v", err)
		}
		time.AfterFunc(200*time.Millisecond, func() { s.Close() })
		start := time.Now()
		if _, err := collect(t.Context(), s, `while (true) {}`, patient); err == nil || time.Since(start) > 20*time.Second {
			t.Errorf("it was closed: %v after %v", err, time.Since(start))
		}
		if n := left(); len(n) > 0 {
			t.Errorf("left: %q", n)
		}
		closed := openSession(t, g, in)
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := collect(t.Context(), closed, `1`, patient); !errors.Is(err, store.ErrClosed) {
			t.Errorf("its graph is closed: %v", err)
		}
	})
}

// A graph that is open for reading is read where it is, and no other graph that was
// put in its place.
func TestSessionOfReader(t *testing.T) {
	left := tempFolder(t)
	dir := testGraph(t)
	g := openGraph(t, dir, true)
	s := openSession(t, g, program)
	if got, err := collect(t.Context(), s, `g.V("<person:xie-feng>").out("<dip:met>").count()`, patient); err != nil || got[0] != "value=3" {
		t.Errorf("got %q, %v", got, err)
	}
	if n := left(); len(n) > 0 {
		t.Errorf("copies of a graph that is read: %q", n)
	}
	if err := os.Rename(filepath.Join(dir, graph.File), filepath.Join(dir, "old.db")); err != nil {
		t.Fatal(err)
	}
	other := openGraph(t, dir, false)
	meet(t, other, 1)
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := collect(t.Context(), s, `1`, patient); err == nil {
		t.Errorf("over another graph: %q", got)
	}
}

// Workers over a graph that this process writes say so.
func TestWorkersOverAnOpenGraph(t *testing.T) {
	dir := testGraph(t)
	openGraph(t, dir, false)
	_, err := collect(t.Context(), workersOn(t, dir, room()), `1`, patient)
	if !errors.Is(err, store.ErrLocked) || !errors.Is(err, store.ErrOpenHere) || !strings.Contains(err.Error(), "gizmo.Open") || strings.Contains(err.Error(), "pid") {
		t.Errorf("got %v", err)
	}
}

// Main refuses jobs that no child could tell apart.
func TestMainRefusesJobs(t *testing.T) {
	run := func(context.Context, []byte) (any, error) { return nil, nil }
	for name, jobs := range map[string][]gizmo.Job{
		"gizmo": {{Name: "gizmo", Run: run}}, "twice": {{Name: "twice", Run: run}, {Name: "twice", Run: run}}, "": {{Run: run}}, "idle": {{Name: "idle"}},
	} {
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.Contains(text, fmt.Sprintf("gizmo.Main: the job %q", name)) {
					t.Errorf("%q: %s", name, text)
				}
			}()
			gizmo.Main(jobs...)
		}()
	}
}

// BenchmarkSession measures a script over a graph that is open for writing, in a child
// and in this process, and the first script after a change. ENTENTE_GRAPH is the folder
// of a graph; by default the graph has a few facts.
func BenchmarkSession(b *testing.B) {
	dir := os.Getenv("ENTENTE_GRAPH")
	if dir == "" {
		dir = testGraph(b)
	}
	for name, in := range map[string]gizmo.Program{"child": program, "here": {}} {
		b.Run(name, func(b *testing.B) {
			s := openSession(b, openGraph(b, dir, false), in)
			for b.Loop() {
				if _, err := collect(b.Context(), s, `1`, patient); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/changed", func(b *testing.B) {
			g := openGraph(b, dir, false)
			s := openSession(b, g, in)
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				meet(b, g, 1+i%2)
				b.StartTimer()
				if _, err := collect(b.Context(), s, `1`, patient); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
