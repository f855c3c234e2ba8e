package quadfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// PageFile reads the pages of a bbolt file without bbolt, to check them. bbolt
// follows page numbers without checking them: a cycle would overflow the stack,
// which ends the process.
//
// Numbers are in the byte order of the machine, as bbolt writes them.
type PageFile struct {
	File     io.ReaderAt
	PageSize int64
	High     uint64 // the number of pages in use
	Root     uint64 // the page of the bucket of buckets
	Freelist uint64
	loss     error // says why the last change may be lost

	Seen IDSet        // pages that were read, with their overflow
	Stop func() error // returns an error to end reading; may be nil
}

const (
	PageHeader  = 16
	ElementSize = 16
	BranchFlag  = 0x01
	LeafFlag    = 0x02
	metaFlag    = 0x04
	freeFlag    = 0x10
	NoFreelist  = 1<<64 - 1
	boltMagic   = 0xED0CDAED
	metaSize    = 56 // without its checksum
	MaxDepth    = 32
)

// NativeEndian is the byte order of numbers in pages.
var NativeEndian = binary.NativeEndian

// OpenPages reads the meta pages of a file of the given size in bytes.
func OpenPages(file io.ReaderAt, size int64) (*PageFile, error) {
	m := ReadMetas(file, size)
	best := m.Pages[m.newest()]
	if best == nil {
		return nil, fmt.Errorf("%w: not a graph store", ErrDamaged)
	}
	p := &PageFile{File: file, PageSize: m.PageSize, loss: m.Loss(),
		Root: NativeEndian.Uint64(best[16:]), Freelist: NativeEndian.Uint64(best[32:]), High: NativeEndian.Uint64(best[40:])}
	if p.PageSize < 512 || p.High < 4 || p.High > uint64(size/p.PageSize) {
		return nil, fmt.Errorf("%w: the file has %d bytes, less than its pages", ErrDamaged, size)
	}
	p.Seen = NewIDSet(p.High)
	return p, nil
}

// Page is a page with its overflow.
type Page struct {
	ID           uint64
	Flags, Count uint16
	Data         []byte
}

// Header reads the header of a page. It returns the page without its data, and
// the number of overflow pages.
func (p *PageFile) Header(id uint64) (Page, uint64, error) {
	return p.headerIn(make([]byte, PageHeader), id)
}

// headerIn is Header, and also reads the beginning of the page into b.
func (p *PageFile) headerIn(b []byte, id uint64) (Page, uint64, error) {
	if id < 2 || id >= p.High {
		return Page{}, 0, fmt.Errorf("page %d is outside the file", id)
	}
	if _, err := p.File.ReadAt(b, int64(id)*p.PageSize); err != nil {
		return Page{}, 0, fmt.Errorf("page %d: %w", id, err)
	}
	pg := Page{ID: id, Flags: NativeEndian.Uint16(b[8:]), Count: NativeEndian.Uint16(b[10:])}
	overflow := uint64(NativeEndian.Uint32(b[12:]))
	if NativeEndian.Uint64(b) != id || id+overflow >= p.High {
		return Page{}, 0, fmt.Errorf("page %d has the header of another", id)
	}
	return pg, overflow, nil
}

// read reads a page, and fails if another page has led to it.
func (p *PageFile) read(id uint64) (Page, error) {
	if p.Stop != nil {
		if err := p.Stop(); err != nil {
			return Page{}, err
		}
	}
	_, overflow, err := p.Header(id)
	if err != nil {
		return Page{}, err
	}
	for i := id; i <= id+overflow; i++ {
		if p.Seen.Has(i) {
			return Page{}, fmt.Errorf("page %d is in two places", i)
		}
		p.Seen.Put(i)
	}
	return p.Load(id)
}

// Load reads a page.
func (p *PageFile) Load(id uint64) (Page, error) {
	data := make([]byte, p.PageSize)
	pg, overflow, err := p.headerIn(data, id)
	if err != nil {
		return Page{}, err
	}
	if pg.Data = data; overflow > 0 {
		pg.Data = make([]byte, int64(overflow+1)*p.PageSize)
		if _, err := p.File.ReadAt(pg.Data, int64(id)*p.PageSize); err != nil {
			return Page{}, fmt.Errorf("page %d: %w", id, err)
		}
	}
	if pg.Flags != freeFlag && PageHeader+int(pg.Count)*ElementSize > len(pg.Data) {
		return Page{}, fmt.Errorf("page %d: too many elements", id)
	}
	return pg, nil
}

