package draw

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-graphviz"
	"github.com/goccy/go-graphviz/cgraph"

	"github.com/entente-kg/entente/schema"
)

// plan is the boxes of a network: of its entities, then of the labels of its links.
// Graphviz places both as nodes, so that no label lies on another.
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
		under := strings.TrimSpace(strings.Join(l.link.claims[0].dates[:1], "") + " " + l.link.claims[0].citation() + " " + l.link.more())
		l.more = d.fonts.wrap(under, ringSmall, 130, mostLines)
		l.w = max(d.fonts.widest(l.verb, linkFace), d.fonts.widest(l.more, ringSmall)) + 6
		l.h = lineHeight*(float64(len(l.verb))*linkFace.size+float64(len(l.more))*ringSmall.size) + 4
		p.labels = append(p.labels, l)
		p.boxes = append(p.boxes, box{w: l.w, h: l.h})
	}
	return p
}

// pixelsPerInch is the number of CSS pixels of an inch. Graphviz measures in inches.
const pixelsPerInch = 96.0

// source returns the network in the language of Graphviz. It has no names, so that none
// needs to be escaped.
func (p *plan) source() string {
	var b strings.Builder
	b.WriteString("graph {\n overlap=true; splines=line; nodesep=0.25; ranksep=0.35; sep=\"+8\"; start=1;\n node [shape=box, fixedsize=true, label=\"\"];\n edge [len=1.1];\n")
	for i, o := range p.boxes {
		fmt.Fprintf(&b, " n%d [width=%.4f, height=%.4f];\n", i, (o.w+10)/pixelsPerInch, (o.h+8)/pixelsPerInch)
	}
	for i, l := range p.labels {
		label := len(p.views) + i
		from, to := l.from, l.to
		if c := l.link.claims[0]; c.backward && !c.forward {
			from, to = to, from
		}
		fmt.Fprintf(&b, " n%d -- n%d;\n n%d -- n%d;\n", from, label, label, to)
	}
	b.WriteString("}\n")
	return b.String()
}

// graphvizLock is held while Graphviz runs: the library has one instance of it for the
// whole process, which does one thing at a time.
var graphvizLock sync.Mutex

// layout places all boxes with a program of Graphviz.
func (p *plan) layout(ctx context.Context, layout Layout) (err error) {
	if len(p.boxes) == 0 {
		return nil
	}
	graphvizLock.Lock()
	defer graphvizLock.Unlock()
	g, err := graphviz.New(ctx)
	if err != nil {
		return err
	}
	defer g.Close()
	parsed, err := cgraph.ParseBytes([]byte(p.source()))
	if err != nil {
		return err
	}
	defer parsed.Close()
	var out bytes.Buffer
	if err := g.SetLayout(graphviz.Layout(layout)).Render(ctx, parsed, "plain", &out); err != nil {
		return err
	}
	if err := p.read(out.String()); err != nil {
		return err
	}
	p.separate()
	return ctx.Err()
}

// read reads the positions from Graphviz's plain format.
func (p *plan) read(plain string) error {
	placed := 0
	for line := range strings.Lines(strings.ReplaceAll(plain, "\\\n", "")) {
		words := strings.Fields(line)
		numbers := make([]float64, len(words))
		for i, w := range words {
			numbers[i], _ = strconv.ParseFloat(w, 64)
		}
		switch {
		case len(words) > 3 && words[0] == "node":
			i, err := strconv.Atoi(strings.TrimPrefix(words[1], "n"))
			if err != nil || i < 0 || i >= len(p.boxes) {
				return fmt.Errorf("graphviz: unknown node in %q", line)
			}
			b := &p.boxes[i]
			b.x, b.y = numbers[2]*pixelsPerInch-b.w/2, -numbers[3]*pixelsPerInch-b.h/2
			placed++
		}
	}
	if placed != len(p.boxes) {
		return fmt.Errorf("graphviz placed %d of %d boxes", placed, len(p.boxes))
	}
	return nil
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
	for i, l := range p.labels {
		b := p.boxes[len(p.views)+i]
		g := d.scene.add(l.group("edge"))
		one, two := l.link.claims[0], l.link.claims[0]
		one.forward, two.backward = false, false
		drawCurve(g, route(p.boxes[l.from], b, p.boxes), &one, 1.3, 1)
		drawCurve(g, route(b, p.boxes[l.to], p.boxes), &two, 1.3, 1)
	}
	for i, l := range p.labels {
		l.draw(d, p.boxes[len(p.views)+i])
	}
	for i, n := range p.views {
		n.draw(d.scene, d.fonts, p.boxes[i].x, p.boxes[i].center().y, d.sides.of(n.entity))
	}
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
