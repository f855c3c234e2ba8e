package graph

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"sync"

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
	if w.current != nil && w.current.endsBefore(record) {
		if err := w.send(); err != nil {
			return err
		}
	}
	if w.current == nil {
		w.current = w.emptyBatch()
	}
	w.current.rows = append(w.current.rows, stagedRow{record: record, err: err})
	if row := (*schema.RowError)(nil); err != nil && !errors.As(err, &row) {
		return w.finish()
	}
	return nil
}

func (w *stager) emptyBatch() *recordBatch {
	if n := len(w.idle); n > 0 {
		b := w.idle[n-1]
		w.idle = w.idle[:n-1]
		return b
	}
	return &recordBatch{vocabulary: w.staged.vocabulary, dataset: w.dataset.name, quads: w.tx.NewBatch(), firsts: map[schema.ID]*stagedRow{}}
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
// with the first one, unless their batch has merged them.
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
	switch d.entries.hasRepeats = d.entries.hasRepeats || again; {
	case again && row.first != nil && row.first.isStaged:
		d.report.Repeated++
		return nil
	case again:
		return d.repeats.Add(f)
	}
	if err := w.addDeclaration(b, i, f.Pos, &d.report.Facts); err != nil {
		return err
	}
	if row.isStaged = true; row.merged != nil {
		f = *row.merged
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
