package store

import (
	"bytes"
	"context"
	"iter"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// termScan walks the ids of the terms in a range, in the order of their keys.
type termScan struct {
	view   *view
	want   rdf.Range
	check  bool // keys do not tell where long terms lie
	layers *quadfile.Merger[quadfile.KeyEntry, quadfile.KeyCoder]
	ids    []uint64
	at     int
	done   bool
}

func (v *view) terms(r rdf.Range) *termScan {
	return &termScan{view: v, want: r, check: len(r.Low) > quadfile.LongTerm || len(r.High) > quadfile.LongTerm}
}

// next returns the next id, 0 at the end.
func (s *termScan) next() (uint64, error) {
	for {
		for s.at == len(s.ids) {
			if s.done {
				return 0, nil
			}
			if err := s.load(); err != nil {
				s.done = true
				return 0, err
			}
		}
		id := s.ids[s.at]
		s.at++
		if !s.check {
			return id, nil
		}
		term, err := s.view.term(id)
		if err != nil || s.want.Contains(term) {
			return id, err
		}
	}
}

// block returns the ids of one block, none at the end.
func (s *termScan) block() ([]uint64, error) {
	for !s.done {
		if err := s.load(); err != nil {
			s.done = true
			return nil, err
		}
		if s.check {
			if err := s.drop(); err != nil {
				return nil, err
			}
		}
		if len(s.ids) > 0 {
			return s.ids, nil
		}
	}
	return nil, nil
}

// drop leaves out the ids of terms that are not in the range.
func (s *termScan) drop() error {
	kept := s.ids[:0]
	for _, id := range s.ids {
		term, err := s.view.term(id)
		if err != nil {
			return err
		}
		if s.want.Contains(term) {
			kept = append(kept, id)
		}
	}
	s.ids = kept
	return nil
}

func (s *termScan) load() error {
	s.ids, s.at = s.ids[:0], 0
	r := s.keyRange()
	return s.view.read(func() error {
		if s.layers == nil {
			s.layers = s.view.keyLayers().From(context.Background(), r.Low)
		}
		block, err := s.layers.Next()
		s.done = len(block) == 0
		for _, e := range block {
			if s.done = r.High != nil && bytes.Compare(e.Key, r.High) >= 0; s.done {
				break
			}
			if bytes.Compare(e.Key, r.Low) >= 0 {
				s.ids = append(s.ids, e.ID)
			}
		}
		return err
	})
}

// keyRange widens the range to all keys whose terms may be in it.
func (s *termScan) keyRange() rdf.Range {
	r := s.want
	r.Low = r.Low[:min(len(r.Low), quadfile.LongTerm)]
	if len(r.High) > quadfile.LongTerm {
		r.High = rdf.PrefixRange(r.High[:quadfile.LongTerm]).High
	}
	return r
}

// Between yields the quads with a predicate (nil for any) whose object lies
// between low and high, both included, in the order of the objects: strings and
// IRIs by their bytes, numbers and times by value, other literals by datatype
// and then text, so that xsd:date goes by date. A nil bound is open, but stays
// among what compares with the other: dates since a day are dates. Strings
// that agree in their first 479 bytes come in no particular order. An error is
// the last pair.
func (s *Snapshot) Between(ctx context.Context, pred, low, high quad.Value) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		r, err := rdf.Between(low, high)
		if err == nil {
			err = s.inRange(ctx, pred, r, yield)
		}
		if err != nil && err != errStopped {
			yield(quad.Quad{}, err)
		}
	}
}

// WithPrefix yields the quads with a predicate (nil for any) whose object is a
// plain string that begins with prefix, in the order of these. An error is the
// last pair.
func (s *Snapshot) WithPrefix(ctx context.Context, pred quad.Value, prefix string) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		r := rdf.PrefixRange(append([]byte{byte(rdf.KindString)}, prefix...))
		if err := s.inRange(ctx, pred, r, yield); err != nil && err != errStopped {
			yield(quad.Quad{}, err)
		}
	}
}

func (s *Snapshot) inRange(ctx context.Context, pred quad.Value, r rdf.Range, yield func(quad.Quad, error) bool) error {
	p, ok, err := s.view.pattern(Pattern{Predicate: pred})
	if err != nil || !ok {
		return err
	}
	terms := s.view.terms(r)
	for {
		if err := cause(ctx); err != nil {
			return err
		}
		id, err := terms.next()
		if err != nil || id == 0 {
			return err
		}
		p[2] = id // the object
		scan, err := s.view.scan(p)
		if err == nil {
			err = s.view.emit(ctx, &scan, yield)
		}
		if err != nil {
			return err
		}
	}
}
