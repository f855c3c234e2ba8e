package quadfile

import (
	"fmt"
	"slices"
)

// TermBatch reads the terms of many ids, each once, in the order of the ids.
type TermBatch struct {
	numbers idNumbers
	read    int // how many terms were read
	order   []uint64
	finder  termFinder
	term    []byte
}

// Reset removes all ids.
func (b *TermBatch) Reset() {
	b.numbers.reset()
	b.read = 0
}

// Number adds an id to the batch, if it is not there yet. It returns the number of the
// id, from 1 in the order in which ids were added, and 0 for the id 0.
func (b *TermBatch) Number(id uint64) uint32 {
	if id == 0 {
		return 0
	}
	return b.numbers.number(id)
}

// Len returns the greatest number.
func (b *TermBatch) Len() int { return len(b.numbers.ids) }

// IDs returns the ids in the order of their numbers.
func (b *TermBatch) IDs() []uint64 { return b.numbers.ids }

// Read calls fn with each number that was added since the last call, and with its encoded
// term, which is valid until fn returns.
func (b *TermBatch) Read(r *Reader, fn func(number uint32, term []byte) error) error {
	b.finder.reader, b.order = r, b.order[:0]
	if len(b.numbers.ids) >= 1<<numberBits {
		return fmt.Errorf("a batch of more than %d terms", 1<<numberBits)
	}
	for ; b.read < len(b.numbers.ids); b.read++ {
		b.order = append(b.order, b.numbers.ids[b.read]<<numberBits|uint64(b.read+1))
	}
	slices.Sort(b.order)
	return r.Read(func() error {
		for _, o := range b.order {
			id := o >> numberBits
			term, err := b.finder.find(b.term[:0], id)
			if err == nil && term == nil {
				err = fmt.Errorf("%w: no term has the id %d", ErrDamaged, id)
			}
			if err != nil {
				return err
			}
			b.term = term
			if err := fn(uint32(o&(1<<numberBits-1)), term); err != nil {
				return err
			}
		}
		return nil
	})
}
