package grounding

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// date returns the problem of the date of a claim; nil for none.
func (g *Grounding) date(c Claim, quote Span) *Problem {
	if c.When.Written == "" && c.When.Words == "" {
		return nil
	}
	if c.When.Words != "" && !g.Text.has(c.When.Words) {
		return &Problem{Rule: DateNotInText, Field: "words", Message: fmt.Sprintf("the words %q of the date are not in the text", c.When.Words)}
	}
	wanted, ok := daysOf(c.When)
	if c.When.Written == "" || !ok {
		return nil
	}
	anchor, hasAnchor := g.anchor(c)
	key := readingsKey{anchor, hasAnchor, isPast(c)}
	phrases := g.datesFor(c, quote)
	var r *readings
	if phrases != nil {
		r = read(phrases, key)
	} else {
		r = g.Text.readings(key)
	}
	if follows(c.When.Written, wanted, r.all) {
		return nil
	}
	return g.dateProblem(c, r, phrases != nil)
}

// readingsKey is what the readings of dates depend on.
type readingsKey struct {
	anchor    time.Time
	hasAnchor bool
	isPast    bool
}

// readings are the days that dates of a text may mean.
type readings struct {
	all      []days   // each once
	needsDay bool     // some dates need the day of publication, which is not known
	words    []string // of the first dates
}

func read(phrases []datePhrase, key readingsKey) *readings {
	found := &readings{}
	seen := make(map[days]bool)
	for i, d := range phrases {
		if i < 3 {
			found.words = append(found.words, "“"+d.words+"”")
		}
		if d.needsDay && !key.hasAnchor {
			found.needsDay = true
			continue
		}
		for _, r := range d.days(key.anchor) {
			if !seen[r] && !(key.hasAnchor && key.isPast && r.from.After(key.anchor)) {
				seen[r] = true
				found.all = append(found.all, r)
			}
		}
	}
	return found
}

// readings returns the readings of all dates of the text.
func (t *Text) readings(key readingsKey) *readings {
	t.memory.mu.Lock()
	defer t.memory.mu.Unlock()
	if r := t.memory.readings[key]; r != nil {
		return r
	}
	if t.memory.readings == nil || len(t.memory.readings) > 100 {
		t.memory.readings = make(map[readingsKey]*readings)
	}
	r := read(t.dates(), key)
	t.memory.readings[key] = r
	return r
}

// follows reports whether a date follows from one of the readings of a text: it is as
// precise or less. Of an interval, each end follows, or one reading is about as long.
func follows(written string, wanted days, readings []days) bool {
	within := func(wanted days) bool {
		return slices.ContainsFunc(readings, func(r days) bool { return r.within(wanted) })
	}
	start, end, isInterval := strings.Cut(written, "/")
	if !isInterval {
		return within(wanted)
	}
	isOpen := func(date string) bool { return date == "" || date == ".." }
	follows := func(date string) bool {
		d, ok := daysOf(schema.When{Written: date})
		return isOpen(date) || ok && within(d)
	}
	const slack = 48 * time.Hour // weeks begin on Sunday or on Monday
	return !(isOpen(start) && isOpen(end)) && follows(start) && follows(end) || slices.ContainsFunc(readings, func(r days) bool {
		return r.within(wanted) && wanted.to.Sub(wanted.from) <= r.to.Sub(r.from)+slack
	})
}

func isPast(c Claim) bool { return c.Status == schema.Happened || c.Status == "" }

func (g *Grounding) dateProblem(c Claim, r *readings, inQuote bool) *Problem {
	switch {
	case r.needsDay:
		return &Problem{Rule: AnchorMissing, Field: "when", Message: "the text has " + r.words[0] + ", and no day is given from which that counts: when it was published"}
	case inQuote:
		return &Problem{Rule: DateContradicts, Field: "when", Message: fmt.Sprintf("the date %s does not follow from %s", c.When.Written, strings.Join(r.words, ", "))}
	}
	return &Problem{Rule: DateNotInText, Field: "when", Message: fmt.Sprintf("the date %s is not in the text, and follows from no date there", c.When.Written)}
}

// anchor returns the day from which the words of a date count.
func (g *Grounding) anchor(c Claim) (time.Time, bool) {
	for _, day := range []string{c.When.Anchor, g.Anchor} {
		if d, err := schema.ParseDay(day); err == nil {
			return timeOf(d), true
		}
	}
	return time.Time{}, false
}

// datesFor returns the dates by which a claim may be dated: those in its words, or else in
// its quote; nil for those of the whole text.
func (g *Grounding) datesFor(c Claim, quote Span) (phrases []datePhrase) {
	quoted := g.Text.datesIn(quote)
	if words := c.When.Words; words != "" {
		places := g.Text.Find(words)
		if len(quoted) > 0 {
			places = slices.DeleteFunc(places, func(s Span) bool { return !quote.contains(s) })
		}
		for _, s := range places {
			phrases = append(phrases, g.Text.datesIn(s)...)
		}
		if d, ok := parsed(words); ok && len(places) > 0 {
			phrases = append(phrases, datePhrase{words: words, days: func(time.Time) []days { return []days{d} }})
		}
		if len(phrases) > 0 {
			return phrases
		}
	}
	return quoted
}

// datesIn returns the dates that a span of the text has, also those that go beyond it.
func (t *Text) datesIn(s Span) []datePhrase {
	all, p := t.dates(), t.partOf(s)
	from, _ := slices.BinarySearchFunc(all, p.from, func(d datePhrase, at int) int { return d.to - at - 1 })
	to := from
	for to < len(all) && all[to].from < p.to {
		to++
	}
	if from == to {
		return nil
	}
	return slices.Clip(all[from:to])
}

// parsed reads words as a date that does not depend on another day.
func parsed(words string) (d days, ok bool) {
	when, err := ParseDate(words)
	if err != nil || when.Written == "" {
		return d, false
	}
	return daysOf(when)
}

// ParseDate reads a date in EDTF or as people write it.
func ParseDate(text string) (schema.When, error) {
	date, err := written.Parse(text, written.Options{})
	if err != nil {
		return schema.When{}, err
	}
	return date.When(schema.Interaction)
}
