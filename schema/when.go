package schema

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// When is a date or an interval as a source states it. The zero When is undated.
//
// Written is a subset of EDTF (ISO 8601-2:2019): a date (2023, 2023-07,
// 2023-07-12), an approximate date (2023~), or two dates (2023-06/2023-07),
// either of which may be ".." (open) or empty (unknown): ../2021, 2018/.., 2018/.
// The command "entente help dates" prints a table of all forms and their days.
type When struct {
	Written  string
	Words    string // the words of a relative date: "last August"
	Anchor   string // the day that Words are relative to
	FromBy   string // the latest start of a relation
	ToBy     string // the latest end of a relation
	Attested bool   // the relation held at least then; its start and end are unknown
}

// ErrDate is wrapped by the errors of malformed dates.
var ErrDate = errors.New("bad date")

// Day is the number of days since 1970-01-01.
type Day int32

// MinDay and MaxDay represent an open or unknown bound. In quads they are
// 0000-01-01 and 9999-12-31, so that comparisons include open intervals.
const (
	MinDay Day = -719528
	MaxDay Day = 2932896
)

// String returns the day as YYYY-MM-DD.
func (d Day) String() string {
	t := time.Unix(int64(d)*86400, 0).UTC()
	return string(t.AppendFormat(make([]byte, 0, len(time.DateOnly)), time.DateOnly))
}

func dayOf(t time.Time) Day { return Day(floorDiv(t.Unix(), 86400)) }

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return -((b - 1 - a) / b)
	}
	return a / b
}

// Span is the days of a When. It began between From and LatestFrom and ended
// between EarliestTo and To; all bounds are inclusive.
type Span struct {
	From, LatestFrom Day
	EarliestTo, To   Day
}

// Possible reports whether the span may overlap the closed interval.
func (s Span) Possible(since, until Day) bool { return s.From <= until && s.To >= since }

// Certain reports whether the span overlaps the closed interval under every
// reading. For an event this means that it took place inside the interval.
func (s Span) Certain(since, until Day) bool {
	return s.LatestFrom <= until && s.EarliestTo >= since
}

// IsZero reports whether w is empty.
func (w When) IsZero() bool { return w == When{} }

// Dated reports whether w has any bound.
func (w When) Dated() bool { return w.Written != "" || w.FromBy != "" || w.ToBy != "" }

// Start returns the start as written, which is part of a fact's identity.
func (w When) Start() string {
	start, _, _ := strings.Cut(w.Written, "/")
	return start
}

// String returns the written form, or the words of a relative date if there is no
// written form.
func (w When) String() string {
	s := w.Written
	if s == "" {
		s = w.Words
	}
	if w.Attested && s != "" {
		s = "at least " + s
	}
	if w.FromBy != "" {
		s = strings.TrimSpace(s + " from by " + w.FromBy)
	}
	if w.ToBy != "" {
		s = strings.TrimSpace(s + " to by " + w.ToBy)
	}
	if s == "" {
		return "undated"
	}
	return s
}

// Span returns the days of w, for an event or for a relation. An undated When
// spans all time. Errors wrap [ErrDate].
func (w When) Span(kind VerbKind) (Span, error) {
	span := Span{MinDay, MaxDay, MinDay, MaxDay}
	if w.Written != "" {
		first, last, err := parseWritten(w.Written)
		if err != nil {
			return span, err
		}
		span = Span{From: first.outer.From, LatestFrom: last.outer.To, EarliestTo: first.outer.From, To: last.outer.To}
		if left, right, ok := strings.Cut(w.Written, "/"); ok && kind == Relation && !w.Attested {
			span.LatestFrom, span.EarliestTo = latestFrom(left, span, first), earliestTo(right, span, last)
		}
	}
	if w.Attested {
		span.From, span.To = MinDay, MaxDay
	}
	return w.withBounds(span)
}

// latestFrom returns the last day on which a relation may have begun. A start
// that is empty or ".." may be any day before the end: an unknown start does not
// mean that the relation always held.
func latestFrom(left string, span Span, first bounds) Day {
	if isOpenEnd(left) {
		return span.To
	}
	return min(first.outer.To, span.To)
}

func earliestTo(right string, span Span, last bounds) Day {
	switch right {
	case "..":
		return MaxDay
	case "":
		return span.From
	}
	return max(last.outer.From, span.From)
}

func (w When) withBounds(span Span) (Span, error) {
	if w.FromBy != "" {
		b, err := parseDate(w.FromBy)
		if err != nil {
			return span, err
		}
		span.LatestFrom = min(span.LatestFrom, b.outer.To)
	}
	if w.ToBy != "" {
		b, err := parseDate(w.ToBy)
		if err != nil {
			return span, err
		}
		span.To = min(span.To, b.outer.To)
		span.LatestFrom, span.EarliestTo = min(span.LatestFrom, span.To), min(span.EarliestTo, span.To)
	}
	if w.Anchor != "" {
		if _, err := ParseDay(w.Anchor); err != nil {
			return span, err
		}
	}
	if span.From > span.To {
		return span, fmt.Errorf("%w %q: ends before it begins", ErrDate, w)
	}
	if span.LatestFrom < span.From {
		return span, fmt.Errorf("%w %q: had begun before it begins", ErrDate, w)
	}
	return span, nil
}

