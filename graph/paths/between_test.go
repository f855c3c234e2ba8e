package paths_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

func view(t *testing.T, facts []schema.Fact) *paths.View {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	for _, dataset := range []string{"one", "two"} {
		if _, err := g.Load(t.Context(), dataset, records(facts, dataset), nil); err != nil {
			t.Fatal(err)
		}
	}
	v, err := paths.NewView(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// records are the facts that a dataset has evidence of, with all who take part.
func records(facts []schema.Fact, dataset string) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		ids := map[schema.ID]bool{"doc:x": true}
		for _, f := range facts {
			for _, p := range f.Roles {
				ids[p.ID] = true
			}
		}
		for id := range ids {
			if !yield(schema.Entity{ID: id, Kind: schema.KindOf(id), Label: string(id)}, nil) {
				return
			}
		}
		for _, f := range facts {
			if f.Evidence[0].Dataset == dataset && !yield(f, nil) {
				return
			}
		}
	}
}

func fact(a schema.ID, verb schema.Verb, b schema.ID, when string, status schema.Status) schema.Fact {
	return schema.Fact{Verb: verb, Status: status, When: schema.When{Written: when},
		Roles:    []schema.Participant{{Role: schema.RoleActor, ID: a}, {Role: schema.RoleRecipient, ID: b}},
		Evidence: []schema.Evidence{{Source: "doc:x", Dataset: "one"}}}
}

func found(t *testing.T, v *paths.View, from, to schema.ID, q paths.Query) []string {
	t.Helper()
	var all []string
	for p, err := range v.Between(t.Context(), from, to, q) {
		if errors.Is(err, graph.ErrNotFound) {
			return nil
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text(from, p))
	}
	return all
}

func text(from schema.ID, p paths.Path) string {
	var b strings.Builder
	b.WriteString(string(from))
	for _, h := range p.Hops {
		var steps []string
		for _, s := range h.Steps {
			steps = append(steps, fmt.Sprint(s.Verb, s.Reverse, s.Fact))
		}
		slices.Sort(steps)
		fmt.Fprintf(&b, " %v %s", steps, h.To)
	}
	return b.String()
}

// bruteForce tries every walk of growing length over the facts as given.
func bruteForce(facts []schema.Fact, from, to schema.ID, q paths.Query, takes func(schema.Fact) bool) []string {
	v := schema.DefaultVocabulary()
	type arc struct {
		to   schema.ID
		step string
	}
	arcs := map[schema.ID][]arc{}
	for _, f := range merged(facts) {
		if !takes(f) || f.Status == schema.Happened && !f.Asserted() {
			continue
		}
		d, _ := v.Lookup(f.Verb)
		for _, e := range v.Pairs(f) {
			arcs[e.From] = append(arcs[e.From], arc{e.To, fmt.Sprint(e.Verb, false, f.ID)})
			if !d.Symmetric {
				arcs[e.To] = append(arcs[e.To], arc{e.From, fmt.Sprint(e.Verb, true, f.ID)})
			}
		}
	}
	walks := [][]schema.ID{{from}}
	for range cmp.Or(q.Hops, paths.DefaultHops) {
		var next [][]schema.ID
		var done []string
		for _, w := range walks {
			tos := map[schema.ID]bool{}
			for _, a := range arcs[w[len(w)-1]] {
				if !tos[a.to] && !slices.Contains(w, a.to) {
					tos[a.to] = true
					walk := append(slices.Clone(w), a.to)
					if a.to == to {
						var b strings.Builder
						b.WriteString(string(from))
						for i, at := range walk[1:] {
							var steps []string
							for _, x := range arcs[walk[i]] {
								if x.to == at {
									steps = append(steps, x.step)
								}
							}
							slices.Sort(steps)
							fmt.Fprintf(&b, " %v %s", steps, at)
						}
						done = append(done, b.String())
					} else if schema.KindOf(a.to) != schema.Group && !slices.Contains(q.Avoid, a.to) {
						next = append(next, walk)
					}
				}
			}
		}
		if len(done) > 0 {
			slices.Sort(done)
			return done
		}
		walks = next
	}
	return nil
}

// merged is each fact once, with the evidence of all its tellings.
func merged(facts []schema.Fact) map[schema.ID]schema.Fact {
	v := schema.DefaultVocabulary()
	all := make(map[schema.ID]schema.Fact)
	for _, f := range facts {
		f = v.Normalize(f)
		if old, ok := all[f.ID]; ok {
			f = v.Merge(old, f)
		}
		all[f.ID] = f
	}
	return all
}

