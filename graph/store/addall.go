package store

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"math"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

const (
	addBatch = 4096 // quads in a batch of AddAll
	addHalf  = 512  // the least number of quads that a goroutine encodes
)

// AddAll stores quads in their order and returns how many were new. It has the
// same effect as Add for each quad, but is faster: it encodes the terms on two
// processors. After an error, some of the quads are stored.
func (tx *Tx) AddAll(quads []quad.Quad) (added int, err error) {
	if err := tx.usable(); err != nil {
		return 0, err
	}
	tx.staged.startBulk(len(quads))
	for len(quads) > 0 && err == nil {
		batch, n := quads[:min(len(quads), addBatch)], 0
		n, err = tx.addBatch(batch)
		added += n
		quads = quads[len(batch):]
	}
	n, failed := tx.staged.endBulk()
	if err == nil {
		err = cause(tx.ctx)
	}
	return added + n, cmp.Or(err, failed)
}

func (tx *Tx) addBatch(quads []quad.Quad) (added int, err error) {
	tx.encodeHalves(quads, false)
	for i := range tx.encoded {
		n, err := tx.staged.addEncoded(&tx.encoded[i], tx.encoded[i].quads)
		err = cmp.Or(err, tx.encoded[i].err)
		if added += n; err != nil {
			return added, err
		}
	}
	return added, nil
}

// encodedQuads is a batch of quads whose terms are encoded, each distinct term
// once. A quad refers to its terms by their numbers.
type encodedQuads struct {
	quads  [][4]uint32 // term numbers, which start at 1; 0 for a part that the quad lacks
	terms  []encodedTerm
	memory []byte
	slots  []uint32 // hash table of term numbers

	queries []quadfile.KeyQuery
	asOf    uint64 // the transaction's firstNew when the terms were looked up
	err     error  // the error of the quad after the last encoded one

	last    [4]quad.IRI // the last IRI at each place of a quad
	numbers [4]uint32   // and its number
}

// encodedTerm is the position of a term in memory and, if known, its id.
type encodedTerm struct {
	from, to int
	id       uint64
	hash     uint32
	isStored bool // the term is stored, but may be missing in the lexicon
	isNew    bool // the term is neither in the lexicon nor stored
}

func (e *encodedQuads) reset() {
	e.quads, e.terms, e.memory, e.err = e.quads[:0], e.terms[:0], e.memory[:0], nil
	e.last = [4]quad.IRI{}
	clear(e.slots)
}

func (e *encodedQuads) text(t *encodedTerm) []byte { return e.memory[t.from:t.to] }

// numberOf returns the number of the term that memory[from:] holds. If the term
// already has a number, numberOf removes it from memory.
func (e *encodedQuads) numberOf(from int, hash uint32) uint32 {
	if 2*len(e.terms) >= len(e.slots) {
		e.grow()
	}
	term, mask := e.memory[from:], uint32(len(e.slots)-1)
	at := hash & mask
	for ; e.slots[at] != 0; at = (at + 1) & mask {
		if t := &e.terms[e.slots[at]-1]; t.hash == hash && bytes.Equal(e.text(t), term) {
			e.memory = e.memory[:from]
			return e.slots[at]
		}
	}
	e.terms = append(e.terms, encodedTerm{from: from, to: len(e.memory), hash: hash})
	e.slots[at] = uint32(len(e.terms))
	return e.slots[at]
}

func (e *encodedQuads) grow() {
	e.slots = make([]uint32, max(256, 2*len(e.slots)))
	mask := uint32(len(e.slots) - 1)
	for i := range e.terms {
		at := e.terms[i].hash & mask
		for e.slots[at] != 0 {
			at = (at + 1) & mask
		}
		e.slots[at] = uint32(i + 1)
	}
}

// encode encodes quads and looks up their terms. It only reads terms, so two
// calls can run in parallel. At a quad that cannot be stored, it stops with an
// error, or skips the quad if lenient is set.
func (e *encodedQuads) encode(terms *txTerms, quads []quad.Quad, lenient bool) {
	e.reset()
	for i := range quads {
		if e.err = e.append(terms.known.Seed, &quads[i]); e.err == nil {
			continue
		}
		if !lenient {
			break
		}
		e.err = nil
	}
	e.lookUp(terms)
}

// append encodes a quad.
func (e *encodedQuads) append(seed maphash.Seed, q *quad.Quad) error {
	if err := rdf.CheckQuad(*q); err != nil {
		return err
	}
	var parts [4]uint32
	for j, value := range [...]quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
		if value == nil {
			continue
		}
		iri, _ := value.(quad.IRI)
		if iri == "" || iri != e.last[j] {
			number, err := e.value(seed, value)
			if err != nil {
				return err
			}
			e.last[j], e.numbers[j] = iri, number
		}
		parts[j] = e.numbers[j]
	}
	e.quads = append(e.quads, parts)
	return nil
}

// encodeHalves encodes the two halves of quads, on two processors if there are
// enough quads.
func (tx *Tx) encodeHalves(quads []quad.Quad, lenient bool) {
	half := len(quads) / 2
	if half < addHalf {
		half = 0
	}
	e := &tx.encoded
	var wg sync.WaitGroup
	if half > 0 {
		wg.Go(func() { e[0].encode(&tx.staged.terms, quads[:half], lenient) })
	} else {
		e[0].reset()
	}
	e[1].encode(&tx.staged.terms, quads[half:], lenient)
	wg.Wait()
}

