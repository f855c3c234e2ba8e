package export_test

import (
	"bytes"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
)

// Equal graphs give equal bytes: at the second time, on one processor and on two, and
// after the datasets were loaded in another order.
func TestEveryFormatIsReproducible(t *testing.T) {
	files, err := filepath.Glob("testdata/everything/*")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	first := loadFiles(t, files...)
	slices.Reverse(files)
	second := loadFiles(t, files...)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, f := range export.Formats() {
		for _, o := range optionsOf(f) {
			want := exported(t, first, f, o)
			if !bytes.Equal(exported(t, first, f, o), want) {
				t.Errorf("%s %+v: the second export differs", f, o)
			}
			runtime.GOMAXPROCS(2)
			if got := exported(t, second, f, o); !bytes.Equal(got, want) {
				t.Errorf("%s %+v: datasets loaded in another order: %s", f, o, firstDifference(got, want))
			}
			runtime.GOMAXPROCS(1)
		}
	}
}

// optionsOf returns the options of all readings of a format.
func optionsOf(f export.Format) (all []export.Options) {
	for _, r := range readings() {
		if r.format == f && !slices.Contains(all, r.options) {
			all = append(all, r.options)
		}
	}
	return all
}

func exported(t *testing.T, g *graph.Graph, f export.Format, o export.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := export.Write(t.Context(), &out, f, export.Selection{Graph: g}, o); err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	return out.Bytes()
}

// firstDifference returns where two texts differ.
func firstDifference(got, want []byte) string {
	n := 0
	for n < min(len(got), len(want)) && got[n] == want[n] {
		n++
	}
	around := func(text []byte) string { return string(text[max(0, n-60):min(len(text), n+60)]) }
	return "got …" + around(got) + "…, want …" + around(want) + "…"
}
