package main

import (
	"context"
	"errors"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/changes"
	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/diff"
	"github.com/entente-kg/entente/loaders"
)

// differing is one run of the command diff.
type differing struct {
	loading
	list     *changes.List
	copied   *graph.Graph // a copy of the graph, in which loads are tried; nil before the first
	numbered bool         // there are several inputs, so each change names its own
}

func diffCommand(a *app) *cobra.Command {
	var dataset string
	var with, maps, texts []string
	var from, sheet string
	var strict, replace, stat, exitCode bool
	cmd := &cobra.Command{
		Use:   "diff PATH...",
		Short: "List what loading files would add, change and remove, without loading them",
		Long: `Diff tries on a temporary copy of the graph what load would do with files and folders,
and lists what would be added (+), changed (~) and removed (-): datasets, entities, sources,
facts with their evidence, and RDF statements. It lists nothing exactly if the load would
change nothing. The graph stays as it is. Each input is compared with the graph as it would
be after the inputs before it. An input that load refuses is an error here too.

The id of a fact comes from its verb, participants, start, topic, status and source key,
so a fact with another date is another fact. Such facts are listed as one changed fact if
they have the same source key, which no other fact has, and a participant in common; and
as perhaps the same, which is a guess, if they have the same verb and participants, or the
same quote of the same source. With --format json or jsonl, "before" and "after" are the
two facts, and "same" is the reason.

With --exit-code, the exit code is 1 if there are differences and 0 if there are none; an
error that has no exit code of its own has 8 then. The copy needs as much free space among
the temporary files as the graph has.`,
		Example: `  entente diff talks.yaml --graph DIR
  entente diff talks.csv people.yaml --graph DIR --stat --exit-code`,
		GroupID: "data",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d := &differing{loading: loading{opener: a.opener(), dataset: dataset, with: with, strict: strict, replace: replace}}
			args, err := d.inputs(cmd, args)
			if err != nil {
				return err
			}
			if err := d.readMaps(cmd, maps, from, sheet, texts); err != nil {
				return err
			}
			if err := d.group(args); err != nil {
				return err
			}
			d.numbered = len(d.groups) > 1
			differs, err := d.run(cmd.Context(), a.output(cmd), stat)
			if exitCode {
				return exitOfDiff(differs, err)
			}
			return err
		},
	}
	f := cmd.Flags()
	f.BoolVar(&stat, "stat", false, "only count the changes")
	f.BoolVar(&exitCode, "exit-code", false, "exit with 1 if there are differences")
	f.StringVar(&dataset, "dataset", "", "`NAME` of the dataset (default: the file's or folder's name)")
	f.StringArrayVar(&with, "with", nil, "names and source keys may also be of this `DATASET` of the graph; repeatable")
	mapFlags(f, &maps, &from, &sheet)
	textFlag(f, &texts)
	settingFlag(f, "with-all")
	settingFlag(f, "max-errors")
	settingFlag(f, "memory")
	f.BoolVar(&strict, "strict-names", false, "reject an id that is made from a name, if another dataset has the same id")
	f.BoolVar(&replace, "replace", false, "compare with a dataset of the same name even if it is from another path or was changed by hand")
	f.Bool("accept-loss", false, "compare with a graph even if its last change may be lost")
	rowFlags(cmd)
	return reading(cmd)
}

// errDiffers is the error of diff --exit-code if there are differences.
var errDiffers = errors.New("there are differences")

// errDiff is wrapped by an error of diff --exit-code that has no exit code of its own.
var errDiff = errors.New("diff")

// exitOfDiff returns the error of diff --exit-code.
func exitOfDiff(differs bool, err error) error {
	switch {
	case err != nil && exitCode(err) == exitFailure:
		return codedError{err, errDiff}
	case err != nil || !differs:
		return err
	}
	return errDiffers
}

// codedError is an error with the exit code of a sentinel.
type codedError struct {
	error
	as error
}

func (e codedError) Is(target error) bool { return target == e.as }
func (e codedError) Unwrap() error        { return e.error }

