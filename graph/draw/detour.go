package draw

import (
	"math"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// area is the room of a node or of a label: lines end at its outline, and others go round
// its box.
type area struct {
	box
	outline []point // of a node; nil stands for the box
}

// areaOf returns the area of a node.
func areaOf(kind schema.Kind, b box) area {
	outline, _ := kindShape(kind, b)
	return area{b, flattened(outline)}
}

// contains reports whether a point is in an area.
func (a area) contains(p point) bool {
	if p.x <= a.x || p.x >= a.right() || p.y <= a.y || p.y >= a.bottom() {
		return false
	}
	inside := len(a.outline) == 0
	for i, q := range a.outline { // a ray to the right crosses the outline an odd number of times
		r := a.outline[(i+1)%len(a.outline)]
		if (q.y > p.y) != (r.y > p.y) && p.x < q.x+(p.y-q.y)/(r.y-q.y)*(r.x-q.x) {
			inside = !inside
		}
	}
	return inside
}

// flattened returns the corners of an outline, and points on its curves.
func flattened(path []op) (points []point) {
	for _, step := range path {
		switch step.kind {
		case 'C':
			c := curve{points[len(points)-1], step.p[0], step.p[1], step.p[2]}
			for i := 1; i <= 8; i++ {
				points = append(points, c.at(float64(i)/8))
			}
		case 'M', 'L':
			points = append(points, step.p[0])
		}
	}
	return points
}

// besides returns the areas that are not one of two.
func besides(areas []area, one, two area) (others []area) {
	for _, a := range areas {
		if a.box != one.box && a.box != two.box {
			others = append(others, a)
		}
	}
	return others
}

const (
	lineClearance = 3.5 // the least distance of a line from areas that it goes round
	mostInTheWay  = 40  // areas that a line goes round
	turnCost      = 12  // of each corner, as a length
)

// detour returns the shortest line between two areas round the corners of others; nil if
// there is none. It goes round the areas in the way of the straight line first, then round
// those in the way of that line, and so on.
func detour(from, to area, others []area, clear float64) track {
	var inTheWay []box
	for len(inTheWay) <= mostInTheWay {
		way := shortestRound(from.center(), to.center(), inTheWay)
		if way == nil {
			return nil
		}
		found := false
		for _, o := range others {
			b := o.grown(clear)
			if crossesAny(way, b) && !slices.Contains(inTheWay, b) {
				inTheWay, found = append(inTheWay, b), true
			}
		}
		if !found {
			return withRoundCorners(way, from, to)
		}
	}
	return nil
}

// crossesAny reports whether one of the straight lines of a way passes through a box.
func crossesAny(way []point, b box) bool {
	for i := range len(way) - 1 {
		if crosses(way[i], way[i+1], b) {
			return true
		}
	}
	return false
}

// shortestRound returns the shortest way between two points along the corners of boxes
// (Dijkstra's algorithm); nil if there is none.
func shortestRound(from, to point, boxes []box) []point {
	nodes := []point{from, to}
	for _, b := range boxes {
		nodes = append(nodes, b.grown(0.4).corners()...)
	}
	sees := func(p, q point) bool {
		return !slices.ContainsFunc(boxes, func(b box) bool { return crosses(p, q, b) })
	}
	cost, before, done := make([]float64, len(nodes)), make([]int, len(nodes)), make([]bool, len(nodes))
	for i := range cost {
		cost[i] = math.Inf(1)
	}
	cost[0] = 0
	for {
		at := -1
		for i := range nodes {
			if !done[i] && !math.IsInf(cost[i], 1) && (at < 0 || cost[i] < cost[at]) {
				at = i
			}
		}
		switch at {
		case -1:
			return nil
		case 1:
			return back(nodes, before)
		}
		done[at] = true
		for i, p := range nodes {
			c := cost[at] + math.Hypot(p.x-nodes[at].x, p.y-nodes[at].y) + turnCost
			if !done[i] && c < cost[i] && sees(nodes[at], p) {
				cost[i], before[i] = c, at
			}
		}
	}
}

// back returns the way to the second node from the first one.
func back(nodes []point, before []int) []point {
	way := []point{nodes[1]}
	for i := 1; i != 0; i = before[i] {
		way = append(way, nodes[before[i]])
	}
	slices.Reverse(way)
	return way
}

// withRoundCorners returns a way as a line between two areas, with its corners rounded.
func withRoundCorners(way []point, from, to area) (t track) {
	const radius = 8
	last := len(way) - 1
	at := way[0]
	for i := 1; i < last; i++ {
		in, out := nearer(way[i], way[i-1], radius), nearer(way[i], way[i+1], radius)
		t = append(t, straight(at, in), curve{in, middleOf(in, way[i]), middleOf(out, way[i]), out})
		at = out
	}
	t = append(t, straight(at, way[last]))
	t[0] = t[0].between(from, area{})
	t[len(t)-1] = t[len(t)-1].between(area{}, to)
	return t
}

// nearer returns a point on the line to another one, at a distance or halfway.
func nearer(p, q point, distance float64) point {
	share := min(0.5, distance/max(1e-9, math.Hypot(q.x-p.x, q.y-p.y)))
	return point{p.x + share*(q.x-p.x), p.y + share*(q.y-p.y)}
}

func middleOf(p, q point) point { return point{(p.x + q.x) / 2, (p.y + q.y) / 2} }

func straight(p, q point) curve {
	return curve{p, nearer(p, q, math.Inf(1)), nearer(p, q, math.Inf(1)), q}
}
