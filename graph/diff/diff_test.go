package diff_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/diff"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// world is files of random facts, in lines of JSON.
type world struct {
	t     *testing.T
	r     *rand.Rand
	dir   string
	names []string
	lines map[string][]string
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{t: t, r: rand.New(rand.NewPCG(seed, 7)), dir: t.TempDir(), lines: map[string][]string{}}
	for i := range 1 + w.r.IntN(3) {
		name := fmt.Sprintf("d%d.jsonl", i)
		w.names = append(w.names, name)
		var b bytes.Buffer
		if err := loaders.WriteJSONLines(&b, synth.Records(5+w.r.IntN(30), seed+uint64(w.r.IntN(3)))); err != nil {
			t.Fatal(err)
		}
		w.lines[name] = strings.Split(strings.TrimSpace(b.String()), "\n")
		w.write(name)
	}
	return w
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

func (w *world) write(name string) {
	w.t.Helper()
	text := strings.Join(w.lines[name], "\n") + "\n"
	if err := os.WriteFile(w.path(name), []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// edits are changes of a list of lines. Some change no record, and some no byte.
var edits = []func(w *world, lines []string) []string{
	func(_ *world, lines []string) []string { return lines },
	func(w *world, lines []string) []string {
		i := w.r.IntN(len(lines))
		return slices.Delete(slices.Clone(lines), i, i+1)
	},
	func(w *world, lines []string) []string { return append(lines, lines[w.r.IntN(len(lines))]) },
	func(w *world, lines []string) []string {
		lines = slices.Clone(lines)
		w.r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		return lines
	},
	func(_ *world, lines []string) []string { return append(lines, "") },
	replacing(`"when":"20`, `"when":"19`), replacing(`"note":"`, `"note":"un`), replacing(`"quote":"`, `"quote":"a `),
	replacing(`"name":"`, `"name":"New `), replacing(`"title":"`, `"title":"New `), replacing(`"verb":"met"`, `"verb":"called"`),
	func(w *world, lines []string) []string { // another verb, and no key of the source
		lines = slices.Clone(lines)
		i := w.r.IntN(len(lines))
		lines[i] = sourceKey.ReplaceAllString(strings.Replace(lines[i], `"verb":"met"`, `"verb":"called"`, 1), "")
		return lines
	},
	replacing(`"when":"`, `"stance":"denies","when":"`), replacing(`"when":"`, `"status":"planned","when":"`),
}

var sourceKey = regexp.MustCompile(`"source-key":"[0-9]*",`)

// replacing returns an edit of a random line that has a text.
func replacing(old, new string) func(*world, []string) []string {
	return func(w *world, lines []string) []string {
		lines = slices.Clone(lines)
		for _, i := range w.r.Perm(len(lines)) {
			if strings.Contains(lines[i], old) {
				lines[i] = strings.Replace(lines[i], old, new, 1)
				break
			}
		}
		return lines
	}
}

func (w *world) edit() (name string) {
	name = w.names[w.r.IntN(len(w.names))]
	for range w.r.IntN(4) {
		w.lines[name] = edits[w.r.IntN(len(edits))](w, w.lines[name])
	}
	w.write(name)
	return name
}

func (w *world) open(name string) *loaders.Input {
	w.t.Helper()
	in, err := loaders.Open(w.path(name), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return in
}

// compare returns the changes that loading a file into a copy of the graph makes, and
// whether the load is refused.
func (w *world) compare(ctx context.Context, g *graph.Graph, name string, opts *graph.LoadOptions) (list []diff.Change, refused bool) {
	w.t.Helper()
	c, err := graph.Copy(ctx, g, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	defer c.Close()
	in := w.open(name)
	same, err := c.PrepareInput(ctx, in, opts)
	if err != nil || same {
		return nil, err != nil
	}
	s, err := graph.StageInput(ctx, in, opts)
	if err != nil {
		return nil, true
	}
	defer s.Close()
	d, _, err := diff.Commit(ctx, c, s)
	if err != nil {
		return nil, true
	}
	defer d.Close()
	for change, err := range d.Changes(ctx) {
		if err != nil {
			w.t.Fatal(err)
		}
		list = append(list, change)
	}
	return list, false
}

// factsIn returns the ids of all facts of a graph, read by the list of facts.
func factsIn(t *testing.T, g *graph.Graph) map[schema.ID]bool {
	t.Helper()
	ids := map[schema.ID]bool{}
	all := graph.Filter{Conditions: graph.Conditions{Undated: true}}
	for f, err := range g.Facts(t.Context(), all) {
		if err != nil {
			t.Fatal(err)
		}
		ids[f.ID] = true
	}
	return ids
}

// state is what must not change when a load does nothing.
type state struct {
	digest     string
	generation uint64
}

func stateOf(t *testing.T, g *graph.Graph) state {
	t.Helper()
	s, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	digest, err := s.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return state{digest, s.Generation()}
}

// The list of changes is empty exactly if the load does nothing, and the facts that it
// adds and removes are the difference of the lists of facts before and after the load.
func TestChangesAreWhatTheLoadDoes(t *testing.T) {
	ctx := t.Context()
	counts := map[string]int{}
	worlds := uint64(10)
	if os.Getenv("ENTENTE_TESTS") == "full" {
		worlds = 200
	}
	for seed := range worlds {
		w := newWorld(t, seed)
		g, err := graph.Open(ctx, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		for round := range 8 {
			opts := &graph.LoadOptions{MaxErrors: w.r.IntN(2), Replace: w.r.IntN(3) == 0}
			name := w.names[round%len(w.names)]
			if round >= len(w.names) {
				name = w.edit()
			}
			before, was := stateOf(t, g), factsIn(t, g)
			list, refused := w.compare(ctx, g, name, opts)
			if got := stateOf(t, g); got != before {
				t.Fatalf("seed %d: comparing changes the graph: %v, before %v", seed, got, before)
			}
			_, err := g.LoadInput(ctx, w.open(name), opts)
			if (err != nil) != refused {
				t.Fatalf("seed %d, round %d: the load returns %v, the comparison refused: %v", seed, round, err, refused)
			}
			after, is := stateOf(t, g), factsIn(t, g)
			if (len(list) == 0) != (after == before) {
				t.Fatalf("seed %d, round %d: %d changes; state %v, before %v", seed, round, len(list), after, before)
			}
			added, removed := idsOf(list)
			if want := without(is, was); !maps.Equal(added, want) {
				t.Errorf("seed %d, round %d: added %v, want %v", seed, round, added, want)
			}
			if want := without(was, is); !maps.Equal(removed, want) {
				t.Errorf("seed %d, round %d: removed %v, want %v", seed, round, removed, want)
			}
			for _, c := range list {
				counts[string(c.Action)+" "+string(c.What)+" "+string(c.Same)]++
				if text := c.Text(); strings.Contains(text, "stored form") {
					t.Errorf("seed %d, round %d: a change says nothing: %s", seed, round, text)
				}
			}
			if len(list) == 0 {
				counts["nothing"]++
			}
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []string{"nothing", "added fact ", "removed fact ", "changed fact ", "changed fact verb and participants", "changed fact source and quote",
		"added dataset ", "changed dataset ", "added entity ", "changed entity ", "added document "} {
		if counts[c] == 0 {
			t.Errorf("no world has the change %q: %v", c, counts)
		}
	}
}

// idsOf returns the ids of the facts that a list of changes adds and removes.
func idsOf(list []diff.Change) (added, removed map[schema.ID]bool) {
	added, removed = map[schema.ID]bool{}, map[schema.ID]bool{}
	for _, c := range list {
		if c.After != nil && (c.Before == nil || c.Before.ID != c.After.ID) {
			added[c.After.ID] = true
		}
		if c.Before != nil && (c.After == nil || c.Before.ID != c.After.ID) {
			removed[c.Before.ID] = true
		}
	}
	return added, removed
}

func without(a, b map[schema.ID]bool) map[schema.ID]bool {
	only := map[schema.ID]bool{}
	for id := range a {
		if !b[id] {
			only[id] = true
		}
	}
	return only
}
