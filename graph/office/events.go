package office

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// event is a fact that begins or ends a term.
type event struct {
	fact     schema.Fact
	starts   bool
	from, to schema.Day // the days on which it may have happened
	dated    bool
}

func newEvent(f schema.Fact, opens bool, kind schema.VerbKind) (e event, err error) {
	e = event{fact: f, starts: opens}
	e.from, e.to, e.dated, err = schema.Hull(datesOf(f), kind)
	return e, err
}

// addEventTerms adds the terms that follow from the events of a holder to the
// stated terms. If a dated fact states a term of the holder, the events go to
// [History.Events] and make no terms, so that no term counts twice.
func (b *historyBuilder) addEventTerms(holder schema.ID, stated []Term) []Term {
	var dated []event
	for _, e := range b.events[holder] {
		if !e.dated || len(stated) > 0 && !stated[0].Undated {
			b.history.Events = append(b.history.Events, e.fact)
		} else {
			dated = append(dated, e)
		}
	}
	if len(dated) == 0 {
		return stated
	}
	terms := derivedTerms(holder, b.history.Post, dated)
	for _, t := range stated { // these are undated
		terms[0].Facts = append(slices.Clone(t.Facts), terms[0].Facts...)
	}
	return terms
}

// derivedTerms returns the terms that follow from events: each lasts from the
// event that begins it to the next event that ends it. Several events that begin
// the same term, such as an election and an inauguration, leave open which of
// them began it.
func derivedTerms(holder, post schema.ID, events []event) (terms []Term) {
	slices.SortStableFunc(events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.fact.ID, b.fact.ID))
	})
	ended := true
	for _, e := range events {
		if ended {
			terms = append(terms, Term{Holder: holder, At: post, Derived: true, Span: unknown})
		}
		t := &terms[len(terms)-1]
		t.Facts = append(t.Facts, e.fact)
		t.Disputed = t.Disputed || e.fact.Disputed()
		if ended = !e.starts; e.starts {
			t.startWith(e)
		} else {
			t.endWith(e)
		}
	}
	return terms
}

// startWith records an event that began the term.
func (t *Term) startWith(e event) {
	if len(t.Facts) > 1 {
		t.Span.From, t.Span.LatestFrom = min(t.Span.From, e.from), max(t.Span.LatestFrom, e.to)
		return
	}
	t.Span = schema.Span{From: e.from, LatestFrom: e.to, EarliestTo: e.from, To: schema.MaxDay}
	side, by := intervalSide(e.fact.When)
	if t.When.FromBy = by; side != "" {
		t.When.Written = side + "/"
	}
	t.startWritten = side != ""
}

// endWith records an event that ended the term.
func (t *Term) endWith(e event) {
	if len(t.Facts) == 1 {
		t.Span.LatestFrom = e.to
	}
	t.Span.EarliestTo, t.Span.To = max(e.from, t.Span.From), max(e.to, t.Span.From)
	t.Span.LatestFrom = min(t.Span.LatestFrom, t.Span.To)
	side, by := intervalSide(e.fact.When)
	if t.When.ToBy = by; side != "" {
		t.When.Written = cmp.Or(t.When.Written, "/") + side
	}
	t.endWritten = side != ""
}

// intervalSide returns the date of an event as one side of an interval. If the
// event's date is an interval itself, it returns the end of the interval as the
// day by which the event had happened.
func intervalSide(w schema.When) (side, by string) {
	_, right, ok := strings.Cut(w.Written, "/")
	switch {
	case !ok:
		return w.Written, cmp.Or(w.FromBy, w.ToBy)
	case isDate(right):
		return "", right
	}
	return "", ""
}
