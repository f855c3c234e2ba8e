package quadfile

import (
	"context"
)

// ScanIDs returns a scan by ids.
func (r *Reader) ScanIDs() *idScan { return &idScan{reader: r} }

// idScan is a scan that begins at the first call of Next.
type idScan struct {
	reader *Reader
	want   TuplePattern
	scan   Scan
	begun  bool
}

// Begin starts to read the quads that match a pattern.
func (r *idScan) Begin(pattern [4]uint64) { r.want, r.begun = pattern, false }

// Next returns the next block, which is valid until the next call.
func (r *idScan) Next(context.Context) (block [][4]uint64, err error) {
	if !r.begun {
		memory := r.scan.block[:0]
		r.scan, err = r.reader.Scan(r.want)
		r.scan.block, r.begun = memory, true
	}
	for err == nil && !r.scan.done {
		if err = r.scan.load(); err == nil && len(r.scan.block) > 0 {
			return r.scan.block, nil
		}
	}
	r.scan.done = true
	return nil, err
}
