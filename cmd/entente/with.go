package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign/rdf"
	"github.com/entente-kg/entente/schema"
)

// useAll lets the inputs use the names of all other datasets of the graph, if --with-all
// is set, and of the datasets of the setting "with" that the graph has.
func (l *loading) useAll(ctx context.Context, g *graph.Graph) error {
	c := l.opener.config
	if l.used || !c.WithAll && (len(c.With) == 0 || len(c.In) > 0) {
		return nil
	}
	l.used = true
	sets, err := g.Datasets(ctx)
	for _, s := range sets {
		if (c.WithAll || slices.Contains(c.With, s.Name)) && !slices.Contains(l.own, s.Name) && !slices.Contains(l.with, s.Name) {
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
	if p.Kind == schema.UnknownSource {
		if hint, err := l.hintOfKeys(ctx, g, p.Value); hint != "" || err != nil {
			return hint, err
		}
	}
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

// hintOfKeys returns the hint for a source that the input of another dataset cites by the
// same key.
func (l *loading) hintOfKeys(ctx context.Context, g *graph.Graph, key string) (string, error) {
	keys, err := graph.SourcesWithKey(ctx, g, key)
	keys = slices.DeleteFunc(keys, func(k graph.SourceKey) bool { return slices.Contains(l.own, k.Dataset) })
	if err != nil || len(keys) == 0 {
		return "", err
	}
	label, err := g.Label(ctx, keys[0].Document)
	var in []string
	for _, k := range keys {
		in = append(in, k.Dataset)
	}
	slices.Sort(in)
	in = slices.Compact(in)
	if keys[0].Document != keys[len(keys)-1].Document {
		return fmt.Sprintf("%s have different sources with this key: add --with NAME for one of them", datasetList(in)), err
	}
	return fmt.Sprintf("%s has a source with this key, %s (%s): add --with %s, or --with-all", datasetList(in), label, keys[0].Document, in[0]), err
}

// readContexts reads the files of --context.
func readContexts(cmd *cobra.Command) (rdf.Contexts, error) {
	all, err := cmd.Flags().GetStringArray("context")
	contexts := make(rdf.Contexts)
	for _, value := range all {
		iri, file := "", value
		if i := strings.LastIndexByte(value, '='); i >= 0 && strings.Contains(value[:i], ":") {
			iri, file = value[:i], value[i+1:]
		}
		if contexts[iri], err = os.ReadFile(file); err != nil {
			return nil, usagef("--context: %w", err)
		}
	}
	return contexts, err
}
