// Package synth generates the facts of an invented world for trials and
// benchmarks: officials whose activity follows a power law, their posts and
// institutions, dated events of many verbs, some with many participants, sources
// that agree, deny or doubt, and aliases. Equal arguments give equal facts on
// every machine, since all random numbers are integers.
package synth

import (
	"iter"
	"math/bits"
	"math/rand/v2"

	"github.com/entente-kg/entente/schema"
)

// Records yields the entities and documents of a world with this many facts, then
// the facts. Every tenth fact is about posts and institutions, all others are
// events. Records yields no errors and keeps nothing in memory that it has
// yielded.
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

// world is the number of entities of each kind, and the source of random numbers.
type world struct {
	*rand.Rand
	vocabulary                                                               *schema.Vocabulary
	officials, posts, institutions, countries, places, gatherings, documents int

	lastInvitation schema.Fact // the last invitation, which a later fact may answer
}

func newWorld(facts int, seed uint64) *world {
	return &world{
		Rand: rand.New(rand.NewPCG(seed, 0x656e74656e7465)), vocabulary: schema.DefaultVocabulary(),
		officials: max(8, (facts+9)/10), posts: max(4, facts/20), institutions: max(4, (facts+99)/100),
		countries: 40, places: 200, gatherings: max(2, facts/500), documents: max(2, facts/50),
	}
}

// skewed returns a random number below n. Small numbers are more frequent: from
// the fifth on the frequency of a number is proportional to the inverse of its
// rank.
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

// chance returns true in n of 100 cases.
func (w *world) chance(n int) bool { return w.IntN(100) < n }

// fact returns the fact with a number: every tenth is about posts and
// institutions, all others are events.
func (w *world) fact(i int) schema.Fact {
	if i%10 == 0 {
		return w.structureFact(i / 10)
	}
	return w.eventFact(i)
}
