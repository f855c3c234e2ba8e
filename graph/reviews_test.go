package graph_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// found returns a fact as a model found it, whose review is pending.
func found(f schema.Fact) schema.Fact {
	f.Evidence = slices.Clone(f.Evidence)
	for i := range f.Evidence {
		f.Evidence[i].Method = schema.Model
		f.Evidence[i].Review = &schema.Review{State: schema.Pending, Model: "m1"}
	}
	return f
}

func quoted(f schema.Fact, quote string) schema.Fact {
	f.Evidence = slices.Clone(f.Evidence)
	f.Evidence[0].Quote = quote
	return f
}

// decide decides about the only evidence of a fact.
func decide(t *testing.T, g *graph.Graph, dataset string, f schema.Fact, state schema.ReviewState) {
	t.Helper()
	var evidence schema.ID
	all, err := graph.ListUnreviewed(t.Context(), g)
	for _, u := range all {
		if u.Fact == normal(f).ID && u.Dataset == dataset {
			evidence = u.Evidence
		}
	}
	if err == nil {
		_, err = graph.RecordReview(t.Context(), g, dataset, normal(f).ID, evidence, schema.Review{State: state, By: "Ada", On: "2026-12-01", Note: "read"}, "they met")
	}
	if err != nil {
		t.Fatal(err)
	}
}

func accepted(f schema.Fact) schema.Fact {
	f.Evidence = slices.Clone(f.Evidence)
	f.Evidence[0].Review = &schema.Review{State: schema.Accepted, Model: "m1", By: "Ada", On: "2026-12-01", Note: "read"}
	return f
}

