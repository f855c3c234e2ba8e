package paths

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// layClaims collects what each dataset says of each fact.
func (b *builder) layClaims(ctx context.Context) error {
	labels, err := b.nameDatasets(ctx)
	if err != nil {
		return err
	}
	list, err := b.testimonies(ctx, labels)
	if err != nil {
		return err
	}
	if err := b.view.sum(ctx, list); err != nil {
		return err
	}
	return together(ctx, []func(context.Context) error{
		func(ctx context.Context) error {
			return b.eachClaim(ctx, labels, b.from, func(c *claim, day int32) {
				c.from = min(c.from, day)
				c.flags |= claimDated
			})
		},
		func(ctx context.Context) error {
			return b.eachClaim(ctx, labels, b.to, func(c *claim, day int32) { c.to = max(c.to, day) })
		},
	})
}

// testimonies are all evidence of the facts, sorted by fact, dataset and source.
func (b *builder) testimonies(ctx context.Context, labels map[uint64]uint16) ([]testimony, error) {
	places := newIDTable() // of evidence
	list := make([]testimony, 0, len(b.evidence))
	err := steps(ctx, len(b.evidence), func(low, high int) {
		for _, q := range b.evidence[low:high] {
			if fact, ok := b.facts.get(q[0]); ok {
				places.set(q[2], uint32(len(list)))
				list = append(list, testimony{fact: fact, dataset: labels[q[3]], stance: claimAsserts, confidence: 1})
			}
		}
	})
	if err != nil {
		return nil, err
	}
	flags := []uint16{} // of each stance
	for _, s := range schema.Stances() {
		flags = append(flags, map[schema.Stance]uint16{schema.Asserts: claimAsserts, schema.Denies: claimDenies, schema.Doubts: claimDoubts}[s])
	}
	tell := func(pairs []pair, fn func(t *testimony, of uint64)) func(context.Context) error {
		return func(ctx context.Context) error {
			return steps(ctx, len(pairs), func(low, high int) {
				for _, p := range pairs[low:high] {
					if i, ok := places.get(p.id); ok {
						fn(&list[i], p.of)
					}
				}
			})
		}
	}
	err = together(ctx, []func(context.Context) error{
		tell(b.sources, func(t *testimony, of uint64) { t.source = of }),
		tell(b.stances, func(t *testimony, of uint64) { t.stance = flags[of] }),
		tell(b.sure, func(t *testimony, of uint64) { t.confidence = math.Float32frombits(uint32(of)) }),
	})
	if err != nil {
		return nil, err
	}
	for _, d := range b.from {
		if fact, ok := b.facts.get(d.fact); ok && d.derived() {
			t := testimony{fact: fact, dataset: ofWholes}
			if _, doubtful := slices.BinarySearch(b.doubtful, d.fact); doubtful {
				t.stance = claimDenies
			}
			list = append(list, t)
		}
	}
	list, _, err = sortBy(ctx, list, b.view.Facts(), func(t *testimony) uint32 { return t.fact }, func(x, y testimony) int {
		return cmp.Or(cmp.Compare(x.dataset, y.dataset), cmp.Compare(x.source, y.source))
	})
	return list, err
}

// eachClaim calls fn with the claim that each of some dates is of.
func (b *builder) eachClaim(ctx context.Context, labels map[uint64]uint16, dates []dated, fn func(c *claim, day int32)) error {
	var label uint64
	var dataset uint16
	return steps(ctx, len(dates), func(low, high int) {
		for _, d := range dates[low:high] {
			fact, ok := b.facts.get(d.fact)
			if !ok {
				continue
			}
			switch {
			case d.derived():
				label, dataset = d.label, ofWholes
			case d.label != label:
				label, dataset = d.label, labels[d.label]
			}
			all := b.view.allClaims(fact)
			for i := range all {
				if all[i].dataset == dataset { // others are writing to the rest of it
					fn(&all[i], int32(d.day))
					break
				}
			}
		}
	})
}

// nameDatasets numbers the datasets in the order of their names, by the ids of
// their labels.
func (b *builder) nameDatasets(ctx context.Context) (map[uint64]uint16, error) {
	var ids []uint64
	for _, q := range b.evidence {
		if n := len(ids); n == 0 || ids[n-1] != q[3] {
			ids = append(ids, q[3])
		}
	}
	ids = sortedSet(ids)
	names, err := b.terms(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(ids) > ofWholes {
		return nil, fmt.Errorf("%d datasets, more than %d", len(ids), ofWholes)
	}
	for i := range names {
		names[i], _ = schema.DatasetName(quad.IRI(names[i]))
	}
	b.view.datasets = slices.Sorted(slices.Values(names))
	numbers := make(map[uint64]uint16, len(ids))
	for i, name := range names {
		n, _ := slices.BinarySearch(b.view.datasets, name)
		numbers[ids[i]] = uint16(n)
	}
	return numbers, nil
}

// testimony is a piece of evidence.
type testimony struct {
	source     uint64
	fact       uint32
	confidence float32
	dataset    uint16
	stance     uint16 // as the flag of a claim; none for hearsay
}

// sum makes claims, and what is known of whole facts, of evidence that is sorted
// by fact and dataset.
func (v *View) sum(ctx context.Context, list []testimony) error {
	var sources, others []uint64
	return steps(ctx, len(v.facts), func(low, high int) {
		for n := low; n < high; n++ {
			end := 0
			for end < len(list) && int(list[end].fact) == n {
				end++
			}
			sources, others = v.sumFact(&v.facts[n], list[:end], sources[:0], others[:0])
			list = list[end:]
		}
	})
}

// sumFact does so for one fact. Sources are the documents that assert it, others
// those that do not; their room is used again.
func (v *View) sumFact(row *factRow, list []testimony, sources, others []uint64) (_, _ []uint64) {
	row.claims = uint32(len(v.claims))
	var all uint16
	var sure, anyone float32
	for i, t := range list {
		if t.dataset == ofWholes {
			v.claims = append(v.claims, claim{from: int32(schema.MaxDay), to: int32(schema.MinDay), dataset: ofWholes, flags: t.stance})
			break
		}
		if i == 0 || list[i-1].dataset != t.dataset {
			v.claims = append(v.claims, claim{from: int32(schema.MaxDay), to: int32(schema.MinDay), dataset: t.dataset})
		}
		anyone = max(anyone, t.confidence)
		v.claims[len(v.claims)-1].flags |= t.stance
		all |= t.stance
		documents := &others
		if t.stance == claimAsserts {
			documents, sure = &sources, max(sure, t.confidence)
		}
		if !slices.Contains(*documents, t.source) {
			*documents = append(*documents, t.source)
		}
	}
	row.sources, row.confidence = uint32(len(sources)), sure
	if row.standing = standing(all); !asserted(row.standing) {
		row.sources, row.confidence = uint32(len(others)), anyone
	}
	return sources, others
}

// hull is the first and the last day that the claims of a fact allow, but for those
// that deny it where another asserts it. Where they give no date it is that of its
// wholes.
func (v *View) hull(fact uint32) (from, to int32, dated bool) {
	from, to, dated = hullOf(v.claimsOf(fact), func(c claim) bool {
		return !c.denies() || !asserted(v.facts[fact].standing)
	})
	if !dated {
		return v.within(fact)
	}
	return from, to, dated
}

// within is the days of the facts that a fact without a date is part of.
func (v *View) within(fact uint32) (from, to int32, dated bool) {
	return hullOf(v.allClaims(fact), func(c claim) bool { return c.dataset == ofWholes })
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
