package office

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// writtenSides returns the start and the end of a date as they are written. For a
// date without a slash both are the date; for an attested date both are empty.
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

// hasWrittenSides reports whether the start and the end of a date are written
// dates.
func hasWrittenSides(w schema.When) (start, end bool) {
	left, right := writtenSides(w)
	return left != "" && left != "..", right != "" && right != ".."
}

// joinDates returns one date for the dates of the facts of one term: from the
// earliest known start to the latest known end. If the earliest of the facts has
// no known start, the joined date has none either; the same applies to ends.
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

// startedBy returns the date by which the earliest of the spans had begun.
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

// earliest returns the index of the span that gives the start of all spans
// together, or -1 if the start of the earliest span is unknown.
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
		return !startKnown(s) && endKnown(s) && s.EarliestTo <= spans[best].LatestFrom // the other span ended where this one began
	})) {
		return -1
	}
	return best
}

// latest returns the index of the span that gives the end of all spans together,
// or -1 if the end of the latest span is unknown.
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
		return !endKnown(s) && startKnown(s) && s.LatestFrom >= spans[best].EarliestTo // the other span began where this one ended
	})) {
		return -1
	}
	return best
}

// attestedDate returns the date of a term with neither a known start nor a known
// end: from the first attested day to the last.
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
