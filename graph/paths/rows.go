package paths

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// layOut puts the edges in rows.
func (b *builder) layOut(ctx context.Context) (err error) {
	v := b.view
	happened := statusNumber(schema.Happened)
	v.newest = math.MinInt32
	for n := range v.facts[:v.Facts()] {
		if from, to, dated := v.hull(uint32(n)); dated && v.facts[n].status == happened {
			if to == int32(schema.MaxDay) {
				to = from
			}
			v.newest = max(v.newest, to)
		}
	}
	var all [2][]link
	for _, e := range b.edges {
		from, _ := b.nodes.get(e.from)
		to, _ := b.nodes.get(e.to)
		fact, _ := b.facts.get(e.fact)
		i := 0
		if v.facts[fact].status != happened {
			i = 1
		}
		all[i] = append(all[i], link{from, to, fact, e.flags})
	}
	if v.happened, err = v.rows(ctx, all[0]); err == nil {
		v.others, err = v.rows(ctx, all[1])
	}
	return err
}

// link is an edge between two nodes.
type link struct {
	from, to, fact uint32
	flags          uint8
}

// seen is a link as one of its ends sees it.
type seen struct {
	to     uint32
	weight weight
	arc    arc
}

// rows sorts links by either end.
func (v *View) rows(ctx context.Context, links []link) (a adjacency, err error) {
	n := v.Nodes()
	start := make([]uint32, n+2)
	for _, l := range links {
		start[l.from+2]++
		start[l.to+2]++
	}
	for i := 2; i < len(start); i++ {
		start[i] += start[i-1]
	}
	list := make([]seen, 2*len(links))
	place := func(at, to, fact uint32, flags uint8) {
		arc := v.arcOf(fact)
		arc.flags |= flags
		list[start[at+1]] = seen{to, v.weigh(ByTelling, &arc), arc}
		start[at+1]++
	}
	for _, l := range links {
		place(l.from, l.to, l.fact, l.flags)
		place(l.to, l.from, l.fact, mirror(l.flags))
	}
	err = parts(ctx, n, func(low, high int) error {
		for node := low; node < high; node++ {
			slices.SortFunc(list[start[node]:start[node+1]], func(x, y seen) int {
				return cmp.Or(cmp.Compare(x.to, y.to), cmp.Compare(x.weight, y.weight), cmp.Compare(x.arc.fact, y.arc.fact))
			})
		}
		return nil
	})
	a.start = make([]uint32, n+1)
	a.near, a.first, a.arcs = make([]uint32, 0, len(list)), make([]uint32, 0, len(list)+1), make([]arc, 0, len(list))
	for node := range n {
		last := len(a.near)
		for _, s := range list[start[node]:start[node+1]] {
			switch {
			case len(a.near) == last || a.near[len(a.near)-1] != s.to:
				a.near, a.first = append(a.near, s.to), append(a.first, uint32(len(a.arcs)))
				a.arcs = append(a.arcs, s.arc)
			case a.arcs[len(a.arcs)-1].fact == s.arc.fact:
				a.arcs[len(a.arcs)-1].flags |= s.arc.flags
			default:
				a.arcs = append(a.arcs, s.arc)
			}
		}
		a.start[node+1] = uint32(len(a.near))
	}
	a.first = append(a.first, uint32(len(a.arcs)))
	a.near, a.first, a.arcs = slices.Clip(a.near), slices.Clip(a.first), slices.Clip(a.arcs)
	return a, err
}

// mirror is the direction as the other end sees it.
func mirror(flags uint8) uint8 {
	return flags&arcForward<<1 | flags&arcBackward>>1
}

// arcOf is what an arc says of its fact, without a direction.
func (v *View) arcOf(fact uint32) arc {
	row := &v.facts[fact]
	a := arc{fact: fact, verb: row.verb, sources: uint8(min(row.sources, math.MaxUint8)), flags: row.status << statusShift}
	var dated bool
	if a.from, a.to, dated = v.hull(fact); dated {
		a.flags |= arcDated
	}
	if v.relation[row.verb] {
		a.flags |= arcRelation
	}
	if row.disputed != 0 {
		a.flags |= arcDisputed
	}
	return a
}
