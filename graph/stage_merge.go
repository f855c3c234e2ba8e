package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// mergeRepeated merges each fact that came more than once into one fact.
func (s *Staged) mergeRepeated(ctx context.Context) error {
	d := s.datasets[0]
	if len(d.repeats) == 0 {
		return nil
	}
	var stale, fresh []quad.Quad
	err := s.read(ctx, func(r reader) error {
		for _, id := range slices.Sorted(maps.Keys(d.repeats)) {
			gone, added, err := s.mergeFact(ctx, r, d, id)
			if err != nil {
				return err
			}
			stale, fresh = append(stale, gone...), append(fresh, added...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.swapQuads(ctx, stale, fresh)
}

func (s *Staged) mergeFact(ctx context.Context, r reader, d *stagedDataset, id schema.ID) (stale, fresh []quad.Quad, err error) {
	first, err := r.fact(ctx, id, d.name)
	if err != nil {
		return nil, nil, err
	}
	before := s.quadsOf(d, first)
	f := s.mergeRepeats(d, first)
	f.Pos = d.positions[id]
	s.recordFact(d, f)
	fresh, stale = difference(s.quadsOf(d, f), before)
	return stale, fresh, nil
}

// mergeRepeats merges a fact with its repeats. A repeat that contradicts earlier
// evidence of the same id is rejected. Each repeat is compared only with that
// evidence, and all are merged at the end, so that the cost is linear in the number of
// repeats.
func (s *Staged) mergeRepeats(d *stagedDataset, first schema.Fact) schema.Fact {
	known := make(map[schema.ID]schema.Evidence)
	for _, e := range first.Evidence {
		known[e.ID] = e
	}
	facts := []schema.Fact{first}
	for _, again := range d.repeats[first.ID] {
		same := first
		same.Evidence = nil
		for _, e := range again.Evidence {
			if before, ok := known[e.ID]; ok {
				same.Evidence = append(same.Evidence, before)
			}
		}
		merged := s.vocabulary.Normalize(s.vocabulary.Merge(same, again))
		if _, err := s.vocabulary.Encode(d.name, merged); err != nil {
			s.reject(d, &schema.RowError{Pos: again.Pos, Err: err, Text: string(again.Verb)})
			continue
		}
		for _, e := range merged.Evidence {
			known[e.ID] = e
		}
		d.report.Repeated++
		facts = append(facts, again)
	}
	f := s.vocabulary.Normalize(s.mergeAll(facts))
	f.Roles = first.Roles // in the order of the first record
	return f
}

// mergeAll merges the two halves of the facts, recursively.
func (s *Staged) mergeAll(facts []schema.Fact) schema.Fact {
	if len(facts) == 1 {
		return facts[0]
	}
	half := len(facts) / 2
	return s.vocabulary.Merge(s.mergeAll(facts[:half]), s.mergeAll(facts[half:]))
}
