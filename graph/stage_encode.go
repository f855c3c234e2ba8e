package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/records"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// stager adds records to the staged store. Goroutines check and encode batches of
// records; the stager adds these batches in the order of the records.
type stager struct {
	staged  *Staged
	ctx     context.Context
	tx      *store.Tx
	dataset *stagedDataset

	writer  *store.BatchWriter // nil while a text is read
	current *recordBatch       // the batch to which records are added; nil for none
	queue   []*recordBatch     // batches that are encoded, in order
	idle    []*recordBatch
	working sync.WaitGroup
}

// recordsPerBatch is how many records are encoded together.
const recordsPerBatch = 128

// read stages all records. No goroutine uses them any more when it returns.
func (w *stager) read(records iter.Seq2[schema.Record, error]) error {
	defer w.working.Wait()
	for record, err := range records {
		if cause := context.Cause(w.ctx); cause != nil {
			return cause
		}
		if err := w.take(record, err); err != nil {
			return err
		}
	}
	return w.finish()
}

// take adds a record, or the error of a row, to the current batch. A text is staged
// after all records before it.
func (w *stager) take(record schema.Record, err error) error {
	if text, ok := record.(schema.NQuads); ok && err == nil {
		if err := w.finish(); err != nil {
			return err
		}
		return w.rowError(w.addText(text))
	}
	if err != nil {
		record = nil
	}
	if w.current == nil {
		w.current = w.emptyBatch()
	}
	w.current.rows = append(w.current.rows, stagedRow{record: record, err: err})
	switch row := (*schema.RowError)(nil); {
	case err != nil && !errors.As(err, &row):
		return w.finish()
	case len(w.current.rows) == recordsPerBatch:
		return w.send()
	}
	return nil
}

func (w *stager) emptyBatch() *recordBatch {
	if n := len(w.idle); n > 0 {
		b := w.idle[n-1]
		w.idle = w.idle[:n-1]
		return b
	}
	return &recordBatch{vocabulary: w.staged.vocabulary, dataset: w.dataset.name, quads: w.tx.NewBatch()}
}

// send starts to encode the current batch, and adds the oldest one if there are
// enough to keep all processors busy.
func (w *stager) send() error {
	b := w.current
	if b == nil {
		return nil
	}
	b.encoded = make(chan struct{})
	w.current, w.queue = nil, append(w.queue, b)
	w.working.Go(func() {
		defer close(b.encoded)
		b.encode()
	})
	if len(w.queue) <= runtime.GOMAXPROCS(0) {
		return nil
	}
	return w.addOldest()
}

func (w *stager) addOldest() error {
	b := w.queue[0]
	w.queue = w.queue[1:]
	<-b.encoded
	if w.writer == nil {
		w.writer = w.tx.BatchWriter()
	}
	if err := w.writer.LookUp(b.quads); err != nil {
		return err
	}
	for i := range b.rows {
		if err := w.rowError(w.addRow(b, i)); err != nil {
			return err
		}
	}
	b.reset()
	w.idle = append(w.idle, b)
	return nil
}

// rowError rejects a row, and returns any other error.
func (w *stager) rowError(err error) error {
	if row := (*schema.RowError)(nil); !errors.As(err, &row) {
		return err
	}
	w.staged.reject(w.dataset, err)
	return nil
}

// finish adds all batches, and ends the writing of batches.
func (w *stager) finish() error {
	err := w.send()
	for err == nil && len(w.queue) > 0 {
		err = w.addOldest()
	}
	if err != nil || w.writer == nil {
		return err
	}
	_, err = w.writer.Close()
	w.writer = nil
	return err
}

// addRow stages an encoded record. Further records of a fact are kept, to be merged
// with the first one.
func (w *stager) addRow(b *recordBatch, i int) error {
	row, d := &b.rows[i], w.dataset
	d.touched = d.touched || row.record != nil
	if row.err != nil {
		return row.err
	}
	switch r := row.record.(type) {
	case schema.Fact:
		return w.addFact(b, i, r)
	case schema.Entity:
		return w.addDeclaration(b, i, r.Pos, &d.report.Entities)
	case schema.Document:
		return w.addDeclaration(b, i, r.Pos, &d.report.Documents)
	}
	d.graphs[row.graph] = true
	d.report.Statements++
	return w.writer.Add(b.quads, b.start(i), row.end)
}

