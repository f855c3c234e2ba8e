package graph

import (
	"context"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

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
