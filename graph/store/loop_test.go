package store_test

import (
	"maps"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

// TestLoopSeesItsBeginning changes quads within a Match. The loop yields the
// quads that were present all the time from its beginning to their turn, whether
// in blocks or in memory.
func TestLoopSeesItsBeginning(t *testing.T) {
	quads := make([]quad.Quad, 8)
	for i := range quads {
		quads[i] = someQuad(i)
	}
	for _, flush := range []bool{false, true} {
		s := openStore(t, t.TempDir(), nil)
		add(t, s, quads[:4]...)
		got := model{}
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			change := func(changed bool, err error) {
				t.Helper()
				if err != nil || !changed {
					t.Fatal(changed, err)
				}
			}
			change(tx.Remove(quads[1])) // in blocks; added again within the loop
			change(tx.Add(quads[4]))    // not in blocks
			change(tx.Add(quads[5]))    // removed within the loop
			change(tx.Add(quads[6]))    // removed before the loop, added again within it
			change(tx.Remove(quads[6]))
			for q, err := range tx.Match(t.Context(), store.Pattern{Predicate: quad.IRI("p")}) {
				if err != nil || got[q] {
					t.Fatal(q, err)
				}
				if got[q] = true; len(got) > 1 {
					continue
				}
				if q != quads[0] {
					t.Fatalf("%v comes first", q)
				}
				change(tx.Add(quads[1]))
				change(tx.Remove(quads[2]))
				change(tx.Remove(quads[5]))
				change(tx.Add(quads[6]))
				change(tx.Add(quads[7]))
				if flush {
					if err := tx.Flush(); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := (model{quads[0]: true, quads[3]: true, quads[4]: true}); !maps.Equal(got, want) {
			t.Errorf("got %v", got)
		}
		verify(t, s, model{quads[0]: true, quads[1]: true, quads[3]: true, quads[4]: true, quads[6]: true, quads[7]: true})
	}
}
