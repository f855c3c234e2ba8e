package cite

import (
	"strconv"
	"strings"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// inWords returns a date in words: "about 2018, ±1 year", "2023 or later".
func inWords(w schema.When) string { return w.InWords(schema.Interaction) }

// isWritten reports whether the written form is all that is known of a date.
func isWritten(w schema.When) bool {
	return w.Written != "" && w == schema.When{Written: w.Written, Words: w.Words, Anchor: w.Anchor}
}

// cslDate is a date of CSL-JSON.
type cslDate struct {
	Parts   [][]int `json:"date-parts,omitempty"`
	Circa   bool    `json:"circa,omitempty"`
	Literal string  `json:"literal,omitempty"`
}

// newCSLDate returns a date for CSL-JSON, nil for none. CSL has one word for approximate
// and uncertain dates, circa, and no intervals with an open end: these are literal.
func newCSLDate(w schema.When) *cslDate {
	if w.IsZero() {
		return nil
	}
	d := &cslDate{}
	for side := range strings.SplitSeq(w.Written, "/") {
		digits := strings.TrimRight(side, "~?%")
		parts := numbers(digits)
		if parts == nil || !isWritten(w) {
			return &cslDate{Literal: inWords(w)}
		}
		d.Parts, d.Circa = append(d.Parts, parts), d.Circa || digits != side
	}
	return d
}

// numbers returns the year, month and day of a date, nil if it is no date.
func numbers(date string) (parts []int) {
	for part := range strings.SplitSeq(date, "-") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil
		}
		parts = append(parts, n)
	}
	return parts
}

var exactDate = pattern.New(`^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$`)

// months are the names of months that all styles of BibTeX define.
var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// addYear adds a date for BibTeX, which has years and names of months: any other date is
// in words, as the year.
func (e *bibEntry) addYear(w schema.When) {
	m := exactDate().FindStringSubmatch(w.Written)
	switch {
	case w.IsZero():
	case m == nil || !isWritten(w):
		e.text("year", inWords(w))
	default:
		e.raw("year", "{"+m[1]+"}")
		if m[2] != "" {
			n, _ := strconv.Atoi(m[2]) // 01 to 12
			e.raw("month", months[n-1])
		}
		if m[3] != "" {
			e.raw("day", "{"+strings.TrimLeft(m[3], "0")+"}")
		}
	}
}

// addDate adds a date: for BibLaTeX in EDTF, for BibTeX in EDTF if it is a whole day, month
// or year, and else in words.
func (e *bibEntry) addDate(f Format, field string, w schema.When) {
	switch {
	case w.Written == "":
	case f == BibTeX && !exactDate().MatchString(w.Written):
		e.text(field, inWords(w))
	default:
		e.raw(field, "{"+w.Written+"}")
	}
}
