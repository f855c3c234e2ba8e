package paths

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Term is a time that somebody spent at an institution or in a post.
type Term struct {
	Of   schema.ID // who
	At   schema.ID // where: a Post, an Institution or a Country
	Post schema.ID // by holding this post there, if not by itself

	// Span is when it began and ended, as far as the facts say. Where evidence
	// differs it began and ended within all that it says; where facts are linked as
	// the same, within what each of them says; a disputed one is never certain.
	Span  schema.Span
	Facts []schema.Fact // that tell of it, and then of where the post belongs
}

// Overlap is terms of several at one place that may have overlapped: on any day
// from Span.From to Span.To. They must have, from Span.LatestFrom to
// Span.EarliestTo at least, where that is not before it. All days are included.
type Overlap struct {
	At    schema.ID
	Span  schema.Span
	Terms []Term // one of each, in the order asked
}

// Certain reports whether all of them must have been there together.
func (o Overlap) Certain() bool { return o.Span.LatestFrom <= o.Span.EarliestTo }

// Overlaps finds where all of some entities held office at the same time. What
// they held is relations of the vocabulary's group office, and member-of, in which
// they act on a post, an institution or a country. Whoever holds a post is also
// where the post is (post-at): as long as that held, where it is dated, or else
// always. Two in one post are not told of again for where it is. There are too many
// overlaps to tell where the error wraps [ErrCut].
//
// The facts are those that the query takes; the verbs, dates and undated facts
// that it asks for do not matter for where posts are, nor does its direction at
// all. Through and Avoid say where to look. Places that few deal with come first,
// as of [View.Common], then what began first.
func Overlaps(ctx context.Context, g *graph.Graph, v *View, of []schema.ID, q Query) ([]Overlap, error) {
	m, err := v.shared(of, q)
	if err != nil {
		return nil, err
	}
	structure := q
	structure.Verbs, structure.Undated = nil, true
	s, err := v.matcher(structure)
	if err != nil {
		return nil, err
	}
	f := &terms{matcher: m, structure: s, graph: g, ctx: ctx, query: q, all: of, posts: map[schema.ID][]Term{}}
	overlaps := []Overlap{{}}
	for _, id := range of {
		terms, err := f.of(id)
		if err != nil {
			return nil, err
		}
		if overlaps, err = f.join(overlaps, terms); err != nil {
			return nil, err
		}
	}
	return f.ordered(overlaps), context.Cause(ctx)
}

// terms finds them.
type terms struct {
	*matcher
	structure *matcher // for where posts are
	graph     *graph.Graph
	ctx       context.Context
	query     Query
	all       []schema.ID
	posts     map[schema.ID][]Term // where each post is
}

// of finds the terms of one entity.
func (t *terms) of(id schema.ID) (all []Term, err error) {
	held, err := t.held(id, t.matcher, t.isOffice)
	if err != nil {
		return nil, err
	}
	for _, term := range held {
		if t.looksAt(term.At) {
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
			if span := both(term.Span, place.Span); t.looksAt(place.At) && span.From <= span.To {
				all = append(all, Term{Of: id, At: place.At, Post: term.At, Span: span, Facts: slices.Concat(term.Facts, place.Facts)})
			}
		}
	}
	return all, nil
}

// placesOf is where a post is. What has no date holds always.
func (t *terms) placesOf(post schema.ID) ([]Term, error) {
	if places, ok := t.posts[post]; ok {
		return places, nil
	}
	places, err := t.held(post, t.structure, func(d *schema.Definition) bool { return d.ID == postAt })
	for i := range places {
		if !slices.ContainsFunc(places[i].Facts, isDated) {
			places[i].Span = ever
		}
	}
	t.posts[post] = places
	return places, err
}

func isDated(f schema.Fact) bool { return slices.ContainsFunc(f.Dates(), schema.When.Dated) }

const (
	postAt   = schema.Verb("post-at")
	memberOf = schema.Verb("member-of")
	office   = "office"
)

func (t *terms) isOffice(d *schema.Definition) bool {
	return d.Kind == schema.Relation && (d.Group == office || d.ID == memberOf)
}

// held is what somebody's relations are to, with those that are linked as the
// same as one.
func (t *terms) held(id schema.ID, m *matcher, wanted func(*schema.Definition) bool) (all []Term, err error) {
	for f, err := range t.graph.Facts(t.ctx, graph.Filter{With: id}) {
		if err != nil {
			return nil, err
		}
		d, ok := t.graph.Vocabulary().Lookup(f.Verb)
		if !ok || !wanted(d) || !slices.Contains(f.With(schema.RoleActor), id) {
			continue
		}
		if ok, err := m.takesFact(f, d); err != nil {
			return nil, err
		} else if !ok {
			continue
		}
		span, err := spanOf(m, f)
		if err != nil {
			return nil, err
		}
		for _, at := range f.With(schema.RoleRecipient) {
			all = addTerm(all, Term{Of: id, At: at, Span: span, Facts: []schema.Fact{f}})
		}
	}
	return all, nil
}

