package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/entente-kg/entente/graph/internal/records"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/progress"
)

// Input is one dataset that a loader reads. The type Input of package
// [github.com/entente-kg/entente/loaders] implements it for files and folders.
type Input interface {
	// Source describes the input. Its About is complete after all records were read.
	Source() schema.Source

	// Prepare sets the vocabulary for reading the input, and adds the known entities,
	// to which names in the input may refer; known may be nil. If the caller of the
	// loader has chosen a vocabulary, the input is read with the verbs of both
	// vocabularies.
	Prepare(v *schema.Vocabulary, known iter.Seq2[schema.Entity, error]) error

	// Records yields the records of the input for [Graph.Load].
	Records(ctx context.Context) iter.Seq2[schema.Record, error]
}

// LoadInput loads a file or a folder as the command entente load does: it replaces the
// dataset of the same name, in one transaction. It reads the input with the vocabulary
// of the graph, and stores the hash, the path and the title of the input. If the
// dataset was already loaded from the same bytes with the same names, vocabulary and
// options, LoadInput does not load it again, and the report says Unchanged.
//
// Empty options Input, Origin, Names and About are filled in from the input. Errors
// are errors of [Graph.Load] or of the input. They wrap [ErrElsewhere] if the dataset
// has another origin, [ErrEdited] if the load would undo changes by [Graph.Update],
// and [ErrNotFound] if the graph lacks a dataset of With.
func (g *Graph) LoadInput(ctx context.Context, in Input, opts *LoadOptions) (Report, error) {
	o := opts.orDefault()
	opts = &o
	same, err := g.PrepareInput(ctx, in, opts)
	if err == nil && same {
		err = ReadNames(ctx, in)
	}
	if err != nil || same {
		return reportSame(ctx, g, in.Source().Dataset, same, err)
	}
	s, err := StageInput(ctx, in, opts)
	if err != nil {
		return s.Report(), err
	}
	defer s.Close()
	return g.Commit(ctx, s)
}

// PrepareInput is the first of the three steps of [Graph.LoadInput]; the graph may be
// open for reading only. The other two are [StageInput], which needs no graph, and
// [Graph.Commit]. PrepareInput sets the vocabulary of the graph and the names of the
// datasets of With in the input, and reports whether the input is already loaded. It
// returns an error if the input may not replace its dataset. If StageInput is called with
// the same options, it encodes only the records that the dataset does not have.
func (g *Graph) PrepareInput(ctx context.Context, in Input, opts *LoadOptions) (same bool, err error) {
	with := opts.orDefault().With
	if err := g.CheckDatasets(ctx, with...); err != nil {
		return false, err
	}
	var known iter.Seq2[schema.Entity, error]
	if len(with) > 0 {
		known = g.Entities(ctx, with...)
	}
	v, err := VocabularyFor(ctx, g, in.Source().Dataset)
	if err != nil {
		return false, err
	}
	if err := in.Prepare(v, known); err != nil {
		return false, err
	}
	if err := prepareSources(ctx, g, in, with); err != nil {
		return false, err
	}
	source := in.Source()
	o := opts.forSource(source)
	if err := checkDataset(source.Dataset); err != nil {
		return false, err
	}
	same, err = g.isLoaded(ctx, source.Dataset, &o, source.Vocabulary)
	if err != nil || same || source.IsText {
		return same, err
	}
	if opts != nil {
		if opts.reviews, err = reviewsOf(ctx, g); err != nil {
			return false, err
		}
	}
	if opts != nil && !o.StrictNames {
		if opts.stored, err = storedRecords(ctx, g, source.Dataset, source.Vocabulary); err != nil {
			return false, err
		}
	}
	return false, checkOrigin(ctx, g, source.Dataset, o)
}

// sourceCiter is an input that may cite documents by the keys of other datasets.
type sourceCiter interface {
	PrepareSources(keys iter.Seq2[string, schema.ID])
}

// prepareSources adds the keys of the sources of other datasets to an input.
func prepareSources(ctx context.Context, g *Graph, in Input, with []string) error {
	c, ok := in.(sourceCiter)
	if !ok || len(with) == 0 {
		return nil
	}
	keys, err := SourceKeys(ctx, g, with...)
	if err != nil || len(keys) == 0 {
		return err
	}
	c.PrepareSources(func(yield func(string, schema.ID) bool) {
		for _, k := range keys {
			if !yield(k.Key, k.Document) {
				return
			}
		}
	})
	return nil
}

// StageInput reads an input and makes every check that does not need a graph. The
// returned [Staged] is never nil: after an error it is closed and still has a report.
func StageInput(ctx context.Context, in Input, opts *LoadOptions) (*Staged, error) {
	source := in.Source()
	o := opts.forSource(source)
	if o.stored != nil {
		if s := stageChanges(ctx, in, o); s != nil {
			return s, nil
		}
	}
	return stageAll(ctx, in, o)
}

// stageAll stages all records of an input.
func stageAll(ctx context.Context, in Input, o LoadOptions) (*Staged, error) {
	source := in.Source()
	s, err := stage(ctx, source.Vocabulary, source.Dataset, recordsOf(ctx, in, &o), &o)
	s.input = in
	return s, err
}

// recordsOf yields the records of an input. At the end it sets the metadata in the options,
// if these have none.
func recordsOf(ctx context.Context, in Input, o *LoadOptions) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		hasAbout := len(o.About) > 0
		task := progress.Begin(ctx, "reading "+in.Source().Dataset, "records", 0)
		defer task.End()
		for record, err := range in.Records(ctx) {
			task.Add(1)
			if !yield(record, err) {
				return
			}
		}
		if !hasAbout {
			o.About = in.Source().About
		}
	}
}

