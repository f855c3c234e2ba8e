package quadfile

import (
	"context"
)

// buildWindow is the number of entries that are packed at a time. A block has at
// most blockSize entries.
const buildWindow = 8 * blockSize

// Packer packs sorted entries, which arrive in portions, into full blocks.
type Packer[E any, C Coder[E]] struct {
	Table    *Table[E, C]
	Put      func(key, value []byte) error
	buf      []E
	hasBlock bool // a block was made
}

// Add adds entries that sort after all earlier ones. It refers to their contents
// until they are packed.
func (p *Packer[E, C]) Add(entries ...E) error {
	for len(entries) > 0 {
		n := min(len(entries), buildWindow-len(p.buf))
		p.buf = append(p.buf, entries[:n]...)
		entries = entries[n:]
		if len(p.buf) == buildWindow {
			if err := p.pack(blockSize); err != nil {
				return err
			}
		}
	}
	return nil
}

// pack makes blocks until at most left entries remain. Every block but the last
// one depends on the entry after it.
func (p *Packer[E, C]) pack(left int) error {
	at := 0
	for len(p.buf)-at > left {
		b, packed := p.Table.packOne(p.buf[at:], !p.hasBlock)
		if err := p.Put(b.key, b.value); err != nil {
			return err
		}
		p.hasBlock = true
		at += packed
	}
	n := copy(p.buf, p.buf[at:])
	clear(p.buf[n:])
	p.buf = p.buf[:n]
	return nil
}

// Close packs the last entries.
func (p *Packer[E, C]) Close() error { return p.pack(0) }

// AddSorted adds n entries in portions, and closes the packer.
func (p *Packer[E, C]) AddSorted(ctx context.Context, n int, entries func(dst []E, from, to int) []E) error {
	buf := make([]E, 0, min(n, buildWindow))
	for done := 0; done < n; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		more := min(n-done, buildWindow)
		if err := p.Add(entries(buf[:0], done, done+more)...); err != nil {
			return err
		}
		done += more
	}
	return p.Close()
}
