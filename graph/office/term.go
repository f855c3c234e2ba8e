// Package office says who held an office, and when: terms, each with the dates
// and the evidence of all facts that speak of it, which terms of one post follow
// each other or overlap, and what of that is certain.
//
// What is certain holds under every reading of the dates: on whichever of their
// possible days terms began and ended. What is possible holds under some reading.
package office

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Term is the time for which an entity held a post, or was at an institution. It
// joins all facts that speak of it: terms that overlap or follow each other at
// once are one.
type Term struct {
	Holder schema.ID // who
	At     schema.ID // where: a Post, an Institution or a Country
	Post   schema.ID // by holding this post there, if not by itself

	// Span is when it began and ended. An end that one fact does not know is as
	// another gives it. Where the facts of a term may leave days between them, Span
	// covers these too; [Term.Certain] does not.
	Span  schema.Span
	When  schema.When   // the same as a written date
	Facts []schema.Fact // that say so, and then where the post belongs

	Disputed bool // some source denies each of its facts: nothing of it is certain
	Derived  bool // no fact states it: it follows from the events Facts, and is not certain
	Undated  bool

	startWritten, endWritten bool
	claims                   []claim
}

// claim is one stretch of a term that may be certain. It lies within all of its
// parts at once.
type claim []schema.Span

// Possible reports whether the term may have lasted on some day of a window.
func (t Term) Possible(since, until schema.Day) bool { return t.Span.Possible(since, until) }

// Certain reports whether the term must have lasted on some day of a window.
func (t Term) Certain(since, until schema.Day) bool {
	return slices.ContainsFunc(t.claims, func(c claim) bool {
		_, sure := c.narrow(allDays)
		return (sure || since == until) && !slices.ContainsFunc(c, func(s schema.Span) bool { return !s.Certain(since, until) })
	})
}

// What is undated may have held at any time; what holds always did on each day.
var (
	unknown = schema.Span{From: schema.MinDay, LatestFrom: schema.MaxDay, EarliestTo: schema.MinDay, To: schema.MaxDay}
	always  = schema.Span{From: schema.MinDay, LatestFrom: schema.MinDay, EarliestTo: schema.MaxDay, To: schema.MaxDay}
)

// intersectSpans is the span in which two things hold.
func intersectSpans(a, b schema.Span) schema.Span {
	return schema.Span{From: max(a.From, b.From), LatestFrom: max(a.LatestFrom, b.LatestFrom),
		EarliestTo: min(a.EarliestTo, b.EarliestTo), To: min(a.To, b.To)}
}

// Within is the term by a post at the place where the post is, as long as it was
// there; ok is false where it never was at the time. A place without a date has
// always been the post's.
func (t Term) Within(place Term) (there Term, ok bool) {
	if place.Undated {
		place.Span = always
		if !place.Disputed {
			place.claims = []claim{{always}}
		}
	}
	there = t
	there.At, there.Post, there.Span = place.At, t.At, intersectSpans(t.Span, place.Span)
	there.Facts = slices.Concat(t.Facts, place.Facts)
	there.claims = nil
	for _, a := range t.claims {
		for _, b := range place.claims {
			there.claims = append(there.claims, slices.Concat(a, b))
		}
	}
	there.Undated = false
	return there, there.Span.From <= there.Span.To
}
