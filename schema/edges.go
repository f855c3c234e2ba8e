package schema

import (
	"slices"

	"github.com/cayleygraph/quad"
)

// MaxParties is how many parties a fact may have and still link every pair.
// Above it each party attended the gathering that the fact names.
const MaxParties = 12

// Edge is one directed link that a fact makes between two entities.
type Edge struct {
	From ID
	Verb Verb
	To   ID
	Fact ID
}

// Quad is the edge as stored: labelled with its fact.
func (e Edge) Quad() quad.Quad {
	return quad.Quad{Subject: e.From.Value(), Predicate: Term(e.Verb), Object: e.To.Value(), Label: e.Fact.Value()}
}

// Edges returns the edges of a fact that happened or holds and that some source
// asserts: from each actor to each recipient and between all parties, both ways
// where the verb is symmetric. Other facts have none.
func (v *Vocabulary) Edges(f Fact) []Edge {
	if f.Status != Happened || !f.Asserted() {
		return nil
	}
	return v.Pairs(f)
}

// Derived returns all quads that follow from a fact as all datasets together
// state it: its edges, its standing and, where it has no date of its own, the days
// of the facts that it is part of. They are labelled with the fact and belong to no
// dataset. A fact that no dataset states has none.
func (v *Vocabulary) Derived(f Fact) (quads []quad.Quad) {
	if f.Verb == "" {
		return nil
	}
	for _, e := range v.Edges(f) {
		quads = append(quads, e.Quad())
	}
	id := f.ID.Value()
	quads = append(quads, withinQuads(f)...)
	return append(quads, quad.Quad{Subject: id, Predicate: StandingTerm, Object: Term(f.Standing()), Label: id})
}

// Pairs returns the edges that a fact would have, whatever its status and
// stance: who is involved with whom.
func (v *Vocabulary) Pairs(f Fact) []Edge {
	d, ok := v.Lookup(f.Verb)
	if !ok {
		return nil
	}
	var edges []Edge
	link := func(verb Verb, from, to ID) {
		if from != to && KindOf(from) != KindFact && KindOf(to) != KindFact {
			edges = append(edges, Edge{from, verb, to, f.ID})
		}
	}
	for _, a := range f.With(RoleActor) {
		for _, r := range f.With(RoleRecipient) {
			link(f.Verb, a, r)
			if d.Symmetric {
				link(f.Verb, r, a)
			}
		}
	}
	parties := f.With(RoleParty)
	if len(parties) > MaxParties {
		attend(parties, f.With("during"), link)
		return edges
	}
	for i, a := range parties {
		for _, b := range slices.Concat(parties[:i], parties[i+1:]) {
			link(f.Verb, a, b)
		}
	}
	return edges
}

func attend(parties, gatherings []ID, link func(Verb, ID, ID)) {
	for _, g := range gatherings {
		if KindOf(g) != Gathering {
			continue
		}
		for _, p := range parties {
			link("attended", p, g)
		}
	}
}
