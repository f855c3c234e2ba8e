package draw

import (
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
	"math"
	"slices"
)

// drawEdges draws the borders of sectors and the links between rings.
func (d *aroundDrawing) drawEdges(r *rings) {
	d.drawSectors(r)
	boxes := map[schema.ID]box{d.center.id: r.center}
	r.each(func(n *ringNode) { boxes[n.id] = n.box })
	all := []box{r.center}
	r.each(func(n *ringNode) { all = append(all, n.box) })
	for _, id := range d.order {
		for _, l := range d.links[id] {
			g := d.scene.add(&group{class: "edge", from: l.from, to: l.to, facts: l.ids(), title: l.title()})
			c := route(boxes[l.from], boxes[id], all)
			r.curves = append(r.curves, c)
			d.gatherer.marks.uses(&l.claims[0])
			width, opacity := d.weight(id)
			drawCurve(g, c, &l.claims[0], width, opacity)
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

// drawSectors draws a line where one sector ends and the next begins.
func (d *aroundDrawing) drawSectors(r *rings) {
	if len(r.sectors) < 2 {
		return
	}
	g := d.scene.add(&group{class: "sectors"})
	inner, outer := r.radii[0][0]*0.55, r.outer()
	for _, s := range r.sectors {
		g.shape(shape{path: polyline(r.at(s.from, inner), r.at(s.from, outer)), stroke: rule, width: 1})
	}
}

// outer returns the radius of the outermost track.
func (r *rings) outer() float64 {
	last := r.radii[len(r.radii)-1]
	return last[len(last)-1]
}

// drawSectorNames writes the name of each group outside its sector.
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
		for radius := s.outer(); ; radius += 6 {
			p := r.at(angle, radius)
			b := box{p.x - w/2, p.y - h/2, w, h}
			if free(b.grown(6), taken) && r.apart(b.grown(3)) {
				g.lines(d.fonts, point{p.x, b.y}, middle, lines, headFace, words)
				taken = append(taken, b)
				break
			}
		}
	}
}

// outer returns the radius of the outermost node of a sector.
func (s *sector) outer() (radius float64) {
	for _, nodes := range s.levels {
		for _, n := range nodes {
			c := n.box.center()
			radius = max(radius, math.Hypot(c.x/ringAspect, c.y))
		}
	}
	return radius
}

func free(b box, taken []box) bool {
	for _, o := range taken {
		if b.overlaps(o) {
			return false
		}
	}
	return true
}

// apart reports whether no link passes through a box.
func (r *rings) apart(b box) bool {
	for _, c := range r.curves {
		if c.crossings(box{}, box{}, []box{b}) > 0 {
			return false
		}
	}
	return true
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
