package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func factsCommand(a *app) *cobra.Command {
	flags := &filterFlags{}
	cmd := &cobra.Command{
		Use:   "facts",
		Short: "List facts by verb, status, date and participants",
		Long: `Facts lists the facts that fit all conditions, by date.

--about ENTITY lists the facts in which the entity participates: in a role, as place,
as speaker, or by name in a topic. A country also participates in the facts of its
people, posts and institutions (entities whose country: it is), and in facts at, to
or during an entity that is located in it, directly or through other places. (The
relation located-in counts if at least one source asserts it, whatever its dates.)
The same holds for places. In these cases, the column "through" names the entity by
which the fact belongs to the country or place. --about-only omits these facts.

--since, --until and --as-of compare the days that a fact's evidence allows. A fact
without a date that is part of other facts has the days of these facts.

The status of a fact is what is claimed: it happened, was planned, refused and so on.
Its standing says whether sources make that claim: asserted, disputed (at least one
source asserts the fact and at least one denies it) or, if no source asserts it,
denied, doubted or hearsay. --status alone selects facts that at least one source
asserts; --standing selects other facts. The columns "sources" and "words" are of
evidence that asserts the fact; "other-stances" is of evidence that denies it, doubts
it or reports it as hearsay.

With -o FILE, the file has all facts, unless --rows says how many.`,
		GroupID: "ask",
		Args:    cobra.NoArgs,
		Example: `  entente facts --verb met --since 2023-06 --until 2023-07 --about "United States" --in examples/us-china-2023
  entente facts --status refused --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				filter, err := flags.filter(cmd.Context(), g)
				if err != nil {
					return err
				}
				if out.File != "" && out.File != "-" && !a.inShell && a.settings.precedence("rows") == 0 {
					out.Rows = 0 // who opens the file later does not see that it was cut
				}
				return listFacts(cmd.Context(), g, out, filter)
			})
		},
	}
	flags.register(cmd)
	flags.registerAbout()
	rowFlags(cmd)
	return answering(cmd)
}

// factLister lists facts on an output.
type factLister struct {
	graph *graph.Graph
	out   *output.Writer
	words *render.Renderer
	table *render.FactTable
	free  sync.Pool // of *output.Rows that are written
}

func newFactLister(g *graph.Graph, out *output.Writer, filter graph.Filter) *factLister {
	words := render.New(g)
	return &factLister{graph: g, out: out, words: words, table: words.NewFactTable(filter)}
}

func listFacts(ctx context.Context, g *graph.Graph, out *output.Writer, filter graph.Filter) (err error) {
	omitted := countOmissions(&filter)
	l := newFactLister(g, out, filter)
	if !out.Streams() {
		list, err := l.collect(ctx, filter)
		if err != nil {
			return err
		}
		omitted.note(out.Note)
		return out.Print(ctx, factAnswer(list))
	}
	err = l.write(ctx, func(w io.Writer) error {
		if out.Rows > 0 {
			return l.eachPart(ctx, filter, func(part []graph.Selected) error { return l.writeRows(ctx, w, part) })
		}
		return l.writeAll(ctx, w, filter)
	})
	if err == nil {
		omitted.note(out.Note)
	}
	return err
}

// collect returns the facts of a filter as one list.
func (l *factLister) collect(ctx context.Context, filter graph.Filter) (*render.FactList, error) {
	list := l.words.NewFactList(filter)
	return list, l.eachPart(ctx, filter, func(part []graph.Selected) error { return list.AddAll(ctx, part) })
}

// writeAll writes all facts of a filter while they are read. Several goroutines put them
// into words.
func (l *factLister) writeAll(ctx context.Context, w io.Writer, filter graph.Filter) error {
	rows := func(part []graph.Selected) (*output.Rows, error) { return l.rows(ctx, part) }
	for part, err := range graph.MapFactsByDate(ctx, l.graph, filter, rows) {
		if err == nil {
			err = l.writeTo(w, part)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeTo writes rows, whose memory is used again.
func (l *factLister) writeTo(w io.Writer, rows *output.Rows) error {
	_, err := rows.WriteTo(w)
	l.free.Put(rows)
	return err
}

// write calls fn with the writer of the answer, for CSV after the header.
func (l *factLister) write(ctx context.Context, fn func(io.Writer) error) error {
	return l.out.Write(ctx, func(w io.Writer) error {
		if header := l.out.NewRows(); header.CSV {
			if err := header.AddCells(l.table.Columns()); err != nil {
				return err
			}
			if _, err := header.WriteTo(w); err != nil {
				return err
			}
		}
		return fn(w)
	})
}

// factsTogether is how many facts are put into words at a time.
const factsTogether = 256

// eachPart calls fn with a few facts of a filter at a time, until there are as many as
// the output may have. If there are more, it notes that.
func (l *factLister) eachPart(ctx context.Context, filter graph.Filter, fn func([]graph.Selected) error) error {
	var part []graph.Selected
	var through []schema.ID
	filter.OnThrough = func(_ schema.Fact, ids []schema.ID) { through = ids }
	n, limit := 0, l.out.Rows
	for f, err := range l.graph.Facts(ctx, filter) {
		if err != nil {
			return err
		}
		if limit > 0 && n == limit {
			l.out.Note("%s: %s", phrase.MoreThan(limit, "fact"), l.out.ForMore)
			break
		}
		part, through = append(part, graph.Selected{Fact: f, Through: through}), nil
		if n++; len(part) == factsTogether {
			if err := fn(part); err != nil {
				return err
			}
			part = part[:0]
		}
	}
	return fn(part)
}

// writeRows writes facts as rows.
func (l *factLister) writeRows(ctx context.Context, w io.Writer, facts []graph.Selected) error {
	rows, err := l.rows(ctx, facts)
	if err != nil {
		return err
	}
	return l.writeTo(w, rows)
}

// rows returns facts as rows.
func (l *factLister) rows(ctx context.Context, facts []graph.Selected) (*output.Rows, error) {
	if err := l.words.Prepare(ctx, facts); err != nil {
		return nil, err
	}
	rows, ok := l.free.Get().(*output.Rows)
	if !ok {
		rows = l.out.NewRows()
	}
	row := l.table.NewRow()
	for i := range facts {
		if err := row.Set(ctx, &facts[i]); err != nil {
			return nil, err
		}
		if err := addRow(rows, row); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func addRow(rows *output.Rows, row *render.FactRow) error {
	if !rows.CSV {
		return rows.AddJSON(&row.Fact)
	}
	cells, err := row.Cells()
	if err != nil {
		return err
	}
	return rows.AddCells(cells)
}

// omissions counts the facts that match all conditions of a filter but are omitted
// because they have no date, or because no source asserts them.
type omissions struct{ graph.Omitted }

// countOmissions makes a filter count the facts that it omits.
func countOmissions(f *graph.Filter) *omissions {
	o := &omissions{}
	f.Omitted = &o.Omitted
	return o
}

// note prints how many facts were omitted, and which flags show them.
func (o *omissions) note(note func(format string, args ...any)) {
	if o.Undated > 0 {
		note("omitted %s: --undated shows them", phrase.Plural(o.Undated, "undated fact"))
	}
	if o.Unasserted > 0 {
		note("omitted %s that no source asserts: --standing %s shows them", phrase.Plural(o.Unasserted, "fact"), unassertedStandings())
	}
}

// unassertedStandings returns the standings of facts that no source asserts, as a value
// of --standing.
func unassertedStandings() string {
	words := slices.DeleteFunc(schema.Standings(), schema.Standing.Asserted)
	return strings.ReplaceAll(phrase.List(words), " ", "")
}

// factAnswer returns the answer for a list of facts.
func factAnswer(l *render.FactList) *output.Answer { return output.Of(l.Table, l.Facts) }
