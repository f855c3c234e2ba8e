package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/cmd/entente/internal/review"
	"github.com/entente-kg/entente/cmd/entente/internal/shell"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// reviewing is one run of review.
type reviewing struct {
	app                  *app
	datasets, textPaths  []string
	accept, reject, undo []string
	why, to              string
	list, decisions      bool
	desk                 review.Desk
}

func reviewCommand(a *app) *cobra.Command {
	r := &reviewing{app: a}
	cmd := &cobra.Command{
		Use:   "review --graph DIR",
		Short: "Accept or reject what a model found, one quote at a time",
		Long: `Review goes through the evidence whose review is pending, such as that of extractions
(entente help formats): it shows each fact with its quote, in its context if --text has
the text of the document, and reads what you decide: a to accept, r WHY to reject, e to
correct the fact in the editor of $VISUAL or $EDITOR, s to skip, u to undo, q to quit.
Each decision is written at once, with your name, the day and the reason.

Accepted evidence is no longer marked. Rejected evidence is removed, and a later load of
the same extraction keeps it out: the same fact from the same document with the same
quote. A corrected fact is yours: it is added to the dataset of --to, and the one that was
found is rejected.

Answers mark evidence that no person has accepted; with --reviewed they omit it.

--list lists what is pending, and --decisions what was decided. --accept, --reject and
--undo take the ids of facts or of evidence, for scripts. Undone rejections come back with
the next load of their dataset.`,
		Example: `  entente review --text articles --graph DIR
  entente review --list --format csv --graph DIR
  entente review --reject fact:7qk3hhsu5mcz2c2ykzqzx2l4ga --why "another person" --graph DIR`,
		GroupID: "data",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return r.run(cmd) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&r.datasets, "dataset", nil, "only evidence of this `DATASET`; repeatable")
	f.StringArrayVar(&r.accept, "accept", nil, "accept the pending evidence of this `ID`; repeatable")
	f.StringArrayVar(&r.reject, "reject", nil, "reject the pending evidence of this `ID`; repeatable")
	f.StringArrayVar(&r.undo, "undo", nil, "undo the decisions about this `ID` of a fact; repeatable")
	f.BoolVar(&r.list, "list", false, "list what is pending, and ask nothing")
	f.BoolVar(&r.decisions, "decisions", false, "list what was decided, by whom, when and why")
	f.StringVar(&r.desk.By, "by", "", "`NAME` of the person who decides (default: the name of the user)")
	f.StringVar(&r.why, "why", "", "`REASON` of --accept and --reject")
	f.StringVar(&r.to, "to", addedDataset, "`NAME` of the dataset to which corrected facts are added")
	textFlag(f, &r.textPaths)
	f.Lookup("text").Usage = "show quotes in the text of their document in `PATH`, a file or a folder of texts; repeatable (also --texts)"
	writerFlags(f)
	rowFlags(cmd)
	outputFlags(cmd)
	return cmd
}

func (r *reviewing) run(cmd *cobra.Command) (err error) {
	ctx := cmd.Context()
	if err := r.check(cmd); err != nil {
		return err
	}
	if r.desk.Texts, err = openTexts(r.textPaths); err != nil {
		return err
	}
	out := r.app.output(cmd)
	if r.decisions || r.list {
		return r.read(ctx, func(g *graph.Graph) error {
			if r.decisions {
				return r.listDecisions(ctx, g, out)
			}
			return r.listPending(ctx, g, out)
		})
	}
	if r.desk.By = cmp.Or(strings.TrimSpace(r.desk.By), review.UserName()); r.desk.By == "" {
		return usagef("who decides? --by NAME")
	}
	if len(r.accept)+len(r.reject)+len(r.undo) > 0 {
		return r.app.change(cmd, func(g *graph.Graph, out *output.Writer) error { return r.decideAll(ctx, g, out) })
	}
	return r.goThrough(ctx)
}

// check returns a usage error for flags that do not go together.
func (r *reviewing) check(cmd *cobra.Command) error {
	var ways []string
	for _, name := range []string{"list", "decisions", "accept", "reject", "undo"} {
		if changed(cmd, name) {
			ways = append(ways, "--"+name)
		}
	}
	both := slices.Equal(ways, []string{"--accept", "--reject"})
	if len(ways) > 1 && !both {
		return usagef("%s and %s cannot be used together", ways[0], ways[1])
	}
	if changed(cmd, "why") && len(r.accept)+len(r.reject) == 0 {
		return usagef("--why needs --accept or --reject")
	}
	if len(r.reject) > 0 && strings.TrimSpace(r.why) == "" {
		return usagef("--reject needs a reason: --why REASON")
	}
	return nil
}

