package store

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// errStopped ends a loop that its body left.
var errStopped = errors.New("stopped")

// pattern looks up the terms of a pattern; ok is false when one is not stored.
func (v *view) pattern(p Pattern) (ids quadfile.TuplePattern, ok bool, err error) {
	for i, value := range [...]quad.Value{p.Subject, p.Predicate, p.Object, p.Label} {
		if value == nil {
			continue
		}
		if ids[i], err = v.idOf(value); err != nil || ids[i] == 0 {
			return ids, false, err
		}
	}
	return ids, true, nil
}

// scanPattern starts a scan; it is nil when nothing can match.
func (v *view) scanPattern(p Pattern) (*scan, error) {
	ids, ok, err := v.pattern(p)
	if err == nil && !ok {
		// not even the closed transaction would be noticed otherwise
		return nil, v.read(func() error { return nil })
	}
	if err != nil {
		return nil, err
	}
	s, err := v.scan(ids)
	return &s, err
}

// tuple looks up a quad; ok is false when one of its terms is not stored.
func (v *view) tuple(q quad.Quad) (quadfile.Tuple, bool, error) {
	if rdf.CheckQuad(q) != nil {
		return quadfile.Tuple{}, false, nil
	}
	ids, ok, err := v.pattern(Pattern(q))
	return quadfile.Tuple(ids), ok, err
}

// emit yields the quads of a scan. It returns errStopped when yield does not
// want more.
func (v *view) emit(ctx context.Context, scan *scan, yield func(quad.Quad, error) bool) error {
	var b batch
	for size := 1; ; size = min(8*size, maxBatch) { // the first quad may be all that is wanted
		if err := cause(ctx); err != nil {
			return err
		}
		tuples, err := scan.some(size)
		if err != nil || len(tuples) == 0 {
			return err
		}
		quads, err := b.fill(v, tuples)
		if err != nil {
			return err
		}
		for _, q := range quads {
			if err := cause(ctx); err != nil {
				return err
			}
			if !yield(q, nil) {
				return errStopped
			}
		}
	}
}

func (v *view) count(ctx context.Context, p Pattern) (int64, error) {
	ids, ok, err := v.pattern(p)
	if err != nil || !ok {
		return 0, err
	}
	return v.countIDs(ctx, ids)
}

// countIDs counts the quads that match a pattern of ids. Where an index has
// them in one span it reads little more than the heads of the blocks.
func (v *view) countIDs(ctx context.Context, p quadfile.TuplePattern) (n int64, err error) {
	if p == (quadfile.TuplePattern{}) {
		return v.state.Quads, v.read(func() error { return nil })
	}
	s, err := v.plan(p)
	if err != nil {
		return 0, err
	}
	if s.Fixed == p.Fixed() {
		return v.countSpan(s, 0)
	}
	scan := &scan{view: v, span: s, filter: p}
	for !scan.done {
		if err := cause(ctx); err != nil {
			return 0, err
		}
		if err := scan.load(); err != nil {
			return 0, err
		}
		n += int64(len(scan.block))
	}
	return n, nil
}

// labels skips from each label to the next one in the index.
func (v *view) labels(ctx context.Context) iter.Seq2[quad.Value, error] {
	return func(yield func(quad.Value, error) bool) {
		for id := uint64(1); ; id++ {
			var err error
			if err = cause(ctx); err == nil {
				id, err = v.labelFrom(id)
			}
			var value quad.Value
			if err == nil && id != 0 {
				value, err = v.value(id)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if id == 0 || !yield(value, nil) {
				return
			}
		}
	}
}

// labelFrom is the first label with this id or a later one, 0 for none.
func (v *view) labelFrom(from uint64) (id uint64, err error) {
	err = v.read(func() error {
		m := v.quads(quadfile.LSPO).From(context.Background(), quadfile.TupleKey(quadfile.Tuple{from}))
		for id == 0 {
			block, err := m.Next()
			if err != nil || len(block) == 0 {
				return err
			}
			at, _ := slices.BinarySearchFunc(block, from, func(t quadfile.Tuple, from uint64) int { return cmp.Compare(t[0], from) })
			if at < len(block) {
				id = block[at][0]
			}
		}
		return nil
	})
	return id, err
}
