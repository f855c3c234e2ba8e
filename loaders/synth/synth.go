// Package synth makes the facts of a world that never was, for trials and
// benchmarks: officials of power-law activity, their posts, institutions, dated
// dealings of several verbs, sources and aliases. The same numbers make the same
// facts.
package synth

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/entente-kg/entente/schema"
)

// Records yields the entities and documents of a world of that many facts, then
// the facts: a tenth are officials' terms in their posts, the rest dealings. It
// yields no errors, and holds none of what it yields.
func Records(facts int, seed uint64) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		w := newWorld(facts, seed)
		for r := range w.entities() {
			if !yield(r, nil) {
				return
			}
		}
		for i := range facts {
			f := w.dealing(i)
			if i < facts/10 {
				f = w.term(i)
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

// world is how many there are of each, and chance.
type world struct {
	*rand.Rand
	officials, countries, institutions, posts, places, documents int
	active                                                       *rand.Zipf // who is busy: the first officials most
}

func newWorld(facts int, seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 0x656e74656e7465))
	w := &world{Rand: r, officials: max(4, facts/10), countries: 40, institutions: max(4, facts/400), places: 200}
	w.posts = max(4, w.officials/2)
	w.documents = max(2, facts/50)
	w.active = rand.NewZipf(r, 1.3, 8, uint64(w.officials-1))
	return w
}

func id(kind schema.Kind, i int) schema.ID {
	return schema.ID(fmt.Sprintf("%s:synth-%d", kind.Prefix(), i))
}

func (w *world) entities() iter.Seq[schema.Record] {
	return func(yield func(schema.Record) bool) {
		for _, group := range []struct {
			kind  schema.Kind
			count int
			name  string
		}{
			{schema.Country, w.countries, "Country"}, {schema.Place, w.places, "Place"}, {schema.Institution, w.institutions, "Institution"},
			{schema.Post, w.posts, "Post"}, {schema.Person, w.officials, "Official"},
		} {
			for i := range group.count {
				e := schema.Entity{ID: id(group.kind, i), Kind: group.kind, Label: fmt.Sprintf("%s %d", group.name, i)}
				if group.kind == schema.Person {
					e.Aliases = []schema.Text{{Value: fmt.Sprintf("官员%d", i), Lang: "zh"}}
				}
				if group.kind != schema.Country {
					e.Country = id(schema.Country, i%w.countries)
				}
				if !yield(e) {
					return
				}
			}
		}
		for i := range w.documents {
			d := schema.Document{Entity: schema.Entity{ID: id(schema.Doc, i), Kind: schema.Doc, Label: fmt.Sprintf("Report %d", i)},
				Publisher: fmt.Sprintf("Publisher %d", i%50), Published: schema.When{Written: w.day()}}
			if !yield(d) {
				return
			}
		}
	}
}

func (w *world) day() string {
	return fmt.Sprintf("%04d-%02d-%02d", 2000+w.IntN(24), 1+w.IntN(12), 1+w.IntN(28))
}

// date is a day mostly, else a month or a year.
func (w *world) date() string {
	day := w.day()
	switch n := w.IntN(20); {
	case n == 0:
		return day[:4]
	case n < 4:
		return day[:7]
	}
	return day
}

func between(actor, recipient schema.ID) []schema.Participant {
	return []schema.Participant{{Role: schema.RoleActor, ID: actor}, {Role: schema.RoleRecipient, ID: recipient}}
}

// term is who holds which post, from when.
func (w *world) term(i int) schema.Fact {
	return schema.Fact{
		Verb: "holds-post", When: schema.When{Written: w.day() + "/.."},
		Roles:    between(id(schema.Person, i), id(schema.Post, i%w.posts)),
		Evidence: []schema.Evidence{w.evidence(i)},
	}
}

// dealing is one event. Its number is its key, so that no two are one fact.
func (w *world) dealing(i int) schema.Fact {
	actor := int(w.active.Uint64())
	other := (actor + 1 + w.IntN(w.officials-1)) % w.officials
	if w.IntN(2) == 0 {
		other = int(w.active.Uint64())
	}
	if other == actor {
		other = (actor + 1) % w.officials
	}
	f := schema.Fact{Key: fmt.Sprint(i), When: schema.When{Written: w.date()}, Status: w.status(), Evidence: []schema.Evidence{w.evidence(i)}}
	f.Verb, f.Roles = w.act(id(schema.Person, actor), other)
	if w.IntN(4) == 0 {
		f.Topic = fmt.Sprintf("topic %d", w.IntN(100))
	}
	if w.IntN(10) == 0 {
		f.Evidence = append(f.Evidence, w.evidence(i+1))
	}
	return f
}

// act is a verb, and the roles that it asks for.
func (w *world) act(actor schema.ID, other int) (schema.Verb, []schema.Participant) {
	person := id(schema.Person, other)
	switch w.IntN(10) {
	case 0:
		return "visited", between(actor, id(schema.Place, w.IntN(w.places)))
	case 1:
		return "sanctioned", between(id(schema.Country, w.IntN(w.countries)), person)
	case 2, 3:
		return "called", between(actor, person)
	case 4:
		return "accused", between(actor, person)
	case 5:
		return "invited", between(actor, person)
	}
	return "met", between(actor, person)
}

func (w *world) status() schema.Status {
	switch w.IntN(30) {
	case 0:
		return schema.Planned
	case 1:
		return schema.Refused
	}
	return schema.Happened
}

func (w *world) evidence(i int) schema.Evidence {
	return schema.Evidence{
		Source: id(schema.Doc, w.IntN(w.documents)), Quote: fmt.Sprintf("as dealing %d was told", i), Locator: fmt.Sprintf("page %d", 1+w.IntN(30)),
		At: []schema.ID{id(schema.Place, w.IntN(w.places))},
	}
}
