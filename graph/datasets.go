package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Dataset describes one loaded dataset.
type Dataset struct {
	Name   string
	Input  string // SHA-256 of the input's bytes; empty if unknown
	Origin string // an absolute path or an address; empty if unknown

	// Entities and Documents count what the dataset declares itself. A document does
	// not count as an entity. An entity that two datasets declare counts in both.
	Entities, Documents int

	Facts int
	Quads int
	About map[string]string // metadata: title, license
}

// Datasets returns the loaded datasets, in the order of their names.
func (g *Graph) Datasets(ctx context.Context) (sets []Dataset, err error) {
	err = g.read(ctx, func(r reader) error {
		labels, err := r.subjects(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: datasetType})
		if err != nil {
			return err
		}
		for _, label := range labels {
			set, err := r.dataset(ctx, quad.IRI(label))
			if err != nil {
				return err
			}
			n, _, err := r.noteOf(ctx, set.Name)
			if err != nil {
				return err
			}
			set.Origin = g.folderOf().resolve(n)
			sets = append(sets, set)
		}
		return nil
	})
	return sets, err
}

// CheckDatasets returns an error that wraps [ErrNotFound] for the first name that is
// not a loaded dataset. Its hint lists the loaded datasets.
func (g *Graph) CheckDatasets(ctx context.Context, names ...string) error {
	if len(names) == 0 {
		return nil
	}
	sets, err := g.Datasets(ctx)
	if err != nil {
		return err
	}
	loaded := make([]string, len(sets))
	for i, s := range sets {
		loaded[i] = s.Name
	}
	for _, name := range names {
		if !slices.Contains(loaded, name) {
			err := fmt.Errorf("dataset %q %w", name, ErrNotFound)
			return schema.WithHint(err, func() string { return "loaded datasets: " + strings.Join(loaded, ", ") })
		}
	}
	return nil
}

func (r reader) dataset(ctx context.Context, label quad.IRI) (Dataset, error) {
	name, _ := schema.DatasetName(label)
	set, stated := Dataset{Name: name, About: map[string]string{}}, map[quad.IRI]quad.Value{}
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
		stated[p] = q.Object
	}
	n, err := r.countsFrom(ctx, label, stated)
	set.Facts, set.Entities, set.Documents, set.Quads = int(n.facts), int(n.entities), int(n.documents), int(n.quads)
	return set, err
}

// StatedBy returns the names of the datasets that state a fact, or that declare an
// entity or a document. It is empty if none does.
func (g *Graph) StatedBy(ctx context.Context, id schema.ID) (names []string, err error) {
	err = g.read(ctx, func(r reader) error {
		if schema.KindOf(id) != schema.KindFact {
			own, err := r.entityQuads(ctx, id)
			names = datasetsOf(schema.WithoutBorrowed(own))
			return err
		}
		own, err := r.collect(ctx, store.Pattern{Subject: id.Value(), Predicate: schema.StatusTerm})
		names = datasetsOf(own)
		return err
	})
	return names, err
}

// Forget removes a dataset, and updates the edges, standings and dates of the remaining
// facts, in one transaction. Undone in the Report lists the records that updates had
// added or changed. Errors wrap [ErrNotFound] if there is no such dataset.
func (g *Graph) Forget(ctx context.Context, dataset string) (Report, error) {
	d := newStagedDataset(dataset)
	err := g.update(ctx, func(tx *store.Tx) (err error) {
		t := &transaction{vocabulary: g.Vocabulary(), tx: tx, datasets: []*stagedDataset{d}}
		there, err := t.readBefore().hasDataset(ctx, dataset)
		if err == nil && !there {
			err = fmt.Errorf("dataset %q %w", dataset, ErrNotFound)
		}
		if err == nil {
			t.hasOthers, err = t.hasOtherEvidence(ctx)
		}
		if err != nil {
			return err
		}
		marks, err := readMarks(ctx, t.readBefore(), dataset)
		if err != nil {
			return err
		}
		if err := t.applyChange(ctx, nil); err != nil {
			return err
		}
		for _, m := range marks {
			if m.kind != editRemoved { // a removed record is gone in any case
				d.report.Undone.add(m.kind, m.id)
			}
		}
		return errors.Join(removeMarks(tx, dataset, marks), putNote(ctx, tx, dataset, nil))
	})
	return d.report, err
}

func (r reader) hasDataset(ctx context.Context, name string) (bool, error) {
	label := schema.DatasetValue(name)
	return r.has(ctx, store.Pattern{Subject: label, Predicate: schema.TypeTerm, Object: datasetType, Label: label})
}

func hasDataset(ctx context.Context, g *Graph, name string) (there bool, err error) {
	err = g.read(ctx, func(r reader) error {
		there, err = r.hasDataset(ctx, name)
		return err
	})
	return there, err
}
