package draw

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Timeline draws facts along an axis of time, with a lane for each of several entities:
// relations such as posts as bars, events as marks. A bar fades where a bound is open or
// unknown, and is light where a day is possible and not certain. Facts without a date
// are listed in their lane and not placed. Facts that involve none of the entities are in
// a lane of their own; a fact that involves several is in the lane of each. The facts
// should be in the order of [graph.Graph.Timeline].
func Timeline(ctx context.Context, g *graph.Graph, of []schema.ID, facts []schema.Fact, o Options) (*Drawing, error) {
	letters, err := newFonts()
	if err != nil {
		return nil, err
	}
	return canonically(g, func(g *graph.Graph) (*Drawing, error) {
		d := &timelineDrawing{options: o, fonts: letters, scene: &scene{}, gatherer: newGatherer(g), vocabulary: g.Vocabulary()}
		if n := len(facts); o.Top > 0 && n > o.Top {
			facts, d.omitted = facts[:o.Top], n-o.Top
		}
		if err := d.read(ctx, of, facts); err != nil {
			return nil, err
		}
		return d.finish(), nil
	})
}

// timelineDrawing lays out a timeline.
type timelineDrawing struct {
	options    Options
	fonts      *fonts
	scene      *scene
	gatherer   *gatherer
	vocabulary *schema.Vocabulary
	sides      *sideTable
	lanes      []*lane
	omitted    int // facts that Top leaves out
	undated    map[schema.ID]bool

	axis  axis
	label float64 // the width of the column of labels
	marks barMarks
}

// lane is the facts of one entity.
type lane struct {
	entity  *entity // nil for facts of none of the entities
	spans   []row   // relations
	events  []row
	undated []row
}

// row is a fact of a lane.
type row struct {
	claim claim
	time  extent
}

func (d *timelineDrawing) read(ctx context.Context, of []schema.ID, facts []schema.Fact) error {
	lanes := map[schema.ID]*lane{}
	for _, id := range of {
		e, err := d.gatherer.entity(ctx, id)
		if err != nil {
			return err
		}
		lanes[id] = &lane{entity: e}
		d.lanes = append(d.lanes, lanes[id])
	}
	rest := &lane{}
	d.undated = map[schema.ID]bool{}
	for _, f := range facts {
		c, err := d.gatherer.claim(ctx, f, f.Verb, "", "")
		if err != nil {
			return err
		}
		r, alone := row{c, extentOf(d.vocabulary, f)}, true
		if !r.time.dated {
			d.undated[f.ID] = true
		}
		for _, id := range of {
			if involves(f, id) {
				lanes[id].add(r)
				alone = false
			}
		}
		if alone {
			rest.add(r)
		}
	}
	if rest.rows() > 0 {
		d.lanes = append(d.lanes, rest)
	}
	return nil
}

// involves reports whether an entity has a role in a fact, or is its place, a speaker or
// a source.
func involves(f schema.Fact, id schema.ID) bool {
	if slices.ContainsFunc(f.Roles, func(p schema.Participant) bool { return p.ID == id }) {
		return true
	}
	return slices.ContainsFunc(f.Evidence, func(e schema.Evidence) bool {
		return e.SaidBy == id || e.Source == id || slices.Contains(e.At, id) || slices.Contains(e.Via, id)
	})
}

func (l *lane) add(r row) {
	switch {
	case !r.time.dated:
		l.undated = append(l.undated, r)
	case r.time.relation:
		l.spans = append(l.spans, r)
	default:
		l.events = append(l.events, r)
	}
}

func (l *lane) rows() int { return len(l.spans) + len(l.events) + len(l.undated) }

// Sizes of a timeline.
const (
	timelineWidth = 1140.0 // without margins
	fadeRoom      = 56.0   // room for bars that fade beyond the first and the last day
	rowSpace      = 7.0
	barHeight     = 12.0
)

func (d *timelineDrawing) finish() *Drawing {
	d.sides = assignSides(d.gatherer, d.options)
	width := timelineWidth
	if d.options.Width > 0 {
		width = max(d.options.Width-2*margin, 420)
	}
	d.label = min(400, width*0.42)
	d.axis = newAxis(d.extents(), d.label+16+fadeRoom, width-fadeRoom)
	y := d.drawAxisLabels(0)
	top := y
	grid := d.scene.add(&group{class: "grid"})
	for _, l := range d.lanes {
		y = d.drawLane(l, y, width)
	}
	if d.axis.dated {
		d.drawGrid(grid, top, y)
		d.drawAxisLabels(y + 4)
	}
	d.scene.title, d.scene.desc = d.title(), d.text()
	f := frame{
		scene: d.scene, fonts: d.fonts, gatherer: d.gatherer, sides: d.sides, subtitle: d.subtitle(),
		notes: append(d.notes(), d.options.Notes...), extra: d.marks.explain,
	}
	f.finish(d.options.Width)
	return &Drawing{d.scene, d.options.Theme}
}

