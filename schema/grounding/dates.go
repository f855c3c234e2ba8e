package grounding

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// days is a closed interval of days.
type days struct{ from, to time.Time }

func (d days) within(o days) bool { return !d.from.Before(o.from) && !d.to.After(o.to) }

// datePhrase is a date in a text. Its days may depend on the day of publication, and may
// have two readings.
type datePhrase struct {
	part
	words    string
	needsDay bool // the days depend on the day of publication
	days     func(anchor time.Time) []days
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func one(d time.Time) days { return days{d, d} }

func monthOf(y int, m time.Month) days { return days{day(y, m, 1), day(y, m+1, 0)} }

func yearOf(y int) days { return days{day(y, 1, 1), day(y, 12, 31)} }

// week returns the week of a day as Monday to Sunday and as Sunday to Saturday, moved by a
// number of weeks: a text does not say which it means.
func week(a time.Time, by int) []days {
	a = a.AddDate(0, 0, 7*by)
	monday := a.AddDate(0, 0, -(int(a.Weekday())+6)%7)
	sunday := a.AddDate(0, 0, -int(a.Weekday()))
	return []days{{monday, monday.AddDate(0, 0, 6)}, {sunday, sunday.AddDate(0, 0, 6)}}
}

const (
	monthNames   = `(January|February|March|April|May|June|July|August|September|October|November|December|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)`
	weekdayNames = `(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)`
	dayNumber    = `(\d{1,2})(?:st|nd|rd|th)?`
	yearNumber   = `((?:1[5-9]|20|21)\d\d)`
	smallNumber  = `(\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)`
)

func monthNamed(name string) time.Month {
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), strings.ToLower(strings.TrimRight(name, ".")[:3])) {
			return m
		}
	}
	return 0
}

func weekdayNamed(name string) time.Weekday {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(d.String(), name) {
			return d
		}
	}
	return -1
}

func number(word string) int {
	if n, err := strconv.Atoi(word); err == nil {
		return n
	}
	word = strings.ToLower(word)
	if word == "a" || word == "an" {
		return 1
	}
	return slices.Index(strings.Fields("zero one two three four five six seven eight nine ten eleven twelve"), word)
}

// dateForm is a way to write a date. The first form that matches at a place is the date.
type dateForm struct {
	pattern  func() *regexp.Regexp
	needsDay bool
	days     func(groups []string, anchor time.Time) []days
}

func form(expr string, needsDay bool, f func(g []string, a time.Time) []days) dateForm {
	return dateForm{pattern.New(`(?i)\b` + expr), needsDay, f}
}

func exact(y, m, d string) []days {
	year, _ := strconv.Atoi(y)
	month, _ := strconv.Atoi(m)
	if month == 0 {
		month = int(monthNamed(m))
	}
	number, _ := strconv.Atoi(d)
	t := day(year, time.Month(month), number)
	if int(t.Month()) != month || t.Day() != number {
		return nil
	}
	return []days{one(t)}
}

