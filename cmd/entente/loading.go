package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/entente-kg/entente/cmd/entente/internal/deltas"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// group groups the paths of inputs and deltas. Paths may be patterns.
func (l *loading) group(paths []string) error {
	paths, err := expand(paths)
	if err != nil {
		return err
	}
	l.groups = deltas.Groups(paths, func(path string) bool {
		return path != "-" && loaders.IsDelta(path, &loaders.Options{From: l.from, Mapping: l.mapping, Encoding: l.opener.config.Encoding})
	})
	if l.dataset != "" && len(l.groups) > 1 {
		return usagef("--dataset needs a single input, but got %d", len(l.groups))
	}
	return nil
}

// open opens all inputs before it loads any, so that a wrong path changes nothing.
func (l *loading) open(ctx context.Context) ([]*loaders.Input, error) {
	defer l.noteRecognized()
	var inputs []*loaders.Input
	known := loaders.NewNames()     // an input may use the names of the inputs before it
	seen := make(map[string]string) // the path of each dataset
	for _, group := range l.groups {
		in, err := l.openGroup(ctx, group, &loaders.Options{Vocabulary: l.vocabulary, Known: known, Dataset: l.dataset, Mapping: l.mapping,
			Dates: l.opener.config.Dates, Encoding: l.opener.config.Encoding})
		if err != nil {
			return nil, err
		}
		before, again := seen[in.Dataset]
		switch {
		case again && samePath(before, in.Path) && len(group.Deltas) == 0:
			continue
		case again:
			return nil, sameDatasetError(before, in.Path, in.Dataset)
		}
		seen[in.Dataset] = in.Path
		inputs = append(inputs, in)
	}
	return inputs, nil
}

// openGroup opens an input with its deltas.
func (l *loading) openGroup(ctx context.Context, group deltas.Group, opts *loaders.Options) (in *loaders.Input, err error) {
	if len(group.Deltas) == 0 {
		return l.openOne(group.Path, opts)
	}
	opts.From = l.from
	var stored []schema.Part
	if group.Path == "" && !l.alone {
		if stored, err = l.partsFor(ctx, group.Deltas[0]); err != nil {
			return nil, err
		}
	}
	return l.noteFormats(deltas.Open(group, stored, opts))
}

// openOne opens a file, a folder or the standard input.
func (l *loading) openOne(path string, opts *loaders.Options) (*loaders.Input, error) {
	opts.Contexts = l.contexts
	opts.Texts = l.texts
	if opts.From, opts.Sheet = l.from, l.sheet; path == "-" && l.streams {
		return l.noteFormats(loaders.OpenStream(l.opener.console.in, l.format, opts))
	}
	in, err := loaders.Open(path, opts)
	if err != nil && path == "-" {
		err = schema.WithHint(err, func() string { return "only entente load, check and diff read the standard input" })
	}
	return l.noteFormats(in, err)
}

// besideHeap is the part of the memory of a load, in MiB, that is not its heap: the program
// itself, and the pages of files that are mapped at one time.
const besideHeap = 48

// heapOf returns how many bytes of the memory of a load, in MiB, its heap may use.
func heapOf(memory int) int64 { return int64(max(memory-besideHeap, memory/4*3)) << 20 }

// limitHeap keeps the heap within a limit until the returned function is called. Where what
// is in use alone comes near the limit, as the names of very many entities do, the limit
// is half as much again: otherwise most of the time would be garbage collection.
func limitHeap(limit int64) (end func()) {
	before := debug.SetMemoryLimit(limit)
	stop := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		for tick := time.NewTicker(time.Second / 4); ; {
			select {
			case <-stop:
				tick.Stop()
				return
			case <-tick.C:
				metrics.Read(live)
				if need := int64(live[0].Value.Uint64() / 2 * 3); need > debug.SetMemoryLimit(-1) {
					debug.SetMemoryLimit(need)
				}
			}
		}
	})
	return func() {
		close(stop)
		done.Wait()
		debug.SetMemoryLimit(before)
	}
}

// options returns the options of all inputs. Three eighths of the memory are for sorting;
// records, and what the garbage collector has not freed yet, need the rest.
func (l *loading) options(ctx context.Context) *graph.LoadOptions {
	return &graph.LoadOptions{
		With: l.with, Replace: l.replace, StrictNames: l.strict, OnReject: func(err error) { l.reject(ctx, err) },
		MaxErrors: l.opener.config.MaxErrors, Memory: int64(l.opener.config.Memory) << 20 / 8 * 3,
	}
}

