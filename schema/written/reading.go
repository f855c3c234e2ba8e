package written

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// day is a year, a month or a day. Parts that are not written are zero.
type day struct{ year, month, day int }

// unit is the smallest part of a date that is written.
type unit int

const (
	years unit = iota
	months
	days
)

func (d day) unit() unit {
	switch {
	case d.day > 0:
		return days
	case d.month > 0:
		return months
	}
	return years
}

// edtf returns the date as YYYY, YYYY-MM or YYYY-MM-DD.
func (d day) edtf() string {
	switch d.unit() {
	case days:
		return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
	case months:
		return fmt.Sprintf("%04d-%02d", d.year, d.month)
	}
	return fmt.Sprintf("%04d", d.year)
}

// exists reports whether the date is complete and on the calendar.
func (d day) exists() bool {
	return d.year > 0 && d.month >= 0 && d.month <= 12 && (d.day == 0 || d.month > 0 && d.day <= daysIn(d.year, d.month))
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// first returns the first day of a year, a month or a day as a number that orders days.
func (d day) first() int { return d.year*10000 + max(d.month, 1)*100 + max(d.day, 1) }

// last returns the last day in the same way.
func (d day) last() int {
	last := d
	if last.month == 0 {
		last.month = 12
	}
	if last.day == 0 {
		last.day = 31
	}
	return last.first()
}

// moment is one date, or the days from one date to another within which something
// happened, such as the months of a season.
type moment struct {
	from, to day
	mark     string // "~", "?" or "%": approximate, uncertain or both
	weekday  int    // the number of the weekday that is written, from Monday, 1; 0 for none
	order    Order  // by which numbers were read
	part     string // the part of the month or year that is meant: "early"
	isBare   bool   // a number of one or two digits alone
	isNamed  bool   // with the name of a month
}

func single(d day) moment { return moment{from: d, to: d} }

func (m moment) isSingle() bool { return m.from == m.to }

// exists reports whether the moment is complete and on the calendar.
func (m moment) exists() bool {
	return m.from.exists() && m.to.exists() && m.from.first() <= m.to.last()
}

// hasWeekday reports whether the day is on the weekday that is written.
func (m moment) hasWeekday() bool {
	if m.weekday == 0 {
		return true
	}
	t := time.Date(m.from.year, time.Month(m.from.month), m.from.day, 0, 0, 0, 0, time.UTC)
	return m.isSingle() && m.from.unit() == days && m.weekday == (int(t.Weekday())+6)%7+1
}

// event returns the days as a date or an interval.
func (m moment) event() string {
	if m.isSingle() {
		return m.from.edtf() + m.mark
	}
	return m.from.edtf() + m.mark + "/" + m.to.edtf() + m.mark
}

// bound returns a date without a slash that has the days of the moment, or else the
// month or the year that contains them; empty if they are in several years. Three
// months are the middle one, ±1 month.
func (m moment) bound() string {
	from, to := m.from, m.to
	switch {
	case m.isSingle():
		return m.event()
	case m.mark == "" && from.unit() == months && to.unit() == months && to.year*12+to.month == from.year*12+from.month+2:
		middle := day{from.year, from.month + 1, 0}
		if middle.month == 13 {
			middle = day{to.year, 1, 0}
		}
		return middle.edtf() + "~"
	case from.year == to.year && from.month == to.month:
		return day{from.year, from.month, 0}.edtf() + m.mark
	case from.year == to.year:
		return day{year: from.year}.edtf() + m.mark
	}
	return ""
}

// reading is one way to read a text: a moment, or an interval between two.
type reading struct {
	edtf        string // the text itself; all other fields are unset
	first, last moment
	isInterval  bool
	openStart   bool // no first moment
	openEnd     bool // no last moment: it goes on
	unknownEnd  bool // no last moment: nothing is known of it
	ofEvent     bool // it says nothing of a relation: "before 2018"
	order       Order
}

// isPresent reports whether the text is "present" alone.
func (r reading) isPresent() bool { return r.openStart && r.openEnd }

// event returns the date of an event; empty for the present.
func (r reading) event() string {
	switch {
	case r.edtf != "":
		return r.edtf
	case r.isPresent():
		return ""
	case !r.isInterval:
		return r.first.event()
	}
	left, right := "..", ".."
	if !r.openStart {
		left = r.first.from.edtf() + r.first.mark
	}
	switch {
	case r.unknownEnd:
		right = ""
	case !r.openEnd:
		right = r.last.to.edtf() + r.last.mark
	}
	return left + "/" + right
}

// relation returns the date of a relation; empty if there is none.
func (r reading) relation() string {
	switch {
	case r.edtf != "":
		return r.edtf
	case r.ofEvent || r.isPresent():
		return ""
	case !r.isInterval:
		return r.first.bound()
	}
	left, right := "..", ".."
	if !r.openStart {
		left = r.first.bound()
	}
	switch {
	case r.unknownEnd:
		right = ""
	case !r.openEnd:
		right = r.last.bound()
	}
	if left == "" || right == "" && !r.unknownEnd {
		return ""
	}
	return left + "/" + right
}

// bound returns one date; empty for an interval.
func (r reading) bound() string {
	switch {
	case r.isPresent():
		return ".."
	case r.isInterval || strings.Contains(r.edtf, "/"):
		return ""
	case r.edtf != "":
		return r.edtf
	}
	return r.first.bound()
}

// isBackwards reports whether an interval ends before it begins.
func (r reading) isBackwards() bool {
	return !r.openStart && !r.openEnd && !r.unknownEnd && r.first.from.first() > r.last.to.last()
}

// noSuchDay says why a date of EDTF is not on the calendar; empty if it is.
func noSuchDay(edtf string) string {
	parts := strings.Split(strings.TrimRight(edtf, "~?%"), "-")
	var n [3]int
	for i, part := range parts[:min(len(parts), 3)] {
		n[i], _ = strconv.Atoi(part)
	}
	d := day{n[0], n[1], n[2]}
	if d.year == 0 || d.month == 0 || d.month > 12 || d.day <= daysIn(d.year, d.month) {
		return ""
	}
	return fmt.Sprintf("%s %d has %d days", time.Month(d.month), d.year, daysIn(d.year, d.month))
}
