package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// salvage is one reading of a damaged file. It reads pages with ReadAt, and
// trusts nothing but blocks with correct checksums.
type salvage struct {
	ctx    context.Context
	pages  *quadfile.PageFile
	size   int64 // of the file
	report Salvage

	loss      error          // why the last change may be lost, or nil
	meta      []byte         // the newest valid meta page, nil for none
	free      quadfile.IDSet // pages in the list of free pages
	freeKnown bool
	root      uint64
	buckets   map[string]bucketPlace // in the list under root
	unlisted  bool                   // a part of the list of buckets is lost
	state     quadfile.Record
	known     bool // the record was found

	recordVersion string         // by the length of the record
	reached       quadfile.IDSet // good pages to which the tree leads
	loose         []uint64
	tables        map[string]*salvagedTable
}

// bucketPlace is where a bucket begins: at a page, or inside the list of buckets.
type bucketPlace struct {
	root   uint64
	inline []byte
}

// open finds the page size and the valid meta pages, which it returns with the
// newest first.
func (s *salvage) open(file io.ReaderAt, size int64) (valid [][]byte) {
	m := quadfile.ReadMetas(file, size)
	s.loss = m.Loss()
	for _, page := range m.Pages {
		if page != nil {
			valid = append(valid, page)
		}
	}
	p := &quadfile.PageFile{File: file, PageSize: m.PageSize}
	if p.PageSize == 0 {
		p.PageSize = likelyPageSize(file, size)
	}
	if p.PageSize < 512 || p.PageSize > 1<<24 {
		return nil
	}
	slices.SortFunc(valid, func(a, b []byte) int { return cmp.Compare(quadfile.TransactionOf(b), quadfile.TransactionOf(a)) })
	p.High = uint64(size / p.PageSize)
	if len(valid) > 0 {
		if s.loss == nil { // otherwise a newer state may have more pages
			p.High = quadfile.NativeEndian.Uint64(valid[0][40:])
		}
		p.Freelist = quadfile.NativeEndian.Uint64(valid[0][32:])
	}
	p.Seen = quadfile.NewIDSet(p.High)
	p.Stop = func() error { return cause(s.ctx) }
	s.pages, s.size, s.reached, s.free = p, size, quadfile.NewIDSet(p.High), quadfile.NewIDSet(p.High)
	return valid
}

// likelyPageSize returns the page size for which most pages have their own number
// in their header.
func likelyPageSize(file io.ReaderAt, size int64) (best int64) {
	most := 0
	for _, pageSize := range []int64{4096, 8192, 16384, 65536} {
		n := 0
		for id := int64(2); id < min(size/pageSize, 1000); id++ {
			var b [8]byte
			if _, err := file.ReadAt(b[:], id*pageSize); err == nil && quadfile.NativeEndian.Uint64(b[:]) == uint64(id) {
				n++
			}
		}
		if n > most {
			most, best = n, pageSize
		}
	}
	return best
}

// readFree reads the list of free pages, all of it or none.
func (s *salvage) readFree(meta []byte) error {
	if quadfile.NativeEndian.Uint64(meta[32:]) == quadfile.NoFreelist {
		return errors.New("no list of free pages")
	}
	free := quadfile.NewIDSet(s.pages.High)
	s.pages.Root = quadfile.NativeEndian.Uint64(meta[16:])
	if err := s.pages.EachFree(func(id uint64) { free.Put(id) }); err != nil {
		return err
	}
	s.free = free
	return nil
}

func (s *salvage) listBuckets(id uint64, depth int) {
	pg, err := s.load(id)
	if err != nil || depth > quadfile.MaxDepth || s.free.Has(id) {
		s.unlisted = true
		return
	}
	for i := range int(pg.Count) {
		switch pg.Flags {
		case quadfile.BranchFlag:
			if _, child, err := pg.Child(i); err == nil {
				s.listBuckets(child, depth+1)
				continue
			}
		case quadfile.LeafFlag:
			flags, key, value, err := pg.Item(i)
			if err == nil && flags == quadfile.BucketFlag && len(value) >= 16 {
				s.buckets[string(key)] = bucketPlace{quadfile.NativeEndian.Uint64(value), value[16:]}
				continue
			}
		}
		s.unlisted = true
	}
	s.markReached(pg)
}

func (s *salvage) markReached(pg quadfile.Page) {
	for i := range uint64(len(pg.Data)) / uint64(s.pages.PageSize) {
		s.reached.Put(pg.ID + i)
	}
}

// record reads an item of the bucket of the record. Of several records, it keeps
// the latest.
func (s *salvage) record(key, value []byte) {
	switch {
	case bytes.Equal(key, quadfile.KeyFormat):
		if version, ok := bytes.CutPrefix(value, []byte(quadfile.FormatMark)); ok {
			s.report.Version = string(version)
		}
	case bytes.Equal(key, quadfile.KeyRecord):
		st, version, ok := quadfile.DecodeRecord(value)
		if ok && (!s.known || st.Generation > s.state.Generation) {
			s.state, s.recordVersion, s.known = st, version, true
		}
	}
}

// load reads a page, unless the page is larger than any page of a store.
func (s *salvage) load(id uint64) (quadfile.Page, error) {
	_, overflow, err := s.pages.Header(id)
	if err != nil {
		return quadfile.Page{}, err
	}
	if most := uint64(rdf.MaxTerm/s.pages.PageSize) + 2; overflow > most {
		return quadfile.Page{}, fmt.Errorf("page %d is too large", id)
	}
	return s.pages.Load(id)
}

// tableNames returns the names of the tables that should exist, in the order of the
// layers.
func (s *salvage) tableNames() (names []string) {
	for _, suffix := range s.suffixes() {
		for _, name := range append(quadfile.IndexNames[:], string(quadfile.BucketTerms), string(quadfile.BucketKeys)) {
			names = append(names, name+suffix)
		}
	}
	return names
}

// suffixes returns the suffixes of the table names of each layer, the oldest
// layer first. The removed entries of a level come before its added ones: both
// may have the same quad, with a term that was freed in between and has another
// id now. A level exists if the record says so. Without a record, it exists if it
// has a table or if the list of buckets is incomplete.
func (s *salvage) suffixes() []string {
	all := []string{""}
	for level := quadfile.LevelCount - 1; level >= 0; level-- {
		there := s.state.LevelQuads[level] > 0 || !s.known && (len(s.buckets) == 0 || s.unlisted)
		for name := range s.buckets {
			there = there || !s.known && (strings.HasSuffix(name, quadfile.AddedSuffix(level)) || strings.HasSuffix(name, quadfile.RemovedSuffix(level)))
		}
		if there {
			all = append(all, quadfile.RemovedSuffix(level), quadfile.AddedSuffix(level))
		}
	}
	return all
}

// unbounded is the end of a gap without an upper bound.
const unbounded = math.MaxUint64
