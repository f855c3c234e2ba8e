package sketch_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
		{"states.json", `[{"name": "Ann", "terms": [{"type": "rep", "state": "Ohio", "start": "2001"}, {"type": "sen", "state": "Ohio", "start": "2005"}]}, {"name": "Bo", "terms": [{"type": "rep", "start": "2001", "state": "Utah"}]}]`, "#     {state}  Ohio; Utah", 3, 4},
		{"deep.json", `[{"name": "Ann", "terms": [{"office": "Chair", "dates": {"start": "2001"}, "notes": [{"text": "a"}, {"text": "b"}]}, {"office": "Clerk", "dates": {"start": "2003"}}]}]`, "since: \"{dates/start}\"", 2, 3},
		{"popolo.json", `[{"name": "Ann", "identifiers": [{"scheme": "viaf", "identifier": "7"}, {"scheme": "wikidata", "identifier": "Q7"}]}, {"name": "Bo"}]`, `- "viaf:{identifiers[scheme='viaf'][1]/identifier}"`, 0, 2},
		{"lists.json", `[{"who": "Ann", "guests": [{"guest": "Bo", "day": "x"}, {"guest": "Cy"}], "date": "2021", "tags": ["a", "b"]}, {"who": "Di", "guests": [{"guest": "Bo"}], "date": "2022"}]`, "each: \"guests\"", 2, 4},
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

// samples are the paths of files of data, below a folder, that a mapping may read.
func samples(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		known := slices.Contains([]string{".csv", ".tsv", ".json", ".jsonl", ".xml", ".yaml", ".yml"}, filepath.Ext(path))
		if info, err := d.Info(); known && err == nil && info.Size() < 1<<20 {
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// samplesInScripts writes the files of data in the scripts of the command to a folder.
func samplesInScripts(t *testing.T) string {
	t.Helper()
	scripts, err := filepath.Glob("../../cmd/entente/testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	dir := t.TempDir()
	for _, script := range scripts {
		data, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range strings.Split(string(data), "\n-- ")[1:] {
			name, text, _ := strings.Cut(part, " --\n")
			path := filepath.Join(dir, fmt.Sprint(filepath.Base(script), ".", i, filepath.Ext(name)))
			if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// Each draft loads its own sample: nothing is wrong in the draft itself, such as a list
// where a text must stand, whatever the values are.
func TestEveryDraftLoads(t *testing.T) {
	if testing.Short() {
		t.Skip("reads all samples")
	}
	dirs := []string{"../../examples", samplesInScripts(t)}
	if _, err := os.Stat("../../../shared/data"); err == nil {
		dirs = append(dirs, "../../../shared/data")
	}
	count := 0
	for _, dir := range dirs {
		for _, path := range samples(t, dir) {
			text, err := sketch.Of(path, nil)
			if err != nil {
				continue // not a file of rows
			}
			count++
			m, err := mapping.Parse("draft.yaml", []byte(text))
			if err != nil {
				t.Errorf("%s: %v\n%s", path, err, text)
				continue
			}
			in, err := loaders.Open(path, &loaders.Options{Mapping: m})
			if err != nil {
				continue
			}
			for _, err := range in.Records(t.Context()) {
				if err == nil {
					continue
				}
				for _, p := range loaders.Problems(err) {
					if p.Pos.File == "draft.yaml" || slices.Contains([]schema.ProblemKind{schema.WrongType, schema.UnknownKey, schema.UnknownRecord}, p.Kind) {
						t.Errorf("%s: %s: %v\n%s", path, p.Kind, p, text)
					}
				}
			}
		}
	}
	if t.Logf("%d drafts", count); count < 100 {
		t.Errorf("only %d drafts", count)
	}
}
