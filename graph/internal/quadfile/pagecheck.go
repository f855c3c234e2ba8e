package quadfile

import (
	"fmt"
	"io"
)

// Precheck checks an open file before bbolt uses it: whether it is a bbolt file
// with its full length and a list of buckets. If followed is set, since bbolt
// follows pages to change them, it also checks that the list of free pages is
// valid and that branch pages form trees without cycles. Leaf pages are left to
// checksums and to Verify. loss says why the last change may be lost.
func Precheck(file io.ReaderAt, size int64, followed bool) (loss, err error) {
	p, err := OpenPages(file, size)
	if err != nil {
		return nil, err
	}
	roots, err := p.buckets(p.Root, 0)
	if err == nil && followed {
		err = p.checkFollowed(roots)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return p.loss, nil
}

func (p *PageFile) checkFollowed(roots []uint64) error {
	if err := p.EachFree(func(uint64) {}); err != nil {
		return err
	}
	bottom := NewIDSet(p.High)
	for _, root := range roots {
		if err := p.branches(root, bottom, 0); err != nil {
			return err
		}
	}
	for id := range p.High {
		if bottom.Has(id) && p.Seen.Has(id) {
			return fmt.Errorf("page %d leads in a circle", id)
		}
	}
	return nil
}

// EachFree visits the list of free pages, which must be sorted and inside the
// file.
func (p *PageFile) EachFree(visit func(id uint64)) error {
	if p.Freelist == NoFreelist {
		return nil
	}
	pg, err := p.read(p.Freelist)
	if err != nil {
		return err
	}
	count, ids := uint64(pg.Count), pg.Data[PageHeader:]
	if count == 0xFFFF {
		count, ids = NativeEndian.Uint64(ids), ids[8:]
	}
	if pg.Flags != freeFlag || count > uint64(len(ids)/8) {
		return fmt.Errorf("page %d is not a list of free pages", pg.ID)
	}
	last := uint64(1)
	for i := range count {
		id := NativeEndian.Uint64(ids[8*i:])
		if id <= last || id >= p.High || id == p.Root || id == p.Freelist {
			return fmt.Errorf("page %d cannot be free", id)
		}
		last = id
		visit(id)
	}
	return nil
}

// buckets returns the root pages of the buckets in the list under page id. A small
// bucket, stored inside the list, has none.
func (p *PageFile) buckets(id uint64, depth int) (roots []uint64, err error) {
	pg, err := p.read(id)
	if err != nil {
		return nil, err
	}
	if pg.Flags != LeafFlag && pg.Flags != BranchFlag || depth > MaxDepth {
		return nil, fmt.Errorf("page %d is not a list of buckets", pg.ID)
	}
	for i := range int(pg.Count) {
		var more []uint64
		if pg.Flags == LeafFlag {
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

func (p *PageFile) bucketsUnder(pg Page, i, depth int) ([]uint64, error) {
	_, child, err := pg.Child(i)
	if err != nil {
		return nil, err
	}
	return p.buckets(child, depth+1)
}

// bucket returns the root page of the bucket that element i names, none for a
// small bucket.
func (pg Page) bucket(i int) ([]uint64, error) {
	flags, _, value, err := pg.Item(i)
	if err != nil {
		return nil, err
	}
	if flags != 1 || len(value) < 16 {
		return nil, fmt.Errorf("page %d: element %d is not a bucket", pg.ID, i)
	}
	if root := NativeEndian.Uint64(value); root != 0 {
		return []uint64{root}, nil
	}
	return nil, checkInlineBucket(value[16:])
}

// checkInlineBucket checks a small bucket, which is stored as the value of its name.
func checkInlineBucket(data []byte) error {
	if len(data) < PageHeader {
		return fmt.Errorf("a bucket of %d bytes", len(data))
	}
	pg := Page{Flags: NativeEndian.Uint16(data[8:]), Count: NativeEndian.Uint16(data[10:]), Data: data}
	if pg.Flags != LeafFlag || PageHeader+int(pg.Count)*ElementSize > len(data) {
		return fmt.Errorf("a small bucket is not a leaf")
	}
	var low []byte
	var err error
	for i := range int(pg.Count) {
		if low, err = pg.checkItem(i, low, nil); err != nil {
			return err
		}
	}
	return nil
}

// branches reads the branch pages under id and collects the numbers of the pages
// under the lowest branches. If the first child of a branch is a leaf, it assumes
// that all are, which saves reading them.
func (p *PageFile) branches(id uint64, bottom IDSet, depth int) error {
	pg, _, err := p.Header(id)
	if err != nil || pg.Flags == LeafFlag {
		return err
	}
	if pg, err = p.read(id); err != nil {
		return err
	}
	if pg.Flags != BranchFlag || pg.Count == 0 || depth > MaxDepth {
		return fmt.Errorf("page %d is neither branch nor leaf", id)
	}
	leaves := false
	for i := range int(pg.Count) {
		_, child, err := pg.Child(i)
		if err != nil {
			return err
		}
		if i == 0 {
			first, _, err := p.Header(child)
			if err != nil {
				return err
			}
			leaves = first.Flags == LeafFlag
		}
		if child >= p.High {
			return fmt.Errorf("page %d is outside the file", child)
		}
		if leaves {
			bottom.Put(child)
		} else if err := p.branches(child, bottom, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// Account reads the whole file and checks that each page is in exactly one place.
func (p *PageFile) Account() error {
	free := NewIDSet(p.High)
	if err := p.EachFree(func(id uint64) { free.Put(id) }); err != nil {
		return err
	}
	roots, err := p.buckets(p.Root, 0)
	if err != nil {
		return err
	}
	for _, root := range roots {
		if err := p.walk(root, nil, nil, 0); err != nil {
			return err
		}
	}
	lost := 0
	for id := uint64(MetaPages); id < p.High; id++ {
		switch used := p.Seen.Has(id); {
		case used && free.Has(id):
			return fmt.Errorf("page %d is in use and free", id)
		case !used && !free.Has(id):
			lost++
		}
	}
	if lost > 0 && p.Freelist != NoFreelist {
		return fmt.Errorf("%d pages are neither in use nor free", lost)
	}
	return nil
}
