package graph

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/records"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// recordBatch is a few records that are checked and encoded together.
type recordBatch struct {
	vocabulary *schema.Vocabulary
	dataset    string
	rows       []stagedRow
	quads      *store.Batch
	mentions   []uint32 // the ids to which facts refer, as numbers of terms
	scratch    []quad.Quad
	hasher     records.Hasher
	firsts     map[schema.ID]*stagedRow // the first row of each fact
	encoded    chan struct{}            // closed when the rows are encoded
}

// stagedRow is a record and the end of its part of a batch.
type stagedRow struct {
	record   schema.Record // a fact is normalized
	err      error         // the rejection of the row, or the error that ends the load
	subject  uint32        // the id of the record, as the number of a term
	end      int           // the end of its quads
	mentions int           // the end of its mentions
	graph    string        // the graph of a statement
	entry    records.Entry // the digest of the record, if it is a fact, an entity or a document
	merged   *schema.Fact  // the fact with its repeats in the batch, which is encoded; nil without any
	first    *stagedRow    // the row of the batch into which this one is merged; nil for none
	isStaged bool          // its quads are staged
}

func (b *recordBatch) reset() {
	clear(b.rows) // records may be large
	b.rows, b.mentions = b.rows[:0], b.mentions[:0]
	b.quads.Reset()
}

// endsBefore reports whether the batch is large enough to end before a record. The facts of
// rows that follow each other and look alike stay together, so that they can be merged.
func (b *recordBatch) endsBefore(record schema.Record) bool {
	if len(b.rows) < recordsPerBatch {
		return false
	}
	next, ok := record.(schema.Fact)
	last, also := b.rows[len(b.rows)-1].record.(schema.Fact)
	return !ok || !also || len(b.rows) >= 2*recordsPerBatch ||
		last.Verb != next.Verb || last.When != next.When || last.Key != next.Key || !slices.Equal(last.Roles, next.Roles)
}

// start returns where the quads of a row begin.
func (b *recordBatch) start(i int) int {
	if i == 0 {
		return 0
	}
	return b.rows[i-1].end
}

func (b *recordBatch) firstMention(i int) int {
	if i == 0 {
		return 0
	}
	return b.rows[i-1].mentions
}

// encode checks, normalizes and encodes all rows.
func (b *recordBatch) encode() {
	for i := range b.rows {
		if row := &b.rows[i]; row.err == nil {
			row.err = b.checkRow(row)
		}
	}
	b.mergeRepeats()
	for i := range b.rows {
		row := &b.rows[i]
		if row.err == nil {
			row.err = b.encodeRow(row)
		}
		row.end, row.mentions = b.quads.Len(), len(b.mentions)
	}
}

// checkRow checks a record, and normalizes a fact.
func (b *recordBatch) checkRow(row *stagedRow) error {
	row.entry.Digest, _ = b.hasher.Digest(row.record)
	switch r := row.record.(type) {
	case schema.Entity:
		return rowError(r.Pos, string(r.ID), schema.CheckEntity(r))
	case schema.Document:
		return rowError(r.Pos, string(r.ID), cmp.Or(schema.CheckEntity(r.Entity), schema.CheckDocument(r)))
	case schema.Fact:
		unplaced := r
		unplaced.Pos = schema.Position{}
		if err := b.vocabulary.Check(unplaced); err != nil {
			return rowError(r.Pos, string(r.Verb), err)
		}
		r.Evidence = slices.Clone(r.Evidence)
		for i := range r.Evidence {
			r.Evidence[i].Dataset = b.dataset
		}
		row.record = b.vocabulary.Normalize(r)
	case schema.Statement:
	default:
		return fmt.Errorf("cannot load a %T", row.record)
	}
	return nil
}

// rowError returns the error of a rejected row, or nil if err is nil.
func rowError(pos schema.Position, text string, err error) error {
	if err == nil {
		return nil
	}
	return recordError(pos, text, err)
}

// mergeRepeats merges the facts of the batch that have the same id into the first one, as
// [Staged.mergeRepeats] merges facts that are staged. It leaves facts apart that
// contradict each other.
func (b *recordBatch) mergeRepeats() {
	groups := map[*stagedRow][]*stagedRow{}
	clear(b.firsts)
	for i := range b.rows {
		row := &b.rows[i]
		f, ok := row.record.(schema.Fact)
		if !ok || row.err != nil {
			continue
		}
		if first := b.firsts[f.ID]; first != nil {
			groups[first] = append(groups[first], row)
		} else {
			b.firsts[f.ID] = row
		}
	}
	for first, repeats := range groups {
		b.merge(append([]*stagedRow{first}, repeats...))
	}
}

func (b *recordBatch) merge(rows []*stagedRow) {
	facts := make([]schema.Fact, len(rows))
	for i, row := range rows {
		facts[i] = row.record.(schema.Fact)
	}
	merged := mergeFacts(b.vocabulary, facts)
	var err error
	if b.scratch, err = b.vocabulary.AppendQuads(b.scratch[:0], b.dataset, merged); err != nil {
		return
	}
	rows[0].merged = &merged
	for _, row := range rows[1:] {
		row.first = rows[0]
	}
}

// encodeRow encodes a record that was checked. A row that was merged into another one has
// no quads.
func (b *recordBatch) encodeRow(row *stagedRow) error {
	switch r := row.record.(type) {
	case schema.Entity:
		return b.encodeEntity(row, r)
	case schema.Document:
		return b.encodeEntity(row, r.Entity)
	case schema.Fact:
		switch {
		case row.first != nil:
			row.subject = row.first.subject
			return nil
		case row.merged != nil:
			return b.encodeFact(row, *row.merged)
		}
		return b.encodeFact(row, r)
	case schema.Statement:
		return b.encodeStatement(row, r)
	}
	return nil
}

func (b *recordBatch) encodeEntity(row *stagedRow, e schema.Entity) (err error) {
	if b.scratch, err = b.vocabulary.AppendQuads(b.scratch[:0], b.dataset, row.record); err != nil {
		return recordError(e.Pos, string(e.ID), err)
	}
	return b.add(row, e.ID)
}

func (b *recordBatch) encodeFact(row *stagedRow, f schema.Fact) (err error) {
	if b.scratch, err = b.vocabulary.AppendQuads(b.scratch[:0], b.dataset, f); err != nil {
		return recordError(f.Pos, string(f.Verb), err)
	}
	b.scratch = append(b.scratch, b.vocabulary.Derived(f)...)
	if err := b.add(row, f.ID); err != nil {
		return err
	}
	for _, id := range references(f) {
		number, err := b.quads.Number(id.Value())
		if err != nil {
			return err
		}
		b.mentions = append(b.mentions, number)
	}
	return nil
}

func (b *recordBatch) encodeStatement(row *stagedRow, r schema.Statement) (err error) {
	if b.scratch, err = b.vocabulary.AppendQuads(b.scratch[:0], b.dataset, r); err != nil {
		return recordError(r.Pos, r.Subject.Value, err)
	}
	_, row.graph, _ = schema.GraphOf(b.scratch[0].Label)
	return b.quads.Append(b.scratch)
}

// add adds the quads of a row and the id of its record.
func (b *recordBatch) add(row *stagedRow, id schema.ID) (err error) {
	if err := b.quads.Append(b.scratch); err != nil {
		return err
	}
	row.entry.ID = records.HashID(id)
	row.subject, err = b.quads.Number(id.Value())
	return err
}
