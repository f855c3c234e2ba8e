package loaders_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// pair is what one pair of a sequence of records says.
type pair struct {
	record          schema.Record
	err, text, hint string
	at              schema.Position
}

// pairsIn reads a file or a folder in blocks of a size.
func pairsIn(t *testing.T, path string, blockSize int) (all []pair) {
	t.Helper()
	in, err := loaders.Open(path, nil)
	if err != nil {
		return []pair{{err: err.Error()}}
	}
	in.SetBlockSize(blockSize)
	for r, err := range in.Records(t.Context()) {
		p := pair{record: r}
		if row := (*loaders.RowError)(nil); errors.As(err, &row) {
			p.text, p.at = row.Text, row.Pos
		}
		if err != nil {
			p.err, p.hint = err.Error(), schema.Hint(err)
		}
		all = append(all, p)
	}
	return all
}

// rowInputs are files of rows in which rows depend on each other.
func rowInputs(t *testing.T) map[string]string {
	var world strings.Builder
	if err := loaders.WriteJSONLines(&world, synth.Records(60, 3)); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"world.jsonl": world.String(),
		"array.json":  "\n[ " + strings.ReplaceAll(strings.TrimSpace(world.String()), "\n", ",\n") + "\n]",
		"short.json": `[{"kind": "Person", "name": "A"}, {"kind": "Person", "name": "B"}, "A met B",` + " \r\n" + `{"verb": "met", "actor": "A",` + "\n" +
			`"recipient": "B", "when": "2020", "evidence": [{"quote": "[,"},` + "\n" + `{"quote": "\"y"}]},` + "\n" + `[1,` + "\n" + `[2]], "A mett B",` + "\n" + `"B met A" ] `,
		"later.jsonl": strings.Join([]string{
			`{"verb": "met", "actor": "A", "recipient": "B", "key": "k1", "because": "k2"}`,
			`{"verb": "met", "actor": "A", "recipient": "B", "key": "k2", "source-key": "2", "source": {"title": "T", "key": "s"}}`,
			`{"verb": "met", "actor": "A", "recipient": "B", "key": "k1", "source": {"title": "T", "publisher": "P"}}`,
			``, `{"verb": "met", "actor": "A", "recipient": "B", "source-key": "3", "source": {"title": "U", "key": "s"}}`,
			`{"verb": "met", "actor": "A", "recipient": "B", "source-key": "4", "because": "k5"}`,
			`{"verb": "met", "actor": "A", "recipient": "B", "key": "k5", "source-key": "5", "because": "k6"}`,
			`{"verb": "met", "actor": "A", "recipient": "B", "key": "k6", "source-key": "6", "because": "k5"}`,
			`{"verb": "mett", "actor": "A", "recipient": "B"}`, `{"kind": "Person", "name": "A", "posts": ["X", {"post": "Y", "key": "k2"}]}`,
			`{"verb": "met", "actor": "A", "recipient": "B", "source-key": "7", "note": "a"}`, `{"verb": "met"`,
			`{"verb": "met", "actor": "A", "recipient": "B", "source-key": "7", "locator": "line 11", "note": "b", "source": "s"}`,
			`{"verb": "met", "actor": "A", "recipient": "B", "evidence": [{"quote": "one"}, {"quote": "two", "stance": "x\u0001"}]}`,
			`{"kind": "Person", "name": "B", "country": "Nowhere"}`, `{"kind": "Person", "name": "B", "description": "other"}`,
			`{"verb": "met", "actor": "A", "recipient": "Known", "during": "k2"}`, `{"kind": "Post", "name": "X"}`, `{"kind": "Post", "name": "Y"}`,
		}, "\n"),
		"rows.csv": "from,from_kind,type,to,to_kind,source,publisher,quote\n" +
			"A,Person,met,B,Person,T,P,\"several\n\nlines, and \"\"quotes\"\"\"\n\r\n" + "A,Person,met,B,Person,T,P,q\n" +
			"\"A\nB\",Person,met,B,Person,T,P,q2\n" + "A,Person,m\"et,B,Person,T,P,q3\n" + "\"A\"x,Person,met,B,Person,T,P,q4\n" +
			"A,Person,met,C,Place,T,Q\n" + "\"A\nB\",Person,met,B,Person,T,P,q5\n" + ",,mett,,,,,\n" + "**,Person,met,B,Person,T,P,q2\n" +
			"**,Person,met,B,Person,T,P,q6\n" + "A,Person,met,B,Person,T,P,\"never closed\nA,Person,met,B,Person,T,P,q\n",
	}
}

// TestBlocksOfAnySize checks that records and errors do not depend on where files
// are divided into blocks.
func TestBlocksOfAnySize(t *testing.T) {
	for name, text := range rowInputs(t) {
		path := filepath.Join(t.TempDir(), name)
		random := rand.New(rand.NewPCG(1, 2))
		for range 5 {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			want := pairsIn(t, path, len(text))
			for _, size := range []int{1, 100, 700} {
				if got := pairsIn(t, path, size); !reflect.DeepEqual(got, want) {
					t.Fatalf("%s in blocks of %d bytes:\n%s", name, size, difference(got, want))
				}
			}
			text = damaged(random, text)
		}
	}
}

