package format_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/format"
	"github.com/rogpeppe/go-internal/diff"
	"gopkg.in/yaml.v3"
)

// randomRecord returns a random record of a list of a dataset. A marker under the key
// note or description identifies it.
func (w *writer) randomRecord(list string) []field {
	w.records++
	marker := fmt.Sprintf("marker %d", w.records)
	var all []field
	add := func(key string, value any) {
		if w.IntN(2) == 0 {
			all = append(all, field{key, value})
		}
	}
	texts := func() any {
		var items []any
		for range w.IntN(4) {
			items = append(items, w.text())
		}
		return items
	}
	aliases := []any{w.text(), []field{{"value", w.text()}, {"lang", "zh"}}}
	switch list {
	case "facts":
		all = append(all, field{"fact", "A met B"}, field{"note", marker})
		add("when", []string{"2023-07-12", "2021", "12 July 2023", "../2020", "2018/..", "soon", "03/04/2015"}[w.IntN(7)])
		add("key", w.text())
		add("topic", w.text())
		add("via", texts())
		add("interpreter", w.text())
		add("_note", w.text())
		add("quote", w.text())
		add("attested", "true")
		add("source", []field{{"title", w.text()}, {"publisher", w.text()}})
		add("evidence", []any{[]field{{"quote", w.text()}, {"source", "x"}}, []field{{"locator", w.text()}}})
	case "sources":
		all = append(all, field{"title", w.text()}, field{"description", marker})
		add("key", w.text())
		add("published", "2023")
		add("aliases", aliases)
	default:
		all = append(all, field{"name", w.text()}, field{"description", marker})
		add("id", "person:x")
		add("aliases", aliases)
		add("part-of", texts())
		add("country", nil)
		add("posts", []any{"Minister", []field{{"post", "Minister"}, {"when", "2020"}, {"quote", w.text()}}})
	}
	w.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// dataset writes a random dataset.
func (w *writer) dataset() string {
	if w.IntN(4) == 0 {
		w.lines(0)
		w.out.WriteString("---" + w.lineComment() + "\n")
	}
	lists := []string{"people", "facts", "sources", "countries"}
	w.Shuffle(len(lists), func(i, j int) { lists[i], lists[j] = lists[j], lists[i] })
	for _, list := range lists[:1+w.IntN(4)] {
		w.record = 0
		if w.IntN(6) == 0 && !strings.Contains(w.out.String(), "about") {
			w.fields([]field{{"about", []field{{"title", w.text()}, {"license", w.text()}}}}, 0, false)
		}
		w.lines(0)
		w.out.WriteString(list + ":" + w.lineComment() + "\n")
		var items []any
		first := w.records + 1
		for range 1 + w.IntN(5) {
			items = append(items, w.randomRecord(list))
		}
		w.list(items, w.IntN(4), func(i int) { w.record = first + i })
		w.record = 0
	}
	w.lines(0)
	if w.IntN(4) == 0 {
		w.out.WriteString("..." + w.lineComment() + "\n")
		w.lines(0)
	}
	text := w.out.String()
	if w.IntN(4) == 0 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if w.IntN(4) == 0 {
		text = "\ufeff" + text
	}
	return text
}

var commentMark = regexp.MustCompile(`# c(\d+) r(\d+): x, \[y\] 'z'`)

// Formatting keeps data and comments, the comments at their records, and a second
// formatting changes nothing.
func TestFormattingKeepsDataAndComments(t *testing.T) {
	runs := 600
	if testing.Short() {
		runs = 100
	}
	bad := 0
	for seed := range runs {
		w := &writer{Rand: rand.New(rand.NewPCG(uint64(seed), 17))}
		w.anchored = seed%5 == 0
		text := w.dataset()
		if !isYAML(text) || !isYAML(strings.ReplaceAll(text, "\r\n", "\n")) { // the parser accepts some texts with either line ends only
			bad++
			continue
		}
		checkFormatted(t, fmt.Sprint("seed ", seed), text, w.comments)
	}
	t.Logf("%d of %d texts are not YAML", bad, runs)
	if bad > runs/4 {
		t.Errorf("%d of %d texts are not YAML", bad, runs)
	}
}

func isYAML(text string) bool { return yaml.Unmarshal([]byte(text), new(yaml.Node)) == nil }

func checkFormatted(t *testing.T, name, text string, comments int) {
	t.Helper()
	out, err := format.YAML("x.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, text)
	}
	again, err := format.YAML("again.yaml", out)
	if err != nil || !bytes.Equal(again, out) {
		t.Fatalf("%s: %v: formatted once and twice\n%s\nof\n%s", name, err, diff.Diff("once", out, "twice", again), text)
	}
	if a, b := dataOf(t, text), dataOf(t, string(out)); a != b {
		t.Fatalf("%s: other data: %s\n%s\n%s\n%s", name, text, out, a, b)
	}
	if got := len(commentMark.FindAllString(string(out), -1)); got != comments {
		t.Fatalf("%s: %d comments of %d\n%s\n%s", name, got, comments, text, out)
	}
	if err := commentsStay(string(out)); err != nil {
		t.Fatalf("%s: %v:\n%s\n%s", name, err, text, out)
	}
}

// commentsStay checks that each comment of a record is between the records before and
// after it.
func commentsStay(out string) error {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(out), &n); err != nil {
		return err
	}
	type span struct{ first, last int } // its first line, and the last line on which a value begins
	spans := map[string]span{}
	var ordered []span
	for _, list := range n.Content[0].Content {
		for _, item := range list.Content {
			s := span{item.Line, lastLine(item)}
			spans[markerOf(item)] = s
			ordered = append(ordered, s)
		}
	}
	slices.SortFunc(ordered, func(a, b span) int { return a.first - b.first })
	for i, line := range strings.Split(out, "\n") {
		m := commentMark.FindStringSubmatch(line)
		if m == nil || m[2] == "0" {
			continue
		}
		own, at := spans["marker "+m[2]], i+1
		place := slices.Index(ordered, own)
		if place > 0 && at <= ordered[place-1].last || place+1 < len(ordered) && at >= ordered[place+1].first {
			return fmt.Errorf("comment %s in line %d is not at its record %s", m[1], at, m[2])
		}
	}
	return nil
}

func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, c := range n.Content {
		last = max(last, lastLine(c))
	}
	return last
}

func markerOf(n *yaml.Node) string {
	for _, c := range n.Content {
		if strings.HasPrefix(c.Value, "marker ") {
			return c.Value
		}
	}
	return ""
}

// dataOf returns a text that is equal for equal data: keys and the records of the
// lists of a dataset are sorted.
func dataOf(t *testing.T, text string) string {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		t.Fatal(err)
	}
	return flatten(n.Content[0], 0)
}

func flatten(n *yaml.Node, depth int) string {
	switch n.Kind {
	case yaml.MappingNode:
		var all []string
		for i := 0; i+1 < len(n.Content); i += 2 {
			all = append(all, strconv.Quote(n.Content[i].Value)+": "+flatten(n.Content[i+1], depth+1))
		}
		slices.Sort(all)
		return "{" + strings.Join(all, ", ") + "}"
	case yaml.SequenceNode:
		var all []string
		for _, c := range n.Content {
			all = append(all, flatten(c, depth+1))
		}
		if depth == 1 {
			slices.Sort(all)
		}
		return "[" + strings.Join(all, ", ") + "]"
	case yaml.AliasNode:
		return "*" + n.Value
	}
	kind := n.Tag
	if kind == "!!timestamp" || kind == "!!int" && len(n.Value) == 4 {
		kind = "!!str" // dates
	}
	return kind + strconv.Quote(n.Value)
}