func (d *timelineDrawing) extents() (list []extent) {
	for _, l := range d.lanes {
		for _, r := range slices.Concat(l.spans, l.events) {
			list = append(list, r.time)
		}
	}
	return list
}

func (d *timelineDrawing) title() string {
	var names []string
	for _, l := range d.lanes {
		if l.entity != nil {
			names = append(names, l.entity.name)
		}
	}
	return cmp.Or(d.options.Title, strings.TrimSuffix("Timeline of "+enumerate(names), " of "))
}

func (d *timelineDrawing) subtitle() string {
	n := len(d.gatherer.facts)
	text := fmt.Sprintf("%d %s", n, plural(n, "fact"))
	if n := len(d.undated); n > 0 {
		text += fmt.Sprintf(", %d of them without a date: listed and not placed", n)
	}
	return text
}

func (d *timelineDrawing) notes() (list []string) {
	if d.omitted > 0 {
		list = append(list, fmt.Sprintf("%d later or undated %s not drawn.", d.omitted, map[bool]string{true: "fact is", false: "facts are"}[d.omitted == 1]))
	}
	return list
}

// text returns the timeline in words.
func (d *timelineDrawing) text() string {
	var b strings.Builder
	for _, l := range d.lanes {
		fmt.Fprintf(&b, "%s: ", l.name())
		for _, r := range slices.Concat(l.spans, l.events, l.undated) {
			fmt.Fprintf(&b, "%s. ", r.claim.text())
		}
	}
	return strings.TrimSpace(b.String())
}

// name returns the heading of a lane.
func (l *lane) name() string {
	if l.entity == nil {
		return "Other facts"
	}
	return l.entity.name
}

// drawLane draws the heading of a lane and its rows, and returns the position below.
func (d *timelineDrawing) drawLane(l *lane, y, width float64) float64 {
	g := d.scene.add(&group{class: "lane", title: l.name()})
	side := -1
	if l.entity != nil {
		side = d.sides.of(l.entity)
		g.class, g.entity, g.title = "node", l.entity.id, l.entity.title()
	}
	lines := d.fonts.wrap(l.name(), nameFace, width-24, mostLines)
	stroke, fill := sideInk(side)
	h := float64(len(lines))*lineHeight*nameFace.size + 8
	g.shape(shape{path: rectangle(box{0, y, width, h}), fill: fill, stroke: stroke, width: 1})
	g.lines(d.fonts, point{10, y + 4}, start, lines, nameFace, words)
	y += h + rowSpace
	y = d.drawRows(l.spans, y, width, side)
	if len(l.spans) > 0 && len(l.events) > 0 {
		line := d.scene.add(&group{class: "rule"})
		line.shape(shape{path: polyline(point{0, y - 2}, point{width, y - 2}), stroke: rule, width: 1})
		y += 4
	}
	y = d.drawRows(l.events, y, width, side)
	return d.drawUndated(l, y, width) + 10
}

// drawRows draws facts with their labels at the left.
func (d *timelineDrawing) drawRows(rows []row, y, width float64, side int) float64 {
	for _, r := range rows {
		g := d.scene.add(&group{class: "fact", facts: []schema.ID{r.claim.id}, title: r.claim.text()})
		bottom := d.drawLabel(g, &r.claim, y, d.label)
		bottom = max(bottom, y+barHeight+4)
		d.drawTime(g, r, (y+bottom)/2, side)
		y = bottom + rowSpace
	}
	return y
}

// drawLabel writes the sentence, the date and the sources of a fact.
func (d *timelineDrawing) drawLabel(g *group, c *claim, y, width float64) float64 {
	fill := words
	if c.disputed {
		fill = warning
	}
	at := g.lines(d.fonts, point{0, y}, start, d.fonts.wrap(c.sentence, textFace, width, mostLines), textFace, fill)
	return g.lines(d.fonts, at, start, d.fonts.wrap(c.when(), captionFace, width, mostLines), captionFace, muted).y
}

// drawUndated lists the facts without a date.
func (d *timelineDrawing) drawUndated(l *lane, y, width float64) float64 {
	if len(l.undated) == 0 {
		return y
	}
	head := d.scene.add(&group{class: "heading"})
	text := fmt.Sprintf("%d %s without a date, not placed:", len(l.undated), plural(len(l.undated), "fact"))
	y = head.lines(d.fonts, point{0, y + 2}, start, []string{text}, captionFace, muted).y + 3
	for _, r := range l.undated {
		g := d.scene.add(&group{class: "fact", facts: []schema.ID{r.claim.id}, title: r.claim.text()})
		fill := words
		if r.claim.disputed {
			fill = warning
		}
		line := strings.TrimSpace(r.claim.sentence + " " + r.claim.citation())
		y = g.lines(d.fonts, point{12, y}, start, d.fonts.wrap(line, captionFace, width-12, mostLines), captionFace, fill).y + 3
	}
	return y
}
