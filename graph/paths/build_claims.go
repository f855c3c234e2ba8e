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

// addClaims collects each dataset's claims about facts.
func (b *builder) addClaims(ctx context.Context) error {
	labels, err := b.nameDatasets(ctx)
	if err != nil {
		return err
	}
	list, err := b.sortedEvidence(ctx, labels)
	if err != nil {
		return err
	}
	if err := b.view.facts.sumEvidence(ctx, list); err != nil {
		return err
	}
	return runParallel(ctx, []func(context.Context) error{
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

// sortedEvidence returns the evidence of all facts, sorted by fact, dataset and
// source.
func (b *builder) sortedEvidence(ctx context.Context, labels map[uint64]uint16) ([]evidenceEntry, error) {
	places := newIDTable() // index of each evidence in list
	list := make([]evidenceEntry, 0, len(b.evidence))
	err := eachRange(ctx, len(b.evidence), func(low, high int) {
		for _, q := range b.evidence[low:high] {
			if fact, ok := b.facts.get(q[0]); ok {
				places.set(q[2], uint32(len(list)))
				list = append(list, evidenceEntry{fact: fact, dataset: labels[q[3]], stance: claimAsserts, confidence: 1})
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
	setEach := func(pairs []idPair, fn func(t *evidenceEntry, of uint64)) func(context.Context) error {
		return func(ctx context.Context) error {
			return eachRange(ctx, len(pairs), func(low, high int) {
				for _, p := range pairs[low:high] {
					if i, ok := places.get(p.id); ok {
						fn(&list[i], p.of)
					}
				}
			})
		}
	}
	err = runParallel(ctx, []func(context.Context) error{
		setEach(b.sources, func(t *evidenceEntry, of uint64) { t.source = of }),
		setEach(b.stances, func(t *evidenceEntry, of uint64) { t.stance = flags[of] }),
		setEach(b.confidences, func(t *evidenceEntry, of uint64) { t.confidence = math.Float32frombits(uint32(of)) }),
	})
	if err != nil {
		return nil, err
	}
	for _, d := range b.from {
		if fact, ok := b.facts.get(d.fact); ok && d.derived() {
			t := evidenceEntry{fact: fact, dataset: wholesDataset}
			if _, doubtful := slices.BinarySearch(b.disputedWholes, d.fact); doubtful {
				t.stance = claimDenies
			}
			list = append(list, t)
		}
	}
	list, _, err = sortIntoBuckets(ctx, list, b.view.Facts(), func(t *evidenceEntry) uint32 { return t.fact }, func(x, y evidenceEntry) int {
		return cmp.Or(cmp.Compare(x.dataset, y.dataset), cmp.Compare(x.source, y.source))
	})
	return list, err
}

// eachClaim calls fn with the claim of each date.
func (b *builder) eachClaim(ctx context.Context, labels map[uint64]uint16, dates []datedFact, fn func(c *claim, day int32)) error {
	var label uint64
	var dataset uint16
	return eachRange(ctx, len(dates), func(low, high int) {
		for _, d := range dates[low:high] {
			fact, ok := b.facts.get(d.fact)
			if !ok {
				continue
			}
			switch {
			case d.derived():
				label, dataset = d.label, wholesDataset
			case d.label != label:
				label, dataset = d.label, labels[d.label]
			}
			all := b.view.facts.claimsWithWholes(fact)
			for i := range all {
				if all[i].dataset == dataset { // other tasks may write to the other fields
					fn(&all[i], int32(d.day))
					break
				}
			}
		}
	})
}

// nameDatasets numbers the datasets in the order of their names, and returns the
// numbers by the ids of the labels.
func (b *builder) nameDatasets(ctx context.Context) (map[uint64]uint16, error) {
	var ids []uint64
	for _, q := range b.evidence {
		if n := len(ids); n == 0 || ids[n-1] != q[3] {
			ids = append(ids, q[3])
		}
	}
	ids = sortedSet(ids)
	names, err := b.iriNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(ids) > wholesDataset {
		return nil, fmt.Errorf("%d datasets, more than %d", len(ids), wholesDataset)
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

// evidenceEntry is one piece of evidence.
type evidenceEntry struct {
	source     uint64
	fact       uint32
	confidence float32
	dataset    uint16
	stance     uint16 // as a flag of a claim; 0 for hearsay
}
