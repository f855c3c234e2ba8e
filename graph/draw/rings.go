package draw

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// ringAspect is the width of a ring divided by its height: labels are wider than high.
const ringAspect = 1.3

// ringNode is an entity on a ring.
type ringNode struct {
	id   schema.ID
	view *nodeView
	box  box
}

// sector is the entities of one group: a part of all rings.
type sector struct {
	group    render.Ref
	levels   [][]*ringNode // by distance, from 1
	from, to float64       // angles, clockwise from the top
}

// rings is the layout of a neighbourhood: the center, and sectors clockwise from the top.
type rings struct {
	center  box
	sectors []*sector
	radii   [][]float64 // of the tracks of each level; entities of a level share tracks
	widest  float64     // width of the widest node

	boxes  []box      // of the center and of the nodes placed so far
	lines  [][2]point // from the center to the nodes of the first level
	tracks []track    // the links
	rim    track      // the arcs of sectors
}

// layout places all entities.
func (d *aroundDrawing) layout() *rings {
	r := &rings{}
	view := newNode(d.fonts, d.center, "", "", widestName)
	r.center = box{-view.w / 2, -view.h / 2, view.w, view.h}
	d.divide(r)
	r.widest = view.w
	counts := []int{}
	for _, s := range r.sectors {
		for level, nodes := range s.levels {
			for len(counts) <= level {
				counts = append(counts, 0)
			}
			counts[level] += len(nodes)
			for _, n := range nodes {
				r.widest = max(r.widest, n.view.w)
			}
		}
	}
	for scale := 1.0; ; scale *= 1.08 {
		r.setRadii(counts, scale)
		if used, ok := r.pack(1); ok {
			r.spread(used)
			return r
		}
	}
}

// divide puts entities into sectors: the largest group first.
func (d *aroundDrawing) divide(r *rings) {
	by := cmp.Or(d.options.GroupBy, ByCountry)
	groups := map[schema.ID]*sector{}
	for _, id := range d.order {
		ref := d.groupOf(id, by)
		s := groups[ref.ID]
		if s == nil {
			s = &sector{group: ref}
			groups[ref.ID] = s
		}
		for len(s.levels) < d.level[id] {
			s.levels = append(s.levels, nil)
		}
		s.levels[d.level[id]-1] = append(s.levels[d.level[id]-1], &ringNode{id: id, view: d.nodeOf(id)})
	}
	joinSmall(groups)
	r.sectors = slices.SortedFunc(maps.Values(groups), func(a, b *sector) int {
		return cmp.Or(cmp.Compare(b.count(), a.count()), cmp.Compare(a.group.ID, b.group.ID))
	})
	d.sortByParents(r)
}

// sortByParents sorts the entities of each outer ring in the order of the entities that
// their links come from, so that few links cross.
func (d *aroundDrawing) sortByParents(r *rings) {
	type place struct{ sector, index int }
	places := map[schema.ID]place{}
	for level := range r.levels() {
		for i, s := range r.sectors {
			if level >= len(s.levels) {
				continue
			}
			turn := func(n *ringNode) (sectors, index int) { // from the sector to the parent's
				links := d.drawn(n.id)
				if len(links) == 0 {
					return 0, 0
				}
				p, all := places[links[0].from], len(r.sectors)
				return (p.sector-i+all+all/2)%all - all/2, p.index
			}
			if level > 0 {
				slices.SortStableFunc(s.levels[level], func(a, b *ringNode) int {
					sa, ia := turn(a)
					sb, ib := turn(b)
					return cmp.Or(cmp.Compare(sa, sb), cmp.Compare(ia, ib))
				})
			}
			for k, n := range s.levels[level] {
				places[n.id] = place{i, k}
			}
		}
	}
}

// levels returns the number of rings.
func (r *rings) levels() (n int) {
	for _, s := range r.sectors {
		n = max(n, len(s.levels))
	}
	return n
}

// others is the id of the sector that joins groups of one entity each.
const others schema.ID = "~"

// mostSectors is the largest number of sectors. The smallest groups share the last one.
const mostSectors = 14

// joinSmall joins groups of one entity, and the smallest groups if there are too many.
func joinSmall(groups map[schema.ID]*sector) {
	ids := slices.SortedFunc(maps.Keys(groups), func(a, b schema.ID) int {
		return cmp.Or(cmp.Compare(groups[b].count(), groups[a].count()), cmp.Compare(a, b))
	})
	var small []schema.ID
	for i, id := range ids {
		if id != "" && (groups[id].count() == 1 || i >= mostSectors-1) {
			small = append(small, id)
		}
	}
	if len(small) < 2 || len(groups) < 4 {
		return
	}
	joined := &sector{group: render.Ref{ID: others}}
	for _, id := range small {
		for level, nodes := range groups[id].levels {
			for len(joined.levels) <= level {
				joined.levels = append(joined.levels, nil)
			}
			joined.levels[level] = append(joined.levels[level], nodes...)
		}
		delete(groups, id)
	}
	groups[others] = joined
}

func (s *sector) count() (n int) {
	for _, nodes := range s.levels {
		n += len(nodes)
	}
	return n
}

