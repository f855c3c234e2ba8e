package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func commonCommand(a *app) *cobra.Command {
	flags := &conditionFlags{}
	cmd := &cobra.Command{
		Use:   "common NAME OTHER...",
		Short: "Show what entities share: contacts, gatherings, terms of office, facts",
		Long: `Common shows what two or more entities share, with the evidence:

  contacts    entities that have edges with all of them, with the facts of each edge.
              Contacts with few neighbours come first; countries and institutions
              with many neighbours come last. A group is never a contact, since its
              members differ from fact to fact.
  gatherings  gatherings that have edges with all of them, in the same order.
  terms       posts, institutions and countries where they held office at the same
              time, directly or by a post there. An overlap is only possible if the
              sources do not give the exact start or end of a term. Terms of one
              holder that overlap, or that follow each other without a gap, count as
              one. The day, month or year in which one holder of a post follows
              another is a handover, not an overlap (entente help dates). In JSON and
              CSV, from and to bound the days on which the terms may overlap,
              certain-from and certain-to the days on which they certainly overlap,
              and certain-within the days on at least one of which they overlap.
  facts       facts in which all of them participate.

--direction is the direction of the edges from the entities to a contact. --through
and --avoid exclude contacts, and the posts, institutions and countries of terms.`,
		GroupID: "ask",
		Args:    cobra.MinimumNArgs(2),
		Example: `  entente common "Xie Feng" "Li Shangfu" --in examples/us-china-2023
  entente common "Lloyd Austin" "Ely Ratner" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				q, err := flags.query(cmd.Context(), g)
				if err != nil {
					return err
				}
				ids, err := resolveDistinct(cmd.Context(), g, args)
				if err != nil {
					return err
				}
				return withView(cmd.Context(), g, func(g *graph.Graph, v *paths.View) error { return common(cmd.Context(), g, out, v, ids, q) })
			})
		},
	}
	flags.register(cmd)
	rowFlags(cmd)
	cmd.Flags().Lookup("rows").Usage = "largest number of contacts, of gatherings, of terms and of facts; --all for all"
	cmd.Flags().Lookup("all").Usage = "show all rows, and all facts of each row"
	return answering(cmd)
}

func common(ctx context.Context, g *graph.Graph, out *output.Writer, view *paths.View, ids []schema.ID, q paths.Query) error {
	found, err := findShared(ctx, g, out, view, ids, q)
	if err != nil {
		return err
	}
	s, err := render.New(g).Shared(ctx, found)
	if err != nil {
		return err
	}
	return printShared(ctx, out, s)
}

// findShared finds the contacts, gatherings, terms and facts that entities share. Each
// list is cut to the row limit.
func findShared(ctx context.Context, g *graph.Graph, out *output.Writer, view *paths.View, ids []schema.ID, q paths.Query) (render.SharedFindings, error) {
	found := render.SharedFindings{Entities: ids, All: out.All || out.Format != "table"}
	contacts, err := view.Common(ctx, ids, q)
	if err != nil && !errors.Is(err, graph.ErrNotFound) { // an entity without edges may still participate in facts
		return found, err
	}
	for _, c := range contacts {
		if c.Kind == schema.Gathering {
			found.Gatherings = append(found.Gatherings, c)
		} else {
			found.Contacts = append(found.Contacts, c)
		}
	}
	found.Contacts, found.Gatherings = truncate(out, found.Contacts, "contact"), truncate(out, found.Gatherings, "gathering")
	terms, err := paths.Overlaps(ctx, g, view, ids, q)
	if err != nil {
		return found, err
	}
	found.Terms = truncate(out, terms, "term")
	facts, err := paths.Together(ctx, g, view, ids, q)
	if err != nil {
		return found, err
	}
	found.Facts = truncate(out, facts, "fact")
	return found, nil
}

// truncate cuts a list to the row limit and prints a note if it omits items.
func truncate[T any](out *output.Writer, items []T, noun string) []T {
	limit := out.Rows
	if limit == 0 || len(items) <= limit {
		return items
	}
	out.Note("%d of %s are shown: %s", limit, phrase.Plural(len(items), noun), out.ForMore)
	return items[:limit]
}

// printShared writes shared contacts, gatherings, terms and facts: as text, as one JSON
// object, or in other formats as one row for each fact of each entity.
func printShared(ctx context.Context, out *output.Writer, s *render.Shared) error {
	switch out.Format {
	case "table":
		return out.WriteHanging(ctx, s.Text("--all"))
	case "json":
		return out.Print(ctx, &output.Answer{JSON: s})
	}
	return out.Print(ctx, output.Of(s.Table(), nil))
}
