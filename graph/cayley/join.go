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
	for _, f := range j.rest {
		switch ref, one := shape.One(f.Values); {
		case f.Values == nil:
			return iterator.NewNull()
		case one:
			parts = append(parts, qs.QuadIterator(f.Dir, ref))
		default:
			parts = append(parts, &quadsOfNodes{cgraph.NewLinksTo(qs, f.Values.BuildIterator(qs), f.Dir), qs})
		}
	}
	if len(parts) == 0 {
		return qs.QuadsAllIterator()
	}
	return newIntersectAllIterator(parts, nil)
}

// Optimize leaves the shape as it is.
func (j quadsJoin) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return j, false }

// quadsOfNodes is Cayley's LinksTo with all rows. For a node that was found on
// several paths, Cayley returns the first quad for each path and the other quads
// only for the last path.
type quadsOfNodes struct {
	*cgraph.LinksTo
	qs cgraph.QuadStore
}

func (l *quadsOfNodes) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := l.LinksTo.Optimize(ctx)
	if same, ok := it.(*cgraph.LinksTo); ok {
		return &quadsOfNodes{same, l.qs}, changed
	}
	return it, changed
}

func (l *quadsOfNodes) Iterate() iterator.Scanner {
	return &quadsOfNodesScanner{Scanner: l.SubIterators()[0].Iterate(), qs: l.qs, dir: l.Direction()}
}

// quadsOfNodesScanner walks the quads of a node once for each path to the node.
type quadsOfNodesScanner struct {
	iterator.Scanner // of the nodes
	qs               cgraph.QuadStore
	dir              quad.Direction
	quads            iterator.Scanner
	err              error
}

func (l *quadsOfNodesScanner) Next(ctx context.Context) bool {
	for l.err == nil {
		if l.quads != nil && l.quads.Next(ctx) {
			return true
		}
		if !l.nextNode(ctx) {
			return false
		}
		l.quads = l.qs.QuadIterator(l.dir, l.Scanner.Result()).Iterate()
	}
	return false
}

// nextNode moves to the next path to the same node, or to the next node.
func (l *quadsOfNodesScanner) nextNode(ctx context.Context) bool {
	begun := l.quads != nil
	if begun {
		l.err = errors.Join(l.quads.Err(), l.quads.Close())
		l.quads = nil
	}
	return l.err == nil && (begun && l.Scanner.NextPath(ctx) || l.Scanner.Next(ctx))
}

func (l *quadsOfNodesScanner) Result() cgraph.Ref {
	if l.quads == nil {
		return nil
	}
	return l.quads.Result()
}

func (l *quadsOfNodesScanner) NextPath(context.Context) bool { return false }

func (l *quadsOfNodesScanner) Err() error { return cmp.Or(l.err, l.Scanner.Err()) }

func (l *quadsOfNodesScanner) Close() error {
	err := l.Scanner.Close()
	if l.quads != nil {
		err = errors.Join(err, l.quads.Close())
	}
	return err
}
