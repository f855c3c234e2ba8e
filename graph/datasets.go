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
	for q, err := range r.Match(ctx, store.Pattern{Label: label}) {
		if err != nil {
			return set, err
		}
		set.Quads++
		if p, ok := q.Predicate.(quad.IRI); ok && q.Subject == label && strings.HasPrefix(string(p), aboutPrefix) {
			set.About[strings.TrimPrefix(string(p), aboutPrefix)] = quad.ToString(q.Object)
		}
		switch q.Predicate {
		case schema.StatusTerm:
			set.Facts++
		case inputTerm:
			set.Input = quad.ToString(q.Object)
		case schema.TypeTerm:
			if _, isFact := schema.FactOf(q.Subject); !isFact && q.Subject != label {
				set.Entities++
			}
		}
	}
	return set, nil
}

// Forget removes a dataset and the edges of facts that nobody asserts any more,
// in one transaction. Errors wrap [ErrNotFound].
func (g *Graph) Forget(ctx context.Context, dataset string) (Report, error) {
	s := newStage(g.vocabulary, dataset, &LoadOptions{})
	err := g.store.Update(ctx, func(tx *store.Tx) error {
		t := transaction{reader{tx, g.vocabulary}, tx}
		there, err := t.has(ctx, store.Pattern{Subject: s.label, Predicate: schema.TypeTerm, Object: datasetType})
		if err != nil {
			return err
		}
		if !there {
			return fmt.Errorf("dataset %q %w", dataset, ErrNotFound)
		}
		return t.swap(ctx, s, nil)
	})
	return s.report, err
}
