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

// joined is Cayley's Quads with all rows: those of the fixed parts, if there are
// any, that have one of some nodes in each of other directions.
type joined struct {
	fixed *quadsOf
	rest  shape.Quads
}

// BuildIterator builds those of the nodes.
func (j joined) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
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
			parts = append(parts, &linksTo{cgraph.NewLinksTo(qs, f.Values.BuildIterator(qs), f.Dir), qs})
		}
	}
	if len(parts) == 0 {
		return qs.QuadsAllIterator()
	}
	return meeting(parts, nil)
}

// Optimize leaves the shape as it is.
func (j joined) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return j, false }

// linksTo is Cayley's LinksTo, which gives the first quad of a node once for each
// way to the node, and the other quads for the last way alone.
type linksTo struct {
	*cgraph.LinksTo
	qs cgraph.QuadStore
}

func (l *linksTo) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := l.LinksTo.Optimize(ctx)
	if same, ok := it.(*cgraph.LinksTo); ok {
		return &linksTo{same, l.qs}, changed
	}
	return it, changed
}

func (l *linksTo) Iterate() iterator.Scanner {
	return &linksToScanner{Scanner: l.SubIterators()[0].Iterate(), qs: l.qs, dir: l.Direction()}
}

// linksToScanner walks the quads of a node for each way to it.
type linksToScanner struct {
	iterator.Scanner // of the nodes
	qs               cgraph.QuadStore
	dir              quad.Direction
	quads            iterator.Scanner
	err              error
}

func (l *linksToScanner) Next(ctx context.Context) bool {
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

// nextNode goes to the next way to the node, else to the next node.
func (l *linksToScanner) nextNode(ctx context.Context) bool {
	begun := l.quads != nil
	if begun {
		l.err = errors.Join(l.quads.Err(), l.quads.Close())
		l.quads = nil
	}
	return l.err == nil && (begun && l.Scanner.NextPath(ctx) || l.Scanner.Next(ctx))
}

func (l *linksToScanner) Result() cgraph.Ref {
	if l.quads == nil {
		return nil
	}
	return l.quads.Result()
}

func (l *linksToScanner) NextPath(context.Context) bool { return false }

func (l *linksToScanner) Err() error { return cmp.Or(l.err, l.Scanner.Err()) }

func (l *linksToScanner) Close() error {
	err := l.Scanner.Close()
	if l.quads != nil {
		err = errors.Join(err, l.quads.Close())
	}
	return err
}

// labelled keeps Cayley from giving the label of a quad that has none.
func labelled(sh shape.NodesFrom) (shape.Shape, bool) {
	if sh.Dir != quad.Label {
		return sh, false
	}
	return labels{sh}, true
}

type labels struct{ shape.NodesFrom }

// BuildIterator builds that of the quads.
func (l labels) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return &labelsShape{l.NodesFrom.BuildIterator(qs)}
}

// Optimize leaves the shape as it is.
func (l labels) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return l, false }

type labelsShape struct{ iterator.Shape }

func (l *labelsShape) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := l.Shape.Optimize(ctx)
	return &labelsShape{it}, changed
}

func (l *labelsShape) Iterate() iterator.Scanner { return &labelsScanner{l.Shape.Iterate()} }

type labelsScanner struct{ iterator.Scanner }

func (l *labelsScanner) Next(ctx context.Context) bool {
	for l.Scanner.Next(ctx) {
		if l.Result() != nil {
			return true
		}
	}
	return false
}