// summarizeRejected counts the rejected rows that were not printed. If err is that the
// input was rejected, it returns a shorter error.
func (l *loading) summarizeRejected(report graph.Report, err error) error {
	if extra := l.rejected - maxShown; extra > 0 {
		l.opener.console.warn("%s not shown", phrase.Plural(extra, "more rejected row"))
	}
	l.rejected = 0
	l.noteFolded()
	if errors.Is(err, graph.ErrRejected) {
		err = fmt.Errorf("%s: nothing was loaded: %w", report.Dataset, l.countRejected(report, err))
	}
	return err
}

// countRejected returns an error with the number of bad rows in place of their errors, which
// are printed already.
func (l *loading) countRejected(report graph.Report, err error) error {
	rejected := report.Rejected
	for _, r := range report.Restored {
		rejected += r.Rejected
	}
	return rejection{errors.New(phrase.Counted(rejected, "row is bad", "rows are bad")), err}
}

// rejection is an error with a shorter text than its cause, and without a hint: the
// hints of the rows are printed already.
type rejection struct {
	error
	cause error
}

func (r rejection) Hint() string  { return "" }
func (r rejection) Unwrap() error { return r.cause }

// reject prints all problems of one rejected row, and writes the row to the file of
// --rejects.
func (l *loading) reject(ctx context.Context, err error) {
	l.noteUnfound(l.current)
	if l.rejected++; l.rejected <= maxShown {
		for _, p := range loaders.Problems(err) {
			if l.isRepeated(p.Err) {
				l.folded++
				continue
			}
			fmt.Fprintln(l.opener.console.errs, render.Clean(p.Error()))
			hint := l.elsewhere(ctx, p, func(fn func(*graph.Graph) error) error { return l.withReader(ctx, fn) })
			if hint = cmp.Or(hint, p.Hint()); hint != "" && hint != l.hint {
				fmt.Fprintln(l.opener.console.errs, "  hint: "+render.Clean(hint))
				l.hint = hint
			}
		}
	}
	row := (*schema.RowError)(nil)
	if l.rejects == nil || !errors.As(err, &row) {
		return
	}
	l.rejects.Add(l.current, row)
}

