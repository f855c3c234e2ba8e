package office

import (
	"cmp"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Gap is an interval between terms in which the post has no known holder.
type Gap struct {
	Window
	After, Before int // indexes in [History.Terms]: the last listed term before the gap, the first term after it
}

// Gaps returns the intervals between the first term and the last in which the
// post has no known holder.
func (h *History) Gaps() (gaps []Gap) {
	order := make([]int, len(h.Terms))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(h.Terms[i].Span.From, h.Terms[j].Span.From) })
	last, after := -1, -1
	for _, i := range order {
		t := h.Terms[i]
		if last >= 0 && dayAfter(h.Terms[last].Span.To) < t.Span.From {
			gaps = append(gaps, Gap{Window{h.Terms[last].Span.To + 1, t.Span.From - 1}, after, i})
		}
		after = max(after, i)
		if last < 0 || t.Span.To > h.Terms[last].Span.To {
			last = i
		}
	}
	return gaps
}

// dayAfter returns the day after a day, or the last day of all.
func dayAfter(day schema.Day) schema.Day { return min(day, schema.MaxDay-1) + 1 }

// Neighbours are the holders of a post just before a term, or just after it.
type Neighbours struct {
	Terms    []int  // indexes in [History.Terms]: one, or several if the dates leave open which
	Certain  bool   // there is exactly one, under every reading of its dates and the dates of the term
	Handover Window // the days on which the post may have changed hands, if both dates are written

	// Gap is the interval without a known holder between the term and the term
	// Known, an index in [History.Terms]; nil if there is none. Several is true
	// if another holder certainly held the post at the same time; Terms and Gap
	// are then empty.
	Gap     *Window
	Known   int
	Several bool
}

// Before returns the terms that a term followed.
func (h *History) Before(i int) Neighbours {
	return h.neighbours(i, func(t, o Term) (Term, Term) { return o, t })
}

// After returns the terms that followed a term.
func (h *History) After(i int) Neighbours {
	return h.neighbours(i, func(t, o Term) (Term, Term) { return t, o })
}

// neighbours returns the neighbours on one side of a term. The function order
// puts the term and another one into the order in which they would follow each
// other.
func (h *History) neighbours(i int, order func(t, o Term) (Term, Term)) (n Neighbours) {
	t, vague, known := h.Terms[i], -1, -1
	for j, o := range h.Terms {
		if o.Holder == t.Holder {
			continue
		}
		first, second := order(t, o)
		relation, _ := RelationOf(first, second)
		edge, ok := follows(first, second)
		switch {
		case relation == Certainly:
			n.Several = n.Several || o.covers(t, first.Holder == t.Holder)
		case ok:
			if len(n.Terms) == 0 && edge != nil {
				n.Handover = *edge
			}
			_, back := follows(second, first)
			n.Certain = len(n.Terms) == 0 && certainHandover(first, second) && !back
			n.Terms = append(n.Terms, j)
		case relation == Apart && first.Span.To < second.Span.From:
			if known < 0 || isCloser(o, h.Terms[known], first.Holder == t.Holder) {
				known = j
			}
		case relation == Possibly && startsBefore(first, second):
			if vague < 0 || isCloser(o, h.Terms[vague], first.Holder == t.Holder) {
				vague = j
			}
		}
	}
	switch {
	case n.Several:
		return Neighbours{Several: true}
	case len(n.Terms) > 0:
		return n
	case vague >= 0:
		n.Terms = []int{vague}
		if first, _ := order(t, h.Terms[vague]); known >= 0 && isCloser(h.Terms[known], h.Terms[vague], first.Holder == t.Holder) {
			n.Terms = append(n.Terms, known)
		}
	case known >= 0:
		first, second := order(t, h.Terms[known])
		if gap := (Window{first.Span.To + 1, second.Span.From - 1}); gap.From <= gap.To {
			n.Known, n.Gap = known, &gap
		} else {
			n.Terms = []int{known}
		}
	}
	return n
}

// follows reports whether one term ends where the other begins: on one day or the
// next, or in one month or year. It returns the days of the handover if both
// are full dates or share a month or year; `2010/2012` and `2013/2014` leave it
// open.
func follows(first, second Term) (edge *Window, ok bool) {
	if w, ok := handover(first, second); ok {
		return &w, true
	}
	if !first.endWritten || !second.startWritten || first.Span.To+1 != second.Span.From {
		return nil, false
	}
	if first.Span.EarliestTo == first.Span.To && second.Span.From == second.Span.LatestFrom {
		edge = &Window{second.Span.From, second.Span.From}
	}
	return edge, true
}

// certainHandover reports whether the end of one term and the start of the next
// are full dates, and both terms are stated and undisputed.
func certainHandover(first, second Term) bool {
	return first.Span.EarliestTo == first.Span.To && second.Span.From == second.Span.LatestFrom &&
		!first.Disputed && !second.Disputed && !first.Derived && !second.Derived
}

// covers reports whether a term certainly lasts beyond the start of another term,
// or beyond its end.
func (t Term) covers(other Term, end bool) bool {
	if end {
		return t.Span.EarliestTo > other.Span.To && t.Span.LatestFrom < other.Span.EarliestTo
	}
	return t.Span.LatestFrom < other.Span.From && t.Span.EarliestTo > other.Span.LatestFrom
}

// startsBefore reports whether one term begins before another by their first
// known days.
func startsBefore(first, second Term) bool {
	a, _ := knownDays(first.Span)
	b, _ := knownDays(second.Span)
	return a < b
}

// isCloser reports whether one term is closer than another to a third term, where
// both come after the third term, or both before it.
func isCloser(t, than Term, after bool) bool {
	from, to := knownDays(t.Span)
	thanFrom, thanTo := knownDays(than.Span)
	if after {
		return from < thanFrom
	}
	return to > thanTo
}