// addTerm adds what one fact tells, to a term whose facts are linked with it as the
// same where both can be true.
func addTerm(all []Term, term Term) []Term {
	for i := range all {
		span := refined(all[i].Span, term.Span)
		if all[i].At == term.At && span.From <= span.To && slices.ContainsFunc(all[i].Facts, func(f schema.Fact) bool { return same(f, term.Facts[0]) }) {
			all[i].Span, all[i].Facts = span, append(all[i].Facts, term.Facts...)
			return all
		}
	}
	return append(all, term)
}

// same reports whether one of two facts is linked with the other as the same.
func same(a, b schema.Fact) bool {
	return slices.Contains(a.Links, schema.Link{Type: schema.SameAs, Fact: b.ID}) || slices.Contains(b.Links, schema.Link{Type: schema.SameAs, Fact: a.ID})
}

// spanOf is when a relation began and ended, by all datasets that count.
func spanOf(m *matcher, f schema.Fact) (span schema.Span, err error) {
	dated := false
	for _, claim := range m.claimsIn(f) {
		for _, when := range claim {
			s, err := when.Span(schema.Relation)
			if err != nil {
				return span, err
			}
			switch {
			case !when.Dated():
			case !dated:
				span, dated = s, true
			default:
				span.From, span.LatestFrom = min(span.From, s.From), max(span.LatestFrom, s.LatestFrom)
				span.EarliestTo, span.To = min(span.EarliestTo, s.EarliestTo), max(span.To, s.To)
			}
		}
	}
	if !dated {
		return unknown, nil
	}
	if f.Disputed() {
		span.LatestFrom, span.EarliestTo = schema.MaxDay, schema.MinDay
	}
	return span, nil
}

// refined is the span of what two spans are told of.
func refined(a, b schema.Span) schema.Span {
	return schema.Span{From: max(a.From, b.From), LatestFrom: min(a.LatestFrom, b.LatestFrom),
		EarliestTo: max(a.EarliestTo, b.EarliestTo), To: min(a.To, b.To)}
}

// both is the span in which two things hold.
func both(a, b schema.Span) schema.Span {
	return schema.Span{From: max(a.From, b.From), LatestFrom: max(a.LatestFrom, b.LatestFrom),
		EarliestTo: min(a.EarliestTo, b.EarliestTo), To: min(a.To, b.To)}
}

// looksAt reports whether a place is one to look at.
func (t *terms) looksAt(id schema.ID) bool {
	kind := kindNumber(schema.KindOf(id))
	return placeBits&t.kinds&kindBit(kind) != 0 && !slices.Contains(t.query.Avoid, id) && !slices.Contains(t.all, id)
}

var placeBits = kindBit(kindNumber(schema.Post)) | kindBit(kindNumber(schema.Institution)) | kindBit(kindNumber(schema.Country))

// maxOverlaps bounds how many ways of being together are put together.
const maxOverlaps = 1 << 18

// join adds to each overlap the terms of one more that may have been then.
func (t *terms) join(overlaps []Overlap, list []Term) (joined []Overlap, err error) {
	for _, o := range overlaps {
		for _, term := range list {
			next, ok := o.with(term)
			if ok {
				joined = append(joined, next)
			}
			if len(joined) > maxOverlaps {
				return nil, ErrCut
			}
			if err := t.tick(t.ctx, 64); err != nil {
				return nil, err
			}
		}
	}
	return joined, nil
}

// with is the overlap with one more term; ok is false where there is none.
func (o Overlap) with(term Term) (next Overlap, ok bool) {
	if len(o.Terms) == 0 {
		return Overlap{At: term.At, Span: term.Span, Terms: []Term{term}}, true
	}
	next = Overlap{At: o.At, Span: both(o.Span, term.Span), Terms: append(slices.Clone(o.Terms), term)}
	return next, term.At == o.At && next.Span.From <= next.Span.To
}

// oneOffice reports whether all are there by one post.
func (o Overlap) oneOffice() bool {
	post := o.Terms[0].Post
	return post != "" && !slices.ContainsFunc(o.Terms, func(t Term) bool { return t.Post != post })
}

func (t *terms) ordered(overlaps []Overlap) []Overlap {
	overlaps = slices.DeleteFunc(overlaps, Overlap.oneOffice)
	slices.SortStableFunc(overlaps, func(a, b Overlap) int {
		return cmp.Or(cmp.Compare(t.cost(a.At), t.cost(b.At)), cmp.Compare(a.At, b.At), cmp.Compare(a.Span.From, b.Span.From), cmp.Compare(a.Span.To, b.Span.To))
	})
	return overlaps
}

// cost is what it costs to pass a place.
func (t *terms) cost(id schema.ID) weight {
	node, ok := t.node(id)
	if !ok {
		return 0
	}
	return t.passing(ByTelling, node)
}

// What is undated may have held at any time; what holds always did at each.
var (
	unknown = schema.Span{From: schema.MinDay, LatestFrom: schema.MaxDay, EarliestTo: schema.MinDay, To: schema.MaxDay}
	ever    = schema.Span{From: schema.MinDay, LatestFrom: schema.MinDay, EarliestTo: schema.MaxDay, To: schema.MaxDay}
)
