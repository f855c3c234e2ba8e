package sheet

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// layout is how a style shows a date; the zero layout is that of other numbers.
type layout struct{ year, month, day, hour bool }

// format returns a date with what the layout shows.
func (l layout) format(day time.Time) string {
	switch {
	case !l.year && !l.day && l.hour:
		return day.Format("15:04")
	case l.hour && (day.Hour() != 0 || day.Minute() != 0):
		return day.Format("2006-01-02T15:04")
	case l.day || !l.year:
		return day.Format("2006-01-02")
	case l.month:
		return day.Format("2006-01")
	}
	return day.Format("2006")
}

// dayOf returns the moment of a number: the days since the end of 1899, or since the
// first day of 1904, to the second.
func dayOf(serial float64, from1904 bool) (time.Time, error) {
	if serial < 0 || serial >= 1e7 || math.IsNaN(serial) {
		return time.Time{}, fmt.Errorf("not a date: %v", serial)
	}
	first := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	if from1904 {
		first = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	days, part := math.Modf(serial)
	return first.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(part*24*60*60)) * time.Second), nil
}

// layoutOfNumber returns the layout of a format that has a number and no text.
func layoutOfNumber(n int) layout {
	switch {
	case n == 17:
		return layout{year: true, month: true}
	case n >= 14 && n <= 16, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 54, n == 57, n == 58:
		return layout{year: true, month: true, day: true}
	case n == 22:
		return layout{year: true, month: true, day: true, hour: true}
	case n >= 18 && n <= 21, n >= 32 && n <= 35, n >= 45 && n <= 47, n == 55, n == 56:
		return layout{hour: true}
	}
	return layout{}
}

// layoutOf reads a format such as dd/mm/yyyy. Texts in quotes and in brackets are no part
// of it.
func layoutOf(format string) (l layout) {
	format, _, _ = strings.Cut(format, ";")
	for i := 0; i < len(format); i++ {
		switch b := format[i]; b {
		case '"':
			if end := strings.IndexByte(format[i+1:], '"'); end >= 0 {
				i += end + 1
			}
		case '[':
			if end := strings.IndexByte(format[i+1:], ']'); end >= 0 {
				i += end + 1
			}
		case '\\', '_', '*':
			i++
		case 'y', 'Y', 'e':
			l.year = true
		case 'd', 'D':
			l.day = true
		case 'h', 'H', 's', 'S':
			l.hour = true
		case 'm', 'M':
			l.month = true
		case '0', '#', '?', '%', 'E':
			return layout{} // a number
		}
	}
	if l.month && !l.year && !l.day {
		l.hour = true // minutes
	}
	return l
}