// ReadNames reads an unchanged input only for the names that later inputs use. It does
// nothing if no input shares them.
func ReadNames(ctx context.Context, in Input) error {
	if !in.Source().IsShared {
		return nil
	}
	for _, err := range in.Records(ctx) {
		if row := (*schema.RowError)(nil); err != nil && !errors.As(err, &row) {
			return err
		}
	}
	return nil
}

// prepareRestored adds the names of the restored datasets to the inputs that share
// names with this one.
func (s *Staged) prepareRestored(ctx context.Context, g *Graph) error {
	if s.input == nil || len(s.datasets) == 1 || !s.input.Source().IsShared {
		return nil
	}
	var names []string
	for _, d := range s.datasets {
		names = append(names, d.name)
	}
	return s.input.Prepare(g.Vocabulary(), g.Entities(ctx, names...))
}

func (o *LoadOptions) orDefault() LoadOptions {
	if o == nil {
		return LoadOptions{}
	}
	return *o
}

// forSource returns the options with empty fields filled in from the input.
func (o *LoadOptions) forSource(s schema.Source) LoadOptions {
	c := o.orDefault()
	c.Input = cmp.Or(c.Input, s.SHA256)
	c.Origin = cmp.Or(c.Origin, s.Path)
	c.Names = cmp.Or(c.Names, s.Names)
	c.Settings = cmp.Or(c.Settings, s.Settings)
	return c
}

// deltasFolder is the folder beside the store's file with the deltas that were applied to
// datasets: the next delta changes what the full file and these say. A file is of one
// dataset and one hash; those that no note names are left over.
const deltasFolder = "graph.deltas"

func deltasOf(g *Graph, dataset string) records.Texts {
	return records.Texts{Folder: filepath.Join(g.dir, deltasFolder), Of: dataset}
}

// ErrNoParts is wrapped if it is not known from which full file a dataset was loaded.
var ErrNoParts = errors.New("was not loaded from a full file that deltas change")

// Parts returns the full file of a dataset and the deltas that have changed it, in order,
// with their hashes. A further delta follows them.
func Parts(ctx context.Context, g *Graph, dataset string) (parts []schema.Part, err error) {
	if err := g.CheckDatasets(ctx, dataset); err != nil {
		return nil, err
	}
	err = g.read(ctx, func(r reader) error {
		n, _, err := r.noteOf(ctx, dataset)
		if err != nil {
			return err
		}
		if len(n.Parts) == 0 {
			return fmt.Errorf("dataset %s %w", dataset, ErrNoParts)
		}
		parts = n.Parts
		parts[0].Path = g.folderOf().resolve(n)
		return nil
	})
	copies := deltasOf(g, dataset)
	for i := 1; i < len(parts); i++ {
		if hash := parts[i].SHA256; g.temporary == nil && copies.Has(hash) {
			parts[i].Open = func() (io.ReadCloser, error) { return copies.Open(hash) }
		}
	}
	return parts, err
}

// notedParts returns the parts of the input for its note.
func (s *Staged) notedParts() (parts []schema.Part) {
	if s.input == nil {
		return nil
	}
	for i, p := range s.input.Source().Parts {
		if p.Open = nil; i == 0 {
			p.Path = "" // it is the origin
		} else {
			p.Path = realPath(p.Path)
		}
		parts = append(parts, p)
	}
	return parts
}

// checkParts returns an error if the dataset is not made of the parts that its new deltas
// follow: another process has loaded it meanwhile.
func (s *Staged) checkParts(e ledgerEntry) error {
	if s.input == nil || e.dataset != s.datasets[0] || s.input.Source().Follows == 0 {
		return nil
	}
	source := s.input.Source()
	if slices.EqualFunc(e.note.Parts, source.Parts[:source.Follows], func(a, b schema.Part) bool { return a.SHA256 == b.SHA256 }) {
		return nil
	}
	err := fmt.Errorf("dataset %s was loaded again while a delta to it was read", source.Dataset)
	return schema.WithHint(err, func() string { return "load the delta again" })
}

// keepDeltas writes copies of the deltas of the input, before a commit notes them.
func (s *Staged) keepDeltas(g *Graph) error {
	if s.input == nil || g.temporary != nil {
		return nil
	}
	copies := deltasOf(g, s.datasets[0].name)
	for i, p := range s.input.Source().Parts {
		if i == 0 || copies.Has(p.SHA256) {
			continue
		}
		info, err := os.Stat(filepath.Join(g.dir, File)) // those who can read the graph can read its deltas
		if err == nil {
			err = copies.Keep(p.SHA256, info.Mode().Perm(), p.Open)
		}
		if err != nil {
			return fmt.Errorf("keeping a copy of %s: %w", p.Path, err)
		}
	}
	return nil
}

// sweepDeltas removes the copies of deltas of a dataset that its note does not name. After
// an error a later load removes them.
func sweepDeltas(ctx context.Context, g *Graph, dataset string) {
	if g.temporary != nil {
		return
	}
	_ = g.read(ctx, func(r reader) error {
		n, _, err := r.noteOf(ctx, dataset)
		if err == nil {
			deltasOf(g, dataset).Sweep(func(hash string) bool {
				return slices.ContainsFunc(n.Parts, func(p schema.Part) bool { return p.SHA256 == hash })
			})
		}
		return err
	})
}
