package rdf

import (
	"fmt"

	"github.com/cayleygraph/quad"
)

// CheckQuad returns an error for a quad that cannot be stored, since a part is
// missing or empty.
func CheckQuad(q quad.Quad) error {
	if !q.IsValid() || q.Label != nil && !quad.IsValidValue(q.Label) {
		return fmt.Errorf("quad %v %v %v %v: a part is missing", q.Subject, q.Predicate, q.Object, q.Label)
	}
	return nil
}
