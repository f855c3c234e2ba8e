package export_test

import (
	"encoding/csv"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/csvfile"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/schema"
)

// csvFormats are the formats of this file.
func csvFormats() []export.Format {
	return []export.Format{export.CSV, export.CSVNodes, export.CSVEdges}
}

// readCSV returns the rows of a CSV, each as a map of its columns.
func readCSV(t *testing.T, text string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var list []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+@\t\r\n", rune(cell[0])) {
				t.Errorf("%q runs as a formula", cell)
			}
			m[rows[0][i]] = csvfile.Restore(cell)
		}
		list = append(list, m)
	}
	return list
}

// No quote of a source that denies a fact stands among those that assert it.
func TestCSVKeepsDenialsApart(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, row := range readCSV(t, write(t, everything(t), export.CSV, nil, export.Options{})) {
		seen[row["standing"]] = true
		asserts := slices.Contains(strings.Split(row["stance"], "; "), "asserts")
		if asserted := row["standing"] == "asserted" || row["standing"] == "disputed"; asserts != asserted {
			t.Errorf("standing %s and stance %s", row["standing"], row["stance"])
		}
		if !asserts && (row["words"]+row["sources"] != "" || row["source-count"] != "0" || row["other-stances"] == "") {
			t.Errorf("nobody asserts %v", row)
		}
		if strings.Contains(row["stance"], "denies") && !strings.Contains(row["other-stances"], "denied") {
			t.Errorf("no denial in %v", row)
		}
	}
	for _, s := range schema.Standings() {
		if !seen[string(s)] {
			t.Errorf("no fact is %s", s)
		}
	}
}

// Both ends of every edge are among the nodes, in both shapes, and edges are told apart
// by Kind, by which Gephi joins them.
func TestCSVOfNodesAndEdges(t *testing.T) {
	t.Parallel()
	g := everything(t)
	for _, o := range []export.Options{{}, {Shape: export.ShapeFacts}} {
		nodes, kinds := map[string]bool{}, map[string]bool{}
		for _, row := range readCSV(t, write(t, g, export.CSVNodes, nil, o)) {
			nodes[row["Id"]] = true
			if row["Label"] == "" {
				t.Errorf("no label in %v", row)
			}
		}
		text := write(t, g, export.CSVEdges, nil, o)
		if !strings.HasPrefix(text, "Source,Target,Type,Kind,Id,Label,Weight,fact,") {
			t.Errorf("header %.80s", text)
		}
		undirected, marked := 0, 0
		for _, row := range readCSV(t, text) {
			if !nodes[row["Source"]] || !nodes[row["Target"]] || kinds[row["Kind"]] {
				t.Errorf("edge %v", row)
			}
			kinds[row["Kind"]] = true
			if row["Type"] == "Undirected" {
				undirected++
			}
			if row["established"] == "false" && row["pair"] != "" {
				marked++
				if !strings.HasSuffix(row["Label"], ")") {
					t.Errorf("a plain label of %v", row)
				}
			}
		}
		if collapsed := o.Shape != export.ShapeFacts; collapsed != (undirected > 0) || collapsed != (marked > 0) {
			t.Errorf("%+v: %d undirected, %d not established", o, undirected, marked)
		}
	}
}

func TestCSVForExcelBeginsWithAMark(t *testing.T) {
	t.Parallel()
	g := world(t)
	for _, f := range csvFormats() {
		plain := write(t, g, f, nil, export.Options{})
		if got := write(t, g, f, nil, export.Options{Excel: true}); got != "\xef\xbb\xbf"+plain {
			t.Errorf("%s: %.40q", f, got)
		}
	}
}

// Equal graphs give equal bytes, in whatever order they were loaded, on one processor and
// on two.
func TestCSVIsTheSameAfterReload(t *testing.T) {
	files, err := filepath.Glob("testdata/everything/*")
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	first := map[export.Format]string{}
	g := loadFiles(t, files...)
	for _, f := range csvFormats() {
		first[f] = write(t, g, f, nil, export.Options{})
	}
	runtime.GOMAXPROCS(2)
	slices.Reverse(files)
	g = loadFiles(t, files...)
	for _, f := range csvFormats() {
		if write(t, g, f, nil, export.Options{}) != first[f] {
			t.Errorf("%s differs", f)
		}
	}
}
