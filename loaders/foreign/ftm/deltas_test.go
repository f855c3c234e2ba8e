package ftm_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign/ftm"
	"github.com/entente-kg/entente/schema"
)

func TestIsDelta(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       bool
	}{
		{"x.json", `{"op": "DEL", "entity": {"id": "a"}}`, true},
		{"x.json", `{"op": "MOD", "entity": {"id": "a", "properties": {"name": ["A`, true},
		{"x.json", `{"id": "a", "schema": "Person", "properties": {}}`, false},
		{"20240527134702-zbn.delta.json", "", true},
		{"entities.delta.json", "\n", true},
		{"delta.json", "", false}, // the index of deltas has this name
		{"delta.json", `{"versions": {}}`, false},
		{"x.json", "", false},
	} {
		if got := ftm.IsDelta(c.name, []byte(c.text)); got != c.want {
			t.Errorf("%s %s: %t", c.name, c.text, got)
		}
	}
}

// open opens a graph in a folder.
func open(t *testing.T, dir string) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

// digest returns the digest of a graph.
func digest(t *testing.T, g *graph.Graph) string {
	t.Helper()
	s, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d, err := graph.Digest(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// loadParts loads a full file and deltas as the dataset d.
func loadParts(t *testing.T, g *graph.Graph, parts ...schema.Part) (*loaders.Input, graph.Report, error) {
	t.Helper()
	in, err := loaders.OpenParts(parts, &loaders.Options{Dataset: "d"})
	if err != nil {
		return nil, graph.Report{}, err
	}
	report, err := g.LoadInput(t.Context(), in, nil)
	return in, report, err
}

// must is loadParts without errors.
func must(t *testing.T, g *graph.Graph, parts ...schema.Part) *loaders.Input {
	t.Helper()
	in, _, err := loadParts(t, g, parts...)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// stored returns the parts of the dataset d of a graph.
func stored(t *testing.T, g *graph.Graph) []schema.Part {
	t.Helper()
	parts, err := graph.Parts(t.Context(), g, "d")
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

func put(t *testing.T, dir, name, text string) schema.Part {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return schema.Part{Path: path}
}

// days are the real deltas, in order.
func days(t *testing.T) (full schema.Part, deltas []schema.Part) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(shared, "t2", "2*.delta.json"))
	if err != nil || len(paths) == 0 {
		t.Skipf("%s is absent", shared)
	}
	for _, path := range paths {
		deltas = append(deltas, schema.Part{Path: path})
	}
	return schema.Part{Path: filepath.Join(shared, "t1", "entities.ftm.json")}, deltas
}

// The real full file with its deltas is the full file of the day of the last one, which jq
// makes, whether they are loaded together or one day after the other. The copies in the
// graph's folder stand for the deltas of the days before.
func TestRealDeltas(t *testing.T) {
	base, deltas := days(t)
	jq, err := exec.LookPath("jq")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("jq is missing")
	}
	if err != nil {
		t.Skip("jq is missing")
	}
	const program = `reduce .[] as $l ({}; if $l.op == "DEL" then del(.[$l.entity.id])
		elif $l.op then .[$l.entity.id] = $l.entity else .[$l.id] = $l end) | .[]`
	daily, dir := open(t, filepath.Join(t.TempDir(), "g")), t.TempDir()
	must(t, daily, base)
	for day := range deltas {
		args := []string{"-cs", program, base.Path}
		for _, d := range deltas[:day+1] {
			args = append(args, d.Path)
		}
		text, err := exec.CommandContext(t.Context(), jq, args...).Output()
		if err != nil {
			t.Fatal(err)
		}
		want := digest(t, load(t, put(t, dir, "full.ftm.json", string(text)).Path))

		together := open(t, "")
		must(t, together, slices.Concat([]schema.Part{base}, deltas[:day+1])...)
		if got := digest(t, together); got != want {
			t.Errorf("%s, together: %s, want %s", deltas[day].Path, got, want)
		}
		data, err := os.ReadFile(deltas[day].Path)
		if err != nil {
			t.Fatal(err)
		}
		today := put(t, dir, "today.delta.json", string(data)) // the same name each day
		must(t, daily, append(stored(t, daily), today)...)
		if got := digest(t, daily); got != want {
			t.Errorf("%s, one by one: %s, want %s", deltas[day].Path, got, want)
		}
	}
	if before := digest(t, load(t, base.Path)); before == digest(t, daily) {
		t.Error("the deltas change nothing")
	}
}

// The counts of the real deltas are those of their lines.
func TestRealCounts(t *testing.T) {
	base, deltas := days(t)
	in := must(t, open(t, ""), append([]schema.Part{base}, deltas...)...)
	var got []string
	for _, a := range loaders.Applied(in) {
		got = append(got, fmt.Sprint(a.Added, a.Changed, a.Deleted, a.There+a.Missing+a.Gone))
	}
	if want := []string{"0 0 0 0", "2 0 0 0", "1 1 0 0", "0 0 1 0", "1 0 0 0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// worldOf is a model: the lines of entities by their ids.
type worldOf map[string]string

// text returns the full file of a world, in random order.
func (w worldOf) text() string {
	lines := slices.Sorted(maps.Values(w))
	rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	return strings.Join(lines, "\n") + "\n"
}

// randomLine makes an entity with one of a few ids: persons and companies, and links
// between ids that may be there or not.
func randomLine() (id, line string) {
	n := rand.N(12)
	switch id = fmt.Sprint("e", n); n % 3 {
	case 0:
		line = fmt.Sprintf(`{"id":%q,"schema":"Person","properties":{"name":["Ann %d"],"alias":["A%d"]}}`, id, n, rand.N(3))
	case 1:
		line = fmt.Sprintf(`{"id":%q,"schema":"Company","properties":{"name":["Company %d"],"country":["fr"]}}`, id, rand.N(9))
	default:
		line = fmt.Sprintf(`{"id":%q,"schema":"Ownership","properties":{"owner":["e%d"],"asset":["e%d"],"startDate":["%d"]}}`, id, 3*rand.N(4), 3*rand.N(4)+1, 2000+rand.N(3))
	}
	return id, line
}

// Random deltas do what a model of a map does, with operations that fit and that do not,
// several on one entity, and several deltas on one another.
func TestRandomDeltas(t *testing.T) {
	for range 8 {
		dir, w := t.TempDir(), worldOf{}
		for range 8 {
			id, line := randomLine()
			w[id] = line
		}
		parts := []schema.Part{put(t, dir, "full.ftm.json", w.text())}
		g := open(t, filepath.Join(dir, "g"))
		must(t, g, parts...)
		for day := range 4 {
			text, want := randomDelta(w)
			delta := put(t, dir, fmt.Sprintf("%d.delta.json", day), text)
			parts = append(parts, delta)
			in := must(t, g, append(stored(t, g), delta)...)
			all := loaders.Applied(in)
			got := all[len(all)-1]
			if got.First.Line == 0 != (want.There+want.Missing+want.Gone == 0) {
				t.Errorf("the first operation that does not fit is at %v", got.First)
			}
			if got.Path, got.First = "", (schema.Position{}); got != want {
				t.Errorf("counts %+v, want %+v", got, want)
			}
			full := open(t, "")
			must(t, full, put(t, t.TempDir(), "full.ftm.json", w.text()))
			together := open(t, "")
			must(t, together, parts...)
			if a, b, c := digest(t, g), digest(t, together), digest(t, full); a != c || b != c {
				t.Fatalf("one by one %s, together %s, full %s, after\n%s", a, b, c, text)
			}
		}
	}
}

// randomDelta makes a delta, and applies it to a world.
func randomDelta(w worldOf) (text string, counts ftm.Applied) {
	var lines []string
	for range 1 + rand.N(5) {
		id, line := randomLine()
		_, isThere := w[id]
		op := []string{"ADD", "MOD", "DEL"}[rand.N(3)]
		switch op {
		case "DEL":
			line = fmt.Sprintf(`{"id":%q}`, id)
			delete(w, id)
		default:
			w[id] = line
		}
		lines = append(lines, fmt.Sprintf(`{"op":%q,"entity":%s}`, op, line))
		switch {
		case op == "DEL" && isThere:
			counts.Deleted++
		case op == "DEL":
			counts.Gone++
		case isThere:
			counts.Changed++
		default:
			counts.Added++
		}
		if op == "ADD" && isThere {
			counts.There++
		}
		if op == "MOD" && !isThere {
			counts.Missing++
		}
	}
	if len(w) == 0 { // a full file is never empty
		w["e0"] = `{"id":"e0","schema":"Person","properties":{"name":["Ann 0"]}}`
		lines = append(lines, `{"op":"ADD","entity":`+w["e0"]+`}`)
		counts.Added++
	}
	return strings.Join(lines, "\n") + "\n", counts
}

const ann = `{"id":"a","schema":"Person","properties":{"name":["Ann"]}}` + "\n"

// Each malformed line of a delta is an error with its place in its own file, and the other
// lines are read.
func TestMalformedDeltas(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{`{`, "d.json:2:2: not JSON"},
		{`{"op":"ADD"`, "d.json:2:12: not JSON"},
		{`{"op":"ADD"}`, "d.json:2:1: a delta without the id"},
		{`{"op":"ADD","entity":{}}`, "d.json:2:22: {entity}: a delta without the id"},
		{`{"op":"ADD","entity":[]}`, "d.json:2:1: a delta without the id"},
		{`{"op":"ADD","entity":null}`, "d.json:2:1: a delta without the id"},
		{`{"op":"ADD","entity":{"id":""}}`, "a delta without the id"},
		{`{"op":"PUT","entity":{"id":"x"}}`, `d.json:2:7: {op}: unknown op "PUT"`},
		{`{"op":"add","entity":{"id":"x"}}`, `unknown op "add"`},
		{`{"op":5,"entity":{"id":"x"}}`, `unknown op "5"`},
		{`{"op":null,"entity":{"id":"x"}}`, "d.json:2:1: a line of a delta without an op"},
		{`{"entity":{"id":"x"}}`, "d.json:2:1: a line of a delta without an op"},
		{`{"op":"ADD","op":"DEL","entity":{"id":"x"}}`, "in which each key is there once"},
		{`{"op":"ADD","entity":{"id":"x","id":"y"}}`, "in which each key is there once"},
		{`[{"op":"DEL","entity":{"id":"x"}}]`, "in which each key is there once"},
		{`{"op":"ADD","entity":{"id":"x","schema":"Persn","properties":{}}}`, `d.json:2:41: {entity/schema}: unknown schema "Persn"`},
		{`{"op":"ADD","entity":{"id":"x","schema":"Person","properties":{}}}`, "d.json:2:22: an entity without a name"},
		{`{"op":"ADD","entity":{"id":"x"}}`, "d.json:2:22: an entity without a schema"},
		{`{"op":"MOD","entity":{"id":"x","schema":"Person","properties":{"name":["X"],"birthDate":["soon"]}}}`, "d.json:2:90: {entity/properties/birthDate}: bad date"},
		{`{"id":"x","schema":"Person","properties":{"name":["X"]}}`, "d.json:2:20: {schema}: the whole file is refused: an entity among deltas"},
	} {
		dir := t.TempDir()
		in, err := loaders.OpenParts([]schema.Part{put(t, dir, "full.json", ann),
			put(t, dir, "d.json", `{"op":"ADD","entity":{"id":"b","schema":"Person","properties":{"name":["Bob"]}}}`+"\n"+c.line+"\n")}, &loaders.Options{Dataset: "d"})
		if err != nil {
			t.Errorf("%s: %v", c.line, err)
			continue
		}
		var names, rows []string
		for record, err := range in.Records(t.Context()) {
			if e, ok := record.(schema.Entity); ok {
				names = append(names, e.Label)
			}
			if err != nil {
				rows = append(rows, err.Error())
			}
		}
		if len(rows) != 1 || !strings.Contains(rows[0], c.want) {
			t.Errorf("%s\n got %q\nwant %s", c.line, rows, c.want)
		}
		if isRefused := strings.Contains(c.want, "refused"); !isRefused && (!slices.Contains(names, "Ann") || !slices.Contains(names, "Bob")) {
			t.Errorf("%s: only %q are read", c.line, names)
		}
	}
}

// A graph refuses what would not be the full file of a day, and stays as it was.
func TestRefusedDeltas(t *testing.T) {
	const bob = `{"op":"ADD","entity":{"id":"b","schema":"Person","properties":{"name":["Bob"]}}}` + "\n"
	dir := t.TempDir()
	g := open(t, filepath.Join(dir, "g"))
	full, delta := put(t, dir, "full.json", ann), put(t, dir, "d.json", bob)
	must(t, g, full)
	before := digest(t, g)
	check := func(what, want string, parts ...schema.Part) {
		t.Helper()
		_, _, err := loadParts(t, g, parts...)
		if err == nil || !strings.Contains(err.Error(), want) || digest(t, g) != before {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
	if _, err := loaders.Open(delta.Path, nil); !errors.Is(err, loaders.ErrInput) {
		t.Errorf("a delta by itself: %v", err)
	}
	check("two full files", "an entity among deltas", full, full)
	check("a delta to a delta", "a delta, which changes", delta, delta)
	check("a delta to facts", "is no file of FollowTheMoney entities", put(t, dir, "facts.yaml", "facts: [Ann met Bob]\n"), delta)
	check("a mixed file", "a delta among entities", put(t, dir, "full.json", ann+bob))
	put(t, dir, "full.json", ann+"\n")
	check("another full file", "has changed since dataset d was loaded", append(stored(t, g), delta)...)
	put(t, dir, "full.json", ann)

	// Another process applies a delta between the reading of the parts and the load.
	parts := append(stored(t, g), delta)
	must(t, g, full, put(t, dir, "other.json", strings.ReplaceAll(bob, "Bob", "Bert")))
	before = digest(t, g)
	check("a delta to an older state", "was loaded again while a delta to it was read", parts...)

	// What was changed by hand is kept.
	must(t, g, full)
	if _, err := g.Update(t.Context(), "d", func(tx *graph.Tx) error {
		return tx.Put(schema.Entity{ID: "person:a", Kind: schema.Person, Label: "Anna"})
	}); err != nil {
		t.Fatal(err)
	}
	before = digest(t, g)
	_, _, err := loadParts(t, g, append(stored(t, g), put(t, dir, "ann.json", strings.Replace(bob, `"b"`, `"a"`, 1)))...)
	if !errors.Is(err, graph.ErrEdited) || digest(t, g) != before {
		t.Errorf("a change by hand: %v", err)
	}
	if copies, err := os.ReadDir(filepath.Join(dir, "g", "graph.deltas")); err == nil {
		t.Errorf("copies of deltas that the dataset does not have: %v", copies)
	}
}

// Copies of deltas go with the dataset, and a copy that is lost is read from its file.
func TestCopies(t *testing.T) {
	const bob = `{"op":"ADD","entity":{"id":"b","schema":"Person","properties":{"name":["Bob"]}}}` + "\n"
	dir := t.TempDir()
	g := open(t, filepath.Join(dir, "g"))
	folder := filepath.Join(dir, "g", "graph.deltas")
	full, delta := put(t, dir, "full.json", ann), put(t, dir, "d.json", bob)
	must(t, g, full, delta)
	copies, err := os.ReadDir(folder)
	if err != nil || len(copies) != 1 {
		t.Fatal(copies, err)
	}
	next := put(t, dir, "next.json", strings.ReplaceAll(bob, `"b"`, `"c"`))
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	must(t, g, append(stored(t, g), next)...)
	if copies, err = os.ReadDir(folder); err != nil || len(copies) != 2 {
		t.Fatal(copies, err)
	}
	if err := os.Remove(delta.Path); err != nil {
		t.Fatal(err)
	}
	_, report, err := loadParts(t, g, stored(t, g)...)
	if err != nil || !report.Unchanged {
		t.Errorf("the same parts again: %+v %v", report, err)
	}
	path := filepath.Join(folder, copies[0].Name())
	if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := loadParts(t, g, stored(t, g)...); !errors.Is(err, loaders.ErrInput) {
		t.Errorf("a damaged copy: %v", err)
	}
	if _, err := g.Forget(t.Context(), "d"); err != nil {
		t.Fatal(err)
	}
	if copies, err := os.ReadDir(folder); err == nil {
		t.Errorf("copies of a forgotten dataset: %v", copies)
	}
}

func FuzzDeltas(f *testing.F) {
	f.Add(`{"op":"ADD","entity":{"id":"b","schema":"Person","properties":{"name":["Bob"]}}}`)
	f.Add(`{"op":"MOD","entity":{"id":"a","schema":"Person","properties":{"name":["Anna"]}}}` + "\n" + `{"op":"DEL","entity":{"id":"a"}}`)
	f.Add(`{"op":"ADD","entity":{"id":5}}` + "\r\n" + `[1]`)
	f.Fuzz(func(t *testing.T, text string) {
		d := ftm.NewDeltas()
		if _, err := d.Add("d.json", strings.NewReader(text)); err != nil && err != io.EOF {
			t.Fatal(err)
		}
		lines := strings.Count(text, "\n") + 1
		a := d.Applied()[0]
		if n := a.Added + a.Changed + a.Deleted + a.Gone; n > lines || a.There > 0 && a.Changed == 0 || cmp.Compare(a.First.Line, lines) > 0 {
			t.Fatalf("%d lines: %+v", lines, a)
		}
		dir := t.TempDir()
		in, err := loaders.OpenParts([]schema.Part{put(t, dir, "full.json", ann), put(t, dir, "d.json", text)}, &loaders.Options{Dataset: "d"})
		if err != nil {
			return
		}
		for _, err := range in.Records(t.Context()) {
			if row := (*loaders.RowError)(nil); errors.As(err, &row) && row.Pos.Line < 1 {
				t.Fatalf("row error %+v", row)
			}
		}
		if !json.Valid([]byte(ann)) {
			t.Fatal(ann)
		}
	})
}
