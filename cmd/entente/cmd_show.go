package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func showCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Show who or what an entity is: posts with terms, dealings by date, sources",
		Long: `Show prints what the graph has of an entity: its names, its posts with their
terms, who held each just before and after, its dealings by date, and the sources.
NAME is a name, an alias or an id; the id of a fact shows the fact with its
evidence.

Of an entity with many facts the latest are shown, and how many there are; --rows
and --all show more.`,
		GroupID: "ask",
		Args:    cobra.ExactArgs(1),
		Example: `  entente show "Xie Feng" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error {
				id, err := g.Resolve(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				if schema.KindOf(id) == schema.KindFact {
					return a.showFact(cmd, g, id)
				}
				p, err := render.New(g).Profile(cmd.Context(), id, a.profileRows(cmd))
				if err != nil {
					return err
				}
				return a.showProfile(cmd, p)
			})
		},
	}
	rowFlags(cmd)
	rows := cmd.Flags().Lookup("rows")
	rows.DefValue = strconv.Itoa(profileRows)
	rows.Usage = "most relations, dealings and sources of an entity, each; --all for all"
	return reading(cmd)
}

// profileRows is how many rows each part of a profile has, unless a flag, the
// environment or the configuration says otherwise.
const profileRows = 40

func (a *app) profileRows(cmd *cobra.Command) int {
	limit := a.limit(cmd)
	if limit > 0 && a.rank(cmd, "rows") == 0 {
		return profileRows
	}
	return limit
}

// showFact shows one fact with all its evidence.
func (a *app) showFact(cmd *cobra.Command, g *graph.Graph, id schema.ID) error {
	ctx, r := cmd.Context(), render.New(g)
	f, err := g.Fact(ctx, id)
	if err != nil {
		return err
	}
	if a.config.Format == "table" {
		text, err := r.FactText(ctx, f)
		if err != nil {
			return err
		}
		return a.write(cmd, plainText(text))
	}
	t := r.NewFactList(graph.Filter{})
	if err := t.Add(ctx, f); err != nil {
		return err
	}
	return a.print(cmd, factAnswer(t))
}

func (a *app) showProfile(cmd *cobra.Command, p *render.Profile) error {
	if a.config.Format == "table" {
		return a.write(cmd, plainText(p.Text(a.forMore())))
	}
	if p.Truncated() {
		a.warn("%d of %s, %d of %s and %d of %s are shown: %s", len(p.Relations), plural(p.Counts.Relations, "relation"),
			len(p.Dealings), plural(p.Counts.Dealings, "dealing"), len(p.Sources), plural(p.Counts.Sources, "source"), a.forMore())
	}
	return a.print(cmd, answerOf(p.Table(), p))
}
