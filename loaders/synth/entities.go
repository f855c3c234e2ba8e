package synth

import (
	"fmt"
	"iter"

	"github.com/entente-kg/entente/schema"
)

func id(kind schema.Kind, i int) schema.ID {
	return schema.ID(fmt.Sprintf("%s:synth-%d", kind.Prefix(), i))
}

var syllables = func() (list [80]string) {
	for i := range list {
		list[i] = "bdfghklmnprstvwz"[i%16:i%16+1] + "aeiou"[i/16:i/16+1]
	}
	return list
}()

// word is another pair of words for each number below 80 to the fourth, unlike
// that of the number before.
func word(i int) (first, last string) {
	const all = 80 * 80 * 80 * 80
	n := (uint64(i)*7_654_321 + 1234) % all // the factor shares none with all
	return capital(syllables[n%80] + syllables[n/80%80]), capital(syllables[n/6400%80] + syllables[n/512000])
}

func capital(s string) string { return string(s[0]-'a'+'A') + s[1:] }

var (
	titles  = []string{"Minister of Trade", "Minister of Defence", "Foreign Minister", "Ambassador", "Deputy Minister", "Envoy", "Spokesperson", "Adviser", "Director", "Governor"}
	bodies  = []string{"Ministry of Trade", "Ministry of Defence", "Foreign Ministry", "Embassy", "Central Bank", "Academy", "Parliament", "Agency", "Council", "Company"}
	grounds = []string{"Palace", "Square", "Airport", "Hotel", "Hall"}
	forums  = []string{"Forum", "Summit", "Dialogue", "Conference"}
	papers  = []string{"Times", "Herald", "Gazette", "Post", "Wire"}
)

// label is the name of the i-th of a kind.
func label(kind schema.Kind, i int) string {
	first, last := word(i)
	switch kind {
	case schema.Person:
		return first + " " + last
	case schema.Country:
		return first + "land"
	case schema.Post:
		return fmt.Sprintf("%s %d of %s", titles[i%len(titles)], i/400, label(schema.Country, i/10%40))
	case schema.Institution:
		return fmt.Sprintf("%s %d of %s", bodies[i%len(bodies)], i/400, label(schema.Country, i/10%40))
	case schema.Gathering:
		return fmt.Sprintf("%s%s %s %d", first, last, forums[i%len(forums)], 2000+i%24)
	case schema.Doc:
		return fmt.Sprintf("%s %d: what %s said", papers[i%len(papers)], i, last)
	}
	return first + " " + grounds[i%len(grounds)]
}

// entities yields all of them, and the documents.
func (w *world) entities() iter.Seq[schema.Record] {
	return func(yield func(schema.Record) bool) {
		for _, group := range []struct {
			kind  schema.Kind
			count int
		}{
			{schema.Country, w.countries}, {schema.Place, w.places}, {schema.Institution, w.institutions},
			{schema.Post, w.posts}, {schema.Gathering, w.gatherings}, {schema.Person, w.officials},
		} {
			for i := range group.count {
				if !yield(w.entity(group.kind, i)) {
					return
				}
			}
		}
		for i := range w.documents {
			d := schema.Document{Entity: schema.Entity{ID: id(schema.Doc, i), Kind: schema.Doc, Label: label(schema.Doc, i)},
				Publisher: "The " + papers[i%len(papers)], Published: schema.When{Written: w.day()}}
			if !yield(d) {
				return
			}
		}
	}
}

func (w *world) entity(kind schema.Kind, i int) schema.Entity {
	e := schema.Entity{ID: id(kind, i), Kind: kind, Label: label(kind, i)}
	switch kind {
	case schema.Country:
		return e
	case schema.Person:
		e.Aliases = w.aliases(i)
		if w.percent(30) {
			e.Born = fmt.Sprint(1940 + w.IntN(50))
		}
		e.Country = id(schema.Country, i%w.countries)
	default:
		e.Country = id(schema.Country, i/10%w.countries)
	}
	return e
}

// aliases are a person's name in another script, and often one with an initial,
// which others may have too.
func (w *world) aliases(i int) []schema.Text {
	const each = 20
	script := []rune("安白陈丁方高何江李马宁彭钱任孙田王徐杨张")
	other := string([]rune{script[i%each], script[i/each%each], script[i/each/each%each], script[i/each/each/each%each]})
	list := []schema.Text{{Value: other, Lang: "zh"}}
	if first, last := word(i); w.percent(40) {
		list = append(list, schema.Text{Value: first[:1] + ". " + last})
	}
	return list
}
