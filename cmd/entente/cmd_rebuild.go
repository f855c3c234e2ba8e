package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
)

func compactCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compact --graph DIR",
		Short: "Make the file of the graph smaller, by removing its free pages",
		Long: `Compact writes the graph into a new file without free pages, and replaces the old
file by it. It needs free disk space for the new file. The old file stays unchanged
until the new file is complete.`,
		GroupID: "keep",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.change(cmd, func(g *graph.Graph, out *output.Writer) error {
				before, err := g.Size()
				if err != nil {
					return err
				}
				if err := g.Compact(cmd.Context()); err != nil {
					return err
				}
				after, err := g.Size()
				if err != nil {
					return err
				}
				t := &output.Answer{Columns: []string{"graph", "result", "bytes before", "bytes"}}
				t.Add(a.config.Graph, "compacted", before, after)
				return out.Print(cmd.Context(), t)
			})
		},
	}
	writerFlags(cmd.Flags())
	outputFlags(cmd)
	return cmd
}

func rebuildCommand(a *app) *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "rebuild --graph DIR --to NEWDIR",
		Short: "Recover the readable parts of a damaged graph into a new graph",
		Long: `Rebuild reads a graph that is damaged, or that has an older version of the format,
and writes everything that can be read into a new graph. It reports what is lost. The
old graph stays unchanged. A quad is recovered if at least one index holds it
undamaged; a block with a wrong checksum is never used. If a dataset may be
incomplete, the next load of its input loads it again. The exit code is 6 if anything
is lost.`,
		GroupID: "keep",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.config.Graph == "" {
				return usagef("--graph DIR is missing: the folder of the damaged graph")
			}
			if to == "" {
				return usagef("--to NEWDIR is missing: the folder of the new graph")
			}
			if err := checkNewFolder(to); err != nil {
				return err
			}
			v, err := a.opener().vocabulary()
			if err != nil {
				return err
			}
			r, err := graph.Rebuild(cmd.Context(), a.config.Graph, to, &graph.Options{Vocabulary: v, Wait: a.config.Wait})
			if err != nil {
				return existsError(err, to)
			}
			if err := a.output(cmd).Print(cmd.Context(), rebuilding(to, &r)); err != nil || r.Complete() {
				return err
			}
			return fmt.Errorf("%w: made the new graph %s, but parts of the old graph are lost", errDamaged, to)
		},
	}
	graphFlags(cmd.Flags())
	cmd.Flags().StringVar(&to, "to", "", "make the new graph in this folder `NEWDIR`, which must not contain a graph")
	outputFlags(cmd)
	return cmd
}

func rebuilding(to string, r *graph.Rebuilding) *output.Answer {
	t := &output.Answer{Columns: []string{"what", "value"}}
	t.Add("graph", to)
	t.Add("complete", r.Complete())
	t.Add("quads", r.Graph.Quads)
	if r.Recorded >= 0 {
		t.Add("quads recorded", r.Recorded)
	}
	t.Add("facts", r.Graph.Facts)
	t.Add("digest", r.Graph.Digest)
	t.Add("format version", r.Version)
	for _, text := range losses(r) {
		t.Add("damage", text)
	}
	if r.EdgesAdded+r.EdgesRemoved > 0 {
		t.Add("derived again", fmt.Sprintf("%s added, %d removed", phrase.Plural(r.EdgesAdded, "edge"), r.EdgesRemoved))
	}
	for _, name := range r.Incomplete {
		t.Add("load again", name)
	}
	for _, u := range r.Unreadable {
		t.Add("unreadable fact", fmt.Sprintf("%s of dataset %s: %s", u.ID, u.Dataset, u.Err))
	}
	for _, p := range r.Graph.Problems {
		t.Add("problem", p)
	}
	return t
}

// losses returns sentences about what could not be read, and what was done about it.
func losses(r *graph.Rebuilding) (texts []string) {
	say := func(when bool, format string, args ...any) {
		if when {
			texts = append(texts, fmt.Sprintf(format, args...))
		}
	}
	for _, d := range r.Damaged {
		say(true, "table %s: %s damaged, %s unreadable together with the pages below; read %s with %d entries, of which %d blocks were found outside of the tree",
			d.Name, phrase.Plural(int(d.BadBlocks), "block"), phrase.Plural(int(d.BadPages), "page"), phrase.Plural(int(d.Blocks+d.Loose), "block"), d.Entries, d.Loose)
	}
	say(r.Partial, "all four indexes are damaged: the new graph has the quads that at least one of them holds")
	say(r.Recorded >= 0 && r.Recorded > r.Quads, "%s lost", phrase.Plural(int(r.Recorded-r.Quads), "quad"))
	say(r.Recorded < 0, "the recorded number of quads is lost")
	say(r.Nameless > 0, "%s lost because the text of a term is lost", phrase.Plural(int(r.Nameless), "quad"))
	say(r.Stale, "the list of free pages is lost: the new graph may contain quads that were removed long ago")
	say(r.Revived, "a list of recently removed quads is damaged: the new graph may contain some of them")
	say(r.Searched, "the root page was found by searching all pages")
	say(r.Older, "the recovered state may be older than the last one: the last changes may be lost")
	return texts
}
