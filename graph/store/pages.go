package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// pageFile reads the pages of a bbolt file by itself. bbolt follows page
// numbers without checking them, and one that leads in a circle would overflow
// the stack, which no program survives; so the tree is checked from outside.
//
// All numbers are in the byte order of the machine, as bbolt writes them.
type pageFile struct {
	file     io.ReaderAt
	pageSize int64
	high     uint64 // the number of pages in use
	root     uint64 // the page of the bucket of buckets
	freelist uint64
	loss     error // says why the last change may be lost

	seen idSet        // pages met, with their overflow
	stop func() error // says, where it is set, that reading is to end
}

const (
	pageHeader  = 16
	elementSize = 16
	branchFlag  = 0x01
	leafFlag    = 0x02
	metaFlag    = 0x04
	freeFlag    = 0x10
	noFreelist  = 1<<64 - 1
	boltMagic   = 0xED0CDAED
	metaSize    = 56 // without its checksum
	maxDepth    = 32
)

var native = binary.NativeEndian

// openPages reads the meta pages of a file of the given size in bytes.
func openPages(file io.ReaderAt, size int64) (*pageFile, error) {
	m := readMetas(file, size)
	best := m.pages[m.newest()]
	if best == nil {
		return nil, fmt.Errorf("%w: not a graph store", ErrDamaged)
	}
	p := &pageFile{file: file, pageSize: m.pageSize, loss: m.loss(),
		root: native.Uint64(best[16:]), freelist: native.Uint64(best[32:]), high: native.Uint64(best[40:])}
	if p.pageSize < 512 || p.high < 4 || p.high > uint64(size/p.pageSize) {
		return nil, fmt.Errorf("%w: the file has %d bytes, less than its pages", ErrDamaged, size)
	}
	p.seen = newIDSet(p.high)
	return p, nil
}

// page is one page with its overflow.
type page struct {
	id           uint64
	flags, count uint16
	data         []byte
}

func (p *pageFile) header(id uint64) (page, uint64, error) {
	return p.headerIn(make([]byte, pageHeader), id)
}

// headerIn also fills b with as much of the page.
func (p *pageFile) headerIn(b []byte, id uint64) (page, uint64, error) {
	if id < 2 || id >= p.high {
		return page{}, 0, fmt.Errorf("page %d is outside the file", id)
	}
	if _, err := p.file.ReadAt(b, int64(id)*p.pageSize); err != nil {
		return page{}, 0, fmt.Errorf("page %d: %w", id, err)
	}
	pg := page{id: id, flags: native.Uint16(b[8:]), count: native.Uint16(b[10:])}
	overflow := uint64(native.Uint32(b[12:]))
	if native.Uint64(b) != id || id+overflow >= p.high {
		return page{}, 0, fmt.Errorf("page %d has the header of another", id)
	}
	return pg, overflow, nil
}

// read reads a page that no other page led to.
func (p *pageFile) read(id uint64) (page, error) {
	if p.stop != nil {
		if err := p.stop(); err != nil {
			return page{}, err
		}
	}
	_, overflow, err := p.header(id)
	if err != nil {
		return page{}, err
	}
	for i := id; i <= id+overflow; i++ {
		if p.seen.has(i) {
			return page{}, fmt.Errorf("page %d is in two places", i)
		}
		p.seen.put(i)
	}
	return p.load(id)
}

// load reads a page.
func (p *pageFile) load(id uint64) (page, error) {
	data := make([]byte, p.pageSize)
	pg, overflow, err := p.headerIn(data, id)
	if err != nil {
		return page{}, err
	}
	if pg.data = data; overflow > 0 {
		pg.data = make([]byte, int64(overflow+1)*p.pageSize)
		if _, err := p.file.ReadAt(pg.data, int64(id)*p.pageSize); err != nil {
			return page{}, fmt.Errorf("page %d: %w", id, err)
		}
	}
	if pg.flags != freeFlag && pageHeader+int(pg.count)*elementSize > len(pg.data) {
		return page{}, fmt.Errorf("page %d: too many elements", id)
	}
	return pg, nil
}

