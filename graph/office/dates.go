package office

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// writtenSides are the start and the end of a date as they are written. A date without a
// slash is both; what is only attested has neither.
func writtenSides(w schema.When) (start, end string) {
	if w.Attested {
		return "", ""
	}
	start, end, ok := strings.Cut(w.Written, "/")
	if !ok {
		end = start
	}
	return start, end
}

// written reports whether the start and the end of a date are dates themselves.
func written(w schema.When) (start, end bool) {
	left, right := writtenSides(w)
	return left != "" && left != "..", right != "" && right != ".."
}

// joinDates is one date for what several say of one term: from the earliest start
// that is known to the latest end. Where the earliest of them does not know its
// start, nobody knows it; so for ends.
func joinDates(whens []schema.When, spans []schema.Span) schema.When {
	if len(whens) == 1 || allEqual(whens) {
		return whens[0]
	}
	first, last := earliest(spans), latest(spans)
	if first < 0 && last < 0 {
		return attestedDate(whens, spans)
	}
	var w schema.When
	start, end := "", ""
	if first >= 0 {
		if start, _ = writtenSides(whens[first]); start == "" {
			w.FromBy = whens[first].FromBy
		}
	}
	if last >= 0 {
		if _, end = writtenSides(whens[last]); end == "" {
			w.ToBy = whens[last].ToBy
		}
	}
	switch {
	case start == end && first == last:
		w.Written = start
	case start == "" && end == "..":
		w.FromBy = cmp.Or(w.FromBy, startedBy(whens, spans))
	case start+end != "":
		w.Written = start + "/" + end
	}
	return w
}

// startedBy is the date by which the first of some terms had begun.
func startedBy(whens []schema.When, spans []schema.Span) string {
	first, begin := whens[0], schema.MaxDay
	for i, s := range spans {
		if from, _ := knownDays(s); from < begin {
			first, begin = whens[i], from
		}
	}
	_, right, ok := strings.Cut(first.Written, "/")
	if !ok {
		right = first.Written
	}
	return cmp.Or(first.FromBy, right)
}

func allEqual(whens []schema.When) bool {
	for _, w := range whens {
		if w != whens[0] {
			return false
		}
	}
	return true
}

// earliest is which of some spans says when the whole of them began; -1 where the
// earliest does not know.
func earliest(spans []schema.Span) int {
	best, begin := -1, schema.MaxDay
	for i, s := range spans {
		from, _ := knownDays(s)
		begin = min(begin, from)
		if startKnown(s) && (best < 0 || s.From < spans[best].From || s.From == spans[best].From && s.LatestFrom < spans[best].LatestFrom) {
			best = i
		}
	}
	if best >= 0 && (spans[best].From > begin || slices.ContainsFunc(spans, func(s schema.Span) bool {
		return !startKnown(s) && endKnown(s) && s.EarliestTo <= spans[best].LatestFrom // it ended where the other began
	})) {
		return -1
	}
	return best
}

// latest is which of some spans says when the whole of them ended; -1 where the
// latest does not know.
func latest(spans []schema.Span) int {
	best, end := -1, schema.MinDay
	for i, s := range spans {
		_, to := knownDays(s)
		end = max(end, to)
		if endKnown(s) && (best < 0 || s.To > spans[best].To || s.To == spans[best].To && s.EarliestTo > spans[best].EarliestTo) {
			best = i
		}
	}
	if best >= 0 && (spans[best].To < end || slices.ContainsFunc(spans, func(s schema.Span) bool {
		return !endKnown(s) && startKnown(s) && s.LatestFrom >= spans[best].EarliestTo // it began where the other ended
	})) {
		return -1
	}
	return best
}

// attestedDate is the date of a term of which neither start nor end is known: from the
// first date on which it held to the last.
func attestedDate(whens []schema.When, spans []schema.Span) schema.When {
	first, last := 0, 0
	for i, s := range spans {
		from, to := knownDays(s)
		firstFrom, _ := knownDays(spans[first])
		_, lastTo := knownDays(spans[last])
		if from < firstFrom {
			first = i
		}
		if to > lastTo {
			last = i
		}
	}
	left, _, _ := strings.Cut(whens[first].Written, "/")
	_, right, ok := strings.Cut(whens[last].Written, "/")
	if !ok {
		right = whens[last].Written
	}
	if isDate(left) && isDate(right) && left != right {
		return schema.When{Written: left + "/" + right, Attested: true}
	}
	return whens[first]
}

func isDate(side string) bool { return side != "" && side != ".." }
