package office

import "github.com/entente-kg/entente/schema"

// Relation is how two terms of one post lie in time.
type Relation int

// The relations of two terms.
const (
	Apart     Relation = iota // no reading of the dates puts them on one day
	Handover                  // one may end where the other begins, and they share no more
	Possibly                  // they overlap under some reading
	Certainly                 // they overlap under every reading
)

// Window is a closed interval of days.
type Window struct{ From, To schema.Day }

// RelationOf returns how two terms of one post by different holders lie, and on
// which days: the days of the handover, or the days of the certain or possible
// overlap. An overlap may be certain although no single day of it is; the window
// then contains some day on which both held the post ([CertainOverlap]).
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

// handover returns the days on which one term may end and another begin, if
// both dates are written: the same day, month or year, or one within the other.
func handover(a, b Term) (Window, bool) {
	w := Window{max(a.Span.EarliestTo, b.Span.From), min(a.Span.To, b.Span.LatestFrom)}
	return w, a.endWritten && b.startWritten && w.From <= w.To
}

// CertainOverlap reports whether the terms overlap under every reading of their
// dates, by more than the last day of one and the first day of another. The
// window has the days on which all of them certainly last. If From is after To
// there is no such day, but under every reading they share some day from To to
// From; a term that lies somewhere within another is an example.
func CertainOverlap(list ...Term) (days Window, ok bool) {
	return widestOverlap(list, allDays)
}

// allDays is wider than any part of a term.
var allDays = Window{schema.MinDay - 1, schema.MaxDay + 1}

// widestOverlap chooses one part of each term so that their certain overlap
// within a window is longest.
func widestOverlap(list []Term, chosen Window) (days Window, ok bool) {
	if len(list) == 0 {
		return chosen, true
	}
	for _, part := range list[0].certainParts {
		next, sure := part.certainWithin(chosen)
		if !sure {
			continue
		}
		if d, found := widestOverlap(list[1:], next); found && (!ok || d.To-d.From > days.To-days.From) {
			days, ok = d, true
		}
	}
	return days, ok
}

// certainWithin returns the days of a window on which a part of a term certainly
// lasts: from its latest start to its earliest end. It is false if the part may end
// before the window begins or begin after the window ends.
func (p certainPart) certainWithin(chosen Window) (Window, bool) {
	for _, s := range p {
		if s.LatestFrom >= chosen.To || chosen.From >= s.EarliestTo {
			return chosen, false
		}
		chosen = Window{max(chosen.From, s.LatestFrom), min(chosen.To, s.EarliestTo)}
	}
	return chosen, true
}

// Follows reports whether two terms are in one post, or at its place by that
// post, and one may end where the other begins: a handover, in which the holders
// do not overlap.
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

// heldPost returns the post of a term, or nothing for a term at an institution
// itself.
func (t Term) heldPost() schema.ID {
	if t.Post == "" && schema.KindOf(t.At) == schema.Post {
		return t.At
	}
	return t.Post
}

// KnownOverlap reports whether the known days of two terms overlap. If they do
// not, a possible overlap rests on an unknown start or end.
func KnownOverlap(a, b Term) bool {
	fromA, toA := knownDays(a.Span)
	fromB, toB := knownDays(b.Span)
	return fromA <= toB && fromB <= toA
}
