package office

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Fact is a fact that states a term, with the dates that count. Datasets may give
// different dates.
type Fact struct {
	schema.Fact
	Dates []schema.When
}

// Terms joins the facts by which one entity held one post, or was at one
// institution, into terms by their dates, followed by undated terms. Facts form
// one term if they are linked as the same fact, overlap, or follow each other
// without a gap (within one month or year if no day is given). Attested days
// between which nothing is known also form one term. An undated fact belongs to
// the dated term if there is exactly one. Errors wrap [schema.ErrDate].
func Terms(of, at schema.ID, facts []Fact) ([]Term, error) {
	return joinFacts(of, at, facts, func(schema.Day, schema.Day) bool { return false })
}

// joinFacts is [Terms] with a function that reports whether another entity
// certainly held the post between two days. Such a holder separates terms between
// which nothing is known.
func joinFacts(of, at schema.ID, facts []Fact, heldBetween func(end, start schema.Day) bool) (list []Term, err error) {
	var dated, undated []statement
	for _, f := range facts {
		s, ok, err := newStatement(f.Fact, f.Dates)
		switch {
		case err != nil:
			return nil, err
		case ok:
			dated = append(dated, s)
		default:
			undated = append(undated, s)
		}
	}
	dated = joinSame(dated)
	slices.SortStableFunc(dated, compareStatements)
	for len(dated) > 0 {
		n, g := 1, newOpenTerm(dated[0].span)
		for n < len(dated) && g.continues(dated[n].span, heldBetween) {
			g.add(dated[n].span)
			n++
		}
		list = append(list, joinStatements(of, at, dated[:n]))
		dated = dated[n:]
	}
	for _, s := range undated {
		if len(list) == 1 && !list[0].Undated {
			list[0].Facts = append(list[0].Facts, s.facts...)
			continue
		}
		t := Term{Holder: of, At: at, Span: unknown, Facts: s.facts, Disputed: s.disputed, Undated: true}
		if n := len(list); n > 0 && list[n-1].Undated {
			list[n-1].Facts = append(list[n-1].Facts, s.facts...)
			continue
		}
		list = append(list, t)
	}
	return list, nil
}

// openTerm tracks how far the statements of one term reach while more are added.
type openTerm struct {
	knownEnd    schema.Day // the last day that is known of any statement
	lastEnd     schema.Day // the last known end
	latestStart schema.Day // the latest start of a statement with an unknown end
	earliestEnd schema.Day // the earliest day on which the statement with the last known end may have ended
}

func newOpenTerm(s schema.Span) openTerm {
	g := openTerm{schema.MinDay, schema.MinDay, schema.MinDay, schema.MinDay}
	g.add(s)
	return g
}

func (g *openTerm) add(s schema.Span) {
	_, to := knownDays(s)
	g.knownEnd = max(g.knownEnd, to)
	switch {
	case endKnown(s) && (s.To > g.lastEnd || s.To == g.lastEnd && s.EarliestTo > g.earliestEnd):
		g.lastEnd, g.earliestEnd = s.To, s.EarliestTo
	case !endKnown(s) && startKnown(s):
		g.latestStart = max(g.latestStart, s.LatestFrom)
	}
}

// endUnknown reports whether the end of the term is unknown, by the rule of
// [latest].
func (g *openTerm) endUnknown() bool {
	return g.lastEnd == schema.MinDay || g.lastEnd < g.knownEnd || g.latestStart > schema.MinDay && g.latestStart >= g.earliestEnd
}

// continues reports whether a statement overlaps the term or follows it without a
// gap. If both the end of the term and the start of the statement are unknown,
// they are one term unless another entity held the post between them.
func (g *openTerm) continues(next schema.Span, heldBetween func(end, start schema.Day) bool) bool {
	start, _ := knownDays(next)
	if g.endUnknown() && !startKnown(next) {
		return !heldBetween(g.knownEnd, start)
	}
	return g.knownEnd == schema.MaxDay || start <= g.knownEnd+1
}

func spansOfStatements(list []statement) (spans []schema.Span) {
	for _, s := range list {
		spans = append(spans, s.span)
	}
	return spans
}

// joinStatements makes one term of statements that are in order.
func joinStatements(of, at schema.ID, list []statement) Term {
	t := Term{Holder: of, At: at, Disputed: true}
	spans := spansOfStatements(list)
	var whens []schema.When
	t.Span = schema.Span{LatestFrom: schema.MaxDay, EarliestTo: schema.MinDay, From: schema.MinDay, To: schema.MaxDay}
	for _, s := range list {
		whens = append(whens, s.when)
		t.Facts = append(t.Facts, s.facts...)
		t.Disputed = t.Disputed && s.disputed
		t.Span.LatestFrom, t.Span.EarliestTo = min(t.Span.LatestFrom, s.span.LatestFrom), max(t.Span.EarliestTo, s.span.EarliestTo)
		if !s.disputed {
			t.certainParts = append(t.certainParts, certainPart{s.span})
		}
	}
	if i := earliest(spans); i >= 0 {
		t.Span.From, t.startWritten = spans[i].From, list[i].startWritten
	}
	if i := latest(spans); i >= 0 {
		t.Span.To, t.endWritten = spans[i].To, list[i].endWritten
	}
	t.When = joinDates(whens, spans)
	t.certainParts = mergeCertainParts(t.certainParts)
	return t
}

// mergeCertainParts joins parts that follow each other without a gap under every
// reading.
func mergeCertainParts(parts []certainPart) (joined []certainPart) {
	for _, p := range parts {
		if n := len(joined); n > 0 {
			a, b := joined[n-1][0], p[0]
			if isContiguous(a.EarliestTo, b.LatestFrom) && isContiguous(b.EarliestTo, a.LatestFrom) {
				joined[n-1] = certainPart{{From: min(a.From, b.From), LatestFrom: min(a.LatestFrom, b.LatestFrom),
					EarliestTo: max(a.EarliestTo, b.EarliestTo), To: max(a.To, b.To)}}
				continue
			}
		}
		joined = append(joined, p)
	}
	return joined
}

// isContiguous reports whether no day lies between the end of one span and the
// start of another.
func isContiguous(end, start schema.Day) bool { return end == schema.MaxDay || start <= end+1 }
