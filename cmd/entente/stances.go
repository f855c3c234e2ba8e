package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// marked is a sentence with the mark of its fact in brackets.
func marked(sentence string, f schema.Fact) string {
	if text := f.Mark(); text != "" {
		return sentence + " (" + text + ")"
	}
	return sentence
}

// claims is what sources say of a fact, each side by itself, so that no document or
// quote is shown for the other side.
type claims struct {
	sources string // the documents that assert it
	words   string // and their words
	others  string // what other evidence says, each with its stance and its words
}

// claims sorts the evidence of a fact by its side.
func (f *jsonFact) claims() claims {
	var sources, said, others []string
	for _, e := range f.Evidence {
		if e.Stance == schema.Asserts {
			sources, said = append(sources, e.Source.text()), append(said, e.words())
		} else {
			others = append(others, e.otherwise())
		}
	}
	return claims{distinct(sources), distinct(said), distinct(others)}
}

// words are the quote of a piece of evidence, or else its note, and how sure it is
// where it is inferred or gives its confidence.
func (e *jsonEvidence) words() string {
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

// otherwise says what evidence claims that does not assert its fact: who denies
// it, where and in which words.
func (e *jsonEvidence) otherwise() string {
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

// text names a document: its title, publisher and date.
func (d jsonDocument) text() string {
	words := []string{d.Name}
	if d.Publisher != "" && d.Publisher != d.Name {
		words = append(words, d.Publisher)
	}
	if d.Published != nil {
		words = append(words, d.Published.Text)
	}
	return strings.Join(words, ", ")
}

// jsonCited is a document that facts of an entity cite, and what it says of them.
type jsonCited struct {
	ID      schema.ID       `json:"id"`
	Name    string          `json:"name"`
	Stances []schema.Stance `json:"stances"`
}

// text names the document, with its stances where it does not assert all.
func (c jsonCited) text() string {
	if slices.Equal(c.Stances, []schema.Stance{schema.Asserts}) {
		return c.Name
	}
	return c.Name + " (" + list(c.Stances) + ")"
}

// cite adds the documents that a fact cites.
func (r *renderer) cite(ctx context.Context, cited map[schema.ID]*jsonCited, f schema.Fact) error {
	for _, e := range f.Evidence {
		if e.Source == "" {
			continue
		}
		name, err := r.source(ctx, e.Source)
		if err != nil {
			return err
		}
		if cited[e.Source] == nil {
			cited[e.Source] = &jsonCited{ID: e.Source, Name: name}
		}
		if c := cited[e.Source]; !slices.Contains(c.Stances, e.Stance) {
			c.Stances = append(c.Stances, e.Stance)
		}
	}
	return nil
}

// sortCited sorts documents by name, and the stances of each as they are listed.
func sortCited(cited map[schema.ID]*jsonCited) []jsonCited {
	list := make([]jsonCited, 0, len(cited))
	for _, c := range cited {
		slices.SortFunc(c.Stances, func(a, b schema.Stance) int {
			return cmp.Compare(slices.Index(schema.Stances(), a), slices.Index(schema.Stances(), b))
		})
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b jsonCited) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return list
}
