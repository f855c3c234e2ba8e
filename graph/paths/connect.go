package paths

import (
	"context"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// maxConnect is the highest number of entities to connect: the number of path searches
// grows with its square.
const maxConnect = 100

// Tree is a connection of several entities: hops without a loop.
type Tree struct {
	Hops    []Hop       // path after path, each from a connected entity to one that was not
	Missing []schema.ID // entities that are not connected with the others, sorted
	Telling float64     // the sum over its paths
}

// Connect finds a tree of paths that connects several entities. The best tree is
// NP-hard to find, so the result is approximate. From each entity in turn, a tree
// grows by the best path to any entity that is not connected yet (Takahashi and
// Matsuyama, 1980). The result is the tree with the fewest missing entities, and then
// with the least Telling, or with [ByHops] the fewest hops. If there is a path of
// equal hops between each pair and passing costs nothing, the tree has at most twice
// the hops of the best one.
//
// The query's Hops limit each path. Errors are the errors of [View.Among]. Fewer than
// two entities, a direction and via entities are errors too, which wrap [ErrQuery].
func (v *View) Connect(ctx context.Context, ids []schema.ID, q Query) (best Tree, err error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	switch {
	case len(ids) < 2 || len(ids) > maxConnect:
		return best, fmt.Errorf("%w: %d entities to connect: want 2 to %d", ErrQuery, len(ids), maxConnect)
	case q.Direction != AnyWay || len(q.Via) > 0:
		return best, fmt.Errorf("%w: a tree of paths has no direction and no entities to pass", ErrQuery)
	}
	var idle []schema.ID // entities without facts
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
			connected = nil // a tree does not pass a group
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
