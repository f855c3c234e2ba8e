package graph

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// changeSet is the consequences of a load or an update: changes in other datasets, in
// the decisions and in derived quads.
type changeSet struct {
	transaction  *transaction
	reader       reader // the graph after the change
	ctx          context.Context
	snapshot     *store.Snapshot           // staged datasets; nil if datasets are only removed, or records change
	edited       *quadSet                  // the changed records and their derived quads; nil in a load
	facts        map[schema.ID]bool        // facts that lose a quad
	created      map[schema.ID]schema.Fact // changed facts that no quad of the graph names yet
	entities     map[schema.ID]bool        // entities that are staged or lose a quad
	old          []quad.Value              // labels of the replaced datasets
	kept         map[string]int            // quads that are in the graph and staged, by dataset
	difference   *store.Difference         // of the snapshot from the graph; nil if it was not compared as a whole
	stale, fresh []quad.Quad
	transient    int // derived quads that are staged but stale, and not in the graph
}

// isRemoved reports whether a quad of a replaced dataset is not staged.
func (c *changeSet) isRemoved(q quad.Quad) (bool, error) {
	if c.snapshot == nil {
		return true, nil
	}
	stays, err := c.snapshot.Has(q)
	return !stays, err
}

// compareOld finds the facts and entities that lose a quad, and the staged entities.
func (c *changeSet) compareOld() error {
	for _, d := range c.transaction.datasets {
		labels, err := c.transaction.readBefore().labelsOf(c.ctx, d.label)
		if err != nil {
			return err
		}
		c.old = append(c.old, labels...)
	}
	if c.snapshot != nil {
		d, err := c.transaction.tx.Compare(c.ctx, c.snapshot, c.old)
		if err != nil {
			return err
		}
		c.difference = d
	}
	for _, d := range c.transaction.datasets {
		if err := errors.Join(c.noteRemoved(d.label), c.noteStaged(d)); err != nil {
			return err
		}
	}
	return nil
}

// removedFrom yields the quads of a label that are not staged, and counts the others if
// a dataset is given.
func (c *changeSet) removedFrom(label quad.Value, dataset string) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		if c.difference != nil {
			c.kept[dataset] += c.difference.Kept[label]
			for _, q := range c.difference.Removed {
				if q.Label == label && !yield(q, nil) {
					return
				}
			}
			return
		}
		for q, err := range c.transaction.tx.Match(c.ctx, store.Pattern{Label: label}) {
			goes := false
			if err == nil {
				goes, err = c.isRemoved(q)
			}
			if err == nil && !goes {
				c.kept[dataset]++
				continue
			}
			if !yield(q, err) || err != nil {
				return
			}
		}
	}
}

// noteRemoved notes the facts and entities that lose a quad of the label.
func (c *changeSet) noteRemoved(label quad.IRI) error {
	evidence := map[quad.Value]bool{}
	for q, err := range c.removedFrom(label, "") {
		if err != nil {
			return err
		}
		switch id := subjectOf(q); {
		case schema.KindOf(id) == schema.KindFact:
			c.facts[id] = true
		case schema.IsEvidence(id):
			evidence[q.Subject] = true
		case schema.KindOf(id) != "":
			c.entities[id] = true
		}
	}
	return citing(c.ctx, c.transaction.readBefore(), evidence, label, c.facts)
}

// citing adds the facts of a dataset that cite any of the evidence.
func citing(ctx context.Context, r reader, evidence map[quad.Value]bool, label quad.IRI, facts map[schema.ID]bool) error {
	const few = 64
	patterns := []store.Pattern{{Predicate: schema.EvidenceTerm, Label: label}}
	if len(evidence) <= few {
		patterns = nil
		for e := range evidence {
			patterns = append(patterns, store.Pattern{Predicate: schema.EvidenceTerm, Object: e, Label: label})
		}
	}
	for _, p := range patterns {
		for q, err := range r.Match(ctx, p) {
			if err != nil {
				return err
			}
			if evidence[q.Object] {
				facts[subjectOf(q)] = true
			}
		}
	}
	return nil
}

// noteStaged notes the staged entities, if other datasets may declare them too.
func (c *changeSet) noteStaged(d *stagedDataset) error {
	if !c.transaction.hasOthers || c.snapshot == nil {
		return nil
	}
	for q, err := range c.snapshot.Match(c.ctx, store.Pattern{Predicate: schema.TypeTerm, Label: d.label}) {
		if err != nil {
			return err
		}
		if id := subjectOf(q); schema.KindOf(id) != "" && schema.KindOf(id) != schema.KindFact {
			c.entities[id] = true
		}
	}
	return nil
}

func (c *changeSet) differs(want, have []quad.Quad) {
	fresh, stale := difference(want, have)
	c.fresh, c.stale = append(c.fresh, fresh...), append(c.stale, stale...)
}

// findDangling reports the facts that refer to a removed fact.
func (c *changeSet) findDangling(gone schema.ID) error {
	ids, err := c.reader.subjects(c.ctx, store.Pattern{Object: gone.Value()})
	c.transaction.datasets[0].report.Dangling = append(c.transaction.datasets[0].report.Dangling, ids...)
	return err
}