func (e *encodedQuads) value(seed maphash.Seed, value quad.Value) (number uint32, err error) {
	from := len(e.memory)
	if e.memory, err = rdf.AppendTerm(e.memory, value); err != nil {
		return 0, err
	}
	return e.numberOf(from, quadfile.HashTerm(seed, e.memory[from:])), nil
}

// lookUp looks up the ids of the terms: in the lexicon, and the others together in the
// tables.
func (e *encodedQuads) lookUp(terms *txTerms) {
	e.asOf, e.queries = terms.firstNew, e.queries[:0]
	for i := range e.terms {
		t := &e.terms[i]
		if t.id = terms.known.Find(e.text(t), t.hash); t.id != 0 || terms.complete {
			continue
		}
		if t.isNew = !terms.mayBeStored(t.hash); !t.isNew {
			e.queries = append(e.queries, quadfile.KeyQuery{Key: quadfile.TermKey(e.text(t)), Number: i})
		}
	}
	if len(e.queries) == 0 || terms.reader.FindKeys(e.queries) != nil {
		return // a later look-up returns the error
	}
	for _, q := range e.queries {
		t := &e.terms[q.Number]
		t.id, t.isStored, t.isNew = q.ID, q.ID != 0, q.ID == 0
	}
}

// addEncoded adds some of the encoded quads and returns how many were new.
func (s *staged) addEncoded(e *encodedQuads, quads [][4]uint32) (added int, err error) {
	if s.bulk.on && s.reader.Record.NextID+uint64(len(e.terms)) > quadfile.MaxNarrowID {
		if added, err = s.endBulk(); err != nil {
			return added, err
		}
	}
	for i := range quads {
		if s.wantsFirst {
			if err := s.placeFirst(e, quads[i][3]); err != nil {
				return added, err
			}
		}
		var t quadfile.Tuple
		isNew := false
		for j, number := range quads[i] {
			if number == 0 {
				continue
			}
			created := false
			if t[j], created, err = s.terms.internEncoded(e, &e.terms[number-1]); err != nil {
				s.suspects.add(t)
				return added, err
			}
			isNew = isNew || created
		}
		if err := s.addEncodedQuad(t, isNew, &added); err != nil {
			s.suspects.add(t)
			return added, err
		}
	}
	return added, nil
}

// placeFirst gives the label of a quad the id that Options.First left free, if the
// label is one for First.
func (s *staged) placeFirst(e *encodedQuads, number uint32) (err error) {
	if number == 0 {
		return nil
	}
	label := &e.terms[number-1]
	if text := e.text(label); label.id == 0 && rdf.Kind(text[0]) == rdf.KindIRI && s.opts.First(text[1:]) {
		s.wantsFirst = false
		label.id, err = s.terms.assign(text, 1)
	}
	return err
}

func (s *staged) addEncodedQuad(t quadfile.Tuple, isNew bool, added *int) error {
	if s.bulk.on {
		n, err := s.addBulk(t)
		*added += n
		return err
	}
	changed, err := s.change(t, true, isNew)
	if changed {
		*added++
	}
	return err
}

// Batch is a list of quads with encoded terms, each distinct term once. Terms have
// numbers from 1. Several goroutines may fill batches of one transaction, each its
// own, while the transaction adds others.
type Batch struct {
	encoded encodedQuads
	seed    maphash.Seed
}

// NewBatch returns an empty batch for the transaction.
func (tx *Tx) NewBatch() *Batch { return &Batch{seed: tx.staged.terms.known.Seed} }

// Reset removes all quads and terms.
func (b *Batch) Reset() { b.encoded.reset() }

// Len returns the number of quads.
func (b *Batch) Len() int { return len(b.encoded.quads) }

// Append appends quads. It stops with an error at a quad that cannot be stored.
func (b *Batch) Append(quads []quad.Quad) error {
	for i := range quads {
		if err := b.encoded.append(b.seed, &quads[i]); err != nil {
			return err
		}
	}
	return nil
}

// Number returns the number of a term, which it adds to the terms of the batch.
func (b *Batch) Number(value quad.Value) (uint32, error) { return b.encoded.value(b.seed, value) }

// BatchWriter adds batches of quads to a transaction, which must not be used otherwise
// until the writer is closed.
type BatchWriter struct {
	tx    *Tx
	added int
}

// BatchWriter returns a writer of batches.
func (tx *Tx) BatchWriter() *BatchWriter {
	tx.staged.startBulk(math.MaxInt)
	return &BatchWriter{tx: tx}
}

// LookUp looks up the terms of a batch, before Add.
func (w *BatchWriter) LookUp(b *Batch) error {
	if err := w.tx.usable(); err != nil {
		return err
	}
	b.encoded.lookUp(&w.tx.staged.terms)
	return nil
}

// Add stores the quads at the positions from one to another, as [Tx.AddAll] does.
func (w *BatchWriter) Add(b *Batch, from, to int) error {
	n, err := w.tx.staged.addEncoded(&b.encoded, b.encoded.quads[from:to])
	w.added += n
	return err
}

// ID returns the id of the term with a number, and 0 if the term is not stored.
func (w *BatchWriter) ID(b *Batch, number uint32) (uint64, error) {
	ids, _, err := w.tx.staged.terms.idsOf(&b.encoded, [4]uint32{number})
	return ids[0], err
}

// Close ends the writing and returns how many quads were new.
func (w *BatchWriter) Close() (added int, err error) {
	n, err := w.tx.staged.endBulk()
	return w.added + n, cmp.Or(err, cause(w.tx.ctx))
}
