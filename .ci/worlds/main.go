// Command worlds writes random datasets for .ci/same: worlds FOLDER SEED. They have
// everything that files may have, in four formats: facts of all statuses, stances, roles
// and forms of dates, which several datasets state differently, names in several scripts,
// links between facts, places in places, and rows that are wrong in many ways. Equal seeds
// give equal files.
package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/schema"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: worlds FOLDER SEED")
	}
	seed, err := strconv.ParseUint(os.Args[2], 10, 64)
	if err != nil {
		log.Fatal(err)
	}
	for i, write := range []func(*world) ([]byte, error){jsonLines, jsonArray, yamlFile, csvTable} {
		w := newWorld(seed, uint64(i))
		data, err := write(w)
		if err == nil {
			name := []string{"lines.jsonl", "array.json", "mapping.yaml", "table.csv"}[i]
			err = os.WriteFile(filepath.Join(os.Args[1], name), data, 0o644)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

// record is a fact, an entity or a source.
type record map[string]any

// world makes the records of one dataset. All datasets of a seed have the same names.
type world struct {
	*rand.Rand
	seed                  uint64
	facts, people, places int
	verbs                 []schema.Verb
	vocabulary            *schema.Vocabulary
}

func newWorld(seed, dataset uint64) *world {
	sizes := rand.New(rand.NewPCG(seed, 0))
	v := schema.DefaultVocabulary()
	w := &world{Rand: rand.New(rand.NewPCG(seed, dataset+1)), seed: seed, facts: 50 + sizes.IntN(800), vocabulary: v}
	w.people, w.places = 5+sizes.IntN(80), 3+sizes.IntN(20)
	w.verbs = v.Verbs()
	return w
}

func pick[T any](w *world, items ...T) T { return items[w.IntN(len(items))] }

// rarely is true once in n times.
func (w *world) rarely(n int) bool { return w.IntN(n) == 0 }

// or returns an item, and once in a hundred times the wrong one.
func (w *world) or(wrong string, items ...string) string {
	if w.rarely(100) {
		return wrong
	}
	return pick(w, items...)
}

func (w *world) person() string {
	n := min(w.IntN(w.people), w.IntN(w.people))
	if w.rarely(3) {
		return fmt.Sprintf("<person:p%d>", n)
	}
	return personName(n)
}

func personName(n int) string {
	first := []string{"Ada", "Bo", "Chen", "Дмитрий", "Émile", "فريدة", "谢", "Hans"}[n%8]
	return fmt.Sprintf("%s Number %d", first, n)
}

func (w *world) place() string { return fmt.Sprintf("Town %d", w.IntN(w.places)) }

func (w *world) actor() string {
	return pick(w, w.person(), w.person(), w.person(), w.person(), "Ruritania", "Graustark", "Ministry of Truth", "Envoy to Ruritania")
}

func (w *world) date() string {
	y, m, d := 1990+w.IntN(30), 1+w.IntN(12), 1+w.IntN(28)
	day := fmt.Sprintf("%d-%02d-%02d", y, m, d)
	month := day[:7]
	year := day[:4]
	return w.or(pick(w, "sometime", "2023-02-30"),
		day, day, day, month, year, year+"~", day+"/"+fmt.Sprint(y+w.IntN(3))+"-12-31", month+"/..", "../"+year, year+"/", day+"/"+day)
}

// entities are the entities of all datasets; what they say of these differs.
func (w *world) entities() (all []record) {
	for n := range w.people {
		e := record{"kind": "Person", "id": fmt.Sprintf("person:p%d", n), "name": personName(n)}
		if w.rarely(4) {
			e["aliases"] = []any{fmt.Sprintf("№ %d", n), record{"value": fmt.Sprintf("Numéro %d", n), "lang": "fr"}}
		}
		if w.rarely(3) {
			e["country"] = pick(w, "Ruritania", "Graustark")
		}
		if w.rarely(5) {
			e["born"] = w.or("someday", "1950", "1951-02", "1960~")
		}
		if w.rarely(9) {
			e["description"] = "with \"quotes\" & <marks>\nand a second line"
		}
		if w.rarely(40) {
			e["nmae"] = "an unknown key"
		}
		if !w.rarely(50) {
			all = append(all, e)
		}
	}
	for n := range w.places {
		e := record{"kind": "Place", "name": fmt.Sprintf("Town %d", n)}
		if n > 0 && w.rarely(2) {
			e["located-in"] = fmt.Sprintf("Town %d", w.IntN(n))
		} else if w.rarely(2) {
			e["located-in"] = "Ruritania"
		}
		all = append(all, e)
	}
	return append(all, record{"kind": "Country", "name": "Ruritania"}, record{"kind": "Country", "name": "Graustark", "aliases": "Граустарк"},
		record{"kind": "Institution", "name": "Ministry of Truth", "country": "Ruritania"},
		record{"kind": "Post", "name": "Envoy to Ruritania"}, record{"kind": "Gathering", "name": "Summit"},
		record{"title": "The Gazette", "key": "gazette", "published": "1999"}, record{"title": "The Bugle", "key": "bugle"})
}

// fact makes a fact. Every third is in all datasets, each with evidence of its own.
func (w *world) fact(n int) record {
	core := w
	if n%3 == 0 {
		core = &world{}
		*core = *w
		core.Rand = rand.New(rand.NewPCG(w.seed, uint64(n)<<8))
	}
	f := core.deed()
	w.dress(f, n)
	return f
}

// deed makes what identifies a fact.
func (w *world) deed() record {
	f := record{}
	switch w.IntN(8) {
	case 0:
		f["fact"] = w.actor() + " " + w.or("met with and hugged", "met", "visited", "called", "was sanctioned by") + " " + w.actor()
	case 1:
		f["verb"] = pick(w, "met", "agreed-with", "negotiated-with")
		f["party"] = []any{w.person(), w.person(), w.actor()}
	default:
		f["verb"], f["actor"], f["recipient"] = string(pick(w, w.verbs...)), w.actor(), w.actor()
		if !w.rarely(4) {
			f["verb"] = pick(w, "met", "called", "praised", "blamed", "negotiated-with", "invited")
		}
		if w.rarely(6) {
			f["actor"] = []any{w.person(), w.actor()}
		}
	}
	f["when"] = w.date()
	f["topic"] = pick(w, "grain", "ships", "a \"quoted\" topic")
	f["status"] = w.or("unheard-of", "planned", "refused", "cancelled", "hypothetical", "happened")
	if w.rarely(6) {
		delete(f, "when")
	}
	if !w.rarely(5) {
		delete(f, "topic")
	}
	if !w.rarely(8) {
		delete(f, "status")
	}
	return f
}

// dress adds other keys to a fact.
func (w *world) dress(f record, n int) {
	sometimes := func(times int, key string, value any) {
		if w.rarely(times) {
			f[key] = value
		}
	}
	sometimes(9, "host", w.actor())
	sometimes(12, "mediator", w.person())
	sometimes(15, "with", w.person())
	sometimes(25, "during", "Summit")
	sometimes(20, "source-key", fmt.Sprint(w.IntN(50)))
	sometimes(3, "key", fmt.Sprintf("k%d", n))
	sometimes(25, "part-of", fmt.Sprintf("k%d", w.IntN(n+1)))
	sometimes(25, "because", fmt.Sprintf("k%d", w.IntN(n+1)))
	sometimes(60, "quoet", "an unknown key")
	sometimes(80, "recipient", "Nobody At All")
	if w.rarely(5) {
		var all []any
		for range 1 + w.IntN(3) {
			all = append(all, w.evidence())
		}
		f["evidence"] = all
		return
	}
	for key, value := range w.evidence() {
		f[key] = value
	}
}

func (w *world) evidence() record {
	e := record{}
	sometimes := func(times int, key string, value any) {
		if w.rarely(times) {
			e[key] = value
		}
	}
	sometimes(2, "source", w.or("no such source", "gazette", "bugle", "The Gazette"))
	sometimes(2, "quote", pick(w, "as they said", "he \"said\" so\\", "多种文字 and more", strings.Repeat("long ", 200)))
	sometimes(3, "stance", pick(w, "denies", "doubts", "hearsay", "asserts"))
	sometimes(4, "at", pick[any](w, w.or("Nowhere", w.place()), w.place(), []any{w.place(), w.place()}))
	sometimes(5, "said-by", w.person())
	sometimes(9, "confidence", pick[any](w, 0.5, 0.93, 0.2, 0.99, 1, 1.0, 0.01, 2))
	sometimes(9, "locator", "page "+fmt.Sprint(w.IntN(9)))
	sometimes(9, "method", w.or("magic", "model", "rules"))
	return e
}

// records are the records of a dataset, mixed.
func (w *world) records() []record {
	all := w.entities()
	for n := range w.facts {
		all = append(all, w.fact(n))
	}
	w.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func jsonLines(w *world) ([]byte, error) {
	var b bytes.Buffer
	for _, r := range w.records() {
		line, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		if w.rarely(60) {
			line = bytes.ToValidUTF8(line[:w.IntN(len(line))], nil) // cut short
		}
		b.Write(append(line, pick(w, "\n", "\n", "\n", "\r\n", " \n\n")...))
	}
	return b.Bytes(), nil
}

func jsonArray(w *world) ([]byte, error) { return json.MarshalIndent(w.records(), "", " ") }

// yamlFile writes a mapping in the JSON that is YAML too.
func yamlFile(w *world) ([]byte, error) {
	file := map[string][]record{}
	for _, r := range w.records() {
		switch {
		case r["kind"] != nil:
			file["entities"] = append(file["entities"], r)
		case r["title"] != nil:
			file["sources"] = append(file["sources"], r)
		default:
			file["facts"] = append(file["facts"], r)
		}
	}
	return json.MarshalIndent(file, "", "  ")
}

// csvTable writes facts alone, whose kinds declare the names.
func csvTable(w *world) ([]byte, error) {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	columns := []string{"actor", "subject_kind", "verb", "recipient", "object_kind", "when", "place", "place_kind", "topic", "status", "quote", "stance", "source_document", "host", "source_key"}
	err := out.Write(columns)
	for range w.facts {
		f := w.evidence()
		kind := func() (string, string) {
			if w.rarely(4) {
				return pick(w, "Ruritania", "Graustark"), "Country"
			}
			return personName(min(w.IntN(w.people), w.IntN(w.people))), "Person"
		}
		from, fromKind := kind()
		to, toKind := kind()
		at, atKind := "", ""
		if w.rarely(3) {
			at, atKind = w.place(), "Place"
		}
		text := func(key string) string {
			s, _ := f[key].(string)
			return s
		}
		row := []string{from, fromKind, pick(w, "met", "called", "met", string(pick(w, w.verbs...))), to, toKind, w.date(), at, atKind, pick(w, "", "grain"),
			pick(w, "", "", "planned", "happened"), text("quote"), text("stance"), text("source"), pick(w, "", "", "", "Ruritania"), pick(w, "", "", fmt.Sprint(w.IntN(99)))}
		if w.rarely(70) {
			row = row[:len(row)-1-w.IntN(5)]
		}
		if err == nil {
			err = out.Write(row)
		}
	}
	out.Flush()
	return b.Bytes(), err
}
