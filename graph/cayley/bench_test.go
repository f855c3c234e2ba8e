package cayley_test

import (
	"context"
	"fmt"
	"testing"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
)

const (
	worldFacts = 4000
	postFacts  = 20 // facts about the post
)

// world is facts of people, each with a date, a status and a label; the hub is
// the actor of every fourth fact.
func world() (quads []quad.Quad) {
	data := quad.IRI("data:world")
	link := func(s, p string, o quad.Value) {
		quads = append(quads, quad.Quad{Subject: quad.IRI(s), Predicate: quad.IRI(p), Object: o, Label: data})
	}
	person := func(i int) string { return fmt.Sprint("person:", i) }
	for i := range 100 {
		link(person(i), "label", quad.String(fmt.Sprint("Person ", i)))
	}
	for i := range worldFacts {
		fact, actor, other := fmt.Sprint("fact:", i), 0, 1+i*7%99
		if i%4 != 0 {
			actor = 1 + i*11%99
		}
		link(person(actor), "met", quad.IRI(person(other)))
		link(fact, "actor", quad.IRI(person(actor)))
		link(fact, "other", quad.IRI(person(other)))
		link(fact, "from", typed(fmt.Sprintf("20%02d-%02d-%02d", i%24, 1+i%12, 1+i%28), "xsd:date"))
		link(fact, "status", quad.IRI([]string{"happened", "planned"}[i%2]))
		if i < postFacts {
			link(fact, "about", quad.IRI("post:1"))
		}
	}
	return quads
}

// worldQuery is a query of the world. A run makes at most allocs allocations: for
// most queries a few for each node, and some hundreds for the plan.
type worldQuery struct {
	name   string
	allocs float64
	path   func(qs cgraph.QuadStore) *cpath.Path
}

// worldQueries are the shapes of queries that read many nodes one after the
// other, from a node with many facts and from one with few.
func worldQueries() []worldQuery {
	hub, post, data := quad.IRI("person:0"), quad.IRI("post:1"), quad.IRI("data:world")
	from := func(node quad.Value) func(cgraph.QuadStore) *cpath.Path {
		return func(qs cgraph.QuadStore) *cpath.Path { return cpath.StartPath(qs, node) }
	}
	dated := func(p *cpath.Path) *cpath.Path {
		return p.HasFilter(quad.IRI("from"), false,
			shape.Comparison{Op: iterator.CompareGTE, Val: typed("2005-01-01", "xsd:date")},
			shape.Comparison{Op: iterator.CompareLT, Val: typed("2015-01-01", "xsd:date")})
	}
	back := func(p *cpath.Path) *cpath.Path {
		return p.Tag("fact").Out(quad.IRI("other")).Tag("who").Out(quad.IRI("label")).
			Filters(shape.Comparison{Op: iterator.CompareGTE, Val: quad.String("Person 5")}).Back("start")
	}
	return []worldQuery{
		{"step", 2100, func(qs cgraph.QuadStore) *cpath.Path { return from(hub)(qs).In(quad.IRI("actor")) }},
		{"save", 4250, func(qs cgraph.QuadStore) *cpath.Path {
			return from(hub)(qs).In(quad.IRI("actor")).Save(quad.IRI("status"), "status")
		}},
		{"save from few", 150, func(qs cgraph.QuadStore) *cpath.Path {
			return from(post)(qs).In(quad.IRI("about")).Save(quad.IRI("status"), "status")
		}},
		{"dates", 3000, func(qs cgraph.QuadStore) *cpath.Path { return dated(from(hub)(qs).In(quad.IRI("actor"))) }},
		{"dates from few", 315, func(qs cgraph.QuadStore) *cpath.Path { return dated(from(post)(qs).In(quad.IRI("about"))) }},
		{"dates of all", 4050, func(qs cgraph.QuadStore) *cpath.Path {
			return dated(from(quad.IRI("happened"))(qs).In(quad.IRI("status")))
		}},
		{"back", 11000, func(qs cgraph.QuadStore) *cpath.Path { return back(from(hub)(qs).Tag("start").In(quad.IRI("actor"))) }},
		{"back from few", 525, func(qs cgraph.QuadStore) *cpath.Path { return back(from(post)(qs).Tag("start").In(quad.IRI("about"))) }},
		{"label context", 6400, func(qs cgraph.QuadStore) *cpath.Path {
			return from(hub)(qs).LabelContext(data).In(quad.IRI("actor")).Out(quad.IRI("status"))
		}},
	}
}

// run returns the number of rows of a query, whose tags and values it reads.
func (q worldQuery) run(ctx context.Context, qs cgraph.QuadStore) (rows int, err error) {
	err = q.path(qs).Iterate(ctx).Paths(true).TagEach(func(map[string]cgraph.Ref) error { rows++; return nil })
	return rows, err
}

// openWorld returns a quad store with the world.
func openWorld(t testing.TB) cgraph.QuadStore {
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	add(t, s, world()...)
	return snapshot(t, s)
}

// TestQueriesAllocateLittle counts allocations, which are the same on a busy
// machine: one more for each node that a query looks up is too much.
func TestQueriesAllocateLittle(t *testing.T) {
	qs := openWorld(t)
	for _, q := range worldQueries() {
		limit := q.allocs
		if underRace {
			limit *= 2 // the race detector makes sync.Pool drop some scans
		}
		got := testing.AllocsPerRun(5, func() {
			if rows, err := q.run(t.Context(), qs); err != nil || rows == 0 {
				t.Error(q.name, rows, err)
			}
		})
		if got > limit {
			t.Errorf("%s: %v allocations, at most %v are expected", q.name, got, limit)
		}
	}
}

// BenchmarkQueries runs each query of the world: time, and memory that the query
// allocates.
func BenchmarkQueries(b *testing.B) {
	qs := openWorld(b)
	for _, q := range worldQueries() {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if rows, err := q.run(b.Context(), qs); err != nil || rows == 0 {
					b.Fatal(rows, err)
				}
			}
		})
	}
}
