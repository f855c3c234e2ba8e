package main

import (
	"bufio"
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// maxShown is how many rejected rows are printed; the rest are counted.
const maxShown = 20

// loading is one run of load, over several inputs.
type loading struct {
	opener     *opener
	vocabulary *schema.Vocabulary
	with       []string // datasets of the graph whose names the inputs may use
	dataset    string   // name to give, instead of the input's own
	strict     bool
	replace    bool          // also what came from elsewhere
	rejects    *bufio.Writer // nil where no reject file is named
	rejected   int
	hint       string // the last one told
}

func loadCommand(a *app) *cobra.Command {
	var dataset, rejects string
	var with []string
	var strict, replace bool
	cmd := &cobra.Command{
		Use:   "load PATH... --graph DIR",
		Short: "Load facts into a graph, which is made if there is none",
		Long: `Load reads each file or folder as one dataset and puts it into the graph, in
place of the dataset of that name if there is one: all of it or, where a row is
bad, nothing. The same input again does nothing. N-Quads that export wrote bring
back the datasets that they were.

A dataset remembers the file or folder that it came from, and is not replaced by
one of the same name from another place: --dataset NAME keeps both, --replace puts
one in the place of the other. Paths are compared as what symbolic links lead to,
and count from the graph's folder, which may be moved together with its inputs.

Entities are counted where a dataset declares them, documents apart from them, and
names that it uses of other datasets not at all: so do datasets and stats. An entity
that two datasets declare counts in both, and once in stats.

Names in a file mean what the file declares, what the files before it on the
command line declare, and what the datasets of --with declare.`,
		GroupID: "data",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if dataset != "" && len(args) > 1 {
				return usagef("--dataset names one input, and there are %d", len(args))
			}
			l := &loading{opener: a.opener(), dataset: dataset, with: with, strict: strict, replace: replace}
			return l.run(cmd.Context(), a.output(cmd), args, rejects)
		},
	}
	f := cmd.Flags()
	f.StringVar(&dataset, "dataset", "", "`NAME` of the dataset (default: the file's or folder's name)")
	f.StringArrayVar(&with, "with", nil, "names may also mean what this `DATASET` of the graph declares; repeatable")
	settingFlag(f, "max-errors")
	settingFlag(f, "memory")
	f.StringVar(&rejects, "rejects", "", "write every rejected row to `FILE`; - for standard output")
	f.BoolVar(&strict, "strict-names", false, "reject an id made from a name that another dataset has too")
	f.BoolVar(&replace, "replace", false, "replace a dataset of the same name that came from another place, or was changed by hand")
	writerFlags(f)
	outputFlags(cmd)
	return cmd
}

func (l *loading) run(ctx context.Context, out *output.Writer, paths []string, rejects string) (err error) {
	if l.vocabulary, err = l.opener.vocabulary(); err != nil {
		return err
	}
	if l.opener.config.Graph == "" {
		return usagef("say which graph: --graph DIR")
	}
	if err := l.check(ctx); err != nil {
		return err
	}
	inputs, err := l.open(paths)
	if err != nil {
		return err
	}
	if rejects == "-" {
		l.rejects = bufio.NewWriter(l.opener.console.out)
		defer func() { err = errors.Join(err, l.rejects.Flush()) }()
	} else if rejects != "" {
		d, err := output.Open(ctx, rejects, partOfGraph)
		if err != nil {
			return err
		}
		l.rejects = d.Writer
		defer func() { err = errors.Join(err, d.Keep()) }()
	}
	t := &output.Answer{Columns: []string{"dataset", "result", "entities", "documents", "facts", "repeated", "rejected", "quads added", "removed", "statements", "sideless", "first sideless"},
		Hidden: []string{"sideless", "first sideless"}}
	for i, in := range inputs {
		if err = l.put(ctx, in, t, i == len(inputs)-1); err != nil {
			break
		}
	}
	if len(t.Rows) == 0 {
		return err
	}
	return errors.Join(out.Print(ctx, t), err)
}

// put loads one input into the graph, and adds rows about it. It reads the input
// before it opens the graph for writing, so that others may use the graph
// meanwhile.
func (l *loading) put(ctx context.Context, in *loaders.Input, t *output.Answer, last bool) error {
	same, err := l.prepare(ctx, in)
	if err != nil {
		return err
	}
	if same {
		if !last {
			err = graph.ReadNames(ctx, in)
		}
		addReport(t, graph.Report{Dataset: in.Dataset, Unchanged: true})
		return err
	}
	s, err := graph.StageInput(ctx, in, l.options())
	if err = l.summarizeRejected(s.Report(), err); err != nil {
		return err
	}
	defer s.Close()
	return l.opener.withWriter(ctx, true, func(g *graph.Graph) error {
		report, err := g.Commit(ctx, s)
		if err = l.summarizeRejected(report, elsewhere(err, in)); err != nil {
			return err
		}
		l.printNotes(in, report)
		addReport(t, report)
		return nil
	})
}

// prepare lets the input be read with the vocabulary and the names of the graph, if
// there is one, and reports whether the graph has the input as it is. What came from
// elsewhere is an error before the input is read as a whole.
func (l *loading) prepare(ctx context.Context, in *loaders.Input) (same bool, err error) {
	if !graph.Exists(l.opener.config.Graph) {
		return false, nil
	}
	err = l.reading(ctx, func(g *graph.Graph) error {
		same, err = g.PrepareInput(ctx, in, l.options())
		if err != nil || !same {
			return elsewhere(err, in)
		}
		edits, err := g.Edits(ctx, in.Dataset)
		noteEdits(l.opener.console.warn, in, edits)
		return err
	})
	if errors.Is(err, graph.ErrNoGraph) {
		err = nil // another process discarded it while it was waited for: the load makes one
	}
	l.with = nil // the inputs that follow share the names
	return same, err
}

// check finds what is wrong with the graph, or with the datasets of --with, before
// any input is opened.
func (l *loading) check(ctx context.Context) error {
	err := l.reading(ctx, func(g *graph.Graph) error { return g.CheckDatasets(ctx, l.with...) })
	if errors.Is(err, graph.ErrNoGraph) && len(l.with) == 0 {
		return nil
	}
	return err
}

// addReport adds a row for each dataset that a load was about.
func addReport(t *output.Answer, r graph.Report) {
	result := "loaded"
	if r.Unchanged {
		result = "unchanged"
	}
	if r.Empty {
		result = "empty"
	}
	if len(r.Restored) == 0 || r.Added+r.Removed+r.Rejected > 0 {
		t.Add(r.Dataset, result, r.Entities, r.Documents, r.Facts, r.Repeated, r.Rejected, r.Added, r.Removed, r.Statements, r.Sideless, r.FirstSideless.String())
	}
	for _, restored := range r.Restored {
		addReport(t, restored)
	}
}

// reading calls fn with the graph, open for reading.
func (l *loading) reading(ctx context.Context, fn func(*graph.Graph) error) error {
	g, err := graph.Open(ctx, l.opener.config.Graph, &graph.Options{Vocabulary: l.vocabulary, ReadOnly: true, Wait: l.opener.config.Wait})
	if err != nil {
		return err
	}
	if err = g.Stale(); err == nil || l.opener.config.AcceptLoss {
		err = fn(g)
	}
	return errors.Join(staleHint(err), g.Close())
}
