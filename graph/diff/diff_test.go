package diff_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
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
		w.lines[name] = append(strings.Split(strings.TrimSpace(b.String()), "\n"), parts...)
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

// parts are lines with a fact without a date, whose days follow from another fact.
var parts = []string{
	`{"kind":"Person","name":"Ann Lee"}`, `{"kind":"Person","name":"Bob Ray"}`,
	`{"fact":"Ann Lee visited Bob Ray","when":"2015-03-01/2015-03-05","key":"visit"}`,
	`{"fact":"Ann Lee met Bob Ray","part-of":"visit"}`,
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
	replacing(`2015-03-01/2015-03-05`, `2015-03-01/2015-03-09`), replacing(`"confidence":0.`, `"confidence":0.0`),
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

// factsIn returns all facts of a graph, read by the list of facts.
func factsIn(t *testing.T, g *graph.Graph) map[schema.ID]schema.Fact {
	t.Helper()
	ids := map[schema.ID]schema.Fact{}
	all := graph.Filter{Conditions: graph.Conditions{Undated: true}}
	for f, err := range g.Facts(t.Context(), all) {
		if err != nil {
			t.Fatal(err)
		}
		ids[f.ID] = f
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
	worlds := uint64(7)
	if os.Getenv("ENTENTE_TESTS") == "full" {
		worlds = 40
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
			before, was, named := stateOf(t, g), factsIn(t, g), entitiesIn(t, g)
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
			if got, want := changedIn(list), changed(was, is); !maps.Equal(got, want) {
				t.Errorf("seed %d, round %d: changed %v, want %v", seed, round, got, want)
			}
			checkEntities(t, seed, list, named, entitiesIn(t, g))
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

// changedIn returns the facts that a list of changes says to be the same and to differ.
func changedIn(list []diff.Change) map[schema.ID]bool {
	ids := map[schema.ID]bool{}
	for _, c := range list {
		if c.Before != nil && c.After != nil && c.Before.ID == c.After.ID {
			ids[c.ID] = true
		}
	}
	return ids
}

// changed returns the facts of both that differ.
func changed(was, is map[schema.ID]schema.Fact) map[schema.ID]bool {
	ids := map[schema.ID]bool{}
	for id, f := range was {
		if g, ok := is[id]; ok && !reflect.DeepEqual(f, g) {
			ids[id] = true
		}
	}
	return ids
}

// entitiesIn returns all entities and documents of a graph.
func entitiesIn(t *testing.T, g *graph.Graph) map[schema.ID]schema.Entity {
	t.Helper()
	all := map[schema.ID]schema.Entity{}
	for e, err := range g.Entities(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all[e.ID] = e
	}
	return all
}

// checkEntities checks that each entity that differs is in the list of changes.
func checkEntities(t *testing.T, seed uint64, list []diff.Change, was, is map[schema.ID]schema.Entity) {
	t.Helper()
	listed := map[schema.ID]bool{}
	for _, c := range list {
		listed[c.ID] = true
	}
	for _, pair := range [][2]map[schema.ID]schema.Entity{{was, is}, {is, was}} {
		for id, e := range pair[0] {
			if other, ok := pair[1][id]; (!ok || !reflect.DeepEqual(e, other)) && !listed[id] {
				t.Errorf("seed %d: %s differs and is not listed: %v, %v", seed, id, e, other)
			}
		}
	}
}

func without(a, b map[schema.ID]schema.Fact) map[schema.ID]bool {
	only := map[schema.ID]bool{}
	for id := range a {
		if _, ok := b[id]; !ok {
			only[id] = true
		}
	}
	return only
}