// setRadii sets the radii of all tracks. Many entities on one level need several tracks.
func (r *rings) setRadii(counts []int, scale float64) {
	r.radii = nil
	radius := (r.center.w/2+r.widest/2+70)/ringAspect*scale + 10
	for level, n := range counts {
		tracks := 1 + n/(22+14*level)
		var radii []float64
		for range tracks {
			radii = append(radii, radius)
			radius += (r.widest + 26) / ringAspect
		}
		radius += 20 * scale
		r.radii = append(r.radii, radii)
	}
}

// at returns the position at an angle on a track.
func (r *rings) at(angle, radius float64) point {
	return point{radius * ringAspect * math.Sin(angle), -radius * math.Cos(angle)}
}

const (
	stepLength = 5.0   // of the search along a track, in pixels
	leastAngle = 0.002 // of an entity
	sectorGap  = 0.06
)

// pack places all entities, sector by sector, and returns the angle that they need; ok
// is false if they need more than a full turn. A sector has the angle that its entities
// need at least, multiplied by stretch.
func (r *rings) pack(stretch float64) (used float64, ok bool) {
	r.boxes, r.lines = []box{r.center}, nil
	angle := 0.0
	for _, s := range r.sectors {
		need, ok := r.need(s, angle)
		if !ok {
			return 0, false
		}
		s.from, s.to = angle, angle+need*stretch
		for level, nodes := range s.levels {
			r.space(nodes, level, s.from, s.to)
		}
		s.from, s.to = s.from-sectorGap/2, s.to+sectorGap/2
		angle = s.to + sectorGap/2
	}
	return angle, angle <= 2*math.Pi
}

// need returns the least angle of a sector.
func (r *rings) need(s *sector, angle float64) (need float64, ok bool) {
	boxes, lines := len(r.boxes), len(r.lines)
	for level, nodes := range s.levels {
		last, ok := r.fill(nodes, level, angle, 2*math.Pi, 0)
		if !ok {
			return 0, false
		}
		need = max(need, last-angle)
	}
	r.boxes, r.lines = r.boxes[:boxes], r.lines[:lines]
	return need + leastAngle*float64(s.count()), true
}

// spread places the entities again, with the largest angles that fit in a full turn.
func (r *rings) spread(used float64) {
	low, high := 1.0, 2*2*math.Pi/used
	for range 6 {
		mid := (low + high) / 2
		if _, ok := r.pack(mid); ok {
			low = mid
		} else {
			high = mid
		}
	}
	r.pack(low)
}

// space places the entities of a sector on one level with the largest distance that
// fits.
func (r *rings) space(nodes []*ringNode, level int, from, to float64) {
	if len(nodes) == 0 {
		return
	}
	boxes, lines := len(r.boxes), len(r.lines)
	try := func(extra float64) bool {
		r.boxes, r.lines = r.boxes[:boxes], r.lines[:lines]
		_, ok := r.fill(nodes, level, from+extra/2, to-extra/2, extra)
		return ok
	}
	low, high := 0.0, (to-from)/float64(len(nodes))
	if try(high) {
		return
	}
	for range 6 {
		if mid := (low + high) / 2; try(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	try(low)
}

// fill places entities from an angle on, with an extra angle after each, and returns the
// angle of the last. ok is false if an angle would be beyond the limit.
func (r *rings) fill(nodes []*ringNode, level int, angle, limit, extra float64) (last float64, ok bool) {
	radii := r.radii[level]
	step := stepLength / radii[len(radii)-1]
	for i, n := range nodes {
		placed := false
		for ; !placed && angle <= limit+1e-9; angle += step {
			for k := range radii {
				if placed = r.place(n, level, angle, radii[(i+k)%len(radii)]); placed {
					last = angle
					angle += extra - step
					break
				}
			}
		}
		if !placed {
			return 0, false
		}
	}
	return last, true
}

// place puts a node at a position, if it then overlaps no other node, and no line from
// the center to the first level crosses a node of that level.
func (r *rings) place(n *ringNode, level int, angle, radius float64) bool {
	p := r.at(angle, radius)
	b := box{p.x - n.view.w/2, p.y - n.view.h/2, n.view.w, n.view.h}
	gap := 7.0
	if level < len(r.radii)-1 {
		gap = 14 // lines pass between the nodes
	}
	wide := b.grown(gap)
	for _, o := range r.boxes {
		if wide.overlaps(o) {
			return false
		}
	}
	if level == 0 {
		for _, o := range r.boxes[1:] {
			if crosses(point{}, p, o.grown(3)) {
				return false
			}
		}
		for _, line := range r.lines {
			if crosses(line[0], line[1], b.grown(3)) {
				return false
			}
		}
		r.lines = append(r.lines, [2]point{{}, p})
	}
	n.box = b
	r.boxes = append(r.boxes, b)
	return true
}

// crosses reports whether a line passes through a box: neither the sides of the box nor
// the line separate the two.
func crosses(a, c point, b box) bool {
	if min(a.x, c.x) > b.right() || max(a.x, c.x) < b.x || min(a.y, c.y) > b.bottom() || max(a.y, c.y) < b.y {
		return false
	}
	dx, dy, m := c.x-a.x, c.y-a.y, b.center()
	return math.Abs((m.x-a.x)*dy-(m.y-a.y)*dx) <= math.Abs(dy)*b.w/2+math.Abs(dx)*b.h/2
}
