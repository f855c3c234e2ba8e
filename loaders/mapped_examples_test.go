package loaders_test

import (
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

const stateData = "../../shared/data/state"

// exampleMapping reads a mapping of the folder examples/mappings.
func exampleMapping(t testing.TB, name string) *mapping.Mapping {
	t.Helper()
	path := filepath.Join("../examples/mappings", name+".yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := mapping.Parse(path, text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// loadState reads a folder of the data of the Department of State by its mapping.
func loadState(t testing.TB, folder string, known *loaders.Names) result {
	t.Helper()
	in, err := loaders.Open(filepath.Join(stateData, folder), &loaders.Options{Mapping: exampleMapping(t, "state-"+folder), Known: known})
	if err != nil {
		t.Fatal(err)
	}
	return clean(t, collect(t, in))
}

// countElements counts elements by the names that lead to them, with another reader
// of XML and, where it is installed, with xmllint.
func countElements(t testing.TB, folder string, names ...string) (n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(stateData, folder, "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		dec, path, before := xml.NewDecoder(f), []string{}, n
		for {
			token, err := dec.Token()
			if err != nil {
				break
			}
			switch token := token.(type) {
			case xml.StartElement:
				path = append(path, token.Name.Local)
				if strings.Join(path, "/") == strings.Join(names, "/") {
					n++
				}
			case xml.EndElement:
				path = path[:len(path)-1]
			}
		}
		f.Close()
		if program, err := exec.LookPath("xmllint"); err == nil {
			out, err := exec.Command(program, "--xpath", "count(/"+strings.Join(names, "/")+")", file).Output()
			if got, _ := strconv.Atoi(strings.TrimSpace(string(out))); err != nil || got != n-before {
				t.Errorf("xmllint counts %s in %s, not %d: %v", out, file, n-before, err)
			}
		}
	}
	return n
}

// The mappings of the examples load the data of the Department of State: as many
// people, terms and trips as it has, with dates that are as precise.
func TestStateMappings(t *testing.T) {
	if _, err := os.Stat(stateData); err != nil {
		t.Skip("needs the data of the Department of State in " + stateData)
	}
	known := loaders.NewNames()
	people := loadState(t, "people", known)
	missions := loadState(t, "missions", known)
	principals := loadState(t, "principals", known)
	travels := loadState(t, "travels", nil)
	ofVerb := func(r result, verb schema.Verb) (n int, ids int) {
		all := make(map[schema.ID]bool)
		for _, f := range r.facts {
			if f.Verb == verb {
				n++
				all[schema.DefaultVocabulary().Normalize(f).ID] = true
			}
		}
		return n, len(all)
	}
	ofKind := func(r result, kind schema.Kind) (n int) {
		for _, e := range r.entities {
			if e.Kind == kind {
				n++
			}
		}
		return n
	}
	terms, terms2 := ofVerb(missions, "holds-post")
	offices, offices2 := ofVerb(principals, "holds-post")
	trips, trips2 := ofVerb(travels, "visited")
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"people", ofKind(people, schema.Person), countElements(t, "people", "person")},
		{"terms of chiefs of mission", terms, countElements(t, "missions", "country-mission", "chiefs", "chief")},
		{"different terms of chiefs of mission", terms2, terms},
		{"posts of chiefs of mission", ofKind(missions, schema.Post), countElements(t, "missions", "country-mission")},
		{"terms of principal officers", offices, countElements(t, "principals", "principal-position", "principals", "principal")},
		{"different terms of principal officers", offices2, offices},
		{"posts of principal officers", ofKind(principals, schema.Post), countElements(t, "principals", "principal-position")},
		{"trips", trips, countElements(t, "travels", "trips", "trip")},
		{"different trips", trips2, trips},
		{"travellers", ofKind(travels, schema.Person), 4},
	} {
		if c.got != c.want {
			t.Errorf("%d %s, not %d", c.got, c.what, c.want)
		}
	}
	months, about := 0, 0
	for _, f := range append(missions.facts, principals.facts...) {
		for end := range strings.SplitSeq(f.When.Written, "/") {
			if len(end) == len("2006-01") {
				months++
			}
			if strings.HasSuffix(end, "~") {
				about++
			}
		}
	}
	if months < 30 || about != 3 {
		t.Errorf("%d dates are months, %d are about", months, about)
	}
}

// The mapping of event files loads every code, whoever the two sides are, but not
// where they are one.
func TestEventMappingLoadsEveryCode(t *testing.T) {
	m := exampleMapping(t, "icews")
	text, _ := os.ReadFile(m.Name)
	if lines := strings.Count(string(text), "\n"); lines > 15 {
		t.Errorf("the mapping has %d lines", lines)
	}
	sides := []string{"China", "United States", "Xi Jinping", "Police (Ghana)"}
	var file strings.Builder
	table := csv.NewWriter(&file)
	_ = table.Write([]string{"source", "relation", "target", "date"})
	day, rows, same := time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC), 0, 0
	for _, code := range cameoCodes() {
		for i, source := range sides {
			target := sides[(i+rows)%len(sides)]
			rows++
			if source == target {
				same++
			}
			_ = table.Write([]string{source, code, target, day.Format(time.DateOnly)})
		}
		day = day.AddDate(0, 0, 1)
	}
	table.Flush()
	r := loadMappedBy(t, "events.csv", file.String(), m)
	if r.fatal != nil || len(r.facts) != rows-same || len(r.rows) != same || same == 0 {
		t.Errorf("%d facts and %d bad rows of %d, of which %d have equal sides: %v", len(r.facts), len(r.rows), rows, same, r.fatal)
	}
	for _, row := range r.rows {
		if !strings.Contains(row.Error(), "stands on both sides") {
			t.Fatal(row)
		}
	}
}

// cameoCodes lists all codes of two to four digits.
func cameoCodes() (all []string) {
	for root := 1; root <= 20; root++ {
		all = append(all, fmt.Sprintf("%02d", root))
		for i := range 10 {
			all = append(all, fmt.Sprintf("%02d%d", root, i))
			for j := range 10 {
				all = append(all, fmt.Sprintf("%02d%d%d", root, i, j))
			}
		}
	}
	return all
}