func TestAgreesWithBruteForce(t *testing.T) {
	answered := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 9))
		n := 4 + r.IntN(12)
		var ids []schema.ID
		for i := range n {
			ids = append(ids, schema.ID(fmt.Sprint(pick(r, []string{"person:", "person:", "country:", "group:"}), i)))
		}
		var facts []schema.Fact
		for range n + r.IntN(2*n) {
			i := r.IntN(n)
			f := fact(ids[i], pick(r, []schema.Verb{"met", "urged", "sanctioned", "called"}), ids[(i+1+r.IntN(n-1))%n],
				pick(r, []string{"", "2021", "2023-07-12", "../2022"}), pick(r, []schema.Status{schema.Happened, schema.Happened, schema.Refused}))
			f.Evidence[0].Stance = pick(r, []schema.Stance{schema.Asserts, schema.Asserts, schema.Denies})
			f.Evidence[0].Dataset = pick(r, []string{"one", "two"})
			f.Evidence[0].Locator = fmt.Sprint(len(facts))
			if f.When.Written == "2021" && r.IntN(2) == 0 {
				f.Evidence[0].When.Written = "2023-08"
			}
			if schema.DefaultVocabulary().Check(f) == nil {
				facts = append(facts, f)
			}
		}
		v := view(t, facts)
		for range 30 {
			from, to := pick(r, ids), pick(r, ids)
			q, takes := randomQuery(r, ids)
			if from == to {
				continue
			}
			want := bruteForce(facts, from, to, q, takes)
			got := found(t, v, from, to, q)
			if again := found(t, v, from, to, q); !slices.Equal(got, again) {
				t.Fatalf("two answers to one question:\n%v\n%v", got, again)
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d, %s to %s, %+v:\n got %v\nwant %v", seed, from, to, q, got, want)
			}
			if len(got) > 0 {
				answered++
			}
		}
	}
	if answered < 200 {
		t.Errorf("only %d questions had an answer", answered)
	}
}

func randomQuery(r *rand.Rand, ids []schema.ID) (paths.Query, func(schema.Fact) bool) {
	var q paths.Query
	if r.IntN(2) == 0 {
		q.Hops = 1 + r.IntN(4)
	}
	if r.IntN(3) == 0 {
		q.Verbs = []schema.Verb{"met", "urged"}
	}
	if r.IntN(3) == 0 {
		q.Statuses = []schema.Status{schema.Happened, schema.Refused}
	}
	if r.IntN(3) == 0 {
		q.Avoid = []schema.ID{pick(r, ids)}
	}
	if r.IntN(3) == 0 {
		q.Since, q.Undated = "2023", r.IntN(2) == 0
	}
	if r.IntN(3) == 0 {
		q.Datasets = []string{pick(r, []string{"one", "two"})}
	}
	return q, func(f schema.Fact) bool {
		asserts := map[string]bool{} // by dataset
		for _, e := range f.Evidence {
			asserts[e.Dataset] = asserts[e.Dataset] || e.Stance == schema.Asserts
		}
		claimed, dated := false, false
		inWindow := q.Since == ""
		for _, e := range f.Evidence {
			if q.Datasets != nil && e.Dataset != q.Datasets[0] || f.Status == schema.Happened && !asserts[e.Dataset] {
				continue
			}
			claimed = true
			if asserts[e.Dataset] && e.Stance == schema.Denies {
				continue
			}
			dated = dated || e.When.Dated()
			inWindow = inWindow || e.When.Written == "2023-07-12" || e.When.Written == "2023-08"
		}
		return claimed && (inWindow || q.Undated && !dated) &&
			(len(q.Verbs) == 0 || slices.Contains(q.Verbs, f.Verb)) &&
			(f.Status == schema.Happened || slices.Contains(q.Statuses, f.Status))
	}
}

func pick[T any](r *rand.Rand, choices []T) T { return choices[r.IntN(len(choices))] }

func TestTheMostTellingPathIsFirst(t *testing.T) {
	a, b, hub, envoy := schema.ID("person:a"), schema.ID("person:b"), schema.ID("country:hub"), schema.ID("person:envoy")
	facts := []schema.Fact{
		fact(a, "met", hub, "", ""), fact(hub, "met", b, "", ""),
		fact(a, "met", envoy, "2023-07-12", ""), fact(envoy, "met", b, "2023-07-13", ""),
	}
	for i := range 9 {
		facts = append(facts, fact(schema.ID(fmt.Sprint("person:x", i)), "met", hub, "2023", ""))
	}
	v := view(t, facts)
	for p, err := range v.Between(t.Context(), a, b, paths.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		if p.Hops[0].To != envoy {
			t.Errorf("first path goes through %s", p.Hops[0].To)
		}
		break
	}
}

func TestNoPathGoesThroughAGroup(t *testing.T) {
	v := view(t, []schema.Fact{fact("person:a", "met", "group:g", "2023", ""), fact("group:g", "met", "person:b", "2023", "")})
	if got := found(t, v, "person:a", "person:b", paths.Query{}); got != nil {
		t.Errorf("found %v", got)
	}
	if got := found(t, v, "person:a", "group:g", paths.Query{}); len(got) != 1 {
		t.Errorf("to the group itself: %v", got)
	}
}

func TestErrors(t *testing.T) {
	v := view(t, []schema.Fact{fact("person:a", "met", "person:b", "2023", "")})
	one := func(ctx context.Context, from, to schema.ID, q paths.Query) (last error) {
		for _, err := range v.Between(ctx, from, to, q) {
			last = err
		}
		return last
	}
	if err := one(t.Context(), "person:a", "person:zz", paths.Query{}); !errors.Is(err, graph.ErrNotFound) {
		t.Errorf("an unknown end: %v", err)
	}
	if err := one(t.Context(), "person:a", "person:b", paths.Query{Since: "x"}); !errors.Is(err, schema.ErrDate) {
		t.Errorf("a bad date: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	if err := one(ctx, "person:a", "person:b", paths.Query{}); !errors.Is(err, cause) {
		t.Errorf("a cancelled context: %v", err)
	}
}
