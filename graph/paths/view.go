// Package paths finds how entities are connected, through whom, when, and by
// which facts.
//
// It does not walk the store. A [View] is a compact adjacency, built from the
// edges of a graph at one moment; [Views] keeps one up to date with a graph,
// and a copy of it in a file beside the graph, which opens in milliseconds.
// Searches are methods of the View: [View.Between], [View.Among] and
// [View.Shortest]. They may run side by side; what they take in proportion to the
// graph is kept for the next one.
package paths

import (
	"math"
	"math/bits"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/entente-kg/entente/schema"
)

// View is who is linked with whom in a graph at one moment, and by which facts.
// It does not change, and may be used by several goroutines.
//
// It takes 8 bytes for each pair of neighbours from either side, 16 for each fact
// between them from either side, 32 for each fact, and 12 for each dataset that
// claims it: together 87 for each link between two on what `entente synth` makes
// (BenchmarkBuild). The first question for a path in order, and the first for the
// one that starts last, add 31 for each link.
type View struct {
	generation uint64

	names    string        // the ids of all nodes, one after the other, sorted
	nameEnds []uint32      // where each ends
	kinds    []uint8       // of each node, as in kindNumber
	verbs    []schema.Verb // and then the predicates of roles' edges
	own      uint16        // how many are verbs
	relation []bool        // of each verb
	datasets []string
	facts    []factRow
	claims   []claim

	happened adjacency // facts that happened or hold, as at least one source asserts
	others   adjacency // all others: of another status, or that no source asserts
	newest   int32     // the last day on which a fact ends that has an end

	bytes int64 // what all of it takes but for the calendars

	calendars [4]atomic.Pointer[calendar] // of what happened and of others, forwards; then backwards; nil until needed
	scratch   sync.Pool
	walks     sync.Pool // of searches from one entity
}

// adjacency is the links of each node, in compressed sparse rows. The neighbours
// of node n are near[start[n]:start[n+1]], in order; the facts that link them,
// the most telling first, are arcs[first[i]:first[i+1]] for the i-th of near.
type adjacency struct {
	start []uint32
	near  []uint32
	first []uint32
	arcs  []arc
}

