package sketch_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/loaders/sketch"
	"github.com/entente-kg/entente/schema"
)

func Example() {
	dir, err := os.MkdirTemp("", "sketch")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "besuche.csv")
	if err := os.WriteFile(name, []byte("Besucher;Gast;Datum\nAngela Merkel;Emmanuel Macron;03.05.2019\n"), 0o600); err != nil {
		panic(err)
	}
	text, err := sketch.Of(name, nil)
	if err != nil {
		panic(err)
	}
	fmt.Print(text)
	// Output:
	// # A first mapping of besuche.csv, written by entente map: look at each line.
	// # entente help mapping explains the keys. Load it with
	// #   entente load besuche.csv --map THIS-FILE --graph DIR
	// dates: dmy  # guessed: 03.05.2019 may be mdy
	// entities:
	//   who:
	//     kind: Person  # guessed
	//     name: "{Besucher}"
	//   whom:
	//     kind: Person  # guessed
	//     name: "{Gast}"
	// facts:
	//   verb: met  # guessed: entente verbs lists the verbs
	//   actor: who
	//   recipient: whom
	//   when: "{Datum}"
}

// loadSketch loads a file by its own sketch. It returns the number of facts and of
// entities, and the first bad row.
func loadSketch(t testing.TB, name string) (facts, entities int, bad error) {
	t.Helper()
	text, err := sketch.Of(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := mapping.Parse("sketch.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	in, err := loaders.Open(name, &loaders.Options{Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	for record, err := range in.Records(t.Context()) {
		row := (*schema.RowError)(nil)
		switch {
		case errors.As(err, &row):
			bad = errors.Join(bad, row)
		case err != nil:
			t.Fatalf("%v\n%s", err, text)
		}
		switch record.(type) {
		case schema.Fact:
			facts++
		case schema.Entity:
			entities++
		}
	}
	return facts, entities, bad
}

// A sketch of real files loads them as it is.
func TestSketchesOfRealFilesLoad(t *testing.T) {
	const shared = "../../../shared/data"
	if _, err := os.Stat(shared); err != nil {
		t.Skip("needs the data in " + shared)
	}
	for _, c := range []struct {
		file            string
		facts, entities int
	}{
		{"state/missions/cuba.xml", 37, 30},
		{"state/principals/secretary.xml", 73, 70},
		{"state/travels/kerry-john-forbes.xml", 348, 100},
		{"state/people/root-elihu.xml", 0, 1},
		{"popolo/burundi-ep-popolo-v1.0.json", 0, 227},
	} {
		facts, entities, bad := loadSketch(t, filepath.Join(shared, c.file))
		if bad != nil || facts < c.facts || entities < c.entities {
			t.Errorf("%s: %d facts, %d entities, %v", c.file, facts, entities, bad)
		}
	}
}

// Keys that are values are rows, and lists with dates are facts: the sketch loads.
func TestSketchesOfKeysAndLists(t *testing.T) {
	const many = `{"about": {"year": "2023"}, "boards": {"alpha": [{"name": "Ann", "role": "x"}], "beta": [{"name": "Bo", "role": "x"}], "gamma": [{"name": "Cy"}], "delta": [{"name": "Di", "role": "x"}],
"epsilon": [], "zeta": [{"name": "Ed", "role": "x"}], "eta": [{"name": "Flo", "role": "x"}], "theta": [{"name": "Gus", "role": "x"}], "iota": [{"name": "Hal", "role": "x"}]}}`
	for _, c := range []struct {
		name, data, want string
		facts, entities  int
	}{
		{"codes.yaml", "AUD: [{name: Ann, title: Chair}, {name: Bo}]\nRUL: [{name: Bo}]\n", "rows: \"*\"", 3, 4},
		{"many.json", many, "rows: \"boards/*\"", 8, 16},
		{"years.json", `{"2021": [{"who": "Ann", "whom": "Bo"}], "2022": [{"who": "Ann", "whom": "Bo"}]}`, "when: \"{#key}\"", 2, 2},
		{"one.yaml", "id: {a: 1}\nname: {first: Ann}\nbio: {born: 1950}\n", "{name/first}", 0, 1},
		{"lists.yaml", "persons: [{id: p1, name: Ann}, {id: p2, name: Bo}, {id: p3, name: Cy}]\nboards: [{id: o1, name: Senate}]\nseats: [{person: p1, org: o1}]\n", "rows: \"/persons\"", 0, 3},
		{"terms.yaml", "- {id: {viaf: '7'}, name: Ann, terms: [{type: chair, start: '2001', end: '2003', party: Reds}, {type: clerk, start: '2004'}]}\n- {id: {viaf: '8'}, name: Bo, terms: [{type: chair, start: '2004'}]}\n", "- \"viaf:{id/viaf}\"", 3, 4},
		{"terms.json", `[{"name": "Ann", "posts": [{"office": "Chair of the Board", "from_date": "2001", "since": "2001"}, {"office": "Clerk", "since": "2004"}]}, {"name": "Bo"}]`, `recipient: "{office}"`, 2, 4},
	} {
		name := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(name, []byte(c.data), 0o600); err != nil {
			t.Fatal(err)
		}
		facts, entities, bad := loadSketch(t, name)
		text, _ := sketch.Of(name, nil)
		if bad != nil || facts != c.facts || entities != c.entities || !strings.Contains(text, c.want) {
			t.Errorf("%s: %d facts, %d entities, %v\n%s", c.name, facts, entities, bad, text)
		}
	}
}

// FuzzOf writes sketches of arbitrary files. Each is a mapping, whatever the file has.
func FuzzOf(f *testing.F) {
	for _, text := range []string{
		"Who,Whom,What\nXie Feng,Ely Ratner,met\n", "a;b\n1;2\n", "{\"a\": [{\"name\": \"x\"}, {\"name\": \"y\"}]}", "[1, [2, {\"who\": null}]]",
		"<a><b who='x'>y</b><b who='z'/></a>", "name: Ann\nborn: 1950\n", "{\"who\": \"Ann\"}\n{\"who\": \"Bo\"}\n", "2014-01-01\tChina\t3\n",
		"\"a\"\"b\",{c},{d}\n1,2,3\n", "a{b\nx\n", "who,#x\n\u2028,b\n", "what\n\"a\nb\"\n",
		"A1: [{name: x, \"#key\": 1}]\nB2: [{name: y}]\n", "- {name: x, terms: [{type: \"\\\"\", start: 2001}, {start: 2002, type: a}]}\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<15 {
			return
		}
		name := filepath.Join(t.TempDir(), "sample")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := sketch.Of(name, nil)
		if err != nil {
			if !errors.Is(err, loaders.ErrInput) {
				t.Fatal(err)
			}
			return
		}
		if _, err := mapping.Parse("sketch.yaml", []byte(text)); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}