// run lists the changes of all inputs, and reports whether there are any.
func (d *differing) run(ctx context.Context, out *output.Writer, stat bool) (differs bool, err error) {
	if d.vocabulary, err = d.opener.vocabulary(); err != nil {
		return false, err
	}
	if d.list, err = changes.NewList(out, stat), d.opener.checkSource(); err != nil {
		return false, err
	}
	err = d.withBase(ctx, func(g *graph.Graph) error {
		d.graph = g
		defer d.closeCopy()
		if err := g.CheckDatasets(ctx, d.with...); err != nil {
			return err
		}
		inputs, err := d.open(ctx)
		if err != nil {
			return err
		}
		if g.Dir() == "" && len(d.opener.config.In) == 0 {
			d.opener.console.warn("%s has no graph: everything would be new", d.opener.config.Graph)
		}
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(heapOf(d.opener.config.Memory)))
		return d.list.Write(ctx, func() error { return d.diffAll(ctx, inputs) })
	})
	return d.list.Total() > 0, err
}

// withBase calls fn with the graph, or with an empty one if there is no graph yet.
func (d *differing) withBase(ctx context.Context, fn func(*graph.Graph) error) error {
	c := d.opener.config
	if c.Graph == "" || graph.Exists(c.Graph) {
		return d.opener.withGraph(ctx, func(g *graph.Graph) error {
			if err := g.Stale(); err != nil && !c.AcceptLoss {
				return staleHint(err)
			}
			return fn(g)
		})
	}
	g, err := graph.Open(ctx, "", &graph.Options{Vocabulary: d.vocabulary, Memory: int64(c.Memory) << 19})
	if err != nil {
		return err
	}
	return errors.Join(fn(g), g.Close())
}

func (d *differing) closeCopy() {
	if d.copied != nil {
		_ = d.copied.Close() // a temporary graph, of which nothing is needed any more
	}
}

func (d *differing) diffAll(ctx context.Context, inputs []*loaders.Input) error {
	for _, in := range inputs {
		d.own = append(d.own, in.Dataset)
	}
	for i, in := range inputs {
		d.current = in
		if d.numbered {
			d.list.Input = in.Path
		}
		if err := d.diffInput(ctx, in, i == len(inputs)-1); err != nil {
			return err
		}
	}
	return nil
}

// diffInput tries the load of one input, as [loading.loadInput] does it, and lists what it
// changes.
func (d *differing) diffInput(ctx context.Context, in *loaders.Input, last bool) error {
	if err := d.useAll(ctx, d.graph); err != nil {
		return err
	}
	same, err := d.graph.PrepareInput(ctx, in, d.options(ctx))
	if d.with = nil; err != nil {
		return replaceError(err, in)
	}
	if same {
		return d.noteSame(ctx, in, last)
	}
	s, err := graph.StageInput(ctx, in, d.options(ctx))
	if err = d.summarizeRejected(s.Report(), err); err != nil {
		d.noteMapping(in)
		return err
	}
	defer s.Close()
	if err := d.copyGraph(ctx); err != nil {
		return err
	}
	difference, report, err := diff.Commit(ctx, d.graph, s)
	if err = d.summarizeRejected(report, replaceError(err, in)); err != nil {
		return err
	}
	defer difference.Close()
	d.printNotes(in, report)
	d.noteDeltas(in)
	d.noteMapping(in)
	difference.Bare = d.list.IsFull()
	for c, err := range difference.Changes(ctx) {
		if err == nil {
			showPlaces(&c)
			err = d.list.Add(&c)
			difference.Bare = d.list.IsFull()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// showPlaces makes the paths of inputs in a change relative to the current folder.
func showPlaces(c *diff.Change) {
	for i := range c.Fields {
		if f := &c.Fields[i]; c.What == diff.Dataset && f.Name == diff.Origin {
			f.Before, f.After = relativeOrigin(f.Before), relativeOrigin(f.After)
		}
	}
}

func relativeOrigin(origin string) string {
	if origin == "" {
		return ""
	}
	return shownPlace(origin)
}

// noteSame notes what was changed by hand in a dataset whose input is loaded already.
func (d *differing) noteSame(ctx context.Context, in *loaders.Input, last bool) error {
	edits, err := d.graph.Edits(ctx, in.Dataset)
	if err == nil && !last {
		err = graph.ReadNames(ctx, in)
	}
	noteEdits(d.opener.console.warn, in, edits)
	return err
}

// copyGraph makes a copy of a graph that is open for reading only.
func (d *differing) copyGraph(ctx context.Context) (err error) {
	if !d.graph.ReadOnly() {
		return nil // a temporary graph
	}
	c := d.opener.config
	d.copied, err = graph.Copy(ctx, d.graph, &graph.Options{Vocabulary: d.vocabulary, Memory: int64(c.Memory) << 19, AcceptLoss: c.AcceptLoss})
	if err == nil {
		d.graph = d.copied
	}
	return err
}
