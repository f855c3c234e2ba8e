package office

import "github.com/entente-kg/entente/schema"

// Relation is what two terms of one post have to do with each other.
type Relation int

// The relations of two terms.
const (
	Apart     Relation = iota // no reading has them on one day
	Handover                  // one may end where the other begins, and no more is shared
	Possibly                  // some reading has them overlap
	Certainly                 // every reading has them overlap
)

// Window is the days from one to another, both in it.
type Window struct{ From, To schema.Day }

// RelationOf says how two terms of one post by different holders lie, and on which days:
// those of the handover, those on which both certainly held it, or else those on
// which both possibly did. An overlap may be certain although no day of it is: both
// certainly held it then on some day of the window ([CertainOverlap]).
func RelationOf(a, b Term) (Relation, Window) {
	if a.Undated || b.Undated {
		return Possibly, Window{schema.MinDay, schema.MaxDay}
	}
	if days, ok := CertainOverlap(a, b); ok {
		if days.From > days.To {
			days = Window{days.To, days.From}
		}
		return Certainly, days
	}
	for _, pair := range [2][2]Term{{a, b}, {b, a}} {
		if w, ok := handover(pair[0], pair[1]); ok {
			return Handover, w
		}
	}
	if w := possibleOverlap(a, b); w.From <= w.To {
		return Possibly, w
	}
	return Apart, Window{}
}

func possibleOverlap(a, b Term) Window {
	return Window{max(a.Span.From, b.Span.From), min(a.Span.To, b.Span.To)}
}

// handover is the days on which one term may end and another begin, where both are
// written: the same day, month or year, or one within the other.
func handover(a, b Term) (Window, bool) {
	w := Window{max(a.Span.EarliestTo, b.Span.From), min(a.Span.To, b.Span.LatestFrom)}
	return w, a.endWritten && b.startWritten && w.From <= w.To
}

// CertainOverlap reports whether some terms overlap under every reading, in more than the
// last day of one and the first of another. The days are those on which all of them
// certainly last. Where From is after To there is no such day, but under every
// reading they are together on some day from To to From: a term that lies anywhere
// within another.
func CertainOverlap(list ...Term) (days Window, ok bool) {
	return widestOverlap(list, allDays)
}

// allDays reaches beyond what any claim says.
var allDays = Window{schema.MinDay - 1, schema.MaxDay + 1}

// widestOverlap finds the claims of the terms that leave most days. Those that are chosen
// already have all begun by the first of some days, and end on the last or later.
func widestOverlap(list []Term, chosen Window) (days Window, ok bool) {
	if len(list) == 0 {
		return chosen, true
	}
	for _, c := range list[0].claims {
		next, sure := c.narrow(chosen)
		if !sure {
			continue
		}
		if d, found := widestOverlap(list[1:], next); found && (!ok || d.To-d.From > days.To-days.From) {
			days, ok = d, true
		}
	}
	return days, ok
}

// narrow is the days on which a claim and others that are chosen all last: from when
// all have surely begun to when the first may end. It is false where one may end
// before, or on the day on which, another begins.
func (c claim) narrow(chosen Window) (Window, bool) {
	for _, s := range c {
		if s.LatestFrom >= chosen.To || chosen.From >= s.EarliestTo {
			return chosen, false
		}
		chosen = Window{max(chosen.From, s.LatestFrom), min(chosen.To, s.EarliestTo)}
	}
	return chosen, true
}

// Follows reports whether two terms are of one post, at its place too, and one may
// end where the other begins: a handover, in which nobody is together.
func (t Term) Follows(other Term) bool {
	if a, b := t.heldPost(), other.heldPost(); a == "" || a != b || t.Holder == other.Holder {
		return false
	}
	for _, pair := range [2][2]Term{{t, other}, {other, t}} {
		if _, ok := handover(pair[0], pair[1]); ok {
			return true
		}
	}
	return false
}

// heldPost is the post that a term is of; empty where it is of an institution itself.
func (t Term) heldPost() schema.ID {
	if t.Post == "" && schema.KindOf(t.At) == schema.Post {
		return t.At
	}
	return t.Post
}

// KnownOverlap reports whether what is known of two terms overlaps. Where it does not,
// a possible overlap rests on a start or an end that is not known.
func KnownOverlap(a, b Term) bool {
	fromA, toA := knownDays(a.Span)
	fromB, toB := knownDays(b.Span)
	return fromA <= toB && fromB <= toA
}