// dateForms is the table of the dates that texts have, the longest forms first.
var dateForms = []dateForm{
	form(yearNumber+`-(\d\d)-(\d\d)\b`, false, func(g []string, _ time.Time) []days { return exact(g[1], g[2], g[3]) }),
	form(dayNumber+` (?:of )?`+monthNames+`,? `+yearNumber+`\b`, false, func(g []string, _ time.Time) []days { return exact(g[3], g[2], g[1]) }),
	form(monthNames+` `+dayNumber+`,? `+yearNumber+`\b`, false, func(g []string, _ time.Time) []days { return exact(g[3], g[1], g[2]) }),
	form(`(\d{1,2})[/.](\d{1,2})[/.]`+yearNumber+`\b`, false, func(g []string, _ time.Time) []days {
		return append(exact(g[3], g[1], g[2]), exact(g[3], g[2], g[1])...)
	}),
	form(monthNames+`,? (?:of )?`+yearNumber+`\b`, false, func(g []string, _ time.Time) []days {
		y, _ := strconv.Atoi(g[2])
		return []days{monthOf(y, monthNamed(g[1]))}
	}),
	form(dayNumber+` (?:of )?`+monthNames+`\b`, true, func(g []string, a time.Time) []days { return nearYears(g[2], g[1], a) }),
	form(monthNames+` `+dayNumber+`\b`, true, func(g []string, a time.Time) []days { return nearYears(g[1], g[2], a) }),
	form(`(?:(last|this|next|early|late|mid-?) ?)`+monthNames+`\b`, true, func(g []string, a time.Time) []days { return nearMonths(g[2], a) }),
	form(`(?:in|of|since|until|during|by|from|to|and) `+monthNames+`\b`, true, func(g []string, a time.Time) []days { return nearMonths(g[1], a) }),
	form(`the day before yesterday\b`, true, func(_ []string, a time.Time) []days { return []days{one(a.AddDate(0, 0, -2))} }),
	form(`the day after tomorrow\b`, true, func(_ []string, a time.Time) []days { return []days{one(a.AddDate(0, 0, 2))} }),
	form(`(?:yesterday|last night)\b`, true, func(_ []string, a time.Time) []days { return []days{one(a.AddDate(0, 0, -1))} }),
	form(`tomorrow\b`, true, func(_ []string, a time.Time) []days { return []days{one(a.AddDate(0, 0, 1))} }),
	form(`(?:today|tonight|this (?:morning|afternoon|evening))\b`, true, func(_ []string, a time.Time) []days { return []days{one(a)} }),
	form(`(last|this|next|past) (week|month|year|quarter)\b`, true, func(g []string, a time.Time) []days { return nearUnit(strings.ToLower(g[1]), strings.ToLower(g[2]), a) }),
	form(smallNumber+` (day|week|month|year)s? (ago|earlier)\b`, true, func(g []string, a time.Time) []days { return ago(number(g[1]), strings.ToLower(g[2]), a) }),
	form(`(?:(last|this|next|on|early|late) )?`+weekdayNames+`\b`, true, func(g []string, a time.Time) []days { return nearWeekdays(strings.ToLower(g[1]), g[2], a) }),
	form(yearNumber+`\b`, false, func(g []string, _ time.Time) []days {
		y, _ := strconv.Atoi(g[1])
		return []days{yearOf(y)}
	}),
}

// nearYears returns a day of a month in the years around the day of publication.
func nearYears(month, number string, a time.Time) (all []days) {
	for y := a.Year() - 1; y <= a.Year()+1; y++ {
		for _, d := range exact(strconv.Itoa(y), month, number) {
			if off := d.from.Sub(a).Hours() / 24; off > -366 && off < 366 {
				all = append(all, d)
			}
		}
	}
	return all
}

// nearMonths returns the month of a name that began last by the day of publication, the one
// before it if that is less than a month ago, and the next.
func nearMonths(name string, a time.Time) (all []days) {
	m := monthNamed(name)
	for y := a.Year() - 1; y <= a.Year()+1; y++ {
		d := monthOf(y, m)
		if off := d.from.Sub(a).Hours() / 24; off > -366 && off < 366 {
			all = append(all, d)
		}
	}
	return all
}

func nearUnit(which, unit string, a time.Time) []days {
	by := map[string]int{"last": -1, "past": -1, "this": 0, "next": 1}[which]
	switch unit {
	case "week":
		return week(a, by)
	case "month":
		return []days{monthOf(a.Year(), a.Month()+time.Month(by))}
	case "quarter":
		first := a.Month() - (a.Month()-1)%3 + time.Month(3*by)
		return []days{{day(a.Year(), first, 1), day(a.Year(), first+3, 0)}}
	}
	return []days{yearOf(a.Year() + by)}
}

// ago returns the day that is a number of days ago, or the week, month or year around it.
func ago(n int, unit string, a time.Time) []days {
	switch unit {
	case "day":
		return []days{one(a.AddDate(0, 0, -n))}
	case "week":
		return week(a, -n)
	case "month":
		first := day(a.Year(), a.Month()-time.Month(n), 1)
		return []days{monthOf(first.Year(), first.Month())}
	}
	return []days{yearOf(a.Year() - n)}
}

