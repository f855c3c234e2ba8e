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

// learnVerbs adds the verbs of the datasets to the graph's vocabulary, so that a graph
// is read with the vocabulary of its loads.
func learnVerbs(ctx context.Context, g *Graph) error {
	return g.read(ctx, func(r reader) error {
		files, err := r.verbFiles(ctx, store.Pattern{Predicate: vocabularyTerm})
		if err != nil {
			return err
		}
		notes, err := r.notes(ctx)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(notes)) {
			for _, text := range notes[name].Verbs {
				files = append(files, verbFile{name, text})
			}
		}
		v, err := extend(g.Vocabulary(), "", files)
		if err == nil {
			g.vocabulary.Store(v)
		}
		return err
	})
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
