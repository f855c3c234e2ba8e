package paths

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Rank is the order of paths.
type Rank string

// The ranks. Each is a sum over the path; where it is equal, the parts of the
// others decide, in the order of the list below.
//
//	telling  for each hop 1, 2 where the fact is a relation, 1 more where it has no
//	         date, and a half more where it links the two by a role alone, such as
//	         a mediator and a side; for each entity that the path passes, the
//	         logarithm to the base 2 of its degree, the number of entities that it
//	         has dealt with, in whatever role: twice that for an institution and a
//	         gathering, four times for a country
//	hops     1 for each hop
//	recent   for each hop, the days from the end of its fact to the newest day of
//	         the graph, up to 32,767, which is also what an undated one counts
//	sources  for each hop, 255 divided by the number of documents that assert it
//
// Where several facts make a hop, the one counts for which this is least.
const (
	ByTelling Rank = "telling" // the default
	ByHops    Rank = "hops"
	ByRecent  Rank = "recent"
	BySources Rank = "sources"
)

// Ranks lists them.
func Ranks() []Rank { return []Rank{ByTelling, ByHops, ByRecent, BySources} }

func checkRank(r Rank) error {
	if r != "" && !slices.Contains(Ranks(), r) {
		return fmt.Errorf("%w: unknown rank %q: want one of %v", ErrQuery, r, Ranks())
	}
	return nil
}

// MaxHops is the limit for the length of a path: sums of so many hops fit into a
// weight.
const MaxHops = 64

// weight is the cost of a path: four sums side by side in one number, with the sum
// that the rank is named after in the highest bits.
type weight uint64

// The sums have so many bits for MaxHops hops.
const (
	tellingBits = 20
	ageBits     = 22
	sourceBits  = 14
	hopBits     = 8
)

const (
	unit       = 1 << 8 // of telling
	byRole     = unit / 2
	maxAge     = 1<<15 - 1
	maxPassing = 15_000 // in units: 64 of these and of the hops are below 1<<tellingBits
	infinite   = weight(math.MaxUint64)
)

func pack(r Rank, telling, age, sources, hops uint64) weight {
	switch r {
	case ByHops:
		return weight(hops<<(64-hopBits) | telling<<(ageBits+sourceBits) | age<<sourceBits | sources)
	case ByRecent:
		return weight(age<<(64-ageBits) | telling<<(sourceBits+hopBits) | sources<<hopBits | hops)
	case BySources:
		return weight(sources<<(64-sourceBits) | telling<<(ageBits+hopBits) | age<<hopBits | hops)
	}
	return weight(telling<<(64-tellingBits) | age<<(sourceBits+hopBits) | sources<<hopBits | hops)
}

// weigh is the cost of a hop over an arc.
func (v *View) weigh(r Rank, a *arc) weight {
	telling, age := uint64(unit), uint64(maxAge)
	if a.flags&arcRelation != 0 {
		telling += unit
	}
	if a.verb >= v.predicates.verbCount {
		telling += byRole
	}
	if a.flags&arcDated == 0 {
		telling += unit
	} else {
		age = uint64(min(max(int64(v.newest)-int64(a.to), 0), maxAge))
	}
	return pack(r, telling, age, math.MaxUint8/uint64(max(a.sources, 1)), 1)
}

// lightest is less than the cost of any hop.
func lightest(r Rank) weight { return pack(r, unit, 0, 1, 1) }

// passing is the cost of passing a node.
func (v *View) passing(r Rank, node uint32) weight {
	telling := log2(v.degree(node)) << manyShift[v.entities.kinds[node]]
	return pack(r, uint64(min(telling, maxPassing)), 0, 0, 0)
}

// manyShift doubles the cost of passing institutions and gatherings, which stand
// for many people, and doubles it twice for countries.
var manyShift = func() (shift [32]uint8) {
	shift[kindNumber(schema.Institution)], shift[kindNumber(schema.Gathering)], shift[kindNumber(schema.Country)] = 1, 1, 2
	return shift
}()

// telling is the part of a weight that [ByTelling] ranks by, in hops.
func (w weight) telling(r Rank) float64 {
	var bits uint64
	switch r {
	case ByHops:
		bits = uint64(w) >> (ageBits + sourceBits)
	case ByRecent:
		bits = uint64(w) >> (sourceBits + hopBits)
	case BySources:
		bits = uint64(w) >> (ageBits + hopBits)
	default:
		bits = uint64(w) >> (64 - tellingBits)
	}
	return float64(bits&(1<<tellingBits-1)) / unit
}

// log2 is a logarithm in 256ths; between two powers of two it goes along a line.
func log2(n uint32) uint32 {
	if n < 2 {
		return 0
	}
	whole := uint32(bits.Len32(n)) - 1
	return whole<<8 + (n-1<<whole)<<8>>whole
}
