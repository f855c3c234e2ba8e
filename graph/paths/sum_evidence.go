package paths

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// sumEvidence sets the claims and the sums of all facts from evidence sorted by fact
// and dataset.
func (t *factTable) sumEvidence(ctx context.Context, list []evidenceEntry) error {
	var sources, others []uint64
	return eachRange(ctx, len(t.rows), func(low, high int) {
		for n := low; n < high; n++ {
			end := 0
			for end < len(list) && int(list[end].fact) == n {
				end++
			}
			sources, others = t.sumOneFact(&t.rows[n], list[:end], sources[:0], others[:0])
			list = list[end:]
		}
	})
}

// sumOneFact sums the evidence of one fact. Sources and others are buffers for the
// documents that assert the fact and for the other documents.
func (t *factTable) sumOneFact(row *factRow, list []evidenceEntry, sources, others []uint64) (_, _ []uint64) {
	row.claims = uint32(len(t.claims))
	var all uint16
	var assertedConfidence, anyConfidence float32
	for i, e := range list {
		if e.dataset == wholesDataset {
			t.claims = append(t.claims, claim{from: int32(schema.MaxDay), to: int32(schema.MinDay), dataset: wholesDataset, flags: e.stance})
			break
		}
		if i == 0 || list[i-1].dataset != e.dataset {
			t.claims = append(t.claims, claim{from: int32(schema.MaxDay), to: int32(schema.MinDay), dataset: e.dataset})
		}
		anyConfidence = max(anyConfidence, e.confidence)
		t.claims[len(t.claims)-1].flags |= e.stance
		all |= e.stance
		documents := &others
		if e.stance == claimAsserts {
			documents, assertedConfidence = &sources, max(assertedConfidence, e.confidence)
		}
		if !slices.Contains(*documents, e.source) {
			*documents = append(*documents, e.source)
		}
	}
	row.sources, row.confidence = uint32(len(sources)), assertedConfidence
	if row.standing = standing(all); !asserted(row.standing) {
		row.sources, row.confidence = uint32(len(others)), anyConfidence
	}
	return sources, others
}
