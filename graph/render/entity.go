package render

import (
	"cmp"
	"context"

	"github.com/entente-kg/entente/schema"
)

// Entity is an entity with the name of its country.
type Entity struct {
	Ref
	Kind        schema.Kind `json:"kind"`
	Aliases     []Alias     `json:"aliases,omitempty"`
	Country     *Ref        `json:"country,omitempty"`
	Born        string      `json:"born,omitempty"`
	Identifiers []string    `json:"identifiers,omitempty"`
	Description string      `json:"description,omitempty"`
}

// Alias is another name of an entity. Lang is its language as a BCP 47 tag; empty if
// unknown.
type Alias struct {
	Value string `json:"value"`
	Lang  string `json:"lang,omitempty"`
}

// Entity returns an entity or a document. The name of an unknown entity is its id.
func (r *Renderer) Entity(ctx context.Context, id schema.ID) (Entity, error) {
	e, err := r.Record(ctx, id)
	if err != nil {
		return Entity{}, err
	}
	j := Entity{Ref: Ref{e.ID, cmp.Or(e.Label, string(e.ID))}, Kind: e.Kind, Born: e.Born,
		Identifiers: e.Identifiers, Description: e.Description}
	for _, a := range e.Aliases {
		j.Aliases = append(j.Aliases, Alias{a.Value, a.Lang})
	}
	if e.Country != "" {
		ref, err := r.Ref(ctx, e.Country)
		if err != nil {
			return j, err
		}
		j.Country = &ref
	}
	return j, nil
}
