// Package paths finds how entities are connected, through whom, when, and by
// which facts.
//
// [Open] returns a [Finder] of a graph as it is now. Its searches, such as
// [View.Between], yield paths of the ids of entities and facts, and
// [Finder.Evidence] returns the facts of a hop with the quotes of their sources:
//
//	finder, err := paths.Open(ctx, g)
//	if err != nil {
//		return err
//	}
//	defer finder.Close()
//	for path, err := range finder.Between(ctx, from, to, paths.Query{}) {
//		…
//	}
//
// Searches do not walk the store. A [View] is a compact adjacency in memory, built
// from the edges of a graph at one moment, with a copy in a file beside the graph
// that opens in milliseconds. Searches may run side by side; the memory that each
// needs in proportion to the graph is kept for the next one. [Views] keeps the view
// of a graph in memory between Finders.
package paths

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/entente-kg/entente/schema"
)

// View is a graph of dealings at one moment: which entities are linked, and by
// which facts. It does not change, and may be used by several goroutines.
//
// It needs 8 bytes for each pair of neighbours from either side, 16 for each fact
// between them from either side, 32 for each fact, and 12 for each dataset that
// claims it: together 87 for each link between two entities in what `entente
// synth` makes (BenchmarkBuild). The first search for a path in order, and the
// first for the path that starts last, add 31 for each link.
type View struct {
	generation uint64

	entities   entityTable
	predicates predicateTable
	facts      factTable

	happened adjacency // facts that happened or hold, as at least one source asserts
	others   adjacency // all others: of another status, or that no source asserts
	newest   int32     // the last day on which a fact ends that has an end

	bytes int64 // what all of it takes but for the calendars

	calendars   [4]atomic.Pointer[calendar] // of what happened and of others, forwards; then backwards; nil until needed
	scratchPool sync.Pool
	visitedPool sync.Pool // of searches from one entity
}

// adjacency is the links of each node, in compressed sparse rows. The neighbours
// of node n are near[start[n]:start[n+1]], in order; the facts that link them, the
// most telling first, are arcs[first[i]:first[i+1]] for the i-th of near.
type adjacency struct {
	start []uint32
	near  []uint32
	first []uint32
	arcs  []arc
}

// arc is one fact that links two nodes by one predicate, as seen from one of them:
// 16 bytes, all that most searches read.
type arc struct {
	fact     uint32
	from, to int32  // the first and the last day that its evidence allows
	verb     uint16 // or the predicate of a role's edge: those from predicateTable.own on
	sources  uint8  // documents that assert it, 255 for more
	flags    uint8
}

const (
	arcForward  uint8 = 1 << iota // from this node to the other
	arcBackward                   // from the other to this one; both for symmetric verbs
	arcRelation                   // it holds over a time
	arcDated
	arcDisputed // some source asserts it and some denies it
)

// statusShift is where the status of an arc begins in its flags, numbered by
// statusNumber.
const statusShift = 5

// Nodes is the number of entities that take part in facts.
func (v *View) Nodes() int { return len(v.entities.ends) }

// Facts is the number of facts that link entities.
func (v *View) Facts() int { return len(v.facts.rows) - 1 }

// Edges is the number of links: for each pair of entities the facts between them,
// once for each predicate.
func (v *View) Edges() int { return (len(v.happened.arcs) + len(v.others.arcs)) / 2 }

// Bytes is the memory that the view needs.
func (v *View) Bytes() int64 {
	n := v.bytes
	for i := range v.calendars {
		if c := v.calendars[i].Load(); c != nil {
			n += c.bytes()
		}
	}
	return n
}

// Generation is the generation of the snapshot from which the view was built.
func (v *View) Generation() uint64 { return v.generation }

// measure adds up the memory of the view.
func (v *View) measure() {
	v.bytes = 0
	for _, s := range v.sections() {
		v.bytes += int64(len(s.bytes()))
	}
}

// Has reports whether an entity takes part in any fact that links entities.
func (v *View) Has(id schema.ID) bool {
	_, ok := v.entities.find(id)
	return ok
}

// degree is the number of entities with which facts that happened link a node.
func (v *View) degree(node uint32) uint32 {
	return v.happened.start[node+1] - v.happened.start[node]
}

// between is the arcs from one node to another.
func (a *adjacency) between(from, to uint32) []arc {
	if i, ok := a.find(from, to); ok {
		return a.arcs[a.first[i]:a.first[i+1]]
	}
	return nil
}

func (a *adjacency) find(from, to uint32) (i uint32, ok bool) {
	low := a.start[from]
	at, ok := slices.BinarySearch(a.near[low:a.start[from+1]], to)
	return low + uint32(at), ok
}
