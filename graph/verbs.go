package graph

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// verbFile is a file of verbs of a dataset.
type verbFile struct{ dataset, text string }

// learnVerbs makes the graph's vocabulary: the one of its options with the verbs of the
// datasets, so that a graph is read with the vocabulary of its loads.
func learnVerbs(ctx context.Context, g *Graph) error {
	return g.read(ctx, func(r reader) error {
		files, err := allVerbFiles(ctx, r)
		if err != nil {
			return err
		}
		v, err := extend(g.given, "", files)
		if err == nil {
			g.vocabulary.Store(v)
		}
		return err
	})
}

// VocabularyFor returns the vocabulary with which a graph reads a new input for a dataset:
// the vocabulary of the graph without the own verbs of the dataset ([schema.VerbsOwner]),
// which the input replaces. Verbs that other datasets use too remain.
func VocabularyFor(ctx context.Context, g *Graph, dataset string) (*schema.Vocabulary, error) {
	v := g.Vocabulary()
	isOwn := func(text string) bool { return schema.VerbsOwner(text) == dataset }
	if !slices.ContainsFunc(v.Extensions(), isOwn) {
		return v, nil
	}
	var others []verbFile
	err := g.read(ctx, func(r reader) error {
		files, err := allVerbFiles(ctx, r)
		others = slices.DeleteFunc(files, func(f verbFile) bool { return f.dataset == dataset || !isOwn(f.text) })
		return err
	})
	if err != nil {
		return nil, err
	}
	own := slices.DeleteFunc(v.Extensions(), func(text string) bool { return !isOwn(text) })
	if v, err = schema.WithoutExtensions(v, own); err != nil {
		return nil, err
	}
	return extend(v, "", others)
}

// allVerbFiles reads the files of verbs of all datasets and, after them, those of all
// notes.
func allVerbFiles(ctx context.Context, r reader) ([]verbFile, error) {
	files, err := r.verbFiles(ctx, store.Pattern{Predicate: vocabularyTerm})
	if err != nil {
		return nil, err
	}
	notes, err := r.notes(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(notes)) {
		for _, text := range notes[name].Verbs {
			files = append(files, verbFile{name, text})
		}
	}
	return files, nil
}

// verbFiles reads the files of verbs of datasets, in the order of dataset names.
func (r reader) verbFiles(ctx context.Context, p store.Pattern) (files []verbFile, err error) {
	for q, err := range r.Match(ctx, p) {
		if err != nil {
			return nil, err
		}
		name, _ := schema.DatasetName(q.Label)
		files = append(files, verbFile{name, quad.ToString(q.Object)})
	}
	slices.SortFunc(files, func(a, b verbFile) int {
		return cmp.Or(cmp.Compare(a.dataset, b.dataset), cmp.Compare(a.text, b.text))
	})
	return files, nil
}

// extend adds files of verbs to a vocabulary, in an order that respects dependencies.
// Errors begin with where and the dataset's name.
func extend(v *schema.Vocabulary, where string, files []verbFile) (*schema.Vocabulary, error) {
	for len(files) > 0 {
		var later []verbFile
		var first error
		for _, f := range files {
			extended, err := v.ExtendStored(where+"vocabulary of dataset "+f.dataset, []byte(f.text))
			if err != nil {
				first = cmp.Or(first, err)
				later = append(later, f)
				continue
			}
			v = extended
		}
		if len(later) == len(files) {
			return nil, first
		}
		files = later
	}
	return v, nil
}
