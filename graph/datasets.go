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
	if err == nil && g.temporary == nil {
		removeRecords(recordsPath(g, dataset))
		sweepDeltas(ctx, g, dataset)
	}
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

// countTerms are the predicates of a dataset's counts: its facts, entities, documents
// and quads.
var countTerms = []quad.IRI{"dip:facts", "dip:entities", documentsTerm, quadsTerm}

const (
	documentsTerm = quad.IRI("dip:documents")
	quadsTerm     = quad.IRI("dip:quads")
)

// recordCounts are the counts of a dataset. An entity counts if the dataset declares
// it, not if it only copied the name. Documents are not counted as entities.
type recordCounts struct{ facts, entities, documents, quads, borrowed int64 }

// values returns the counts in the order of countTerms.
func (n recordCounts) values() []int64 { return []int64{n.facts, n.entities, n.documents, n.quads} }

// agreesWith reports whether a dataset states the count of countTerms[i] correctly.
// Older versions stated no count of documents, and counted documents and borrowed
// names as entities.
func (n recordCounts) agreesWith(stated map[quad.IRI]quad.Value, i int) bool {
	count := stated[countTerms[i]]
	if stated[documentsTerm] == nil {
		n.entities += n.documents + n.borrowed
		if countTerms[i] == documentsTerm {
			return true
		}
	}
	return count == quad.Int(n.values()[i])
}

// counter counts matching quads without reading them.
type counter interface {
	quads
	Count(ctx context.Context, p store.Pattern) (int64, error)
}

// countsOf counts the quads under a dataset's labels, its own label first.
func countsOf(ctx context.Context, c counter, labels []quad.Value) (n recordCounts, err error) {
	count := func(p store.Pattern) (n int64) {
		if err == nil {
			n, err = c.Count(ctx, p)
		}
		return n
	}
	own := labels[0]
	n.facts = count(store.Pattern{Predicate: schema.StatusTerm, Label: own})
	n.documents = count(store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(schema.Doc), Label: own})
	typed := count(store.Pattern{Predicate: schema.TypeTerm, Label: own})
	n.entities = typed - n.facts - n.documents - count(store.Pattern{Subject: own, Predicate: schema.TypeTerm, Label: own})
	for _, label := range labels {
		n.quads += count(store.Pattern{Label: label})
	}
	if err != nil {
		return n, err
	}
	for q, err := range c.Match(ctx, store.Pattern{Predicate: schema.BorrowedTerm, Label: own}) {
		if err != nil {
			return n, err
		}
		if n.borrowed++; schema.KindOf(subjectOf(q)) == schema.Doc {
			n.documents--
		} else {
			n.entities--
		}
	}
	return n, nil
}

// countsFrom returns the counts that a dataset states. Older versions of the program
// stated no count of documents, and counted documents as entities: for their datasets,
// countsFrom counts.
func (r reader) countsFrom(ctx context.Context, label quad.IRI, stated map[quad.IRI]quad.Value) (n recordCounts, err error) {
	var counts [4]int64 // in the order of countTerms
	for i, term := range countTerms {
		count, ok := stated[term].(quad.Int)
		if !ok {
			labels, err := r.labelsOf(ctx, label)
			if err != nil {
				return n, err
			}
			return countsOf(ctx, r.quads.(counter), labels)
		}
		counts[i] = int64(count)
	}
	return recordCounts{facts: counts[0], entities: counts[1], documents: counts[2], quads: counts[3]}, nil
}

// labelsOf returns the labels of a dataset: its own, and its graphs of statements.
func (r reader) labelsOf(ctx context.Context, label quad.IRI) ([]quad.Value, error) {
	labels := []quad.Value{label}
	for q, err := range r.Match(ctx, store.Pattern{Predicate: schema.GraphTerm, Label: label}) {
		if err != nil {
			return nil, err
		}
		labels = append(labels, q.Subject)
	}
	return labels, nil
}

// countQuads returns the quads that state a dataset's counts, which include them.
func countQuads(ctx context.Context, c counter, label quad.IRI, labels []quad.Value) ([]quad.Quad, error) {
	n, err := countsOf(ctx, c, labels)
	n.quads += int64(len(countTerms))
	return n.asQuads(label), err
}

// asQuads returns the quads that state the counts of a dataset.
func (n recordCounts) asQuads(label quad.IRI) (quads []quad.Quad) {
	for i, term := range countTerms {
		quads = append(quads, quad.Quad{Subject: label, Predicate: term, Object: quad.Int(n.values()[i]), Label: label})
	}
	return quads
}

// modernize updates the metadata and borrowed names of datasets from older versions to
// the form that a load writes now, so that equal graphs stay equal.
func (m *repair) modernize(ctx context.Context) error {
	if err := m.updateBorrowedNames(ctx); err != nil {
		return err
	}
	sets, err := m.reader.subjects(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: datasetType})
	if err != nil {
		return err
	}
	for _, set := range sets {
		label := set.Value()
		if _, err := m.tx.RemoveMatching(ctx, store.Pattern{Subject: label, Predicate: loadTerm, Label: label}); err != nil {
			return err
		}
		if err := m.updateCounts(ctx, label); err != nil {
			return err
		}
	}
	return nil
}

// updateBorrowedNames chooses all borrowed names again.
func (m *repair) updateBorrowedNames(ctx context.Context) error {
	ids, err := m.reader.subjects(ctx, store.Pattern{Predicate: schema.BorrowedTerm})
	if err != nil {
		return err
	}
	c := &changeSet{transaction: &transaction{vocabulary: m.reader.vocabulary, tx: m.tx}, reader: m.reader, ctx: ctx, entities: map[schema.ID]bool{}}
	for _, id := range ids {
		c.entities[id] = true
	}
	if err := c.updateBorrowedNames(); err != nil {
		return err
	}
	return m.swapQuads(c.stale, c.fresh)
}
