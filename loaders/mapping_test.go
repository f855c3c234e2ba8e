package loaders_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// pairsOf reads a text in blocks of a size, or whole for each pass if that is 0. It also
// returns the number of blocks of its mapping.
func pairsOf(t *testing.T, l loaders.Loader, name, text string, blockSize int) (all []pair, about map[string]string, blocks int) {
	t.Helper()
	in, err := loaders.OpenWith(l, name, []byte(text), nil)
	if err != nil {
		return []pair{{err: err.Error()}}, nil, 0
	}
	if in.SetBlockSize(blockSize); blockSize == 0 {
		in.SetBlockSize(len(text))
		in.SetMaxKept(0)
	}
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
	return all, in.About, in.Divided()
}

// sameInBlocks checks that a text is read in the same way in small blocks and whole. It
// returns the number of blocks.
func sameInBlocks(t *testing.T, l loaders.Loader, name, text string) (most int) {
	t.Helper()
	want, about, _ := pairsOf(t, l, name, text, len(text))
	for _, size := range []int{0, 1, 150} {
		got, gotAbout, blocks := pairsOf(t, l, name, text, size)
		most = max(most, blocks)
		if sameError := unreadable(got) && unreadable(want) && got[len(got)-1] == want[len(want)-1]; sameError {
			continue // the problems of earlier blocks stand before the error
		}
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(gotAbout, about) {
			t.Fatalf("in blocks of %d bytes %v, whole %v: %s\n%s", size, gotAbout, about, difference(got, want), text)
		}
	}
	return most
}

// unreadable reports whether the last pair is the error of a whole file.
func unreadable(pairs []pair) bool {
	return len(pairs) > 0 && pairs[len(pairs)-1].err != "" && pairs[len(pairs)-1].at == schema.Position{}
}

// mappings are texts of one mapping, and into how many blocks they are divided at
// most: 0 for those that are parsed whole.
var mappings = []struct {
	name, text string
	blocks     int
}{
	{"plain.yaml", "people:\n  - A\n  - name: B\n    posts: [X]\nposts: [X]\nfacts:\n  - A met B\n  - fact: B met A\n    quote: |\n      text\n       - more\n\n      end\n    note: >-\n      a\n      b\n\n  # c\n  - A mett B\n", 7},
	{"hyphens at the margin.yaml", "---\n# c\nfacts:\n- A met B\n-\n  fact: B met A\n# c\n- fact: A called B\n  when: 2020\npeople:\n- A\n- B\n", 6},
	{"defaults last.yaml", "people:\n  - A\n  - B\nfacts:\n  - A met B\n  - B met A\nabout:\n  title: T\n  note: 'a\n\n    b'\ndefaults:\n  stance: x\n  status: happened\n", 5},
	{"breaks.yaml", "people:\r\n  - A\r\n  - B\r\nfacts:\r\n  - A met B\r\n  - fact: A met B\u2028    note: x\n  - B mett A\u0085  - A mett B\r  - B called A\n", 8},
	{"anchor across items.yaml", "people: [A, B]\nfacts:\n  - fact: A met B\n    source: &s {title: T}\n  - fact: B met A\n    source: *s\n", 0},
	{"anchor in one item.yaml", "people: [A, B]\nfacts:\n  - fact: A met B\n    note: &n x\n    quote: *n\n  - A mett B\n", 0},
	{"quote across items.yaml", "people: [A, B]\nfacts:\n  - fact: A met B\n    quote: \"one\n  - two\n  - three\"\n  - A mett B\n", 0},
	{"key in a quote.yaml", "people: [A, B]\nfacts:\n  - fact: A met B\n    quote: \"one\nsources: two\"\n  - A mett B\n", 0},
	{"a tag.yaml", "people: [A, B]\nfacts:\n  - A met B\n  - !x A met B\n", 0},
	{"a tagged list.yaml", "people: !!seq [A, B]\nfacts:\n  - A met B\n", 0},
	{"not YAML.yaml", "people: [A, B]\nfacts:\n  - A mett B\n  - A: met: B\n  - [A\n", 0},
	{"unknown key.yaml", "people: [A, B]\nfacts:\n  - A mett B\nfact:\n  - A met B\n", 0},
	{"twice.yaml", "people: [A, B]\nfacts:\n  - A mett B\nfacts:\n  - A met B\n", 0},
	{"not a list.yaml", "people: [A, B]\nfacts:\n  - A mett B\nsources: T\n", 0},
	{"two documents.yaml", "people: [A, B]\nfacts:\n  - A met B\n---\nfacts: []\n", 0},
	{"wrong about.yaml", "people:\n  - A\n  - 3: 4\nabout: x\nfacts:\n  - A mett B\n", 0},
	{"nothing.yaml", "people:\nfacts:\n  -\n  -\n", 3},
	{"mark.yaml", "\ufeffpeople:\n  - A\n  - B\nfacts:\n  - A met B\n  - A mett B\n", 5},
	{"lines.json", "{\"about\": {\"title\": \"T\", \"x\": \"\\u0041\"}, \"people\": [\"A\",\n\"B\"],\n\"facts\": [\"A met B\", \"B met A\",\n{\"fact\": \"A met B\", \"quote\": \"[,\\n\\\"]\"},\n \"A mett B\", \"A\"] , \"defaults\": {\"stance\": \"x\"\n}}\n", 6},
	{"indented.json", "{\n  \"facts\": [\n    \"A met B\",\n    {\n      \"fact\": \"B mett A\",\n      \"evidence\": [\n        {\"quote\": \"x\"},\n        {\"quote\": \"y\"}\n      ]\n    }\n  ],\n  \"people\": [\n    \"A\", \n    \"B\"\n  ]\n}", 5},
	{"mark.json", "\ufeff{\"people\": [\"A\",\n\"B\"],\n\"facts\": [\"A met B\",\n\"A mett B\"]}", 5},
	{"one line.json", `{"people": ["A", "B"], "facts": ["A met B", "A mett B"]}`, 2},
	{"shared line.json", "{\"people\": [\"A\",\n{\"name\": \"B\", \"posts\": [\"X\"]}], \"facts\": [\"A met B\",\n\"A mett B\"],\"posts\": [\"X\"]}", 4},
	{"empty.json", "{\"people\": [\n], \"about\": {},\n\"facts\": [ ],\n\"sources\": null\n}", 3},
	{"not JSON.json", "{\"people\": [\"A\",\n\"B\"],\n\"facts\": [\"A mett B\",\n\"A\" met B]}", 5},
	{"brackets.json", "{\"people\": [\"A\",\n\"B\"},\n\"facts\": [\"A mett B\",\n\"A\"]}", 5},
	{"not one object.json", "{\"people\": [\"A\",\n\"B\"]} {}", 0},
	{"unknown key.json", "{\"people\": [\"A\",\n\"B\"],\n\"fact\": [\"A mett B\"]}", 0},
	{"twice.json", "{\"people\": [\"A\",\n\"B\"],\n\"people\": [\"C\"]}", 0},
	{"not a list.json", "{\"people\": [\"A\",\n{\"x\": 1}],\n\"facts\": \"A mett B\"}", 0},
	{"wrong about.json", "{\"people\": [\"A\",\n{\"x\": 1}],\n\"about\": [\"A mett B\"]}", 0},
}

