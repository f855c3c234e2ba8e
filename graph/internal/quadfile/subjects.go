package quadfile

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrLarge is returned for a batch that would have more bytes than MaxBytes.
var ErrLarge = errors.New("too large a batch")

// SubjectBatch is the quads of several subjects, with their terms. A term that
// occurs several times is read once: quads have the numbers of terms, from 1 to
// Terms; label 0 is none.
type SubjectBatch struct {
	// Remembers, if set, reports whether the caller knows the term with an id and a
	// number already. ReadTerms does not read such terms.
	Remembers func(id uint64, n uint32) bool

	// Many, if it is not 0, is the maximum number of quads of a subject. Subjects with
	// more have no quads in the batch.
	Many int

	// ByLabel says that the ids are labels instead of subjects.
	ByLabel bool

	// WithoutSubjects says that quads have 0 for their subject, so that its term is not
	// read.
	WithoutSubjects bool

	// Predicates, if not empty, are the ids of predicates. Quads with other predicates are
	// left out.
	Predicates []uint64

	// Link, if it is not 0, is the id of a predicate. The batch also has the quads of
	// its objects.
	Link uint64

	// MaxBytes, if it is not 0, is the maximum size of quads and terms together. A
	// larger batch is an ErrLarge.
	MaxBytes int

	// Context, if set, ends the reading of a batch when it is done.
	Context context.Context

	reader  *Reader
	tuples  *layeredSubjects
	quads   [][4]uint32
	spans   []subjectSpan
	linked  []uint64      // ids of objects of Link: for one subject after the other
	objects []subjectSpan // of the quads of linked
	later   []uint64      // ids of objects that are not read yet, each with its position in linked
	found   []Tuple
	finder  termFinder
	numbers idNumbers
	order   []uint64 // ids, each with its number, in ascending order
	memory  []byte   // the encoded terms
	terms   []span   // of the terms in memory
}

// span is the positions from one to another.
type span struct{ from, to int }

// subjectSpan is the positions of the quads of a subject.
type subjectSpan struct {
	span
	tooMany bool // and no quads for that reason
	linked  span // of its objects of Link
}

// numberBits is how many bits a number has in order.
const numberBits = 24

// Read replaces the batch by the quads of the subjects with the given ids, and their
// terms. The quads of a subject are sorted by the encoded forms of predicate, object and
// label.
func (b *SubjectBatch) Read(r *Reader, subjects []uint64) error {
	b.Reset(r)
	if err := b.Add(subjects); err != nil {
		return err
	}
	if err := b.ReadTerms(); err != nil {
		return err
	}
	for _, s := range b.spans {
		slices.SortFunc(b.quads[s.from:s.to], b.compare)
	}
	return nil
}

// Reset removes all quads from the batch.
func (b *SubjectBatch) Reset(r *Reader) {
	if b.reader != r {
		index := SPOL
		if b.ByLabel {
			index = LSPO
		}
		b.reader, b.finder.reader, b.tuples = r, r, newLayeredSubjects(r.QuadLayers(index))
	}
	b.quads, b.spans, b.terms, b.memory = b.quads[:0], b.spans[:0], b.terms[:0], b.memory[:0]
	b.linked, b.objects = b.linked[:0], b.objects[:0]
	b.numbers.reset()
}

// Add adds the quads of the subjects with the given ids, in the order of the ids of
// their terms. ReadTerms must be called before Term.
func (b *SubjectBatch) Add(subjects []uint64) error {
	if len(subjects) >= 1<<numberBits {
		return fmt.Errorf("%d subjects are more than %d", len(subjects), 1<<numberBits)
	}
	b.order = b.order[:0]
	for i, id := range subjects {
		b.order = append(b.order, id<<numberBits|uint64(i))
	}
	first := len(b.spans)
	b.spans = slices.Grow(b.spans, len(subjects))[:first+len(subjects)]
	if b.Link != 0 {
		b.quads = slices.Grow(b.quads, quadsOfLinked*len(subjects))
		b.numbers.reserve(termsOfLinked * len(subjects))
	}
	return b.reader.Read(func() error {
		b.later = b.later[:0]
		err := b.inOrder(b.order, func(id uint64, i int) (err error) {
			if b.spans[first+i], err = b.readSubject(id); err == nil && b.Link != 0 {
				b.spans[first+i].linked, err = b.readObjects()
			}
			return err
		})
		if err != nil {
			return err
		}
		return b.inOrder(b.later, func(id uint64, i int) (err error) {
			b.objects[i], err = b.readSubject(id)
			return err
		})
	})
}

// bytesOfTerm is for how many bytes of each term there is room from the start.
const bytesOfTerm = 40

// For how many quads and terms of a subject and its objects of Link there is room from the
// start.
const (
	quadsOfLinked = 24
	termsOfLinked = 8
)

// checkEvery is how many subjects or terms are read between two looks at the context.
const checkEvery = 1 << 10

// inOrder sorts ids, each with a position, and calls fn with them: subjects with
// neighbouring ids are in one block.
func (b *SubjectBatch) inOrder(list []uint64, fn func(id uint64, i int) error) error {
	slices.Sort(list)
	for n, o := range list {
		if err := b.check(n); err != nil {
			return err
		}
		if err := fn(o>>numberBits, int(o&(1<<numberBits-1))); err != nil {
			return err
		}
	}
	return nil
}

// check returns an error if the context is done, at the first of every few calls with
// rising numbers, or if the batch is too large.
func (b *SubjectBatch) check(n int) error {
	if n%checkEvery == 0 && b.Context != nil && b.Context.Err() != nil {
		return context.Cause(b.Context)
	}
	if b.MaxBytes > 0 && b.Bytes() > b.MaxBytes {
		return ErrLarge
	}
	return nil
}

