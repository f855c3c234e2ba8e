package draw

import (
	"math"
	"strings"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// Sizes of the drawing of a path.
const (
	pathWidth   = 1240.0 // without margins, unless the options say otherwise
	widestName  = 150.0
	widestLabel = 190.0
	leastHop    = 100.0
	rowGap      = 34.0

	// mostLines is enough for texts of some 120 letters. Longer ones end in an
	// ellipsis; the whole text is in the title of the node or the edge.
	mostLines = 6

	rail = 14.0 // the distance of a line that leads to the next row from what is beside it
)

// nodeView is a node with its size.
type nodeView struct {
	entity *entity
	names  []string
	under  []string // smaller lines below the name
	mark   string   // above the node: From or To
	face   typeface // of the name
	small  typeface
	w, h   float64
}

// newNode measures a node with its name in large letters and a line below it.
func newNode(f *fonts, e *entity, under, mark string, widest float64) *nodeView {
	n := &nodeView{entity: e, names: f.wrap(e.name, nameFace, widest, mostLines), mark: mark, face: nameFace, small: captionFace}
	if under != "" {
		n.under = f.wrap(under, captionFace, widest, mostLines)
	}
	n.measure(f)
	return n
}

// measure sets the size of a node.
func (n *nodeView) measure(f *fonts) {
	p := paddingOf(n.entity.kind)
	n.w = max(f.widest(n.names, n.face), f.widest(n.under, n.small), 40) + p.left + p.right
	n.h = float64(len(n.names))*lineHeight*n.face.size + float64(len(n.under))*lineHeight*n.small.size + p.top + p.bottom
}

// draw adds a node whose left edge is at x and whose middle is at y.
func (n *nodeView) draw(s *scene, f *fonts, x, y float64, side int) box {
	b := box{x, y - n.h/2, n.w, n.h}
	g := s.add(&group{class: "node", entity: n.entity.id, title: n.entity.title()})
	width := 1.5
	if n.mark != "" {
		width = 3
	}
	drawKind(g, n.entity.kind, b, side, width)
	p := paddingOf(n.entity.kind)
	at := point{x + p.left + (n.w-p.left-p.right)/2, b.y + p.top}
	at = g.lines(f, at, middle, n.names, n.face, words)
	g.lines(f, at, middle, n.under, n.small, muted)
	if n.mark != "" {
		g.line(f, point{b.center().x, b.y - 8}, middle, n.mark, headFace, words)
	}
	return b
}

// above returns how far a node reaches above its middle.
func (n *nodeView) above() float64 {
	if n.mark != "" {
		return n.h/2 + 8 + headFace.size
	}
	return n.h / 2
}

// hopView is the label of a hop with its size: what happened above the line, and when
// and who says so below it.
type hopView struct {
	link         *link
	verb, topic  []string
	dates, cited []string
	w            float64
}

func newHop(f *fonts, l *link) *hopView {
	c := &l.claims[0]
	h := &hopView{link: l, verb: f.wrap(c.verb, verbFace, widestLabel, mostLines)}
	if c.topic != "" {
		h.topic = f.wrap("about "+c.topic, textFace, widestLabel, mostLines)
	}
	h.dates = f.wrap(c.dates, textFace, widestLabel, mostLines)
	for _, line := range []string{c.citation(), strings.TrimSpace(l.more() + " " + l.moreSources())} {
		if line != "" {
			h.cited = append(h.cited, f.wrap(line, captionFace, widestLabel, mostLines)...)
		}
	}
	h.w = max(f.widest(h.verb, verbFace), f.widest(h.topic, textFace), f.widest(h.dates, textFace), f.widest(h.cited, captionFace), leastHop) + 2*arrowLength + 12
	return h
}

// above returns how far the label reaches above the line.
func (h *hopView) above() float64 {
	return 6 + lineHeight*(float64(len(h.verb))*verbFace.size+float64(len(h.topic))*textFace.size)
}

// below returns how far the label reaches below the line.
func (h *hopView) below() float64 {
	return 5 + lineHeight*(float64(len(h.dates))*textFace.size+float64(len(h.cited))*captionFace.size)
}

// draw adds a hop along a line. Its label is in the middle of the last part of the line,
// which ends at the second entity.
func (h *hopView) draw(s *scene, f *fonts, line []point) {
	g := h.group(s)
	drawLine(g, line, &h.link.claims[0])
	h.drawLabel(g, f, line[len(line)-2], line[len(line)-1])
}

// group adds an empty group for the hop.
func (h *hopView) group(s *scene) *group {
	return s.add(&group{class: "edge", from: h.link.from, to: h.link.to, facts: h.link.ids(), title: h.link.title()})
}

// drawLabel writes the label above and below a level line.
func (h *hopView) drawLabel(g *group, f *fonts, a, b point) {
	at := point{(a.x + b.x) / 2, b.y - h.above()}
	fill := words
	if h.link.claims[0].disputed {
		fill = warning
	}
	at = g.lines(f, at, middle, h.verb, verbFace, fill)
	g.lines(f, at, middle, h.topic, textFace, words)
	at = g.lines(f, point{at.x, b.y + 5}, middle, h.dates, textFace, words)
	g.lines(f, at, middle, h.cited, captionFace, muted)
}

// drawLine adds the line of an edge, in the style of a claim and with its arrowheads.
func drawLine(g *group, line []point, c *claim) {
	stroke := lineInk
	if c.disputed {
		stroke = warning
	}
	last := len(line) - 1
	ends := append([]point{}, line...)
	if c.forward {
		ends[last] = shortened(line[last], line[last-1])
		g.shape(shape{path: arrowhead(line[last], line[last-1]), fill: stroke})
	}
	if c.backward {
		ends[0] = shortened(line[0], line[1])
		g.shape(shape{path: arrowhead(line[0], line[1]), fill: stroke})
	}
	g.shape(shape{path: polyline(ends...), stroke: stroke, width: 1.6, dash: dashed(!c.plain)})
}

// chainCell is a hop and the node at its end; the first cell of a path has no hop.
type chainCell struct {
	hop  *hopView
	node *nodeView
}

func (c chainCell) width() float64 {
	if c.hop == nil {
		return c.node.w
	}
	return c.hop.w + c.node.w
}

// drawChain lays out a path below what was drawn before.
func (d *pathDrawing) drawChain(chain []*link) {
	for _, l := range chain {
		d.gatherer.marks.uses(&l.claims[0])
	}
	cells := []chainCell{{node: d.node(chain[0].from, "From")}}
	for i, l := range chain {
		mark := ""
		if i == len(chain)-1 {
			mark = "To"
		}
		cells = append(cells, chainCell{newHop(d.fonts, l), d.node(l.to, mark)})
	}
	last := box{}
	for i, row := range d.rows(cells) {
		last = d.drawRow(row, i > 0, last)
	}
	d.y += 6
}

func (d *pathDrawing) node(id schema.ID, mark string) *nodeView {
	e := d.gatherer.entities[id]
	under := ""
	if e.country.ID != "" && e.country.ID != id {
		under = render.Clean(e.country.Name)
	}
	return newNode(d.fonts, e, under, mark, widestName)
}

// rows divides a path into rows that fit in the width.
func (d *pathDrawing) rows(cells []chainCell) (rows [][]chainCell) {
	most := pathWidth
	if d.options.Width > 0 {
		most = max(d.options.Width-2*margin, 300)
	}
	x := 0.0
	for i, c := range cells {
		if i == 0 || x+c.width() > most-2*rail {
			rows = append(rows, nil)
			x = 0
		}
		x += c.width()
		rows[len(rows)-1] = append(rows[len(rows)-1], c)
	}
	return rows
}

// drawRow draws one row of a path. If it continues a row, a line leads to it from the
// last node of that row. It returns the box of the row's last node.
func (d *pathDrawing) drawRow(row []chainCell, continues bool, last box) box {
	above, below := 0.0, 0.0
	for _, c := range row {
		above, below = max(above, c.node.above()), max(below, c.node.h/2)
		if c.hop != nil {
			above, below = max(above, c.hop.above()), max(below, c.hop.below())
		}
	}
	y, x := d.y+above, 0.0
	for i, c := range row {
		if c.hop != nil {
			line := []point{{last.right(), y}, {x + c.hop.w, y}}
			if i == 0 && continues {
				turn := d.y - rowGap/2
				line = []point{{last.right(), last.center().y}, {last.right() + rail, last.center().y}, {last.right() + rail, turn}, {-rail, turn}, {-rail, y}, {x + c.hop.w, y}}
			}
			c.hop.draw(d.scene, d.fonts, line)
			x += c.hop.w
		}
		last = c.node.draw(d.scene, d.fonts, x, y, d.sides.of(c.node.entity))
		x += c.node.w
	}
	d.y = y + below + rowGap
	return last
}

// shortened returns a point moved toward another one by the length of an arrowhead.
func shortened(tip, from point) point {
	dx, dy := from.x-tip.x, from.y-tip.y
	d := max(1e-9, math.Hypot(dx, dy))
	return tip.plus(dx/d*arrowLength*0.8, dy/d*arrowLength*0.8)
}
