package store

import (
	"context"
	"iter"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// IRIs yields the ids of the IRIs that begin with a prefix, in the order of the IRIs.
// Each block of ids is valid until the next one. An error is the last pair.
func (s *Snapshot) IRIs(ctx context.Context, prefix string) iter.Seq2[[]uint64, error] {
	return func(yield func([]uint64, error) bool) {
		terms := s.reader.ScanTerms(rdf.PrefixRange(append([]byte{byte(rdf.KindIRI)}, prefix...)))
		for {
			ids, err := terms.Block()
			if err == nil {
				err = cause(ctx)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if len(ids) == 0 || !yield(ids, nil) {
				return
			}
		}
	}
}

// SubjectReader reads the quads of several subjects at a time, and each of their terms
// once. It must not be used by several goroutines at once.
type SubjectReader struct {
	reader *quadfile.Reader
	batch  quadfile.SubjectBatch
	values []quad.Value // the terms of the batch, from number 1
	quads  []quad.Quad
}

// SubjectReader returns a reader of the snapshot.
func (s *Snapshot) SubjectReader() *SubjectReader {
	return &SubjectReader{reader: s.reader, batch: quadfile.SubjectBatch{Unsorted: true}}
}

// Read reads the quads of the subjects with the given ids.
func (r *SubjectReader) Read(ids []uint64) error {
	if err := r.batch.Read(r.reader, ids); err != nil {
		return err
	}
	r.values = append(r.values[:0], nil)
	for n := range uint32(r.batch.Terms()) {
		value, err := rdf.DecodeTerm(r.batch.Term(n + 1))
		if err != nil {
			return err
		}
		r.values = append(r.values, value)
	}
	r.quads = r.quads[:0]
	for _, q := range r.batch.Quads {
		r.quads = append(r.quads, quad.Quad{Subject: r.values[q[0]], Predicate: r.values[q[1]], Object: r.values[q[2]], Label: r.values[q[3]]})
	}
	return nil
}

// Quads returns the quads of the subject with the id at a position of the argument of
// Read, in no particular order. The caller may change the slice, which is valid
// until the next call of Read.
func (r *SubjectReader) Quads(i int) []quad.Quad {
	from, to := r.span(i)
	return r.quads[from:to:to]
}

// AppendObjects appends the ids of the objects of the same quads with a predicate; ids
// that follow each other are different.
func (r *SubjectReader) AppendObjects(dst []uint64, i int, predicate uint64) []uint64 {
	from, to := r.span(i)
	wanted, last := r.batch.NumberOf(predicate), uint32(0)
	for _, q := range r.batch.Quads[from:to] {
		if q[1] == wanted && q[2] != last {
			dst, last = append(dst, r.batch.ID(q[2])), q[2]
		}
	}
	return dst
}

func (r *SubjectReader) span(i int) (from, to int) {
	if i > 0 {
		from = r.batch.Ends[i-1]
	}
	return from, r.batch.Ends[i]
}
