package paths_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// common is the expected result of [paths.View.Common].
func (o *oracle) common(ids, of []schema.ID, q paths.Query) (all []string) {
	for _, id := range ids {
		if slices.Contains(of, id) || !o.passes(q, id) {
			continue
		}
		text := fmt.Sprint(o.passing(id)[1], " ", id, len(o.degree[id]))
		for _, from := range of {
			_, facts, ok := o.hop(q, from, id)
			if !ok {
				text = ""
				break
			}
			text += fmt.Sprint(" ", from, facts)
		}
		if text != "" {
			all = append(all, text)
		}
	}
	return all
}

func contactText(c paths.Contact) string {
	text := fmt.Sprint(int(c.Telling*256), " ", c.ID, c.Degree)
	for _, h := range c.Links {
		text += fmt.Sprint(" ", h.From, stepTexts(h))
	}
	return text
}

func TestCommonAgreesWithBruteForce(t *testing.T) {
	found := 0
	for seed := range worlds(t, 60) {
		r := rand.New(rand.NewPCG(seed, 8))
		ids, facts := world(r)
		v, o := viewOf(t, facts), newOracle(facts)
		for range 60 {
			q := randomQuery(r, ids)
			q.Via = nil
			of := []schema.ID{}
			for _, i := range r.Perm(len(ids))[:min(len(ids), 2+r.IntN(2)*r.IntN(9))] {
				of = append(of, ids[i])
			}
			got, err := v.Common(t.Context(), of, q)
			if slices.ContainsFunc(of, func(id schema.ID) bool { return len(o.steps[id]) == 0 }) {
				if !errors.Is(err, graph.ErrNotFound) {
					t.Fatalf("%v, some of whom have no dealings: %v", of, err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			want := o.common(ids, of, q)
			slices.Sort(want)
			var texts []string
			for _, c := range got {
				texts = append(texts, contactText(c))
			}
			if !slices.IsSortedFunc(got, func(a, b paths.Contact) int {
				return cmp.Or(cmp.Compare(a.Telling, b.Telling), cmp.Compare(a.ID, b.ID))
			}) {
				t.Fatalf("out of order: %v", texts)
			}
			if slices.Sort(texts); !slices.Equal(texts, want) {
				t.Fatalf("seed %d: common to %v, %+v:\n got %q\nwant %q", seed, of, q, texts, want)
			}
			found += len(got)
		}
	}
	if found < least(300) {
		t.Errorf("only %d contacts", found)
	}
}

// Together finds the same facts as a check of every fact.
func TestTogetherAgreesWithBruteForce(t *testing.T) {
	found := 0
	for seed := range worlds(t, 60) {
		r := rand.New(rand.NewPCG(seed, 9))
		ids, facts := world(r)
		g, o := graphOf(t, facts), newOracle(facts)
		v, err := paths.NewView(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		for range 60 {
			q := randomQuery(r, ids)
			q.Via, q.Direction = nil, paths.AnyWay
			a, b := pick(r, ids...), pick(r, ids...)
			if a == b {
				continue
			}
			got, err := paths.Together(t.Context(), g, v, []schema.ID{a, b}, q)
			if err != nil {
				t.Fatal(err)
			}
			var texts []schema.ID
			want := o.together(facts, q, a, b)
			for _, f := range got {
				texts = append(texts, f.ID)
			}
			slices.Sort(texts)
			if !slices.Equal(texts, want) {
				t.Fatalf("seed %d: %s and %s together, %+v:\n got %v\nwant %v", seed, a, b, q, texts, want)
			}
			found += len(got)
		}
	}
	if found < least(500) {
		t.Errorf("only %d facts", found)
	}
}

// Each dataset counts by its own statement of a fact.
func TestTogetherByDatasets(t *testing.T) {
	tell := func(verb schema.Verb, dataset, when string, stance schema.Stance) schema.Fact {
		f := fact("person:a", verb, "person:b", "2022", "")
		f.Evidence = []schema.Evidence{{Source: schema.ID("doc:" + dataset), Dataset: dataset, Stance: stance, When: schema.When{Written: when}}}
		return f
	}
	g := graphOf(t, []schema.Fact{
		tell("called", "one", "2022", schema.Asserts), tell("called", "two", "2020", schema.Asserts),
		tell("visited", "one", "2022", schema.Asserts), tell("visited", "two", "2022", schema.Denies),
	})
	v, err := paths.NewView(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		query paths.Query
		want  []schema.Verb
	}{
		{paths.Query{}, []schema.Verb{"called", "visited"}},
		{paths.Query{Conditions: &graph.Conditions{Statuses: happened, Datasets: []string{"one"}}}, []schema.Verb{"called", "visited"}},
		{paths.Query{Conditions: &graph.Conditions{Statuses: happened, Datasets: []string{"two"}}}, []schema.Verb{"called"}},
		{paths.Query{Conditions: &graph.Conditions{Statuses: happened, Until: "2020"}}, []schema.Verb{"called"}},
		{paths.Query{Conditions: &graph.Conditions{Statuses: happened, Until: "2020", Datasets: []string{"one"}}}, nil},
		{paths.Query{Conditions: &graph.Conditions{Statuses: happened, Since: "2022"}}, []schema.Verb{"called", "visited"}},
		{paths.Query{Conditions: &graph.Conditions{Statuses: happened, Since: "2022", Contained: true}}, []schema.Verb{"visited"}},
	} {
		facts, err := paths.Together(t.Context(), g, v, []schema.ID{"person:b", "person:a"}, test.query)
		if err != nil {
			t.Fatal(err)
		}
		var got []schema.Verb
		for _, f := range facts {
			got = append(got, f.Verb)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%+v: %v, not %v", test.query, got, test.want)
		}
	}
}

func TestCommonRefuses(t *testing.T) {
	facts := []schema.Fact{fact("person:a", "met", "person:b", "", ""), fact("person:c", "met", "person:b", "", "")}
	g := graphOf(t, facts)
	v, err := paths.NewView(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		of    []schema.ID
		query paths.Query
	}{
		{[]schema.ID{"person:a"}, paths.Query{}},
		{[]schema.ID{"person:a", "person:c", "person:a"}, paths.Query{}},
		{[]schema.ID{"person:a", "person:c"}, paths.Query{Via: []schema.ID{"person:b"}}},
	} {
		_, err := v.Common(t.Context(), test.of, test.query)
		_, err2 := paths.Overlaps(t.Context(), g, v, test.of, test.query)
		_, err3 := paths.Together(t.Context(), g, v, test.of, test.query)
		for _, err := range []error{err, err2, err3} {
			if !errors.Is(err, paths.ErrQuery) {
				t.Errorf("%v: %v", test, err)
			}
		}
	}
}

func TestCommonLooksAtItsContext(t *testing.T) {
	v := synthetic(t, 20_000)
	looks(t, 2, func(ctx context.Context) error {
		_, err := v.Common(ctx, []schema.ID{"country:synth-0", "country:synth-1"}, paths.Query{})
		return err
	})
}

// holds returns a term of office.
func holds(who schema.ID, verb schema.Verb, where schema.ID, written string) schema.Fact {
	return fact(who, verb, where, written, schema.Happened)
}

// The places of posts, their holders, and whether holders certainly overlap.
func TestOverlaps(t *testing.T) {
	attested := holds("person:d", "holds-post", "post:minister", "2015-06-01")
	attested.When.Attested = true
	disputed := holds("person:e", "holds-post", "post:minister", "2010/2020")
	disputed.Evidence = append(disputed.Evidence, schema.Evidence{Source: "doc:y", Dataset: "one", Stance: schema.Denies})
	denied := holds("person:f", "holds-post", "post:minister", "2010/2020")
	denied.Evidence[0].Stance = schema.Denies
	facts := []schema.Fact{
		holds("person:a", "holds-post", "post:minister", "2010-01-01/2015-06-30"),
		holds("person:b", "holds-post", "post:deputy", "2015/2018"),
		holds("person:c", "works-at", "institution:ministry", "2016/.."),
		attested, disputed, denied,
		holds("person:g", "member-of", "institution:ministry", ""),
		holds("person:h", "holds-post", "post:minister", "2014/"),
		holds("person:i", "works-at", "group:officials", "2010/2020"),
		holds("person:j", "works-at", "group:officials", "2010/2020"),
		holds("person:k", "works-at", "institution:old", "2010/2020"),
		holds("person:l", "holds-post", "post:clerk", "2010/2020"),
		holds("post:minister", "post-at", "institution:ministry", ""),
		holds("post:deputy", "post-at", "institution:ministry", ""),
		holds("post:clerk", "post-at", "institution:old", "../2009"),
	}
	g := graphOf(t, facts)
	v, err := paths.NewView(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		of    []schema.ID
		query paths.Query
		want  []string
	}{
		{[]schema.ID{"person:a", "person:b"}, paths.Query{}, []string{"institution:ministry 2015-01-01 2015-06-30 possible"}},
		{[]schema.ID{"person:b", "person:c"}, paths.Query{}, []string{"institution:ministry 2016-01-01 2018-12-31 certain 2016-12-31 2018-01-01"}},
		{[]schema.ID{"person:a", "person:c"}, paths.Query{}, nil},
		{[]schema.ID{"person:a", "person:d"}, paths.Query{}, []string{"post:minister 2010-01-01 2015-06-30 certain 2015-06-01 2015-06-01"}},
		{[]schema.ID{"person:a", "person:e"}, paths.Query{}, []string{"post:minister 2010-01-01 2015-06-30 possible"}},
		{[]schema.ID{"person:a", "person:e"}, paths.Query{Conditions: &graph.Conditions{Statuses: happened, Disputed: graph.DisputedNot}}, nil},
		{[]schema.ID{"person:a", "person:f"}, paths.Query{}, nil},
		{[]schema.ID{"person:a", "person:g"}, paths.Query{}, []string{"institution:ministry 2010-01-01 2015-06-30 possible"}},
		{[]schema.ID{"person:a", "person:g"}, paths.Query{Conditions: &graph.Conditions{Statuses: happened, Since: "2012"}}, nil},
		{[]schema.ID{"person:a", "person:b"}, paths.Query{Conditions: &graph.Conditions{Statuses: happened, Since: "2012"}}, []string{"institution:ministry 2015-01-01 2015-06-30 possible"}},
		{[]schema.ID{"person:a", "person:b"}, paths.Query{Conditions: &graph.Conditions{Statuses: happened, Verbs: []schema.Verb{"holds-post"}}}, []string{"institution:ministry 2015-01-01 2015-06-30 possible"}},
		{[]schema.ID{"person:a", "person:b"}, paths.Query{Conditions: &graph.Conditions{Statuses: happened, Verbs: []schema.Verb{"works-at"}}}, nil},
		{[]schema.ID{"person:a", "person:b"}, paths.Query{Avoid: []schema.ID{"institution:ministry"}}, nil},
		{[]schema.ID{"person:a", "person:b"}, paths.Query{Avoid: []schema.ID{"post:minister"}}, nil},
		{[]schema.ID{"person:a", "person:b"}, paths.Query{Through: []schema.Kind{schema.Post}}, nil},
		{[]schema.ID{"person:a", "person:h"}, paths.Query{}, []string{"post:minister 2014-01-01 2015-06-30 certain"}}, // on no day for sure, but h began while a was there
		{[]schema.ID{"person:a", "person:b", "person:h"}, paths.Query{}, []string{"institution:ministry 2015-01-01 2015-06-30 possible"}},
		{[]schema.ID{"person:i", "person:j"}, paths.Query{}, nil}, // a group need not be the same people each time
		{[]schema.ID{"person:k", "person:l"}, paths.Query{}, nil}, // the clerk was elsewhere by then
	} {
		overlaps, err := paths.Overlaps(t.Context(), g, v, test.of, test.query)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range overlaps {
			text := fmt.Sprint(o.At, " ", o.Span.From, " ", o.Span.To, " possible")
			if from, to, ok := o.Days(); ok {
				text = fmt.Sprint(o.At, " ", o.Span.From, " ", o.Span.To, " certain ", from, " ", to)
			} else if o.Certain() {
				text = fmt.Sprint(o.At, " ", o.Span.From, " ", o.Span.To, " certain")
			}
			got = append(got, text)
			for i, term := range o.Terms {
				if term.Holder != test.of[i] || term.At != o.At || len(term.Facts) == 0 {
					t.Errorf("%v: term %d is %+v", test.of, i, term)
				}
			}
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%v, %+v:\n got %q\nwant %q", test.of, test.query, got, test.want)
		}
	}
}

// Facts that are linked as the same describe one term, and both restrict its dates.
func TestTermsToldTwice(t *testing.T) {
	first := holds("person:a", "holds-post", "post:x", "2010-01-01/2020")
	attested := holds("person:a", "holds-post", "post:x", "2019-05-05")
	attested.When.Attested = true
	attested.Links = []schema.Link{{Type: schema.SameAs, Fact: schema.DefaultVocabulary().Normalize(first).ID}}
	later := holds("person:a", "holds-post", "post:x", "2025/..")
	later.Links = attested.Links // a contradiction
	g := graphOf(t, []schema.Fact{first, attested, later, holds("person:b", "holds-post", "post:x", "2019-01-01/2019-12-31")})
	v, err := paths.NewView(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	got, err := paths.Overlaps(t.Context(), g, v, []schema.ID{"person:b", "person:a"}, paths.Query{})
	if err != nil || len(got) != 1 || len(got[0].Terms[1].Facts) != 2 {
		t.Fatalf("%+v: %v", got, err)
	}
	if s := got[0].Span; s.From.String() != "2019-01-01" || s.To.String() != "2019-12-31" ||
		s.LatestFrom.String() != "2019-01-01" || s.EarliestTo.String() != "2019-12-31" {
		t.Errorf("%v", s)
	}
}

// A certain overlap is one for every choice of the days on which terms began and
// ended, a possible one for some.
func TestOverlapsAreCertainOrPossible(t *testing.T) {
	written := []string{"2020-01-01/2020-01-03", "2020-01-02/", "../2020-01-02", "2020-01-04/..", "2020-01-02/2020-01-02", "/2020-01-03", "2020-01", ""}
	certain, possible, never := 0, 0, 0
	for _, a := range written {
		for _, b := range written {
			g := graphOf(t, []schema.Fact{holds("person:a", "works-at", "institution:x", a), holds("person:b", "works-at", "institution:x", b)})
			v, err := paths.NewView(t.Context(), g)
			if err != nil {
				t.Fatal(err)
			}
			got, err := paths.Overlaps(t.Context(), g, v, []schema.ID{"person:a", "person:b"}, paths.Query{})
			if err != nil {
				t.Fatal(err)
			}
			all, some := true, false
			for _, x := range choices(t, a) {
				for _, y := range choices(t, b) {
					all = all && x[0] < y[1] && y[0] < x[1] // on a common edge day they may not meet
					some = some || x[0] <= y[1] && y[0] <= x[1]
				}
			}
			switch {
			case some != (len(got) == 1) || some && got[0].Certain() != all:
				t.Errorf("%q and %q: %+v, want possible %v, certain %v", a, b, got, some, all)
			case all:
				certain++
			case some:
				possible++
			default:
				never++
			}
		}
	}
	if certain < 5 || possible < 20 || never < 4 {
		t.Errorf("%d certain, %d possible, %d never", certain, possible, never)
	}
}

// choices returns the possible first and last days of a term, on a few days of which
// the outer ones represent all days before and after.
func choices(t *testing.T, written string) (all [][2]schema.Day) {
	span, err := schema.When{Written: written}.Span(schema.Relation)
	if err != nil {
		t.Fatal(err)
	}
	first, last, _ := schema.WindowBetween("2019-12-31", "2020-02-01")
	for from := max(first, span.From); from <= min(last, max(span.LatestFrom, first)); from++ {
		for to := max(from, span.EarliestTo, first); to <= min(last, span.To); to++ {
			all = append(all, [2]schema.Day{from, to})
		}
		if span.EarliestTo > last {
			all = append(all, [2]schema.Day{from, last})
		}
	}
	return all
}
