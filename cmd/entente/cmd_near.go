package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func nearCommand(a *app) *cobra.Command {
	flags := &conditionFlags{}
	var hops int
	cmd := &cobra.Command{
		Use:   "near NAME",
		Short: "Count and list the entities within a number of hops of an entity",
		Long: `Near counts the entities at a distance of 1 hop, 2 hops and so on from an entity,
by default over facts that happened and that at least one source asserts. It counts these facts
by verb, and lists the entities: the nearest first, and at equal distance the entity
with most neighbours first.

Paths do not pass through a group, since its members differ from fact to fact, nor
through entities that --through and --avoid exclude; but these entities may be the
end of a path. A fact counts once for its verb if it links two entities whose
distances differ by one hop. The degree of an entity is the number of its neighbours
over all facts that happened.`,
		GroupID: "ask",
		Args:    cobra.ExactArgs(1),
		Example: `  entente near "Xie Feng" --hops 2 --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				q, err := flags.query(cmd.Context(), g)
				if err != nil {
					return err
				}
				q.Hops = hops
				return withView(cmd.Context(), g, func(g *graph.Graph, v *paths.View) error { return near(cmd.Context(), g, out, v, args[0], q) })
			})
		},
	}
	flags.register(cmd)
	cmd.Flags().IntVar(&hops, "hops", paths.NearHops, fmt.Sprintf("largest distance in hops, up to %d", paths.MaxHops))
	rowFlags(cmd)
	return answering(cmd)
}

func near(ctx context.Context, g *graph.Graph, out *output.Writer, view *paths.View, name string, q paths.Query) error {
	id, err := g.Resolve(ctx, name)
	if err != nil {
		return err
	}
	found, err := view.Near(ctx, id, q)
	if err != nil {
		return err
	}
	n, err := newNeighbourhood(ctx, g, out, id, found)
	if err != nil {
		return err
	}
	n.Hops = q.Hops
	return printNear(ctx, out, n)
}

// newNeighbourhood adds names to the entities of a neighbourhood, up to the row limit.
func newNeighbourhood(ctx context.Context, g *graph.Graph, out *output.Writer, id schema.ID, found paths.Neighbourhood) (n *neighbourhood, err error) {
	n = &neighbourhood{Counts: append([]int{}, found.Counts...), Verbs: []jsonVerbCount{}, Entities: []jsonNeighbour{}, total: len(found.Entities)}
	if limit := out.Rows; limit > 0 && n.total > limit {
		found.Entities = found.Entities[:limit]
		out.Note("%d of %s are shown: %s", limit, entities(n.total), out.ForMore)
	}
	for _, v := range found.Verbs {
		_, byRole := g.Vocabulary().RoleEdge(v.Verb)
		n.Verbs = append(n.Verbs, jsonVerbCount{v.Verb, v.Facts, byRole})
	}
	r := render.New(g)
	if n.Entity, err = r.Ref(ctx, id); err != nil {
		return nil, err
	}
	for _, e := range found.Entities {
		ref, err := r.Ref(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		n.Entities = append(n.Entities, jsonNeighbour{ref, e.Kind, e.Hops, e.Degree})
	}
	return n, nil
}

// neighbourhood is the entities near an entity, with their names.
type neighbourhood struct {
	Entity   render.Ref      `json:"entity"`
	Hops     int             `json:"hops"`
	Counts   []int           `json:"counts"`
	Verbs    []jsonVerbCount `json:"verbs"`
	Entities []jsonNeighbour `json:"entities"`

	total int
}

type jsonVerbCount struct {
	Verb   schema.Verb `json:"verb"` // the fact's verb, or the predicate of a role's edges
	Facts  int         `json:"facts"`
	ByRole bool        `json:"by-role,omitempty"`
}

type jsonNeighbour struct {
	render.Ref
	Kind   schema.Kind `json:"kind"`
	Hops   int         `json:"hops"`
	Degree int         `json:"degree"`
}

// printNear writes a text, one JSON object, or in other formats a row for each entity.
func printNear(ctx context.Context, out *output.Writer, n *neighbourhood) error {
	t := &output.Answer{Columns: []string{"hops", "name", "kind", "degree", "id"}, JSON: n.Entities}
	for _, e := range n.Entities {
		t.Add(e.Hops, e.Name, string(e.Kind), e.Degree, string(e.ID))
	}
	switch out.Format {
	case "table":
		return out.Write(ctx, func(w io.Writer) error { return n.writeText(w, t) })
	case "json":
		t.JSON = n
	}
	return out.Print(ctx, t)
}

func (n *neighbourhood) writeText(w io.Writer, list *output.Answer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s within %s\n", render.Clean(n.Entity.Name), entities(n.total), phrase.Plural(n.Hops, "hop"))
	for i, count := range n.Counts {
		fmt.Fprintf(&b, "  %-8s %d\n", phrase.Plural(i+1, "hop"), count)
	}
	if len(n.Verbs) > 0 {
		fmt.Fprintf(&b, "\nFacts that lead there\n")
	}
	for _, v := range n.Verbs {
		word := string(v.Verb)
		if v.ByRole {
			word += " (by role)"
		}
		fmt.Fprintf(&b, "  %-8d %s\n", v.Facts, word)
	}
	if len(n.Entities) > 0 {
		b.WriteString("\n")
	}
	if _, err := io.WriteString(w, b.String()); err != nil || len(n.Entities) == 0 {
		return err
	}
	return list.WriteTable(w)
}

func entities(n int) string {
	return phrase.Counted(n, "entity", "entities")
}
