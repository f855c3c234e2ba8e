package paths_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// graphOf returns a temporary graph of facts, each in the dataset of its first
// evidence.
func graphOf(t testing.TB, facts []schema.Fact) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	load(t, g, facts)
	return g
}

func load(t testing.TB, g *graph.Graph, facts []schema.Fact) {
	t.Helper()
	for _, dataset := range []string{"one", "two"} {
		if _, err := g.Load(t.Context(), dataset, records(facts, dataset), nil); err != nil {
			t.Fatal(err)
		}
	}
}

func viewOf(t testing.TB, facts []schema.Fact) *paths.View {
	t.Helper()
	v, err := paths.NewView(t.Context(), graphOf(t, facts))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// records returns the facts that have evidence in a dataset, and their entities.
func records(facts []schema.Fact, dataset string) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		ids := map[schema.ID]bool{}
		for _, f := range facts {
			for _, p := range f.Roles {
				ids[p.ID] = true
			}
			for _, e := range f.Evidence {
				ids[e.Source] = true
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

// fact returns a fact of two entities, from one document.
func fact(a schema.ID, verb schema.Verb, b schema.ID, when string, status schema.Status) schema.Fact {
	return schema.Fact{Verb: verb, Status: status, When: schema.When{Written: when},
		Roles:    []schema.Participant{{Role: schema.RoleActor, ID: a}, {Role: schema.RoleRecipient, ID: b}},
		Evidence: []schema.Evidence{{Source: "doc:x", Dataset: "one"}}}
}

func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }

// world returns a few entities and random facts between them, so that some facts are
// parallel, go in both directions, and have equal costs.
func world(r *rand.Rand) (ids []schema.ID, facts []schema.Fact) {
	n := 4 + r.IntN(8)
	for i := range n {
		ids = append(ids, schema.ID(fmt.Sprint(pick(r, "person:", "person:", "person:", "country:", "institution:", "group:", "gathering:", "post:"), i)))
	}
	for range n + r.IntN(4*n) {
		for range 1 + r.IntN(2)*r.IntN(3) { // some of them again and again
			f := withRoles(r, randomFact(r, ids), ids)
			f.Evidence = randomEvidence(r, f, len(facts), "one")
			other := f
			other.Evidence = randomEvidence(r, f, len(facts)+1, "two")
			if whole := part(r, facts); whole != "" {
				f.Links = []schema.Link{{Type: schema.PartOf, Fact: whole}}
			}
			for _, f := range [][]schema.Fact{{f}, {other}, {f, other}}[r.IntN(3)] {
				if schema.DefaultVocabulary().Check(f) == nil {
					facts = append(facts, f)
				}
			}
		}
	}
	return ids, facts
}

// part picks, now and then, a fact that another one is part of: one that the first
// dataset tells, so that both may refer to it.
func part(r *rand.Rand, facts []schema.Fact) schema.ID {
	if len(facts) == 0 || r.IntN(2) == 0 {
		return ""
	}
	whole := facts[r.IntN(len(facts))]
	if whole.Evidence[0].Dataset != "one" {
		return ""
	}
	return schema.DefaultVocabulary().Normalize(whole).ID
}

// randomFact returns a fact without evidence.
func randomFact(r *rand.Rand, ids []schema.ID) schema.Fact {
	written := pick(r, "", "", "2021", "2021-05", "2022-03-01", "2022-03-01/2022-04-10", "../2022", "2023-07-12", "2023-07-12", "2023-07-13",
		"2024-01-01/..", "2012-05-05", "2016-08-01", "2018-02")
	f := fact(pick(r, ids...), pick(r, schema.Verb("met"), "urged", "sanctioned", "called", "allied-with", "works-at", "advises"), pick(r, ids...),
		written, pick(r, schema.Happened, schema.Happened, schema.Happened, schema.Refused, schema.Planned))
	if r.IntN(8) == 0 && f.Verb == "met" {
		f.Roles = nil
		for _, i := range r.Perm(len(ids))[:3] {
			f.Roles = append(f.Roles, schema.Participant{Role: schema.RoleParty, ID: ids[i]})
		}
	}
	return f
}

// withRoles adds random participants in other roles, such as mediators and hosts.
func withRoles(r *rand.Rand, f schema.Fact, ids []schema.ID) schema.Fact {
	v := schema.DefaultVocabulary()
	for r.IntN(4) == 0 {
		role, id := pick(r, schema.Role("mediator"), "mediator", "host", "with", "for", "as", "during", "during", "over"), pick(r, ids...)
		d, _ := v.Role(role)
		if slices.Contains(d.Kinds, schema.KindOf(id)) {
			f.Roles = append(slices.Clone(f.Roles), schema.Participant{Role: role, ID: id})
		}
	}
	return f
}

// randomEvidence is what some documents in a dataset say of a fact, and now and
// then when that was by them.
func randomEvidence(r *rand.Rand, f schema.Fact, number int, dataset string) (evidence []schema.Evidence) {
	for i := range 1 + r.IntN(3) {
		e := schema.Evidence{Source: schema.ID(fmt.Sprint("doc:", r.IntN(4))), Dataset: dataset, Locator: fmt.Sprint(number, ".", i),
			Stance: pick(r, schema.Asserts, schema.Asserts, schema.Asserts, schema.Denies, schema.Doubts, schema.Hearsay)}
		if r.IntN(3) == 0 {
			e.Confidence = float64(1+r.IntN(10)) / 10
		}
		if r.IntN(6) == 0 && f.Verb == "met" {
			e.When.Written = pick(r, "2014-01-01", "2020-01-01", "2023-08")
		}
		evidence = append(evidence, e)
	}
	return evidence
}

// merged is each fact once, with the evidence of all its tellings, in the order
// of their ids.
func merged(facts []schema.Fact) (all []schema.Fact) {
	v := schema.DefaultVocabulary()
	byID := make(map[schema.ID]schema.Fact)
	for _, f := range facts {
		f = v.Normalize(f)
		if old, ok := byID[f.ID]; ok {
			f = v.Merge(old, f)
		}
		byID[f.ID] = f
	}
	for _, f := range byID {
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b schema.Fact) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return all
}