// read calls fn with the graph, open for reading.
func (r *reviewing) read(ctx context.Context, fn func(*graph.Graph) error) error {
	o := r.app.opener()
	if o.config.Graph == "" {
		return usagef("--graph DIR is missing: the folder of the graph")
	}
	o.config.In = nil
	return o.withGraph(ctx, func(g *graph.Graph) error {
		if r.decisions { // their datasets may be forgotten
			return fn(g)
		}
		if err := g.CheckDatasets(ctx, r.datasets...); err != nil {
			return err
		}
		return fn(g)
	})
}

func (r *reviewing) listPending(ctx context.Context, g *graph.Graph, out *output.Writer) error {
	list, err := review.ListPending(ctx, g, r.datasets)
	if err != nil {
		return err
	}
	words := render.New(g)
	t := &output.Answer{Columns: []string{"dataset", "what", "quote", "source", "model", "fact", "evidence"}, Hidden: []string{"evidence"}}
	for _, p := range truncate(out, list, "row") {
		fact, err := words.Fact(ctx, p.Claim)
		if err != nil {
			return err
		}
		source, err := words.Source(ctx, p.Piece.Source)
		if err != nil {
			return err
		}
		t.Add(p.Dataset, fact.String(), p.Piece.Quote, source, p.Piece.Review.Model, string(p.Fact), string(p.Evidence))
	}
	return out.Print(ctx, t)
}

func (r *reviewing) listDecisions(ctx context.Context, g *graph.Graph, out *output.Writer) error {
	list, err := graph.Decisions(ctx, g)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(d graph.Decision) bool {
		return len(r.datasets) > 0 && !slices.Contains(r.datasets, d.Dataset)
	})
	t := &output.Answer{Columns: []string{"decision", "what", "by", "on", "why", "quote", "dataset", "fact"}}
	for _, d := range truncate(out, list, "row") {
		t.Add(string(d.State), d.Text, d.By, d.On, d.Note, d.Quote, d.Dataset, string(d.Fact))
	}
	return out.Print(ctx, t)
}

// decideAll does what --accept, --reject and --undo say, and prints it.
func (r *reviewing) decideAll(ctx context.Context, g *graph.Graph, out *output.Writer) error {
	if len(r.accept)+len(r.reject) > 0 {
		if err := g.CheckDatasets(ctx, r.datasets...); err != nil {
			return err
		}
	}
	t := &output.Answer{Columns: []string{"result", "what", "fact", "dataset"}}
	err := r.undoAll(ctx, g, t)
	for _, part := range []struct {
		ids   []string
		state schema.ReviewState
	}{{r.accept, schema.Accepted}, {r.reject, schema.Rejected}} {
		for _, id := range part.ids {
			if err == nil {
				err = r.decideOne(ctx, g, t, trimmedID(id), part.state)
			}
		}
	}
	if err != nil && len(t.Rows) > 0 {
		err = errors.Join(out.Print(ctx, t), err)
	}
	if err != nil {
		return err
	}
	return out.Print(ctx, t)
}

// trimmedID returns an id without the brackets in which sentences have it.
func trimmedID(id string) schema.ID {
	return schema.ID(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<"), ">"))
}

// decideOne decides about all pending evidence of a fact, or about one piece of evidence.
func (r *reviewing) decideOne(ctx context.Context, g *graph.Graph, t *output.Answer, id schema.ID, state schema.ReviewState) error {
	list, err := review.ListPending(ctx, g, r.datasets)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(p review.Pending) bool { return p.Fact != id && p.Evidence != id })
	if len(list) == 0 {
		return schema.WithHint(fmt.Errorf("%w: no pending evidence of %s", graph.ErrNotFound, id), func() string {
			return "entente review --list lists what is pending"
		})
	}
	for _, p := range list {
		text, err := r.desk.Decide(ctx, g, p, r.desk.Decision(state, r.why))
		if err != nil {
			return err
		}
		t.Add(string(state), text, string(p.Fact), p.Dataset)
	}
	return nil
}

func (r *reviewing) undoAll(ctx context.Context, g *graph.Graph, t *output.Answer) error {
	all, err := graph.Decisions(ctx, g)
	if err != nil {
		return err
	}
	for _, word := range r.undo {
		id, found := trimmedID(word), false
		for _, d := range all {
			if d.Fact != id || len(r.datasets) > 0 && !slices.Contains(r.datasets, d.Dataset) {
				continue
			}
			found = true
			if err := graph.Undecide(ctx, g, d); err != nil {
				return err
			}
			result := "pending again"
			if d.State == schema.Rejected {
				result = "kept out no longer"
			}
			t.Add(result, d.Text, string(d.Fact), d.Dataset)
		}
		if !found {
			return schema.WithHint(fmt.Errorf("%w: no decision about %s", graph.ErrNotFound, id), func() string {
				return "entente review --decisions lists the decisions"
			})
		}
	}
	return nil
}

