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
	known      *loaders.Names
	dataset    string // name to give, instead of the input's own
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
			l := &loading{opener: a.opener(), dataset: dataset, strict: strict, replace: replace, known: loaders.NewNames()}
			return l.run(cmd.Context(), a.output(cmd), args, with, rejects)
		},
	}
	f := cmd.Flags()
	f.StringVar(&dataset, "dataset", "", "`NAME` of the dataset (default: the file's or folder's name)")
	f.StringArrayVar(&with, "with", nil, "names may also mean what this `DATASET` of the graph declares; repeatable")
	settingFlag(f, "max-errors")
	settingFlag(f, "memory")
	f.StringVar(&rejects, "rejects", "", "write every rejected row to `FILE`; - for standard output")
	f.BoolVar(&strict, "strict-names", false, "reject an id made from a name that another dataset has too")
	f.BoolVar(&replace, "replace", false, "replace a dataset of the same name that came from another place")
	writerFlags(f)
	outputFlags(cmd)
	return cmd
}

func (l *loading) run(ctx context.Context, out *output.Writer, paths, with []string, rejects string) (err error) {
	if l.vocabulary, err = l.opener.vocabulary(); err != nil {
		return err
	}
	if l.opener.config.Graph == "" {
		return usagef("say which graph: --graph DIR")
	}
	if err := l.learnVerbs(ctx); err != nil {
		return err
	}
	if err := l.learn(ctx, with); err != nil {
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

// put loads one input into the graph, and adds rows about it.
func (l *loading) put(ctx context.Context, in *loaders.Input, t *output.Answer, last bool) error {
	same, err := l.isLoaded(ctx, in)
	if err != nil {
		return err
	}
	if same && last {
		addReport(t, graph.Report{Dataset: in.Dataset, Unchanged: true})
		return nil
	}
	s, err := l.stage(ctx, in)
	if err != nil {
		return err
	}
	defer s.Close()
	if same {
		addReport(t, graph.Report{Dataset: in.Dataset, Unchanged: true})
		return nil
	}
	return l.opener.withWriter(ctx, true, func(g *graph.Graph) error {
		report, err := g.Commit(ctx, s)
		if err = l.summarizeRejected(report, elsewhere(err, in)); err != nil {
			return err
		}
		l.printNotes(in, report)
		addReport(t, report)
		return l.learnRestored(ctx, g, report)
	})
}

// isLoaded reports whether the graph has the input as it is. What came from
// elsewhere is an error before the input is read as a whole.
func (l *loading) isLoaded(ctx context.Context, in *loaders.Input) (same bool, err error) {
	if !graph.Exists(l.opener.config.Graph) {
		return false, nil
	}
	err = l.reading(ctx, func(g *graph.Graph) error {
		o := l.options(in)
		if same, err = g.IsLoaded(ctx, in.Dataset, o); err != nil || same || in.IsText() {
			return err
		}
		return elsewhere(g.CheckOrigin(ctx, in.Dataset, o), in)
	})
	return same, l.ignoreNoGraph(err)
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

// learnRestored lets the inputs that follow use the names of what was restored.
func (l *loading) learnRestored(ctx context.Context, g *graph.Graph, report graph.Report) error {
	if len(report.Restored) == 0 {
		return nil
	}
	var names []string
	for _, r := range append(report.Restored, report) {
		names = append(names, r.Dataset)
	}
	l.vocabulary = g.Vocabulary()
	return l.learnNames(ctx, g, names)
}

func (l *loading) learnNames(ctx context.Context, g *graph.Graph, datasets []string) error {
	for e, err := range g.Entities(ctx, datasets...) {
		if err != nil {
			return err
		}
		l.known.Add(e)
	}
	return nil
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

// learnVerbs adds the verbs that the graph was loaded with before.
func (l *loading) learnVerbs(ctx context.Context) error {
	if !graph.Exists(l.opener.config.Graph) {
		return nil
	}
	return l.ignoreNoGraph(l.reading(ctx, func(g *graph.Graph) error {
		l.vocabulary = g.Vocabulary()
		return nil
	}))
}

// ignoreNoGraph forgives that there is no graph, which may be discarded by another
// process while it is waited for: the load makes one.
func (l *loading) ignoreNoGraph(err error) error {
	if errors.Is(err, graph.ErrNoGraph) {
		return nil
	}
	return err
}

// learn reads what the names of other datasets mean.
func (l *loading) learn(ctx context.Context, with []string) error {
	if len(with) == 0 {
		return nil
	}
	return l.reading(ctx, func(g *graph.Graph) error {
		if err := knownDatasets(ctx, g, with); err != nil {
			return err
		}
		return l.learnNames(ctx, g, with)
	})
}
