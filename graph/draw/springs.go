package draw

import (
	"context"
	"math"

	"github.com/entente-kg/entente/schema"
)

// plan is the boxes of a network: of its entities, then of the labels of its links.
// Both are placed alike, so that no label lies on another.
type plan struct {
	views  []*nodeView
	labels []*linkLabel
	boxes  []box
}

// linkLabel is the label of a link.
type linkLabel struct {
	link     *link
	verb     []string
	more     []string
	from, to int // the boxes of the entities
	w, h     float64
}

var linkFace = typeface{11, true}

// plan measures all boxes.
func (d *networkDrawing) plan() *plan {
	p := &plan{}
	index := map[schema.ID]int{}
	for i, id := range d.order {
		e := d.gatherer.entities[id]
		n := &nodeView{entity: e, names: d.fonts.wrap(e.name, ringFace, widestRingName, mostLines), face: ringFace, small: ringSmall}
		n.measure(d.fonts)
		p.views = append(p.views, n)
		p.boxes = append(p.boxes, box{w: n.w, h: n.h})
		index[id] = i
	}
	for _, pair := range d.pairs {
		l := &linkLabel{link: d.links[pair], from: index[pair[0]], to: index[pair[1]]}
		l.verb = d.fonts.wrap(l.link.claims[0].verb, linkFace, 130, mostLines)
		c := &l.link.claims[0]
		l.more = d.fonts.wrap(c.when(), ringSmall, 130, mostLines)
		if more := l.link.more(); more != "" {
			l.more = append(l.more, d.fonts.wrap(more, ringSmall, 130, mostLines)...)
		}
		l.w = max(d.fonts.widest(l.verb, linkFace), d.fonts.widest(l.more, ringSmall)) + 6
		l.h = lineHeight*(float64(len(l.verb))*linkFace.size+float64(len(l.more))*ringSmall.size) + 4
		p.labels = append(p.labels, l)
		p.boxes = append(p.boxes, box{w: l.w, h: l.h})
	}
	return p
}

// spring is the distance that two joined boxes tend to.
const spring = 90.0

// layout places all boxes: on circles, or by springs.
func (p *plan) layout(ctx context.Context, layout Layout) error {
	at := p.onCircles()
	if layout == Springs {
		p.bySprings(ctx, at)
	}
	for i := range p.boxes {
		b := &p.boxes[i]
		b.x, b.y = at[i].x*ringAspect-b.w/2, at[i].y-b.h/2
	}
	p.separate()
	return ctx.Err()
}

// onCircles places the entities on a circle, and each label between its two entities.
func (p *plan) onCircles() []point {
	at := make([]point, len(p.boxes))
	radius := spring * float64(len(p.views)) / (2 * math.Pi)
	for i := range p.views {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(len(p.views)))
		at[i] = point{radius * sin, -radius * cos}
	}
	for i, l := range p.labels {
		a, b := at[l.from], at[l.to]
		at[len(p.views)+i] = point{(a.x+b.x)/2 + float64(i%7), (a.y+b.y)/2 + float64(i%5)}
	}
	return at
}

// springSteps is the number of steps in which boxes come to rest.
const springSteps = 400

// bySprings moves positions by forces (Fruchterman and Reingold, 1991): all boxes push
// each other away, joined ones pull each other, and all are pulled to the middle.
func (p *plan) bySprings(ctx context.Context, at []point) {
	for step := range springSteps {
		if ctx.Err() != nil {
			return
		}
		limit := spring * 2 * (1 - float64(step)/springSteps) // of a move
		force := make([]point, len(at))
		for i := range at {
			force[i] = point{-at[i].x, -at[i].y}
		}
		for i := range at {
			for k := range i {
				dx, dy := at[i].x-at[k].x, at[i].y-at[k].y
				push := spring * spring / (dx*dx + dy*dy + 1)
				force[i], force[k] = force[i].plus(dx*push, dy*push), force[k].plus(-dx*push, -dy*push)
			}
		}
		for i, l := range p.labels {
			for _, end := range []int{l.from, l.to} {
				k := len(p.views) + i
				dx, dy := at[k].x-at[end].x, at[k].y-at[end].y
				pull := math.Hypot(dx, dy) / spring
				force[end], force[k] = force[end].plus(dx*pull, dy*pull), force[k].plus(-dx*pull, -dy*pull)
			}
		}
		for i, f := range force {
			if d := math.Hypot(f.x, f.y); d > limit {
				f = point{f.x / d * limit, f.y / d * limit}
			}
			at[i] = at[i].plus(f.x, f.y)
		}
	}
}

