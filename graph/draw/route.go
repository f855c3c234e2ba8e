package draw

import (
	"math"
	"slices"
)

// curve is a cubic Bézier curve.
type curve [4]point

// at returns the point of a curve at a share of its length.
func (c curve) at(t float64) point {
	u := 1 - t
	a, b, d, e := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return point{a*c[0].x + b*c[1].x + d*c[2].x + e*c[3].x, a*c[0].y + b*c[1].y + d*c[2].y + e*c[3].y}
}

// track is the curves of a line, end to end.
type track []curve

// bends are how far a curve may bend to either side, as shares of its length. A straight
// line comes first.
func bends() []float64 { return []float64{0, 0.08, -0.08, 0.16, -0.16, 0.26, -0.26} }

// route returns a line between two areas that passes through none of the others: the
// straightest curve, or else the shortest way round. The number of the line keeps lines
// apart that go round the same corner. Where there is no way, the line is the curve that
// passes through the fewest.
func route(from, to area, others []area, number int) track {
	others = besides(others, from, to)
	best, fewest := track(nil), math.MaxInt
	for _, bend := range bends() {
		t := track{bent(from, to, bend)}
		if n := t.crossings(others); n < fewest {
			best, fewest = t, n
		}
		if fewest == 0 {
			return best
		}
	}
	for _, clear := range []float64{lineClearance + 2.5*float64(number%3), lineClearance} {
		if t := detour(from, to, others, clear); t != nil {
			return t
		}
	}
	return best
}

// bent returns a curve between the outlines of two areas that bends to one side.
func bent(from, to area, bend float64) curve {
	p, q := from.center(), to.center()
	dx, dy := (q.x-p.x)/3, (q.y-p.y)/3
	nx, ny := -dy*3*bend, dx*3*bend
	return curve{p, p.plus(dx+nx, dy+ny), p.plus(2*dx+nx, 2*dy+ny), q}.between(from, to)
}

// between returns the part of a curve that lies between the areas at its ends.
func (c curve) between(from, to area) curve {
	out := lastInside(func(t float64) point { return c.at(t) }, from)
	in := lastInside(func(t float64) point { return c.at(1 - t) }, to)
	if out+in >= 1 {
		return c // the areas are too close for a line between them
	}
	return c.part(out, 1-in)
}

// lastInside returns the share of a curve at which it leaves the area in which it begins.
func lastInside(at func(float64) point, a area) float64 {
	low, high := 0.0, 1.0
	for range 24 {
		if mid := (low + high) / 2; a.contains(at(mid)) {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// part returns the part of a curve between two shares.
func (c curve) part(from, to float64) curve {
	mix := func(a, b point, t float64) point { return point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)} }
	split := func(c curve, t float64) (curve, curve) { // de Casteljau
		ab, bc, cd := mix(c[0], c[1], t), mix(c[1], c[2], t), mix(c[2], c[3], t)
		abc, bcd := mix(ab, bc, t), mix(bc, cd, t)
		mid := mix(abc, bcd, t)
		return curve{c[0], ab, abc, mid}, curve{mid, bcd, cd, c[3]}
	}
	left, _ := split(c, to)
	_, right := split(left, from/to)
	return right
}

// curveSteps is the number of straight pieces that stand for a curve.
const curveSteps = 28

// crossings counts the areas that a line passes through.
func (t track) crossings(areas []area) (n int) {
	for _, a := range areas {
		if t.crosses(a.grown(3)) {
			n++
		}
	}
	return n
}

// crosses reports whether a line passes through a box.
func (t track) crosses(b box) bool {
	for _, c := range t {
		for i := range curveSteps {
			if crosses(c.at(float64(i)/curveSteps), c.at(float64(i+1)/curveSteps), b) {
				return true
			}
		}
	}
	return false
}

// drawTrack adds a line in the style of a claim, with its arrowheads.
func drawTrack(g *group, t track, label *claim, width, opacity float64) {
	stroke := lineInk
	if label.disputed {
		stroke = warning
	}
	t = slices.Clone(t)
	first, last := &t[0], &t[len(t)-1]
	if label.forward {
		g.shape(shape{path: arrowhead(last[3], last[2]), fill: stroke, opacity: opacity})
		last[3] = shortened(last[3], last[2])
	}
	if label.backward {
		g.shape(shape{path: arrowhead(first[0], first[1]), fill: stroke, opacity: opacity})
		first[0] = shortened(first[0], first[1])
	}
	path := []op{{'M', [3]point{first[0]}}}
	for _, c := range t {
		path = append(path, op{'C', [3]point{c[1], c[2], c[3]}})
	}
	g.shape(shape{path: path, stroke: stroke, width: width, opacity: opacity, dash: dashed(!label.plain)})
}
