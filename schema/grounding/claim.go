package grounding

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// Grounding holds claims to one text. Several goroutines may use it at once.
type Grounding struct {
	Text   *Text
	Anchor string // the day from which words such as yesterday count, YYYY-MM-DD; empty if it is not known
}

// Claim is what someone states about a text.
type Claim struct {
	Verb   *schema.Definition // nil for an unknown verb
	Status schema.Status
	Stance schema.Stance
	Quote  string

	// Start and End are the offsets of the quote in the text, in Unicode code points, the
	// end exclusive. Both are zero if they are not known.
	Start, End int

	Participants []Participant

	When schema.When // with Words, these must be in the text
}

// Participant is who takes part in a claim.
type Participant struct {
	Role string   // for problems
	Name string   // of the entity
	Also []string // its other names

	// Mentions are the words that mention the entity, those of the role first: all of
	// them are said to be the same entity.
	Mentions []Mention

	// IsByName is true if no mention is known. The name or one of the other names must
	// then be in the quote.
	IsByName bool
}

// Mention is words of a text that mention an entity.
type Mention struct {
	ID         string
	Text       string
	Start, End int  // in Unicode code points; both are zero if they are not known
	IsIndirect bool // a demonym or a metonym, which has no word of the name: Chinese, Beijing
}

// Found is where a text supports a claim.
type Found struct {
	Quote string // as the text has it
	Span  Span   // in bytes of UTF-8; zero if the quote is at several places
}

// Check returns where the text supports a claim, and the rules that the claim breaks.
func (g *Grounding) Check(c Claim) (Found, []Problem) {
	places, problems := g.places(c)
	if len(places) == 0 {
		return Found{}, problems
	}
	problems = append(problems, g.mentions(c)...)
	var good []Span
	var first []Problem
	for i, at := range places {
		found := g.checkAt(c, at)
		if len(found) == 0 {
			good = append(good, at)
		} else if i == 0 || first == nil {
			first = found
		}
	}
	switch located := g.located(c, good); {
	case len(good) == 0:
		problems = append(problems, first...)
	case len(located) == 1:
		good = located
	case len(good) < len(places):
		problems = append(problems, Problem{Rule: QuoteAmbiguous, Field: "quote",
			Message: fmt.Sprintf("the quote is at %d places of the text, and not all support the fact: give its offsets", len(places))})
	}
	if len(problems) > 0 || len(good) == 0 {
		return Found{}, problems
	}
	found := Found{Quote: g.Text.Words(good[0])}
	if len(good) == 1 {
		found.Span = good[0]
	}
	return found, nil
}

// located returns the places that have the offsets of the mentions of each participant.
func (g *Grounding) located(c Claim, places []Span) (some []Span) {
	for _, at := range places {
		all := len(c.Participants) > 0
		for _, p := range c.Participants {
			all = all && slices.ContainsFunc(p.Mentions, func(m Mention) bool {
				s, ok := g.Text.FromCharacters(m.Start, m.End)
				return ok && at.contains(s)
			})
		}
		if all {
			some = append(some, at)
		}
	}
	return some
}

// places returns where the quote of a claim is in the text.
func (g *Grounding) places(c Claim) ([]Span, []Problem) {
	fail := func(rule Rule, field, format string, args ...any) ([]Span, []Problem) {
		return nil, []Problem{{Rule: rule, Field: field, Message: fmt.Sprintf(format, args...)}}
	}
	if strings.TrimSpace(c.Quote) == "" {
		return fail(QuoteMissing, "quote", "there is no quote")
	}
	all := g.Text.find(c.Quote)
	if len(all) == 0 {
		_, found := fail(QuoteNotFound, "quote", "the quote %q is not in %s", shorten(c.Quote), g.Text.Name)
		found[0].Nearest = g.Text.Nearest(c.Quote)
		return nil, found
	}
	places := g.Text.Find(c.Quote)
	if len(places) == 0 {
		_, found := fail(QuoteCutsWord, "quote", "the quote %q begins or ends within a word or a number of %s", shorten(c.Quote), g.Text.Name)
		found[0].Nearest = g.Text.Nearest(c.Quote)
		return nil, found
	}
	if c.Start == 0 && c.End == 0 {
		return places, nil
	}
	if problem := g.offsets("quote", c.Quote, c.Start, c.End); problem != nil {
		return nil, []Problem{*problem}
	}
	s, _ := g.Text.FromCharacters(c.Start, c.End)
	if s = g.Text.trimmed(s); g.Text.cutsWord(g.Text.partOf(s)) {
		return fail(QuoteCutsWord, "quote", "the quote %q begins or ends within a word or a number at its offsets", shorten(c.Quote))
	}
	return []Span{s}, nil
}

