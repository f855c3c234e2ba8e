package loaders

import (
	"slices"
	"strings"
)

// arc leads to a node. It was made by a fact.
type arc struct{ to, fact int }

// cycle is a way back to where it began: the arcs along it, the last of which
// closes it. The middle of a long one is left out, so that many circles which
// share a long way take no more room than the way.
type cycle struct {
	arcs []arc
	long bool // arcs are missing before the last shownEnd
}

// The arcs of a long circle that are kept.
const (
	shownBegin = 5
	shownEnd   = 5
)

// depthFirst visits a graph depth first. It returns a circle for each arc that closes
// one, and all nodes such that each comes after those it leads to.
func depthFirst(arcs [][]arc) (circles []cycle, after []int) {
	const (
		fresh = iota
		open
		done
	)
	state := make([]uint8, len(arcs))
	depth := make([]int, len(arcs)) // of the nodes on the path
	next := make([]int, len(arcs))
	for root := range arcs {
		if state[root] != fresh {
			continue
		}
		path, way := []int{root}, []arc{{root, -1}}
		state[root], depth[root] = open, 0
		for len(path) > 0 {
			at := path[len(path)-1]
			if next[at] == len(arcs[at]) {
				state[at] = done
				after = append(after, at)
				path, way = path[:len(path)-1], way[:len(way)-1]
				continue
			}
			a := arcs[at][next[at]]
			next[at]++
			switch state[a.to] {
			case fresh:
				state[a.to], depth[a.to] = open, len(path)
				path, way = append(path, a.to), append(way, a)
			case open:
				circles = append(circles, cycleOf(way[depth[a.to]+1:], a))
			}
		}
	}
	return circles, after
}

// cycleOf is the circle of a way and the arc back.
func cycleOf(way []arc, back arc) cycle {
	if len(way) < shownBegin+shownEnd {
		return cycle{arcs: append(slices.Clone(way), back)}
	}
	ends := append(slices.Clone(way[:shownBegin]), way[len(way)-shownEnd+1:]...)
	return cycle{append(ends, back), true}
}

// closingArc is the arc that closes the circle.
func (c cycle) closingArc() arc { return c.arcs[len(c.arcs)-1] }

// describe are what the nodes along the circle are called, from where it begins to
// there again.
func (c cycle) describe(name func(node int) string) string {
	all := []string{name(c.closingArc().to)}
	for i, a := range c.arcs {
		if c.long && i == len(c.arcs)-shownEnd {
			all = append(all, "…")
		}
		all = append(all, name(a.to))
	}
	return strings.Join(all, ", ")
}
