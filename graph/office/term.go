// Package office returns who held an office, and when: it joins the facts of a graph
// into terms of office.
//
// [Holders] returns the history of a post, in order, with the facts of each term:
//
//	history, err := office.Holders(ctx, g, "post:us-secretary-of-defense", nil)
//	if err != nil {
//		return err
//	}
//	for i, term := range history.Terms {
//		fmt.Println(term.When, term.Holder, history.After(i))
//	}
//
// [History.Before] and [History.After] return the holders before and after a term,
// and [History.Gaps] the times without a known holder. [Terms] joins facts that a
// program chose itself, and [RelationOf] returns whether two terms are apart, in a
// handover, or overlap.
//
// A result is certain if it holds under every reading of the dates, that is for
// all possible days on which the terms began and ended. It is possible if it
// holds under some reading.
package office

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Term is the time for which an entity held a post or was at an institution. It
// joins all facts about it: statements that overlap or follow each other without
// a gap are one term.
type Term struct {
	Holder schema.ID // the entity
	At     schema.ID // the Post, Institution or Country
	Post   schema.ID // the post that the holder held there, if At is not the post itself

	// Span bounds the start and the end of the term. A bound that is unknown in
	// one fact is taken from the others. Span includes days that may lie
	// between the facts of the term; [Term.Certain] does not.
	Span  schema.Span
	When  schema.When   // Span as a written date
	Facts []schema.Fact // the facts that state the term, then the facts that locate the post

	Disputed bool // some source denies each of the facts: no day is certain
	Derived  bool // no fact states the term: it follows from Facts, which are events, and no day is certain
	Undated  bool

	startWritten, endWritten bool
	certainParts             []certainPart
}

// certainPart is a part of a term that may be certain. It is the intersection of
// its spans.
type certainPart []schema.Span

// Possible reports whether the term lasted on some day of the window under some
// reading.
func (t Term) Possible(since, until schema.Day) bool { return t.Span.Possible(since, until) }

// Certain reports whether the term lasted on some day of the window under every
// reading.
func (t Term) Certain(since, until schema.Day) bool {
	return slices.ContainsFunc(t.certainParts, func(p certainPart) bool {
		_, sure := p.certainWithin(allDays)
		return (sure || since == until) && !slices.ContainsFunc(p, func(s schema.Span) bool { return !s.Certain(since, until) })
	})
}

// unknown is the span of an undated fact; always is the span that contains every
// day.
var (
	unknown = schema.Span{From: schema.MinDay, LatestFrom: schema.MaxDay, EarliestTo: schema.MinDay, To: schema.MaxDay}
	always  = schema.Span{From: schema.MinDay, LatestFrom: schema.MinDay, EarliestTo: schema.MaxDay, To: schema.MaxDay}
)

// intersectSpans returns the span in which both spans hold.
func intersectSpans(a, b schema.Span) schema.Span {
	return schema.Span{From: max(a.From, b.From), LatestFrom: max(a.LatestFrom, b.LatestFrom),
		EarliestTo: min(a.EarliestTo, b.EarliestTo), To: min(a.To, b.To)}
}

// Within returns the term at the place of its post, for as long as the post was
// at that place; ok is false if the two never coincide. A place without a date
// has always been the place of the post.
func (t Term) Within(place Term) (there Term, ok bool) {
	if place.Undated {
		place.Span = always
		if !place.Disputed {
			place.certainParts = []certainPart{{always}}
		}
	}
	there = t
	there.At, there.Post, there.Span = place.At, t.At, intersectSpans(t.Span, place.Span)
	there.Facts = slices.Concat(t.Facts, place.Facts)
	there.certainParts = nil
	for _, a := range t.certainParts {
		for _, b := range place.certainParts {
			there.certainParts = append(there.certainParts, slices.Concat(a, b))
		}
	}
	there.Undated = false
	return there, there.Span.From <= there.Span.To
}
