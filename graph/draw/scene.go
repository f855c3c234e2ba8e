package draw

import (
	"math"

	"github.com/entente-kg/entente/schema"
)

// point is a position in a scene: x grows to the right, y downward, in CSS pixels.
type point struct{ x, y float64 }

func (p point) plus(dx, dy float64) point { return point{p.x + dx, p.y + dy} }

// box is a rectangle of a scene.
type box struct{ x, y, w, h float64 }

func (b box) right() float64  { return b.x + b.w }
func (b box) bottom() float64 { return b.y + b.h }
func (b box) center() point   { return point{b.x + b.w/2, b.y + b.h/2} }

func (b box) leftMiddle() point { return point{b.x, b.y + b.h/2} }

func (b box) corners() []point {
	return []point{{b.x, b.y}, {b.right(), b.y}, {b.x, b.bottom()}, {b.right(), b.bottom()}}
}

// grown returns the box with a margin around it.
func (b box) grown(by float64) box { return box{b.x - by, b.y - by, b.w + 2*by, b.h + 2*by} }

// overlaps reports whether two boxes share more than an edge.
func (b box) overlaps(o box) bool {
	return b.x < o.right() && o.x < b.right() && b.y < o.bottom() && o.y < b.bottom()
}

// joined returns the smallest box that contains both.
func (b box) joined(o box) box {
	x, y := min(b.x, o.x), min(b.y, o.y)
	return box{x, y, max(b.right(), o.right()) - x, max(b.bottom(), o.bottom()) - y}
}

// scene is a drawing as shapes and texts at their positions.
type scene struct {
	width, height float64
	title         string
	desc          string // the drawing in words, for readers who do not see it
	groups        []*group
}

// group is the shapes and texts of one thing, drawn in order. A node has an entity, an
// edge has from and to, and both have facts.
type group struct {
	class            string
	entity, from, to schema.ID
	facts            []schema.ID
	title            string // the whole text of the thing
	shapes           []shape
	texts            []text
}

// op is one step of an outline.
type op struct {
	kind byte // 'M', 'L', 'C' or 'Z'
	p    [3]point
}

// shape is an outline that is filled, or stroked, or both.
type shape struct {
	path    []op
	fill    ink
	stroke  ink
	width   float64 // of the stroke
	dash    dashing
	opacity float64 // 0 means 1
}

// dashing is the lengths of the dashes of a stroke and of the gaps between them. The zero
// dashing is a continuous stroke.
type dashing struct{ on, off float64 }

// dashed returns the dashes of a line, or none.
func dashed(yes bool) dashing {
	if yes {
		return dashing{6, 4}
	}
	return dashing{}
}

// finelyDashed is the dashes of small outlines.
func finelyDashed(yes bool) dashing {
	if yes {
		return dashing{2.6, 2}
	}
	return dashing{}
}

// text is one line of text. Its width is the width that the layout gave it.
type text struct {
	at     point // on the baseline, at the anchor
	anchor anchor
	s      string
	face   typeface
	fill   ink
	width  float64
}

// anchor is the part of a text that lies at its position.
type anchor byte

const (
	start anchor = iota
	middle
	end
)

// names are the values of the SVG attribute text-anchor.
func (a anchor) String() string { return [...]string{"start", "middle", "end"}[a] }

// box returns the rectangle of a text.
func (t text) box() box {
	x := t.at.x
	switch t.anchor {
	case middle:
		x -= t.width / 2
	case end:
		x -= t.width
	}
	return box{x, t.at.y - ascent*t.face.size, t.width, (ascent + descent) * t.face.size}
}

func (s *scene) add(g *group) *group {
	s.groups = append(s.groups, g)
	return g
}

// line adds a line of text.
func (g *group) line(f *fonts, at point, a anchor, s string, t typeface, fill ink) {
	if s != "" {
		g.texts = append(g.texts, text{at: at, anchor: a, s: s, face: t, fill: fill, width: f.width(s, t)})
	}
}

