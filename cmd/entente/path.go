package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// shownFacts is how many facts of one hop a table shows unless all are asked for.
const shownFacts = 3

func (a *app) pathCommand() *cobra.Command {
	flags := &conditionFlags{}
	var count int
	cmd := &cobra.Command{
		Use:   "path FROM TO",
		Short: "Trace the shortest path between two entities, with the evidence of each hop",
		Long: `Path finds the shortest way from one entity to another through facts that
happened, and prints every hop with its verb, date, source and words. Among paths
of one length the most telling comes first. No path passes through a group of
people, since a group is not the same people twice.`,
		GroupID: "ask",
		Args:    cobra.ExactArgs(2),
		Example: `  entente path "Xie Feng" "Li Shangfu" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if count < 1 {
				return usagef("--paths %d shows none", count)
			}
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error {
				q, err := flags.query(cmd.Context(), g)
				if err != nil {
					return err
				}
				q.Hops, q.Rank = a.config.Hops, paths.ByHops
				return a.path(cmd, g, args[0], args[1], q, count)
			})
		},
	}
	flags.register(cmd)
	settingFlag(cmd.Flags(), "hops")
	cmd.Flags().IntVar(&count, "paths", 1, "how many paths of the shortest length to show")
	cmd.Flags().Bool("all", false, "all paths of the shortest length, and all facts of each hop")
	return a.reading(cmd)
}

func (a *app) path(cmd *cobra.Command, g *graph.Graph, from, to string, q paths.Query, count int) error {
	ctx := cmd.Context()
	source, err := g.Resolve(ctx, from)
	if err != nil {
		return err
	}
	target, err := g.Resolve(ctx, to)
	if err != nil {
		return err
	}
	if source == target {
		return usagef("%q and %q are the same: %s", from, to, source)
	}
	view, err := paths.NewViews(g).Current(ctx)
	if err != nil {
		return err
	}
	all, _ := cmd.Flags().GetBool("all")
	t := &trace{renderer: newRenderer(g), all: all}
	for p, err := range view.Between(ctx, source, target, q) {
		if err != nil {
			return err
		}
		if len(t.paths) > 0 && len(p.Hops) > len(t.paths[0]) {
			break
		}
		if !all && len(t.paths) >= count {
			t.more = true
			break
		}
		if err := t.add(ctx, p); err != nil {
			return err
		}
	}
	if len(t.paths) == 0 {
		return schema.WithHint(fmt.Errorf("no path from %q to %q of at most %d hops: %w", from, to, q.Hops, graph.ErrNotFound),
			func() string { return "--hops N for longer ones, --status planned or refused for what did not happen" })
	}
	return a.printTrace(cmd, t)
}

// trace is the paths found, with what each hop goes by.
type trace struct {
	renderer *renderer
	all      bool
	more     bool
	paths    [][]jsonHop
}

type jsonHop struct {
	From  jsonRef    `json:"from"`
	To    jsonRef    `json:"to"`
	Facts []jsonStep `json:"facts"`
}

type jsonStep struct {
	*jsonFact
	Reverse bool `json:"reverse"` // the fact points from To to From

	fact schema.Fact
}

func (t *trace) add(ctx context.Context, p paths.Path) error {
	var hops []jsonHop
	for _, h := range p.Hops {
		from, err := t.renderer.ref(ctx, h.From)
		if err != nil {
			return err
		}
		to, err := t.renderer.ref(ctx, h.To)
		if err != nil {
			return err
		}
		hop := jsonHop{From: from, To: to}
		for _, s := range h.Steps {
			fact, err := t.renderer.graph.Fact(ctx, s.Fact)
			if err != nil {
				return err
			}
			j, err := t.renderer.jsonFact(ctx, fact)
			if err != nil {
				return err
			}
			hop.Facts = append(hop.Facts, jsonStep{j, s.Reverse, fact})
		}
		hops = append(hops, hop)
	}
	t.paths = append(t.paths, hops)
	return nil
}

func (a *app) printTrace(cmd *cobra.Command, t *trace) error {
	switch a.config.Format {
	case "table":
		err := a.write(cmd, func(w io.Writer) error { return t.writeText(cmd.Context(), w) })
		if t.more {
			a.warn("there are more paths as short as this: --paths N or --all")
		}
		return err
	case "json":
		return a.print(cmd, &answer{json: t.paths})
	}
	rows, err := t.rows(cmd.Context())
	if err != nil {
		return err
	}
	return a.print(cmd, rows)
}

// rows has one row for each piece of evidence of each hop.
func (t *trace) rows(ctx context.Context) (*answer, error) {
	rows := &answer{columns: []string{"path", "hop", "from", "to", "verb", "reverse", "when", "fact", "stance", "source", "speakers", "quote", "note", "id"}}
	for i, hops := range t.paths {
		for k, hop := range hops {
			for _, s := range hop.Facts {
				for _, e := range s.fact.Evidence {
					source, err := t.renderer.source(ctx, e.Source)
					if err != nil {
						return nil, err
					}
					speakers, err := t.renderer.speakers(ctx, e)
					if err != nil {
						return nil, err
					}
					rows.add(i+1, k+1, hop.From.Name, hop.To.Name, string(s.Verb), s.Reverse, e.When.String(), s.Sentence,
						string(e.Stance), source, speakers, e.Quote, e.Note, string(s.ID))
				}
			}
		}
	}
	return rows, nil
}

func (t *trace) writeText(ctx context.Context, w io.Writer) error {
	var b strings.Builder
	for i, hops := range t.paths {
		if i > 0 {
			b.WriteString("\n")
		}
		names := []string{hops[0].From.Name}
		for _, h := range hops {
			names = append(names, h.To.Name)
		}
		fmt.Fprintf(&b, "%s (%s)\n", clean(strings.Join(names, " → ")), plural(len(hops), "hop"))
		for k, hop := range hops {
			fmt.Fprintf(&b, "\n%d. %s → %s\n", k+1, clean(hop.From.Name), clean(hop.To.Name))
			if err := t.writeHop(ctx, &b, hop); err != nil {
				return err
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *trace) writeHop(ctx context.Context, b *strings.Builder, hop jsonHop) error {
	for i, s := range hop.Facts {
		if i == shownFacts && !t.all {
			fmt.Fprintf(b, "   and %s more: --all\n", plural(len(hop.Facts)-i, "fact"))
			return nil
		}
		if err := t.writeFact(ctx, b, s); err != nil {
			return err
		}
	}
	return nil
}

func (t *trace) writeFact(ctx context.Context, b *strings.Builder, s jsonStep) error {
	fmt.Fprintf(b, "   %s\n", clean(s.Sentence))
	fmt.Fprintf(b, "     verb    %s\n", s.Verb)
	fmt.Fprintf(b, "     date    %s\n", clean(s.When.Text))
	if text := standing(s.fact); text != string(schema.Happened) {
		fmt.Fprintf(b, "     status  %s\n", text)
	}
	for _, e := range s.fact.Evidence {
		if err := t.writeEvidence(ctx, b, e, s.fact); err != nil {
			return err
		}
	}
	return nil
}

func (t *trace) writeEvidence(ctx context.Context, b *strings.Builder, e schema.Evidence, f schema.Fact) error {
	source, err := t.renderer.source(ctx, e.Source)
	if err != nil {
		return err
	}
	speakers, err := t.renderer.speakers(ctx, e)
	if err != nil {
		return err
	}
	places, err := t.renderer.names(ctx, e.At)
	if err != nil {
		return err
	}
	lines := [][2]string{{"source", source}, {"said", speakers}, {"at", places}, {"quote", e.Quote}, {"note", e.Note}}
	if e.Quote != "" {
		lines[3][1] = "“" + e.Quote + "”"
	}
	if e.When != f.When {
		lines = append(lines, [2]string{"dated", e.When.String()})
	}
	if e.Stance != schema.Asserts {
		lines = append(lines, [2]string{"stance", string(e.Stance)})
	}
	if e.Method != schema.Curated {
		lines = append(lines, [2]string{"method", string(e.Method)})
	}
	for _, l := range lines {
		if l[1] != "" {
			fmt.Fprintf(b, "     %-7s %s\n", l[0], clean(l[1]))
		}
	}
	return nil
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
