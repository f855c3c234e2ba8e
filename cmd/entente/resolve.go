package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
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

// knownDatasets returns an error if one of the datasets is not loaded.
func knownDatasets(ctx context.Context, g *graph.Graph, names []string) error {
	if len(names) == 0 {
		return nil
	}
	sets, err := g.Datasets(ctx)
	if err != nil {
		return err
	}
	var loaded []string
	for _, s := range sets {
		loaded = append(loaded, s.Name)
	}
	for _, name := range names {
		if !slices.Contains(loaded, name) {
			err := fmt.Errorf("dataset %q %w", name, graph.ErrNotFound)
			return schema.WithHint(err, func() string { return "loaded are " + phrase.List(loaded) })
		}
	}
	return nil
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
			return nil, usagef("%q and %q are the same: %s", names[before], names[i], id)
		}
	}
	return ids, nil
}
