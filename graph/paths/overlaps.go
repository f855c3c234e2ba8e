package paths

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/schema"
)

// Term is the time that an entity spent at an institution or in a post.
type Term = office.Term

// Overlap is a place at which several entities may have been at the same time, on any
// day from Span.From to Span.To. If the overlap is certain, all were there on each day
// from Span.LatestFrom to Span.EarliestTo; if that interval is empty, all were there
// on some day from Span.EarliestTo to Span.LatestFrom. All intervals are closed.
type Overlap struct {
	At    schema.ID
	Span  schema.Span
	Terms []Term // one for each entity, in the order of the argument

	certain bool
}

// Certain reports whether the entities were there together under every reading of the
// dates, and not only on the last day of one term and the first day of another.
func (o Overlap) Certain() bool { return o.certain }

// Days returns the closed interval in which all entities were certainly there. ok is
// false if the overlap is not certain, or if no single day is certain.
func (o Overlap) Days() (from, to schema.Day, ok bool) {
	return o.Span.LatestFrom, o.Span.EarliestTo, o.certain && o.Span.LatestFrom <= o.Span.EarliestTo
}

// Overlaps finds where several entities held office at the same time. It reads
// relations of the vocabulary's group office and of the verb member-of, in which an
// entity acts on a post, an institution or a country. The holder of a post is also at
// the place of the post (post-at): for the interval of that relation if it is dated,
// otherwise always. Two holders of one post do not overlap again at the place of the
// post. If one holder follows another within the same day, month or year, that is a
// handover and not an overlap ([office.RelationOf]). Several terms of one entity at
// one place and time count once. The error wraps [ErrCut] if there are too many
// overlaps.
//
// The query's conditions select the facts. Its verbs, dates and Undated do not apply
// to the places of posts. Its direction is ignored. Through and Avoid restrict the
// places. Places come in the order of [View.Common], and the overlaps at a place in
// order of time.
func Overlaps(ctx context.Context, g *graph.Graph, v *View, of []schema.ID, q Query) ([]Overlap, error) {
	p, err := v.planForSeveral(of, q)
	if err != nil {
		return nil, err
	}
	f := &overlapSearch{plan: p, conditions: q.conditions(), graph: g, ctx: ctx, query: q, entities: of, posts: map[schema.ID][]Term{}}
	overlaps := []Overlap{{}}
	for _, id := range of {
		terms, err := f.termsOf(id)
		if err != nil {
			return nil, err
		}
		if overlaps, err = f.extend(overlaps, terms); err != nil {
			return nil, err
		}
	}
	return f.inOrder(overlaps), context.Cause(ctx)
}

// overlapSearch finds the overlaps of some entities.
type overlapSearch struct {
	plan       *plan
	conditions graph.Conditions
	graph      *graph.Graph
	ctx        context.Context
	query      Query
	entities   []schema.ID
	posts      map[schema.ID][]Term // the places of each post
}

// termsOf returns the terms of one entity.
func (t *overlapSearch) termsOf(id schema.ID) (all []Term, err error) {
	held, err := t.relationsOf(id, t.conditions, t.isOffice)
	if err != nil {
		return nil, err
	}
	for _, term := range held {
		if t.allowsPlace(term.At) {
			all = append(all, term)
		}
		if schema.KindOf(term.At) != schema.Post || slices.Contains(t.query.Avoid, term.At) {
			continue
		}
		places, err := t.placesOf(term.At)
		if err != nil {
			return nil, err
		}
		for _, place := range places {
			if there, ok := term.Within(place); ok && t.allowsPlace(place.At) {
				all = append(all, there)
			}
		}
	}
	return all, nil
}

// placesOf returns the places of a post. A relation without a date always holds.
func (t *overlapSearch) placesOf(post schema.ID) ([]Term, error) {
	if places, ok := t.posts[post]; ok {
		return places, nil
	}
	structure := t.conditions
	structure.Verbs, structure.Undated = nil, true
	places, err := t.relationsOf(post, structure, func(d *schema.Definition) bool { return d.ID == postAt })
	t.posts[post] = places
	return places, err
}

const (
	postAt      = schema.Verb("post-at")
	memberOf    = schema.Verb("member-of")
	officeGroup = "office"
)

func (t *overlapSearch) isOffice(d *schema.Definition) bool {
	return d.Kind == schema.Relation && (d.Group == officeGroup || d.ID == memberOf)
}

// verbsThat returns the verbs of a vocabulary whose definition is wanted.
func verbsThat(v *schema.Vocabulary, wanted func(*schema.Definition) bool) (verbs []schema.Verb) {
	for _, verb := range v.Verbs() {
		if d, ok := v.Lookup(verb); ok && wanted(d) {
			verbs = append(verbs, verb)
		}
	}
	return verbs
}