// Bytes returns the size of all quads and of the terms that were read.
func (b *SubjectBatch) Bytes() int { return len(b.quads)*len(Tuple{})*4 + len(b.memory) }

// readSubject appends the quads of a subject.
func (b *SubjectBatch) readSubject(id uint64) (s subjectSpan, err error) {
	many := cmp.Or(b.Many, noLimit)
	b.found, err = b.tuples.find(b.found[:0], id, many)
	s.from, s.to = len(b.quads), len(b.quads)
	if s.tooMany = len(b.found) > many; err != nil || s.tooMany {
		b.found = b.found[:0]
		return s, err
	}
	if b.ByLabel {
		unpackTuples(b.found, LSPO)
	}
	if n := s.from + len(b.found); n > cap(b.quads) {
		b.quads = slices.Grow(b.quads, n) // twice as many: large lists would grow more slowly
	}
	var last Tuple
	var q [4]uint32
	for _, t := range b.found {
		if len(b.Predicates) > 0 && !slices.Contains(b.Predicates, t[1]) {
			continue
		}
		for i, id := range t {
			switch {
			case id == last[i]:
			case id == 0 || i == 0 && b.WithoutSubjects:
				q[i] = 0
			default:
				q[i] = b.numbers.number(id)
			}
		}
		b.quads, last = append(b.quads, q), t
	}
	s.to = len(b.quads)
	return s, nil
}

// readObjects appends the objects of Link of the subject that was read last. Their quads
// are read at once if they are in the open block, else later.
func (b *SubjectBatch) readObjects() (s span, err error) {
	s.from = len(b.linked)
	for _, t := range b.found {
		if t[1] == b.Link {
			b.linked = append(b.linked, t[2])
		}
	}
	slices.Sort(b.linked[s.from:])
	b.linked = b.linked[:s.from+len(slices.Compact(b.linked[s.from:]))]
	s.to = len(b.linked)
	b.objects = slices.Grow(b.objects, s.to-s.from)[:s.to]
	for i := s.from; i < s.to && err == nil; i++ {
		if id := b.linked[i]; b.tuples.base.holds(id) {
			b.objects[i], err = b.readSubject(id)
		} else {
			b.later = append(b.later, id<<numberBits|uint64(i))
		}
	}
	return s, err
}

// Len returns how many quads the batch has.
func (b *SubjectBatch) Len() int { return len(b.quads) }

// Quads returns the quads of the subject that was added at a position. The caller may
// reorder them.
func (b *SubjectBatch) Quads(i int) [][4]uint32 { return b.quads[b.spans[i].from:b.spans[i].to] }

// Linked returns the ids of the objects of Link in the quads of the subject that was
// added at a position, in ascending order.
func (b *SubjectBatch) Linked(i int) []uint64 {
	s := b.spans[i].linked
	return b.linked[s.from:s.to]
}

// LinkedQuads returns the quads of the n-th object in Linked.
func (b *SubjectBatch) LinkedQuads(i, n int) [][4]uint32 {
	o := b.objects[b.spans[i].linked.from+n]
	return b.quads[o.from:o.to]
}

// HasTooMany reports whether the subject that was added at a position has more quads than
// Many.
func (b *SubjectBatch) HasTooMany(i int) bool { return b.spans[i].tooMany }

// ReadTerms reads the terms of all quads.
func (b *SubjectBatch) ReadTerms() error { return b.reader.Read(b.readTerms) }

// readTerms reads the terms in the order of their ids, since terms with
// neighbouring ids are in one block.
func (b *SubjectBatch) readTerms() error {
	ids := b.numbers.ids
	if len(ids) >= 1<<numberBits {
		return fmt.Errorf("a subject has quads with more than %d terms", 1<<numberBits)
	}
	b.order = b.order[:0]
	for n, id := range ids {
		if b.Remembers == nil || !b.Remembers(id, uint32(n+1)) {
			b.order = append(b.order, id<<numberBits|uint64(n))
		}
	}
	b.memory = slices.Grow(b.memory[:0], bytesOfTerm*len(b.order))
	b.terms = slices.Grow(b.terms[:0], len(ids))[:len(ids)]
	clear(b.terms)
	return b.inOrder(b.order, func(id uint64, n int) error {
		from := len(b.memory)
		memory, err := b.finder.find(b.memory, id)
		if err == nil && memory == nil {
			err = fmt.Errorf("%w: no term has the id %d", ErrDamaged, id)
		}
		if err != nil {
			return err
		}
		b.memory = memory
		b.terms[n] = span{from, len(memory)}
		return nil
	})
}

// Terms returns how many terms the quads have.
func (b *SubjectBatch) Terms() int { return len(b.numbers.ids) }

// Term returns the encoded form of the term with a number, which is empty for a term that
// the caller remembers. It is valid until the batch changes.
func (b *SubjectBatch) Term(n uint32) []byte {
	s := b.terms[n-1]
	return b.memory[s.from:s.to]
}

// MarkSubjects sets the places of is, by the number of a term, that are subjects.
func (b *SubjectBatch) MarkSubjects(is []bool) {
	for _, spans := range [][]subjectSpan{b.spans, b.objects} {
		for _, s := range spans {
			if s.from < s.to {
				is[b.quads[s.from][0]] = true
			}
		}
	}
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

// reserve makes room for so many ids more.
func (t *idNumbers) reserve(n int) {
	t.ids = slices.Grow(t.ids, n)
	for 2*(len(t.ids)+n) > len(t.slots) {
		t.grow()
	}
}

func (t *idNumbers) grow() {
	t.slots = make([]uint32, max(1<<10, 2*len(t.slots)))
	for i, id := range t.ids {
		t.slots[t.find(id)] = uint32(i + 1)
	}
}
