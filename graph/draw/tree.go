package draw

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// Tree draws a tree of paths that connects several entities: its first entity at the
// left, and each hop to the right. The entities that it connects are marked, and those
// that nothing connects are named at the foot. The graph must be of the same moment as
// the tree: see [paths.Finder.Graph].
func Tree(ctx context.Context, g *graph.Graph, t paths.Tree, named []schema.ID, o Options) (*Drawing, error) {
	return canonically(g, func(g *graph.Graph) (*Drawing, error) { return drawTree(ctx, g, t, named, o) })
}

func drawTree(ctx context.Context, g *graph.Graph, t paths.Tree, named []schema.ID, o Options) (*Drawing, error) {
	p, err := newPathDrawing(g, o)
	if err != nil {
		return nil, err
	}
	d := &treeDrawing{pathDrawing: p, named: named, children: map[schema.ID][]*treeNode{}}
	for _, h := range t.Hops {
		l, err := d.gatherer.link(ctx, h)
		if err != nil {
			return nil, err
		}
		d.gatherer.marks.uses(&l.claims[0])
		d.children[h.From] = append(d.children[h.From], &treeNode{id: h.To, link: l})
	}
	missing, err := d.gatherer.words.Refs(ctx, t.Missing)
	if err != nil {
		return nil, err
	}
	for _, ref := range missing {
		d.missing = append(d.missing, ref.Name)
	}
	if len(t.Hops) > 0 {
		d.root = &treeNode{id: t.Hops[0].From}
	}
	return d.finish(), nil
}

// treeDrawing lays out a tree.
type treeDrawing struct {
	*pathDrawing
	named    []schema.ID
	missing  []string
	root     *treeNode
	children map[schema.ID][]*treeNode

	columns []column
	bottom  float64 // of what was placed so far
}

// treeNode is an entity of a tree, and the link that leads to it.
type treeNode struct {
	id   schema.ID
	link *link
	view *nodeView
	hop  *hopView
	y    float64
	box  box
}

// column is the position and the widths of the entities at one distance from the root.
type column struct{ x, hop, node float64 }

func (d *treeDrawing) finish() *Drawing {
	d.sides = assignSides(d.gatherer, d.options)
	if d.root != nil {
		d.measure(d.root, 0)
		x := 0.0
		for i := range d.columns {
			d.columns[i].x = x + d.columns[i].hop
			x += d.columns[i].hop + d.columns[i].node
		}
		d.place(d.root, 0)
		d.draw(d.root)
	}
	d.scene.title, d.scene.desc = d.title(), d.text()
	notes := d.options.Notes
	if len(d.missing) > 0 {
		notes = append([]string{"Nothing connects " + strings.Join(d.missing, ", ") + " with them."}, notes...)
	}
	if len(d.named) > 2 {
		notes = append([]string{"Approximate: there may be a tree that tells more."}, notes...)
	}
	f := frame{scene: d.scene, fonts: d.fonts, gatherer: d.gatherer, sides: d.sides, subtitle: "a tree of paths", notes: notes, lines: true}
	f.finish(d.options.Width)
	return &Drawing{d.scene, d.options.Theme}
}

func (d *treeDrawing) title() string {
	if d.options.Title != "" {
		return d.options.Title
	}
	var names []string
	for _, id := range d.gatherer.order {
		if slices.Contains(d.named, id) {
			names = append(names, d.name(id))
		}
	}
	return "How " + enumerate(names) + " are connected"
}

// text returns the tree in words.
func (d *treeDrawing) text() string {
	var b strings.Builder
	var walk func(n *treeNode)
	walk = func(n *treeNode) {
		for _, child := range d.children[n.id] {
			fmt.Fprintf(&b, "From %s to %s: %s. ", d.name(n.id), d.name(child.id), strings.ReplaceAll(child.link.title(), "\n", "; "))
			walk(child)
		}
	}
	if d.root != nil {
		walk(d.root)
	}
	return strings.TrimSpace(b.String())
}

// measure makes the views of a subtree, and the widths of its columns.
func (d *treeDrawing) measure(n *treeNode, depth int) {
	mark := ""
	if slices.Contains(d.named, n.id) {
		mark = "Named"
	}
	n.view = d.node(n.id, mark)
	if len(d.columns) <= depth {
		d.columns = append(d.columns, column{})
	}
	c := &d.columns[depth]
	c.node = max(c.node, n.view.w)
	if n.link != nil {
		n.hop = newHop(d.fonts, n.link)
		c.hop = max(c.hop, n.hop.w+branch)
	}
	for _, child := range d.children[n.id] {
		d.measure(child, depth+1)
	}
}

// branch is the width in which the lines to several entities part.
const branch = 46.0

// place sets the positions of a subtree: entities without further hops from the top
// down, and others beside the middle of theirs.
func (d *treeDrawing) place(n *treeNode, depth int) {
	above, below := n.view.above(), n.view.h/2
	if n.hop != nil {
		above, below = max(above, n.hop.above()), max(below, n.hop.below())
	}
	top := d.bottom
	children := d.children[n.id]
	for _, child := range children {
		d.place(child, depth+1)
	}
	n.y = top + above
	if len(children) > 0 {
		n.y = max(n.y, (children[0].y+children[len(children)-1].y)/2)
	}
	d.bottom = max(d.bottom, n.y+below+22)
	n.box = box{d.columns[depth].x, n.y - n.view.h/2, n.view.w, n.view.h}
}

// draw draws a subtree, its lines first.
func (d *treeDrawing) draw(n *treeNode) {
	children := d.children[n.id]
	for i, child := range children {
		out := n.y + n.view.h*0.7*(float64(i)+0.5-float64(len(children))/2)/float64(len(children))
		d.drawBranch(child, point{n.box.right(), out})
		d.draw(child)
	}
	n.view.draw(d.scene, d.fonts, n.box.x, n.y, d.sides.of(n.view.entity))
}

// drawBranch draws the line to an entity: a curve, then a level line with the label.
func (d *treeDrawing) drawBranch(n *treeNode, from point) {
	label := point{n.box.x - n.hop.w, n.y}
	to := point{n.box.x, n.y}
	c := &n.link.claims[0]
	g := n.hop.group(d.scene)
	stroke := lineInk
	if c.disputed {
		stroke = warning
	}
	if c.backward {
		g.shape(shape{path: arrowhead(from, from.plus(1, 0)), fill: stroke})
		from.x += arrowLength * 0.8
	}
	if c.forward {
		g.shape(shape{path: arrowhead(to, to.plus(-1, 0)), fill: stroke})
		to.x -= arrowLength * 0.8
	}
	half := (label.x - from.x) / 2
	path := []op{{'M', [3]point{from}}, {'C', [3]point{from.plus(half, 0), label.plus(-half, 0), label}}, {'L', [3]point{to}}}
	g.shape(shape{path: path, stroke: stroke, width: 1.6, dash: dashed(!c.plain)})
	n.hop.drawLabel(g, d.fonts, label, n.box.leftMiddle())
}
