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

// twoWords returns a different pair of words for each number below 80 to the
// fourth power. Consecutive numbers have dissimilar words.
func twoWords(i int) (first, last string) {
	const all = 80 * 80 * 80 * 80
	n := (uint64(i)*7_654_321 + 1234) % all // the multiplier and all have no common factor
	return capitalized(syllables[n%80] + syllables[n/80%80]), capitalized(syllables[n/6400%80] + syllables[n/512000])
}

func capitalized(s string) string { return string(s[0]-'a'+'A') + s[1:] }

var (
	postNames        = []string{"Minister of Trade", "Minister of Defence", "Foreign Minister", "Ambassador", "Deputy Minister", "Envoy", "Spokesperson", "Adviser", "Director", "Governor"}
	institutionNames = []string{"Ministry of Trade", "Ministry of Defence", "Foreign Ministry", "Embassy", "Central Bank", "Academy", "Parliament", "Agency", "Council", "Company"}
	placeNames       = []string{"Palace", "Square", "Airport", "Hotel", "Hall"}
	gatheringNames   = []string{"Forum", "Summit", "Dialogue", "Conference"}
	newspaperNames   = []string{"Times", "Herald", "Gazette", "Post", "Wire"}
)

// label returns the name of entity i of a kind.
func label(kind schema.Kind, i int) string {
	first, last := twoWords(i)
	switch kind {
	case schema.Person:
		return first + " " + last
	case schema.Country:
		return first + "land"
	case schema.Post:
		return fmt.Sprintf("%s %d of %s", postNames[i%len(postNames)], i/400, label(schema.Country, i/10%40))
	case schema.Institution:
		return fmt.Sprintf("%s %d of %s", institutionNames[i%len(institutionNames)], i/400, label(schema.Country, i/10%40))
	case schema.Gathering:
		return fmt.Sprintf("%s%s %s %d", first, last, gatheringNames[i%len(gatheringNames)], 2000+i%24)
	case schema.Doc:
		return fmt.Sprintf("%s %d: what %s said", newspaperNames[i%len(newspaperNames)], i, last)
	}
	return first + " " + placeNames[i%len(placeNames)]
}

// entities yields all entities, then the documents.
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
				Publisher: "The " + newspaperNames[i%len(newspaperNames)], Published: schema.When{Written: w.day()}}
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
		if w.chance(30) {
			e.Born = fmt.Sprint(1940 + w.IntN(50))
		}
		e.Country = id(schema.Country, i%w.countries)
	default:
		e.Country = id(schema.Country, i/10%w.countries)
	}
	return e
}

// aliases returns a person's name in another script, and often a name with an
// initial, which other persons may share.
func (w *world) aliases(i int) []schema.Text {
	const each = 20
	script := []rune("安白陈丁方高何江李马宁彭钱任孙田王徐杨张")
	other := string([]rune{script[i%each], script[i/each%each], script[i/each/each%each], script[i/each/each/each%each]})
	list := []schema.Text{{Value: other, Lang: "zh"}}
	if first, last := twoWords(i); w.chance(40) {
		list = append(list, schema.Text{Value: first[:1] + ". " + last})
	}
	return list
}
