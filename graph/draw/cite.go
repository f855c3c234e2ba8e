package draw

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// sourceList is the documents of a drawing. A document gets its number when a text of the
// drawing cites it first.
type sourceList struct {
	names   map[schema.ID]string
	numbers map[schema.ID]int // from 1
	cited   []schema.ID       // in the order of their numbers
}

func newSourceList() *sourceList {
	return &sourceList{names: map[schema.ID]string{}, numbers: map[schema.ID]int{}}
}

// read reads the name of a document, once.
func (l *sourceList) read(ctx context.Context, words *render.Renderer, id schema.ID) error {
	if _, ok := l.names[id]; ok {
		return nil
	}
	name, err := words.Source(ctx, id)
	l.names[id] = leftToRight(render.Clean(name))
	return err
}

// number returns the number of a document.
func (l *sourceList) number(id schema.ID) int {
	if l.numbers[id] == 0 {
		l.cited = append(l.cited, id)
		l.numbers[id] = len(l.cited)
	}
	return l.numbers[id]
}

// references returns the numbers of documents in brackets.
func (l *sourceList) references(documents []schema.ID) string {
	words := make([]string, len(documents))
	for i, id := range documents {
		words[i] = fmt.Sprintf("[%d]", l.number(id))
	}
	return strings.Join(words, " ")
}

// referencesOrNames returns the numbers of documents, and the names of those without one.
func (l *sourceList) referencesOrNames(documents []schema.ID) string {
	words := make([]string, len(documents))
	for i, id := range documents {
		words[i] = fmt.Sprintf("[%s]", l.names[id])
		if l.numbers[id] > 0 {
			words[i] = l.references(documents[i : i+1])
		}
	}
	return strings.Join(words, " ")
}

// leftToRightMark is a character without width that counts as written from left to right.
const leftToRightMark = "\u200e"

// leftToRight returns the parts of a list in an order from left to right, also where they
// are written from right to left: a mark after each of these keeps a date after it from
// being reversed.
func leftToRight(list string) string {
	parts := strings.Split(list, ", ")
	for i, part := range parts {
		letter := strings.LastIndexFunc(part, unicode.IsLetter)
		if letter < 0 || i == len(parts)-1 {
			continue
		}
		if p, _ := bidi.LookupString(part[letter:]); p.Class() == bidi.R || p.Class() == bidi.AL {
			parts[i] += leftToRightMark
		}
	}
	return strings.Join(parts, ", ")
}

// stanced is the documents with one stance other than asserting.
type stanced struct {
	stance  schema.Stance
	sources []schema.ID
}

// cite adds a document to a claim.
func (c *claim) cite(stance schema.Stance, id schema.ID) {
	if stance == schema.Asserts {
		c.asserted = add(c.asserted, id)
		return
	}
	for i := range c.others {
		if c.others[i].stance == stance {
			c.others[i].sources = add(c.others[i].sources, id)
			return
		}
	}
	c.others = append(c.others, stanced{stance, []schema.ID{id}})
}

func add(list []schema.ID, id schema.ID) []schema.ID {
	if slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}

// citation returns the sources of a claim: "[1] [2], denied by [3]".
func (c *claim) citation() string { return c.citing(c.sources.references) }

// citing returns the sources of a claim, each list as words says.
func (c *claim) citing(words func([]schema.ID) string) string {
	var parts []string
	if len(c.asserted) > 0 {
		parts = append(parts, words(c.asserted))
	}
	for _, o := range c.others {
		parts = append(parts, o.stance.By()+" "+words(o.sources))
	}
	return strings.Join(parts, ", ")
}

// when returns the dates of a claim and its sources: "2023-07-12 [1]", "2023-07-12, denied
// by [2]".
func (c *claim) when() string { return c.dated(c.citation()) }

// dated returns the dates of a claim and a citation.
func (c *claim) dated(citation string) string {
	if len(c.asserted) == 0 && citation != "" {
		return c.dates + ", " + citation
	}
	return strings.TrimSpace(c.dates + " " + citation)
}

// text returns a claim as a sentence with its dates and sources.
func (c *claim) text() string { return c.sentence + ", " + c.when() }

// title returns a claim as text does, with the names of documents that have no number:
// the foot of the drawing lists only what the drawing cites.
func (c *claim) title() string {
	return c.sentence + ", " + c.dated(c.citing(c.sources.referencesOrNames))
}

// documents returns the sources of a claim, whatever their stance.
func (c *claim) documents() []schema.ID {
	all := slices.Clone(c.asserted)
	for _, o := range c.others {
		all = append(all, o.sources...)
	}
	return all
}

// mostMoreSources is how many sources of the facts besides the first a label cites.
const mostMoreSources = 6

// moreSources returns the sources that the facts of a link cite besides the sources of
// the first one, or how many there are.
func (l *link) moreSources() string {
	first := l.claims[0].documents()
	var more []schema.ID
	for _, c := range l.claims[1:] {
		for _, id := range c.documents() {
			if !slices.Contains(first, id) {
				more = add(more, id)
			}
		}
	}
	if len(more) > mostMoreSources {
		return fmt.Sprintf("from %d more sources", len(more))
	}
	return l.claims[0].sources.references(more)
}