// shownPlace returns the path of an input relative to the current folder.
func shownPlace(place string) string {
	if place == "-" || place == loaders.StreamOrigin {
		return "the " + loaders.StandardInput
	}
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

// samePath reports whether two paths lead to the same file or folder.
func samePath(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// sameNameHint is the hint for an input with the name of a dataset from another path.
const sameNameHint = "to keep both, load this input with --dataset NAME; to replace the other, use --replace"

// replaceError rewrites an error about a dataset that an input would replace, with
// paths relative to the current folder. It returns other errors unchanged.
func replaceError(err error, in *loaders.Input) error {
	e := (*graph.PlaceError)(nil)
	if !errors.As(err, &e) {
		return editsError(err, in)
	}
	was := "loaded from an unknown path"
	if e.Old != "" {
		was = "loaded from " + shownPlace(e.Old) + titled(e.OldTitle)
	}
	now := shownPlace(e.New) + titled(e.NewTitle)
	hint := sameNameHint
	if e.Carried {
		hint = fmt.Sprintf("%s contains a dataset of this name; to replace the other, load with --replace; to keep both, load into another graph", in.Path)
	}
	text := fmt.Errorf("the graph has a dataset %q, %s: %s would replace it", e.Dataset, was, now)
	return schema.WithHint(placeError{text, err}, func() string { return hint })
}

func titled(title string) string {
	if title = strings.TrimSpace(title); title == "" {
		return ""
	}
	return fmt.Sprintf(" (“%s”)", title)
}

// placeError is an error with another text than its cause.
type placeError struct {
	error
	cause error
}

func (e placeError) Unwrap() error { return e.cause }

// sameDatasetError returns the error of two inputs with the same dataset name in one
// command.
func sameDatasetError(a, b, dataset string) error {
	err := inputError{fmt.Errorf("%s and %s would both become the dataset %q, and one would replace the other", a, b, dataset)}
	return schema.WithHint(err, func() string {
		return "load them one by one, with --dataset NAME to keep both, or with --replace to keep only the last; or rename one of the files"
	})
}

// editsError adds a hint to the error of a load that would undo changes made by hand.
func editsError(err error, in *loaders.Input) error {
	e := (*graph.EditsError)(nil)
	if !errors.As(err, &e) {
		return err
	}
	return schema.WithHint(err, func() string {
		last := in.Files[len(in.Files)-1]
		if loaders.HasDelta(in, last) {
			return fmt.Sprintf("load %s with --replace to undo these changes", last)
		}
		hint := fmt.Sprintf("load %s with --replace to undo these changes", shownPlace(in.Path))
		if !e.Carried {
			hint += "; to keep both, load it with --dataset NAME"
		}
		return hint
	})
}

// printNotes prints the notes of a report.
func (l *loading) printNotes(in *loaders.Input, report graph.Report) {
	var notes []string
	if report.Empty {
		notes = append(notes, in.Path+" is empty")
	} else if report.Facts+report.Entities+report.Documents+report.Statements+report.Rejected+len(report.Restored) == 0 {
		notes = append(notes, in.Path+" has no rows: the dataset is empty")
	}
	for _, r := range append(report.Restored, report) {
		notes = append(notes, notesOf(r)...)
	}
	for i, note := range notes {
		if i == maxShown {
			l.opener.console.warn("%s not shown", phrase.Plural(len(notes)-maxShown, "more note"))
			break
		}
		l.opener.console.warn("%s", note)
	}
	noteUndone(l.opener.console.warn, report)
	noteDangling(l.opener.console.warn, report)
}

func notesOf(report graph.Report) (notes []string) {
	if n := report.Sideless; n > 0 {
		notes = append(notes, fmt.Sprintf("%s more than two parties without sides, so each party gets an edge with each other party; the first is at %v. "+
			"If there were two sides, write them as in: A and B negotiated with C and D", phrase.Counted(n, "fact has", "facts have"), report.FirstSideless))
	}
	if n := report.KeptOut; n > 0 {
		notes = append(notes, fmt.Sprintf("kept out %s that a review has rejected: entente review --decisions", phrase.Plural(n, "fact")))
	}
	if len(report.ByName) > 0 {
		notes = append(notes, byNameNote(report.ByName))
	}
	for _, n := range report.Namesakes {
		notes = append(notes, fmt.Sprintf("%s has the id %s here and %s in other datasets: if it is the same entity, give it the id %s here", n.Label, n.ID, n.Other, n.Other))
	}
	for _, d := range report.Differences {
		notes = append(notes, fmt.Sprintf("%s has %s %s in %s and %s in %s", d.ID, d.What, d.Here, report.Dataset, d.There, d.Dataset))
	}
	return notes
}

// byNameShown is the largest number of names that a note gives as examples.
const byNameShown = 3

// byNameNote returns one note for all entities and documents of a dataset that a load
// has matched by name with other datasets. There is at least one. The examples are
// entities first, then documents.
func byNameNote(matches []graph.ByName) string {
	var entities, documents, datasets []string
	for _, m := range matches {
		named := fmt.Sprintf("%s (%s)", m.Label, m.ID)
		if schema.KindOf(m.ID) == schema.Doc {
			documents = append(documents, named)
		} else {
			entities = append(entities, named)
		}
		datasets = append(datasets, m.Datasets...)
	}
	slices.Sort(datasets)
	examples, more := append(entities, documents...), ""
	if n := len(examples) - byNameShown; n > 0 {
		examples, more = examples[:byNameShown], fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("%s the same as in %s: %s%s; if one means something else here, give it an id of its own",
		phrase.Counted(len(matches), "name means", "names mean"), datasetList(slices.Compact(datasets)), phrase.List(examples), more)
}

// datasetList returns names of datasets for a sentence: "dataset a", "datasets a, b".
func datasetList(names []string) string {
	if len(names) == 1 {
		return "dataset " + names[0]
	}
	return "datasets " + strings.Join(names, ", ")
}

// noteDangling says how many facts refer to facts that are not in the graph.
func noteDangling(note func(string, ...any), report graph.Report) {
	n := len(report.Dangling)
	for _, r := range report.Restored {
		n += len(r.Dangling)
	}
	if n > 0 {
		note("%s that no dataset contains", phrase.Counted(n, "fact refers to facts", "facts refer to facts"))
	}
}

// noteEdits prints what was changed by hand in a dataset whose input is loaded already.
func noteEdits(note func(string, ...any), in *loaders.Input, edits graph.Edits) {
	if edits.Len() > 0 {
		note("dataset %s was changed by hand since it was loaded: %v; load %s with --replace to undo these changes", in.Dataset, edits, shownPlace(in.Path))
	}
}

// noteUndone prints which changes made by hand a load has undone.
func noteUndone(note func(string, ...any), report graph.Report) {
	for _, r := range append(report.Restored, report) {
		if r.Undone.Len() > 0 {
			note("the load has undone the changes made by hand in dataset %s: %v", r.Dataset, r.Undone)
		}
	}
}