func TestMappingsAreDivided(t *testing.T) {
	for _, m := range mappings {
		t.Run(m.name, func(t *testing.T) {
			if got := sameInBlocks(t, loaderOf(m.name), m.name, m.text); got != m.blocks {
				t.Errorf("divided into %d blocks, not %d", got, m.blocks)
			}
		})
	}
}

func loaderOf(name string) loaders.Loader {
	l, err := loaders.ForFile(name, nil)
	if err != nil {
		panic(err)
	}
	return l
}

// TestDividingNeverChangesWhatIsRead reads random mappings, also damaged ones, in
// blocks and whole.
func TestDividingNeverChangesWhatIsRead(t *testing.T) {
	for name, write := range map[string]func(*rand.Rand) string{"f.yaml": randomYAML, "f.json": randomJSONMapping} {
		divided, seeds := 0, uint64(40)
		if os.Getenv("ENTENTE_TESTS") == "full" {
			seeds = 1000
		}
		for seed := range seeds {
			random := rand.New(rand.NewPCG(seed, 5))
			text := write(random)
			for range 4 {
				divided += min(sameInBlocks(t, loaderOf(name), name, text), 1)
				text = damaged(random, text)
			}
		}
		if divided < int(seeds)/2 {
			t.Errorf("%s: only %d of %d texts are divided", name, divided, 4*seeds)
		}
	}
}

func FuzzMapping(f *testing.F) {
	for _, m := range mappings {
		f.Add(m.text, strings.HasSuffix(m.name, ".json"))
	}
	f.Fuzz(func(t *testing.T, text string, isJSON bool) {
		if len(text) > 1<<12 {
			return
		}
		name := "f.yaml"
		if isJSON {
			name = "f.json"
		}
		sameInBlocks(t, loaderOf(name), name, text)
	})
}

// yamlWriter writes random YAML.
type yamlWriter struct {
	*rand.Rand
	strings.Builder
	brk string
}

func (w *yamlWriter) any(choices ...string) string { return choices[w.IntN(len(choices))] }

func (w *yamlWriter) line(indent int, text string) {
	if w.IntN(12) == 0 {
		w.WriteString(strings.Repeat(" ", w.IntN(6)) + w.any("# c: x", "#- y", "", "  ") + w.brk)
	}
	w.WriteString(strings.Repeat(" ", indent) + text + w.any("", "", "", "", "  ", " # end") + w.brk)
}

