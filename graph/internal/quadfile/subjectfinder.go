package quadfile

import (
	"math"
	"slices"
)

// layeredSubjects finds the tuples of subjects in all layers of the index SPOL.
type layeredSubjects struct {
	base subjectFinder
	over []signedSubjects
}

// signedSubjects finds the tuples that a layer adds and removes.
type signedSubjects struct{ plus, minus subjectFinder }

func newLayeredSubjects(l Layers[Tuple, TupleCoder]) *layeredSubjects {
	s := &layeredSubjects{base: subjectFinder{table: l.Base}}
	for _, o := range l.Over {
		s.over = append(s.over, signedSubjects{subjectFinder{table: o.plus}, subjectFinder{table: o.minus}})
	}
	return s
}

// find appends the tuples of a subject, in order. It may stop after many tuples.
func (s *layeredSubjects) find(dst []Tuple, id uint64, many int) ([]Tuple, error) {
	from := len(dst)
	dst, err := s.base.find(dst, id, many)
	if len(dst)-from > many {
		return dst, err
	}
	for i := 0; i < len(s.over) && err == nil; i++ {
		dst, err = s.over[i].apply(dst, from, id)
	}
	return dst, err
}

// apply applies the changes of the layer to the tuples of a subject, which begin at a
// position of dst.
func (s *signedSubjects) apply(dst []Tuple, from int, id uint64) ([]Tuple, error) {
	end := len(dst)
	dst, err := s.minus.find(dst, id, noLimit)
	if removed := dst[end:]; err == nil && len(removed) > 0 {
		kept := slices.DeleteFunc(dst[from:end], func(t Tuple) bool {
			_, found := slices.BinarySearchFunc(removed, t, CompareTuples)
			return found
		})
		end = from + len(kept)
	}
	if err != nil {
		return dst, err
	}
	if dst, err = s.plus.find(dst[:end], id, noLimit); len(dst) > end {
		slices.SortFunc(dst[from:], CompareTuples)
	}
	return dst, err
}

// subjectFinder finds the tuples of subjects in one table of the index SPOL. It is
// fastest for subjects in ascending order, since it keeps the block that it opened
// last, and decodes no more of it than it needs.
type subjectFinder struct {
	table  *TupleTable // may be nil
	cursor Cursor
	open   CheckedBlock
	isOpen bool
	first  uint64 // the subject of the open block's key
	next   uint64 // the subject of the next block's key
	block  []Tuple
	passed int    // where in block the tuples end that were found last
	rest   []byte // what of the open block is not decoded
}

// noLimit is more tuples than a file has.
const noLimit = math.MaxInt

// find appends the tuples of a subject, in order. It may stop after many tuples. It reads
// pages and must be called inside Reader.Read.
func (f *subjectFinder) find(dst []Tuple, id uint64, many int) ([]Tuple, error) {
	if f.table == nil {
		return dst, nil
	}
	from := len(dst)
	if !f.covers(id) {
		f.isOpen = false
		b, ok, err := f.table.seek(f.seekCursor(), TupleKey(Tuple{id}))
		if err != nil || !ok {
			return dst, err
		}
		if err := f.setOpen(b); err != nil {
			return dst, err
		}
	}
	for {
		var err error
		if dst, err = f.appendTuples(dst, id); err != nil {
			return dst, err
		}
		if f.next != id || f.open.Last() || len(dst)-from > many {
			return dst, nil
		}
		b, ok, err := f.table.step(&f.cursor, &f.open)
		if err != nil || !ok {
			f.isOpen = false
			return dst, err
		}
		if err := f.setOpen(b); err != nil {
			return dst, err
		}
	}
}

func (f *subjectFinder) seekCursor() *Cursor {
	if f.cursor.tree == nil {
		f.cursor = f.table.Cursor()
	}
	return &f.cursor
}

