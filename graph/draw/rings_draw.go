package draw

import (
	"math"
	"slices"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// drawEdges draws the arcs of sectors and the links between rings.
func (d *aroundDrawing) drawEdges(r *rings) {
	d.drawRim(r)
	areas := map[schema.ID]area{d.center.id: areaOf(d.center.kind, r.center)}
	all := []area{areas[d.center.id]}
	r.each(func(n *ringNode) {
		areas[n.id] = areaOf(n.view.entity.kind, n.box)
		all = append(all, areas[n.id])
	})
	for _, id := range d.order {
		for _, l := range d.drawn(id) {
			g := d.scene.add(&group{class: "edge", from: l.from, to: l.to, facts: l.ids(), title: l.title()})
			t := route(areas[l.from], areas[id], all, len(r.tracks))
			r.tracks = append(r.tracks, t)
			d.gatherer.marks.uses(&l.claims[0])
			width, opacity := d.weight(id)
			drawTrack(g, t, &l.claims[0], width, opacity)
		}
	}
}

// weight returns the width and the opacity of the lines to an entity. In a drawing of
// many entities the lines between outer rings are lighter, since their labels have the
// names of both ends.
func (d *aroundDrawing) weight(id schema.ID) (width, opacity float64) {
	if d.level[id] > 1 && len(d.order) > 40 {
		return 1, 0.6
	}
	return 1.4, 1
}

// each calls fn for each node.
func (r *rings) each(fn func(*ringNode)) {
	for _, s := range r.sectors {
		for _, nodes := range s.levels {
			for _, n := range nodes {
				fn(n)
			}
		}
	}
}

func (d *aroundDrawing) drawNodes(r *rings) {
	view := newNode(d.fonts, d.center, "", "", widestName)
	view.mark = "center"
	g := len(d.scene.groups)
	view.draw(d.scene, d.fonts, r.center.x, r.center.center().y, d.sides.of(d.center))
	texts := d.scene.groups[g].texts
	d.scene.groups[g].texts = texts[:len(texts)-1] // the outline marks it
	r.each(func(n *ringNode) {
		n.view.draw(d.scene, d.fonts, n.box.x, n.box.center().y, d.sides.of(n.view.entity))
	})
	d.drawSectorNames(r)
}

// drawRim draws an arc outside all nodes for each sector, over the angles of its nodes.
func (d *aroundDrawing) drawRim(r *rings) {
	if len(r.sectors) < 2 {
		return
	}
	g, radius := d.scene.add(&group{class: "sectors"}), r.outer()+10
	for _, angles := range r.arcs() {
		const steps = 60
		arc := []point{}
		for i := range steps + 1 {
			arc = append(arc, r.at(angles[0]+(angles[1]-angles[0])*float64(i)/steps, radius))
		}
		for i := range steps {
			r.rim = append(r.rim, straight(arc[i], arc[i+1]))
		}
		g.shape(shape{path: polyline(arc...), stroke: rule, width: 2})
	}
}

// arcs returns the first and the last angle of the nodes of each sector, with a gap
// between two sectors.
func (r *rings) arcs() [][2]float64 {
	arcs := make([][2]float64, len(r.sectors))
	for i, s := range r.sectors {
		mid, first, last := (s.from+s.to)/2, 0.0, 0.0
		for _, nodes := range s.levels {
			for _, n := range nodes {
				for _, p := range n.box.corners() {
					turn := math.Remainder(math.Atan2(p.x/ringAspect, -p.y)-mid, 2*math.Pi)
					first, last = min(first, turn), max(last, turn)
				}
			}
		}
		arcs[i] = [2]float64{mid + max(first, s.from-mid-0.3), mid + min(last, s.to-mid+0.3)}
	}
	for i := range arcs {
		next, turn := &arcs[(i+1)%len(arcs)], 0.0
		if i == len(arcs)-1 {
			turn = 2 * math.Pi
		}
		if gap := next[0] + turn - arcs[i][1]; gap < sectorGap {
			arcs[i][1] -= (sectorGap - gap) / 2
			next[0] += (sectorGap - gap) / 2
		}
	}
	return arcs
}

// outer returns the radius outside of which no node is.
func (r *rings) outer() (radius float64) {
	for _, b := range r.boxes {
		for _, p := range b.corners() {
			radius = max(radius, math.Hypot(p.x/ringAspect, p.y))
		}
	}
	return radius
}

// drawSectorNames writes the name of each group outside the arc of its sector.
func (d *aroundDrawing) drawSectorNames(r *rings) {
	if len(r.sectors) < 2 {
		return
	}
	g := d.scene.add(&group{class: "groups"})
	taken := slices.Clone(r.boxes)
	for _, s := range r.sectors {
		lines := d.fonts.wrap(d.groupName(s.group), headFace, 180, mostLines)
		w, h := d.fonts.widest(lines, headFace), float64(len(lines))*lineHeight*headFace.size
		angle := (s.from + s.to) / 2
		for radius := r.outer() + 16; ; radius += 4 {
			p := r.at(angle, radius)
			b := box{p.x - w/2, p.y - h/2, w, h}
			if free(b.grown(4), taken) && r.apart(b.grown(3)) {
				g.lines(d.fonts, point{p.x, b.y}, middle, lines, headFace, words)
				taken = append(taken, b)
				break
			}
		}
	}
}

func free(b box, taken []box) bool {
	for _, o := range taken {
		if b.overlaps(o) {
			return false
		}
	}
	return true
}

// apart reports whether no link and no arc passes through a box.
func (r *rings) apart(b box) bool {
	return !r.rim.crosses(b) && !slices.ContainsFunc(r.tracks, func(t track) bool { return t.crosses(b) })
}

func (d *aroundDrawing) groupName(ref render.Ref) string {
	switch {
	case ref.ID == others && d.options.GroupBy == ByInstitution:
		return "other institutions"
	case ref.ID == others:
		return "other countries"
	case ref.ID == "" && d.options.GroupBy == ByInstitution:
		return "no institution known"
	case ref.ID == "":
		return "no country known"
	}
	return render.Clean(ref.Name)
}
