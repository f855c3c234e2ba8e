package cayley

import (
	"cmp"
	"context"
	"maps"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
)

// row is a result with its tags.
type row struct {
	ref  cgraph.Ref
	tags map[string]cgraph.Ref
	term []byte // to sort by
}

// firstRow returns the result and the tags of the first row.
type firstRow struct{ rows []row }

func (f firstRow) Result() cgraph.Ref {
	if len(f.rows) == 0 {
		return nil
	}
	return f.rows[0].ref
}

func (f firstRow) TagResults(dst map[string]cgraph.Ref) {
	if len(f.rows) > 0 {
		maps.Copy(dst, f.rows[0].tags)
	}
}

// collectRows reads all rows of an iterator.
func collectRows(ctx context.Context, it iterator.Scanner) (all []row, err error) {
	for it.Next(ctx) {
		for more := true; more; more = it.NextPath(ctx) {
			tags := make(map[string]cgraph.Ref)
			it.TagResults(tags)
			all = append(all, row{ref: it.Result(), tags: tags})
		}
	}
	return all, cmp.Or(it.Err(), context.Cause(ctx))
}

// rowsIndex reads all rows of an iterator and looks nodes up in them.
type rowsIndex struct {
	scanner iterator.Scanner
	byNode  map[any][]row // nil before the rows were read
	firstRow
	err error
}

func (k *rowsIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	if k.byNode == nil && k.err == nil {
		k.read(ctx)
	}
	k.rows = k.byNode[refs.ToKey(ref)]
	return k.err == nil && len(k.rows) > 0
}

func (k *rowsIndex) read(ctx context.Context) {
	k.byNode = make(map[any][]row)
	all, err := collectRows(ctx, k.scanner)
	for _, r := range all {
		key := refs.ToKey(r.ref)
		k.byNode[key] = append(k.byNode[key], r)
	}
	k.err = err
}

func (k *rowsIndex) NextPath(context.Context) bool {
	if len(k.rows) < 2 {
		return false
	}
	k.rows = k.rows[1:]
	return true
}

func (k *rowsIndex) Err() error     { return k.err }
func (k *rowsIndex) Close() error   { return k.scanner.Close() }
func (k *rowsIndex) String() string { return "Rows" }
