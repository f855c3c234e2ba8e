package graph_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// update changes a dataset, which must work.
func update(t *testing.T, g *graph.Graph, dataset string, fn func(tx *graph.Tx) error) graph.Report {
	t.Helper()
	report, err := g.Update(t.Context(), dataset, fn)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// normal is a fact as a graph has it.
func normal(f schema.Fact) schema.Fact { return schema.DefaultVocabulary().Normalize(f) }

func TestUpdateMakesADataset(t *testing.T) {
	g := open(t, "")
	empty := digest(t, g)
	met := normal(meeting("2023-07-12", paper.ID))
	report := update(t, g, "added", func(tx *graph.Tx) error {
		if err := tx.Add(world()...); err != nil {
			return err
		}
		return tx.Add(met)
	})
	if report.Facts != 1 || report.Entities != 6 || report.Documents != 2 || len(report.Edits.Added) != 9 || report.Added == 0 {
		t.Errorf("%+v", report)
	}
	if f, err := g.Fact(t.Context(), met.ID); err != nil || f.Evidence[0].Dataset != "added" {
		t.Errorf("%+v, %v", f, err)
	}
	if report := update(t, g, "added", func(tx *graph.Tx) error { return tx.Add(met, xie) }); !report.Unchanged || report.Facts != 0 {
		t.Errorf("again: %+v", report)
	}
	report = update(t, g, "added", func(tx *graph.Tx) error { return tx.Remove(append(idsOf(world()), met.ID)...) })
	if digest(t, g) != empty || len(report.Edits.Removed) != 9 {
		t.Errorf("removing all of it leaves something: %+v", report)
	}
	if sets, err := g.Datasets(t.Context()); err != nil || len(sets) != 0 {
		t.Errorf("datasets %+v, %v", sets, err)
	}
	update(t, g, "nothing", func(*graph.Tx) error { return nil })
	if sets, err := g.Datasets(t.Context()); err != nil || len(sets) != 0 {
		t.Errorf("an update without a change made a dataset: %+v, %v", sets, err)
	}
}

func idsOf(records []schema.Record) (ids []schema.ID) {
	for _, r := range records {
		switch r := r.(type) {
		case schema.Entity:
			ids = append(ids, r.ID)
		case schema.Document:
			ids = append(ids, r.ID)
		case schema.Fact:
			ids = append(ids, normal(r).ID)
		}
	}
	return ids
}

// What a transaction reads is the dataset's own, with the changes so far.
func TestUpdateReadsItsDatasetAlone(t *testing.T) {
	g := open(t, "")
	met := normal(meeting("2023-07-12", paper.ID))
	denied := meeting("2023-07-12", wire.ID)
	denied.Evidence[0].Stance = schema.Denies
	renamed := xie
	renamed.Label = "Feng Xie"
	load(t, g, "one", append(world(), met)...)
	load(t, g, "two", renamed, ratner, wire, denied)
	two, err := g.Fact(t.Context(), met.ID)
	if err != nil || len(two.Evidence) != 2 {
		t.Fatalf("%+v, %v", two, err)
	}
	update(t, g, "two", func(tx *graph.Tx) error {
		f, err := tx.Fact(met.ID)
		if err != nil || len(f.Evidence) != 1 || f.Evidence[0].Source != wire.ID {
			t.Errorf("fact %+v, %v", f, err)
		}
		if e, err := tx.Entity(xie.ID); err != nil || e.Label != "Feng Xie" || len(e.Aliases) != 1 {
			t.Errorf("entity %+v, %v", e, err)
		}
		if _, err := tx.Document(paper.ID); !errors.Is(err, graph.ErrNotFound) {
			t.Errorf("document of another dataset: %v", err)
		}
		if _, err := tx.Document(xie.ID); !errors.Is(err, graph.ErrNotFound) {
			t.Errorf("a person is no document: %v", err)
		}
		if _, err := tx.Entity(place.ID); !errors.Is(err, graph.ErrNotFound) {
			t.Errorf("entity of another dataset: %v", err)
		}
		if id, err := tx.Resolve("Pentagon"); err != nil || id != place.ID {
			t.Errorf("resolved %s, %v", id, err)
		}
		if err := tx.Add(entity("person:new", "Somebody New")); err != nil {
			return err
		}
		if id, err := tx.Resolve("somebody new"); err != nil || id != "person:new" {
			t.Errorf("resolved %s, %v", id, err)
		}
		f.Evidence[0].Note = "changed"
		if again, err := tx.Fact(met.ID); err != nil || again.Evidence[0].Note != "" {
			t.Errorf("a caller's change shows: %+v, %v", again, err)
		}
		if err := tx.Put(f); err != nil {
			return err
		}
		if again, err := tx.Fact(met.ID); err != nil || again.Evidence[0].Note != "changed" {
			t.Errorf("after Put: %+v, %v", again, err)
		}
		return tx.Remove("person:new")
	})
	f, err := g.Fact(t.Context(), met.ID)
	if err != nil || len(f.Evidence) != 2 || f.Evidence[0].Note != "" || f.Evidence[1].Note != "changed" {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestUpdateIsAllOrNothing(t *testing.T) {
	g := open(t, "")
	load(t, g, "one", append(world(), meeting("2023-07-12", paper.ID))...)
	before := digest(t, g)
	part := func(a, b schema.ID) schema.Fact { return dealing("part-of", a, b, "", paper.ID) }
	unknown := meeting("2023", "doc:unknown")
	bare := meeting("2023", paper.ID)
	bare.Evidence = nil
	twice := meeting("2023-07-12", paper.ID)
	twice.Evidence[0].Note = "another note"
	changed := normal(meeting("2023-07-12", paper.ID))
	changed.When.Written = "2023-07-13"
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		fn   func(tx *graph.Tx) error
		want error
	}{
		"error of fn":       {func(tx *graph.Tx) error { return errors.Join(tx.Add(meeting("2022", paper.ID)), broken) }, broken},
		"undeclared":        {func(tx *graph.Tx) error { return tx.Add(meeting("2022", paper.ID), unknown) }, graph.ErrUndeclared},
		"no evidence":       {func(tx *graph.Tx) error { return tx.Add(bare) }, schema.ErrEvidence},
		"given twice":       {func(tx *graph.Tx) error { return tx.Add(twice) }, schema.ErrDuplicate},
		"another identity":  {func(tx *graph.Tx) error { return tx.Put(changed) }, graph.ErrIdentity},
		"not there":         {func(tx *graph.Tx) error { return tx.Remove("person:nobody") }, graph.ErrNotFound},
		"not there as fact": {func(tx *graph.Tx) error { return tx.Remove(changed.ID[:len(changed.ID)-1]) }, graph.ErrNotFound},
		"in use":            {func(tx *graph.Tx) error { return tx.Remove(xie.ID) }, graph.ErrInUse},
		"another name":      {func(tx *graph.Tx) error { return tx.Add(entity(xie.ID, "Another Name")) }, graph.ErrConflict},
		"another kind": {func(tx *graph.Tx) error {
			return tx.Add(schema.Entity{ID: "person:x", Kind: schema.Place, Label: "X"})
		}, schema.ErrKind},
		"cycle": {func(tx *graph.Tx) error {
			return tx.Add(entity("institution:a", "A"), entity("institution:b", "B"), part("institution:a", "institution:b"), part("institution:b", "institution:a"))
		}, graph.ErrCycle},
		"statement": {func(tx *graph.Tx) error { return tx.Add(schema.Statement{}) }, nil},
		"replaced half": {func(tx *graph.Tx) error {
			bad := changed
			bad.Links = []schema.Link{{Type: schema.Because, Fact: normal(meeting("2020", paper.ID)).ID}}
			_ = tx.Replace(normal(meeting("2023-07-12", paper.ID)).ID, bad)
			return nil
		}, graph.ErrUndeclared},
	} {
		report, err := g.Update(t.Context(), "one", test.fn)
		if err == nil || test.want != nil && !errors.Is(err, test.want) || report.Edits.Len() > 0 {
			t.Errorf("%s: %+v, %v", name, report, err)
		}
		if digest(t, g) != before {
			t.Fatalf("%s: the graph changed", name)
		}
	}
	if _, err := g.Update(t.Context(), "bad name", func(*graph.Tx) error { return nil }); !errors.Is(err, graph.ErrDatasetName) {
		t.Errorf("a bad name: %v", err)
	}
	var kept *graph.Tx
	update(t, g, "one", func(tx *graph.Tx) error { kept = tx; return nil })
	if err := kept.Add(xie); err == nil {
		t.Error("a transaction works after its end")
	}
}

// An id made from a name stands for the entity of another dataset only where nothing
// that is known of both differs.
func TestUpdateComparesEntities(t *testing.T) {
	g := open(t, "")
	load(t, g, "one", china, us, xie)
	same := schema.Entity{ID: xie.ID, Kind: schema.Person, Label: "Xie Feng", FromName: true}
	other := same
	other.Country = us.ID
	if _, err := g.Update(t.Context(), "two", func(tx *graph.Tx) error { return tx.Add(us, other) }); !errors.Is(err, graph.ErrConflict) {
		t.Errorf("another country: %v", err)
	}
	report := update(t, g, "two", func(tx *graph.Tx) error { return tx.Add(same) })
	if len(report.ByName) != 1 || report.ByName[0].ID != xie.ID {
		t.Errorf("%+v", report)
	}
	digest(t, g)
}

func TestUpdateBorrowsNames(t *testing.T) {
	g := open(t, "")
	load(t, g, "people", world()...)
	alone := digest(t, g)
	met := normal(meeting("2023-07-12", paper.ID))
	update(t, g, "added", func(tx *graph.Tx) error { return tx.Add(met) })
	update(t, g, "people", func(tx *graph.Tx) error {
		e, err := tx.Entity(xie.ID)
		if err != nil {
			return err
		}
		e.Label = "Feng Xie"
		return tx.Put(e)
	})
	if e, err := g.Entity(t.Context(), xie.ID); err != nil || e.Label != "Feng Xie" || len(e.Aliases) != 1 {
		t.Errorf("%+v, %v", e, err)
	}
	digest(t, g)
	update(t, g, "people", func(tx *graph.Tx) error { return tx.Put(xie) })
	update(t, g, "added", func(tx *graph.Tx) error { return tx.Remove(met.ID) })
	if digest(t, g) != alone {
		t.Error("a removed fact leaves something")
	}
	update(t, g, "added", func(tx *graph.Tx) error { return tx.Add(met) })
	if _, err := g.Forget(t.Context(), "people"); err != nil {
		t.Fatal(err)
	}
	if e, err := g.Entity(t.Context(), xie.ID); err != nil || e.Label != "Xie Feng" {
		t.Errorf("%+v, %v", e, err)
	}
}

// Replace changes what identifies a fact; links to the old one lead to the new one.
func TestReplace(t *testing.T) {
	g := open(t, "")
	met := normal(meeting("2023-07-12", paper.ID))
	cause := meeting("2023-08", paper.ID)
	cause.Links = []schema.Link{{Type: schema.Because, Fact: met.ID}}
	cause = normal(cause)
	load(t, g, "one", append(world(), met, cause)...)
	corrected := met
	corrected.When.Written, corrected.Evidence[0].When.Written = "2023-07-13", ""
	report := update(t, g, "one", func(tx *graph.Tx) error { return tx.Replace(met.ID, corrected) })
	corrected.ID = ""
	want := normal(corrected).ID
	if f, err := g.Fact(t.Context(), cause.ID); err != nil || f.Links[0].Fact != want {
		t.Errorf("links %+v, %v", f.Links, err)
	}
	if e := report.Edits; !slices.Equal(e.Added, []schema.ID{want}) || !slices.Equal(e.Changed, []schema.ID{cause.ID}) || !slices.Equal(e.Removed, []schema.ID{met.ID}) {
		t.Errorf("%+v", e)
	}
	if _, err := g.Fact(t.Context(), met.ID); !errors.Is(err, graph.ErrNotFound) {
		t.Errorf("the old fact: %v", err)
	}
	digest(t, g)
}

// A dataset has the files of verbs that its facts use; the graph knows a verb as long
// as it did with loads.
func TestUpdateKeepsVerbs(t *testing.T) {
	v, err := schema.DefaultVocabulary().Extend("verbs.yaml", []byte("verbs:\n  - {id: winked-at, kind: interaction, phrases: [winked at], subject: [Person], object: [Person]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	wink := v.Normalize(dealing("winked-at", xie.ID, ratner.ID, "2023", paper.ID))
	fresh := func(facts ...schema.Record) string {
		g, err := graph.Open(t.Context(), "", &graph.Options{Vocabulary: v})
		if err != nil {
			t.Fatal(err)
		}
		defer g.Close()
		load(t, g, "d", append(world(), facts...)...)
		return digest(t, g)
	}
	dir := t.TempDir()
	with := func(v *schema.Vocabulary, fn func(tx *graph.Tx) error) string {
		t.Helper()
		g, err := graph.Open(t.Context(), dir, &graph.Options{Vocabulary: v})
		if err != nil {
			t.Fatal(err)
		}
		defer g.Close()
		if report := update(t, g, "d", fn); report.Unchanged {
			t.Error("nothing changed")
		}
		return digest(t, g)
	}
	met := normal(meeting("2023-07-12", paper.ID))
	if got := with(nil, func(tx *graph.Tx) error { return tx.Add(append(world(), met)...) }); got != fresh(met) {
		t.Error("without the verb")
	}
	if got := with(v, func(tx *graph.Tx) error { return tx.Add(wink) }); got != fresh(met, wink) {
		t.Error("the verb came")
	}
	if got := with(nil, func(tx *graph.Tx) error { return tx.Remove(met.ID) }); got != fresh(wink) {
		t.Error("another fact went")
	}
	if got := with(nil, func(tx *graph.Tx) error { return tx.Remove(wink.ID) }); got != fresh() {
		t.Error("the verb went")
	}
	if got := with(nil, func(tx *graph.Tx) error { return tx.Add(wink) }); got != fresh(wink) {
		t.Error("the verb is not known any more")
	}
}

// Foreign RDF of a dataset stays, and counts as it did.
func TestUpdateBesideStatements(t *testing.T) {
	g := open(t, "")
	load(t, g, "d", append(world(), nquadsText("<http://example.org/x> <http://example.org/p> _:b .\n"))...)
	before := digest(t, g)
	met := normal(meeting("2023", paper.ID))
	update(t, g, "d", func(tx *graph.Tx) error { return tx.Add(met) })
	update(t, g, "d", func(tx *graph.Tx) error { return tx.Remove(met.ID) })
	if digest(t, g) != before {
		t.Error("another graph")
	}
}

// A change of a fact changes the days of those that are part of it, also in other
// datasets, and a fact that others link to may go: theirs dangle.
func TestUpdateDatesParts(t *testing.T) {
	g := open(t, "")
	whole := normal(meeting("2023-07", paper.ID))
	part := dealing("praised", xie.ID, ratner.ID, "", paper.ID)
	part.Links = []schema.Link{{Type: schema.PartOf, Fact: whole.ID}}
	part = normal(part)
	load(t, g, "one", append(world(), whole)...)
	load(t, g, "two", append(world(), part)...)
	update(t, g, "one", func(tx *graph.Tx) error {
		f, err := tx.Fact(whole.ID)
		if err != nil {
			return err
		}
		f.Evidence[0].When.Written = "2023-07/2023-08"
		return tx.Put(f)
	})
	if f, err := g.Fact(t.Context(), part.ID); err != nil || f.Within == nil || f.Within.To.String() != "2023-08-31" {
		t.Errorf("%+v, %v", f.Within, err)
	}
	report := update(t, g, "one", func(tx *graph.Tx) error { return tx.Remove(whole.ID) })
	if !slices.Equal(report.Dangling, []schema.ID{part.ID}) {
		t.Errorf("dangling %v", report.Dangling)
	}
	if f, err := g.Fact(t.Context(), part.ID); err != nil || f.Within != nil {
		t.Errorf("%+v, %v", f.Within, err)
	}
	update(t, g, "two", func(tx *graph.Tx) error {
		f, err := tx.Fact(part.ID)
		if err != nil {
			return err
		}
		f.Evidence[0].Note = "what dangles may stay"
		return tx.Put(f)
	})
	if v, err := g.Verify(t.Context()); err != nil || len(v.Problems) > 0 || len(v.Dangling) != 1 {
		t.Errorf("%+v, %v", v, err)
	}
}
