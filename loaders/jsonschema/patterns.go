package jsonschema

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema/written"
)

// The patterns here are regular expressions that ECMA-262, RE2 and Python read alike.
// No pattern refuses what the parser accepts. Names and words are compared after
// Unicode normalization, which no pattern can express, so a text with a character
// outside of printable ASCII is accepted wherever words are compared.

// unusual matches a character that normalization may change.
const unusual = `[^ -~]`

// hasValue matches every text that is not blank. Some of the texts that it does not
// match have a value too.
const hasValue = `[!-~]`

// mayHaveValue matches every text that has more than spaces.
const mayHaveValue = `[^ ]`

// hasLetter matches every text of which an id can be made.
const hasLetter = `[A-Za-z0-9]|` + unusual

// printable matches a text without control characters besides tabs and line breaks.
const printable = "^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\u009f]*$"

// oneLine matches a text of one line, with spaces and line breaks around it.
const oneLine = "^[\t\n\r ]*[^\x00-\x08\n\x0b\x0c\r\x0e-\x1f\x7f-\u009f]*[\t\n\r ]*$"

// anyCase returns a pattern of a text in upper and lower case.
func anyCase(text string) string {
	var b strings.Builder
	for _, r := range text {
		upper, lower := strings.ToUpper(string(r)), strings.ToLower(string(r))
		if r == '\'' {
			b.WriteString("['`]") // which are one character in names
			continue
		}
		if upper == lower {
			b.WriteString(regexp.QuoteMeta(string(r)))
			continue
		}
		b.WriteString("[" + upper + lower + "]")
	}
	return b.String()
}

// oneOf returns a pattern of several words in upper and lower case, with spaces around
// them, which a blank text matches too.
func oneOf(words []string) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = anyCase(w)
	}
	return `^ *(?:` + strings.Join(all, "|") + `)? *$|` + unusual
}

// datePattern matches every text that is a date, and other texts that have only words
// of dates. A run of letters is one word, so that no engine tries many ways to
// divide it.
func datePattern() string {
	words := written.Words()
	for i, w := range words {
		words[i] = anyCase(w)
	}
	return `^[^A-Za-z]*(?:(?:` + strings.Join(words, "|") + `)(?:[^A-Za-z]+|$))*$|[(]|` + unusual
}

// numbered matches every text that has a number, or means the present.
func numbered() string {
	presents := written.Presents()
	for i, p := range presents {
		words := strings.Fields(p)
		for j, w := range words {
			words[j] = anyCase(w)
		}
		presents[i] = strings.Join(words, ` +`)
	}
	return `[0-9]|^ *(?:` + strings.Join(presents, "|") + `|[.][.])? *$|` + unusual
}

// notLeap matches the years without a 29 February.
const notLeap = `(?:[0-9]{2}(?:[02468][1-35-79]|[13579][013-57-9])|(?:[02468][1-35-79]|[13579][013-57-9])00)`

// The patterns of dates in the form of ISO 8601 that are not on the calendar or the
// clock, and of an interval that is open on both sides.
const (
	noDay  = `(?:^|/)(?:[0-9]{4}-[0-9]{2}-(?:00|3[2-9]|[4-9][0-9])|[0-9]{4}-(?:02-3[01]|(?:04|06|09|11)-31)|` + notLeap + `-02-29)[~?%]?(?:/|$)`
	noTime = `^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ](?:2[4-9]|[3-9][0-9]):[0-9]{2}`
	noDate = `^ *(?:[.][.])?/(?:[.][.])? *$`
)

// noMonth matches years with a month that is not on the calendar. In the parser 2015-18
// is four years, of at most fifty, and 2015-24 a winter.
func noMonth() string {
	const most = 50
	all := []string{`[0-9]{4}-(?:00|1[3-9]|[2-9][0-9])-[0-9]{2}`, `[0-9]{4}-00`}
	for n := 13; n < 100; n++ {
		if n >= 21 && n <= 24 {
			continue
		}
		years := upFrom(n)
		if n > most {
			years += "|" + downFrom(n-most-1)
		}
		all = append(all, fmt.Sprintf("[0-9]{2}(?:%s)-%d", years, n))
	}
	return `(?:^|/)(?:` + strings.Join(all, "|") + `)[~?%]?(?:/|$)`
}

// upFrom matches the numbers of two digits from n to 99.
func upFrom(n int) string {
	same := fmt.Sprintf("%d[%d-9]", n/10, n%10)
	if n >= 90 {
		return same
	}
	return fmt.Sprintf("%s|[%d-9][0-9]", same, n/10+1)
}

// downFrom matches the numbers of two digits from 00 to n.
func downFrom(n int) string {
	same := fmt.Sprintf("%d[0-%d]", n/10, n%10)
	if n < 10 {
		return same
	}
	return fmt.Sprintf("%s|[0-%d][0-9]", same, n/10-1)
}

// phrasePattern matches the phrases of verbs, each with spaces, hyphens or both
// between its words, and every text that is not in the form of phrases: lower-case
// words with single spaces or hyphens between them.
func phrasePattern(phrases []string) string {
	return exactPhrases(phrases) + `|[^a-z0-9 -]|^[ -]|[ -]$|[ -][ -]|^$`
}

// exactPhrases matches the phrases alone.
func exactPhrases(phrases []string) string {
	var all []string
	for _, p := range phrases {
		words := strings.FieldsFunc(p, func(r rune) bool { return r == ' ' || r == '-' || r == '_' })
		for i, w := range words {
			words[i] = regexp.QuoteMeta(w)
		}
		all = append(all, strings.Join(words, "[ -]"))
	}
	slices.Sort(all)
	return `^(?:` + strings.Join(slices.Compact(all), "|") + `)$`
}

// sentencePattern matches every text with a name before a phrase of a verb.
func sentencePattern(phrases []string) string {
	all := shortest(phrases)
	for i, p := range all {
		words := strings.Fields(p)
		for j, w := range words {
			words[j] = anyCase(w)
		}
		all[i] = strings.Join(words, " +")
	}
	return `[^ ] +(?:` + strings.Join(all, "|") + `)(?:[ .!]|$)|` + unusual
}

// shortest returns the phrases that contain no other phrase, and the passive phrases
// without their "by", which may end a sentence.
func shortest(phrases []string) (kept []string) {
	all := make(map[string]bool)
	for _, p := range phrases {
		all[p] = true
		if words := strings.Fields(p); len(words) > 2 && words[len(words)-1] == "by" {
			all[strings.Join(words[:len(words)-1], " ")] = true
		}
	}
	for p := range all {
		if !containsAnother(strings.Fields(p), all) {
			kept = append(kept, p)
		}
	}
	slices.Sort(kept)
	return kept
}

// containsAnother reports whether some of the words, but not all, are a phrase.
func containsAnother(words []string, phrases map[string]bool) bool {
	for from := range words {
		for to := from + 1; to <= len(words); to++ {
			if to-from < len(words) && phrases[strings.Join(words[from:to], " ")] {
				return true
			}
		}
	}
	return false
}
