package draw

import (
	"github.com/entente-kg/entente/schema"
)

// extent is when a fact happened or held, according to all its evidence that counts.
type extent struct {
	dated    bool
	relation bool
	span     schema.Span  // the widest reading of all dates
	exact    []schema.Day // days that a source gives for an event
}

// extentOf returns the extent of a fact. A fact without a date has the days of the
// facts that it is part of.
func extentOf(v *schema.Vocabulary, f schema.Fact) (e extent) {
	kind := v.VerbKind(f.Verb)
	e.relation = kind == schema.Relation
	for _, when := range f.Dates() {
		s, err := when.Span(kind)
		if err != nil || !when.Dated() {
			continue
		}
		if !e.relation && s.From == s.To {
			e.exact = append(e.exact, s.From)
		}
		e.join(s)
	}
	if w := f.Within; !e.dated && w != nil && (w.From != schema.MinDay || w.To != schema.MaxDay) {
		e.join(schema.Span{From: w.From, LatestFrom: w.To, EarliestTo: w.From, To: w.To})
	}
	return e
}

// join widens the extent so that it contains another reading.
func (e *extent) join(s schema.Span) {
	if !e.dated {
		e.dated, e.span = true, s
		return
	}
	e.span.From, e.span.To = min(e.span.From, s.From), max(e.span.To, s.To)
	e.span.LatestFrom, e.span.EarliestTo = max(e.span.LatestFrom, s.LatestFrom), min(e.span.EarliestTo, s.EarliestTo)
}

// known returns the days of an extent that are neither open nor unknown.
func (e *extent) known() (days []schema.Day) {
	for _, day := range []schema.Day{e.span.From, e.span.LatestFrom, e.span.EarliestTo, e.span.To} {
		if day != schema.MinDay && day != schema.MaxDay {
			days = append(days, day)
		}
	}
	return days
}

// barMarks says which signs a timeline uses, for its legend.
type barMarks struct{ certain, possible, fading, day, window, open, beyond, unestablished, disputed bool }

// explain adds the signs of a timeline to a legend.
func (m *barMarks) explain(l *legend) {
	bar := func(used bool, meaning string, s shape) {
		if used {
			b := l.item(meaning)
			s.path = rectangle(box{b.x, b.y + 1, b.w, b.h - 2})
			l.group.shape(s)
		}
	}
	bar(m.certain, "certainly then", shape{fill: plain, stroke: plain, width: 1})
	bar(m.possible, "possibly then", shape{fill: plain, opacity: possible})
	if m.fading {
		b := l.item("bound unknown or open")
		fade(l.group, b.x, b.right(), b.center().y, plain)
	}
	if m.open {
		b := l.item("still going on")
		l.group.shape(shape{path: pointer(b.x, b.right()-6, b.center().y), fill: plain, stroke: plain, width: 1})
	}
	if m.beyond {
		b := l.item("goes on beyond the axis, as its dates say")
		beyond(l.group, b.x, 1, b.center().y, plain)
	}
	if m.day {
		l.group.shape(shape{path: diamond(l.item("an event on this day").center()), fill: plain, stroke: plain, width: 1})
	}
	if m.window {
		b := l.item("an event, some time in this span")
		window(l.group, b.x, b.right(), b.center().y, plain, false)
	}
	if m.unestablished {
		b := l.item("dashed: not established (planned, refused, denied, doubted or hearsay)")
		l.group.shape(shape{path: rectangle(box{b.x, b.y + 1, b.w, b.h - 2}), stroke: plain, width: 1.5, dash: finelyDashed(true)})
	}
	if m.disputed {
		b := l.item("at least one source denies it")
		l.group.shape(shape{path: rectangle(box{b.x, b.y + 1, b.w, b.h - 2}), fill: warning, stroke: warning, width: 1})
	}
}

// possible is the opacity of days that are possible and not certain.
const possible = 0.35

// drawTime draws the bar or the mark of a fact.
func (d *timelineDrawing) drawTime(g *group, r row, y float64, side int) {
	stroke, _ := sideInk(side)
	if r.claim.disputed {
		stroke, d.marks.disputed = warning, true
	}
	d.marks.unestablished = d.marks.unestablished || !r.claim.plain
	if r.time.relation {
		d.drawBar(g, r, y, stroke)
		return
	}
	d.drawEvent(g, r, y, stroke)
}

// drawBar draws a relation: its certain days, and lighter its possible days.
func (d *timelineDrawing) drawBar(g *group, r row, y float64, stroke ink) {
	s, a := r.time.span, d.axis
	if d.drawBeyond(g, s, y, stroke) {
		return
	}
	from, to := a.clamp(s.From), a.clamp(s.To+1)
	if s.From == schema.MinDay {
		from = a.clamp(min(s.LatestFrom, later(s.EarliestTo)))
		d.fadeFrom(g, from, from-fadeRoom, y, stroke)
	}
	ends := s.To == schema.MaxDay && s.EarliestTo != schema.MaxDay
	if ends {
		to = max(a.clamp(s.EarliestTo+1), a.clamp(s.LatestFrom+1))
		d.fadeFrom(g, to, to+fadeRoom, y, stroke)
	}
	if to > from && !(s.LatestFrom <= s.From && s.EarliestTo >= s.To) {
		g.shape(shape{path: rectangle(box{from, y - barHeight/2, max(to-from, 2), barHeight}), fill: stroke, opacity: possible})
		d.marks.possible = true
	}
	if s.LatestFrom > s.EarliestTo {
		d.outline(g, r, box{from, y - barHeight/2, max(to-from, 2), barHeight}, stroke)
		return
	}
	first, last := a.clamp(s.LatestFrom), max(a.clamp(s.EarliestTo+1), a.clamp(s.LatestFrom)+2)
	if s.LatestFrom == schema.MaxDay {
		return
	}
	bar := shape{path: rectangle(box{first, y - barHeight/2, last - first, barHeight}), fill: stroke, stroke: stroke, width: 1}
	if s.EarliestTo == schema.MaxDay {
		bar.path, d.marks.open = pointer(first, a.right+fadeRoom-8, y), true
	}
	if !r.claim.plain {
		bar.fill, bar.dash, bar.width = none, finelyDashed(true), 1.5
	} else {
		d.marks.certain = true
	}
	g.shape(bar)
}

