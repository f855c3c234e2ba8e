package render

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Citation is a document that facts of an entity cite, and the stances of the evidence
// from it. Name is the text of [Renderer.Source].
type Citation struct {
	ID      schema.ID       `json:"id"`
	Name    string          `json:"name"`
	Stances []schema.Stance `json:"stances"`
}

// text returns the name of the document, and in brackets its stances if it does not
// assert all facts.
func (c Citation) text() string {
	if slices.Equal(c.Stances, []schema.Stance{schema.Asserts}) {
		return c.Name
	}
	return c.Name + " (" + joinWords(c.Stances) + ")"
}

// citations collects the documents that facts cite.
type citations map[schema.ID]*Citation

// add adds the documents that a fact cites.
func (cited citations) add(ctx context.Context, r *Renderer, f schema.Fact) error {
	for _, e := range f.Evidence {
		if e.Source == "" {
			continue
		}
		name, err := r.Source(ctx, e.Source)
		if err != nil {
			return err
		}
		if cited[e.Source] == nil {
			cited[e.Source] = &Citation{ID: e.Source, Name: name}
		}
		if c := cited[e.Source]; !slices.Contains(c.Stances, e.Stance) {
			c.Stances = append(c.Stances, e.Stance)
		}
	}
	return nil
}

// sorted returns the documents by name, the stances of each in the order of
// [schema.Stances].
func (cited citations) sorted() []Citation {
	list := make([]Citation, 0, len(cited))
	for _, c := range cited {
		slices.SortFunc(c.Stances, func(a, b schema.Stance) int {
			return cmp.Compare(slices.Index(schema.Stances(), a), slices.Index(schema.Stances(), b))
		})
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b Citation) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return list
}
