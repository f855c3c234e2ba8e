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
	if err := b.view.facts.sum(ctx, list); err != nil {
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
			all := b.view.facts.allClaims(fact)
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
	b.view.facts.datasets = slices.Sorted(slices.Values(names))
	numbers := make(map[uint64]uint16, len(ids))
	for i, name := range names {
		n, _ := slices.BinarySearch(b.view.facts.datasets, name)
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