// randomYAML writes a mapping with lists of several styles.
func randomYAML(r *rand.Rand) string {
	w := &yamlWriter{Rand: r, brk: "\n"}
	if r.IntN(6) == 0 {
		w.brk = w.any("\r\n", "\r", "\u2028")
	}
	if r.IntN(5) == 0 {
		w.line(0, "---")
	}
	lists := []string{"people", "facts", "sources", "entities", "about", "defaults"}
	r.Shuffle(len(lists), func(i, j int) { lists[i], lists[j] = lists[j], lists[i] })
	for _, list := range lists {
		switch list {
		case "about":
			w.line(0, w.any("about: {title: T}", "about:"+w.brk+"  title: \"a"+w.brk+"    b\""))
		case "defaults":
			w.line(0, w.any("defaults: {status: happened}", "defaults:"+w.brk+"  method: x", "defaults:"+w.brk+"  note: |"+w.brk+"    facts:"+w.brk+"    - x"))
		default:
			w.list(list)
		}
	}
	return w.String()
}

func (w *yamlWriter) list(name string) {
	items := map[string][]string{
		"people": {"A", "B", "{name: C, posts: [X]}", "name: D\nborn: 1950", "name: E\naliases:\n  - EE\n  - E2", "'F'", "3: 4"},
		"facts": {"A met B", "\"B met A\"", "{fact: A met B, quote: \"x, [\"}", "fact: A mett B\nwhen: 2020", "fact: A called B\nnote: |\n  - x\n\n  facts:\nquote: y",
			"fact: A met B\nquote: >+\n  a\n   - b\n\n", "fact: A met D\nevidence:\n- quote: a\n- quote: b\n  stance: denies", "verb: met\nactor:\n  - A\nrecipient: B\nnote: 'it''s\n\n  so'",
			"A met\n  B", "fact: A met B\nkey: k\nbecause: k", "- A met B", "? fact\n: A met B", "fact: A met B\nsource: {title: T}", "\"A met\n\n  B\""},
		"sources":  {"T", "title: U\nurl: http://u", "{title: V, key: v}"},
		"entities": {"{kind: Place, name: P}", "kind: Person\nname: \"Q\"", "kind: Country\nname: Z # c"},
	}[name]
	if w.IntN(10) == 0 {
		w.line(0, name+": ["+strings.Join(items[:2], ",\n  ")+"]")
		return
	}
	w.line(0, name+":")
	indent := w.IntN(4)
	for range w.IntN(8) {
		item := strings.Split(items[w.IntN(len(items))], "\n")
		if w.IntN(40) == 0 {
			item = strings.Split(w.any("&a A met B", "*a", "\"A met\n- B\"", "!x y", "fact: A met B\n quote: y"), "\n")
		}
		inner := indent + 2
		if w.IntN(6) == 0 && !strings.HasPrefix(item[0], "A met") {
			w.line(indent, "-")
		} else {
			w.line(indent, "- "+item[0])
			item = item[1:]
		}
		for _, l := range item {
			w.line(inner, l)
		}
	}
}

// randomJSONMapping writes an object with line breaks at random places.
func randomJSONMapping(r *rand.Rand) string {
	var w strings.Builder
	space := func() string { return []string{"", "", " ", "\n", "\n", "\n ", "\r\n", "\t"}[r.IntN(8)] }
	write := func(parts ...string) {
		for _, p := range parts {
			w.WriteString(space() + p)
		}
	}
	write("{")
	lists := []string{"people", "facts", "sources", "about", "defaults"}
	r.Shuffle(len(lists), func(i, j int) { lists[i], lists[j] = lists[j], lists[i] })
	items := map[string][]string{
		"people": {`"A"`, `"B"`, `{"name": "C", "posts": ["X"]}`, "{\"name\": \"D\",\n\"born\": \"1950\"}", `3`},
		"facts": {`"A met B"`, `"B met A"`, `{"fact": "A mett B", "quote": "x, [\"\\"}`, "{\"fact\":\n\"A met B\",\n\"evidence\": [\n{\"quote\": \"a\"},\n{\"quote\": \"b\"}]}",
			`{"fact": "A met B", "key": "k", "because": "k"}`, `{"fact": "A met B", "source": {"title": "T"}}`, `[]`, `"A met \u0042"`},
		"sources": {`"T"`, `{"title": "U", "key": "u"}`},
	}
	for i, list := range lists {
		if i > 0 {
			write(",")
		}
		write(fmt.Sprintf("%q", list), ":")
		switch list {
		case "about":
			write(`{"title": "T", "a": "}"}`)
		case "defaults":
			write("{", `"method"`, ":", `"x"`, "}")
		default:
			write("[")
			for n := range r.IntN(7) {
				if n > 0 {
					write(",")
				}
				write(items[list][r.IntN(len(items[list]))])
			}
			write("]")
		}
	}
	write("}", "")
	return w.String()
}
