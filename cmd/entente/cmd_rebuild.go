package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
)

func rebuildCommand(a *app) *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "rebuild --graph DIR --to NEWDIR",
		Short: "Read what can be read of a damaged graph into a new one",
		Long: `Rebuild reads what can be read of a graph that is damaged, or of an older version
of the format, into a new graph, and says what is lost. The old graph is only
read. What is whole in one index is not lost; nothing whose checksum is wrong is
taken. Datasets in which something may be missing are loaded again by the next
load of their inputs. The exit code is 6 where something is lost.`,
		GroupID: "keep",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.config.Graph == "" {
				return usagef("say which graph: --graph DIR")
			}
			if to == "" {
				return usagef("say where the new graph is to be: --to NEWDIR")
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
			return fmt.Errorf("%w: %s is made, and something is lost", errDamaged, to)
		},
	}
	graphFlags(cmd.Flags())
	cmd.Flags().StringVar(&to, "to", "", "make the new graph in this folder `NEWDIR`, which holds none")
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
		say(true, "table %s: %s bad, %s unreadable with all that they lead to; %s with %d entries read, %d of them outside of its tree",
			d.Name, phrase.Plural(int(d.BadBlocks), "block"), phrase.Plural(int(d.BadPages), "page"), phrase.Plural(int(d.Blocks+d.Loose), "block"), d.Entries, d.Loose)
	}
	say(r.Partial, "no index is whole: the quads are those that any of the four holds")
	say(r.Recorded >= 0 && r.Recorded > r.Quads, "%s lost", phrase.Plural(int(r.Recorded-r.Quads), "quad"))
	say(r.Recorded < 0, "the record of how many quads there were is lost")
	say(r.Nameless > 0, "%s left out, of which a term has no text any more", phrase.Plural(int(r.Nameless), "quad"))
	say(r.Stale, "the list of free pages is lost: quads that were removed long ago may be back")
	say(r.Revived, "a list of quads removed lately is not whole: some of them may be back")
	say(r.Searched, "the page that leads to all others was found by a search")
	say(r.Older, "the state may be an older one: the last changes may be lost")
	return texts
}
