package graph

import (
	"context"
	"fmt"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// factTally counts the facts read, by dataset.
type factTally map[string]int

func (t factTally) add(f schema.Fact) {
	seen := map[string]bool{}
	for _, e := range f.Evidence {
		if !seen[e.Dataset] {
			seen[e.Dataset] = true
			t[e.Dataset]++
		}
	}
}

// checkTally compares the facts read, which must be all facts, with the count that
// each dataset states.
func (r reader) checkTally(ctx context.Context, read factTally) error {
	for q, err := range r.Match(ctx, store.Pattern{Predicate: countTerms[0]}) {
		if err != nil {
			return err
		}
		name, _ := schema.DatasetName(q.Subject)
		if stated, ok := q.Object.(quad.Int); ok && q.Label == q.Subject && int(stated) != read[name] {
			return fmt.Errorf("%w: dataset %s has %d facts, and %d were read", ErrDamaged, name, stated, read[name])
		}
	}
	return nil
}
