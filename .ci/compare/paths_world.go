package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// pathWorld is the data and the questions for all systems. Other systems read entities
// and verbs as numbers, their fastest form, and the links from a file. It has one line
// for each link: two entities, the verb, and the first and the last day of the fact.
type pathWorld struct {
	Quads, Facts, Links int
	Names               [][2]schema.ID // of the pairs

	Nodes int      `json:"nodes"`
	Pairs [][2]int `json:"pairs"`
	Verbs []int    `json:"verbs"` // verbs of the constrained question
	Since int      `json:"since"` // days of the constrained question
	Until int      `json:"until"`
}

// The constrained question asks for a path by these verbs, of facts that may have
// happened in these years.
var (
	pathVerbs  = []schema.Verb{"met", "called", "visited"}
	pathWindow = [2]string{"2010", "2014"}
)

const pathPairs = 200

func graphDir(folder string) string  { return filepath.Join(folder, "graph") }
func linksFile(folder string) string { return filepath.Join(folder, "links.tsv") }

func readPathWorld(folder string) (*pathWorld, error) {
	w := new(pathWorld)
	return w, readJSON(folder, "paths.json", w)
}

// makePathWorld loads synthetic facts into a graph, and writes the links of its store.
func makePathWorld(folder string, facts int) error {
	ctx := context.Background()
	g, err := graph.Open(ctx, graphDir(folder), nil)
	if err != nil {
		return err
	}
	defer g.Close()
	if _, err = g.Load(ctx, "synth", synth.Records(facts, worldSeed), nil); err != nil {
		return err
	}
	s, err := g.Snapshot()
	if err != nil {
		return err
	}
	defer s.Close()
	m := &linkReader{Snapshot: s, vocabulary: g.Vocabulary(), days: map[quad.Value]*[2]int{}}
	if err := errors.Join(m.readDays(ctx), m.readLinks(ctx)); err != nil {
		return err
	}
	w := &pathWorld{Facts: facts, Links: len(m.links)}
	quads, err := s.Count(ctx, store.Pattern{})
	if err != nil {
		return err
	}
	w.Quads = int(quads)
	return w.write(folder, m)
}

// linkReader reads links: the edges of the graph, with the days of their facts.
type linkReader struct {
	*store.Snapshot
	vocabulary *schema.Vocabulary
	days       map[quad.Value]*[2]int // of each dated fact
	links      []link
}

type link struct {
	from, to    schema.ID
	verb        int
	first, last int
}

func (m *linkReader) each(ctx context.Context, predicate quad.IRI, fn func(quad.Quad) error) error {
	for q, err := range m.Match(ctx, store.Pattern{Predicate: predicate}) {
		if err == nil {
			err = fn(q)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readDays reads the first and the last of all days of each fact.
func (m *linkReader) readDays(ctx context.Context) error {
	read := func(side int, better func(a, b int) bool) func(quad.Quad) error {
		return func(q quad.Quad) error {
			day, err := schema.DayOf(q.Object)
			days := m.days[q.Subject]
			if days == nil {
				days = &[2]int{int(schema.MaxDay), int(schema.MinDay)}
				m.days[q.Subject] = days
			}
			if better(int(day), days[side]) {
				days[side] = int(day)
			}
			return err
		}
	}
	return errors.Join(
		m.each(ctx, schema.FromTerm, read(0, func(a, b int) bool { return a < b })),
		m.each(ctx, schema.ToTerm, read(1, func(a, b int) bool { return a > b })))
}

// readLinks reads the edges. It keeps one of two inverse edges. A link of an undated
// fact gets an interval outside every window.
func (m *linkReader) readLinks(ctx context.Context) error {
	for verb, name := range m.vocabulary.Predicates() {
		d, isVerb := m.vocabulary.Lookup(name)
		err := m.each(ctx, schema.Term(name), func(q quad.Quad) error {
			from, to := iri(q.Subject), iri(q.Object)
			if schema.KindOf(iri(q.Label)) != schema.KindFact || isVerb && d.Symmetric && from > to {
				return nil
			}
			if slices.Contains([]schema.Kind{schema.KindOf(from), schema.KindOf(to)}, schema.Group) {
				return fmt.Errorf("%s and %s: paths pass no group, which the others cannot know", from, to)
			}
			l := link{from, to, verb, math.MaxInt32, math.MinInt32}
			if days := m.days[q.Label]; days != nil {
				l.first, l.last = days[0], days[1]
			}
			m.links = append(m.links, l)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func iri(v quad.Value) schema.ID {
	id, _ := v.(quad.IRI)
	return schema.ID(id)
}

// write numbers the entities in the order of their ids, and writes the files.
func (w *pathWorld) write(folder string, m *linkReader) error {
	w.choosePairs(m.links)
	var ids []schema.ID
	for _, l := range m.links {
		ids = append(ids, l.from, l.to)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	number := make(map[schema.ID]int, len(ids))
	for i, id := range ids {
		number[id] = i
	}
	w.Nodes = len(ids)
	for _, p := range w.Names {
		w.Pairs = append(w.Pairs, [2]int{number[p[0]], number[p[1]]})
	}
	for _, verb := range pathVerbs {
		w.Verbs = append(w.Verbs, slices.Index(m.vocabulary.Predicates(), verb))
	}
	since, until, err := schema.WindowBetween(pathWindow[0], pathWindow[1])
	if err != nil {
		return err
	}
	w.Since, w.Until = int(since), int(until)
	return errors.Join(writeLinks(folder, m.links, number), writeJSON(folder, "paths.json", w))
}

// choosePairs chooses random pairs of officials that have a link.
func (w *pathWorld) choosePairs(links []link) {
	known := map[schema.ID]bool{}
	for _, l := range links {
		known[l.from], known[l.to] = true, true
	}
	r := rand.New(rand.NewPCG(7, 7))
	official := func() schema.ID { return schema.ID(fmt.Sprint("person:synth-", r.IntN(w.Facts/10))) }
	for len(w.Names) < pathPairs {
		if p := [2]schema.ID{official(), official()}; p[0] != p[1] && known[p[0]] && known[p[1]] {
			w.Names = append(w.Names, p)
		}
	}
}

func writeLinks(folder string, links []link, number map[schema.ID]int) error {
	slices.SortFunc(links, func(a, b link) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.verb, b.verb), cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last))
	})
	f, err := os.Create(linksFile(folder))
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	for _, l := range links {
		fmt.Fprintf(out, "%d\t%d\t%d\t%d\t%d\n", number[l.from], number[l.to], l.verb, l.first, l.last)
	}
	return out.Flush()
}