// clearance is the least distance of two boxes.
const clearance = 8.0

// separate moves boxes apart until no two of them are closer than the clearance. It
// pushes pairs apart the shorter way, and if that does not end, widens the whole.
func (p *plan) separate() {
	for round := 0; p.push(); round++ {
		if round%200 != 199 {
			continue
		}
		for i := range p.boxes {
			b := &p.boxes[i]
			c := b.center()
			b.x, b.y = c.x*1.1-b.w/2, c.y*1.1-b.h/2
		}
	}
}

// push moves each pair of boxes that are too close apart, and reports whether there was
// any.
func (p *plan) push() (pushed bool) {
	for i := range p.boxes {
		for k := range i {
			a, b := &p.boxes[i], &p.boxes[k]
			if !a.grown(clearance / 2).overlaps(b.grown(clearance / 2)) {
				continue
			}
			pushed = true
			ca, cb := a.center(), b.center()
			dx := (a.w+b.w)/2 + clearance - math.Abs(ca.x-cb.x)
			dy := (a.h+b.h)/2 + clearance - math.Abs(ca.y-cb.y)
			if dx < dy {
				d := (dx/2 + 0.01) * sign(ca.x-cb.x)
				a.x, b.x = a.x+d, b.x-d
			} else {
				d := (dy/2 + 0.01) * sign(ca.y-cb.y)
				a.y, b.y = a.y+d, b.y-d
			}
		}
	}
	return pushed
}

func sign(v float64) float64 {
	if v < 0 {
		return -1
	}
	return 1
}

// draw draws links, then their labels on the ground of the drawing, then entities.
func (p *plan) draw(d *networkDrawing) {
	areas := p.areas()
	for i, l := range p.labels {
		label := areas[len(p.views)+i]
		g := d.scene.add(l.group("edge"))
		one, two := l.link.claims[0], l.link.claims[0]
		one.forward, two.backward = false, false
		drawTrack(g, route(areas[l.from], label, areas, i), &one, 1.3, 1)
		drawTrack(g, route(label, areas[l.to], areas, i), &two, 1.3, 1)
	}
	for i, l := range p.labels {
		l.draw(d, p.boxes[len(p.views)+i])
	}
	for i, n := range p.views {
		n.draw(d.scene, d.fonts, p.boxes[i].x, p.boxes[i].center().y, d.sides.of(n.entity))
	}
}

// areas returns the areas of all boxes.
func (p *plan) areas() (all []area) {
	for i, b := range p.boxes {
		if i < len(p.views) {
			all = append(all, areaOf(p.views[i].entity.kind, b))
		} else {
			all = append(all, area{box: b})
		}
	}
	return all
}

// group returns an empty group for a part of the link.
func (l *linkLabel) group(class string) *group {
	return &group{class: class, from: l.link.from, to: l.link.to, facts: l.link.ids(), title: l.link.title()}
}

func (l *linkLabel) draw(d *networkDrawing, b box) {
	g := d.scene.add(l.group("edge-label"))
	g.shape(shape{path: rectangle(b), fill: paper})
	fill := words
	if l.link.claims[0].disputed {
		fill = warning
	}
	at := g.lines(d.fonts, point{b.center().x, b.y + 2}, middle, l.verb, linkFace, fill)
	g.lines(d.fonts, at, middle, l.more, ringSmall, muted)
}
