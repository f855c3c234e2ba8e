package render

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-kg/entente/graph"
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

// citationsOf returns documents by name, the stances of each in the order of
// [schema.Stances].
func citationsOf(ctx context.Context, r *Renderer, cited []graph.Cited) ([]Citation, error) {
	ids := make([]schema.ID, len(cited))
	for i, c := range cited {
		ids[i] = c.Source
	}
	if err := readDocuments(ctx, r, ids); err != nil {
		return nil, err
	}
	list := make([]Citation, len(cited))
	for i, c := range cited {
		name, err := r.Source(ctx, c.Source)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(c.Stances, func(a, b schema.Stance) int {
			return cmp.Compare(slices.Index(schema.Stances(), a), slices.Index(schema.Stances(), b))
		})
		list[i] = Citation{c.Source, name, c.Stances}
	}
	slices.SortFunc(list, func(a, b Citation) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}
