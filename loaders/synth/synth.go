// Package synth makes the facts of a world that never was, for trials and
// benchmarks: officials of power-law activity, their posts and institutions,
// dated dealings of many verbs, some of them many-sided, with sources that agree,
// deny or doubt, and aliases. The same numbers make the same facts on every
// machine: all chance is in whole numbers.
package synth

import (
	"iter"
	"math/bits"
	"math/rand/v2"

	"github.com/entente-kg/entente/schema"
)

// Records yields the entities and documents of a world of that many facts, then
// the facts: every tenth says who holds which post, or where it belongs, the rest
// are dealings. It yields no errors, and holds none of what it yields.
func Records(facts int, seed uint64) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		w := newWorld(facts, seed)
		for r := range w.entities() {
			if !yield(r, nil) {
				return
			}
		}
		for i := range facts {
			if !yield(w.fact(i), nil) {
				return
			}
		}
	}
}

// world is how many there are of each, and chance.
type world struct {
	*rand.Rand
	vocabulary                                                               *schema.Vocabulary
	officials, posts, institutions, countries, places, gatherings, documents int

	lastInvitation schema.Fact // the last invitation, which something may answer
}

func newWorld(facts int, seed uint64) *world {
	return &world{
		Rand: rand.New(rand.NewPCG(seed, 0x656e74656e7465)), vocabulary: schema.DefaultVocabulary(),
		officials: max(8, (facts+9)/10), posts: max(4, facts/20), institutions: max(4, (facts+99)/100),
		countries: 40, places: 200, gatherings: max(2, facts/500), documents: max(2, facts/50),
	}
}

// skewed draws one of n, the first ones most: from the fifth on, how often is as
// one over the rank.
func (w *world) skewed(n int) int {
	levels := bits.Len(uint(n - 1))
	level := min(2, levels) + w.IntN(max(1, levels-1))
	return w.IntN(min(n, 1<<level))
}

func (w *world) official() schema.ID    { return id(schema.Person, w.skewed(w.officials)) }
func (w *world) institution() schema.ID { return id(schema.Institution, w.skewed(w.institutions)) }
func (w *world) country() schema.ID     { return id(schema.Country, w.skewed(w.countries)) }
func (w *world) place() schema.ID       { return id(schema.Place, w.skewed(w.places)) }
func (w *world) gathering() schema.ID   { return id(schema.Gathering, w.skewed(w.gatherings)) }
func (w *world) document() schema.ID    { return id(schema.Doc, w.skewed(w.documents)) }

// chance is true so many times in a hundred.
func (w *world) chance(n int) bool { return w.IntN(100) < n }

// fact is one of structure, in every tenth place, or a dealing.
func (w *world) fact(i int) schema.Fact {
	if i%10 == 0 {
		return w.structureFact(i / 10)
	}
	return w.eventFact(i)
}
