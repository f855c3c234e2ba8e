package loaders_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// repeatFormat formats each number below n.
func repeatFormat(n int, separator, format string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(format, "#", fmt.Sprint(i))
	}
	return strings.Join(all, separator)
}

// growingInputs are inputs of size n, by file name.
var growingInputs = map[string]func(n int) string{
	"line.json": func(n int) string {
		return `{"people": [` + repeatFormat(n, ",", `"谢 P#"`) + `], "facts": [` + repeatFormat(n, ",", `"谢 P# met 谢 P0 and 谢 P#"`) + `]}`
	},
	"array.json": func(n int) string {
		return `[` + repeatFormat(n, ",", `{"kind":"Person","name":"P#"}`) + `,` + repeatFormat(n, ",", `{"verb":"met","actor":"P#","recipient":"Px"}`) + `]`
	},
	"rejects.json": func(n int) string { return `{"people": ["A"], "facts": [` + repeatFormat(n, ",", `"A mett P#"`) + `]}` },
	"slips.json": func(n int) string {
		return `{"people": [` + repeatFormat(n, ",", `"Ann P#"`) + `], "facts": [` + repeatFormat(n, ",", `"Ann P0 met Ann Q#"`) + `]}`
	},
	"keys.json":  func(n int) string { return `{"people": ["A"], "about": {` + repeatFormat(n, ",", `"k#": "v"`) + `}}` },
	"twice.json": func(n int) string { return `{` + repeatFormat(n, ",", `"people": ["A#"]`) + `}` },
	"aliases.json": func(n int) string {
		return `{"people": [{"name": "A", "aliases": [` + repeatFormat(n, ",", `"A#"`) + `]}]}`
	},
	"homonyms.json": func(n int) string {
		return `{"people": [` + repeatFormat(n, ",", `{"name": "Ann", "id": "person:a#"}`) + `], "facts": [` + repeatFormat(n, ",", `"Ann met Ann"`) + `]}`
	},
	"relations.json": func(n int) string {
		return `{"people": [{"name": "A", "member-of": [` + repeatFormat(n, ",", `"I#"`) + `]}], "institutions": [` + repeatFormat(n, ",", `"I#"`) + `]}`
	},
	"posts.json": func(n int) string {
		return `{"people": [{"name": "A", "posts": [` + repeatFormat(n, ",", `"Po#"`) + `]}], "posts": [` + repeatFormat(n, ",", `"Po#"`) + `]}`
	},
	"evidence.json": func(n int) string {
		return `{"people": ["A", "B"], "sources": [{"title": "S"}], "facts": [{"fact": "A met B", "evidence": [` + repeatFormat(n, ",", `{"source": "S", "quote": "q#"}`) + `]}]}`
	},
	"parties.json": func(n int) string {
		return `{"people": [` + repeatFormat(n, ",", `"P#"`) + `], "gatherings": ["G"], "facts": [{"verb": "met", "during": "G", "party": [` + repeatFormat(n, ",", `"P#"`) + `]}]}`
	},
	"sides.json": func(n int) string {
		return `{"people": [` + repeatFormat(2*n, ",", `"P#"`) + `], "facts": [{"verb": "met", "actor": [` + repeatFormat(n, ",", `"P#"`) + `], "recipient": [` + repeatFormat(n, ",", `"P1#"`) + `]}]}`
	},
	"titles.json": func(n int) string {
		return `{"people": ["A", "B"], "facts": [` + repeatFormat(n, ",", `{"fact": "A met B", "source-key": "k#", "source": {"title": "T", "publisher": "P#"}}`) + `]}`
	},
	"circles.json": func(n int) string {
		return `{"people": ["A", "B"], "facts": [` + repeatFormat(n, ",", `{"fact": "A met B", "key": "k#", "source-key": "k#", "led-to": ["k0", "kk#"]}, {"fact": "A met B", "key": "kk#", "source-key": "kk#", "led-to": ["k#"]}`) + `]}`
	},
	"brackets.json": func(n int) string {
		return `{"people": ["A"], "facts": [{"verb": "met", "actor": "A", "recipient": "` + strings.Repeat("< ", n) + `"}]}`
	},
	"deep.json": func(n int) string {
		return `[` + repeatFormat(n, ",", strings.Repeat("[", 99)+strings.Repeat("]", 99)) + `]`
	},
	"lines.jsonl": func(n int) string {
		return repeatFormat(n, "\n", `{"kind": "Person", "name": "P#"}`) + repeatFormat(n, "\n", `{"fact": "P# met P0"`)
	},
	"flow.yaml": func(n int) string {
		return `people: [` + repeatFormat(n, ", ", `谢 P#`) + "]\nfacts: [" + repeatFormat(n, ", ", `{fact: 谢 P# mett}`) + "]\n"
	},
	"block.yaml": func(n int) string {
		return "people:\n" + repeatFormat(n, "\n", "- P# # x") + "\nfacts:\n" + repeatFormat(n, "\n", "- fact: P# met P0\n  when: 2020") + "\n"
	},
	"anchors.yaml": func(n int) string { return `people: [` + repeatFormat(n, ", ", `&a# P#, *a#`) + "]\n" },
	"long.yaml":    func(n int) string { return `people: ["` + strings.Repeat(`\u00e9`, n) + "\"]\n" },
	"rows.csv": func(n int) string {
		return "from,from_kind,type,to,to_kind\n" + repeatFormat(n, "\n", "P#,Person,met,Px#,Person") + "\n"
	},
	"columns.csv": func(n int) string {
		return "from,from_kind,type,to,to_kind," + repeatFormat(n, ",", "_é#") + "\nA,Person,mett,B,Person," + repeatFormat(n, ",", "é#") + "\n"
	},
	"rejects.csv": func(n int) string { return "from,type,to\n" + repeatFormat(n, "\n", "A,mett,B") + "\n" },
	"cells.csv":   func(n int) string { return "kind,name,aliases\nperson,Ann," + repeatFormat(n, "|", "a#") + "\n" },
}

// measureWork measures how much work an input is: bytes that are allocated, and bytes
// that are read to compute positions. Neither depends on the load of the machine.
func measureWork(t *testing.T, name, data string) (allocated, looked int) {
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
	for name, shape := range growingInputs {
		n := 100
		some, someLooked := measureWork(t, name, shape(n))
		lots, lotsLooked := measureWork(t, name, shape(10*n))
		const room = 300 << 10 // fixed costs
		if lots > 15*some+room {
			t.Errorf("%s: %d bytes are allocated for %d, %d for ten times as many", name, some, n, lots)
		}
		if size := len(shape(10 * n)); lotsLooked > 15*someLooked+150*size {
			t.Errorf("%s: %d bytes are read to find places for %d, %d for ten times as many", name, someLooked, n, lotsLooked)
		}
	}
}
