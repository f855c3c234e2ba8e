package loaders

import (
	"slices"
	"strings"
)

// arc is a directed edge to a node, and the fact that makes it.
type arc struct{ to, fact int }

// cycle is a path that returns to its first node; the last arc closes it. The
// middle of a long cycle is left out, so that many cycles along one long path
// take no more memory than that path.
type cycle struct {
	arcs []arc
	long bool // arcs are left out before the last shownEnd arcs
}

// The numbers of arcs that are kept from the beginning and the end of a long
// cycle.
const (
	shownBegin = 5
	shownEnd   = 5
)

// depthFirst searches a graph depth first. It returns one cycle for each arc that
// closes one, and all nodes in postorder: each after its successors.
func depthFirst(arcs [][]arc) (cycles []cycle, postorder []int) {
	const (
		fresh = iota
		open
		done
	)
	state := make([]uint8, len(arcs))
	depth := make([]int, len(arcs)) // of the nodes on the current path
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
				postorder = append(postorder, at)
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
				cycles = append(cycles, cycleOf(way[depth[a.to]+1:], a))
			}
		}
	}
	return cycles, postorder
}

// cycleOf returns the cycle of a path and the arc back to its first node.
func cycleOf(way []arc, back arc) cycle {
	if len(way) < shownBegin+shownEnd {
		return cycle{arcs: append(slices.Clone(way), back)}
	}
	ends := append(slices.Clone(way[:shownBegin]), way[len(way)-shownEnd+1:]...)
	return cycle{append(ends, back), true}
}

// closingArc returns the arc that closes the cycle.
func (c cycle) closingArc() arc { return c.arcs[len(c.arcs)-1] }

// describe lists the names of the nodes along the cycle; the first node is also
// the last.
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
