package schema

import (
	"github.com/cayleygraph/quad"
)

// MaxParties is the largest number of parties that are all linked in pairs. If a
// fact has more, each party is linked with the gathering that the fact names.
const MaxParties = 12

// Edge is a directed link between two entities that a fact makes, by its verb or
// by a role.
type Edge struct {
	From ID
	Verb Verb // the verb, or the predicate of a role's edges
	To   ID
	Fact ID
	Role Role // the role that derives the edge; empty for an edge of the verb
}

// Quad returns the edge as stored: a quad with the fact as its label.
func (e Edge) Quad() quad.Quad {
	return quad.Quad{Subject: e.From.Value(), Predicate: Term(e.Verb), Object: e.To.Value(), Label: e.Fact.Value()}
}

// Edges returns the edges of a fact: edges of its verb, then edges of its roles.
// Only a fact that happened or holds, and that some source asserts, has edges.
func (v *Vocabulary) Edges(f Fact) []Edge {
	if f.Status != Happened || !f.Asserted() {
		return nil
	}
	return v.Pairs(f)
}

// Derived returns all quads that follow from a fact with the evidence of all
// datasets: its edges, its standing and, for an undated fact, the days of the
// facts of which it is part. Their label is the fact; they belong to no dataset.
// A fact without a verb, which no dataset states, has none.
func (v *Vocabulary) Derived(f Fact) (quads []quad.Quad) {
	if f.Verb == "" {
		return nil
	}
	var id quad.Value = f.ID.Value()
	edges := v.Edges(f)
	quads = make([]quad.Quad, 0, len(edges)+1)
	for _, e := range edges {
		quads = append(quads, quad.Quad{Subject: e.From.Value(), Predicate: termOf(v, e.Verb), Object: e.To.Value(), Label: id})
	}
	quads = append(quads, withinQuads(f)...)
	return append(quads, quad.Quad{Subject: id, Predicate: StandingTerm, Object: termOf(v, f.Standing()), Label: id})
}

// Pairs returns the edges that a fact would have, whatever its status and its
// evidence. First come the edges of its verb, from each actor to each recipient
// and between all parties; a symmetric verb has edges in both directions. Then
// come the edges of its roles, as the vocabulary declares them.
func (v *Vocabulary) Pairs(f Fact) []Edge {
	d, ok := v.Lookup(f.Verb)
	if !ok {
		return nil
	}
	var edges []Edge
	link := func(verb Verb, from, to ID) {
		if from != to && KindOf(from) != KindFact && KindOf(to) != KindFact {
			edges = append(edges, Edge{From: from, Verb: verb, To: to, Fact: f.ID})
		}
	}
	recipients := f.With(RoleRecipient)
	for _, a := range f.With(RoleActor) {
		for _, r := range recipients {
			link(f.Verb, a, r)
			if d.Symmetric {
				link(f.Verb, r, a)
			}
		}
	}
	parties := f.With(RoleParty)
	if len(parties) > MaxParties {
		linkToGatherings(parties, f.With("during"), link)
		return append(edges, v.roleEdges(d, f)...)
	}
	for i, a := range parties {
		for j, b := range parties {
			if i != j {
				link(f.Verb, a, b)
			}
		}
	}
	return append(edges, v.roleEdges(d, f)...)
}

func linkToGatherings(parties, gatherings []ID, link func(Verb, ID, ID)) {
	for _, g := range gatherings {
		if KindOf(g) != Gathering {
			continue
		}
		for _, p := range parties {
			link("attended", p, g)
		}
	}
}

// roleEdges returns the edges that the roles of a fact derive. A role links two
// entities once, by the first rule that applies, and each predicate links two
// entities at most once in each direction.
func (v *Vocabulary) roleEdges(d *Definition, f Fact) (edges []Edge) {
	var made map[Edge]bool
	for _, p := range f.Roles {
		r, ok := v.Role(p.Role)
		if !ok || len(r.Edges) == 0 || KindOf(p.ID) == KindFact {
			continue
		}
		if made == nil {
			made = make(map[Edge]bool)
		}
		for i := range r.Edges {
			rule := &r.Edges[i]
			for _, other := range rule.otherPlayers(d, f, p.Role) {
				e := Edge{From: p.ID, Verb: rule.Predicate, To: other, Fact: f.ID}
				if rule.ToPlayer {
					e.From, e.To = e.To, e.From
				}
				linked := Edge{From: p.ID, To: other, Role: p.Role}
				if e.From != e.To && !made[e] && !made[linked] {
					made[e], made[linked] = true, true
					e.Role = p.Role
					edges = append(edges, e)
				}
			}
		}
	}
	return edges
}

// otherPlayers returns the entities that a rule links with the players of a role.
func (r *EdgeRule) otherPlayers(d *Definition, f Fact, role Role) (ids []ID) {
	inState := d.StateSubject == role || d.StateObject == role
	if r.State != inState || r.Verbs == oneWayVerbs && d.Symmetric || r.Verbs == symmetricVerbs && !d.Symmetric {
		return nil
	}
	roles := r.Others
	if r.State {
		roles = []Role{d.StateSubject, d.StateObject}
	}
	for _, other := range roles {
		if other == role || other == RoleRecipient && r.Together && !d.Symmetric && !d.Together {
			continue
		}
		players := f.With(other)
		if other == RoleParty && len(players) > MaxParties { // parties are linked with the gathering instead
			continue
		}
		for _, id := range players {
			if isKind(id, r.Kinds) && KindOf(id) != KindFact {
				ids = append(ids, id)
			}
		}
	}
	if r.Sole && len(ids) != 1 {
		return nil
	}
	return ids
}
