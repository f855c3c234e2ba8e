package written

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a number or a word of a date.
type token struct {
	word      string // empty for a number
	number    int
	digits    int
	isOrdinal bool   // 12th
	isShort   bool   // '15
	separator string // what stands before it: "-", "/", ".", ",", or " " for spaces alone
}

// separators may stand between numbers and words.
const separators = "-/.,'"

// scan splits a text into numbers and words.
func scan(s string) (tokens []token, ok bool) {
	separator := ""
	for s != "" {
		r, _ := utf8.DecodeRuneInString(s)
		switch n := lettersOf(s, unicode.IsDigit); {
		case n > 8:
			return nil, false
		case n > 0:
			t := token{digits: n, separator: separator}
			var err error
			if t.number, err = strconv.Atoi(s[:n]); err != nil {
				return nil, false
			}
			t.isShort = n == 2 && strings.HasSuffix(separator, "'")
			s, separator = s[n:], ""
			n := lettersOf(s, unicode.IsLetter)
			if n > 0 && ordinalEndings[s[:n]] && lettersOf(s[n:], unicode.IsDigit) == 0 {
				t.isOrdinal, s, n = true, s[n:], 0
			}
			if n > 0 && monthNames[s[:n]] == 0 { // only a month may stand at a number: 12Jul2023
				return nil, false
			}
			tokens = append(tokens, t)
		case unicode.IsLetter(r):
			n := lettersOf(s, unicode.IsLetter)
			word := s[:n]
			tokens = append(tokens, token{word: word, separator: separator})
			s, separator = s[n:], ""
			if lettersOf(s, unicode.IsDigit) > 0 && monthNames[word] == 0 {
				return nil, false
			}
		case r == ' ':
			s = s[1:]
			if separator == "" {
				separator = " "
			}
		case r == '°':
			s = s[len("°"):]
		case strings.ContainsRune(separators, r):
			s, separator = s[1:], strings.TrimSpace(separator)+string(r)
		default:
			return nil, false
		}
	}
	isOpen := len(tokens) > 0 && tokens[0].separator != "" && tokens[0].separator != "'"
	return tokens, !isOpen && strings.Trim(separator, "., ") == ""
}

// lettersOf counts the bytes of the letters or digits at the beginning of a text.
func lettersOf(s string, is func(rune) bool) int {
	for i, r := range s {
		if !is(r) {
			return i
		}
	}
	return len(s)
}

// elements are the parts of one date.
type elements struct {
	numbers                []token
	month, season, weekday int
	before                 int // the numbers before the month or season
}

// elementsOf classifies words. An unknown word, and two words for one part, are no date.
func (p *parser) elementsOf(tokens []token) (e elements, ok bool) {
	for i, t := range tokens {
		word := t.word
		switch {
		case word == "":
			e.numbers = append(e.numbers, t)
		case monthNames[word] > 0 && e.month == 0 && e.season == 0:
			e.month, e.before = monthNames[word], len(e.numbers)
		case seasonNames[word] > 0 && e.month == 0 && e.season == 0:
			e.season, e.before = seasonNames[word], len(e.numbers)
		case weekdayNames[word] > 0 && e.weekday == 0 && i == 0:
			e.weekday = weekdayNames[word]
		case ordinalWords[word] > 0:
			e.numbers = append(e.numbers, token{number: 1, digits: 1, isOrdinal: true, separator: t.separator})
		case fillers[word]:
		default:
			if monthNames[word]+seasonNames[word]+weekdayNames[word] == 0 && p.unknown == "" {
				p.unknown = word
			}
			return e, false
		}
	}
	return e, len(e.numbers) <= 3
}

func (p *parser) byElements(tokens []token) (all []moment) {
	e, ok := p.elementsOf(tokens)
	switch {
	case !ok:
		return nil
	case e.month > 0:
		all = p.byName(e)
	case e.season > 0:
		all = bySeason(e)
	default:
		all = p.byNumbers(e.numbers)
	}
	for i := range all {
		all[i].weekday = e.weekday
	}
	return all
}

func (t token) isYear() bool { return t.digits == 4 && !t.isOrdinal }

func (t token) isDay() bool { return t.digits <= 2 && !t.isShort && t.number > 0 }

// years returns the years that a number may be.
func (p *parser) years(t token) []int {
	switch n := t.number; {
	case t.isYear():
		return []int{n}
	case t.digits != 2 || t.isOrdinal:
		return nil
	case n <= 29 && !p.options.FullYears:
		return []int{2000 + n}
	case n >= 69 && !p.options.FullYears:
		return []int{1900 + n}
	default:
		return []int{1900 + n, 2000 + n}
	}
}

// byName reads a date with the name of a month.
func (p *parser) byName(e elements) (all []moment) {
	add := func(order Order, day_, year token) {
		if !day_.isDay() {
			return
		}
		for _, y := range p.years(year) {
			m := single(day{y, e.month, day_.number})
			m.order = order
			all = append(all, m)
		}
	}
	switch n := e.numbers; {
	case len(n) == 0:
		all = append(all, single(day{month: e.month}))
	case len(n) == 1 && (n[0].isYear() || n[0].isShort):
		for _, y := range p.years(n[0]) {
			all = append(all, single(day{year: y, month: e.month}))
		}
	case len(n) == 1 && n[0].isDay():
		all = append(all, single(day{month: e.month, day: n[0].number}))
	case len(n) == 2 && n[0].isYear():
		if e.before > 0 { // "July 2023 - 12" may be cut off
			add(AnyOrder, n[1], n[0])
		}
	case len(n) == 2 && (n[1].isYear() || n[1].isShort || e.before == 0):
		add(AnyOrder, n[0], n[1])
	case len(n) == 2 && e.before == 1:
		add(DMY, n[0], n[1])
		if p.options.Order == AnyOrder {
			add(ymd, n[1], n[0])
		}
	}
	for i := range all {
		all[i].isNamed = true
	}
	return all
}

// bySeason reads a date with the name of a season. A winter is in two years.
func bySeason(e elements) []moment {
	first := 3 * e.season
	if e.season < 4 {
		switch n := e.numbers; {
		case len(n) == 0:
			return []moment{monthsOf("", first, first+2)}
		case len(n) == 1 && n[0].isYear():
			return []moment{monthsOf(strconv.Itoa(n[0].number), first, first+2)}
		}
		return nil
	}
	winter := func(year int) moment { return moment{from: day{year, 12, 0}, to: day{year + 1, 2, 0}, isNamed: true} }
	switch n := e.numbers; {
	case len(n) == 1 && n[0].isYear():
		return []moment{winter(n[0].number - 1), winter(n[0].number)}
	case len(n) == 2 && n[0].isYear() && e.before == 0:
		if next := n[0].number + 1; n[1].number == next || n[1].digits == 2 && n[1].number == next%100 {
			return []moment{winter(n[0].number)}
		}
	}
	return nil
}

// isSeasonOfTwoYears reports whether a text is a season of two years, such as winter
// 2022/23, which is no interval.
func isSeasonOfTwoYears(s string) bool {
	tokens, ok := scan(s)
	if !ok || len(tokens) < 3 {
		return false
	}
	season, first, second := tokens[len(tokens)-3], tokens[len(tokens)-2], tokens[len(tokens)-1]
	return seasonNames[season.word] == 4 && first.isYear() && second.digits > 0
}