// drawBeyond marks a bar that goes on beyond an end of the axis, and reports whether all of
// it does.
func (d *timelineDrawing) drawBeyond(g *group, s schema.Span, y float64, stroke ink) (all bool) {
	left := s.From != schema.MinDay && s.From < d.axis.first
	right := s.To != schema.MaxDay && s.To > d.axis.last
	before, after := s.To < d.axis.first, s.From > d.axis.last
	if left || before {
		beyond(g, d.axis.left, -1, y, stroke)
	}
	if right || after {
		beyond(g, d.axis.right, 1, y, stroke)
	}
	d.marks.beyond = d.marks.beyond || left || right || before || after
	return before || after
}

// beyond draws three dashes from a position to the left (-1) or to the right (1).
func beyond(g *group, at, side, y float64, stroke ink) {
	for i := range 3 {
		from := at + side*(3+float64(i)*8)
		g.shape(shape{path: rectangle(box{min(from, from+side*4), y - barHeight/2, 4, barHeight}), fill: stroke})
	}
}

// later returns a day, or the last day there is for an unknown first day.
func later(day schema.Day) schema.Day {
	if day == schema.MinDay {
		return schema.MaxDay
	}
	return day
}

// outline draws the border of a bar of which no day is certain, if the fact is not
// established.
func (d *timelineDrawing) outline(g *group, r row, b box, stroke ink) {
	if !r.claim.plain {
		g.shape(shape{path: rectangle(b), stroke: stroke, width: 1.5, dash: finelyDashed(true)})
	}
}

// drawEvent draws an event: a mark on its day, or a span in which it happened.
func (d *timelineDrawing) drawEvent(g *group, r row, y float64, stroke ink) {
	s, a := r.time.span, d.axis
	if s.From == s.To {
		d.mark(g, r, s.From, y, stroke)
		return
	}
	from, to := a.clamp(s.From), a.clamp(s.To+1)
	if s.From == schema.MinDay {
		from = a.clamp(s.To)
		d.fadeFrom(g, from, from-fadeRoom, y, stroke)
	}
	if s.To == schema.MaxDay {
		to = max(a.clamp(s.From+1), from)
		d.fadeFrom(g, to, to+fadeRoom, y, stroke)
	}
	d.marks.window = true
	window(g, from, max(to, from+3), y, stroke, !r.claim.plain)
	for _, day := range r.time.exact {
		d.mark(g, r, day, y, stroke)
	}
}

// mark draws a diamond on a day; hollow and dashed if the fact is not established.
func (d *timelineDrawing) mark(g *group, r row, day schema.Day, y float64, stroke ink) {
	d.marks.day = true
	s := shape{path: diamond(point{(d.axis.x(day) + d.axis.x(day+1)) / 2, y}), fill: stroke, stroke: stroke, width: 1}
	if !r.claim.plain {
		s.fill, s.width, s.dash = none, 1.5, finelyDashed(true)
	}
	g.shape(s)
}

func diamond(c point) []op {
	const r = 6.5
	return polygon(c.plus(0, -r), c.plus(r, 0), c.plus(0, r), c.plus(-r, 0))
}

// pointer returns a bar that ends in a point: it goes on.
func pointer(from, to, y float64) []op {
	const h = barHeight / 2
	return polygon(point{from, y - h}, point{to, y - h}, point{to + 6, y}, point{to, y + h}, point{from, y + h})
}

// window draws a span in which an event happened at some time: two brackets with a light
// area between them, or dashed and empty if it is not established.
func window(g *group, from, to, y float64, stroke ink, unestablished bool) {
	const h = barHeight / 2
	if !unestablished {
		g.shape(shape{path: rectangle(box{from, y - h + 2, to - from, 2*h - 4}), fill: stroke, opacity: possible})
	}
	tick := min(4, (to-from)/2)
	g.shape(shape{path: polyline(point{from + tick, y - h}, point{from, y - h}, point{from, y + h}, point{from + tick, y + h}), stroke: stroke, width: 1.5, dash: finelyDashed(unestablished)})
	g.shape(shape{path: polyline(point{to - tick, y - h}, point{to, y - h}, point{to, y + h}, point{to - tick, y + h}), stroke: stroke, width: 1.5, dash: finelyDashed(unestablished)})
}

// fadeFrom draws a bar that fades from one position to another.
func (d *timelineDrawing) fadeFrom(g *group, from, to, y float64, fill ink) {
	d.marks.fading = true
	fade(g, from, to, y, fill)
}

// fadeSteps is the number of rectangles of a bar that fades.
const fadeSteps = 8

func fade(g *group, from, to, y float64, fill ink) {
	step := (to - from) / fadeSteps
	for i := range fadeSteps {
		a, b := from+float64(i)*step, from+float64(i+1)*step
		x := min(a, b)
		g.shape(shape{path: rectangle(box{x, y - barHeight/2 + 1, max(a, b) - x, barHeight - 2}), fill: fill, opacity: possible * (1 - (float64(i)+0.5)/fadeSteps)})
	}
}
