package written

import (
	"cmp"
	"slices"
	"strings"
)

// parser finds all readings of a folded text.
type parser struct {
	options Options

	// What kept a text from being a date:
	unknown      string // a word that is in no date
	hasNoYear    bool
	isBackwards  bool
	wrongWeekday bool
	noDay        string // why a day is not on the calendar
}

// readings returns the readings that differ from each other.
func (p *parser) readings(s string) (all []reading) {
	if todays[s] {
		return []reading{{isInterval: true, openStart: true, openEnd: true}}
	}
	if day, ok := beforeTime(s); ok {
		s = day
	}
	for _, m := range p.moments(s) {
		all = append(all, reading{first: m, order: m.order})
	}
	if !isWholeNumber(s) && !isSeasonOfTwoYears(s) {
		all = append(all, p.sided(s)...)
		all = append(all, p.ranges(s)...)
	}
	return distinct(all)
}

// distinct leaves out readings with the same dates. If two orders give the same date,
// the order makes no difference.
func distinct(all []reading) (kept []reading) {
	for _, r := range all {
		same := func(k reading) bool { return k.event() == r.event() && k.relation() == r.relation() }
		if i := slices.IndexFunc(kept, same); i >= 0 {
			kept[i].order = AnyOrder
			continue
		}
		kept = append(kept, r)
	}
	return kept
}

// moments returns the readings of a text as one date.
func (p *parser) moments(s string) (all []moment) {
	for _, m := range p.fields(s) {
		if m, ok := p.complete(m); ok {
			all = append(all, m)
		}
	}
	return all
}

// complete checks a moment and finds the days of a part of a month or year.
func (p *parser) complete(m moment) (moment, bool) {
	if m.from.year == 0 {
		p.hasNoYear = p.hasNoYear || !m.isBare
		return m, false
	}
	m, ok := m.expand()
	if !ok || !m.exists() {
		p.noDay = cmp.Or(p.noDay, noSuchDay(m.from.edtf()))
		return m, false
	}
	if !m.hasWeekday() {
		p.wrongWeekday = true
		return m, false
	}
	return m, true
}

// expand replaces the part of a month or year by its first and last unit: thirds, or
// halves.
func (m moment) expand() (moment, bool) {
	if m.part == "" {
		return m, true
	}
	d := m.from
	if !m.isSingle() || d.unit() == days {
		return m, false
	}
	of := map[string][4]int{"early": {1, 10, 1, 4}, "mid": {11, 20, 5, 8}, "late": {21, 31, 9, 12}, "first": {1, 15, 1, 6}, "second": {16, 31, 7, 12}}[m.part]
	if d.unit() == years {
		m.from, m.to = day{d.year, of[2], 0}, day{d.year, of[3], 0}
	} else if d.month <= 12 {
		m.from, m.to = day{d.year, d.month, of[0]}, day{d.year, d.month, min(of[1], daysIn(d.year, d.month))}
	}
	m.part = ""
	return m, true
}

// sided returns the readings of intervals with one side: "since 2015".
func (p *parser) sided(s string) (all []reading) {
	rest, side := cutPhrase(s, sides)
	if side == "" {
		return nil
	}
	for _, m := range p.moments(rest) {
		r := reading{isInterval: true, first: m, last: m, order: m.order, ofEvent: side == "before" || side == "after"}
		r.openStart = side == "until" || side == "before"
		r.openEnd, r.unknownEnd = side == "since" || side == "after", side == "from"
		all = append(all, r)
	}
	return all
}

// ranges returns the readings of two dates with a word, a hyphen or a slash between.
func (p *parser) ranges(s string) (all []reading) {
	rest, start := cutPhrase(s, rangeStarts)
	for _, w := range rangeWords {
		if w.mean == "between" && start != "between" {
			continue
		}
		if left, right, ok := strings.Cut(rest, w.text); ok {
			all = append(all, p.between(left, right, w.text)...)
		}
	}
	for i := range len(rest) {
		if c := rest[i]; c == '-' || c == '/' {
			all = append(all, p.between(strings.TrimSpace(rest[:i]), strings.TrimSpace(rest[i+1:]), rest[i:i+1])...)
		}
	}
	return all
}

// between returns the readings of an interval between two texts.
func (p *parser) between(left, right, separator string) (all []reading) {
	if left == "" || right == "" {
		return nil
	}
	if todays[right] {
		for _, m := range p.moments(left) {
			all = append(all, reading{isInterval: true, first: m, openEnd: true, order: m.order})
		}
		return all
	}
	isISO := separator == "/" && strings.Contains(left, "-") && !strings.Contains(left, "/")
	lefts, rights := p.fields(left), p.fields(right)
	for _, l := range lefts {
		for _, r := range rights {
			if r, ok := p.join(l, r, isISO); ok {
				all = append(all, r)
			}
		}
	}
	return all
}

// join makes an interval of two moments. What one of them leaves out is in the other
// one: "3-5 March 2022".
func (p *parser) join(l, r moment, isISO bool) (reading, bool) {
	if l.order != AnyOrder && r.order != AnyOrder && l.order != r.order {
		return reading{}, false
	}
	if !fill(&l, &r, isISO) {
		return reading{}, false
	}
	if l.mark != "" && r.mark == "" {
		r.mark = l.mark // "about 1994 to 1996" may mean both
	}
	l, isLeft := p.complete(l)
	r, isRight := p.complete(r)
	if !isLeft || !isRight {
		return reading{}, false
	}
	joined := reading{isInterval: true, first: l, last: r, order: l.order}
	if joined.order == AnyOrder {
		joined.order = r.order
	}
	if joined.isBackwards() {
		p.isBackwards = true
		return reading{}, false
	}
	return joined, true
}

// fill fills in the year and the month that one side of an interval leaves out. It
// returns false if the sides are of different units.
func fill(l, r *moment, isISO bool) bool {
	if r.isBare && !completeBare(l, r, isISO) {
		return false
	}
	if isWhole(*l) && isWhole(*r) {
		return true
	}
	unit := l.from.unit()
	if unit != r.from.unit() || unit == months && l.isNamed != r.isNamed {
		return false
	}
	if l.from.year == 0 {
		l.set(r.to.year, r.from.month)
	}
	if unit == days && r.from.month == 0 {
		r.set(l.from.year, l.from.month)
	}
	if r.from.year == 0 {
		r.set(l.from.year, l.from.month)
	}
	return true
}

func isWhole(m moment) bool { return m.from.year > 0 && (m.from.month > 0 || m.from.day == 0) }

// set sets the year and the month where they are not written.
func (m *moment) set(year, month int) {
	for _, d := range []*day{&m.from, &m.to} {
		if d.year == 0 {
			d.year = year
		}
		if d.month == 0 && d.day > 0 {
			d.month = month
		}
	}
}

// mostYears is how many years an interval may have whose end is written with two digits:
// 1914-18.
const mostYears = 50

// completeBare makes a number at the end of an interval the unit of the start: 16 in
// 2015-16 is the year, and 14 in 2023-07-12/14 the day.
func completeBare(l, r *moment, isISO bool) bool {
	n := r.from.day
	switch unit := l.from.unit(); {
	case unit == years && l.from.year > 0:
		year := l.from.year/100*100 + n
		r.from, r.to = day{year: year}, day{year: year}
		r.isBare = false
		return year > l.from.year && year-l.from.year <= mostYears
	case !isISO || l.from.year == 0:
		return false
	case unit == months:
		r.from, r.to = day{l.from.year, n, 0}, day{l.from.year, n, 0}
	}
	return true
}
