package main

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// resolve returns the entity of each name.
func resolve(ctx context.Context, g *graph.Graph, names []string) ([]schema.ID, error) {
	var ids []schema.ID
	for _, name := range names {
		id, err := g.Resolve(ctx, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// resolveDistinct returns the entity of each name. Two names of the same entity are an
// error.
func resolveDistinct(ctx context.Context, g *graph.Graph, names []string) ([]schema.ID, error) {
	ids, err := resolve(ctx, g, names)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if before := slices.Index(ids, id); before < i {
			return nil, usagef("%q and %q name the same entity: %s", names[before], names[i], id)
		}
	}
	return ids, nil
}
