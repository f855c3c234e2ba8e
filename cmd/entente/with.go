package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// useAll lets the inputs use the names of all other datasets of the graph, if --with-all
// is set.
func (l *loading) useAll(ctx context.Context, g *graph.Graph) error {
	if !l.opener.config.WithAll || l.used {
		return nil
	}
	l.used = true
	sets, err := g.Datasets(ctx)
	for _, s := range sets {
		if !slices.Contains(l.own, s.Name) && !slices.Contains(l.with, s.Name) {
			l.with = append(l.with, s.Name)
		}
	}
	return err
}

// elsewhere returns the hint for an unknown name, id or source that a dataset of the
// graph declares, or an empty text. It asks the graph once for each name.
func (l *loading) elsewhere(ctx context.Context, p *schema.RowError, withGraph func(func(*graph.Graph) error) error) (hint string) {
	known := []schema.ProblemKind{schema.UnknownName, schema.UnknownID, schema.UnknownSource}
	if !slices.Contains(known, p.Kind) || p.Value == "" || l.knowsAll || len(l.opener.config.In) > 0 || !graph.Exists(l.opener.config.Graph) {
		return ""
	}
	if hint, ok := l.places[p.Value]; ok || len(l.places) > maxPlaces {
		return hint
	}
	err := withGraph(func(g *graph.Graph) (err error) {
		hint, err = l.hintOfDatasets(ctx, g, p)
		return err
	})
	if l.places == nil {
		l.places = make(map[string]string)
	}
	if err != nil { // without the graph, the hint is that of the loader
		hint = ""
	}
	l.places[p.Value] = hint
	return hint
}

// maxPlaces is the number of unknown names that are looked up in the graph.
const maxPlaces = 1000

func (l *loading) hintOfDatasets(ctx context.Context, g *graph.Graph, p *schema.RowError) (string, error) {
	matches, err := g.Find(ctx, p.Value)
	name := (*loaders.NameError)(nil)
	errors.As(p.Err, &name)
	for _, m := range matches {
		if !m.Exact || name != nil && len(name.Kinds) > 0 && !slices.Contains(name.Kinds, m.Kind) {
			continue
		}
		in, err := g.StatedBy(ctx, m.ID)
		in = slices.DeleteFunc(in, func(dataset string) bool { return slices.Contains(l.own, dataset) })
		if err != nil || len(in) == 0 {
			return "", err
		}
		return fmt.Sprintf("%s has %s (%s): add --with %s, or --with-all", datasetList(in), m.Label, m.ID, in[0]), nil
	}
	return "", err
}
