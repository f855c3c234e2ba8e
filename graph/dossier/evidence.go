package dossier

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// evidenceGroup is the evidence of one stance.
type evidenceGroup struct {
	Stance schema.Stance
	Title  string
	Items  []evidenceView
}

// evidenceView is one piece of evidence as the page shows it. Its texts are clean.
type evidenceView struct {
	Quote, Lang string
	Note        string
	Speaker     []text // "said by A, via B"
	Source      *sourceView
	Locator     string
	Date        string // if it differs from the date of the fact
	Details     []string
	Dataset     string
}

// evidenceGroups returns the evidence of a fact by stance: who asserts it first, then
// who denies it, doubts it, and repeats it.
func (c *collector) evidenceGroups(ctx context.Context, f *render.Fact) (groups []evidenceGroup, err error) {
	for _, stance := range schema.Stances() {
		group := evidenceGroup{Stance: stance, Title: stanceTitles()[stance]}
		for i := range f.Evidence {
			if f.Evidence[i].Stance != stance {
				continue
			}
			item, err := c.evidenceView(ctx, f, &f.Evidence[i])
			if err != nil {
				return nil, err
			}
			group.Items = append(group.Items, item)
		}
		if len(group.Items) > 0 {
			groups = append(groups, group)
		}
	}
	return groups, nil
}

func (c *collector) evidenceView(ctx context.Context, f *render.Fact, e *render.Evidence) (v evidenceView, err error) {
	v = evidenceView{Note: render.Clean(e.Note), Locator: render.Clean(e.Locator), Dataset: render.Clean(e.Dataset), Speaker: speaker(e)}
	if e.Quote != "" {
		v.Quote = render.Clean(schema.Quoted(e.Quote))
	}
	if e.When.Text != f.When.Text && e.When != (render.When{}) {
		v.Date = render.Clean(e.When.Text)
		if e.When.Widened != "" {
			v.Date += " (" + e.When.Widened + ")"
		}
	}
	v.Details = evidenceDetails(e)
	if e.Source.ID != "" {
		v.Source, err = c.source(ctx, e)
		if err == nil {
			v.Lang = v.Source.lang
		}
	}
	return v, err
}

// speaker returns who said the words of a piece of evidence, and through whom.
func speaker(e *render.Evidence) (words []text) {
	add := func(before string, ref render.Ref) {
		if len(words) > 0 {
			before = ", " + before
		}
		words = append(words, text{before, false}, text{render.Clean(ref.Name), true})
	}
	if e.SaidBy != nil {
		add("said by ", *e.SaidBy)
	}
	for _, via := range e.Via {
		add("via ", via)
	}
	return words
}

// evidenceDetails returns what else a piece of evidence states.
func evidenceDetails(e *render.Evidence) (details []string) {
	add := func(name, value string) {
		if value != "" {
			details = append(details, name+": "+render.Clean(value))
		}
	}
	var places []string
	for _, at := range e.At {
		places = append(places, at.Name)
	}
	add("Place", list(places))
	add("Duration", e.Duration)
	add("Count", e.Count)
	if words := methodWords(e.Method); words != "" {
		details = append(details, words)
	}
	if mark := e.Review.Mark(); mark != "" {
		details = append(details, strings.ToUpper(mark[:1])+mark[1:])
	}
	if e.Confidence != 0 {
		details = append(details, fmt.Sprintf("Confidence: %v", e.Confidence))
	}
	if e.End > 0 {
		details = append(details, fmt.Sprintf("Bytes %d to %d of the document", e.Start, e.End))
	}
	return details
}

// evidenceSummary counts the documents of each stance: "2 documents assert it, 1 denies
// it."
func evidenceSummary(f *render.Fact) string {
	verbs := map[schema.Stance][2]string{schema.Asserts: {"asserts", "assert"}, schema.Denies: {"denies", "deny"},
		schema.Doubts: {"doubts", "doubt"}, schema.Hearsay: {"repeats", "repeat"}}
	documents := map[schema.Stance]map[schema.ID]bool{}
	for _, e := range f.Evidence {
		if documents[e.Stance] == nil {
			documents[e.Stance] = map[schema.ID]bool{}
		}
		documents[e.Stance][e.Source.ID] = true
	}
	var words []string
	for _, stance := range schema.Stances() {
		n := len(documents[stance])
		verb := verbs[stance]
		it := " it"
		if stance == schema.Hearsay {
			it = " it as hearsay"
		}
		switch {
		case n == 0 && stance == schema.Asserts:
			words = append(words, "no document asserts it")
		case n > 0:
			words = append(words, counted(n, "document ", "documents ")+map[bool]string{true: verb[0], false: verb[1]}[n == 1]+it)
		}
	}
	text := list(words)
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// languageOf returns a language tag that browsers and screen readers know; empty for
// others.
func languageOf(tag string) string {
	parsed, err := language.Parse(tag)
	if tag == "" || err != nil {
		return ""
	}
	return cmp.Or(parsed.String(), "")
}