// offsets returns the problem of offsets that do not lead to some words.
func (g *Grounding) offsets(what, words string, start, end int) *Problem {
	s, ok := g.Text.FromCharacters(start, end)
	if ok && g.Text.IsAt(words, s) {
		return nil
	}
	if unit := g.Text.unitOf(words, start, end); unit != "" {
		return &Problem{Rule: OffsetUnit, Field: what, Message: fmt.Sprintf("the offsets %d to %d of %s count %s, not Unicode code points", start, end, what, unit)}
	}
	there := "the text ends before them"
	if ok {
		there = fmt.Sprintf("there the text has %q", shorten(g.Text.Words(s)))
	}
	return &Problem{Rule: OffsetWrong, Field: what, Message: fmt.Sprintf("%s %q is not at its offsets %d to %d: %s", what, shorten(words), start, end, there)}
}

// mentions checks the offsets of the mentions, and that each is in the text.
func (g *Grounding) mentions(c Claim) (problems []Problem) {
	for _, p := range c.Participants {
		for _, m := range p.Mentions {
			if m.End == 0 {
				if len(g.Text.Find(m.Text)) == 0 {
					problems = append(problems, Problem{Rule: MentionNotFound, Field: p.Role, Message: fmt.Sprintf("the mention %s %q is not in the text", m.ID, shorten(m.Text))})
				}
			} else if problem := g.offsets("the mention "+m.ID, m.Text, m.Start, m.End); problem != nil {
				problem.Field = p.Role
				problems = append(problems, *problem)
			}
		}
		if !p.IsByName && !isNamed(p) {
			problems = append(problems, Problem{Rule: NameNotInText, Field: p.Role,
				Message: fmt.Sprintf("no mention of %s has a word of its name or of its other names", p.Name)})
		}
	}
	return problems
}

func isNamed(p Participant) bool {
	return slices.ContainsFunc(p.Mentions, func(m Mention) bool {
		return m.IsIndirect || shareName(m.Text, p.Name) || slices.ContainsFunc(p.Also, func(name string) bool { return shareName(m.Text, name) })
	})
}

// checkAt makes the checks that depend on where the quote is.
func (g *Grounding) checkAt(c Claim, at Span) (problems []Problem) {
	for _, p := range c.Participants {
		if !g.isMentioned(p, at) {
			problems = append(problems, Problem{Rule: NotInQuote, Field: p.Role, Message: fmt.Sprintf("the quote does not mention %s", p.Name)})
		}
	}
	if problem := g.date(c, at); problem != nil {
		problems = append(problems, *problem)
	}
	if c.Stance == schema.Denies {
		return problems
	}
	if words := contradiction(g.Text, at, c.Verb, c.Status); words != "" {
		status := c.Status
		if status == "" {
			status = schema.Happened
		}
		problems = append(problems, Problem{Rule: ModalityConflict, Field: "status", Message: fmt.Sprintf("the sentence of the quote has %s, so that it does not support the status %s", words, status)})
	}
	return problems
}

