package office

import (
	"cmp"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// statement is the time for which one fact says that somebody held something, or
// several facts that are linked as the same.
type statement struct {
	span     schema.Span
	when     schema.When // the same in words
	disputed bool
	facts    []schema.Fact

	// Whether the start and the end are dates that are written, such as a month: not
	// unknown, open, or only bounded by another date.
	startWritten, endWritten bool
}

// startKnown and endKnown report whether the source bounds the start and the end.
// An end that is written as open ("and goes on") is known.
func startKnown(s schema.Span) bool { return s.From != schema.MinDay }
func endKnown(s schema.Span) bool   { return s.To != schema.MaxDay || s.EarliestTo == schema.MaxDay }

// knownDays is the days that a span reaches by what is known: an unknown start and an
// unknown end lie no further out than the days on which it surely held.
func knownDays(s schema.Span) (from, to schema.Day) {
	from, to = s.From, s.To
	if !startKnown(s) {
		if from = s.LatestFrom; s.EarliestTo > schema.MinDay {
			from = min(from, s.EarliestTo)
		}
	}
	if !endKnown(s) {
		if to = s.EarliestTo; s.LatestFrom < schema.MaxDay {
			to = max(to, s.LatestFrom)
		}
	}
	return from, to
}

// newStatement is what the dates of one fact say together; ok is false where none
// says anything. Where dates differ, it began and ended within all that they say; a
// bound that one date leaves unknown is as the others give it.
func newStatement(f schema.Fact, dates []schema.When) (s statement, ok bool, err error) {
	var whens []schema.When
	var spans []schema.Span
	for _, w := range dates {
		if !w.Dated() || slices.Contains(whens, w) {
			continue
		}
		span, err := w.Span(schema.Relation)
		if err != nil {
			return s, false, err
		}
		whens, spans = append(whens, w), append(spans, span)
	}
	s = statement{disputed: f.Disputed(), facts: []schema.Fact{f}}
	if len(spans) == 0 {
		s.span = unknown
		return s, false, nil
	}
	s.span = unionOfSources(spans)
	s.when = joinDates(whens, spans)
	s.startWritten, s.endWritten = written(s.when)
	return s, true, nil
}

// unionOfSources is the span of what several sources give differently.
func unionOfSources(spans []schema.Span) schema.Span {
	s := schema.Span{From: schema.MaxDay, LatestFrom: schema.MinDay, EarliestTo: schema.MaxDay, To: schema.MinDay}
	starts, ends := slices.ContainsFunc(spans, startKnown), slices.ContainsFunc(spans, endKnown)
	for _, p := range spans {
		from, to := knownDays(p)
		switch {
		case startKnown(p):
			s.From, s.LatestFrom = min(s.From, p.From), max(s.LatestFrom, p.LatestFrom)
		case !starts:
			s.From, s.LatestFrom = schema.MinDay, max(s.LatestFrom, p.LatestFrom)
		default:
			s.From = min(s.From, from)
		}
		switch {
		case endKnown(p):
			s.EarliestTo, s.To = min(s.EarliestTo, p.EarliestTo), max(s.To, p.To)
		case !ends:
			s.EarliestTo, s.To = min(s.EarliestTo, p.EarliestTo), schema.MaxDay
		default:
			s.To = max(s.To, to)
		}
	}
	s.LatestFrom, s.EarliestTo = min(max(s.LatestFrom, s.From), s.To), max(min(s.EarliestTo, s.To), s.From)
	return s
}

// refineSpan is the span of what two facts say that are linked as the same: each may
// bound it.
func refineSpan(a, b schema.Span) schema.Span {
	return schema.Span{From: max(a.From, b.From), LatestFrom: min(a.LatestFrom, b.LatestFrom),
		EarliestTo: max(a.EarliestTo, b.EarliestTo), To: min(a.To, b.To)}
}

// joinSame joins the stretches of facts that are linked as the same, where both can
// be true.
func joinSame(list []statement) (joined []statement) {
	if !slices.ContainsFunc(list, func(s statement) bool {
		return slices.ContainsFunc(s.facts[0].Links, func(l schema.Link) bool { return l.Type == schema.SameAs })
	}) {
		return list
	}
	for _, s := range list {
		i := slices.IndexFunc(joined, func(o statement) bool {
			r := refineSpan(o.span, s.span)
			return r.From <= r.To && r.From <= r.LatestFrom && r.EarliestTo <= r.To &&
				slices.ContainsFunc(o.facts, func(f schema.Fact) bool { return sameAs(f, s.facts[0]) })
		})
		if i < 0 {
			joined = append(joined, s)
			continue
		}
		o := &joined[i]
		o.when = joinDates([]schema.When{o.when, s.when}, []schema.Span{o.span, s.span})
		o.span = refineSpan(o.span, s.span)
		o.startWritten, o.endWritten = written(o.when)
		o.disputed = o.disputed && s.disputed
		o.facts = append(slices.Clip(o.facts), s.facts...)
	}
	return joined
}

// sameAs reports whether one of two facts is linked with the other as the same.
func sameAs(a, b schema.Fact) bool {
	return slices.Contains(a.Links, schema.Link{Type: schema.SameAs, Fact: b.ID}) || slices.Contains(b.Links, schema.Link{Type: schema.SameAs, Fact: a.ID})
}

// compareStatements orders by the first day that is known, then by the last.
func compareStatements(a, b statement) int {
	fromA, toA := knownDays(a.span)
	fromB, toB := knownDays(b.span)
	return cmp.Or(cmp.Compare(fromA, fromB), cmp.Compare(toA, toB), cmp.Compare(a.facts[0].ID, b.facts[0].ID))
}
