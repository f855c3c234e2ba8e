package graph

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"github.com/entente-kg/entente/schema"
)

// Input is one dataset as a loader reads it. The type Input of package
// [github.com/entente-kg/entente/loaders] implements it for files and folders.
type Input interface {
	// Source describes the input. Its About is complete when all records have been
	// read.
	Source() schema.Source

	// Prepare sets the vocabulary with which the input is read, and adds entities
	// to which names in the input may refer. Known may be nil. An input for which
	// the caller has chosen a vocabulary is read with the verbs of both.
	Prepare(v *schema.Vocabulary, known iter.Seq2[schema.Entity, error]) error

	// Records yields the records of the input as [Graph.Load] reads them.
	Records(ctx context.Context) iter.Seq2[schema.Record, error]
}

// LoadInput loads a file or a folder as the command entente load does: it replaces
// the dataset of the same name, in one transaction. It reads the input with the
// vocabulary of the graph, and notes the hash, the path and the title of the
// input. An input that is already loaded, from the same bytes and with the same
// names, vocabulary and options, is not read: the report says Unchanged.
//
// Empty Input, Origin, Names and About of the options are those of the input.
// Errors are those of [Graph.Load] and of the input; they wrap [ErrElsewhere]
// where the dataset was loaded from another place, [ErrEdited] where the load would
// undo changes by [Graph.Update], and [ErrNotFound] where a dataset of With is not in
// the graph.
func (g *Graph) LoadInput(ctx context.Context, in Input, opts *LoadOptions) (Report, error) {
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

// PrepareInput is the first step of [Graph.LoadInput], for which the graph may be
// open for reading only; [StageInput], which needs no graph, and [Graph.Commit]
// are the other two. PrepareInput passes the vocabulary of the graph and the names
// of the datasets of With to the input, and reports whether the input is already
// loaded. An input that may not replace its dataset is an error, before it is
// read.
func (g *Graph) PrepareInput(ctx context.Context, in Input, opts *LoadOptions) (same bool, err error) {
	with := opts.orDefault().With
	if err := g.CheckDatasets(ctx, with...); err != nil {
		return false, err
	}
	var known iter.Seq2[schema.Entity, error]
	if len(with) > 0 {
		known = g.Entities(ctx, with...)
	}
	if err := in.Prepare(g.Vocabulary(), known); err != nil {
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
	return false, checkOrigin(ctx, g, source.Dataset, o)
}

// StageInput reads an input and checks all that can be checked without a graph.
// The [Staged] is never nil: after an error it is closed and has the report.
func StageInput(ctx context.Context, in Input, opts *LoadOptions) (*Staged, error) {
	source := in.Source()
	o := opts.forSource(source)
	hasAbout := len(o.About) > 0
	records := func(yield func(schema.Record, error) bool) {
		for record, err := range in.Records(ctx) {
			if !yield(record, err) {
				return
			}
		}
		if !hasAbout {
			o.About = in.Source().About
		}
	}
	s, err := Stage(ctx, source.Vocabulary, source.Dataset, records, &o)
	s.input = in
	return s, err
}

// ReadNames reads an input that is not loaded since nothing in it has changed, so
// that the inputs which share their names with it may use its names. It does
// nothing where no input does.
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

// prepareRestored lets the inputs that share their names with this one use the
// names of the datasets that it restored.
func (s *Staged) prepareRestored(ctx context.Context, g *Graph) error {
	if s.input == nil || len(s.parts) == 1 || !s.input.Source().IsShared {
		return nil
	}
	var names []string
	for _, p := range s.parts {
		names = append(names, p.name)
	}
	return s.input.Prepare(g.Vocabulary(), g.Entities(ctx, names...))
}

func (o *LoadOptions) orDefault() LoadOptions {
	if o == nil {
		return LoadOptions{}
	}
	return *o
}

// forSource returns the options with the empty fields filled in from the input.
func (o *LoadOptions) forSource(s schema.Source) LoadOptions {
	c := o.orDefault()
	c.Input = cmp.Or(c.Input, s.SHA256)
	c.Origin = cmp.Or(c.Origin, s.Path)
	c.Names = cmp.Or(c.Names, s.Names)
	return c
}
