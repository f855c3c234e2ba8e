package paths

import (
	"math"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// factTable is the facts in the order of their ids, with the claims of datasets.
type factTable struct {
	datasets []string  // sorted
	rows     []factRow // with an additional row for the end of the last fact's claims
	claims   []claim
}

// factRow is the data of a fact besides its arcs: 32 bytes.
type factRow struct {
	hash       [16]byte
	claims     uint32 // index of its first claim; its claims end at the next row's
	sources    uint32
	confidence float32 // the highest of its asserting evidence, or of any evidence if none asserts it
	verb       uint16
	status     uint8
	standing   uint8
}

// wholesDataset is the dataset of a claim whose days are derived from the facts that
// contain the fact.
const wholesDataset = math.MaxUint16

// claim is the statement of one dataset about a fact: 12 bytes.
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

// onlyDenies reports whether a dataset denies a fact and has no evidence that asserts
// it.
func (c claim) onlyDenies() bool { return c.flags&(claimAsserts|claimDenies) == claimDenies }

func (t *factTable) id(fact uint32) schema.ID { return schema.FactWithHash(t.rows[fact].hash) }

// happened reports whether the fact of an arc has status happened and is asserted.
func (t *factTable) happened(a *arc) bool {
	return a.flags>>statusShift == statusNumber(schema.Happened) && asserted(t.rows[a.fact].standing)
}

// claimsOf returns the claims of datasets about a fact.
func (t *factTable) claimsOf(fact uint32) []claim {
	all := t.claimsWithWholes(fact)
	if last := len(all) - 1; last >= 0 && all[last].dataset == wholesDataset {
		return all[:last]
	}
	return all
}

// restsOnDispute reports whether the days of a fact are derived from a disputed fact.
func (t *factTable) restsOnDispute(fact uint32) bool {
	all := t.claimsWithWholes(fact)
	last := len(all) - 1
	return last >= 0 && all[last].dataset == wholesDataset && all[last].flags&claimDenies != 0
}

// claimsWithWholes returns the claims of a fact. For a fact without a date, the last
// claim has the days of the facts that contain it.
func (t *factTable) claimsWithWholes(fact uint32) []claim {
	return t.claims[t.rows[fact].claims:t.rows[fact+1].claims]
}

// hull returns the closed interval that the claims of a fact allow. If a claim asserts
// the fact, claims that deny it are ignored. If no claim has a date, hull returns the
// interval of the facts that contain the fact.
func (t *factTable) hull(fact uint32) (from, to int32, dated bool) {
	from, to, dated = hullOf(t.claimsOf(fact), func(c claim) bool {
		return !c.onlyDenies() || !asserted(t.rows[fact].standing)
	})
	if !dated {
		return t.within(fact)
	}
	return from, to, dated
}

// within returns the closed interval of the facts that contain a fact without a date.
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

// standing returns the standing of a fact from the joined flags of its claims.
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

// assertedBits is the set of standings with an asserting source.
var assertedBits = uint8(1<<standingNumber(schema.StandingAsserted) | 1<<standingNumber(schema.StandingDisputed))

// asserted reports whether a standing has an asserting source.
func asserted(standing uint8) bool { return assertedBits>>standing&1 != 0 }

func statusNumber(s schema.Status) uint8 { return uint8(slices.Index(schema.Statuses(), s)) }
