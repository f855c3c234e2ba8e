package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func removeCommand(a *app) *cobra.Command {
	var dataset string
	cmd := &cobra.Command{
		Use:   "remove ID... --graph DIR",
		Short: "Remove single facts, entities and documents from a dataset",
		Long: `Remove removes what a dataset states of facts, entities and documents, all or nothing.
What other datasets state stays: a fact is gone when no dataset states it. The ids of
facts are in the answers of facts, show and path with --format json or csv.

An entity or a document that facts of the dataset still name stays, unless another
dataset declares it.`,
		Example: `  entente remove fact:7qk3hhsu5mcz2c2ykzqzx2l4ga --graph DIR
  entente remove person:ely-ratner --dataset added --graph DIR`,
		GroupID: "data",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.change(cmd, func(g *graph.Graph, out *output.Writer) error {
				return remove(cmd.Context(), g, out, dataset, args)
			})
		},
	}
	cmd.Flags().StringVar(&dataset, "dataset", "", "`NAME` of the dataset to remove from (default: the only one that states the ids)")
	writerFlags(cmd.Flags())
	outputFlags(cmd)
	return cmd
}

func remove(ctx context.Context, g *graph.Graph, out *output.Writer, dataset string, args []string) error {
	var ids []schema.ID
	for _, arg := range args {
		id := schema.ID(strings.TrimSuffix(strings.TrimPrefix(arg, "<"), ">"))
		if err := schema.CheckID(id); err != nil {
			return usage(err)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	dataset, err := statingDataset(ctx, g, dataset, ids)
	if err != nil {
		return err
	}
	t := &output.Answer{Columns: []string{"result", "id", "dataset", "what"}}
	for _, id := range ids {
		text, err := describe(ctx, render.New(g), g, id)
		if err != nil {
			return err
		}
		t.Add("removed", string(id), dataset, text)
	}
	report, err := g.Update(ctx, dataset, func(tx *graph.Tx) error { return tx.Remove(ids...) })
	if err != nil {
		return err
	}
	noteDangling(out.Note, report)
	return out.Print(ctx, t)
}

// statingDataset returns the dataset that states all ids: the named one, or the only
// one there is.
func statingDataset(ctx context.Context, g *graph.Graph, named string, ids []schema.ID) (dataset string, err error) {
	if dataset = named; named != "" {
		if err := g.CheckDatasets(ctx, named); err != nil {
			return "", err
		}
	}
	for _, id := range ids {
		names, err := g.StatedBy(ctx, id)
		switch {
		case err != nil:
			return "", err
		case len(names) == 0:
			return "", fmt.Errorf("%w: %s", graph.ErrNotFound, id)
		case dataset != "" && slices.Contains(names, dataset):
			continue
		case named != "":
			return "", fmt.Errorf("%w: %s is in %s, and not in dataset %s", graph.ErrNotFound, id, phrase.List(names), named)
		case dataset != "":
			return "", usagef("%s is in %s, and %s in %s: remove them with one command for each dataset", ids[0], dataset, id, phrase.List(names))
		case len(names) > 1:
			return "", usagef("%s is in the datasets %s: say which with --dataset NAME", id, phrase.List(names))
		}
		dataset = names[0]
	}
	return dataset, nil
}

func forgetCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "forget DATASET --graph DIR",
		Short:   "Remove a dataset, and the edges of facts that only it asserts",
		GroupID: "data",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.change(cmd, func(g *graph.Graph, out *output.Writer) error {
				report, err := g.Forget(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				noteUndone(out.Note, report)
				noteDangling(out.Note, report)
				t := &output.Answer{Columns: []string{"dataset", "result", "quads removed", "added"}}
				t.Add(args[0], "forgotten", report.Removed, report.Added)
				return out.Print(cmd.Context(), t)
			})
		},
	}
	writerFlags(cmd.Flags())
	outputFlags(cmd)
	return cmd
}
