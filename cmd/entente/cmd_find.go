package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func findCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "find NAME",
		Short:   "Find entities by name or alias in any script, by a similar spelling, or by an identifier",
		GroupID: "ask",
		Args:    cobra.ExactArgs(1),
		Example: `  entente find "谢锋" --in examples/us-china-2023`,
		Long: `Find prints the entities with a name or alias, in any script, or else those with a
similar one. An identifier finds an entity, too, with or without its scheme:
lei:5493001KJTIIGC8Y1R12, or 5493001KJTIIGC8Y1R12 alone. So it does wherever a command
accepts a name; if several entities have it, the error lists them.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error { return find(cmd.Context(), g, out, args[0]) })
		},
	}
	return answering(cmd)
}

func find(ctx context.Context, g *graph.Graph, out *output.Writer, name string) error {
	matches, err := g.Find(ctx, name)
	if err != nil {
		return err
	}
	if len(matches) == 0 {
		return fmt.Errorf("%q %w, and no similar name either", name, graph.ErrNotFound)
	}
	r := render.New(g)
	t := &output.Answer{Columns: []string{"match", "name", "kind", "id", "aliases", "description"}}
	found := []jsonMatch{}
	for _, m := range matches {
		match := "close"
		if m.Exact {
			match = "exact"
		}
		e, err := r.Entity(ctx, m.ID)
		if err != nil {
			return err
		}
		found = append(found, jsonMatch{match, e})
		t.Add(match, e.Name, string(e.Kind), string(e.ID), aliases(e), e.Description)
	}
	t.JSON = found
	return out.Print(ctx, t)
}

type jsonMatch struct {
	Match string `json:"match"`
	render.Entity
}

func aliases(e render.Entity) string {
	var names []string
	for _, a := range e.Aliases {
		names = append(names, a.Value)
	}
	return strings.Join(names, ", ")
}

func showCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Show an entity: names, posts with terms, dealings by date, sources",
		Long: `Show prints the profile of an entity: its names, its posts with their terms and the
holders before and after each, its dealings by date, and the sources. NAME is a name,
an alias, an identifier or an id. With the id of a fact, show prints the fact with its evidence.

If an entity has many facts, show prints the latest facts and the number of all
facts; --rows and --all print more.`,
		GroupID: "ask",
		Args:    cobra.ExactArgs(1),
		Example: `  entente show "Xie Feng" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				id, err := g.Resolve(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				if schema.KindOf(id) == schema.KindFact {
					return showFact(cmd.Context(), g, out, id)
				}
				p, err := render.New(g).Profile(cmd.Context(), id, rowsOfProfile(a.settings, out))
				if err != nil {
					return err
				}
				return showProfile(cmd.Context(), out, p)
			})
		},
	}
	rowFlags(cmd)
	rows := cmd.Flags().Lookup("rows")
	rows.DefValue = strconv.Itoa(profileRows)
	rows.Usage = "largest number of relations, of dealings and of sources; --all for all"
	return answering(cmd)
}

// profileRows is the largest number of rows of each part of a profile, unless a flag,
// the environment or the configuration sets the number.
const profileRows = 40

// rowsOfProfile returns the largest number of rows of each part of a profile; 0 for
// all.
func rowsOfProfile(s *settings, out *output.Writer) int {
	if out.Rows > 0 && s.precedence("rows") == 0 {
		return profileRows
	}
	return out.Rows
}

// showFact shows one fact with all its evidence.
func showFact(ctx context.Context, g *graph.Graph, out *output.Writer, id schema.ID) error {
	r := render.New(g)
	f, err := g.Fact(ctx, id)
	if err != nil {
		return err
	}
	if out.Format == "table" {
		text, err := r.FactText(ctx, f)
		if err != nil {
			return err
		}
		return out.WriteText(ctx, text)
	}
	t := r.NewFactList(graph.Filter{})
	if err := t.Add(ctx, f); err != nil {
		return err
	}
	return out.Print(ctx, factAnswer(t))
}

func showProfile(ctx context.Context, out *output.Writer, p *render.Profile) error {
	if out.Format == "table" {
		return out.WriteText(ctx, p.Text(out.ForMore))
	}
	if p.Truncated() {
		out.Note("%d of %s, %d of %s and %d of %s are shown: %s", len(p.Relations), phrase.Plural(p.Counts.Relations, "relation"),
			len(p.Dealings), phrase.Plural(p.Counts.Dealings, "dealing"), len(p.Sources), phrase.Plural(p.Counts.Sources, "source"), out.ForMore)
	}
	return out.Print(ctx, output.Of(p.Table(), p))
}
