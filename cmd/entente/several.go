package main

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// resolveSeveral finds who has each name. It is wrong to name one entity twice.
func resolveSeveral(ctx context.Context, g *graph.Graph, names []string) ([]schema.ID, error) {
	ids, err := resolve(ctx, g, names)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if before := slices.Index(ids, id); before < i {
			return nil, usagef("%q and %q are the same: %s", names[before], names[i], id)
		}
	}
	return ids, nil
}