// difference describes the first pair that differs.
func difference(got, want []pair) string {
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !reflect.DeepEqual(got[i], want[i]) {
			return fmt.Sprintf("%d and %d pairs\ngot  %+v\nwant %+v", len(got), len(want), got[i:min(i+1, len(got))], want[i:min(i+1, len(want))])
		}
	}
	return "nothing"
}

// damaged returns a text with a part removed, a part repeated and a sign more.
func damaged(r *rand.Rand, text string) string {
	at := func() int { return r.IntN(len(text)) }
	i := at()
	text = text[:i] + text[min(len(text), i+r.IntN(9)):]
	i = at()
	text = text[:i] + text[i:min(len(text), i+r.IntN(99))] + text[i:]
	i = at()
	return strings.ToValidUTF8(text[:i]+string("\"{},:\n"[r.IntN(6)])+text[i:], "")
}

// TestChangedWhileItIsRead changes a file after each moment at which it is read.
func TestChangedWhileItIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "world.jsonl")
	text := rowInputs(t)["world.jsonl"]
	other := strings.Replace(text, `"status":"happened"`, `"status":"planned"`, 1)
	shorter := text[:strings.LastIndex(strings.TrimSpace(text), "\n")+1]
	for _, changed := range []string{other, shorter} {
		write := func(s string) {
			if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(text)
		in, err := loaders.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		in.SetBlockSize(2000)
		write(changed) // before the first pass
		wantChanged(t, in)
		write(text)
		n := 0
		for _, err = range in.Records(t.Context()) {
			if n++; n == 1 { // before the last pass
				write(changed)
			}
		}
		if err == nil || !strings.Contains(err.Error(), "was changed while it was read") || !errors.Is(err, loaders.ErrInput) {
			t.Errorf("got %v after %d records", err, n)
		}
	}
}

func wantChanged(t *testing.T, in *loaders.Input) {
	t.Helper()
	var last error
	for r, err := range in.Records(t.Context()) {
		if last = err; r != nil {
			t.Errorf("a record of a changed file: %v", r)
		}
	}
	if last == nil || !strings.Contains(last.Error(), "was changed while it was read") || !errors.Is(last, loaders.ErrInput) {
		t.Errorf("got %v", last)
	}
}

// TestStoppingReleasesEverything stops at each record; the race detector and
// goroutines that are left would show what goes on.
func TestStoppingReleasesEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "world.jsonl")
	if err := os.WriteFile(path, []byte(rowInputs(t)["world.jsonl"]), 0o600); err != nil {
		t.Fatal(err)
	}
	all := len(pairsIn(t, path, 500))
	for most := 1; most < all; most += 7 {
		in, err := loaders.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		in.SetBlockSize(500)
		n := 0
		for range in.Records(t.Context()) {
			if n++; n == most {
				break
			}
		}
	}
}

// TestBlocksAreReleased checks that what is in memory does not grow from the first
// fact to the last one.
func TestBlocksAreReleased(t *testing.T) {
	var world strings.Builder
	if err := loaders.WriteJSONLines(&world, synth.Records(10_000, 3)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "world.jsonl")
	if err := os.WriteFile(path, []byte(world.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := loaders.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	in.SetBlockSize(8 << 10)
	var sizes []uint64
	facts := 0
	for r := range in.Records(t.Context()) {
		if _, isFact := r.(schema.Fact); !isFact {
			continue
		}
		if facts++; facts == 500 || facts == 9_500 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			sizes = append(sizes, m.HeapAlloc)
		}
	}
	if grown := int64(sizes[1]) - int64(sizes[0]); grown > int64(world.Len())/20 {
		t.Errorf("%d bytes more in memory after 9,000 facts, of a text of %d", grown, world.Len())
	}
}

// TestPlacesWithoutSources checks where facts without a source are said to be.
func TestPlacesWithoutSources(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"f.jsonl": {"{\"kind\": \"Person\", \"name\": \"A\"}\n{\"kind\": \"Person\", \"name\": \"B\"}\n\n{\"fact\": \"A met B\"}\n" +
			`{"fact": "A met B", "when": "2020", "evidence": [{"quote": "x"}, {"quote": "y"}]}`, []string{"line 4", "line 5, column 50", "line 5, column 66"}},
		"f.json": {"[{\"kind\": \"Person\", \"name\": \"A\"},\n{\"kind\": \"Person\", \"name\": \"B\"},\n\"A met B\", \"B met A\",\n\"A called B\"]",
			[]string{"line 3, column 1", "line 3, column 12", "line 4"}},
		"f.csv": {"from,from_kind,type,to,to_kind\nA,Person,met,B,Person\n\nA,Person,called,B,Person\n", []string{"row 2", "row 3"}},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 1000} {
			var got []string
			for _, p := range pairsIn(t, path, size) {
				if f, ok := p.record.(schema.Fact); ok {
					for _, e := range f.Evidence {
						got = append(got, e.Locator)
					}
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s in blocks of %d bytes: %q, want %q", name, size, got, c.want)
			}
		}
	}
}
