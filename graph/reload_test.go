package graph_test

import (
	"cmp"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// synthetic returns the records of a synthetic world.
func synthetic(t testing.TB, facts int, seed uint64) (records []schema.Record) {
	for r, err := range synth.Records(facts, seed) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	return records
}

// A reload leaves the graph as a first load of the same records does, and its report
// counts the quads that differ.
func TestReloadWithChanges(t *testing.T) {
	old := synthetic(t, 400, 3)
	last := len(old) - 1
	changed := func(change func(f *schema.Fact)) []schema.Record {
		records := slices.Clone(old)
		f := records[last].(schema.Fact)
		f.Evidence = slices.Clone(f.Evidence)
		change(&f)
		records[last] = f
		return records
	}
	for name, records := range map[string][]schema.Record{
		"nothing":          old,
		"another quote":    changed(func(f *schema.Fact) { f.Evidence[0].Quote = "other words" }),
		"another note":     changed(func(f *schema.Fact) { f.Evidence[0].Note = "a note" }),
		"another standing": changed(func(f *schema.Fact) { f.Evidence = f.Evidence[:1]; f.Evidence[0].Stance = schema.Denies }),
		"another fact":     changed(func(f *schema.Fact) { f.Topic = "another topic" }),
		"a fact less":      old[:last],
		"in reverse":       reversed(old),
		"half of it":       old[:last/2],
	} {
		for _, beside := range []bool{false, true} {
			t.Run(fmt.Sprint(name, beside), func(t *testing.T) { compareReload(t, old, records, beside) })
		}
	}
}

func reversed(records []schema.Record) []schema.Record {
	again := slices.Clone(records)
	slices.Reverse(again)
	return again
}

func compareReload(t *testing.T, old, records []schema.Record, beside bool) {
	again, fresh := open(t, ""), open(t, "")
	if beside {
		for _, g := range []*graph.Graph{again, fresh} {
			load(t, g, "beside", old[:len(old)*3/4]...)
		}
	}
	load(t, again, "d", old...)
	before := quadsOf(t, again)
	report := load(t, again, "d", records...)
	load(t, fresh, "d", records...)
	want, have := quadsOf(t, fresh), quadsOf(t, again)
	if !slices.Equal(want, have) {
		t.Error("another graph than that of a first load")
	}
	added, removed := missing(have, before), missing(before, have)
	if report.Added != added || report.Removed != removed || report.Unchanged != (added+removed == 0) {
		t.Errorf("%+v, but %d were added and %d removed", report, added, removed)
	}
}

// quadsOf returns the sorted lines of the graph as N-Quads.
func quadsOf(t *testing.T, g *graph.Graph) []string {
	lines := strings.Split(strings.TrimSpace(exported(t, g)), "\n")
	slices.Sort(lines)
	return lines
}

// missing counts the lines that a sorted list lacks.
func missing(lines, in []string) (n int) {
	for _, line := range lines {
		if _, found := slices.BinarySearch(in, line); !found {
			n++
		}
	}
	return n
}

// sizes are the numbers of facts that benchmarks of loads use, from ENTENTE_FACTS or
// 5,000 and 50,000 (1.1 million quads).
func sizes(b *testing.B) (all []int) {
	for word := range strings.FieldsSeq(cmp.Or(os.Getenv("ENTENTE_FACTS"), "5000 50000")) {
		n, err := strconv.Atoi(word)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, n)
	}
	return all
}

// BenchmarkLoadFile loads a file of JSON lines into a new graph on disk, and loads it
// again with one fact changed. Set ENTENTE_FACTS to numbers of facts.
func BenchmarkLoadFile(b *testing.B) {
	for _, facts := range sizes(b) {
		dir := b.TempDir()
		path := filepath.Join(dir, "world.jsonl")
		write := func(records iter.Seq2[schema.Record, error]) {
			f, err := os.Create(path)
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			if err := loaders.WriteJSONLines(f, records); err != nil {
				b.Fatal(err)
			}
		}
		graphs := 0
		b.Run(fmt.Sprintf("new/%d", facts), func(b *testing.B) {
			write(synth.Records(facts, 1))
			for b.Loop() {
				graphs++
				loadFile(b, filepath.Join(dir, strconv.Itoa(graphs)), path)
			}
			b.ReportMetric(float64(b.N)*float64(facts)/b.Elapsed().Seconds(), "facts/s")
			reportPeak(b)
		})
		b.Run(fmt.Sprintf("one-changed/%d", facts), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				graphs++
				write(withLastQuote(facts, fmt.Sprint("quote ", graphs)))
				b.StartTimer()
				loadFile(b, filepath.Join(dir, "1"), path)
			}
		})
	}
}

