package paths

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// buildRows builds the adjacencies from the edges.
func (b *builder) buildRows(ctx context.Context) error {
	v := b.view
	arcs := make([]arc, v.Facts())
	err := runRanges(ctx, len(arcs), func(low, high int) error {
		for fact := low; fact < high; fact++ {
			arcs[fact] = v.arcOf(uint32(fact))
		}
		return nil
	})
	if err != nil {
		return err
	}
	v.newest = math.MinInt32
	err = eachRange(ctx, len(arcs), func(low, high int) {
		for _, a := range arcs[low:high] {
			if a.flags&arcDated == 0 || !v.facts.happened(&a) {
				continue
			}
			if a.to == int32(schema.MaxDay) {
				a.to = a.from
			}
			v.newest = max(v.newest, a.to)
		}
	})
	if err != nil {
		return err
	}
	list := make([]halfEdge, 2*len(b.edges)) // each edge, from both ends
	err = runRanges(ctx, len(b.edges), func(low, high int) error {
		for i, e := range b.edges[low:high] {
			from, _ := b.nodes.get(e.from)
			to, _ := b.nodes.get(e.to)
			fact, _ := b.facts.get(e.fact)
			arc := arcs[fact]
			arc.verb = e.verb
			weight := v.weigh(ByTelling, &arc)
			pair := list[2*(low+i):]
			pair[0], pair[1] = halfEdge{from, to, weight, arc}, halfEdge{to, from, weight, arc}
			pair[0].arc.flags |= e.flags
			pair[1].arc.flags |= swapDirection(e.flags)
		}
		return nil
	})
	if err != nil {
		return err
	}
	happened, others := list[:0], []halfEdge(nil)
	err = eachRange(ctx, len(list), func(low, high int) {
		for _, s := range list[low:high] {
			if v.facts.happened(&s.arc) {
				happened = append(happened, s)
			} else {
				others = append(others, s)
			}
		}
	})
	if err != nil {
		return err
	}
	if v.happened, err = newAdjacency(ctx, v.Nodes(), happened); err == nil {
		v.others, err = newAdjacency(ctx, v.Nodes(), others)
	}
	return err
}

// halfEdge is a link as seen from one of its nodes.
type halfEdge struct {
	node, to uint32
	weight   weight
	arc      arc
}

// newAdjacency builds the adjacency of n nodes.
func newAdjacency(ctx context.Context, n int, links []halfEdge) (a adjacency, err error) {
	list, start, err := sortIntoBuckets(ctx, links, n, func(s *halfEdge) uint32 { return s.node }, func(x, y halfEdge) int {
		return cmp.Or(cmp.Compare(x.to, y.to), cmp.Compare(x.weight, y.weight), cmp.Compare(x.arc.fact, y.arc.fact), cmp.Compare(x.arc.verb, y.arc.verb))
	})
	if err != nil {
		return a, err
	}
	a.start = make([]uint32, n+1)
	a.neighbours, a.first, a.arcs = make([]uint32, 0, len(list)), make([]uint32, 0, len(list)+1), make([]arc, 0, len(list))
	err = eachRange(ctx, n, func(low, high int) {
		for node := low; node < high; node++ {
			a.add(list[start[node]:start[node+1]])
			a.start[node+1] = uint32(len(a.neighbours))
		}
	})
	a.first = append(a.first, uint32(len(a.arcs)))
	a.neighbours, a.first, a.arcs = slices.Clip(a.neighbours), slices.Clip(a.first), slices.Clip(a.arcs)
	return a, err
}

// add adds the links of the next node, sorted. One fact may link two nodes in both
// directions by one predicate.
func (a *adjacency) add(list []halfEdge) {
	for i, s := range list {
		switch {
		case i == 0 || list[i-1].to != s.to:
			a.neighbours, a.first = append(a.neighbours, s.to), append(a.first, uint32(len(a.arcs)))
			a.arcs = append(a.arcs, s.arc)
		case list[i-1].arc.fact == s.arc.fact && list[i-1].arc.verb == s.arc.verb:
			a.arcs[len(a.arcs)-1].flags |= s.arc.flags
		default:
			a.arcs = append(a.arcs, s.arc)
		}
	}
}

// swapDirection returns the direction as seen from the other end.
func swapDirection(flags uint8) uint8 {
	return flags&arcForward<<1 | flags&arcBackward>>1
}

// arcOf returns the arc of a fact's verb, without a direction.
func (v *View) arcOf(fact uint32) arc {
	row := &v.facts.rows[fact]
	a := arc{fact: fact, verb: row.verb, sources: uint8(min(row.sources, math.MaxUint8)), flags: row.status << statusShift}
	var dated bool
	if a.from, a.to, dated = v.facts.hull(fact); dated {
		a.flags |= arcDated
	}
	if v.predicates.relation[row.verb] {
		a.flags |= arcRelation
	}
	if row.standing == standingNumber(schema.StandingDisputed) {
		a.flags |= arcDisputed
	}
	return a
}
