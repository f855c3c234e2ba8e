package paths

import (
	"context"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// maxConnect bounds the number of entities to connect: as many trees grow, each of
// as many paths.
const maxConnect = 100

// Tree is a connection of several entities: hops without a loop.
type Tree struct {
	Hops    []Hop       // path after path, from what is connected to what is not yet
	Missing []schema.ID // those that nothing connects with the others, sorted
	Telling float64     // how little it tells: that of its paths
}

// Connect finds a tree of paths that connects several entities. To find the best
// tree is NP-hard, so the result is approximate: from each entity in turn a tree
// grows by the best path to any entity that is not connected yet (Takahashi and
// Matsuyama, 1980); the result is the tree that misses the fewest entities, and
// then the most telling one, or the shortest with [ByHops]. Where each pair has a
// path of equal hops and passing costs nothing, such a tree has at most twice the
// hops of the best.
//
// The query's hops limit each path. Errors are those of [View.Among]; [ErrQuery]
// also for fewer than two entities, and for a query with a direction or via
// entities.
func (v *View) Connect(ctx context.Context, ids []schema.ID, q Query) (best Tree, err error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	switch {
	case len(ids) < 2 || len(ids) > maxConnect:
		return best, fmt.Errorf("%w: %d entities to connect: want 2 to %d", ErrQuery, len(ids), maxConnect)
	case q.Direction != AnyWay || len(q.Via) > 0:
		return best, fmt.Errorf("%w: what connects some has no direction, and none to pass", ErrQuery)
	}
	var idle []schema.ID // they take part in nothing
	ids = slices.DeleteFunc(ids, func(id schema.ID) bool {
		if !v.Has(id) {
			idle = append(idle, id)
		}
		return !v.Has(id)
	})
	for i, start := range ids {
		tree, err := v.growTree(ctx, start, slices.Delete(slices.Clone(ids), i, i+1), q)
		if err != nil {
			return best, err
		}
		if i == 0 || tree.better(&best, q.Rank) {
			best = tree
		}
	}
	best.Missing = append(best.Missing, idle...)
	slices.Sort(best.Missing)
	return best, nil
}

func (t *Tree) better(o *Tree, r Rank) bool {
	switch {
	case len(t.Missing) != len(o.Missing):
		return len(t.Missing) < len(o.Missing)
	case r == ByHops && len(t.Hops) != len(o.Hops):
		return len(t.Hops) < len(o.Hops)
	}
	return t.Telling < o.Telling
}

// growTree connects one entity with others, the nearest first.
func (v *View) growTree(ctx context.Context, start schema.ID, others []schema.ID, q Query) (t Tree, err error) {
	connected := []schema.ID{start}
	for len(others) > 0 {
		p, ok, err := v.bestAmong(ctx, connected, others, q)
		if err != nil {
			return t, err
		}
		if !ok {
			t.Missing = others
			return t, nil
		}
		t.Hops, t.Telling = append(t.Hops, p.Hops...), t.Telling+p.Telling
		if len(t.Hops) == len(p.Hops) && schema.KindOf(start) == schema.Group {
			connected = nil // the tree does not pass where it began
		}
		for _, h := range p.Hops {
			if schema.KindOf(h.To) != schema.Group {
				connected = append(connected, h.To)
			}
		}
		end := p.Hops[len(p.Hops)-1].To
		others = slices.DeleteFunc(others, func(id schema.ID) bool { return id == end })
		if len(connected) == 0 {
			t.Missing = others
			return t, nil
		}
	}
	return t, nil
}