// isMentioned reports whether a mention of a participant is in the quote.
func (g *Grounding) isMentioned(p Participant, quote Span) bool {
	if p.IsByName {
		return slices.ContainsFunc(append([]string{p.Name}, p.Also...), func(name string) bool { return g.hasName(quote, name) })
	}
	return slices.ContainsFunc(p.Mentions, func(m Mention) bool {
		if s, ok := g.Text.FromCharacters(m.Start, m.End); ok {
			return quote.contains(g.Text.trimmed(s))
		}
		return m.End == 0 && slices.ContainsFunc(g.Text.Find(m.Text), quote.contains)
	})
}

// hasName reports whether a quote has a name, or the last word of a name of a person.
func (g *Grounding) hasName(quote Span, name string) bool {
	return shareName(g.Text.Words(quote), name)
}

// date returns the problem of the date of a claim; nil for none.
func (g *Grounding) date(c Claim, quote Span) *Problem {
	if c.When.Written == "" && c.When.Words == "" {
		return nil
	}
	if c.When.Words != "" && len(g.Text.Find(c.When.Words)) == 0 {
		return &Problem{Rule: DateNotInText, Field: "words", Message: fmt.Sprintf("the words %q of the date are not in the text", c.When.Words)}
	}
	wanted, ok := daysOf(c.When)
	if c.When.Written == "" || !ok {
		return nil
	}
	phrases, inQuote := g.datesFor(c, quote)
	anchor, hasAnchor := g.anchor(c)
	needsDay := false
	var readings []days
	for _, d := range phrases {
		if d.needsDay && !hasAnchor {
			needsDay = true
			continue
		}
		for _, r := range d.days(anchor) {
			if !hasAnchor || !isPast(c) || !r.from.After(anchor) {
				readings = append(readings, r)
			}
		}
	}
	if follows(c.When.Written, wanted, readings) {
		return nil
	}
	return g.dateProblem(c, phrases, inQuote, needsDay)
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

func (g *Grounding) dateProblem(c Claim, phrases []datePhrase, inQuote, needsDay bool) *Problem {
	var words []string
	for _, d := range phrases {
		words = append(words, "“"+d.words+"”")
	}
	switch {
	case needsDay:
		return &Problem{Rule: AnchorMissing, Field: "when", Message: "the text has " + words[0] + ", and no day is given from which that counts: when it was published"}
	case inQuote:
		return &Problem{Rule: DateContradicts, Field: "when", Message: fmt.Sprintf("the date %s does not follow from %s", c.When.Written, strings.Join(words[:min(3, len(words))], ", "))}
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
// its quote, or else in the whole text.
func (g *Grounding) datesFor(c Claim, quote Span) (phrases []datePhrase, inQuote bool) {
	in := func(s Span) (some []datePhrase) {
		p := g.Text.partOf(s)
		for _, d := range g.Text.dates {
			if d.from < p.to && p.from < d.to {
				some = append(some, d)
			}
		}
		return some
	}
	quoted := in(quote)
	if words := c.When.Words; words != "" {
		places := g.Text.Find(words)
		if len(quoted) > 0 {
			places = slices.DeleteFunc(places, func(s Span) bool { return !quote.contains(s) })
		}
		for _, s := range places {
			phrases = append(phrases, in(s)...)
		}
		if d, ok := parsed(words); ok && len(places) > 0 {
			phrases = append(phrases, datePhrase{words: words, days: func(time.Time) []days { return []days{d} }})
		}
		if len(phrases) > 0 {
			return phrases, true
		}
	}
	if len(quoted) > 0 {
		return quoted, true
	}
	return g.Text.dates, false
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

// trimmed returns a span without white space at its ends.
func (t *Text) trimmed(s Span) Span {
	words := t.Words(s)
	s.Start += len(words) - len(strings.TrimLeftFunc(words, isSpaceOrNothing))
	s.End -= len(words) - len(strings.TrimRightFunc(words, isSpaceOrNothing))
	return s
}

// shorten shortens words for a message.
func shorten(words string) string {
	if len(words) > 80 {
		return strings.ToValidUTF8(words[:77], "") + "…"
	}
	return words
}
