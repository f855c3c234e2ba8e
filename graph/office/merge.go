package office

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Fact is a fact that says that its holder held something, and the dates of it
// that count: those of several datasets may differ.
type Fact struct {
	schema.Fact
	Dates []schema.When
}

// Terms joins the facts by which one entity held one thing to terms, in order of
// time, undated ones last. Facts that are linked as the same, that overlap, or that
// follow each other at once, be it in the same month or year, are one term; so are
// days on which a source says that it held, between which nothing is known. An
// undated fact is evidence of the only dated term there is. Errors wrap
// [schema.ErrDate].
func Terms(of, at schema.ID, facts []Fact) ([]Term, error) {
	return joinFacts(of, at, facts, func(schema.Day, schema.Day) bool { return false })
}

// joinFacts does so. Between reports whether somebody else certainly held it after one
// day and before another: it parts terms between which nothing is known.
func joinFacts(of, at schema.ID, facts []Fact, between func(end, start schema.Day) bool) (list []Term, err error) {
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
		for n < len(dated) && g.continues(dated[n].span, between) {
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

// openTerm is how far stretches that are taken for one term reach together.
type openTerm struct {
	knownEnd    schema.Day // by what is known of all
	lastEnd     schema.Day // the last end that is known
	latestStart schema.Day // the latest start of those of which no end is known
	earliestEnd schema.Day // by when the last that is known had ended at the earliest
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

// endUnknown reports whether the end of the group is not known, as [latest] does.
func (g *openTerm) endUnknown() bool {
	return g.lastEnd == schema.MinDay || g.lastEnd < g.knownEnd || g.latestStart > schema.MinDay && g.latestStart >= g.earliestEnd
}

// continues reports whether a stretch overlaps those of the group or follows them at
// once. Where neither the end of those nor the start of this one is known they are
// taken for one, unless somebody else held the post between them.
func (g *openTerm) continues(next schema.Span, between func(end, start schema.Day) bool) bool {
	start, _ := knownDays(next)
	if g.endUnknown() && !startKnown(next) {
		return !between(g.knownEnd, start)
	}
	return g.knownEnd == schema.MaxDay || start <= g.knownEnd+1
}

func spansOfStatements(list []statement) (spans []schema.Span) {
	for _, s := range list {
		spans = append(spans, s.span)
	}
	return spans
}

// joinStatements makes one term of stretches in order.
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
			t.claims = append(t.claims, claim{s.span})
		}
	}
	if i := earliest(spans); i >= 0 {
		t.Span.From, t.startWritten = spans[i].From, list[i].startWritten
	}
	if i := latest(spans); i >= 0 {
		t.Span.To, t.endWritten = spans[i].To, list[i].endWritten
	}
	t.When = joinDates(whens, spans)
	t.claims = mergeClaims(t.claims)
	return t
}

// mergeClaims makes one claim of those that follow each other under every reading.
func mergeClaims(claims []claim) (joined []claim) {
	for _, c := range claims {
		if n := len(joined); n > 0 {
			a, b := joined[n-1][0], c[0]
			if leavesNoGap(a.EarliestTo, b.LatestFrom) && leavesNoGap(b.EarliestTo, a.LatestFrom) {
				joined[n-1] = claim{{From: min(a.From, b.From), LatestFrom: min(a.LatestFrom, b.LatestFrom),
					EarliestTo: max(a.EarliestTo, b.EarliestTo), To: max(a.To, b.To)}}
				continue
			}
		}
		joined = append(joined, c)
	}
	return joined
}

// leavesNoGap reports whether what lasts to a day leaves none before another begins.
func leavesNoGap(to, from schema.Day) bool { return to == schema.MaxDay || from <= to+1 }
