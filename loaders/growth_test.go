package loaders_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// times formats each number below n.
func times(n int, separator, format string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(format, "#", fmt.Sprint(i))
	}
	return strings.Join(all, separator)
}

// shapes are inputs of size n, by file name.
var shapes = map[string]func(n int) string{
	"line.json": func(n int) string {
		return `{"people": [` + times(n, ",", `"谢 P#"`) + `], "facts": [` + times(n, ",", `"谢 P# met 谢 P0 and 谢 P#"`) + `]}`
	},
	"array.json": func(n int) string {
		return `[` + times(n, ",", `{"kind":"Person","name":"P#"}`) + `,` + times(n, ",", `{"verb":"met","actor":"P#","recipient":"Px"}`) + `]`
	},
	"rejects.json": func(n int) string { return `{"people": ["A"], "facts": [` + times(n, ",", `"A mett P#"`) + `]}` },
	"slips.json": func(n int) string {
		return `{"people": [` + times(n, ",", `"Ann P#"`) + `], "facts": [` + times(n, ",", `"Ann P0 met Ann Q#"`) + `]}`
	},
	"keys.json":    func(n int) string { return `{"people": ["A"], "about": {` + times(n, ",", `"k#": "v"`) + `}}` },
	"twice.json":   func(n int) string { return `{` + times(n, ",", `"people": ["A#"]`) + `}` },
	"aliases.json": func(n int) string { return `{"people": [{"name": "A", "aliases": [` + times(n, ",", `"A#"`) + `]}]}` },
	"homonyms.json": func(n int) string {
		return `{"people": [` + times(n, ",", `{"name": "Ann", "id": "person:a#"}`) + `], "facts": [` + times(n, ",", `"Ann met Ann"`) + `]}`
	},
	"relations.json": func(n int) string {
		return `{"people": [{"name": "A", "member-of": [` + times(n, ",", `"I#"`) + `]}], "institutions": [` + times(n, ",", `"I#"`) + `]}`
	},
	"posts.json": func(n int) string {
		return `{"people": [{"name": "A", "posts": [` + times(n, ",", `"Po#"`) + `]}], "posts": [` + times(n, ",", `"Po#"`) + `]}`
	},
	"evidence.json": func(n int) string {
		return `{"people": ["A", "B"], "sources": [{"title": "S"}], "facts": [{"fact": "A met B", "evidence": [` + times(n, ",", `{"source": "S", "quote": "q#"}`) + `]}]}`
	},
	"parties.json": func(n int) string {
		return `{"people": [` + times(n, ",", `"P#"`) + `], "gatherings": ["G"], "facts": [{"verb": "met", "during": "G", "party": [` + times(n, ",", `"P#"`) + `]}]}`
	},
	"sides.json": func(n int) string {
		return `{"people": [` + times(2*n, ",", `"P#"`) + `], "facts": [{"verb": "met", "actor": [` + times(n, ",", `"P#"`) + `], "recipient": [` + times(n, ",", `"P1#"`) + `]}]}`
	},
	"titles.json": func(n int) string {
		return `{"people": ["A", "B"], "facts": [` + times(n, ",", `{"fact": "A met B", "source-key": "k#", "source": {"title": "T", "publisher": "P#"}}`) + `]}`
	},
	"circles.json": func(n int) string {
		return `{"people": ["A", "B"], "facts": [` + times(n, ",", `{"fact": "A met B", "key": "k#", "source-key": "k#", "led-to": ["k0", "kk#"]}, {"fact": "A met B", "key": "kk#", "source-key": "kk#", "led-to": ["k#"]}`) + `]}`
	},
	"brackets.json": func(n int) string {
		return `{"people": ["A"], "facts": [{"verb": "met", "actor": "A", "recipient": "` + strings.Repeat("< ", n) + `"}]}`
	},
	"deep.json": func(n int) string { return `[` + times(n, ",", strings.Repeat("[", 99)+strings.Repeat("]", 99)) + `]` },
	"lines.jsonl": func(n int) string {
		return times(n, "\n", `{"kind": "Person", "name": "P#"}`) + times(n, "\n", `{"fact": "P# met P0"`)
	},
	"flow.yaml": func(n int) string {
		return `people: [` + times(n, ", ", `谢 P#`) + "]\nfacts: [" + times(n, ", ", `{fact: 谢 P# mett}`) + "]\n"
	},
	"block.yaml": func(n int) string {
		return "people:\n" + times(n, "\n", "- P# # x") + "\nfacts:\n" + times(n, "\n", "- fact: P# met P0\n  when: 2020") + "\n"
	},
	"anchors.yaml": func(n int) string { return `people: [` + times(n, ", ", `&a# P#, *a#`) + "]\n" },
	"long.yaml":    func(n int) string { return `people: ["` + strings.Repeat(`\u00e9`, n) + "\"]\n" },
	"rows.csv": func(n int) string {
		return "from,from_kind,type,to,to_kind\n" + times(n, "\n", "P#,Person,met,Px#,Person") + "\n"
	},
	"columns.csv": func(n int) string {
		return "from,from_kind,type,to,to_kind," + times(n, ",", "_é#") + "\nA,Person,mett,B,Person," + times(n, ",", "é#") + "\n"
	},
	"rejects.csv": func(n int) string { return "from,type,to\n" + times(n, "\n", "A,mett,B") + "\n" },
	"cells.csv":   func(n int) string { return "kind,name,aliases\nperson,Ann," + times(n, "|", "a#") + "\n" },
}

// work measures how much work an input is: bytes that are allocated, and bytes
// that are read to compute positions. Neither depends on the load of the machine.
func work(t *testing.T, name, data string) (allocated, looked int) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	l, err := loaders.ForFile(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	in, err := loaders.OpenWith(l, name, []byte(data), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range in.Records(t.Context()) {
		_ = schema.Hint(err)
	}
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc), in.Scanned()
}

// TestWorkGrowsWithTheInput checks that ten times the input is at most fifteen
// times the work.
func TestWorkGrowsWithTheInput(t *testing.T) {
	for name, shape := range shapes {
		n := 100
		some, someLooked := work(t, name, shape(n))
		lots, lotsLooked := work(t, name, shape(10*n))
		const room = 300 << 10 // fixed costs
		if lots > 15*some+room {
			t.Errorf("%s: %d bytes are allocated for %d, %d for ten times as many", name, some, n, lots)
		}
		if size := len(shape(10 * n)); lotsLooked > 15*someLooked+150*size {
			t.Errorf("%s: %d bytes are read to find places for %d, %d for ten times as many", name, someLooked, n, lotsLooked)
		}
	}
}
