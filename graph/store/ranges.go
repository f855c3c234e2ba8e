package store

import (
	"bytes"
	"context"
	"iter"

	"github.com/cayleygraph/quad"
)

// termRange is the encoded terms from low up to but without high; nil is open.
type termRange struct {
	low, high []byte
}

func (r termRange) contains(term []byte) bool {
	return bytes.Compare(term, r.low) >= 0 && (r.high == nil || bytes.Compare(term, r.high) < 0)
}

// intersect returns the terms of both ranges.
func (r termRange) intersect(o termRange) termRange {
	if bytes.Compare(o.low, r.low) > 0 {
		r.low = o.low
	}
	if r.high == nil || o.high != nil && bytes.Compare(o.high, r.high) < 0 {
		r.high = o.high
	}
	return r
}

// prefixRange is the terms that begin with some bytes.
func prefixRange(prefix []byte) termRange {
	high := bytes.Clone(prefix)
	for i := len(high) - 1; i >= 0; i-- {
		if high[i]++; high[i] != 0 {
			return termRange{prefix, high[:i+1]}
		}
	}
	return termRange{low: prefix}
}

// family is the terms that can be compared with a value: those of its kind,
// and of its datatype.
func family(v quad.Value, term []byte) termRange {
	if t, ok := canonical(v).(quad.TypedString); ok {
		return prefixRange(appendEscaped([]byte{byte(kindTyped)}, string(t.Type)))
	}
	r := prefixRange(term[:1])
	if kind(term[0]) == kindFloat { // nothing compares with not-a-number
		r.high = append([]byte{byte(kindFloat)}, bytes.Repeat([]byte{0xff}, 8)...)
	}
	return r
}

// between is the range from low to high, both included. An open end stays
// within what can be compared with the other one.
func between(low, high quad.Value) (r termRange, err error) {
	if low != nil {
		if r.low, err = appendTerm(nil, low); err != nil {
			return r, err
		}
		r.high = family(low, r.low).high
	}
	if high != nil {
		term, err := appendTerm(nil, high)
		if err != nil {
			return r, err
		}
		if low == nil {
			r.low = family(high, term).low
		}
		r.high = append(term, 0)
	}
	return r, nil
}

// termScan walks the ids of the terms in a range, in the order of their keys.
type termScan struct {
	view   *view
	want   termRange
	check  bool // keys do not tell where long terms lie
	layers *merger[keyed, keys]
	ids    []uint64
	at     int
	done   bool
}

func (v *view) terms(r termRange) *termScan {
	return &termScan{view: v, want: r, check: len(r.low) > longTerm || len(r.high) > longTerm}
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
		if err != nil || s.want.contains(term) {
			return id, err
		}
	}
}

func (s *termScan) load() error {
	s.ids, s.at = s.ids[:0], 0
	r := s.keyRange()
	return s.view.read(func() error {
		if s.layers == nil {
			s.layers = s.view.keyLayers().from(context.Background(), r.low)
		}
		block, err := s.layers.next()
		s.done = len(block) == 0
		for _, e := range block {
			if s.done = r.high != nil && bytes.Compare(e.key, r.high) >= 0; s.done {
				break
			}
			if bytes.Compare(e.key, r.low) >= 0 {
				s.ids = append(s.ids, e.id)
			}
		}
		return err
	})
}

// keyRange widens the range to all keys whose terms may be in it.
func (s *termScan) keyRange() termRange {
	r := s.want
	r.low = r.low[:min(len(r.low), longTerm)]
	if len(r.high) > longTerm {
		r.high = prefixRange(r.high[:longTerm]).high
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
		r, err := between(low, high)
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
		r := prefixRange(append([]byte{byte(kindString)}, prefix...))
		if err := s.inRange(ctx, pred, r, yield); err != nil && err != errStopped {
			yield(quad.Quad{}, err)
		}
	}
}

func (s *Snapshot) inRange(ctx context.Context, pred quad.Value, r termRange, yield func(quad.Quad, error) bool) error {
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
		p[part(quad.Object)] = id
		scan, err := s.view.scan(p)
		if err == nil {
			err = s.view.emit(ctx, &scan, yield)
		}
		if err != nil {
			return err
		}
	}
}
