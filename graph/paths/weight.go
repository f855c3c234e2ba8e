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

// Ranks of paths. The cost of a path is a sum over the path. Between paths of equal
// cost, the other sums decide: first telling, then recent, sources and hops.
//
//	telling  for each hop 1, or 2 if the fact is a relation, plus 1 if the fact has
//	         no date, plus 0.5 if the fact links the two entities only by a role,
//	         such as a mediator and a party; for each entity that the path passes,
//	         the logarithm to the base 2 of its degree, which is the number of its
//	         neighbours by facts that happened: twice that for an institution or a
//	         gathering, four times for a country
//	hops     1 for each hop
//	recent   for each hop, the days from the end of its fact to the newest day of
//	         the graph, at most 32,767, which is also the cost of an undated fact
//	sources  for each hop, 255 divided by the number of documents that assert the
//	         fact
//
// If a hop has several facts, the fact of least cost counts.
const (
	ByTelling Rank = "telling" // the default
	ByHops    Rank = "hops"
	ByRecent  Rank = "recent"
	BySources Rank = "sources"
)

// Ranks returns all ranks.
func Ranks() []Rank { return []Rank{ByTelling, ByHops, ByRecent, BySources} }

func checkRank(r Rank) error {
	if r != "" && !slices.Contains(Ranks(), r) {
		return fmt.Errorf("%w: unknown rank %q: want one of %v", ErrQuery, r, Ranks())
	}
	return nil
}

// MaxHops is the highest number of hops of a path: the sums of longer paths would not
// fit into a weight.
const MaxHops = 64

// weight is the cost of a path: four sums in one number, with the sum of the rank in
// the highest bits.
type weight uint64

// Bits of each sum, enough for MaxHops hops.
const (
	tellingBits = 20
	ageBits     = 22
	sourceBits  = 14
	hopBits     = 8
)

const (
	unit       = 1 << 8 // 1 of telling
	byRole     = unit / 2
	maxAge     = 1<<15 - 1
	maxPassing = 15_000 // in units: for 64 hops and nodes, the sum is below 1<<tellingBits
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

// weigh returns the cost of a hop over an arc.
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

// leastHopCost returns a lower bound of the cost of any hop.
func leastHopCost(r Rank) weight { return pack(r, unit, 0, 1, 1) }

// passingCost returns the cost of passing a node.
func (v *View) passingCost(r Rank, node uint32) weight {
	telling := log2(v.degree(node)) << passingCostShift[v.entities.kinds[node]]
	return pack(r, uint64(min(telling, maxPassing)), 0, 0, 0)
}

// passingCostShift is the left shift of the cost of passing an entity, by its kind. It
// doubles the cost for institutions and gatherings, which stand for many people, and
// quadruples it for countries.
var passingCostShift = func() (shift [32]uint8) {
	shift[kindNumber(schema.Institution)], shift[kindNumber(schema.Gathering)], shift[kindNumber(schema.Country)] = 1, 1, 2
	return shift
}()

// telling returns the part of a weight by [ByTelling], in hops.
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

// log2 returns a logarithm in 256ths, linear between two powers of two.
func log2(n uint32) uint32 {
	if n < 2 {
		return 0
	}
	exponent := uint32(bits.Len32(n)) - 1
	return exponent<<8 + (n-1<<exponent)<<8>>exponent
}
