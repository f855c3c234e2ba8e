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
	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func holdersCommand(a *app) *cobra.Command {
	var asOf string
	o := &office.Options{}
	cmd := &cobra.Command{
		Use:   "holders POST",
		Short: "List who held a post, in order, with handovers, overlaps and gaps",
		Long: `Holders lists the holders of a post in order of time, with the dates and the
evidence of each term. It marks handovers between two holders, terms that certainly
or possibly overlap, and gaps in which no holder is known.

Terms of one holder that overlap, or that follow each other without a gap, are
joined. If no fact states a term, it is derived from events that name the post, such
as an appointment or a resignation, and marked as derived. Terms that no source
asserts and terms without dates are listed separately, since their place in the
order is not known.

--as-of DATE lists the certain and possible holders at the end of that date.
"entente help dates" explains dates, and when an overlap is certain.`,
		GroupID: "ask",
		Args:    cobra.ExactArgs(1),
		Example: `  entente holders "U.S. Secretary of Defense" --in examples/us-china-2023
  entente holders "Chinese Ambassador to the United States" --as-of 2023-07 --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := parseAsOf(cmd, asOf)
			if err != nil {
				return err
			}
			if o.MinSources < 0 {
				return usagef("--min-sources %d is negative", o.MinSources)
			}
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error { return holders(cmd.Context(), g, out, args[0], day, o) })
		},
	}
	cmd.Flags().StringVar(&asOf, "as-of", "", "only holders at the end of this `DATE`, certain or possible")
	cmd.Flags().StringArrayVar(&o.Datasets, "dataset", nil, "only facts that this `DATASET` contains; repeatable")
	cmd.Flags().IntVar(&o.MinSources, "min-sources", 0, "only facts that at least `N` documents assert")
	rowFlags(cmd)
	return answering(cmd)
}

// parseAsOf returns the last day of the date of --as-of; nil without that flag.
func parseAsOf(cmd *cobra.Command, written string) (*schema.Day, error) {
	if written == "" {
		if changed(cmd, "as-of") {
			return nil, usagef("--as-of is empty")
		}
		return nil, nil
	}
	_, day, err := schema.Window(written)
	if err != nil {
		return nil, usage(fmt.Errorf("--as-of: %w", err))
	}
	return &day, nil
}

func holders(ctx context.Context, g *graph.Graph, out *output.Writer, name string, asOf *schema.Day, o *office.Options) error {
	if err := g.CheckDatasets(ctx, o.Datasets...); err != nil {
		return err
	}
	post, err := resolvePost(ctx, g, name)
	if err != nil {
		return err
	}
	history, err := office.Holders(ctx, g, post, o)
	if err != nil {
		return err
	}
	h, err := render.New(g).PostHistory(ctx, history, asOf, out.Rows)
	if err != nil {
		return err
	}
	if h.Omitted > 0 {
		out.Note("%d of %s are shown: %s", len(h.Holders), phrase.Plural(len(h.Holders)+h.Omitted, "term"), out.ForMore)
	}
	return printPostHistory(ctx, out, h)
}

// resolvePost returns the post with a name. If the name is not of a post, the error's
// hint lists the posts of the entity.
func resolvePost(ctx context.Context, g *graph.Graph, name string) (schema.ID, error) {
	id, err := g.Resolve(ctx, name)
	if err != nil || schema.KindOf(id) == schema.Post {
		return id, err
	}
	posts, err := postsOf(ctx, g, id)
	if err != nil {
		return "", err
	}
	err = usagef("%q is of kind %s, not a post: %s", name, schema.KindOf(id), id)
	return "", schema.WithHint(err, func() string {
		if len(posts) == 0 {
			return "the graph has no posts of this entity; entente show " + string(id) + " shows its facts"
		}
		return "its posts: " + strings.Join(posts, ", ")
	})
}

// postsOf returns the names of the posts that an entity holds or has, at most ten.
func postsOf(ctx context.Context, g *graph.Graph, id schema.ID) (posts []string, err error) {
	r := render.New(g)
	for f, err := range g.Facts(ctx, graph.Filter{With: id, Conditions: graph.Conditions{Verbs: []schema.Verb{"post-at", "holds-post"}}}) {
		if err != nil {
			return nil, err
		}
		for _, p := range f.Roles {
			if schema.KindOf(p.ID) != schema.Post {
				continue
			}
			name, err := r.Name(ctx, p.ID)
			if err != nil {
				return nil, err
			}
			if text := fmt.Sprintf("%s <%s>", name, p.ID); !slices.Contains(posts, text) {
				posts = append(posts, text)
			}
		}
	}
	slices.Sort(posts)
	if n := len(posts); n > 10 {
		posts = append(posts[:10], fmt.Sprintf("and %d more", n-10))
	}
	return posts, nil
}

// printPostHistory writes a history as text, as one JSON object, or in other formats
// as one row for each term.
func printPostHistory(ctx context.Context, out *output.Writer, h *render.PostHistory) error {
	switch out.Format {
	case "table":
		return out.WriteHanging(ctx, h.Text("--format json"))
	case "json":
		return out.Print(ctx, &output.Answer{JSON: h})
	}
	return out.Print(ctx, output.Of(h.Table(), nil))
}
