package office

import (
	"cmp"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// statement is the time of a term according to one fact, or to several facts that
// are linked as the same.
type statement struct {
	span     schema.Span
	when     schema.When // the span as a written date
	disputed bool
	facts    []schema.Fact

	// startWritten and endWritten are true if the date gives the start and
	// the end, at any precision, instead of leaving them unknown, open, or
	// bounded by another date.
	startWritten, endWritten bool
}

// startKnown and endKnown report whether the source bounds the start and the end.
// An end that is written as open ("and goes on") is known.
func startKnown(s schema.Span) bool { return s.From != schema.MinDay }
func endKnown(s schema.Span) bool   { return s.To != schema.MaxDay || s.EarliestTo == schema.MaxDay }

// knownDays returns the first and the last day of a span that are known. An
// unknown start is no earlier than the first certain day, an unknown end no later
// than the last.
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

// newStatement returns the time that the dates of one fact give together; ok is
// false if no date is set. If dates differ, the start and the end lie within
// all of them. A bound that is unknown in one date is taken from the others.
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
	s.startWritten, s.endWritten = hasWrittenSides(s.when)
	return s, true, nil
}

// unionOfSources returns the span that contains the differing spans of several
// sources.
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

// refineSpan returns the intersection of the spans of two facts that are linked
// as the same.
func refineSpan(a, b schema.Span) schema.Span {
	return schema.Span{From: max(a.From, b.From), LatestFrom: min(a.LatestFrom, b.LatestFrom),
		EarliestTo: max(a.EarliestTo, b.EarliestTo), To: min(a.To, b.To)}
}

// joinSame joins the statements of facts that are linked as the same, if both
// can be true.
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
		o.startWritten, o.endWritten = hasWrittenSides(o.when)
		o.disputed = o.disputed && s.disputed
		o.facts = append(slices.Clip(o.facts), s.facts...)
	}
	return joined
}

// sameAs reports whether either of two facts is linked to the other as the same.
func sameAs(a, b schema.Fact) bool {
	return slices.Contains(a.Links, schema.Link{Type: schema.SameAs, Fact: b.ID}) || slices.Contains(b.Links, schema.Link{Type: schema.SameAs, Fact: a.ID})
}

// compareStatements orders statements by their first known day, then by their
// last.
func compareStatements(a, b statement) int {
	fromA, toA := knownDays(a.span)
	fromB, toB := knownDays(b.span)
	return cmp.Or(cmp.Compare(fromA, fromB), cmp.Compare(toA, toB), cmp.Compare(a.facts[0].ID, b.facts[0].ID))
}
