package events_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/foreign/foreigntest"
	"github.com/entente-kg/entente/schema"
)

// Files that others have written, and our own.
const (
	shared  = "../../../../shared/data/gdelt/events.tsv"
	samples = "../../../examples/formats/"
)

func TestSamples(t *testing.T) {
	for _, c := range []struct {
		file, format string
		left         int
		want         []string
	}{
		{"peace.gdelt.tsv", "gdelt", 2, []string{
			"1978-12-17 signed-agreement-with country:egypt country:israel",
			"1978-12-17 signed-agreement-with country:egypt country:israel",
			"1979-03-26 mediated-between group:jimmy-carter-usagov country:egypt",
		}},
		{"talks.icews.tsv", "icews", 1, []string{
			"2011-11-18 commented-on institution:foreign-ministry-egypt country:israel",
			"2011-11-18 spoke-with country:egypt country:israel",
		}},
		{"week.polecat.tsv", "polecat", 1, []string{
			"2020-02-03 visited country:norway country:egypt",
			"2020-02-05 reduced-relations-with country:norway institution:tide-shipping",
		}},
	} {
		w, err := foreigntest.Read(t, samples+c.file, "")
		if err != nil || len(w.Rows) > 0 || w.Format != c.format || w.LeftOut != c.left {
			t.Errorf("%s: %v %v, read as %s, %d rows left out", c.file, err, w.Rows, w.Format, w.LeftOut)
		}
		if got := foreigntest.Shown(w.Facts); !slices.Equal(got, c.want) {
			t.Errorf("%s: got\n%s", c.file, strings.Join(got, "\n"))
		}
	}
}

// A row of GDELT between two actors is one fact, as awk counts them:
// awk -F'\t' '$6!="" && $7!="" && $16!="" && $17!="" && $6!=$16' events.tsv | wc -l
func TestRealGDELT(t *testing.T) {
	data, err := os.ReadFile(shared)
	if err != nil {
		t.Skip("events.tsv is absent")
	}
	want, rows := 0, 0
	for line := range strings.Lines(string(data)) {
		c := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if rows++; c[5] != "" && c[6] != "" && c[15] != "" && c[16] != "" && c[5] != c[15] {
			want++
		}
	}
	w, err := foreigntest.Read(t, shared, "")
	if err != nil || w.Format != "gdelt" {
		t.Fatal(err, w.Format)
	}
	// The place of one row has a control character.
	bad := make(map[int]bool)
	for _, r := range w.Rows {
		bad[r.Pos.Line] = true
		if r.Pos.Line != 540 || !strings.Contains(r.Error(), "control character") {
			t.Error(r)
		}
	}
	if len(w.Facts)+len(bad) != want || w.LeftOut != rows-want || want == 0 {
		t.Errorf("%d facts, %d rows left out; want %d of %d", len(w.Facts), w.LeftOut, want, rows)
	}
	sources := make(map[schema.ID]bool)
	for _, f := range w.Facts {
		for _, e := range f.Evidence {
			sources[e.Source] = true
		}
	}
	if len(sources) < 100 {
		t.Errorf("%d sources", len(sources))
	}
}

// An export as N-Quads restores the same graph.
func TestRoundTrip(t *testing.T) {
	paths := []string{shared}
	for _, name := range []string{"peace.gdelt.tsv", "talks.icews.tsv", "week.polecat.tsv"} {
		paths = append(paths, samples+name)
	}
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			t.Logf("%s is absent", path)
			continue
		}
		foreigntest.RoundTrip(t, path)
	}
}

// Tables of entente's own, and of other programs, are not recognized.
func TestOthers(t *testing.T) {
	for _, text := range []string{
		"actor,verb,recipient,when\nA,met,B,2001\n",
		"Event ID\tEvent Date\tCAMEO Code\n1\t2001-01-01\t040\n",
		"1\t20010101\t200101\t2001\t2001.0\tA\tB\n",
		strings.Repeat("x\t", 57) + "x\n",
		"source,relation,target,date\nA,040,B,2001-01-01\n",
	} {
		if w, err := foreigntest.ReadText(t, "x.tsv", text, ""); w.Format != "" {
			t.Errorf("%q is read as %s: %v", text, w.Format, err)
		}
	}
}

// A malformed row is an error with its number, and the others are read.
func TestMalformed(t *testing.T) {
	for _, file := range []string{"peace.gdelt.tsv", "talks.icews.tsv", "week.polecat.tsv"} {
		data, err := os.ReadFile(samples + file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
		first := 0
		if !strings.HasPrefix(file, "peace") {
			first = 1
		}
		cells := strings.Split(lines[first], "\t")
		at := func(row string, column int, text string) string {
			c := strings.Split(row, "\t")
			c[column] = text
			return strings.Join(c, "\t")
		}
		bad := []string{
			strings.Join(cells[:5], "\t"), strings.Join(cells[1:], "\t")[:20], lines[first] + "\tmore", lines[first] + "\t\t\tmore",
			"\t" + lines[first], "x", strings.Repeat("\t", 3), `"` + lines[first], lines[first] + "\x00", lines[first] + "\xff",
		}
		day, code, names := 1, 26, []int{6, 16}
		switch {
		case strings.HasPrefix(file, "talks"):
			code, names = 6, []int{2, 8}
		case strings.HasPrefix(file, "week"):
			code, names = 2, []int{7, 15}
		}
		for _, d := range []string{"20011301", "19990230", "yesterday", "2001-99-99", "99999999", "0", "2001-02-30"} {
			bad = append(bad, at(lines[first], day, d))
		}
		for _, c := range []string{"999", "4x", "-", "NONSENSE", "040;041"} {
			bad = append(bad, at(lines[first], code, c))
		}
		for _, n := range names {
			for _, text := range []string{"A\u0007B", strings.Repeat("x", 20_000), "\u0000"} {
				bad = append(bad, at(at(lines[first], n, text), n-1, "ZZZZ")) // in GDELT a code of no country
			}
		}
		if len(bad) < 28 {
			t.Fatal(len(bad))
		}
		for _, row := range bad {
			text := strings.Join(append(slices.Clone(lines), row), "\n") + "\n"
			w, err := foreigntest.ReadText(t, "x.tsv", text, strings.Split(file, ".")[1])
			if err = w.FirstError(err); err == nil {
				t.Errorf("%s: no error for %.120q", file, row)
			} else if !strings.Contains(err.Error(), "x.tsv") {
				t.Errorf("%s: an error without its place: %v", file, err)
			}
		}
	}
}

func FuzzEvents(f *testing.F) {
	for _, name := range []string{"peace.gdelt.tsv", "talks.icews.tsv", "week.polecat.tsv"} {
		data, err := os.ReadFile(samples + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, from := range []string{"", "gdelt", "icews", "polecat"} {
			foreigntest.CheckErrors(t, "x.tsv", text, from, ".yaml")
		}
	})
}
