package dossier

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// entityView is an entity as the page shows it. Its texts are clean.
type entityView struct {
	Anchor  string
	Name    string
	Kind    schema.Kind
	Aliases []aliasView
	Country string
	Born    string
	About   string
	More    []string // identifiers
	ID      string
	Facts   int

	id   schema.ID
	json render.Entity
}

// aliasView is another name and its language.
type aliasView struct{ Name, Lang string }

// kindView is the entities of a kind, by the number of their facts.
type kindView struct {
	Name     string
	Entities []*entityView
}

// anchor returns the anchor of a numbered part of the page.
func anchor(what string, n int) string { return fmt.Sprintf("%s-%d", what, n) }

// namedIn returns the entities that a fact names: its participants, and the places and
// speakers of its evidence. Each comes once.
func namedIn(f *render.Fact) (ids []schema.ID) {
	add := func(id schema.ID) {
		if kind := schema.KindOf(id); id != "" && kind != schema.KindFact && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, p := range f.Roles {
		add(p.ID)
	}
	for _, e := range f.Evidence {
		for _, at := range e.At {
			add(at.ID)
		}
		if e.SaidBy != nil {
			add(e.SaidBy.ID)
		}
		for _, via := range e.Via {
			add(via.ID)
		}
	}
	return ids
}

// addEntities adds the entities that a fact names, and counts the fact for each.
func (c *collector) addEntities(ctx context.Context, f *render.Fact) error {
	for _, id := range namedIn(f) {
		e, err := c.entity(ctx, id)
		if err != nil {
			return err
		}
		e.Facts++
	}
	return nil
}

// entity returns an entity. Its anchor is set by sortEntities.
func (c *collector) entity(ctx context.Context, id schema.ID) (*entityView, error) {
	if e, ok := c.entities[id]; ok {
		return e, nil
	}
	j, err := c.names.Entity(ctx, id)
	if err != nil {
		return nil, err
	}
	e := &entityView{Name: render.Clean(j.Name), Kind: j.Kind, Born: render.Clean(j.Born), About: render.Clean(j.Description), ID: render.Clean(string(id)), id: id, json: j}
	for _, a := range j.Aliases {
		e.Aliases = append(e.Aliases, aliasView{render.Clean(a.Value), languageOf(a.Lang)})
	}
	if j.Country != nil {
		e.Country = render.Clean(j.Country.Name)
	}
	for _, s := range j.Identifiers {
		e.More = append(e.More, render.Clean(s))
	}
	c.entities[id] = e
	return e, nil
}

// sortEntities returns the entities by kind, and by falling number of facts.
func (c *collector) sortEntities() (kinds []kindView) {
	n := 0
	for _, kind := range schema.Kinds() {
		k := kindView{Name: kindTitles()[kind]}
		for _, e := range c.entities {
			if e.Kind == kind {
				k.Entities = append(k.Entities, e)
			}
		}
		slices.SortFunc(k.Entities, func(a, b *entityView) int {
			return cmp.Or(cmp.Compare(b.Facts, a.Facts), cmp.Compare(a.Name, b.Name), cmp.Compare(a.id, b.id))
		})
		for _, e := range k.Entities {
			n++
			e.Anchor = anchor("entity", n)
		}
		if len(k.Entities) > 0 {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// kindTitles are the headings of entities of a kind.
func kindTitles() map[schema.Kind]string {
	return map[schema.Kind]string{
		schema.Person: "People", schema.Post: "Posts", schema.Institution: "Institutions", schema.Group: "Groups of people", schema.Country: "Countries",
		schema.Place: "Places", schema.Gathering: "Gatherings", schema.Doc: "Documents", schema.Thing: "Things",
	}
}
