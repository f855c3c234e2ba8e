package wikidata

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/entente-kg/entente/loaders/mapping"
)

// The items of the calendars. A time is written in the calendar that it names: a day of the
// Julian calendar is another day in the Gregorian calendar, which is that of all facts.
const (
	gregorian = "Q1985727"
	julian    = "Q1985786"
)

// putTime adds the dates of qualifiers, and returns what they say besides: each date that
// the fact has no place for, or that another calendar gives, and that a bound is unknown.
func (x *entity) putTime(f *mapping.Item, q *mapping.Node) (note []string) {
	since, until, at := q.Child("P580"), q.Child("P582"), q.Child("P585")
	isAttested := windowOf(since) == nil && windowOf(until) == nil && windowOf(at) != nil
	if isAttested {
		f.Put("when", windowOf(at))
		f.PutText("attested", "true")
	} else {
		putBound(f, since, "since", "from-by")
		putBound(f, until, "until", "to-by")
		if until.TextOf("snaktype") == "novalue" && dateOf(since) != nil {
			f.Put("until", &mapping.Item{Text: "..", Line: until.Line, Col: until.Col, Field: until.Path()})
		}
	}
	for _, name := range []string{"P580", "P582", "P585"} {
		isFirst := true
		for snak := range q.All(name) {
			isUsed := isFirst && isExact(snak) && (name == "P585") == isAttested
			if text := timeNote(name, snak); text != "" && !isUsed {
				note = append(note, text)
			}
			isFirst = false
		}
	}
	return note
}

// putBound adds a bound of a relation. Of one on an unknown day of several it adds the last
// of them: the relation had begun, or had ended, by then.
func putBound(f *mapping.Item, snak *mapping.Node, key, by string) {
	date := dateOf(snak)
	if date != nil {
		f.Put(key, date)
		return
	}
	if date = windowOf(snak); date != nil {
		_, date.Text, _ = strings.Cut(date.Text, "/")
		f.Put(by, date)
	}
}

// isExact reports whether a date says all that a snak does: its calendar, and how precise
// it is.
func isExact(snak *mapping.Node) bool {
	return dateOf(snak) != nil && calendarOf(snak) == gregorian
}

// timeNote returns what a qualifier says of the time of a statement; empty for nothing.
func timeNote(name string, snak *mapping.Node) string {
	value := snak.Child("datavalue").Child("value")
	switch kind := snak.TextOf("snaktype"); {
	case kind == "value":
		note := name + ": " + value.TextOf("time")
		switch calendar := calendarOf(snak); calendar {
		case gregorian:
		case julian:
			note += " in the Julian calendar"
		default:
			note += " in the calendar " + calendar
		}
		return note + precisionNote(value.TextOf("precision"))
	case kind == "somevalue" && name == "P580":
		return "began on an unknown day"
	case kind == "somevalue" && name == "P582":
		return "ended on an unknown day"
	}
	return ""
}

// precisionNote names the precision of a time that is less precise than a year.
func precisionNote(precision string) string {
	n, err := strconv.Atoi(precision)
	switch {
	case err != nil || n < 0 || n > 8:
		return ""
	case n == 8:
		return " (a decade)"
	case n == 7:
		return " (a century)"
	case n == 6:
		return " (a millennium)"
	}
	return " (to " + "1" + strings.Repeat("0", 9-n) + " years)"
}

// calendarOf returns the item of the calendar of a snak. A time that names none is
// Gregorian.
func calendarOf(snak *mapping.Node) string {
	model := snak.Child("datavalue").Child("value").TextOf("calendarmodel")
	if model == "" {
		return gregorian
	}
	return model[strings.LastIndexByte(model, '/')+1:]
}

// dateOf returns the date of a snak as a day, a month or a year; nil for a date before the
// year 1, or one that is none of these in the Gregorian calendar.
func dateOf(snak *mapping.Node) *mapping.Item {
	if date := windowOf(snak); date != nil && !strings.Contains(date.Text, "/") {
		return date
	}
	return nil
}

