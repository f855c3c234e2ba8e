package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// result is one pair of a sequence that was read ahead.
type result struct {
	record schema.Record
	err    error
}

// open opens all inputs before any is loaded, so that a mistaken path changes
// nothing.
func (l *loading) open(paths []string) ([]*loaders.Input, error) {
	var inputs []*loaders.Input
	seen := make(map[string]string) // the path of each dataset
	for _, path := range paths {
		in, err := loaders.Open(path, &loaders.Options{Vocabulary: l.vocabulary, Known: l.known, Dataset: l.dataset})
		if err != nil {
			return nil, inputError{err}
		}
		if before, ok := seen[in.Dataset]; ok {
			return nil, inputError{fmt.Errorf("%s and %s would both be dataset %q: rename one", before, path, in.Dataset)}
		}
		seen[in.Dataset] = path
		inputs = append(inputs, in)
	}
	return inputs, nil
}

// staged is an input that was read as a whole, before the graph is locked.
type staged struct {
	*loaders.Input
	names   string // digest of the names that it could use
	results []result
}

func (l *loading) stage(ctx context.Context, in *loaders.Input) (*staged, error) {
	s := &staged{Input: in, names: l.known.Digest()}
	for record, err := range in.Records(ctx) {
		if row := (*schema.RowError)(nil); err != nil && !errors.As(err, &row) {
			return nil, inputError{err}
		}
		s.results = append(s.results, result{record, err})
	}
	return s, nil
}

func (s *staged) replay() iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		for _, r := range s.results {
			if !yield(r.record, r.err) {
				return
			}
		}
	}
}

func (l *loading) load(ctx context.Context, g *graph.Graph, s *staged) (graph.Report, error) {
	report, err := g.Load(ctx, s.Dataset, s.replay(), &graph.LoadOptions{
		Input: s.SHA256, Names: s.names, About: s.About,
		MaxErrors: l.app.config.MaxErrors, StrictNames: l.strict, OnReject: l.reject,
	})
	if extra := l.rejected - maxShown; extra > 0 {
		l.app.warn("%s not shown", plural(extra, "more rejected row"))
	}
	l.rejected = 0
	if errors.Is(err, graph.ErrRejected) {
		err = fmt.Errorf("%s: nothing was loaded: %w", s.Dataset, l.count(report, err))
	}
	return report, err
}

// count says how many rows were bad, since each has been told of.
func (l *loading) count(report graph.Report, err error) error {
	rows := "rows are bad"
	if report.Rejected == 1 {
		rows = "row is bad"
	}
	return rejection{fmt.Errorf("%d %s", report.Rejected, rows), err}
}

// rejection has a shorter text than the error that it stands for, and no hint:
// those of the rows have been told.
type rejection struct {
	error
	cause error
}

func (r rejection) Hint() string  { return "" }
func (r rejection) Unwrap() error { return r.cause }

// reject tells of one rejected row, and puts it into the reject file.
func (l *loading) reject(err error) {
	if l.rejected++; l.rejected <= maxShown {
		fmt.Fprintln(l.app.errs, clean(err.Error()))
		if hint := schema.Hint(err); hint != "" && hint != l.hint {
			fmt.Fprintln(l.app.errs, "  hint: "+clean(hint))
			l.hint = hint
		}
	}
	row := (*schema.RowError)(nil)
	if l.rejects == nil || !errors.As(err, &row) {
		return
	}
	fmt.Fprintf(l.rejects, "# %s\n%s\n", strings.ReplaceAll(err.Error(), "\n", " "), strings.TrimRight(row.Text, "\r\n"))
}

// tell prints what a load decided, or found, about who is who.
func (l *loading) tell(report graph.Report) {
	var notes []string
	for _, n := range report.ByName {
		notes = append(notes, fmt.Sprintf("%s (%s) is taken by its name for the one in %s", n.Label, n.ID, strings.Join(n.Datasets, ", ")))
	}
	for _, n := range report.Namesakes {
		notes = append(notes, fmt.Sprintf("%s is %s here and %s in other datasets: if they are one, give it id: %s", n.Label, n.ID, n.Other, n.Other))
	}
	for _, d := range report.Differences {
		notes = append(notes, fmt.Sprintf("%s has %s %s in %s and %s in %s", d.ID, d.What, d.Here, report.Dataset, d.There, d.Dataset))
	}
	for i, note := range notes {
		if i == maxShown {
			l.app.warn("and %d more such notes", len(notes)-maxShown)
			break
		}
		l.app.warn("%s", note)
	}
	l.app.tellDangling(report)
}

func (a *app) tellDangling(report graph.Report) {
	if n := len(report.Dangling); n > 0 {
		a.warn("%s of other datasets now refer to facts that nobody tells any more", plural(n, "fact"))
	}
}