// relationsOf returns the terms of an entity by its relations.
func (t *overlapSearch) relationsOf(id schema.ID, c graph.Conditions, wanted func(*schema.Definition) bool) (all []Term, err error) {
	facts, order := map[schema.ID][]office.Fact{}, []schema.ID(nil)
	if len(c.Verbs) == 0 {
		c.Verbs = verbsThat(t.graph.Vocabulary(), wanted) // few of the facts of most entities
	}
	for f, err := range t.graph.Facts(t.ctx, graph.Filter{With: id, Conditions: c}) {
		if err != nil {
			return nil, err
		}
		d, ok := t.graph.Vocabulary().Lookup(f.Verb)
		if !ok || !wanted(d) || !slices.Contains(f.With(schema.RoleActor), id) {
			continue
		}
		for _, at := range f.With(schema.RoleRecipient) {
			if facts[at] == nil {
				order = append(order, at)
			}
			facts[at] = append(facts[at], office.Fact{Fact: f, Dates: datesOf(f, c.Datasets)})
		}
	}
	for _, at := range order {
		terms, err := office.Terms(id, at, facts[at])
		if err != nil {
			return nil, err
		}
		all = append(all, terms...)
	}
	return all, nil
}

// allowsPlace reports whether the query allows overlaps at a place.
func (t *overlapSearch) allowsPlace(id schema.ID) bool {
	kind := kindNumber(schema.KindOf(id))
	return placeBits&t.plan.kinds&kindBit(kind) != 0 && !slices.Contains(t.query.Avoid, id) && !slices.Contains(t.entities, id)
}

var placeBits = kindBit(kindNumber(schema.Post)) | kindBit(kindNumber(schema.Institution)) | kindBit(kindNumber(schema.Country))

// maxOverlaps is the highest number of combinations of terms.
const maxOverlaps = 1 << 18

// extend combines each overlap with every term of one more entity that may be at the
// same time.
func (t *overlapSearch) extend(overlaps []Overlap, list []Term) (joined []Overlap, err error) {
	for _, o := range overlaps {
		for _, term := range list {
			next, ok := o.add(term)
			if ok {
				joined = append(joined, next)
			}
			if len(joined) > maxOverlaps {
				return nil, ErrCut
			}
			if err := t.plan.checkContext(t.ctx, 64); err != nil {
				return nil, err
			}
		}
	}
	return joined, nil
}

// add returns the overlap with one more term; ok is false if the term does not
// overlap.
func (o Overlap) add(term Term) (next Overlap, ok bool) {
	if len(o.Terms) == 0 {
		return Overlap{At: term.At, Span: term.Span, Terms: []Term{term}}, true
	}
	next = Overlap{At: o.At, Terms: append(slices.Clone(o.Terms), term)}
	next.Span.From, next.Span.To = max(o.Span.From, term.Span.From), min(o.Span.To, term.Span.To)
	if term.At != o.At || next.Span.From > next.Span.To || slices.ContainsFunc(o.Terms, term.Follows) {
		return next, false
	}
	var days office.Window
	days, next.certain = office.CertainOverlap(next.Terms...)
	next.Span.LatestFrom, next.Span.EarliestTo = days.From, days.To
	return next, true
}

// sharesOnePost reports whether all terms are at the place because of one post.
func sharesOnePost(o Overlap) bool {
	post := o.Terms[0].Post
	return post != "" && !slices.ContainsFunc(o.Terms, func(t Term) bool { return t.Post != post })
}

func (t *overlapSearch) inOrder(overlaps []Overlap) []Overlap {
	overlaps = slices.DeleteFunc(overlaps, sharesOnePost)
	slices.SortStableFunc(overlaps, func(a, b Overlap) int {
		return cmp.Or(cmp.Compare(t.cost(a.At), t.cost(b.At)), cmp.Compare(a.At, b.At), cmp.Compare(a.Span.From, b.Span.From), cmp.Compare(a.Span.To, b.Span.To))
	})
	return mergeOverlaps(overlaps)
}

// mergeOverlaps merges sorted overlaps at one place whose intervals meet or are
// adjacent, so that several terms of one entity count once.
func mergeOverlaps(overlaps []Overlap) (joined []Overlap) {
	for _, o := range overlaps {
		i := slices.IndexFunc(joined, func(b Overlap) bool {
			return b.At == o.At && o.Span.From <= dayAfter(b.Span.To) && b.Span.From <= dayAfter(o.Span.To)
		})
		if i < 0 {
			joined = append(joined, o)
			continue
		}
		joined[i] = joined[i].merge(o)
	}
	return joined
}

// dayAfter returns the day after a day, or the last day of all.
func dayAfter(day schema.Day) schema.Day { return min(day, schema.MaxDay-1) + 1 }

// merge merges two overlaps: the one with more certain days, over the days of both,
// with the facts of both.
func (o Overlap) merge(other Overlap) Overlap {
	from, to := min(o.Span.From, other.Span.From), max(o.Span.To, other.Span.To)
	if other.certain && (!o.certain || other.Span.EarliestTo-other.Span.LatestFrom > o.Span.EarliestTo-o.Span.LatestFrom) {
		o, other = other, o
	}
	o.Span.From, o.Span.To = from, to
	o.Terms = slices.Clone(o.Terms)
	for i := range o.Terms {
		term := &o.Terms[i]
		term.Facts = slices.Clone(term.Facts)
		for _, f := range other.Terms[i].Facts {
			if !slices.ContainsFunc(term.Facts, func(g schema.Fact) bool { return g.ID == f.ID }) {
				term.Facts = append(term.Facts, f)
			}
		}
	}
	return o
}

// cost returns the cost of passing a place.
func (t *overlapSearch) cost(id schema.ID) weight {
	node, ok := t.plan.view.entities.find(id)
	if !ok {
		return 0
	}
	return t.plan.view.passingCost(ByTelling, node)
}