// withLastQuote returns the records of a synthetic world, the last with another quote.
func withLastQuote(facts int, quote string) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		n := 0
		for r, err := range synth.Records(facts, 1) {
			if f, ok := r.(schema.Fact); ok {
				if n++; n == facts {
					f.Evidence = slices.Clone(f.Evidence)
					f.Evidence[0].Quote = quote
					r = f
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func loadFile(b *testing.B, dir, path string) {
	g, err := graph.Open(b.Context(), dir, nil)
	if err != nil {
		b.Fatal(err)
	}
	in, err := loaders.Open(path, nil)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := g.LoadInput(b.Context(), in, &graph.LoadOptions{}); err != nil {
		b.Fatal(err)
	}
	if err := g.Close(); err != nil {
		b.Fatal(err)
	}
}

// reportPeak reports the memory that the process has got from the system so far.
func reportPeak(b *testing.B) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB")
}

// BenchmarkAdd adds one fact and 1,000 facts to a dataset of as many facts as its name
// says, synced. Set ENTENTE_FACTS to numbers of facts.
func BenchmarkAdd(b *testing.B) {
	for _, facts := range sizes(b) {
		g, err := graph.Open(b.Context(), b.TempDir(), nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := g.Load(b.Context(), "d", synth.Records(facts, 1), nil); err != nil {
			b.Fatal(err)
		}
		var some []schema.Fact
		for _, r := range synthetic(b, 1500, 1) {
			f, ok := r.(schema.Fact)
			namesFact := func(p schema.Participant) bool { return schema.KindOf(p.ID) == schema.KindFact }
			if ok && len(f.Links) == 0 && !slices.ContainsFunc(f.Roles, namesFact) { // the topic changes ids
				some = append(some, f)
			}
		}
		round := 0
		for _, n := range []int{1, 1000} {
			b.Run(fmt.Sprintf("%d/%d", n, facts), func(b *testing.B) {
				for b.Loop() {
					round++
					add(b, g, some[:n], fmt.Sprint("round ", round))
				}
			})
		}
		if err := g.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func add(b *testing.B, g *graph.Graph, facts []schema.Fact, topic string) {
	_, err := g.Update(b.Context(), "d", func(tx *graph.Tx) error {
		for _, f := range facts {
			f.Topic = topic
			if err := tx.Add(f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// Rows that repeat a fact with another source make what one record with all sources
// makes, also where they are more than are kept in memory.
func TestManyRepeatedFacts(t *testing.T) {
	apart, together := world(), world()
	var again []schema.Record
	for i := range 12_000 {
		f := meeting("2023-07-12", paper.ID)
		f.Key = fmt.Sprint(i)
		repeat := f
		repeat.Evidence = []schema.Evidence{{Source: wire.ID, Quote: f.Key}}
		both := f
		both.Evidence = slices.Concat(f.Evidence, repeat.Evidence)
		apart, again, together = append(apart, f), append(again, repeat), append(together, both)
	}
	g, fresh := open(t, ""), open(t, "")
	if report := load(t, g, "d", slices.Concat(apart, again)...); report.Facts != 12_000 || report.Repeated != 12_000 {
		t.Errorf("%+v", report)
	}
	load(t, fresh, "d", together...)
	if digest(t, g) != digest(t, fresh) {
		t.Error("repeated rows make another graph")
	}
}

// Repeated facts that are close together make what they make far apart: the same graph,
// report and rejected rows.
func TestRepeatsCloseAndApart(t *testing.T) {
	const apart = 300 // records, so that no two facts are encoded together
	for seed := range sizeOf(t, "ENTENTE_REPEATS", 4, 40) {
		random := rand.New(rand.NewPCG(uint64(seed), 3))
		var facts []schema.Record
		for i := range 40 {
			f := meeting(oneOf(random, "2023-07-12", "2023-07"), oneOf(random, paper.ID, wire.ID))
			f.Roles = slices.Clone(f.Roles)
			if random.IntN(2) == 0 {
				slices.Reverse(f.Roles)
			}
			f.Key, f.Pos = fmt.Sprint(random.IntN(8)), schema.Position{File: "facts", Line: i + 1}
			e := &f.Evidence[0]
			e.Quote, e.Note = fmt.Sprint("words ", random.IntN(6)), oneOf(random, "", "", "", "a note")
			e.Stance = oneOf(random, schema.Asserts, schema.Denies, schema.Hearsay)
			if random.IntN(10) == 0 {
				e.At = []schema.ID{oneOf(random, hotel.ID, "place:nowhere")}
			}
			if random.IntN(20) == 0 {
				f.Verb = "no-verb"
			}
			facts = append(facts, f)
		}
		var padding []schema.Record
		for i := range apart * len(facts) {
			padding = append(padding, entity(schema.ID(fmt.Sprint("thing:", i)), "A thing"))
		}
		var mixed []schema.Record
		for i, f := range facts {
			mixed = append(append(mixed, f), padding[i*apart:(i+1)*apart]...)
		}
		states := [2]string{}
		for i, records := range [][]schema.Record{slices.Concat(facts, padding), mixed} {
			var rejected []string
			g := open(t, "")
			report, err := g.Load(t.Context(), "d", sequence(slices.Concat(world(), records)...), &graph.LoadOptions{MaxErrors: -1,
				OnReject: func(err error) { rejected = append(rejected, err.Error()) }})
			slices.Sort(rejected)
			states[i] = fmt.Sprintf("%+v\n%v\n%s\n%s", report, err, strings.Join(rejected, "\n"), digest(t, g))
		}
		if states[0] != states[1] {
			t.Fatalf("seed %d: close together\n%s\nand apart\n%s", seed, states[0], states[1])
		}
	}
}
