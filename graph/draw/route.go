package draw

import "math"

// curve is a cubic Bézier curve.
type curve [4]point

// at returns the point of a curve at a share of its length.
func (c curve) at(t float64) point {
	u := 1 - t
	a, b, d, e := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return point{a*c[0].x + b*c[1].x + d*c[2].x + e*c[3].x, a*c[0].y + b*c[1].y + d*c[2].y + e*c[3].y}
}

// bends are how far a curve may bend to either side, as shares of its length. A straight
// line comes first.
func bends() []float64 {
	return []float64{0, 0.08, -0.08, 0.16, -0.16, 0.26, -0.26, 0.4, -0.4, 0.6, -0.6, 0.85, -0.85}
}

// route returns the straightest curve between two boxes that passes through the fewest
// of the others.
func route(from, to box, others []box) curve {
	best, fewest := curve{}, math.MaxInt
	for _, bend := range bends() {
		c := bent(from, to, bend)
		if n := c.crossings(from, to, others); n < fewest {
			best, fewest = c, n
		}
		if fewest == 0 {
			break
		}
	}
	return best
}

// bent returns a curve between the edges of two boxes that bends to one side.
func bent(from, to box, bend float64) curve {
	p, q := from.center(), to.center()
	dx, dy := (q.x-p.x)/3, (q.y-p.y)/3
	nx, ny := -dy*3*bend, dx*3*bend
	c := curve{p, p.plus(dx+nx, dy+ny), p.plus(2*dx+nx, 2*dy+ny), q}
	out := lastInside(func(t float64) point { return c.at(t) }, from)
	in := lastInside(func(t float64) point { return c.at(1 - t) }, to)
	if out+in >= 1 {
		return c // the boxes are too close for a line between them
	}
	return c.part(out, 1-in)
}

// lastInside returns the share of a curve at which it leaves the box in which it begins.
func lastInside(at func(float64) point, b box) float64 {
	low, high := 0.0, 1.0
	for range 24 {
		mid := (low + high) / 2
		if p := at(mid); p.x > b.x && p.x < b.right() && p.y > b.y && p.y < b.bottom() {
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

// crossings counts the boxes that a curve passes through, besides the boxes at its ends.
func (c curve) crossings(from, to box, others []box) (n int) {
	for _, b := range others {
		if b == from || b == to {
			continue
		}
		b = b.grown(3)
		for i := range curveSteps {
			if crosses(c.at(float64(i)/curveSteps), c.at(float64(i+1)/curveSteps), b) {
				n++
				break
			}
		}
	}
	return n
}

// drawCurve adds a curve in the style of a claim, with its arrowheads.
func drawCurve(g *group, c curve, label *claim, width, opacity float64) {
	stroke := lineInk
	if label.disputed {
		stroke = warning
	}
	if label.forward {
		g.shape(shape{path: arrowhead(c[3], c[2]), fill: stroke, opacity: opacity})
		c[3] = shortened(c[3], c[2])
	}
	if label.backward {
		g.shape(shape{path: arrowhead(c[0], c[1]), fill: stroke, opacity: opacity})
		c[0] = shortened(c[0], c[1])
	}
	path := []op{{'M', [3]point{c[0]}}, {'C', [3]point{c[1], c[2], c[3]}}}
	g.shape(shape{path: path, stroke: stroke, width: width, opacity: opacity, dash: dashed(!label.plain)})
}
