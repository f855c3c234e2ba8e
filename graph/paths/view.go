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
// Searches do not read the store. A [View] is a compact adjacency in memory, built
// from the edges of a graph at one moment. A copy in a file beside the graph
// opens in milliseconds. Several searches may run at a time; their working memory,
// proportional to the graph, is pooled for later searches. [Views] keeps the view of a
// graph in memory between Finders.
package paths

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/entente-kg/entente/schema"
)

// View is the adjacency of a graph at one moment: which entities are linked, and by
// which facts. It is immutable, and several goroutines may use it.
//
// It needs 16 bytes for each pair of neighbours, 32 for each fact that links a pair,
// 32 more for each fact, and 12 for each dataset that claims a fact: together 87 bytes
// for each link in the graphs of `entente synth` (BenchmarkBuild). The first ordered
// search adds 31 bytes for each link, and so does the first search for the latest
// start.
type View struct {
	generation uint64

	entities   entityTable
	predicates predicateTable
	facts      factTable

	happened adjacency // facts of status happened, where at least one source asserts them
	others   adjacency // all other facts: of another status, or not asserted
	newest   int32     // the latest of the last possible days of facts in happened

	bytes int64 // memory of the view without its calendars

	calendars   [4]atomic.Pointer[calendar] // of happened and others, forwards, then backwards; nil until needed
	scratchPool sync.Pool
	visitedPool sync.Pool // for searches from one entity
}

// adjacency holds the links of each node, in compressed sparse rows. The neighbours of
// node n are neighbours[start[n]:start[n+1]], in ascending order. The arcs to
// neighbours[i] are arcs[first[i]:first[i+1]], in ascending order of their weight by
// [ByTelling].
type adjacency struct {
	start      []uint32
	neighbours []uint32
	first      []uint32
	arcs       []arc
}

// arc is one fact that links two nodes by one predicate, as seen from one of the two
// nodes. It has 16 bytes, and most searches read nothing else.
type arc struct {
	fact     uint32
	from, to int32  // the closed interval of days that its evidence allows
	verb     uint16 // a verb, or from predicateTable.verbCount on, the predicate of a role edge
	sources  uint8  // documents that assert it; 255 means 255 or more
	flags    uint8
}

const (
	arcForward  uint8 = 1 << iota // from this node to the neighbour
	arcBackward                   // from the neighbour to this node; a symmetric verb has both flags
	arcRelation                   // the fact holds over a time
	arcDated
	arcDisputed // a source asserts the fact and another denies it
)

// statusShift is the first bit of an arc's flags that holds its status, as numbered by
// statusNumber.
const statusShift = 5

// Nodes returns the number of entities that facts link.
func (v *View) Nodes() int { return len(v.entities.ends) }

// Facts returns the number of facts that link entities.
func (v *View) Facts() int { return len(v.facts.rows) - 1 }

// Edges returns the number of links: pairs of entities, one for each fact between the
// pair and each predicate of the fact.
func (v *View) Edges() int { return (len(v.happened.arcs) + len(v.others.arcs)) / 2 }

// Bytes returns the memory of the view in bytes, with the calendars made so far.
func (v *View) Bytes() int64 {
	n := v.bytes
	for i := range v.calendars {
		if c := v.calendars[i].Load(); c != nil {
			n += c.bytes()
		}
	}
	return n
}

// Generation returns the generation of the snapshot from which the view was built.
func (v *View) Generation() uint64 { return v.generation }

// measure computes the memory of the view without its calendars.
func (v *View) measure() {
	v.bytes = 0
	for _, s := range v.sections() {
		v.bytes += int64(len(s.bytes()))
	}
}

// Has reports whether any fact links the entity to another.
func (v *View) Has(id schema.ID) bool {
	_, ok := v.entities.find(id)
	return ok
}

// degree returns the number of neighbours by facts that happened.
func (v *View) degree(node uint32) uint32 {
	return v.happened.start[node+1] - v.happened.start[node]
}

// between returns the arcs from one node to another.
func (a *adjacency) between(from, to uint32) []arc {
	if i, ok := a.find(from, to); ok {
		return a.arcs[a.first[i]:a.first[i+1]]
	}
	return nil
}

func (a *adjacency) find(from, to uint32) (i uint32, ok bool) {
	low := a.start[from]
	at, ok := slices.BinarySearch(a.neighbours[low:a.start[from+1]], to)
	return low + uint32(at), ok
}
