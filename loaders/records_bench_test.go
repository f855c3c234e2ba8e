package loaders_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// BenchmarkRecords reads the facts of a synthetic world in each format, from bytes
// to records. It reports facts per second and the peak of the live heap.
func BenchmarkRecords(b *testing.B) {
	for _, size := range []int{5_000, 50_000} {
		for format, write := range worldFormats {
			b.Run(fmt.Sprintf("%s/%d", format, size), func(b *testing.B) {
				name := filepath.Join(b.TempDir(), "world."+format)
				if err := os.WriteFile(name, []byte(write(b, size)), 0o600); err != nil {
					b.Fatal(err)
				}
				measureRecords(b, name)
			})
		}
	}
}

func measureRecords(b *testing.B, name string) {
	b.ReportAllocs()
	runtime.GC()
	peak, stop := watchHeap()
	facts, began := 0, processorTime(b)
	for b.Loop() {
		facts = 0
		in, err := loaders.Open(name, nil)
		if err != nil {
			b.Fatal(err)
		}
		for r, err := range in.Records(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			if _, ok := r.(schema.Fact); ok {
				facts++
			}
		}
	}
	stop()
	b.ReportMetric(float64(facts)*float64(b.N)/b.Elapsed().Seconds(), "facts/s")
	b.ReportMetric(float64((processorTime(b)-began).Microseconds())/float64(facts*b.N), "µs-cpu/fact")
	b.ReportMetric(float64(peak.Load())/1e6, "peak-MB")
}

// processorTime returns the processor time that this process has used.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watchHeap samples the size of the heap until stop is called, and returns its
// greatest growth.
func watchHeap() (peak *atomic.Int64, stop func()) {
	peak = new(atomic.Int64)
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		var now runtime.MemStats
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				runtime.ReadMemStats(&now)
				peak.Store(max(peak.Load(), int64(now.HeapAlloc)-int64(before.HeapAlloc)))
			}
		}
	}()
	return peak, func() { close(done); <-ended }
}

// worldFormats write a synthetic world of a number of facts in each format.
var worldFormats = map[string]func(b *testing.B, facts int) string{
	"jsonl": worldJSONLines, "json": worldJSON, "csv": worldCSV, "yaml": worldYAML,
}

func worldJSONLines(b *testing.B, facts int) string {
	var w strings.Builder
	if err := loaders.WriteJSONLines(&w, synth.Records(facts, 1)); err != nil {
		b.Fatal(err)
	}
	return w.String()
}

func worldJSON(b *testing.B, facts int) string {
	lines := strings.TrimSpace(worldJSONLines(b, facts))
	return "[" + strings.ReplaceAll(lines, "\n", ",\n") + "]\n"
}

// worldCSV writes two-sided facts with their first evidence as a table. Names have
// their kinds beside them, and each row describes its source.
func worldCSV(b *testing.B, facts int) string {
	var w strings.Builder
	c := csv.NewWriter(&w)
	c.Write(strings.Split("actor,actor_kind,verb,recipient,recipient_kind,when,topic,status,source_key,source,quote,locator,stance,method", ","))
	eachFact(b, facts, func(f schema.Fact) {
		actors, recipients := f.With(schema.RoleActor), f.With(schema.RoleRecipient)
		if len(actors) != 1 || len(recipients) != 1 || len(f.Roles) != 2 {
			return
		}
		e, name := f.Evidence[0], func(id schema.ID) string { return strings.ReplaceAll(string(id), ":", " ") }
		c.Write([]string{name(actors[0]), string(schema.KindOf(actors[0])), string(f.Verb), name(recipients[0]),
			string(schema.KindOf(recipients[0])), f.When.Written, f.Topic, string(f.Status), f.Key, name(e.Source),
			e.Quote, e.Locator, string(e.Stance), string(e.Method)})
	})
	c.Flush()
	return w.String()
}

// worldYAML writes two-sided facts in block style, with a line for each key.
func worldYAML(b *testing.B, facts int) string {
	var declared, told strings.Builder
	eachRecord(b, facts, func(r schema.Record) {
		switch r := r.(type) {
		case schema.Entity:
			fmt.Fprintf(&declared, "  - id: %s\n    kind: %s\n    name: %q\n", r.ID, r.Kind, r.Label)
		case schema.Document:
			fmt.Fprintf(&told, "  - id: %s\n    title: %q\n", r.ID, r.Label)
		}
	})
	sources := told.String()
	told.Reset()
	eachFact(b, facts, func(f schema.Fact) {
		fmt.Fprintf(&told, "  - verb: %s\n    when: %q\n    source-key: %q\n", f.Verb, f.When.Written, f.Key)
		for _, role := range []schema.Role{schema.RoleActor, schema.RoleRecipient, schema.RoleParty} {
			if ids := f.With(role); len(ids) > 0 {
				fmt.Fprintf(&told, "    %s:\n", role)
				for _, id := range ids {
					fmt.Fprintf(&told, "      - <%s>\n", id)
				}
			}
		}
		e := f.Evidence[0]
		fmt.Fprintf(&told, "    quote: %q\n    locator: %s\n    source: <%s>\n", e.Quote, e.Locator, e.Source)
	})
	return "entities:\n" + declared.String() + "sources:\n" + sources + "facts:\n" + told.String()
}

func eachFact(b *testing.B, facts int, call func(schema.Fact)) {
	eachRecord(b, facts, func(r schema.Record) {
		if f, ok := r.(schema.Fact); ok {
			call(f)
		}
	})
}

func eachRecord(b *testing.B, facts int, call func(schema.Record)) {
	for r, err := range synth.Records(facts, 1) {
		if err != nil {
			b.Fatal(err)
		}
		call(r)
	}
}
