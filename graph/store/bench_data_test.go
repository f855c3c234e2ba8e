package store_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strconv"

	"github.com/cayleygraph/quad"
)

// events yields n edges between n/10 people, each with its own label, like the
// edges of facts. It makes each quad when it is needed, so that the peak memory
// of a load is the memory of the store.
func events(n int) iter.Seq[quad.Quad] {
	return func(yield func(quad.Quad) bool) {
		rng := rand.New(rand.NewPCG(1, 1))
		people := make([]quad.Value, n/10)
		for i := range people {
			people[i] = quad.IRI("person:name-" + strconv.Itoa(i))
		}
		verbs := []quad.Value{quad.IRI("dip:met"), quad.IRI("dip:visited"), quad.IRI("dip:called")}
		for i := range n {
			label := quad.IRI("fact:" + strconv.FormatInt(int64(i)+1<<32, 16))
			q := quad.Quad{Subject: people[rng.IntN(len(people))], Predicate: verbs[rng.IntN(3)],
				Object: people[rng.IntN(len(people))], Label: label}
			if !yield(q) {
				return
			}
		}
	}
}

// facts yields n quads as ARCHITECTURE.md describes them, twelve for each fact,
// beginning with the fact number from: the edges between two of pool people, and
// the quads of the fact and its evidence.
func facts(n, from, pool int) iter.Seq[quad.Quad] {
	return func(yield func(quad.Quad) bool) {
		rng := rand.New(rand.NewPCG(5, uint64(from)))
		iri := func(prefix string, i int64) quad.Value { return quad.IRI(prefix + strconv.FormatInt(i, 36)) }
		data := quad.Value(quad.IRI("data:trial"))
		for i := range n / 12 {
			hash := int64(uint64(from+i)*0x9e3779b97f4a7c15>>2) | 1<<60
			fact, evidence := iri("fact:", hash), iri("evidence:", hash^0x5555)
			a, b := iri("person:name-", rng.Int64N(int64(pool))), iri("person:name-", rng.Int64N(int64(pool)))
			day := quad.TypedString{Value: quad.String(fmt.Sprintf("20%02d-%02d-%02d", rng.IntN(24), 1+rng.IntN(12), 1+rng.IntN(28))), Type: "xsd:date"}
			met := quad.Value(quad.IRI("dip:met"))
			for _, q := range []quad.Quad{
				{Subject: a, Predicate: met, Object: b, Label: fact},
				{Subject: b, Predicate: met, Object: a, Label: fact},
				{Subject: fact, Predicate: quad.IRI("rdf:type"), Object: met, Label: data},
				{Subject: fact, Predicate: quad.IRI("dip:party"), Object: a, Label: data},
				{Subject: fact, Predicate: quad.IRI("dip:party"), Object: b, Label: data},
				{Subject: fact, Predicate: quad.IRI("dip:status"), Object: quad.IRI("dip:happened"), Label: data},
				{Subject: fact, Predicate: quad.IRI("dip:from"), Object: day, Label: data},
				{Subject: fact, Predicate: quad.IRI("dip:at"), Object: iri("place:", rng.Int64N(500)), Label: data},
				{Subject: fact, Predicate: quad.IRI("dip:evidence"), Object: evidence, Label: data},
				{Subject: evidence, Predicate: quad.IRI("dip:source"), Object: iri("doc:", rng.Int64N(1000)), Label: data},
				{Subject: evidence, Predicate: quad.IRI("dip:method"), Object: quad.IRI("dip:curated"), Label: data},
				{Subject: evidence, Predicate: quad.IRI("dip:quote"), Object: quad.String("quote " + strconv.Itoa(from+i)), Label: data},
			} {
				if !yield(q) {
					return
				}
			}
		}
	}
}

// more yields n new quads between the people of events, beginning with the quad
// number from.
func more(n, from, size int) iter.Seq[quad.Quad] {
	return func(yield func(quad.Quad) bool) {
		rng := rand.New(rand.NewPCG(3, uint64(from)))
		person := func() quad.Value { return quad.IRI("person:name-" + strconv.Itoa(rng.IntN(n/10))) }
		for i := range size {
			q := quad.Quad{Subject: person(), Predicate: quad.IRI("dip:met"), Object: person(), Label: quad.IRI(fmt.Sprint("new:", from+i))}
			if !yield(q) {
				return
			}
		}
	}
}
