package grounding

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
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
	places, all, problems := g.places(c)
	if all > mostPlaces {
		problems = []Problem{{Rule: QuoteAmbiguous, Field: "quote",
			Message: fmt.Sprintf("the quote %q is at more than %d places of the text: give its offsets", shorten(c.Quote), mostPlaces)}}
	}
	if len(problems) > 0 {
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

// places returns where the quote of a claim is in the text, and the number of all places,
// also within words, up to one more than mostPlaces.
func (g *Grounding) places(c Claim) (places []Span, all int, problems []Problem) {
	fail := func(rule Rule, nearest, format string, args ...any) ([]Span, int, []Problem) {
		return nil, 0, []Problem{{Rule: rule, Field: "quote", Message: fmt.Sprintf(format, args...), Nearest: nearest}}
	}
	if strings.TrimSpace(c.Quote) == "" {
		return fail(QuoteMissing, "", "there is no quote")
	}
	if c.End != 0 {
		if s, ok := g.Text.FromCharacters(c.Start, c.End); ok && g.Text.IsAt(c.Quote, s) {
			if s = g.Text.trimmed(s); g.Text.cutsWord(g.Text.partOf(s)) {
				return fail(QuoteCutsWord, "", "the quote %q begins or ends within a word or a number at its offsets", shorten(c.Quote))
			}
			return []Span{s}, 1, nil
		}
	}
	places, all = g.Text.places(c.Quote)
	if all == 0 {
		return fail(QuoteNotFound, g.Text.Nearest(c.Quote), "the quote %q is not in %s", shorten(c.Quote), g.Text.Name)
	}
	if len(places) == 0 {
		return fail(QuoteCutsWord, g.Text.Nearest(c.Quote), "the quote %q begins or ends within a word or a number of %s", shorten(c.Quote), g.Text.Name)
	}
	if c.Start == 0 && c.End == 0 {
		return places, all, nil
	}
	return nil, 0, []Problem{*g.offsets("quote", c.Quote, c.Start, c.End)}
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
				if !g.Text.has(m.Text) {
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
	within := g.Text.partOf(quote)
	if p.IsByName {
		return slices.ContainsFunc(append([]string{p.Name}, p.Also...), func(name string) bool { return g.hasName(quote, name) })
	}
	return slices.ContainsFunc(p.Mentions, func(m Mention) bool {
		if s, ok := g.Text.FromCharacters(m.Start, m.End); ok {
			return quote.contains(g.Text.trimmed(s))
		}
		return m.End == 0 && g.Text.isIn(m.Text, within)
	})
}

// hasName reports whether a quote has a name, or the last word of a name of a person.
func (g *Grounding) hasName(quote Span, name string) bool {
	return shareName(g.Text.Words(quote), name)
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