// write makes all changes: staged data first, since it may add stale derived quads.
func (c *changeSet) write() error {
	becomes, err := c.stagedBecomesGraph()
	if err != nil {
		return err
	}
	if becomes {
		return c.replaceGraph()
	}
	if err := c.remove(); err != nil {
		return err
	}
	if c.snapshot != nil {
		if err := c.add(); err != nil {
			return err
		}
	}
	return c.writeDerived(c.transaction.tx)
}

// writeDerived changes the derived quads, and finishes the reports.
func (c *changeSet) writeDerived(tx *store.Tx) error {
	first := &c.transaction.datasets[0].report
	removed, err := tx.RemoveAll(c.stale)
	first.Removed += removed - c.transient
	if err != nil {
		return err
	}
	added, err := tx.AddAll(c.fresh)
	first.Added += added - c.transient
	for _, d := range c.transaction.datasets {
		d.report.Unchanged = d.report.Added == 0 && d.report.Removed == 0
	}
	return err
}

// stagedBecomesGraph reports whether the staged store can become the graph: it has the
// only dataset of a new graph, and its terms have the ids that they would have there. If
// it cannot, the note of the dataset is written.
func (c *changeSet) stagedBecomesGraph() (bool, error) {
	t := c.transaction
	if t.staged == nil || c.snapshot == nil {
		return false, nil
	}
	id, err := c.snapshot.ID(t.datasets[0].label)
	if err != nil || id == 1 {
		return err == nil, err
	}
	_, err = t.tx.AddAll(append(t.notes, t.keys...))
	return false, err
}

// replaceGraph writes the note and the changes to the staged store, whose file becomes
// the graph's file.
func (c *changeSet) replaceGraph() error {
	t := c.transaction
	_, added, err := c.snapshot.Sizes()
	if err == nil {
		err = c.countAdded(added)
	}
	if err != nil {
		return err
	}
	err = t.staged.Update(c.ctx, func(tx *store.Tx) error {
		for _, q := range t.notes {
			if err := tx.AddFirst(q); err != nil {
				return err
			}
		}
		if _, err := tx.AddAll(t.keys); err != nil {
			return err
		}
		return c.writeDerived(tx)
	})
	if err == nil {
		t.tx.ReplaceBy(t.staged)
	}
	return err
}

// remove removes the quads of replaced datasets that are not staged.
func (c *changeSet) remove() error {
	for _, label := range c.old {
		dataset, _, _ := schema.GraphOf(label)
		at := slices.IndexFunc(c.transaction.datasets, func(d *stagedDataset) bool { return d.name == dataset })
		removed, err := c.removeFrom(label, dataset)
		if err != nil {
			return err
		}
		c.transaction.datasets[at].report.Removed += removed
	}
	return nil
}

func (c *changeSet) removeFrom(label quad.Value, dataset string) (int, error) {
	if c.snapshot == nil {
		removed, err := c.transaction.tx.RemoveMatching(c.ctx, store.Pattern{Label: label})
		return int(removed), err
	}
	var gone []quad.Quad
	for q, err := range c.removedFrom(label, dataset) {
		if err != nil {
			return 0, err
		}
		gone = append(gone, q)
	}
	return c.transaction.tx.RemoveAll(gone)
}

// add adds the staged quads.
func (c *changeSet) add() error {
	if c.difference != nil {
		added, err := c.transaction.tx.AddDifference(c.difference)
		return errors.Join(err, c.countAdded(int64(added)))
	}
	added, err := c.transaction.tx.AddSnapshot(c.ctx, c.snapshot)
	if err != nil {
		return err
	}
	return c.countAdded(added)
}

// countAdded counts the added quads of each dataset. All others are derived, and count
// in the report of the first dataset.
func (c *changeSet) countAdded(added int64) error {
	for _, d := range c.transaction.datasets {
		for _, label := range d.labels() {
			n, err := c.snapshot.Count(c.ctx, store.Pattern{Label: label})
			if err != nil {
				return err
			}
			d.report.Added += int(n)
		}
		d.report.Added -= c.kept[d.name]
		d.changed = d.report.Added > 0 || d.report.Removed > 0
		added -= int64(d.report.Added)
	}
	c.transaction.datasets[0].report.Added += int(added)
	return nil
}

// difference returns the wanted quads that are missing, and the present quads that are
// not wanted, in the order given, so that equal loads make equal stores.
func difference(want, there []quad.Quad) (fresh, stale []quad.Quad) {
	if len(there) == 0 {
		return want, nil
	}
	wanted, old := setOf(want), setOf(there)
	for _, q := range want {
		if !old[q] {
			fresh = append(fresh, q)
		}
	}
	for _, q := range there {
		if !wanted[q] {
			stale = append(stale, q)
		}
	}
	return fresh, stale
}

func setOf(quads []quad.Quad) map[quad.Quad]bool {
	set := make(map[quad.Quad]bool, len(quads))
	for _, q := range quads {
		set[q] = true
	}
	return set
}
