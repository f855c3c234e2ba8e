package rdf

import (
	"context"
	"fmt"

	"github.com/cayleygraph/quad"
)

// Scan reads quads by the ids of their terms. It can be used for one pattern
// after another and reuses its memory.
type Scan interface {
	// Begin starts to read the quads that match a pattern, in which 0 matches
	// any id. It ends an earlier scan.
	Begin(pattern [4]uint64)
	// Next returns a block of quads, which is valid until the next call of Begin
	// or Next. At the end the block is empty.
	Next(ctx context.Context) ([][4]uint64, error)
}

// CheckQuad returns an error for a quad that cannot be stored because a part is
// missing or empty.
func CheckQuad(q quad.Quad) error {
	if !q.IsValid() || q.Label != nil && !quad.IsValidValue(q.Label) {
		return fmt.Errorf("quad %v %v %v %v: a part is missing", q.Subject, q.Predicate, q.Object, q.Label)
	}
	return nil
}
