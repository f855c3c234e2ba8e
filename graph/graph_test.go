package graph_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

func open(t *testing.T, dir string) *graph.Graph {
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

func sequence(records ...schema.Record) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func load(t *testing.T, g *graph.Graph, dataset string, records ...schema.Record) graph.Report {
	t.Helper()
	report, err := g.Load(t.Context(), dataset, sequence(records...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func entity(id schema.ID, label string) schema.Entity {
	return schema.Entity{ID: id, Kind: schema.KindOf(id), Label: label}
}

var (
	xie    = schema.Entity{ID: "person:xie-feng", Kind: schema.Person, Label: "Xie Feng", Aliases: []schema.Text{{Value: "谢锋", Lang: "zh"}}, Country: "country:china"}
	ratner = entity("person:ely-ratner", "Ely Ratner")
	china  = entity("country:china", "China")
	us     = entity("country:us", "United States")
	place  = entity("place:pentagon", "Pentagon")
	hotel  = entity("place:hotel", "Hotel")
	paper  = schema.Document{Entity: entity("doc:paper", "A Paper"), Published: schema.When{Written: "2023-07-13"}}
	wire   = schema.Document{Entity: entity("doc:wire", "A Wire")}
)

func meeting(when string, source schema.ID, at ...schema.ID) schema.Fact {
	return schema.Fact{
		Verb: "met", When: schema.When{Written: when},
		Roles:    []schema.Participant{{Role: schema.RoleActor, ID: xie.ID}, {Role: schema.RoleRecipient, ID: ratner.ID}},
		Evidence: []schema.Evidence{{Source: source, Quote: "held talks", At: at}},
	}
}

func world() []schema.Record {
	return []schema.Record{xie, ratner, china, us, place, hotel, paper, wire}
}

func collect[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for item, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, item)
	}
	return all
}

func digest(t *testing.T, g *graph.Graph) string {
	t.Helper()
	v, err := g.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Problems) > 0 {
		t.Fatalf("verify: %v", v.Problems)
	}
	return v.Digest
}

func TestTwoDatasetsTellOneFact(t *testing.T) {
	g := open(t, "")
	load(t, g, "one", append(world(), meeting("2023-07-12", paper.ID, place.ID))...)
	alone := digest(t, g)
	load(t, g, "two", append(world(), meeting("2023-07-12/2023-07-13", wire.ID, hotel.ID))...)

	facts := collect(t, g.Facts(t.Context(), graph.Filter{}))
	if len(facts) != 1 || len(facts[0].Evidence) != 2 {
		t.Fatalf("want one fact with two pieces of evidence: %#v", facts)
	}
	f := facts[0]
	if got := []schema.ID{f.Evidence[0].At[0], f.Evidence[1].At[0]}; !slices.Equal(got, []schema.ID{place.ID, hotel.ID}) {
		t.Errorf("places %v", got)
	}
	if a, b := f.Evidence[0].When.Written, f.Evidence[1].When.Written; a != "2023-07-12" || b != "2023-07-12/2023-07-13" {
		t.Errorf("dates %q and %q", a, b)
	}
	if _, err := g.Forget(t.Context(), "two"); err != nil {
		t.Fatal(err)
	}
	if got := digest(t, g); got != alone {
		t.Error("forgetting the second dataset does not leave the first as it was")
	}
	load(t, g, "two", append(world(), meeting("2023-07-12/2023-07-13", wire.ID, hotel.ID))...)
	if _, err := g.Forget(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	if facts := collect(t, g.Facts(t.Context(), graph.Filter{})); len(facts) != 1 || facts[0].Evidence[0].At[0] != hotel.ID {
		t.Errorf("forgetting the first: %#v", facts)
	}
	digest(t, g)
}

func TestForgettingAllLeavesNothing(t *testing.T) {
	g := open(t, "")
	empty := digest(t, g)
	load(t, g, "one", append(world(), meeting("2023", paper.ID))...)
	if _, err := g.Forget(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	if digest(t, g) != empty {
		t.Error("quads are left")
	}
	if _, err := g.Forget(t.Context(), "one"); !errors.Is(err, graph.ErrNotFound) {
		t.Errorf("forgetting twice: %v", err)
	}
}

func TestReloadReplaces(t *testing.T) {
	g, fresh := open(t, ""), open(t, "")
	first := append(world(), meeting("2023-07-12", paper.ID), meeting("2023-07-14", paper.ID))
	second := append(world(), meeting("2023-07-12", wire.ID), meeting("2022", paper.ID))
	load(t, g, "d", first...)
	load(t, g, "d", second...)
	load(t, fresh, "d", second...)
	if digest(t, g) != digest(t, fresh) {
		t.Error("a reloaded dataset differs from one loaded afresh")
	}
}

func TestSameInputDoesNothing(t *testing.T) {
	g := open(t, "")
	options := &graph.LoadOptions{Input: "abc"}
	records := append(world(), meeting("2023", paper.ID))
	if r, err := g.Load(t.Context(), "d", sequence(records...), options); err != nil || r.Unchanged {
		t.Fatalf("%+v, %v", r, err)
	}
	before := digest(t, g)
	never := func(func(schema.Record, error) bool) { t.Error("the input was read again") }
	if r, err := g.Load(t.Context(), "d", never, options); err != nil || !r.Unchanged {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := g.Load(t.Context(), "d", sequence(world()...), &graph.LoadOptions{Input: "other"}); err != nil || r.Unchanged {
		t.Errorf("another input: %+v, %v", r, err)
	}
	if digest(t, g) == before {
		t.Error("another input changed nothing")
	}
}

func TestBadRowsRejectTheDataset(t *testing.T) {
	bad := meeting("2023-13", paper.ID)
	bad.Pos = schema.Position{File: "f.yaml", Line: 7}
	unknown := meeting("2023", paper.ID)
	unknown.Roles = slices.Clone(unknown.Roles)
	unknown.Roles[0].ID = "person:nobody"
	dependent := schema.Fact{Verb: "met", When: schema.When{Written: "2024"}, Roles: meeting("", "").Roles,
		Evidence: []schema.Evidence{{Source: paper.ID}}, Links: []schema.Link{{Type: schema.Because, Fact: schema.DefaultVocabulary().Normalize(unknown).ID}}}
	records := append(world(), meeting("2023", paper.ID), bad, unknown, dependent)

	g := open(t, "")
	before := digest(t, g)
	var told []string
	options := &graph.LoadOptions{OnReject: func(err error) { told = append(told, err.Error()) }}
	report, err := g.Load(t.Context(), "d", sequence(records...), options)
	if !errors.Is(err, graph.ErrRejected) || digest(t, g) != before {
		t.Errorf("%+v, %v", report, err)
	}
	options.MaxErrors, told = 3, nil
	report, err = g.Load(t.Context(), "d", sequence(records...), options)
	if err != nil || report.Rejected != 3 || report.Facts != 1 || len(told) != 3 {
		t.Errorf("with three errors allowed: %+v, %v, %q", report, err, told)
	}
	if report.Entities+report.Documents+report.Facts+report.Repeated+report.Rejected != len(records) {
		t.Errorf("rows are lost: %+v of %d", report, len(records))
	}
	if len(told) > 0 && told[0][:9] != "f.yaml:7:" {
		t.Errorf("no place: %q", told[0])
	}
	digest(t, g)
}

func TestFatalErrorLoadsNothing(t *testing.T) {
	g := open(t, "")
	before := digest(t, g)
	broken := errors.New("broken pipe")
	records := func(yield func(schema.Record, error) bool) {
		_ = yield(xie, nil) && yield(nil, broken)
	}
	if _, err := g.Load(t.Context(), "d", records, &graph.LoadOptions{MaxErrors: -1}); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if digest(t, g) != before {
		t.Error("something was loaded")
	}
}

func TestCyclesAreRefused(t *testing.T) {
	g := open(t, "")
	part := func(a, b schema.ID) schema.Fact {
		return schema.Fact{Verb: "part-of", Roles: []schema.Participant{{Role: schema.RoleActor, ID: a}, {Role: schema.RoleRecipient, ID: b}},
			Evidence: []schema.Evidence{{Source: paper.ID}}}
	}
	a, b, c := entity("institution:a", "A"), entity("institution:b", "B"), entity("institution:c", "C")
	load(t, g, "one", paper, a, b, c, part(a.ID, b.ID), part(b.ID, c.ID))
	before := digest(t, g)
	if _, err := g.Load(t.Context(), "two", sequence(paper, a, c, part(c.ID, a.ID)), nil); !errors.Is(err, graph.ErrCycle) {
		t.Errorf("across datasets: %v", err)
	}
	if digest(t, g) != before {
		t.Error("the cycle was stored")
	}
}

func TestCancelledContextIsAnError(t *testing.T) {
	g := open(t, "")
	load(t, g, "d", append(world(), meeting("2023", paper.ID))...)
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	check := func(what string, err error) {
		if !errors.Is(err, cause) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := g.Find(ctx, "Xie Feng")
	check("Find", err)
	_, err = g.Load(ctx, "e", sequence(world()...), nil)
	check("Load", err)
	_, err = g.Forget(ctx, "d")
	check("Forget", err)
	_, err = g.Stats(ctx)
	check("Stats", err)
	_, err = g.Verify(ctx)
	check("Verify", err)
	_, err = g.Entity(ctx, xie.ID)
	check("Entity", err)
	count := 0
	for _, err := range g.Facts(ctx, graph.Filter{}) {
		check("Facts", err)
		count++
	}
	if count != 1 {
		t.Errorf("Facts yields %d pairs", count)
	}
	_, err = graph.Open(ctx, "", nil)
	check("Open", err)
}

func TestStatsAndDatasets(t *testing.T) {
	g := open(t, "")
	denied := meeting("2023-07-12", wire.ID)
	denied.Evidence[0].Stance = schema.Denies
	planned := meeting("2024", paper.ID)
	planned.Status = schema.Planned
	load(t, g, "one", append(world(), meeting("2023-07-12", paper.ID), planned)...)
	load(t, g, "two", append(world(), denied)...)
	s, err := g.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Facts != 2 || s.Evidence != 3 || s.Standings[schema.StandingDisputed] != 1 || s.Edges != 2 || s.Statuses[schema.Planned] != 1 || s.Entities[schema.Person] != 2 ||
		s.First != "2023-07-12" || s.Last != "2024-12-31" || s.Datasets != 2 {
		t.Errorf("%+v", s)
	}
	sets, err := g.Datasets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, set := range sets {
		got = append(got, fmt.Sprint(set.Name, " ", set.Entities, " ", set.Documents, " ", set.Facts))
	}
	if want := []string{"one 6 2 2", "two 6 2 1"}; !slices.Equal(got, want) {
		t.Errorf("datasets %v", got)
	}
}

func TestReopen(t *testing.T) {
	dir := t.TempDir() + "/new/graph"
	if _, err := graph.Open(t.Context(), dir, &graph.Options{ReadOnly: true}); !errors.Is(err, graph.ErrNoGraph) {
		t.Errorf("reading where nothing is: %v", err)
	}
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	load(t, g, "d", append(world(), meeting("2023", paper.ID))...)
	before, facts := digest(t, g), collect(t, g.Facts(t.Context(), graph.Filter{}))
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	g, err = graph.Open(t.Context(), dir, &graph.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if digest(t, g) != before || !reflect.DeepEqual(collect(t, g.Facts(t.Context(), graph.Filter{})), facts) {
		t.Error("the graph changed on disk")
	}
	if _, err := g.Load(t.Context(), "e", sequence(world()...), nil); err == nil {
		t.Error("a graph open for reading was written")
	}
}

// A graph at a snapshot gives the answers of that moment, whatever is loaded later.
func TestAt(t *testing.T) {
	g := open(t, "")
	load(t, g, "first", append(world(), meeting("2023-07-12", paper.ID))...)
	s, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	load(t, g, "second", append(world(), meeting("2023-07-13", paper.ID))...)
	then, now := collect(t, g.At(s).Facts(t.Context(), graph.Filter{})), collect(t, g.Facts(t.Context(), graph.Filter{}))
	if len(then) != 1 || len(now) != 2 {
		t.Errorf("%d facts then and %d now", len(then), len(now))
	}
	again, err := g.At(s).Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if now, err := again.Latest(); again.Generation() != s.Generation() || now || err != nil {
		t.Errorf("a snapshot of it is of generation %d, not %d (%v)", again.Generation(), s.Generation(), err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if facts := collect(t, g.At(again).Facts(t.Context(), graph.Filter{})); len(facts) != 1 {
		t.Errorf("%d facts by a clone of a snapshot that is closed", len(facts))
	}
	if _, err := s.Clone(); !errors.Is(err, store.ErrClosed) {
		t.Errorf("a clone of a closed snapshot: %v", err)
	}
	copied := filepath.Join(t.TempDir(), graph.File)
	if err := g.At(again).Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if _, err := g.At(again).Forget(t.Context(), "first"); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("a graph at one moment was changed: %v", err)
	}
	if err := errors.Join(g.At(again).Discard(t.Context()), g.At(again).Close(), again.Close()); err != nil {
		t.Fatal(err)
	}
	g, err = graph.Open(t.Context(), filepath.Dir(copied), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if facts := collect(t, g.Facts(t.Context(), graph.Filter{})); len(facts) != 1 {
		t.Errorf("%d facts in the backup", len(facts))
	}
}
