package cayley

import (
	"cmp"
	"context"
	"errors"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
)

// joinFixed combines the fixed parts of Quads into one pattern, which one index
// answers; Cayley would scan the quads of one part and check the other parts for
// each quad.
func joinFixed(qs *QuadStore, quads shape.Quads) (shape.Shape, bool) {
	var want pattern
	var rest shape.Quads
	for _, f := range quads {
		ref, one := shape.One(f.Values)
		id := uint64(0)
		if one && placeOf(f.Dir) >= 0 && want[placeOf(f.Dir)] == 0 {
			id, _ = qs.idOf(ref)
		}
		if id == 0 {
			rest = append(rest, f)
			continue
		}
		want[placeOf(f.Dir)] = id
	}
	if want.fixedParts() < 2 {
		return quadsJoin{rest: quads}, true
	}
	if len(rest) == 0 {
		return matchingQuads{want}, true
	}
	return quadsJoin{&matchingQuads{want}, rest}, true
}

// quadsJoin is Cayley's Quads with all rows: the quads that match the fixed
// parts, if any, and have a node of each given set in the direction of that set.
type quadsJoin struct {
	fixed *matchingQuads
	rest  shape.Quads
}

// BuildIterator builds an intersection of the quads of each direction.
func (j quadsJoin) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	var parts []iterator.Shape
	if j.fixed != nil {
		parts = append(parts, j.fixed.BuildIterator(qs))
	}
	fixed := j.fixedParts(qs)
	for _, f := range j.rest {
		switch ref, one := shape.One(f.Values); {
		case f.Values == nil:
			return iterator.NewNull()
		case one:
			parts = append(parts, qs.QuadIterator(f.Dir, ref))
		default:
			parts = append(parts, &quadsOfNodes{cgraph.NewLinksTo(qs, f.Values.BuildIterator(qs), f.Dir), qs, fixed})
		}
	}
	if len(parts) == 0 {
		return qs.QuadsAllIterator()
	}
	return newIntersectAllIterator(parts, nil)
}

// fixedParts returns the pattern of all fixed parts, those of rest as well.
func (j quadsJoin) fixedParts(qs cgraph.QuadStore) (fixed pattern) {
	if j.fixed != nil {
		fixed = j.fixed.want
	}
	for _, f := range j.rest {
		node, one := shape.One(f.Values)
		if id, ok := node.(nodeRef); one && ok && placeOf(f.Dir) >= 0 && fixed[placeOf(f.Dir)] == 0 {
			fixed[placeOf(f.Dir)] = uint64(id)
		}
	}
	return fixed
}

// Optimize leaves the shape as it is.
func (j quadsJoin) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return j, false }

// quadsOfNodes is Cayley's LinksTo with all rows. For a node that was found on
// several paths, Cayley returns the first quad for each path and the other quads
// only for the last path. As it is one part of an intersection, a scan leaves out quads
// that do not match the fixed parts of the intersection.
type quadsOfNodes struct {
	*cgraph.LinksTo
	qs    cgraph.QuadStore
	fixed pattern
}

func (l *quadsOfNodes) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := l.LinksTo.Optimize(ctx)
	if same, ok := it.(*cgraph.LinksTo); ok {
		return &quadsOfNodes{same, l.qs, l.fixed}, changed
	}
	return it, changed
}

func (l *quadsOfNodes) Iterate() iterator.Scanner {
	return &quadsOfNodesScanner{Scanner: l.SubIterators()[0].Iterate(), quads: quadsOfNode{qs: l.qs, dir: l.Direction(), fixed: l.fixed}}
}

// quadsOfNodesScanner walks the quads of a node once for each path to the node.
type quadsOfNodesScanner struct {
	iterator.Scanner // of the nodes
	quads            quadsOfNode
	err              error
}

func (l *quadsOfNodesScanner) Next(ctx context.Context) bool {
	for l.err == nil {
		if l.quads.begun() && l.quads.scanner.Next(ctx) {
			return true
		}
		if !l.nextNode(ctx) {
			return false
		}
		l.err = l.quads.begin(l.Scanner.Result())
	}
	return false
}

// nextNode moves to the next path to the same node, or to the next node.
func (l *quadsOfNodesScanner) nextNode(ctx context.Context) bool {
	begun := l.quads.begun()
	if begun {
		l.err = l.quads.end()
	}
	return l.err == nil && (begun && l.Scanner.NextPath(ctx) || l.Scanner.Next(ctx))
}

func (l *quadsOfNodesScanner) Result() cgraph.Ref {
	if !l.quads.begun() {
		return nil
	}
	return l.quads.scanner.Result()
}

func (l *quadsOfNodesScanner) NextPath(context.Context) bool { return false }

func (l *quadsOfNodesScanner) Err() error { return cmp.Or(l.err, l.Scanner.Err()) }

func (l *quadsOfNodesScanner) Close() error { return errors.Join(l.Scanner.Close(), l.quads.end()) }

// quadsOfNode scans the quads that have a node in a direction, for one node after the
// other.
type quadsOfNode struct {
	qs      cgraph.QuadStore
	dir     quad.Direction
	fixed   pattern
	scanner iterator.Scanner // nil before begin and after end
	own     *quadsScanner    // the scanner of the last node, for reuse
}

func (q *quadsOfNode) begun() bool { return q.scanner != nil }

// begin begins to scan the quads of a node.
func (q *quadsOfNode) begin(node cgraph.Ref) error {
	of, ok := q.qs.(quadStoreHolder)
	if !ok {
		q.scanner = q.qs.QuadIterator(q.dir, node).Iterate()
		return nil
	}
	qs := of.quadStore()
	want, ok, err := qs.patternOf(q.dir, node)
	if err != nil {
		return err
	}
	if ok {
		want, ok = want.with(q.fixed)
	}
	switch {
	case !ok:
		q.scanner = iterator.NewNull().Iterate()
	case q.own == nil || qs.live:
		q.own = (&quadsIterator{qs: qs, want: want}).Iterate().(*quadsScanner)
		q.scanner = q.own
	default:
		q.own.restart(want)
		q.scanner = q.own
	}
	return nil
}

func (q *quadsOfNode) end() error {
	if q.scanner == nil {
		return nil
	}
	err := errors.Join(q.scanner.Err(), q.scanner.Close())
	q.scanner = nil
	return err
}