// goThrough asks about each piece of pending evidence.
func (r *reviewing) goThrough(ctx context.Context) error {
	var items []review.Pending
	err := r.read(ctx, func(g *graph.Graph) (err error) {
		items, err = review.ListPending(ctx, g, r.datasets)
		return err
	})
	if err != nil {
		return err
	}
	w := r.app.console.out
	if len(items) == 0 {
		_, err := fmt.Fprintln(w, "nothing is pending")
		return err
	}
	fmt.Fprintf(w, "%s to review, as %s\n", phrase.Counted(len(items), "piece of evidence", "pieces of evidence"), render.Clean(r.desk.By))
	lines := shell.NewLines(r.app.console.in)
	if r.desk.Emphasis = [2]string{"[", "]"}; hasColors(w) {
		r.desk.Emphasis = [2]string{"\x1b[1m", "\x1b[0m"}
	}
	result, err := review.Run(ctx, r, lines, w, items)
	err = errors.Join(err, lines.Close())
	fmt.Fprintf(w, "\naccepted %d, rejected %d, corrected %d, skipped %d, not seen %d\n",
		result.Accepted, result.Rejected, result.Corrected, result.Skipped, result.Left)
	return err
}

// Show writes an item as it is now.
func (r *reviewing) Show(ctx context.Context, w io.Writer, item review.Pending) (ok bool, err error) {
	err = r.read(ctx, func(g *graph.Graph) error {
		p, found, err := item.Again(ctx, g)
		if ok = found; !found || err != nil {
			return err
		}
		return r.desk.Show(ctx, g, w, p)
	})
	return ok, err
}

// Undo undoes the last decision of this run.
func (r *reviewing) Undo(ctx context.Context) error {
	return r.app.opener().withWriter(ctx, false, func(g *graph.Graph) error { return r.desk.Undo(ctx, g) })
}

// change decides about an item.
func (r *reviewing) change(ctx context.Context, item review.Pending, fn func(*graph.Graph, review.Pending) error) error {
	return r.app.opener().withWriter(ctx, false, func(g *graph.Graph) error {
		p, ok, err := item.Again(ctx, g)
		if err == nil && !ok {
			err = graph.ErrNotPending
		}
		if err != nil {
			return err
		}
		return fn(g, p)
	})
}

func (r *reviewing) Accept(ctx context.Context, item review.Pending, why string) error {
	return r.change(ctx, item, func(g *graph.Graph, p review.Pending) error {
		_, err := r.desk.Decide(ctx, g, p, r.desk.Decision(schema.Accepted, why))
		return err
	})
}

func (r *reviewing) Reject(ctx context.Context, item review.Pending, why string) error {
	return r.change(ctx, item, func(g *graph.Graph, p review.Pending) error {
		_, err := r.desk.Decide(ctx, g, p, r.desk.Decision(schema.Rejected, why))
		return err
	})
}

// Edit opens the fact in an editor, adds the corrected one to the dataset of corrections,
// and rejects the one that was found.
func (r *reviewing) Edit(ctx context.Context, item review.Pending, why string) (changed bool, err error) {
	var old []byte
	err = r.read(ctx, func(g *graph.Graph) error {
		p, ok, err := item.Again(ctx, g)
		if err == nil && !ok {
			err = graph.ErrNotPending
		}
		if err == nil {
			old, err = p.Correctable()
		}
		return err
	})
	if err != nil {
		return false, err
	}
	text, err := review.Edited(ctx, old)
	if err != nil || bytes.Equal(bytes.TrimSpace(text), bytes.TrimSpace(old)) {
		return false, err
	}
	text = slices.Concat([]byte("["), text, []byte("]")) // a list of records
	return true, r.change(ctx, item, func(g *graph.Graph, p review.Pending) error { return r.correct(ctx, g, p, text, why) })
}

// correct adds a corrected fact, and rejects the one that was found.
func (r *reviewing) correct(ctx context.Context, g *graph.Graph, p review.Pending, text []byte, why string) error {
	d := r.desk.Decision(schema.Accepted, why)
	var now schema.Fact
	_, err := g.Update(ctx, r.to, func(tx *graph.Tx) error {
		reader := &recordReader{ctx: ctx, graph: g, tx: tx, dataset: r.to, known: loaders.NewNames(), dates: r.app.config.Dates}
		if err := reader.learnAll(); err != nil {
			return err
		}
		options := &loaders.Options{Vocabulary: g.Vocabulary(), Known: reader.known, Dataset: r.to, Dates: reader.dates}
		records, err := reader.collect(loaders.JSON{Options: options}.Load(ctx, "fact.json", bytes.NewReader(text)))
		if err != nil {
			return err
		}
		f, err := review.OnlyFact(records)
		if err != nil {
			return err
		}
		for i := range f.Evidence {
			f.Evidence[i].Review = &d
		}
		now = g.Vocabulary().Normalize(f)
		return tx.Add(f)
	})
	if err != nil {
		return err
	}
	why = strings.TrimSpace("corrected as " + string(now.ID) + " " + why)
	if _, err := r.desk.Decide(ctx, g, p, r.desk.Decision(schema.Rejected, why)); err != nil {
		return err
	}
	r.desk.Corrected(r.to, now.ID)
	return nil
}
