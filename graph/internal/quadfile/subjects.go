package quadfile

import (
	"bytes"
	"fmt"
	"slices"
)

// SubjectBatch is the quads of several subjects, with their terms. A term that
// occurs several times is read once: quads have the numbers of terms, from 1 to
// Terms.
type SubjectBatch struct {
	Quads [][4]uint32 // of one subject after another, each subject's in order; label 0 is none
	Ends  []int       // for each subject, the end of its quads in Quads

	Unsorted bool // Read leaves the quads of a subject in the order of their ids

	reader  *Reader
	scan    Scan
	finder  termFinder
	numbers idNumbers
	order   []uint64 // ids, each with its number, in ascending order
	memory  []byte   // the encoded terms
	spans   []textSpan
}

// textSpan is the position of a text in a buffer.
type textSpan struct{ from, to int }

// numberBits is how many bits a number of a term has in order.
const numberBits = 24

// Read replaces the batch by the quads of the subjects with the given ids. Quads
// are sorted by the encoded forms of predicate, object and label.
func (b *SubjectBatch) Read(r *Reader, subjects []uint64) error {
	b.reader, b.finder.reader = r, r
	b.Quads, b.Ends = b.Quads[:0], b.Ends[:0]
	b.numbers.reset()
	for _, id := range subjects {
		if err := b.readSubject(id); err != nil {
			return err
		}
		b.Ends = append(b.Ends, len(b.Quads))
	}
	if err := r.Read(b.readTerms); err != nil {
		return err
	}
	if b.Unsorted {
		return nil
	}
	from := 0
	for _, to := range b.Ends {
		slices.SortFunc(b.Quads[from:to], b.compare)
		from = to
	}
	return nil
}

// readSubject appends the quads of a subject.
func (b *SubjectBatch) readSubject(id uint64) (err error) {
	memory := b.scan.block[:0]
	b.scan, err = b.reader.Scan(TuplePattern{id})
	b.scan.block = memory
	for err == nil && !b.scan.done {
		if err = b.scan.load(); err != nil {
			break
		}
		for _, t := range b.scan.block {
			var q [4]uint32
			for i, id := range t {
				if id != 0 {
					q[i] = b.numbers.number(id)
				}
			}
			b.Quads = append(b.Quads, q)
		}
	}
	return err
}

// readTerms reads the terms in the order of their ids, since terms with
// neighbouring ids are in one block.
func (b *SubjectBatch) readTerms() error {
	ids := b.numbers.ids
	if len(ids) >= 1<<numberBits {
		return fmt.Errorf("a subject has quads with more than %d terms", 1<<numberBits)
	}
	b.order = b.order[:0]
	for n, id := range ids {
		b.order = append(b.order, id<<numberBits|uint64(n))
	}
	slices.Sort(b.order)
	b.memory, b.spans = b.memory[:0], slices.Grow(b.spans[:0], len(ids))[:len(ids)]
	for _, o := range b.order {
		from := len(b.memory)
		memory, err := b.finder.find(b.memory, o>>numberBits)
		if err == nil && memory == nil {
			err = fmt.Errorf("%w: no term has the id %d", ErrDamaged, o>>numberBits)
		}
		if err != nil {
			return err
		}
		b.memory = memory
		b.spans[o&(1<<numberBits-1)] = textSpan{from, len(memory)}
	}
	return nil
}

// Terms returns how many terms the quads have.
func (b *SubjectBatch) Terms() int { return len(b.spans) }

// Term returns the encoded form of the term with a number. It is valid until the
// next call of Read.
func (b *SubjectBatch) Term(n uint32) []byte {
	s := b.spans[n-1]
	return b.memory[s.from:s.to]
}

// ID returns the id of the term with a number.
func (b *SubjectBatch) ID(n uint32) uint64 { return b.numbers.ids[n-1] }

// NumberOf returns the number of the term with an id, 0 if the quads do not have
// it.
func (b *SubjectBatch) NumberOf(id uint64) uint32 {
	if len(b.numbers.ids) == 0 {
		return 0
	}
	return b.numbers.slots[b.numbers.find(id)]
}

func (b *SubjectBatch) compare(p, q [4]uint32) int {
	for i := 1; i < 4; i++ {
		switch {
		case p[i] == q[i]:
		case p[i] == 0:
			return -1
		case q[i] == 0:
			return 1
		default:
			return bytes.Compare(b.Term(p[i]), b.Term(q[i]))
		}
	}
	return 0
}

// idNumbers numbers ids from 1, in the order in which they come. It is a hash
// table with linear probing.
type idNumbers struct {
	ids   []uint64 // of number 1, 2 and so on
	slots []uint32 // numbers; 0 is free
}

func (t *idNumbers) reset() {
	t.ids = t.ids[:0]
	clear(t.slots)
}

// number returns the number of an id, which it numbers if it has none.
func (t *idNumbers) number(id uint64) uint32 {
	if 2*len(t.ids) >= len(t.slots) {
		t.grow()
	}
	at := t.find(id)
	if t.slots[at] == 0 {
		t.ids = append(t.ids, id)
		t.slots[at] = uint32(len(t.ids))
	}
	return t.slots[at]
}

// find returns the slot of an id, or the free slot in which it belongs.
func (t *idNumbers) find(id uint64) uint64 {
	mask := uint64(len(t.slots) - 1)
	at := id * 0x9e3779b97f4a7c15 >> 32 & mask
	for n := t.slots[at]; n != 0 && t.ids[n-1] != id; n = t.slots[at] {
		at = (at + 1) & mask
	}
	return at
}

func (t *idNumbers) grow() {
	t.slots = make([]uint32, max(1<<10, 2*len(t.slots)))
	for i, id := range t.ids {
		t.slots[t.find(id)] = uint32(i + 1)
	}
}