// nearWeekdays returns the days that the name of a weekday may mean: the last such day by
// the day of publication and the next one; "last" is before it, "next" after it.
func nearWeekdays(which, name string, a time.Time) (all []days) {
	back := (int(a.Weekday()) - int(weekdayNamed(name)) + 7) % 7
	past, next := a.AddDate(0, 0, -back), a.AddDate(0, 0, 7-back)
	if which == "last" && back == 0 {
		past = a.AddDate(0, 0, -7)
	}
	switch which {
	case "last":
		return []days{one(past), one(past.AddDate(0, 0, -7))}
	case "next":
		return []days{one(next), one(next.AddDate(0, 0, 7))}
	}
	return []days{one(past), one(next)}
}

// triggers are words of which each date has one, unless it has the number of a year.
var triggers = sync.OnceValue(func() map[string]bool {
	all := make(map[string]bool)
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		all[name], all[name[:3]], all[name[:min(4, len(name))]] = true, true, true
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		all[strings.ToLower(d.String())] = true
	}
	for w := range strings.FieldsSeq("yesterday tomorrow today tonight night morning afternoon evening week month year quarter ago earlier") {
		all[w] = true
	}
	return all
})

// isTrigger reports whether a word may be of a date. Words may be joined by hyphens.
func isTrigger(w word) bool {
	triggers := triggers()
	for p := range strings.FieldsFuncSeq(w.folded, func(r rune) bool { return r == '-' || r == '\'' }) {
		if triggers[p] || triggers[strings.TrimPrefix(p, "mid")] || len(p) == 4 && (p[0] == '1' || p[0] == '2') && '0' <= p[3] && p[3] <= '9' {
			return true
		}
	}
	return false
}

// aroundTrigger is the number of words of a date before a trigger, or after it.
const aroundTrigger = 5

// findDates returns the dates of a normalized text, in order. It searches around the words
// of which dates have one.
func findDates(text string) (all []datePhrase) {
	words := wordsOf(text)
	for i := 0; i < len(words); i++ {
		if !isTrigger(words[i]) {
			continue
		}
		first, last := i, i
		for ; i < len(words) && i-last <= 2*aroundTrigger; i++ {
			if isTrigger(words[i]) {
				last = i
			}
		}
		within := part{0, len(text)}
		if first -= aroundTrigger; first > 0 {
			within.from = words[first-1].to
		}
		if i = last + aroundTrigger; i+1 < len(words) {
			within.to = words[i+1].from
		}
		all = append(all, datesWithin(text, within)...)
	}
	return all
}

// datesWithin returns the dates of a part of a text, in order.
func datesWithin(text string, p part) (all []datePhrase) {
	text = text[:p.to]
	taken := make([]bool, p.to-p.from)
	for _, f := range dateForms {
		for _, at := range f.pattern().FindAllStringSubmatchIndex(text[p.from:], -1) {
			if slices.Contains(taken[at[0]:at[1]], true) {
				continue
			}
			groups := submatches(text[p.from:], at)
			for i := at[0]; i < at[1]; i++ {
				taken[i] = true
			}
			all = append(all, datePhrase{part: part{p.from + at[0], p.from + at[1]}, words: text[p.from+at[0] : p.from+at[1]], needsDay: f.needsDay,
				days: func(a time.Time) []days { return f.days(groups, a) }})
		}
	}
	slices.SortFunc(all, func(a, b datePhrase) int { return a.from - b.from })
	return all
}

func submatches(text string, at []int) (groups []string) {
	for i := 0; i < len(at); i += 2 {
		if at[i] < 0 {
			groups = append(groups, "")
		} else {
			groups = append(groups, text[at[i]:at[i+1]])
		}
	}
	return groups
}

// daysOf returns the days of a date in EDTF; ok is false for one without both ends.
func daysOf(w schema.When) (d days, ok bool) {
	span, err := w.Span(schema.Interaction)
	if err != nil {
		return d, false
	}
	return days{timeOf(span.From), timeOf(span.To)}, true
}

func timeOf(d schema.Day) time.Time { return time.Unix(int64(d)*86400, 0).UTC() }
