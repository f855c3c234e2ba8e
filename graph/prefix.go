package graph

import (
	"context"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// NamesWithPrefix returns up to limit labels and aliases of entities that begin with
// the prefix, ignoring case and diacritics, in the order of their folded names.
func (g *Graph) NamesWithPrefix(ctx context.Context, prefix string, limit int) (names []string, err error) {
	key := schema.NameKey(prefix)
	err = g.withSnapshot(ctx, func(s *store.Snapshot) error {
		r := reader{s, g.Vocabulary()}
		for q, err := range s.WithPrefix(ctx, schema.NameTerm, key) {
			if err != nil {
				return err
			}
			e, err := r.entityName(ctx, subjectOf(q))
			if err != nil {
				return err
			}
			if name := nameForKey(e, quad.ToString(q.Object)); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
			if len(names) == limit {
				break
			}
		}
		return nil
	})
	return names, err
}

// nameForKey returns the label or alias of an entity that folds to a key, or an empty
// string.
func nameForKey(e schema.Entity, key string) string {
	if schema.NameKey(e.Label) == key {
		return e.Label
	}
	for _, alias := range e.Aliases {
		if schema.NameKey(alias.Value) == key {
			return alias.Value
		}
	}
	return ""
}
