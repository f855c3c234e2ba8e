package paths

import (
	"math"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// factTable is the facts in the order of their ids, and what datasets say of each.
type factTable struct {
	datasets []string  // sorted
	rows     []factRow // and one more, where the claims of the last fact end
	claims   []claim
}

// factRow is what a view knows of a fact besides its arcs: 32 bytes.
type factRow struct {
	hash       [16]byte
	claims     uint32 // where its claims begin; they end where those of the next do
	sources    uint32
	confidence float32 // the highest of the evidence that asserts it
	verb       uint16
	status     uint8
	standing   uint8
}

// wholesDataset stands in place of a dataset where the days of a fact follow from
// the facts that it is part of.
const wholesDataset = math.MaxUint16

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

// onlyDenies reports whether a dataset has evidence that denies a fact, and none
// that asserts it.
func (c claim) onlyDenies() bool { return c.flags&(claimAsserts|claimDenies) == claimDenies }

func (t *factTable) id(fact uint32) schema.ID { return schema.FactWithHash(t.rows[fact].hash) }

// happened reports whether the fact of an arc happened, as some source asserts.
func (t *factTable) happened(a *arc) bool {
	return a.flags>>statusShift == statusNumber(schema.Happened) && asserted(t.rows[a.fact].standing)
}

// claimsOf is what each dataset says of a fact.
func (t *factTable) claimsOf(fact uint32) []claim {
	all := t.claimsWithWholes(fact)
	if last := len(all) - 1; last >= 0 && all[last].dataset == wholesDataset {
		return all[:last]
	}
	return all
}

// restsOnDispute reports whether the days of a fact follow from a disputed fact.
func (t *factTable) restsOnDispute(fact uint32) bool {
	all := t.claimsWithWholes(fact)
	last := len(all) - 1
	return last >= 0 && all[last].dataset == wholesDataset && all[last].flags&claimDenies != 0
}

// claimsWithWholes is the claims of a fact and, where it has no date, one more
// with the days of the facts that it is part of.
func (t *factTable) claimsWithWholes(fact uint32) []claim {
	return t.claims[t.rows[fact].claims:t.rows[fact+1].claims]
}

// hull is the closed interval that the claims of a fact allow, except for claims
// that deny it where another one asserts it. Where they give no date it is the
// interval of the facts that the fact is part of.
func (t *factTable) hull(fact uint32) (from, to int32, dated bool) {
	from, to, dated = hullOf(t.claimsOf(fact), func(c claim) bool {
		return !c.onlyDenies() || !asserted(t.rows[fact].standing)
	})
	if !dated {
		return t.within(fact)
	}
	return from, to, dated
}

// within is the closed interval of the facts that a fact without a date is part
// of.
func (t *factTable) within(fact uint32) (from, to int32, dated bool) {
	return hullOf(t.claimsWithWholes(fact), func(c claim) bool { return c.dataset == wholesDataset })
}

func hullOf(claims []claim, counts func(claim) bool) (from, to int32, dated bool) {
	from, to = int32(schema.MaxDay), int32(schema.MinDay)
	for _, c := range claims {
		if c.flags&claimDated != 0 && counts(c) {
			from, to, dated = min(from, c.from), max(to, c.to), true
		}
	}
	return from, to, dated
}

// standing is the standing of a fact whose claims together have these flags.
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

// assertedBits is the set of standings of facts that some source asserts.
var assertedBits = uint8(1<<standingNumber(schema.StandingAsserted) | 1<<standingNumber(schema.StandingDisputed))

// asserted reports whether some source asserts a fact of a standing.
func asserted(standing uint8) bool { return assertedBits>>standing&1 != 0 }

func statusNumber(s schema.Status) uint8 { return uint8(slices.Index(schema.Statuses(), s)) }
