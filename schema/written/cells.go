package written

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// cell is a text that is no date but often in a cell of a date: what it is, and what
// to write instead.
type cell struct{ what, advice string }

var (
	dayNumber    = pattern.New(`^[1-9][0-9]{4}([.][0-9]+)?$`)
	numberPair   = pattern.New(`^[0-9]{1,2}[-/. ][0-9]{1,2}$`)
	noSuchMonth  = pattern.New(`^([0-9]{4})[-/.](1[3-9]|[2-9][0-9])[-/.]([0-9]{1,2})$`)
	severalDates = pattern.New(`(?i)\s*(?:[,;|&+\n]|\band\b|\bund\b|\bet\b|\by\b)\s*`)
)

// cellOf recognizes marks of unknown dates, days as spreadsheets number them, and
// lists of dates.
func (p *parser) cellOf(text string) (cell, bool) {
	switch {
	case schema.IsMissing(text):
		return cell{"a mark for a date that is not known", "leave it empty: a fact without a date is undated, and an end that is left empty is not known; present is an end that is still open"}, true
	case strings.Trim(text, "#") == "" && len(text) > 1:
		return cell{"not the date, but a column that is too narrow to show it", "make the column wider in the spreadsheet, and save the file again"}, true
	case dayNumber().MatchString(text):
		return numberedDay(text), true
	case noSuchMonth().MatchString(text):
		m := noSuchMonth().FindStringSubmatch(text)
		return cell{"there is no month " + m[2], p.swapped(m[1], m[3], m[2])}, true
	case numberPair().MatchString(text):
		return cell{"has no year of four digits", `write the year, as in 2023-07 or 2023-07-12; "entente help dates" has all forms`}, true
	}
	if dates := p.listed(text); len(dates) > 1 {
		return cell{fmt.Sprintf("%d dates", len(dates)), p.advice(dates)}, true
	}
	return cell{}, false
}

// numberedDay is the day that a spreadsheet stores as a number: Excel counts from the
// end of 1899, and in workbooks of old Macs from 1904.
func numberedDay(text string) cell {
	n, _ := strconv.ParseFloat(text, 64)
	day := func(year int) string {
		first := time.Date(year, 12, 30, 0, 0, 0, 0, time.UTC)
		if year == 1904 {
			first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return first.AddDate(0, 0, int(n)).Format(time.DateOnly)
	}
	return cell{"a number", fmt.Sprintf("if it is a day as spreadsheets count them, it is %s (or %s, in a workbook that counts from 1904): give the column the format yyyy-mm-dd, and save the file again", day(1899), day(1904))}
}

// swapped suggests a date whose day and month changed places.
func (p *parser) swapped(year, month, day string) string {
	date := fmt.Sprintf("%s-%02s-%s", year, month, day)
	if len((&parser{options: p.options}).readings(date)) != 1 && !IsEDTF(date) {
		return forms
	}
	if noSuchDay(date) != "" {
		return forms
	}
	return "write the month before the day: " + date + ", if that is meant"
}

// listed returns the dates of a list; none if a part of it is no date.
func (p *parser) listed(text string) (dates []string) {
	for _, part := range severalDates().Split(text, -1) {
		if !IsEDTF(part) && len((&parser{options: p.options}).readings(schema.Fold(part))) == 0 || len(part) < 4 {
			return nil
		}
		dates = append(dates, part)
	}
	return dates
}

func (p *parser) advice(dates []string) string {
	advice := "write a row or a fact for each date"
	if first, last := dates[0], dates[len(dates)-1]; len(dates) == 2 && IsEDTF(first) && IsEDTF(last) && !slices.ContainsFunc(dates, func(d string) bool { return strings.Contains(d, "/") }) && first < last {
		advice += fmt.Sprintf(", or %s/%s if it went on from the one to the other", first, last)
	}
	return advice
}