// bytes returns size bytes at a position relative to element i.
func (pg Page) bytes(i int, pos, size uint32) ([]byte, error) {
	start := uint64(PageHeader+i*ElementSize) + uint64(pos)
	end := start + uint64(size)
	if end > uint64(len(pg.Data)) {
		return nil, fmt.Errorf("page %d: element %d is outside the page", pg.ID, i)
	}
	return pg.Data[start:end], nil
}

// Child returns the key and the page that element i of a branch points to.
func (pg Page) Child(i int) (key []byte, id uint64, err error) {
	e := pg.Data[PageHeader+i*ElementSize:]
	key, err = pg.bytes(i, NativeEndian.Uint32(e), NativeEndian.Uint32(e[4:]))
	return key, NativeEndian.Uint64(e[8:]), err
}

// Item returns the flags, key and value of element i of a leaf.
func (pg Page) Item(i int) (flags uint32, key, value []byte, err error) {
	e := pg.Data[PageHeader+i*ElementSize:]
	pos, keySize, size := NativeEndian.Uint32(e[4:]), NativeEndian.Uint32(e[8:]), NativeEndian.Uint32(e[12:])
	if key, err = pg.bytes(i, pos, keySize); err != nil {
		return 0, nil, nil, err
	}
	value, err = pg.bytes(i, pos+keySize, size)
	return NativeEndian.Uint32(e), key, value, err
}

// walk checks the tree of pages under id: keys must be sorted and in [low, high),
// where nil is unbounded.
func (p *PageFile) walk(id uint64, low, high []byte, depth int) error {
	pg, err := p.read(id)
	if err != nil {
		return err
	}
	if depth > MaxDepth || pg.Flags != BranchFlag && pg.Flags != LeafFlag {
		return fmt.Errorf("page %d is neither branch nor leaf", id)
	}
	for i := range int(pg.Count) {
		if pg.Flags == BranchFlag {
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

func (p *PageFile) walkChild(pg Page, i int, low, high []byte, depth int) error {
	key, id, err := pg.Child(i)
	if err != nil {
		return err
	}
	if i > 0 {
		low = key
	}
	if i+1 < int(pg.Count) {
		next, _, err := pg.Child(i + 1)
		if err != nil {
			return err
		}
		if bytes.Compare(key, next) >= 0 {
			return fmt.Errorf("page %d: keys %d and %d are out of order", pg.ID, i, i+1)
		}
		high = next
	}
	return p.walk(id, low, high, depth+1)
}

// checkItem checks that the key of element i is in [low, high), and returns the
// lower bound of the next key.
func (pg Page) checkItem(i int, low, high []byte) ([]byte, error) {
	flags, key, _, err := pg.Item(i)
	if err != nil {
		return nil, err
	}
	if flags != 0 || len(key) == 0 || bytes.Compare(key, low) < 0 || high != nil && bytes.Compare(key, high) >= 0 {
		return nil, fmt.Errorf("page %d: key %d is out of place", pg.ID, i)
	}
	return append(bytes.Clone(key), 0), nil
}

// BeginsWith reports whether key is the first key of a page.
func (pg Page) BeginsWith(key []byte) bool {
	if pg.Count == 0 {
		return false
	}
	var first []byte
	switch pg.Flags {
	case LeafFlag:
		_, first, _, _ = pg.Item(0)
	case BranchFlag:
		first, _, _ = pg.Child(0)
	}
	return bytes.Equal(first, key)
}

// Span returns the half-open interval [from, to) of the keys under child i of a
// branch, and the child.
func (pg Page) Span(i int, low, high []byte) (from, to []byte, child uint64, ok bool) {
	key, child, err := pg.Child(i)
	if err != nil {
		return nil, nil, 0, false
	}
	from, to = key, high
	if i == 0 {
		from = low
	}
	if i+1 < int(pg.Count) {
		if to, _, err = pg.Child(i + 1); err != nil {
			return nil, nil, 0, false
		}
	}
	return from, to, child, true
}