func (w *stager) addFact(b *recordBatch, i int, f schema.Fact) error {
	row, d := &b.rows[i], w.dataset
	again, err := w.isRepeat(b, row)
	if err != nil {
		return err
	}
	if again {
		d.entries.hasRepeats = true
		return d.repeats.Add(f)
	}
	if err := w.addDeclaration(b, i, f.Pos, &d.report.Facts); err != nil {
		return err
	}
	w.staged.recordFact(d, f)
	d.report.noteSides(f, f.Pos)
	for _, number := range b.mentions[b.firstMention(i):row.mentions] {
		id, err := w.writer.ID(b.quads, number)
		if err != nil {
			return err
		}
		d.mentioned.add(id)
	}
	return nil
}

// addDeclaration adds the quads of a record and counts it, as a repeat if an earlier
// record has its id.
func (w *stager) addDeclaration(b *recordBatch, i int, pos schema.Position, counter *int) error {
	row, d := &b.rows[i], w.dataset
	again, err := w.isRepeat(b, row)
	if err == nil {
		err = w.writer.Add(b.quads, b.start(i), row.end)
	}
	if err != nil {
		return err
	}
	if again {
		d.entries.hasRepeats = true
		d.report.Repeated++
		return nil
	}
	d.entries.add(row.entry)
	id, err := w.writer.ID(b.quads, row.subject)
	d.places.add(id, pos)
	*counter++
	return err
}

// isRepeat reports whether an earlier record has the id of a row.
func (w *stager) isRepeat(b *recordBatch, row *stagedRow) (bool, error) {
	id, err := w.writer.ID(b.quads, row.subject)
	return id != 0 && w.dataset.places.declared.has(id), err
}

// recordBatch is a few records that are checked and encoded together.
type recordBatch struct {
	vocabulary *schema.Vocabulary
	dataset    string
	rows       []stagedRow
	quads      *store.Batch
	mentions   []uint32 // the ids to which facts refer, as numbers of terms
	scratch    []quad.Quad
	hasher     records.Hasher
	encoded    chan struct{} // closed when the rows are encoded
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
}

func (b *recordBatch) reset() {
	clear(b.rows) // records may be large
	b.rows, b.mentions = b.rows[:0], b.mentions[:0]
	b.quads.Reset()
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

// encode checks and encodes all rows.
func (b *recordBatch) encode() {
	for i := range b.rows {
		row := &b.rows[i]
		if row.err == nil {
			row.err = b.encodeRow(row)
		}
		row.end, row.mentions = b.quads.Len(), len(b.mentions)
	}
}

func (b *recordBatch) encodeRow(row *stagedRow) error {
	row.entry.Digest, _ = b.hasher.Digest(row.record)
	switch r := row.record.(type) {
	case schema.Entity:
		return b.encodeEntity(row, r, schema.CheckEntity(r))
	case schema.Document:
		return b.encodeEntity(row, r.Entity, cmp.Or(schema.CheckEntity(r.Entity), schema.CheckDocument(r)))
	case schema.Fact:
		return b.encodeFact(row, r)
	case schema.Statement:
		return b.encodeStatement(row, r)
	}
	return fmt.Errorf("cannot load a %T", row.record)
}

func (b *recordBatch) encodeEntity(row *stagedRow, e schema.Entity, err error) error {
	if err == nil {
		b.scratch, err = b.vocabulary.AppendQuads(b.scratch[:0], b.dataset, row.record)
	}
	if err != nil {
		return &schema.RowError{Pos: e.Pos, Err: err, Text: string(e.ID)}
	}
	return b.add(row, e.ID)
}

func (b *recordBatch) encodeFact(row *stagedRow, f schema.Fact) error {
	unplaced := f
	unplaced.Pos = schema.Position{}
	err := b.vocabulary.Check(unplaced)
	if err == nil {
		f.Evidence = slices.Clone(f.Evidence)
		for i := range f.Evidence {
			f.Evidence[i].Dataset = b.dataset
		}
		f = b.vocabulary.Normalize(f)
		b.scratch, err = b.vocabulary.AppendQuads(b.scratch[:0], b.dataset, f)
	}
	if err != nil {
		return &schema.RowError{Pos: f.Pos, Err: err, Text: string(f.Verb)}
	}
	row.record, b.scratch = f, append(b.scratch, b.vocabulary.Derived(f)...)
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
		return &schema.RowError{Pos: r.Pos, Err: err, Text: r.Subject.Value}
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
