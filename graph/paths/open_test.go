package paths_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

func openGraph(t *testing.T, dir string) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), dir, nil)
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

func openPaths(t *testing.T, g *graph.Graph) *paths.Finder {
	t.Helper()
	f, err := paths.Open(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// quotes returns the first quote of each hop of the shortest path.
func quotes(t *testing.T, f *paths.Finder, from, to schema.ID) (list []string) {
	p, ok, err := f.Shortest(t.Context(), from, to, paths.Query{})
	if err != nil || !ok {
		t.Error(ok, err)
	}
	for _, hop := range p.Hops {
		facts, err := f.Evidence(t.Context(), hop)
		if err != nil || len(facts) != len(hop.Steps) || facts[0].ID != hop.Steps[0].Fact {
			t.Errorf("%v: %v, %v", hop, facts, err)
			return nil
		}
		list = append(list, facts[0].Evidence[0].Quote)
	}
	return list
}

func quoted(f schema.Fact, quote string) schema.Fact {
	f.Evidence[0].Quote = quote
	return f
}

// A Finder has the paths, the evidence and the graph of its moment, in several
// goroutines, while the graph is written.
func TestFinderIsOfOneMoment(t *testing.T) {
	g := openGraph(t, "")
	chain := []schema.Fact{quoted(fact("person:a", "met", "person:b", "2021", ""), "old a"), quoted(fact("person:b", "called", "person:c", "2022", ""), "old b")}
	load(t, g, chain)
	f := openPaths(t, g)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if got := quotes(t, f, "person:a", "person:c"); len(got) != 2 || got[0] != "old a" || got[1] != "old b" {
					t.Errorf("quotes %q", got)
				}
			}
		})
	}
	for i := range 5 {
		load(t, g, []schema.Fact{quoted(fact("person:a", "met", "person:c", "2023", ""), "new"), fact("person:x", "met", "person:c", fmt.Sprint(2000+i), "")})
		if _, err := f.Graph().Forget(t.Context(), "d"); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("round %d: the graph of a Finder was changed: %v", i, err)
		}
	}
	wg.Wait()
	if got := quotes(t, openPaths(t, g), "person:a", "person:c"); len(got) != 1 || got[0] != "new" {
		t.Errorf("now: quotes %q", got)
	}
	again := openPaths(t, f.Graph())
	if got := quotes(t, again, "person:a", "person:c"); len(got) != 2 {
		t.Errorf("a Finder of the graph of a Finder: %q", got)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if got := quotes(t, again, "person:a", "person:c"); len(got) != 2 {
		t.Errorf("after the first is closed: %q", got)
	}
	p, _, err := f.Shortest(t.Context(), "person:a", "person:c", paths.Query{})
	if err != nil || len(p.Hops) != 2 {
		t.Errorf("a closed Finder: %v, %v", p, err)
	}
	if _, err := f.Evidence(t.Context(), p.Hops[0]); !errors.Is(err, store.ErrClosed) {
		t.Errorf("evidence of a closed Finder: %v", err)
	}
	if f, err := paths.Open(t.Context(), f.Graph()); !errors.Is(err, store.ErrClosed) {
		t.Errorf("opened %v of a closed one: %v", f, err)
	}
}

// Open uses the file beside the graph, and writes it for the newest state alone.
func TestOpenUsesTheFile(t *testing.T) {
	dir := t.TempDir()
	g := openGraph(t, dir)
	load(t, g, []schema.Fact{fact("person:a", "met", "person:b", "2021", "")})
	old := openPaths(t, g)
	load(t, g, []schema.Fact{fact("person:a", "met", "person:c", "2021", "")})
	read := func() string {
		data, err := os.ReadFile(filepath.Join(dir, paths.File))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	openPaths(t, g)
	newest := read()
	if f := openPaths(t, old.Graph()); !f.Has("person:b") || f.Has("person:c") {
		t.Error("a Finder of a moment has the paths of now")
	}
	if read() != newest {
		t.Error("the view of a moment was written over the newest")
	}
}
