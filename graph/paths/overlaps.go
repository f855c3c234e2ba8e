package paths

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/schema"
)

// Term is a time that somebody spent at an institution or in a post.
type Term = office.Term

// Overlap is terms of several at one place that may have overlapped: on any day
// from Span.From to Span.To. Where that is certain, all of them surely were there
// on the days from Span.LatestFrom to Span.EarliestTo; where there are no such days
// they were there together all the same, on some day from Span.EarliestTo to
// Span.LatestFrom. All days are included.
type Overlap struct {
	At    schema.ID
	Span  schema.Span
	Terms []Term // one of each, in the order asked

	certain bool
}

// Certain reports whether all of them must have been there together: under every
// reading of the dates, in more than the last day of one and the first of another.
func (o Overlap) Certain() bool { return o.certain }

// Days are those on which all were certainly there together; ok is false where it
// is not certain, or where it is but no day is.
func (o Overlap) Days() (from, to schema.Day, ok bool) {
	return o.Span.LatestFrom, o.Span.EarliestTo, o.certain && o.Span.LatestFrom <= o.Span.EarliestTo
}

// Overlaps finds where all of some entities held office at the same time. What
// they held is relations of the vocabulary's group office, and member-of, in which
// they act on a post, an institution or a country. Whoever holds a post is also
// where the post is (post-at): as long as that held, where it is dated, or else
// always. Two in one post are not told of again for where it is. A day, month or
// year in which one holder of a post follows another is a handover and no overlap
// ([office.RelationOf]), and what somebody was at one place in several ways at one time
// counts once. There are too many overlaps to tell where the error wraps [ErrCut].
//
// The facts are those that the query takes; the verbs, dates and undated facts
// that it asks for do not matter for where posts are, nor does its direction at
// all. Through and Avoid say where to look. Places that few deal with come first,
// as of [View.Common], then what began first.
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

// overlapSearch finds them.
type overlapSearch struct {
	plan       *plan
	conditions graph.Conditions
	graph      *graph.Graph
	ctx        context.Context
	query      Query
	entities   []schema.ID
	posts      map[schema.ID][]Term // where each post is
}

// termsOf finds the terms of one entity.
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

// placesOf is where a post is. What has no date holds always.
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

// relationsOf is what somebody's relations are to, joined to terms.
func (t *overlapSearch) relationsOf(id schema.ID, c graph.Conditions, wanted func(*schema.Definition) bool) (all []Term, err error) {
	facts, order := map[schema.ID][]office.Fact{}, []schema.ID(nil)
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

// allowsPlace reports whether a place is one to look at.
func (t *overlapSearch) allowsPlace(id schema.ID) bool {
	kind := kindNumber(schema.KindOf(id))
	return placeBits&t.plan.kinds&kindBit(kind) != 0 && !slices.Contains(t.query.Avoid, id) && !slices.Contains(t.entities, id)
}

var placeBits = kindBit(kindNumber(schema.Post)) | kindBit(kindNumber(schema.Institution)) | kindBit(kindNumber(schema.Country))

// maxOverlaps bounds how many ways of being together are put together.
const maxOverlaps = 1 << 18

// extend adds to each overlap the terms of one more that may have been then.
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

// add is the overlap with one more term; ok is false where there is none.
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

// sharesOnePost reports whether all are there by one post.
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

// mergeOverlaps joins overlaps at one place, in order, that lie within each other or follow
// at once: whoever is there in several ways is there once.
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

// dayAfter is the last day on which what follows a day at once may begin.
func dayAfter(day schema.Day) schema.Day { return min(day, schema.MaxDay-1) + 1 }

// merge is one overlap for two: the one with more certain days, on the days of both,
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

// cost is what it costs to pass a place.
func (t *overlapSearch) cost(id schema.ID) weight {
	node, ok := t.plan.view.entities.find(id)
	if !ok {
		return 0
	}
	return t.plan.view.passing(ByTelling, node)
}
