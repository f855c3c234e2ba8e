package written

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/schema/pattern"
)

// fields returns the readings of a text as one date, of which the year or the month
// may be missing.
func (p *parser) fields(s string) []moment {
	s, mark := withoutMark(withoutFillers(s))
	s, part := cutPhrase(withoutFillers(s), parts)
	all := p.plain(strings.TrimSpace(s))
	for i := range all {
		all[i].mark, all[i].part = mark, part
	}
	return all
}

// withoutFillers removes words such as "in the" before a date.
func withoutFillers(s string) string {
	for {
		word, rest, more := strings.Cut(s, " ")
		if !more || !fillers[word] {
			return s
		}
		s = rest
	}
}

// withoutMark removes words and signs of approximate and of uncertain dates: a sign at
// the end, and words before the date.
func withoutMark(s string) (rest, mark string) {
	s, mark = cutSign(s)
	isApproximate, isUncertain := mark == "~" || mark == "%", mark == "?" || mark == "%"
	for {
		rest, mark := cutPhrase(s, circa)
		if mark == "" {
			return strings.TrimSpace(s), markOf(isApproximate, isUncertain)
		}
		isApproximate, isUncertain = isApproximate || mark == "~", isUncertain || mark == "?"
		s = rest
	}
}

// cutSign removes a sign at the end: "July 2023?" or "July 2023 (?)".
func cutSign(s string) (rest, sign string) {
	for _, sign := range []string{"~", "?", "%"} {
		for _, end := range []string{"(" + sign + ")", sign} {
			if rest, ok := strings.CutSuffix(s, end); ok && rest != "" {
				return strings.TrimSpace(rest), sign
			}
		}
	}
	return s, ""
}

func markOf(isApproximate, isUncertain bool) string {
	switch {
	case isApproximate && isUncertain:
		return "%"
	case isApproximate:
		return "~"
	case isUncertain:
		return "?"
	}
	return ""
}

// plain returns the readings of a text without words before the date.
func (p *parser) plain(s string) []moment {
	if strings.ContainsAny(s, "qtrhs年") { // as all of these have
		for _, read := range []func(string) (moment, bool){quarter, half, decade, chinese} {
			if m, ok := read(s); ok {
				return []moment{m}
			}
		}
	}
	s, isTimed := withoutClock(s)
	tokens, ok := scan(s)
	if !ok {
		return nil
	}
	all := p.byElements(tokens)
	if isTimed {
		all = onlyDays(all)
	}
	return all
}

func onlyDays(all []moment) (kept []moment) {
	for _, m := range all {
		if m.isSingle() && m.from.unit() == days {
			kept = append(kept, m)
		}
	}
	return kept
}

// ordinalNumbers are the words and numbers of quarters.
const ordinalNumbers = `(first|second|third|fourth|last|1st|2nd|3rd|4th|[1-4])`

var (
	quarterFirst = pattern.New(`^[qt]([1-4])(?:[ /,-]*(?:of )?(\d{4}))?$`)
	quarterLast  = pattern.New(`^(\d{4})[ /,-]*[qt]([1-4])$`)
	quarterMid   = pattern.New(`^([1-4])q(?: ?-? ?(\d{4}))?$`)
	quarterWords = pattern.New(`^` + ordinalNumbers + `(?:\.|er|e|eme|o)? (?:quarter|quartal|trimestre)(?: (?:of |de |del |du )?(\d{4}))?$`)
	halfFirst    = pattern.New(`^[hs]([12])(?:[ /,-]*(?:of )?(\d{4}))?$`)
	halfLast     = pattern.New(`^(\d{4})[ /,-]*[hs]([12])$`)
	decadeWords  = pattern.New(`^(\d{3}0)'?s$`)
	chineseDate  = pattern.New(`^(\d{4}) ?年(?: ?(\d{1,2}) ?月(?: ?(\d{1,2}) ?[日号])?)?$`)
)

func quarter(s string) (moment, bool) {
	number, year := "", ""
	for _, r := range []*regexp.Regexp{quarterFirst(), quarterMid(), quarterWords()} {
		if m := r.FindStringSubmatch(s); m != nil {
			number, year = m[1], m[2]
		}
	}
	if m := quarterLast().FindStringSubmatch(s); m != nil {
		number, year = m[2], m[1]
	}
	n := map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}[number]
	if number == "" {
		return moment{}, false
	}
	if n == 0 {
		n = int(number[0] - '0')
	}
	return monthsOf(year, 3*n-2, 3*n), true
}

func half(s string) (moment, bool) {
	m := halfFirst().FindStringSubmatch(s)
	if m == nil {
		if m = halfLast().FindStringSubmatch(s); m == nil {
			return moment{}, false
		}
		m[1], m[2] = m[2], m[1]
	}
	n := int(m[1][0] - '0')
	return monthsOf(m[2], 6*n-5, 6*n), true
}

// monthsOf returns the months of a year, which may be empty.
func monthsOf(year string, from, to int) moment {
	y, _ := strconv.Atoi(year)
	return moment{from: day{y, from, 0}, to: day{y, to, 0}, isNamed: true}
}

func decade(s string) (moment, bool) {
	m := decadeWords().FindStringSubmatch(s)
	if m == nil {
		return moment{}, false
	}
	y, _ := strconv.Atoi(m[1])
	return moment{from: day{year: y}, to: day{year: y + 9}}, true
}

// chinese reads 2023年7月12日.
func chinese(s string) (moment, bool) {
	m := chineseDate().FindStringSubmatch(s)
	if m == nil {
		return moment{}, false
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1])
	}
	return single(day{n[0], n[1], n[2]}), m[2] == "" || n[1] > 0 && (m[3] == "" || n[2] > 0)
}

// timeOfDay is a time of day, with its zone.
const timeOfDay = `(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?(?: ?([ap])\.?m\.?)?(?: uhr)?` +
	`(?: ?(?:z|utc|gmt)?(?:[+-]\d{2}(?::?\d{2})?)?)?(?: \([a-z0-9 +:-]*\))?$`

// clock is a time of day after a date, and isoClock one after a day of ISO 8601.
var (
	clock    = pattern.New(`^(.*\d.*?)(?:t|,? +(?:at |um |a las |a )?)` + timeOfDay)
	isoClock = pattern.New(`^()[t ]` + timeOfDay)
)

// beforeTime returns the day of a moment such as 2023-07-12t10:00:00z, which is the
// most frequent form with a time.
func beforeTime(s string) (day string, ok bool) {
	const length = len("2023-07-12")
	if len(s) <= length || !isEDTFDate(s[:length], false) {
		return s, false
	}
	if m := isoClock().FindStringSubmatch(s[length:]); m == nil || !isTime(m) {
		return s, false
	}
	return s[:length], true
}

// withoutClock removes the time of day. The day is the one that is written, in whatever
// zone the time is.
func withoutClock(s string) (rest string, isTimed bool) {
	if !strings.Contains(s, ":") && !strings.Contains(s, "m") { // 10:00, or 10 am
		return s, false
	}
	m := clock().FindStringSubmatch(s)
	if m == nil || !isTime(m) {
		return s, false
	}
	return m[1], true
}

// isTime reports whether the groups of a pattern are a time of day: hour, minute,
// second, and a or p.
func isTime(m []string) bool {
	hour, _ := strconv.Atoi(m[2])
	minute, _ := strconv.Atoi(m[3])
	second, _ := strconv.Atoi(m[4])
	if m[3] == "" && m[5] == "" || hour > 23 || minute > 59 || second > 60 {
		return false
	}
	return m[5] == "" || hour >= 1 && hour <= 12
}
