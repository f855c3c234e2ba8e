package cayley

import (
	"context"
	"errors"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
)

// iteratorBase is the common part of scanners and indexes: the reader, the error
// and the current result.
type iteratorBase struct {
	reader  Reader // nil before the start and after the end
	release func() error
	result  cgraph.Ref
	err     error
}

// newIteratorBase opens a reader for a scanner or an index.
func newIteratorBase(qs *QuadStore) iteratorBase {
	var r iteratorBase
	r.reader, r.release, r.err = qs.open()
	return r
}

// resume clears the result and reports whether the iteration may go on.
func (r *iteratorBase) resume(ctx context.Context) bool {
	r.result = nil
	return r.running(ctx)
}

// running reports whether the iteration may go on: there was no error, the
// reader is open, and ctx has not ended.
func (r *iteratorBase) running(ctx context.Context) bool {
	if r.err == nil && ctx != nil && ctx.Err() != nil {
		r.err = ctx.Err()
		if why := context.Cause(ctx); !errors.Is(why, r.err) {
			r.err = errors.Join(r.err, why)
		}
	}
	return r.err == nil && r.reader != nil
}

// finish closes the reader at the end of an iteration, since Cayley does not
// close every iterator. It returns false.
func (r *iteratorBase) finish(err error) bool {
	r.err = errors.Join(r.err, err)
	r.Close()
	return false
}

func (r *iteratorBase) Close() error {
	if r.reader == nil {
		return nil
	}
	r.reader = nil
	return r.release()
}

func (r *iteratorBase) Err() error                       { return r.err }
func (r *iteratorBase) Result() cgraph.Ref               { return r.result }
func (r *iteratorBase) NextPath(context.Context) bool    { return false }
func (r *iteratorBase) TagResults(map[string]cgraph.Ref) {}
func (r *iteratorBase) String() string                   { return "store" }

// newScan returns a scan of a reader, if possible one that keepScan has kept.
func (s *QuadStore) newScan(r Reader) Scan {
	if scan, ok := s.scans.Get().(Scan); ok {
		return scan
	}
	return r.NewScan()
}

// keepScan keeps a scan that is no longer used, with its memory, for the next
// newScan: a query starts a scan for each of many nodes. It does nothing for a nil
// scan, and in a store where the next scan may have another reader.
func (s *QuadStore) keepScan(scan Scan) {
	if scan != nil && !s.live {
		s.scans.Put(scan)
	}
}

// noSubIterators is embedded by iterators that have no sub-iterators.
type noSubIterators struct{}

func (noSubIterators) SubIterators() []iterator.Shape { return nil }

// prices are the relative costs of reading: see [Reader].Costs.
type prices struct{ next, lookup, scan int64 }

func pricesOf(r Reader) (p prices) {
	p.next, p.lookup, p.scan = r.Costs()
	return p
}

// countMatches returns the number of quads that match a pattern, and the costs
// of reading them.
func (s *QuadStore) countMatches(ctx context.Context, p pattern) (n int64, price prices, err error) {
	err = s.read(func(r Reader) (err error) {
		price = pricesOf(r)
		n, err = r.CountIDs(contextOrBackground(ctx), IDs(p))
		return err
	})
	return n, price, err
}

// costs returns Cayley's costs for an iterator with the given number of results.
func costs(next, contains, size int64, err error) (iterator.Costs, error) {
	return iterator.Costs{NextCost: next, ContainsCost: contains, Size: refs.Size{Value: size, Exact: err == nil}}, err
}

// contextOrBackground replaces a nil context, which Cayley passes in places.
func contextOrBackground(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}