// bytes returns what lies at a place relative to element i.
func (pg page) bytes(i int, pos, size uint32) ([]byte, error) {
	start := uint64(pageHeader+i*elementSize) + uint64(pos)
	end := start + uint64(size)
	if end > uint64(len(pg.data)) {
		return nil, fmt.Errorf("page %d: element %d is outside the page", pg.id, i)
	}
	return pg.data[start:end], nil
}

// child returns the key and the page that element i of a branch points to.
func (pg page) child(i int) (key []byte, id uint64, err error) {
	e := pg.data[pageHeader+i*elementSize:]
	key, err = pg.bytes(i, native.Uint32(e), native.Uint32(e[4:]))
	return key, native.Uint64(e[8:]), err
}

// item returns the flags, key and value of element i of a leaf.
func (pg page) item(i int) (flags uint32, key, value []byte, err error) {
	e := pg.data[pageHeader+i*elementSize:]
	pos, keySize, size := native.Uint32(e[4:]), native.Uint32(e[8:]), native.Uint32(e[12:])
	if key, err = pg.bytes(i, pos, keySize); err != nil {
		return 0, nil, nil, err
	}
	value, err = pg.bytes(i, pos+keySize, size)
	return native.Uint32(e), key, value, err
}

// walk checks the tree of pages under id: every key is in [low, high), where
// nil is open, and in order.
func (p *pageFile) walk(id uint64, low, high []byte, depth int) error {
	pg, err := p.read(id)
	if err != nil {
		return err
	}
	if depth > maxDepth || pg.flags != branchFlag && pg.flags != leafFlag {
		return fmt.Errorf("page %d is neither branch nor leaf", id)
	}
	for i := range int(pg.count) {
		if pg.flags == branchFlag {
			err = p.walkChild(pg, i, low, high, depth)
		} else {
			low, err = pg.checkItem(i, low, high)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *pageFile) walkChild(pg page, i int, low, high []byte, depth int) error {
	key, id, err := pg.child(i)
	if err != nil {
		return err
	}
	if i > 0 {
		low = key
	}
	if i+1 < int(pg.count) {
		next, _, err := pg.child(i + 1)
		if err != nil {
			return err
		}
		if bytes.Compare(key, next) >= 0 {
			return fmt.Errorf("page %d: keys %d and %d are out of order", pg.id, i, i+1)
		}
		high = next
	}
	return p.walk(id, low, high, depth+1)
}

// checkItem returns the bound of the next key: it must be after this one.
func (pg page) checkItem(i int, low, high []byte) ([]byte, error) {
	flags, key, _, err := pg.item(i)
	if err != nil {
		return nil, err
	}
	if flags != 0 || len(key) == 0 || bytes.Compare(key, low) < 0 || high != nil && bytes.Compare(key, high) >= 0 {
		return nil, fmt.Errorf("page %d: key %d is out of place", pg.id, i)
	}
	return append(bytes.Clone(key), 0), nil
}

// beginsWith reports whether the first key of a page is this one.
func (pg page) beginsWith(key []byte) bool {
	if pg.count == 0 {
		return false
	}
	var first []byte
	switch pg.flags {
	case leafFlag:
		_, first, _, _ = pg.item(0)
	case branchFlag:
		first, _, _ = pg.child(0)
	}
	return bytes.Equal(first, key)
}

// span is where the keys under a child of a branch lie.
func (pg page) span(i int, low, high []byte) (from, to []byte, child uint64, ok bool) {
	key, child, err := pg.child(i)
	if err != nil {
		return nil, nil, 0, false
	}
	from, to = key, high
	if i == 0 {
		from = low
	}
	if i+1 < int(pg.count) {
		if to, _, err = pg.child(i + 1); err != nil {
			return nil, nil, 0, false
		}
	}
	return from, to, child, true
}
