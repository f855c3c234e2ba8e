package quadfile

import (
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"
)

// QuadBatch turns tuples into quads. Each term of a batch is looked up once, in
// the order of ids, so that terms of one block are read together.
type QuadBatch struct {
	finder termFinder
	todo   []uint64 // ids, each with its place in the batch
	quads  []quad.Quad
}

const (
	placeBits = 16
	// MaxBatch is the maximum number of tuples in a batch.
	MaxBatch = 64
)

// Fill turns unpacked tuples, at most MaxBatch, into quads, which are valid until
// the next call.
func (b *QuadBatch) Fill(r *Reader, tuples []Tuple) ([]quad.Quad, error) {
	b.finder.reader = r
	b.todo, b.quads = b.todo[:0], append(b.quads[:0], make([]quad.Quad, len(tuples))...)
	for i, t := range tuples {
		for part, id := range t {
			if id != 0 && (i == 0 || tuples[i-1][part] != id) {
				b.todo = append(b.todo, id<<placeBits|uint64(4*i+part))
			}
		}
	}
	slices.Sort(b.todo)
	if err := r.Read(b.resolve); err != nil {
		return nil, err
	}
	for i := 1; i < len(tuples); i++ {
		for part, id := range tuples[i] {
			if id != 0 && tuples[i-1][part] == id {
				*partOfQuad(&b.quads[i], part) = *partOfQuad(&b.quads[i-1], part)
			}
		}
	}
	return b.quads, nil
}

func (b *QuadBatch) resolve() error {
	var last uint64
	var value quad.Value
	for _, at := range b.todo {
		id, place := at>>placeBits, int(at&(1<<placeBits-1))
		if id != last {
			var err error
			if value, err = b.value(id); err != nil {
				return err
			}
			last = id
		}
		*partOfQuad(&b.quads[place/4], place%4) = value
	}
	return nil
}

func (b *QuadBatch) value(id uint64) (value quad.Value, err error) {
	if value = b.finder.reader.Cache.terms().get(id); value != nil {
		return value, nil
	}
	if value, err = b.finder.value(id); err == nil && value == nil {
		err = fmt.Errorf("%w: no term has the id %d", ErrDamaged, id)
	}
	return value, err
}

// partOfQuad returns the place of a part in a quad; parts are numbered as in a
// tuple.
func partOfQuad(q *quad.Quad, part int) *quad.Value {
	switch part {
	case 0:
		return &q.Subject
	case 1:
		return &q.Predicate
	case 2:
		return &q.Object
	}
	return &q.Label
}
