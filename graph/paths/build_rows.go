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
	happened := newLinkList(len(b.edges))
	err = runRanges(ctx, len(b.edges), func(low, high int) error {
		for i, e := range b.edges[low:high] {
			fact, _ := b.facts.get(e.fact)
			arc := arcs[fact]
			arc.verb = e.verb
			weight := v.weigh(ByTelling, &arc)
			arc.flags |= e.flags
			happened.links[low+i] = link{arc, weight}
			happened.ends[2*(low+i)], _ = b.nodes.get(e.from)
			happened.ends[2*(low+i)+1], _ = b.nodes.get(e.to)
		}
		return nil
	})
	if err != nil {
		return err
	}
	others, err := happened.split(ctx, func(a *arc) bool { return v.facts.happened(a) })
	if err != nil {
		return err
	}
	if v.happened, err = newAdjacency(ctx, v.Nodes(), happened); err == nil {
		v.others, err = newAdjacency(ctx, v.Nodes(), others)
	}
	return err
}

// link is an arc, as seen from its first end, and its weight by [ByTelling].
type link struct {
	arc    arc
	weight weight
}

// linkList is a list of links, each between two nodes. Link i has the two halves 2*i, as
// seen from its first end, and 2*i+1, as seen from the other. Half h belongs to node
// ends[h] and leads to node ends[h^1].
type linkList struct {
	ends  []uint32
	links []link
}

func newLinkList(n int) *linkList {
	return &linkList{make([]uint32, 2*n), make([]link, n)}
}

// split removes the links whose arcs do not fit, and returns these.
func (l *linkList) split(ctx context.Context, fits func(*arc) bool) (rest *linkList, err error) {
	kept := linkList{l.ends[:0], l.links[:0]}
	rest = new(linkList)
	err = eachRange(ctx, len(l.links), func(low, high int) {
		for i := low; i < high; i++ {
			into := rest
			if fits(&l.links[i].arc) {
				into = &kept
			}
			into.ends = append(into.ends, l.ends[2*i], l.ends[2*i+1])
			into.links = append(into.links, l.links[i])
		}
	})
	*l = kept
	return rest, err
}

// half returns the arc of a half, as seen from its node.
func (l *linkList) half(h uint32) arc {
	a := l.links[h/2].arc
	if h%2 == 1 {
		direction := arcForward | arcBackward
		a.flags = a.flags&^direction | swapDirection(a.flags)
	}
	return a
}

// compare orders the halves between the same two nodes: by weight, fact and predicate.
func (l *linkList) compare(x, y uint32) int {
	a, b := &l.links[x/2], &l.links[y/2]
	return cmp.Or(cmp.Compare(a.weight, b.weight), cmp.Compare(a.arc.fact, b.arc.fact), cmp.Compare(a.arc.verb, b.arc.verb))
}

// sorted returns the halves in the order of their nodes and of the nodes to which they
// lead, and the start of each of n nodes.
func (l *linkList) sorted(ctx context.Context, n int) (halves, start []uint32, err error) {
	halves = make([]uint32, len(l.ends))
	for h := range halves {
		halves[h] = uint32(h)
	}
	halves, _, err = distribute(ctx, halves, n, func(h *uint32) uint32 { return l.ends[*h^1] })
	if err == nil {
		halves, start, err = distribute(ctx, halves, n, func(h *uint32) uint32 { return l.ends[*h] })
	}
	return halves, start, err
}

// newAdjacency builds the adjacency of n nodes.
func newAdjacency(ctx context.Context, n int, l *linkList) (a adjacency, err error) {
	halves, start, err := l.sorted(ctx, n)
	if err != nil {
		return a, err
	}
	a.start = make([]uint32, n+1)
	a.neighbours, a.first, a.arcs = make([]uint32, 0, len(halves)), make([]uint32, 0, len(halves)+1), make([]arc, 0, len(halves))
	err = eachRange(ctx, n, func(low, high int) {
		for node := low; node < high; node++ {
			a.add(l, halves[start[node]:start[node+1]])
			a.start[node+1] = uint32(len(a.neighbours))
		}
	})
	a.first = append(a.first, uint32(len(a.arcs)))
	a.neighbours, a.first, a.arcs = slices.Clip(a.neighbours), slices.Clip(a.first), slices.Clip(a.arcs)
	return a, err
}

// add adds the halves of the next node, in the order of the nodes to which they lead.
func (a *adjacency) add(l *linkList, halves []uint32) {
	for len(halves) > 0 {
		to, n := l.ends[halves[0]^1], 1
		for n < len(halves) && l.ends[halves[n]^1] == to {
			n++
		}
		a.neighbours, a.first = append(a.neighbours, to), append(a.first, uint32(len(a.arcs)))
		a.addArcs(l, halves[:n])
		halves = halves[n:]
	}
}

// addArcs adds the arcs to one neighbour. One fact may link two nodes in both directions
// by one predicate.
func (a *adjacency) addArcs(l *linkList, halves []uint32) {
	if len(halves) > 1 {
		slices.SortFunc(halves, l.compare)
	}
	for i, h := range halves {
		arc := l.half(h)
		if last := len(a.arcs) - 1; i > 0 && a.arcs[last].fact == arc.fact && a.arcs[last].verb == arc.verb {
			a.arcs[last].flags |= arc.flags
		} else {
			a.arcs = append(a.arcs, arc)
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