// windowOf returns the date of a snak, or the first and the last day or year that it may
// mean, as an interval: of a month or a year of the Julian calendar, of a decade, a century
// or a millennium. It returns nil for a date before the year 1, of another calendar, or
// less precise than a millennium.
func windowOf(snak *mapping.Node) *mapping.Item {
	value := snak.Child("datavalue").Child("value")
	date := mapping.TextItem(value.Child("time"))
	if date == nil || !strings.HasPrefix(date.Text, "+") || len(date.Text) < len("+2012-05-07") {
		return nil
	}
	precision, err := strconv.Atoi(value.TextOf("precision"))
	calendar := calendarOf(snak)
	if err != nil || precision > 14 || calendar != gregorian && calendar != julian {
		return nil
	}
	day := date.Text[1:11]
	switch {
	case precision >= 6 && precision <= 8:
		date.Text = yearsOf(day, precision)
	case precision < 6:
		return nil
	case calendar == julian:
		date.Text = fromJulian(day, precision)
	case precision == 9:
		date.Text = day[:4]
	case precision == 10 && isMonth(day):
		date.Text = day[:7]
	default:
		date.Text = day // a bad month is an error, and 2001-13 would be two years
	}
	if date.Text == "" {
		return nil
	}
	return date
}

// isMonth reports whether the month of a day exists.
func isMonth(day string) bool { return day[5:7] >= "01" && day[5:7] <= "12" }

// yearsOf returns the first and the last year of the decade, the century or the millennium
// of a day. The 19th century is 1801 to 1900, and Wikidata writes any of its years; a
// decade is 1970 to 1979. It returns a bad date as it is, so that it is an error.
func yearsOf(day string, precision int) string {
	year, err := strconv.Atoi(day[:4])
	if err != nil || year < 1 {
		return day
	}
	first, length := year/10*10, 10
	switch precision {
	case 7:
		length = 100
		first = (year-1)/length*length + 1
	case 6:
		length = 1000
		first = (year-1)/length*length + 1
	}
	return fmt.Sprintf("%04d/%04d", max(first, 1), min(first+length-1, 9999))
}

// fromJulian returns a day of the Julian calendar in the Gregorian one, or the first and
// the last day of a month or a year; empty for a day before the year 1. It returns a day
// that does not exist as it is, so that it is an error.
func fromJulian(day string, precision int) string {
	var part [3]int
	for i, text := range []string{day[:4], day[5:7], day[8:]} {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return day
		}
		part[i] = n
	}
	year, month := part[0], part[1]
	if precision == 9 {
		return julianDays(julianNumber(year, 1, 1), julianNumber(year+1, 1, 1)-1)
	}
	if !isMonth(day) {
		return day
	}
	first, next := julianNumber(year, month, 1), julianNumber(year, month+1, 1)
	if precision == 10 {
		return julianDays(first, next-1)
	}
	if part[2] < 1 || part[2] > next-first {
		return day
	}
	only := first + part[2] - 1
	return julianDays(only, only)
}

// julianNumber returns the Julian day number of a day of the Julian calendar. The month 13
// is the first month of the next year. The formula is of the Explanatory Supplement to the
// Astronomical Almanac.
func julianNumber(year, month, day int) int {
	if month > 12 {
		year, month = year+1, month-12
	}
	before := (14 - month) / 12
	y, m := year+4800-before, month+12*before-3
	return day + (153*m+2)/5 + 365*y + y/4 - 32083
}

// julianDays returns the Gregorian days of Julian day numbers, as a day or an interval.
func julianDays(first, last int) string {
	const unix = 2440588 // the number of 1970-01-01
	from, to := time.Unix(int64(first-unix)*86400, 0).UTC(), time.Unix(int64(last-unix)*86400, 0).UTC()
	if from.Year() < 1 || to.Year() > 9999 {
		return ""
	}
	if first == last {
		return from.Format(time.DateOnly)
	}
	return from.Format(time.DateOnly) + "/" + to.Format(time.DateOnly)
}
