package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Dataset is one loaded input.
type Dataset struct {
	Name     string
	Input    string // SHA-256 of the bytes it was loaded from; empty where none was given
	Entities int    // documents among them
	Facts    int
	Quads    int
	About    map[string]string // what it says about itself: title, license
}

// Datasets lists what is loaded, by name.
func (g *Graph) Datasets(ctx context.Context) (sets []Dataset, err error) {
	err = g.view(ctx, func(r reader) error {
		labels, err := r.subjects(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: datasetType})
		if err != nil {
			return err
		}
		for _, label := range labels {
			set, err := r.dataset(ctx, quad.IRI(label))
			if err != nil {
				return err
			}
			sets = append(sets, set)
		}
		return nil
	})
	return sets, err
}

func (r reader) dataset(ctx context.Context, label quad.IRI) (Dataset, error) {
	name, _ := schema.DatasetName(label)
	set := Dataset{Name: name, About: map[string]string{}}
	for q, err := range r.Match(ctx, store.Pattern{Subject: label, Label: label}) {
		if err != nil {
			return set, err
		}
		p, _ := q.Predicate.(quad.IRI)
		if about, ok := strings.CutPrefix(string(p), aboutPrefix); ok {
			set.About[about] = quad.ToString(q.Object)
		}
		if p == inputTerm {
			set.Input = quad.ToString(q.Object)
		}
	}
	labels, err := r.labelsOf(ctx, label)
	if err != nil {
		return set, err
	}
	n, err := countsOf(ctx, r.quads.(counter), labels)
	set.Facts, set.Entities, set.Quads = int(n[0]), int(n[1]), int(n[2])
	return set, err
}

// Forget removes a dataset and the edges of facts that nobody asserts any more,
// in one transaction. Errors wrap [ErrNotFound].
func (g *Graph) Forget(ctx context.Context, dataset string) (Report, error) {
	p := newPart(dataset)
	err := g.store.Update(ctx, func(tx *store.Tx) (err error) {
		t := &transaction{vocabulary: g.Vocabulary(), tx: tx, parts: []*part{p}}
		there, err := t.before().has(ctx, store.Pattern{Subject: p.label, Predicate: schema.TypeTerm, Object: datasetType})
		if err == nil && !there {
			err = fmt.Errorf("dataset %q %w", dataset, ErrNotFound)
		}
		if err == nil {
			t.hasOthers, err = t.others(ctx)
		}
		if err != nil {
			return err
		}
		return t.swap(ctx, nil)
	})
	return p.report, err
}
