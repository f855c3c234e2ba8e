package store

import (
	"fmt"
	"io"
)

// precheck looks at an open file before bbolt does: whether it is a bbolt file
// at all, as long as it says, with a list of buckets. Where bbolt will follow
// pages, to change them, the list of free pages must be one too, and branch
// pages must lead nowhere but down; a tree looks by itself while it reads. The
// leaves are left to checksums and to Verify. loss says why the last change may be
// lost.
func precheck(file io.ReaderAt, size int64, followed bool) (loss, err error) {
	p, err := openPages(file, size)
	if err != nil {
		return nil, err
	}
	roots, err := p.buckets(p.root, 0)
	if err == nil && followed {
		err = p.checkFollowed(roots)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return p.loss, nil
}

func (p *pageFile) checkFollowed(roots []uint64) error {
	if err := p.eachFree(func(uint64) {}); err != nil {
		return err
	}
	bottom := newIDSet(p.high)
	for _, root := range roots {
		if err := p.branches(root, bottom, 0); err != nil {
			return err
		}
	}
	for id := range p.high {
		if bottom.has(id) && p.seen.has(id) {
			return fmt.Errorf("page %d leads in a circle", id)
		}
	}
	return nil
}

// eachFree visits the list of free pages, which must be sorted and inside the
// file.
func (p *pageFile) eachFree(visit func(id uint64)) error {
	if p.freelist == noFreelist {
		return nil
	}
	pg, err := p.read(p.freelist)
	if err != nil {
		return err
	}
	count, ids := uint64(pg.count), pg.data[pageHeader:]
	if count == 0xFFFF {
		count, ids = native.Uint64(ids), ids[8:]
	}
	if pg.flags != freeFlag || count > uint64(len(ids)/8) {
		return fmt.Errorf("page %d is not a list of free pages", pg.id)
	}
	last := uint64(1)
	for i := range count {
		id := native.Uint64(ids[8*i:])
		if id <= last || id >= p.high || id == p.root || id == p.freelist {
			return fmt.Errorf("page %d cannot be free", id)
		}
		last = id
		visit(id)
	}
	return nil
}

// buckets returns the root pages of the buckets that have their own, from the
// list of buckets under page id.
func (p *pageFile) buckets(id uint64, depth int) (roots []uint64, err error) {
	pg, err := p.read(id)
	if err != nil {
		return nil, err
	}
	if pg.flags != leafFlag && pg.flags != branchFlag || depth > maxDepth {
		return nil, fmt.Errorf("page %d is not a list of buckets", pg.id)
	}
	for i := range int(pg.count) {
		var more []uint64
		if pg.flags == leafFlag {
			more, err = pg.bucket(i)
		} else {
			more, err = p.bucketsUnder(pg, i, depth)
		}
		if err != nil {
			return nil, err
		}
		roots = append(roots, more...)
	}
	return roots, nil
}

func (p *pageFile) bucketsUnder(pg page, i, depth int) ([]uint64, error) {
	_, child, err := pg.child(i)
	if err != nil {
		return nil, err
	}
	return p.buckets(child, depth+1)
}

// bucket returns the root page of the bucket that element i names, if it has
// its own.
func (pg page) bucket(i int) ([]uint64, error) {
	flags, _, value, err := pg.item(i)
	if err != nil {
		return nil, err
	}
	if flags != 1 || len(value) < 16 {
		return nil, fmt.Errorf("page %d: element %d is not a bucket", pg.id, i)
	}
	if root := native.Uint64(value); root != 0 {
		return []uint64{root}, nil
	}
	return nil, inline(value[16:])
}

// inline checks a bucket that is stored in the value of its name.
func inline(data []byte) error {
	if len(data) < pageHeader {
		return fmt.Errorf("a bucket of %d bytes", len(data))
	}
	pg := page{flags: native.Uint16(data[8:]), count: native.Uint16(data[10:]), data: data}
	if pg.flags != leafFlag || pageHeader+int(pg.count)*elementSize > len(data) {
		return fmt.Errorf("a small bucket is not a leaf")
	}
	var low []byte
	var err error
	for i := range int(pg.count) {
		if low, err = pg.checkItem(i, low, nil); err != nil {
			return err
		}
	}
	return nil
}

// branches reads the branch pages under id and collects the numbers of the
// pages under the lowest of them. It takes these for leaves when the first one
// is: that saves reading them.
func (p *pageFile) branches(id uint64, bottom idSet, depth int) error {
	pg, _, err := p.header(id)
	if err != nil || pg.flags == leafFlag {
		return err
	}
	if pg, err = p.read(id); err != nil {
		return err
	}
	if pg.flags != branchFlag || pg.count == 0 || depth > maxDepth {
		return fmt.Errorf("page %d is neither branch nor leaf", id)
	}
	leaves := false
	for i := range int(pg.count) {
		_, child, err := pg.child(i)
		if err != nil {
			return err
		}
		if i == 0 {
			first, _, err := p.header(child)
			if err != nil {
				return err
			}
			leaves = first.flags == leafFlag
		}
		if child >= p.high {
			return fmt.Errorf("page %d is outside the file", child)
		}
		if leaves {
			bottom.put(child)
		} else if err := p.branches(child, bottom, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// account walks the whole file.
func (p *pageFile) account() error {
	free := newIDSet(p.high)
	if err := p.eachFree(func(id uint64) { free.put(id) }); err != nil {
		return err
	}
	roots, err := p.buckets(p.root, 0)
	if err != nil {
		return err
	}
	for _, root := range roots {
		if err := p.walk(root, nil, nil, 0); err != nil {
			return err
		}
	}
	lost := 0
	for id := uint64(metaPages); id < p.high; id++ {
		switch used := p.seen.has(id); {
		case used && free.has(id):
			return fmt.Errorf("page %d is in use and free", id)
		case !used && !free.has(id):
			lost++
		}
	}
	if lost > 0 && p.freelist != noFreelist {
		return fmt.Errorf("%d pages are neither in use nor free", lost)
	}
	return nil
}
