package render

import (
	"fmt"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// Claims is the evidence of a fact in words, its two sides apart, so that no document
// or quote seems to speak for the other side. Parts are joined by semicolons; each
// text is there once.
type Claims struct {
	Sources string // documents that assert the fact
	Words   string // their quotes, or else their notes
	Others  string // each other piece of evidence: its stance, who and where, its words
}

// Claims is the evidence of the fact in words, asserting evidence apart from what
// denies or doubts it or passes it on.
func (f *Fact) Claims() Claims {
	var sources, said, others []string
	for _, e := range f.Evidence {
		if e.Stance == schema.Asserts {
			sources, said = append(sources, e.Source.text()), append(said, e.words())
		} else {
			others = append(others, e.counterclaim())
		}
	}
	return Claims{joinDistinct(sources), joinDistinct(said), joinDistinct(others)}
}

// words is the quote of a piece of evidence, or else its note; in brackets that it is
// inferred and its confidence, where one is stated.
func (e *Evidence) words() string {
	text := e.Note
	if e.Quote != "" {
		text = schema.Quoted(e.Quote)
	}
	var how []string
	if e.Method == schema.Inferred {
		how = append(how, string(e.Method))
	}
	if e.Confidence != 0 {
		how = append(how, fmt.Sprintf("confidence %v", e.Confidence))
	}
	if len(how) > 0 {
		text += " (" + strings.Join(how, ", ") + ")"
	}
	return strings.TrimSpace(text)
}

// counterclaim says in words what evidence claims that does not assert its fact: who
// denies it, in which document and in which words.
func (e *Evidence) counterclaim() string {
	var who []string
	if e.SaidBy != nil {
		who = append(who, e.SaidBy.Name)
	}
	for _, via := range e.Via {
		who = append(who, "via "+via.Name)
	}
	text, source := e.Stance.By()+" ", e.Source.text()
	if len(who) == 0 {
		text += source
	} else {
		text = strings.Replace(text, "hearsay in", "hearsay from", 1) + strings.Join(who, ", ")
		if source != "" {
			text += " in " + source
		}
	}
	text = strings.TrimSpace(text)
	if words := e.words(); words != "" {
		text += ": " + words
	}
	return text
}