// Hull returns the first and the last day that any of the dates allows; dated is
// false if all dates are undated.
func Hull(dates []When, kind VerbKind) (from, to Day, dated bool, err error) {
	for i, when := range dates {
		if !when.Dated() || i > 0 && when == dates[i-1] {
			continue
		}
		span, err := when.Span(kind)
		if err != nil {
			return from, to, dated, err
		}
		if !dated {
			from, to, dated = span.From, span.To, true
		}
		from, to = min(from, span.From), max(to, span.To)
	}
	return from, to, dated, nil
}

// ParseDay parses a complete date, YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	c, ok := parseDigits(s)
	if !ok || len(s) != len(time.DateOnly) {
		return 0, fmt.Errorf("%w %q: want YYYY-MM-DD", ErrDate, s)
	}
	return c.add(0, 0, 0), nil
}

// Window returns the first and the last day of a written date or interval:
// "2023-06" is all of June. An empty string is all time.
func Window(written string) (since, until Day, err error) {
	span, err := When{Written: written}.Span(Interaction)
	return span.From, span.To, err
}

// WindowBetween returns the first day of one written date and the last day of
// another; an empty date leaves its side open.
func WindowBetween(since, until string) (from, to Day, err error) {
	from, to = MinDay, MaxDay
	if since != "" {
		if from, _, err = Window(since); err != nil {
			return from, to, err
		}
	}
	if until != "" {
		if _, to, err = Window(until); err != nil {
			return from, to, err
		}
	}
	if from > to {
		return from, to, fmt.Errorf("%w: the window from %q to %q ends before it begins", ErrDate, since, until)
	}
	return from, to, nil
}

// bounds are the days of one end of an interval: exactly as written, and widened
// by one unit of its precision if it is approximate.
type bounds struct {
	exact, outer Days
}

func parseWritten(s string) (first, last bounds, err error) {
	left, right, isInterval := strings.Cut(s, "/")
	if !isInterval {
		b, err := parseDate(s)
		return b, b, err
	}
	if first, err = parseEnd(left, s); err != nil {
		return first, last, err
	}
	if last, err = parseEnd(right, s); err != nil {
		return first, last, err
	}
	if isOpenEnd(left) && isOpenEnd(right) {
		return first, last, fmt.Errorf("%w %q: says nothing", ErrDate, s)
	}
	if first.exact.From > last.exact.To {
		return first, last, fmt.Errorf("%w %q: ends before it begins", ErrDate, s)
	}
	return first, last, nil
}

func isOpenEnd(side string) bool { return side == "" || side == ".." }

func parseEnd(side, whole string) (bounds, error) {
	if isOpenEnd(side) {
		all := Days{MinDay, MaxDay}
		return bounds{all, all}, nil
	}
	b, err := parseDate(side)
	if err != nil {
		return b, dateError(whole)
	}
	return b, nil
}

func dateError(written string) error {
	return fmt.Errorf("%w %q: write 2023, 2023-07, 2023-07-12, 2023~ or two of them with a / between", ErrDate, written)
}

// layouts are the precisions of a date, with their units.
var layouts = []struct {
	layout              string
	years, months, days int
}{
	{"2006", 1, 0, 0}, {"2006-01", 0, 1, 0}, {time.DateOnly, 0, 0, 1},
}

func parseDate(s string) (bounds, error) {
	digits := strings.TrimRight(s, "~?%")
	if len(s)-len(digits) > 1 {
		return bounds{}, dateError(s)
	}
	for _, l := range layouts {
		if len(digits) != len(l.layout) {
			continue
		}
		first, ok := parseDigits(digits)
		if !ok {
			break
		}
		unit := func(n int) Day { return first.add(n*l.years, n*l.months, n*l.days) }
		b := bounds{exact: Days{unit(0), unit(1) - 1}}
		b.outer = b.exact
		if digits != s {
			b.outer.From, b.outer.To = unit(-1), unit(2)-1
		}
		b.outer.From, b.outer.To = max(b.outer.From, MinDay), min(b.outer.To, MaxDay)
		return b, nil
	}
	return bounds{}, dateError(s)
}

// calendarDay is a day of the Gregorian calendar. Its parts may be out of range.
type calendarDay struct{ year, month, day int }

// add returns the day that is some years, months and days later.
func (c calendarDay) add(years, months, days int) Day {
	return dayOf(time.Date(c.year+years, time.Month(c.month+months), c.day+days, 0, 0, 0, 0, time.UTC))
}

// parseDigits parses YYYY, YYYY-MM or YYYY-MM-DD, and returns the first day. It
// refuses days that do not exist, and the year 0.
func parseDigits(s string) (c calendarDay, ok bool) {
	c = calendarDay{1, 1, 1}
	for i, part := range []*int{&c.year, &c.month, &c.day} {
		digits, rest, more := strings.Cut(s, "-")
		if *part, ok = parseNumber(digits); !ok || len(digits) != 4 && i == 0 || len(digits) != 2 && i > 0 {
			return c, false
		}
		if s = rest; !more {
			break
		}
	}
	t := time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC)
	return c, c.year > 0 && int(t.Month()) == c.month && t.Day() == c.day
}

func parseNumber(digits string) (n int, ok bool) {
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
		n = 10*n + int(digits[i]-'0')
	}
	return n, true
}
