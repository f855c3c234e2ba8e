package draw

import (
	"fmt"
	"slices"
	"time"

	"github.com/entente-kg/entente/schema"
)

// axis maps days to horizontal positions.
type axis struct {
	first, last schema.Day // the days at the left and the right end
	left, right float64
	dated       bool
	ticks       []tick
}

// tick is a labelled day of an axis.
type tick struct {
	day   schema.Day
	label string
}

// newAxis returns an axis between two positions. It has all known days of extents, or if
// the events are a small part of these, the days of the events and some around them.
func newAxis(list []extent, left, right float64) axis {
	a := axis{left: left, right: right}
	var days, events []schema.Day
	for _, e := range list {
		days = append(days, e.known()...)
		if !e.relation {
			events = append(events, e.known()...)
		}
	}
	if len(days) == 0 {
		return a
	}
	a.dated = true
	a.first, a.last = slices.Min(days), slices.Max(days)
	pad := max((a.last-a.first)/50, 2)
	if len(events) > 0 {
		first, last := slices.Min(events), slices.Max(events)
		around := max((last-first)/6, 60)
		if (a.last-a.first)/4 > last-first+2*around {
			a.first, a.last, pad = max(a.first, first-around), min(a.last, last+around), 2
		}
	}
	a.first, a.last = max(a.first-pad, schema.MinDay+1), min(a.last+pad, schema.MaxDay-1)
	a.ticks = a.makeTicks()
	return a
}

// x returns the position at which a day begins.
func (a *axis) x(day schema.Day) float64 {
	return a.left + (a.right-a.left)*float64(day-a.first)/float64(a.last-a.first)
}

// clamp returns the position of a day, or the end of the axis for an open bound.
func (a *axis) clamp(day schema.Day) float64 {
	return a.x(min(max(day, a.first), a.last))
}

// units are the distances of ticks: years or months or days.
func units() []struct{ years, months, days int } {
	return []struct{ years, months, days int }{
		{days: 1}, {days: 2}, {days: 7}, {days: 14}, {months: 1}, {months: 2}, {months: 3}, {months: 6},
		{years: 1}, {years: 2}, {years: 5}, {years: 10}, {years: 20}, {years: 50}, {years: 100}, {years: 200}, {years: 500}, {years: 1000}, {years: 5000},
	}
}

// tickDistance is the least distance of two ticks.
const tickDistance = 74.0

// makeTicks returns ticks of the smallest unit whose labels do not crowd.
func (a *axis) makeTicks() []tick {
	perDay := (a.right - a.left) / float64(a.last-a.first)
	for _, u := range units() {
		if perDay*float64(u.days+28*u.months+365*u.years) >= tickDistance {
			return a.ticksOf(u.years, u.months, u.days)
		}
	}
	return nil
}

// ticksOf returns the ticks of one unit, at round dates.
func (a *axis) ticksOf(years, months, days int) (list []tick) {
	at := date(a.first)
	layout := "2006"
	switch {
	case years > 0:
		at = time.Date(at.Year()/years*years, 1, 1, 0, 0, 0, 0, time.UTC)
	case months > 0:
		at, layout = time.Date(at.Year(), time.Month((int(at.Month())-1)/months*months+1), 1, 0, 0, 0, 0, time.UTC), "2006-01"
	default:
		layout = time.DateOnly
	}
	for ; ; at = at.AddDate(years, months, days) {
		day := schema.Day(at.Unix() / 86400)
		if day > a.last {
			return list
		}
		if day >= a.first {
			list = append(list, tick{day, at.Format(layout)})
		}
	}
}

func date(d schema.Day) time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// drawAxisLabels writes the labels of the ticks on one line, and returns the position
// below.
func (d *timelineDrawing) drawAxisLabels(y float64) float64 {
	if !d.axis.dated {
		return y
	}
	g := d.scene.add(&group{class: "axis", title: fmt.Sprintf("%s to %s", d.axis.first, d.axis.last)})
	for _, t := range d.axis.ticks {
		g.line(d.fonts, point{d.axis.x(t.day), y + ascent*captionFace.size}, middle, t.label, captionFace, muted)
	}
	return y + lineHeight*captionFace.size + 4
}

// drawGrid draws a vertical line at each tick.
func (d *timelineDrawing) drawGrid(g *group, top, bottom float64) {
	for _, t := range d.axis.ticks {
		x := d.axis.x(t.day)
		g.shape(shape{path: polyline(point{x, top}, point{x, bottom}), stroke: rule, width: 1})
	}
}