// A graph after reviews is the graph of facts that were written as reviewed, and loads of
// the same facts into any dataset keep what was decided.
func TestReview(t *testing.T) {
	right, wrong, open1 := found(meeting("2023-07-12", paper.ID)), found(meeting("2023-07-13", paper.ID)), found(meeting("2023-07-14", paper.ID))
	g := open(t, "")
	load(t, g, "d", append(world(), right, wrong, open1)...)
	if all, err := graph.ListUnreviewed(t.Context(), g); err != nil || len(all) != 3 {
		t.Fatalf("%v, %v", all, err)
	}
	decide(t, g, "d", right, schema.Accepted)
	decide(t, g, "d", wrong, schema.Rejected)

	want := open(t, "")
	load(t, want, "d", append(world(), accepted(right), open1)...)
	if digest(t, g) != digest(t, want) {
		t.Error("the reviewed graph is not that of reviewed facts")
	}
	decisions, err := graph.Decisions(t.Context(), g)
	if err != nil || len(decisions) != 2 {
		t.Fatalf("%v, %v", decisions, err)
	}
	for _, d := range decisions {
		if d.By != "Ada" || d.On != "2026-12-01" || d.Note != "read" || d.Text != "they met" || d.Quote != "held talks" || d.Source != paper.ID || d.Dataset != "d" {
			t.Errorf("%+v", d)
		}
	}

	// Another input with the same facts does not undo the decisions, nor is it refused.
	more := found(meeting("2024", paper.ID))
	report, err := g.Load(t.Context(), "d", sequence(append(world(), right, wrong, open1, more)...), nil)
	if err != nil || report.KeptOut != 1 || report.Undone.Len() > 0 || report.Facts != 3 {
		t.Errorf("%+v, %v", report, err)
	}
	load(t, want, "d", append(world(), accepted(right), open1, more)...)
	if digest(t, g) != digest(t, want) {
		t.Error("a load undid a decision")
	}

	// Without a decision, the facts are as they were.
	again := accepted(more)
	decide(t, g, "d", more, schema.Rejected)
	if decisions, err = graph.Decisions(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	for _, d := range decisions {
		if d.Fact == normal(more).ID {
			err = graph.Undecide(t.Context(), g, d, more)
		}
	}
	decide(t, g, "d", more, schema.Accepted)
	edits, failed := g.Edits(t.Context(), "d")
	load(t, want, "d", append(world(), accepted(right), open1, again)...)
	if err != nil || failed != nil || edits.Len() > 0 || digest(t, g) != digest(t, want) {
		t.Errorf("%v, %v, %v", edits, err, failed)
	}

	// The decisions outlive the dataset, and hold for other datasets. Another quote is
	// another extraction.
	if _, err := g.Forget(t.Context(), "d"); err != nil {
		t.Fatal(err)
	}
	report = load(t, g, "e", append(world(), right, quoted(wrong, "met again"), wrong)...)
	if report.KeptOut != 1 || report.Facts != 2 {
		t.Errorf("%+v", report)
	}
	other := open(t, "")
	load(t, other, "e", append(world(), accepted(right), quoted(wrong, "met again"))...)
	if digest(t, g) != digest(t, other) {
		t.Error("a decision does not hold for another dataset")
	}
}

func TestReviewErrors(t *testing.T) {
	f := found(meeting("2023-07-12", paper.ID))
	after := meeting("2023-07-20", paper.ID)
	after.Links = []schema.Link{{Type: "because", Fact: normal(f).ID}}
	g := open(t, "")
	load(t, g, "d", append(world(), f, after)...)
	before := digest(t, g)
	list, err := graph.ListUnreviewed(t.Context(), g)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	u, ok := list[0], schema.Review{State: schema.Rejected, By: "Ada"}
	for _, c := range []struct {
		name           string
		dataset        string
		fact, evidence schema.ID
		review         schema.Review
		want           error
	}{
		{"no such fact", "d", "fact:aaaaaaaaaaaaaaaaaaaaaaaaaa", u.Evidence, ok, graph.ErrNotFound},
		{"no such evidence", "d", u.Fact, "evidence:aaaaaaaaaaaaaaaaaaaaaaaaaa", ok, graph.ErrNotFound},
		{"another dataset", "e", u.Fact, u.Evidence, ok, graph.ErrNotFound},
		{"no person", "d", u.Fact, u.Evidence, schema.Review{State: schema.Accepted}, graph.ErrQuery},
		{"pending", "d", u.Fact, u.Evidence, schema.Review{State: schema.Pending, By: "Ada"}, graph.ErrQuery},
		{"a fact refers to it", "d", u.Fact, u.Evidence, ok, graph.ErrInUse},
	} {
		if _, err := graph.RecordReview(t.Context(), g, c.dataset, c.fact, c.evidence, c.review, ""); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if decisions, err := graph.Decisions(t.Context(), g); err != nil || len(decisions) > 0 || digest(t, g) != before {
		t.Errorf("a refused review changed the graph: %v, %v", decisions, err)
	}
	decide(t, g, "d", f, schema.Accepted)
	if _, err := graph.RecordReview(t.Context(), g, "d", u.Fact, u.Evidence, ok, ""); !errors.Is(err, graph.ErrNotPending) {
		t.Error(err)
	}
}

func TestUndecide(t *testing.T) {
	right, wrong := found(meeting("2023-07-12", paper.ID)), found(meeting("2023-07-13", paper.ID))
	g := open(t, "")
	again := func() graph.Report {
		t.Helper()
		report, err := g.Load(t.Context(), "d", sequence(append(world(), right, wrong)...), &graph.LoadOptions{Input: "1"})
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	again()
	load(t, g, "e", append(world(), right)...)
	before := digest(t, g)
	decide(t, g, "d", right, schema.Accepted)
	decide(t, g, "d", wrong, schema.Rejected)
	load(t, g, "e", append(world(), right)...)
	if report := again(); !report.Unchanged || report.Edits.Len() > 0 {
		t.Errorf("%+v", report)
	}
	decisions, err := graph.Decisions(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range decisions {
		if err := graph.Undecide(t.Context(), g, d); err != nil {
			t.Fatal(err)
		}
		if err := graph.Undecide(t.Context(), g, d); !errors.Is(err, graph.ErrNotFound) {
			t.Error(err)
		}
	}
	if report := again(); report.Unchanged || report.KeptOut > 0 || digest(t, g) != before {
		t.Errorf("%+v", report)
	}
}

// Without unreviewed evidence a graph is that of the reviewed facts alone.
func TestRemoveUnreviewed(t *testing.T) {
	pending := found(meeting("2023-07-12", paper.ID))
	twice := meeting("2023-07-13", paper.ID)
	twice.Evidence = append(twice.Evidence, found(meeting("2023-07-13", wire.ID)).Evidence...)
	denied := meeting("2023-07-14", paper.ID)
	denied.Evidence[0].Stance = schema.Denies
	claimed := found(meeting("2023-07-14", wire.ID))
	linked := meeting("2023-07-20", paper.ID)
	linked.Links = []schema.Link{{Type: "because", Fact: normal(pending).ID}}
	during := meeting("2023-07-21", paper.ID)
	during.Roles = append(slices.Clone(during.Roles), schema.Participant{Role: "during", ID: normal(pending).ID})
	g := open(t, "")
	load(t, g, "a", append(world(), pending, twice, denied, linked, during)...)
	load(t, g, "b", append(world(), claimed)...)
	before := digest(t, g)

	c, err := graph.Copy(t.Context(), g, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	facts, evidence, err := graph.RemoveUnreviewed(t.Context(), c)
	if err != nil || facts != 2 || evidence != 4 {
		t.Errorf("%d facts, %d pieces of evidence, %v", facts, evidence, err)
	}
	want := open(t, "")
	linked.Links = nil
	twice.Evidence = twice.Evidence[:1]
	load(t, want, "a", append(world(), twice, denied, linked)...)
	load(t, want, "b", world()...)
	if digest(t, c) != digest(t, want) {
		t.Error("not the graph of the reviewed facts")
	}
	if digest(t, g) != before {
		t.Error("the graph itself changed")
	}
}
