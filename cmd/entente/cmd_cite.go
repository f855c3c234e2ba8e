package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/cite"
	"github.com/entente-kg/entente/schema"
)

// citeFlags are the flags of the command cite.
type citeFlags struct {
	selectionFlags
	facts bool
}

func citeCommand(a *app) *cobra.Command {
	flags := &citeFlags{}
	cmd := &cobra.Command{
		Use:   "cite NAME... [-o FILE]",
		Short: "Write the sources of facts as plain references, CSL-JSON or BibTeX",
		Long: `Cite writes the documents on which an answer rests as references: as a list for people
(text), as CSL-JSON for pandoc and reference managers (csl), or for LaTeX (bibtex, and
biblatex, which has more forms of dates). The page entente help cite says what each
format has and what it cannot hold.

NAME is an entity, whose facts are cited: facts that name it in a role, as place,
speaker or source. A document is cited itself, with the facts that rest on it. The id of
a fact cites the sources of that fact. --path FROM TO cites the sources of the best path
from one entity to another instead, --around NAME of the facts that link the entities
within --hops of an entity, and --query SCRIPT of the facts that a Gizmo script finds.
Without names, all facts are cited, or the facts that other flags select. With --dataset,
only evidence of that dataset counts.

Each reference says how many facts its document asserts, denies, doubts or repeats as
hearsay, and how many of them did not happen; --facts lists them. Nothing is left out:
evidence without a document, and documents without a title or an address, say so.`,
		GroupID: "data",
		Args:    cobra.ArbitraryArgs,
		Example: `  entente cite "Xie Feng" --in examples/us-china-2023
  entente cite --path "Xie Feng" "Li Shangfu" --format csl -o path.json --in examples/us-china-2023
  entente cite --status refused --format biblatex -o refused.bib --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := citeFormat(cmd)
			if err == nil {
				err = flags.check(args)
			}
			if err != nil {
				return err
			}
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				c, err := flags.collect(cmd.Context(), a, g, args)
				if err != nil {
					return err
				}
				return writeReferences(cmd.Context(), g, out, c, format, cite.Options{Facts: flags.facts})
			})
		},
	}
	flags.register(cmd)
	f := cmd.Flags()
	f.BoolVar(&flags.facts, "facts", false, "list the facts that rest on each document")
	f.String("format", "", "`FORMAT` to write: "+phrase.List(cite.Formats())+"; default: csl for a file .json, bibtex for .bib, else text")
	f.StringP("output", "o", "", "write the references to `FILE`")
	sourceFlags(cmd)
	reviewedFlag(cmd)
	return cmd
}

// citeFormat returns the format of --format, or of the extension of --output.
func citeFormat(cmd *cobra.Command) (cite.Format, error) {
	format, file, err := namedFormat(cmd, cite.Formats())
	if format != "" || err != nil {
		return format, err
	}
	switch extension := strings.ToLower(filepath.Ext(file)); {
	case file == "-", extension == "", extension == ".txt":
		return cite.Text, nil
	case extension == ".json":
		return cite.CSL, nil
	case extension == ".bib":
		return cite.BibTeX, nil
	default:
		return "", usagef("the extension %s names no format: --format is one of %s", extension, phrase.List(cite.Formats()))
	}
}

// check returns an error for flags and arguments that do not fit together.
func (f *citeFlags) check(args []string) error {
	if len(f.changed("path", "around", "query", "query-file")) > 0 {
		return f.selectionFlags.check(args)
	}
	if changed(f.cmd, "roles") {
		return usagef("--roles needs --around or --path")
	}
	return f.checkNeeds()
}

// collect collects the documents on which the answer rests.
func (f *citeFlags) collect(ctx context.Context, a *app, g *graph.Graph, args []string) (*cite.Collector, error) {
	c := &cite.Collector{Datasets: f.datasets}
	if len(args) > 0 && len(f.from) == 0 {
		return c, f.collectNamed(ctx, a, g, c, args)
	}
	return c, f.withSelection(ctx, a, g, args, func(s selected) error {
		if s.Facts != nil {
			return collectListed(ctx, s.Graph, c, s.Facts)
		}
		filter := graph.Filter{}
		if s.Filter != nil {
			filter = *s.Filter
		}
		return collectFacts(ctx, s.Graph, c.Add, filter)
	})
}

// collectNamed collects the documents of the facts that name entities, of facts, and
// documents themselves.
func (f *citeFlags) collectNamed(ctx context.Context, a *app, g *graph.Graph, c *cite.Collector, names []string) error {
	filter, err := f.filter(ctx, g)
	if err != nil {
		return err
	}
	undated, unasserted := map[schema.ID]bool{}, map[schema.ID]bool{}
	filter.OnUndated = func(f schema.Fact) { undated[f.ID] = true }
	filter.OnUnasserted = func(f schema.Fact) { unasserted[f.ID] = true }
	for _, name := range names {
		if err := collectName(ctx, g, c, filter, name); err != nil {
			return err
		}
	}
	omitted := omissions{graph.Omitted{Undated: len(undated), Unasserted: len(unasserted)}}
	omitted.note(a.console.warn)
	return nil
}

func collectName(ctx context.Context, g *graph.Graph, c *cite.Collector, filter graph.Filter, name string) error {
	if id := schema.ID(strings.Trim(name, "<>")); schema.KindOf(id) == schema.KindFact {
		if _, err := g.Fact(ctx, id); err != nil {
			return err
		}
		filter.Facts = []schema.ID{id}
		return collectFacts(ctx, g, c.Add, filter)
	}
	id, err := g.Resolve(ctx, name)
	if err != nil {
		return err
	}
	filter.With = id
	add := c.Add
	if schema.KindOf(id) == schema.Doc {
		c.AddDocument(id)
		add = func(f schema.Fact) { c.AddFrom(f, id) }
	}
	return collectFacts(ctx, g, add, filter)
}

// collectFacts calls add with the facts of a filter.
func collectFacts(ctx context.Context, g *graph.Graph, add func(schema.Fact), filter graph.Filter) error {
	for fact, err := range g.Facts(ctx, filter) {
		if err != nil {
			return err
		}
		add(fact)
	}
	return nil
}

// collectListed collects the documents of facts by their ids.
func collectListed(ctx context.Context, g *graph.Graph, c *cite.Collector, ids []schema.ID) error {
	for part := range slices.Chunk(ids, factsTogether) {
		facts, err := graph.FactsByID(ctx, g, part)
		if err != nil {
			return err
		}
		for _, fact := range facts {
			c.Add(fact)
		}
	}
	return nil
}

// writeReferences writes the references to all documents that were collected. They do
// not depend on the order in which datasets were loaded.
func writeReferences(ctx context.Context, g *graph.Graph, out *output.Writer, c *cite.Collector, f cite.Format, o cite.Options) error {
	snapshot, err := g.Snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	b, err := c.Bibliography(ctx, g.Canonical(snapshot))
	if err != nil {
		return err
	}
	if len(b.References) == 0 {
		return fmt.Errorf("no fact fits: %w", graph.ErrNotFound)
	}
	var notes []string
	o.Notes = &notes
	err = out.Write(ctx, func(w io.Writer) error { return b.Write(ctx, w, f, o) })
	for _, note := range notes {
		out.Note("%s", note)
	}
	return err
}
