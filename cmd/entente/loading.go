package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// open opens all inputs before any is loaded, so that a mistaken path changes
// nothing.
func (l *loading) open(paths []string) ([]*loaders.Input, error) {
	var inputs []*loaders.Input
	known := loaders.NewNames()     // each input may use the names of those before it
	seen := make(map[string]string) // the path of each dataset
	for _, path := range paths {
		in, err := loaders.Open(path, &loaders.Options{Vocabulary: l.vocabulary, Known: known, Dataset: l.dataset})
		if err != nil {
			return nil, err
		}
		before, again := seen[in.Dataset]
		switch {
		case again && samePath(before, path):
			continue
		case again:
			return nil, sameDatasetError(before, path, in.Dataset)
		}
		seen[in.Dataset] = path
		inputs = append(inputs, in)
	}
	return inputs, nil
}

// options are how inputs are loaded.
func (l *loading) options() *graph.LoadOptions {
	return &graph.LoadOptions{
		With: l.with, Replace: l.replace, StrictNames: l.strict, OnReject: l.reject,
		MaxErrors: l.opener.config.MaxErrors, Memory: int64(l.opener.config.Memory) << 20,
	}
}

// summarizeRejected says of rejected rows what was not said yet.
func (l *loading) summarizeRejected(report graph.Report, err error) error {
	if extra := l.rejected - maxShown; extra > 0 {
		l.opener.console.warn("%s not shown", phrase.Plural(extra, "more rejected row"))
	}
	l.rejected = 0
	if errors.Is(err, graph.ErrRejected) {
		err = fmt.Errorf("%s: nothing was loaded: %w", report.Dataset, l.count(report, err))
	}
	return err
}

// count says how many rows were bad, since each has been told of.
func (l *loading) count(report graph.Report, err error) error {
	rejected := report.Rejected
	for _, r := range report.Restored {
		rejected += r.Rejected
	}
	return rejection{errors.New(phrase.Counted(rejected, "row is bad", "rows are bad")), err}
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
		fmt.Fprintln(l.opener.console.errs, render.Clean(err.Error()))
		if hint := schema.Hint(err); hint != "" && hint != l.hint {
			fmt.Fprintln(l.opener.console.errs, "  hint: "+render.Clean(hint))
			l.hint = hint
		}
	}
	row := (*schema.RowError)(nil)
	if l.rejects == nil || !errors.As(err, &row) {
		return
	}
	fmt.Fprintf(l.rejects, "# %s\n%s\n", strings.ReplaceAll(err.Error(), "\n", " "), strings.TrimRight(row.Text, "\r\n"))
}

// printNotes prints what a load decided, or found, about who is who.
func (l *loading) printNotes(in *loaders.Input, report graph.Report) {
	var notes []string
	if report.Empty {
		notes = append(notes, in.Path+": nothing is in it")
	}
	for _, r := range append(report.Restored, report) {
		notes = append(notes, notesOf(r)...)
	}
	for i, note := range notes {
		if i == maxShown {
			l.opener.console.warn("and %d more such notes", len(notes)-maxShown)
			break
		}
		l.opener.console.warn("%s", note)
	}
	noteUndone(l.opener.console.warn, report)
	noteDangling(l.opener.console.warn, report)
}

func notesOf(report graph.Report) (notes []string) {
	if n := report.Sideless; n > 0 {
		notes = append(notes, fmt.Sprintf("%s more than two parties and no sides, so that each is linked with each, at %v first: "+
			"where there were sides write them, as in A and B negotiated with C and D", phrase.Counted(n, "fact names", "facts name"), report.FirstSideless))
	}
	for _, n := range report.ByName {
		notes = append(notes, fmt.Sprintf("%s (%s) is taken by its name for the one in %s", n.Label, n.ID, strings.Join(n.Datasets, ", ")))
	}
	for _, n := range report.Namesakes {
		notes = append(notes, fmt.Sprintf("%s is %s here and %s in other datasets: if they are one, give it id: %s", n.Label, n.ID, n.Other, n.Other))
	}
	for _, d := range report.Differences {
		notes = append(notes, fmt.Sprintf("%s has %s %s in %s and %s in %s", d.ID, d.What, d.Here, report.Dataset, d.There, d.Dataset))
	}
	return notes
}

// noteDangling says how many facts refer to facts that are not in the graph.
func noteDangling(note func(string, ...any), report graph.Report) {
	n := len(report.Dangling)
	for _, r := range report.Restored {
		n += len(r.Dangling)
	}
	if n > 0 {
		note("%s refer to facts that nobody tells", phrase.Plural(n, "fact"))
	}
}

// shownPlace is the place of an input as seen from the current folder.
func shownPlace(place string) string {
	if !filepath.IsAbs(place) {
		return place
	}
	here, err := os.Getwd()
	if err != nil {
		return place
	}
	if real, err := filepath.EvalSymlinks(here); err == nil {
		here = real
	}
	if relative, err := filepath.Rel(here, place); err == nil {
		return relative
	}
	return place
}

// samePath reports whether two paths lead to one file or folder.
func samePath(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// waysOut are what a person can do about two inputs of one name.
const waysOut = "to keep both, load this one with --dataset NAME; to replace the other, with --replace"

// elsewhere says of an input that it would replace a dataset of another place,
// with paths as seen from here.
func elsewhere(err error, in *loaders.Input) error {
	e := (*graph.PlaceError)(nil)
	if !errors.As(err, &e) {
		return undoes(err, in)
	}
	was := "of which the graph does not know where it was loaded from"
	if e.Old != "" {
		was = "loaded from " + shownPlace(e.Old) + titled(e.OldTitle)
	}
	now := shownPlace(e.New) + titled(e.NewTitle)
	hint := waysOut
	if e.Carried {
		hint = fmt.Sprintf("%s brings the dataset under this name; to replace the other, load it with --replace; to keep both, load it into another graph", in.Path)
	}
	said := fmt.Errorf("there is a dataset %q, %s, which %s would replace", e.Dataset, was, now)
	return schema.WithHint(placeError{said, err}, func() string { return hint })
}

func titled(title string) string {
	if title = strings.TrimSpace(title); title == "" {
		return ""
	}
	return fmt.Sprintf(" (“%s”)", title)
}

// placeError has a text of its own in place of that of its cause.
type placeError struct {
	error
	cause error
}

func (e placeError) Unwrap() error { return e.cause }

// sameDatasetError refuses two inputs of one name in one command.
func sameDatasetError(a, b, dataset string) error {
	err := inputError{fmt.Errorf("%s and %s would both be dataset %q, and one would replace the other", a, b, dataset)}
	return schema.WithHint(err, func() string {
		return "load them one by one, with --dataset NAME to keep both or with --replace to keep the last; or rename one"
	})
}