// lines adds several lines of text, the first with its top at the given position, and
// returns the position below the last one.
func (g *group) lines(f *fonts, top point, a anchor, list []string, t typeface, fill ink) point {
	for _, s := range list {
		g.line(f, point{top.x, top.y + ascent*t.size}, a, s, t, fill)
		top.y += lineHeight * t.size
	}
	return top
}

func (g *group) shape(s shape) { g.shapes = append(g.shapes, s) }

// bounds returns the smallest box that contains a group.
func (g *group) bounds() (b box, ok bool) {
	grow := func(o box) {
		if !ok {
			b, ok = o, true
		}
		b = b.joined(o)
	}
	for _, s := range g.shapes {
		for _, p := range flattened(s.path) {
			grow(box{p.x, p.y, 0, 0}.grown(s.width / 2))
		}
	}
	for _, t := range g.texts {
		grow(t.box())
	}
	return b, ok
}

// points returns the points of a step.
func (o op) points() []point {
	switch o.kind {
	case 'C':
		return o.p[:3]
	case 'Z':
		return nil
	}
	return o.p[:1]
}

// move shifts all groups.
func (s *scene) move(dx, dy float64) {
	for _, g := range s.groups {
		g.move(dx, dy)
	}
}

func (g *group) move(dx, dy float64) {
	for i := range g.shapes {
		for k := range g.shapes[i].path {
			p := &g.shapes[i].path[k].p
			p[0], p[1], p[2] = p[0].plus(dx, dy), p[1].plus(dx, dy), p[2].plus(dx, dy)
		}
	}
	for i := range g.texts {
		g.texts[i].at = g.texts[i].at.plus(dx, dy)
	}
}

// polyline returns an open outline through points.
func polyline(points ...point) []op {
	var path []op
	for i, p := range points {
		kind := byte('L')
		if i == 0 {
			kind = 'M'
		}
		path = append(path, op{kind, [3]point{p}})
	}
	return path
}

// polygon returns a closed outline through points.
func polygon(points ...point) []op { return append(polyline(points...), op{kind: 'Z'}) }

func rectangle(b box) []op {
	return polygon(point{b.x, b.y}, point{b.right(), b.y}, point{b.right(), b.bottom()}, point{b.x, b.bottom()})
}

// rounded returns a rectangle with corners of the given radius.
func rounded(b box, r float64) []op {
	r = min(r, b.w/2, b.h/2)
	k := r * 0.44772 // of a quarter circle, from the corner to the control point
	x, y, X, Y := b.x, b.y, b.right(), b.bottom()
	return []op{
		{'M', [3]point{{x + r, y}}}, {'L', [3]point{{X - r, y}}}, {'C', [3]point{{X - k, y}, {X, y + k}, {X, y + r}}},
		{'L', [3]point{{X, Y - r}}}, {'C', [3]point{{X, Y - k}, {X - k, Y}, {X - r, Y}}},
		{'L', [3]point{{x + r, Y}}}, {'C', [3]point{{x + k, Y}, {x, Y - k}, {x, Y - r}}},
		{'L', [3]point{{x, y + r}}}, {'C', [3]point{{x, y + k}, {x + k, y}, {x + r, y}}}, {kind: 'Z'},
	}
}

// arrowLength is the length of an arrowhead.
const arrowLength = 9.0

// arrowhead returns a filled triangle whose tip is at a point and that points away from
// another one.
func arrowhead(tip, from point) []op {
	dx, dy := tip.x-from.x, tip.y-from.y
	d := math.Hypot(dx, dy)
	if d == 0 {
		d, dx = 1, 1
	}
	dx, dy = dx/d*arrowLength, dy/d*arrowLength
	base := tip.plus(-dx, -dy)
	return polygon(tip, base.plus(-dy*0.42, dx*0.42), base.plus(dy*0.42, -dx*0.42))
}