// covers reports whether the first tuple of a subject would be in the open block, or at
// the beginning of the next one.
func (f *subjectFinder) covers(id uint64) bool {
	return f.isOpen && (id > f.first || f.open.First) && (id <= f.next || f.open.Last())
}

// holds reports whether all tuples of a subject are in the open block.
func (f *subjectFinder) holds(id uint64) bool {
	return f.isOpen && (id > f.first || f.open.First) && (id < f.next || f.open.Last())
}

// setOpen begins to decode a block.
func (f *subjectFinder) setOpen(b CheckedBlock) error {
	f.isOpen = len(b.Key) == 4*IDSize
	if !f.isOpen {
		return f.table.Damaged(b.Key, "entry")
	}
	f.open, f.rest = b, b.entries
	f.block = append(f.block[:0], keyTuple(b.Key))
	f.first, f.next, f.passed = f.block[0][0], 0, 0
	if !b.Last() {
		var buffer [4 * IDSize]byte
		next := b.nextKey(buffer[:0])
		if f.isOpen = len(next) >= IDSize; !f.isOpen {
			return f.table.Damaged(b.Key, "next key")
		}
		f.next = readID(next)
	}
	return nil
}

// appendTuples appends the tuples of a subject that the open block has.
func (f *subjectFinder) appendTuples(dst []Tuple, id uint64) ([]Tuple, error) {
	for f.block[len(f.block)-1][0] <= id && len(f.block) < f.open.count {
		if err := f.decodeMore(); err != nil {
			return dst, err
		}
	}
	low := f.position(id)
	high := low
	for high < len(f.block) && f.block[high][0] == id {
		high++
	}
	f.passed = high
	return append(dst, f.block[low:high]...), nil
}

// position returns the position of the first tuple of a subject, or of what follows it,
// in the decoded part of the open block. It is often where the tuples of the subject
// that was read last end.
func (f *subjectFinder) position(id uint64) int {
	at := min(f.passed, len(f.block))
	if at == 0 || f.block[at-1][0] < id {
		const near = 32
		end := min(at+near, len(f.block))
		for at < end && f.block[at][0] < id {
			at++
		}
		if at < end {
			return at
		}
	}
	at, _ = slices.BinarySearchFunc(f.block, id, func(t Tuple, id uint64) int {
		if t[0] < id {
			return -1
		}
		return 1
	})
	return at
}

// decodeMore decodes some tuples of the open block.
func (f *subjectFinder) decodeMore() error {
	const step = 32
	n := len(f.block)
	more := min(step, f.open.count-n)
	if more > len(f.rest) { // a tuple has at least one byte
		f.isOpen = false
		return f.table.Damaged(f.open.Key, "entry")
	}
	f.block = slices.Grow(f.block, more)[:n+more]
	f.rest = readTuples(f.block[n-1:], f.rest)
	if f.rest == nil || n+more == f.open.count && len(f.rest) > 0 {
		f.isOpen = false
		return f.table.Damaged(f.open.Key, "entry")
	}
	return nil
}

// SubjectTuples finds the tuples of one subject after another, or of one object, without
// their terms. It is fastest for ids in ascending order.
type SubjectTuples struct {
	reader *Reader
	index  int
	finder *layeredSubjects
	found  []Tuple
}

// NewTuples returns a SubjectTuples of a reader's state: of subjects in the index SPOL, of
// objects in OSPL.
func NewTuples(r *Reader, index int) *SubjectTuples {
	return &SubjectTuples{reader: r, index: index, finder: newLayeredSubjects(r.QuadLayers(index))}
}

// Find returns the tuples of an id, in the order of the index. They are valid until the
// next call.
func (s *SubjectTuples) Find(id uint64) ([]Tuple, error) {
	err := s.reader.Read(func() (err error) {
		s.found, err = s.finder.find(s.found[:0], id, noLimit)
		return err
	})
	if s.index != SPOL {
		unpackTuples(s.found, s.index)
	}
	return s.found, err
}