// arc is one fact that links two nodes by one predicate, as seen from one of
// them: 16 bytes, all that most questions look at.
type arc struct {
	fact     uint32
	from, to int32  // the first and the last day that its evidence allows
	verb     uint16 // or the predicate of a role's edge: those from View.own on
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

// statusShift is where the status of an arc begins in its flags, as statusNumber
// has it.
const statusShift = 5

// factRow is what else is known of a fact: 32 bytes.
type factRow struct {
	hash       [16]byte
	claims     uint32 // where its claims begin; they end where those of the next do
	sources    uint32
	confidence float32 // the highest of the evidence that asserts it
	verb       uint16
	status     uint8
	standing   uint8
}

// ofWholes stands in place of a dataset where the days of a fact follow from the
// facts that it is part of.
const ofWholes = math.MaxUint16

// claim is what one dataset says of a fact: 12 bytes.
type claim struct {
	from, to int32
	dataset  uint16
	flags    uint16
}

const (
	claimDated uint16 = 1 << iota
	claimAsserts
	claimDenies
	claimDoubts
)

// denies reports whether a dataset has evidence that denies a fact, and none that
// asserts it.
func (c claim) denies() bool { return c.flags&(claimAsserts|claimDenies) == claimDenies }

// Nodes is how many entities take part in dealings.
func (v *View) Nodes() int { return len(v.nameEnds) }

// Facts is how many facts link them.
func (v *View) Facts() int { return len(v.facts) - 1 }

// Edges is how many links there are: for each pair of entities the facts between
// them, once for each predicate.
func (v *View) Edges() int { return (len(v.happened.arcs) + len(v.others.arcs)) / 2 }

// Bytes is how much memory the view takes.
func (v *View) Bytes() int64 {
	n := v.bytes
	for i := range v.calendars {
		if c := v.calendars[i].Load(); c != nil {
			n += c.bytes()
		}
	}
	return n
}

// Generation is that of the snapshot that the view was built from: evidence
// should be read from one of the same.
func (v *View) Generation() uint64 { return v.generation }

// measure adds up what the view takes.
func (v *View) measure() {
	v.bytes = 0
	for _, s := range v.sections() {
		v.bytes += int64(len(s.bytes()))
	}
}

func (v *View) id(node uint32) schema.ID {
	from := uint32(0)
	if node > 0 {
		from = v.nameEnds[node-1]
	}
	return schema.ID(v.names[from:v.nameEnds[node]])
}

// node finds an entity; ok is false for one that takes part in nothing.
func (v *View) node(id schema.ID) (node uint32, ok bool) {
	i := sort.Search(len(v.nameEnds), func(i int) bool { return v.id(uint32(i)) >= id })
	return uint32(i), i < len(v.nameEnds) && v.id(uint32(i)) == id
}

// Has reports whether an entity takes part in any dealing.
func (v *View) Has(id schema.ID) bool {
	_, ok := v.node(id)
	return ok
}

func (v *View) factID(fact uint32) schema.ID { return schema.FactWithHash(v.facts[fact].hash) }

// predicate is the number of a verb, or of the predicate of a role's edges.
func (v *View) predicate(verb schema.Verb) (n int, ok bool) {
	if n, ok = slices.BinarySearch(v.verbs[:v.own], verb); ok {
		return n, true
	}
	n, ok = slices.BinarySearch(v.verbs[v.own:], verb)
	return int(v.own) + n, ok
}

// claimsOf is what each dataset says of a fact.
func (v *View) claimsOf(fact uint32) []claim {
	all := v.allClaims(fact)
	if last := len(all) - 1; last >= 0 && all[last].dataset == ofWholes {
		return all[:last]
	}
	return all
}

// doubtful reports whether a fact has its days from what is disputed.
func (v *View) doubtful(fact uint32) bool {
	all := v.allClaims(fact)
	last := len(all) - 1
	return last >= 0 && all[last].dataset == ofWholes && all[last].flags&claimDenies != 0
}

// allClaims has the days of a fact's wholes too, last, where it has no date.
func (v *View) allClaims(fact uint32) []claim {
	return v.claims[v.facts[fact].claims:v.facts[fact+1].claims]
}

// degree is how many entities a node is linked with by what happened.
func (v *View) degree(node uint32) uint32 {
	return v.happened.start[node+1] - v.happened.start[node]
}

// between is the facts that link two nodes, as seen from one.
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

// kindNumber tells kinds apart in a byte; 0 is none of them.
func kindNumber(k schema.Kind) uint8 {
	return uint8(slices.Index(schema.Kinds(), k) + 1)
}

// kindBit is a set of one kind.
func kindBit(kind uint8) uint32 { return 1 << kind }

var groupKind = kindNumber(schema.Group)

// standing is that of a fact whose claims have all of these flags together.
func standing(flags uint16) uint8 {
	switch flags & (claimAsserts | claimDenies) {
	case claimAsserts | claimDenies:
		return standingNumber(schema.StandingDisputed)
	case claimAsserts:
		return standingNumber(schema.StandingAsserted)
	case claimDenies:
		return standingNumber(schema.StandingDenied)
	}
	if flags&claimDoubts != 0 {
		return standingNumber(schema.StandingDoubted)
	}
	return standingNumber(schema.StandingHearsay)
}

func standingNumber(s schema.Standing) uint8 { return uint8(slices.Index(schema.Standings(), s)) }

// assertedBits is the set of the standings of facts that some source asserts.
var assertedBits = uint8(1<<standingNumber(schema.StandingAsserted) | 1<<standingNumber(schema.StandingDisputed))

// asserted reports whether a standing is one of them.
func asserted(standing uint8) bool { return assertedBits>>standing&1 != 0 }

func statusNumber(s schema.Status) uint8 { return uint8(slices.Index(schema.Statuses(), s)) }

func log2(n uint32) uint32 {
	// in 256ths, between two powers of two along a line
	if n < 2 {
		return 0
	}
	whole := uint32(bits.Len32(n)) - 1
	return whole<<8 + (n-1<<whole)<<8>>whole
}
