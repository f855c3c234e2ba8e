package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// rounds is how often each measure is taken; the least of each cost counts.
const rounds = 3

// world is one world and what was measured with it.
type world struct {
	*bench
	facts                                     int
	made                                      verified // its graph, at first
	size                                      int      // which goals hold: 0, 1, 2 for 1, 10 and 40 million quads
	lines, changed, table, rows, nquads, yaml string   // its files; yaml is "" for a large world
	graph                                     string   // made of lines
	names                                     map[string]string
	least                                     map[string]cost
}

// table measures worlds of all sizes, and prints the table.
func (b *bench) table() error {
	sizes, err := numbers("ENTENTE_FACTS", "60000 500000 2000000")
	if err != nil {
		return err
	}
	var worlds []*world
	for _, facts := range sizes {
		w, err := b.measure(facts)
		if err != nil {
			return fmt.Errorf("%d facts: %w", facts, err)
		}
		worlds = append(worlds, w)
	}
	return printTable(worlds)
}

// measure makes a world, runs all measurements on it and removes its files.
func (b *bench) measure(facts int) (*world, error) {
	dir := b.path(strconv.Itoa(facts))
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	own := *b
	own.dir = dir
	w := &world{bench: &own, facts: facts, least: map[string]cost{}}
	w.lines, w.changed, w.nquads, w.graph = w.path("lines.jsonl"), w.path("changed.jsonl"), w.path("world.nq"), w.path("lines.graph")
	w.table, w.rows = w.path("table"), w.path("rows")
	if facts > 100_000 {
		w.size = 1
	} else {
		w.yaml = w.path("world.yaml")
	}
	if facts > 1_000_000 {
		w.size = 2
	}
	if err := w.prepare(); err != nil {
		return nil, err
	}
	for _, m := range measures(w) {
		if err := w.take(m); err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return w, w.agree()
}

// prepare makes the files of the world, and its graph.
func (w *world) prepare() error {
	say("%s  %d facts: files", time.Now().Format(time.TimeOnly), w.facts)
	if err := w.synth(w.lines, w.facts, 7); err != nil {
		return err
	}
	steps := []func() error{
		func() error { return change(w.lines, w.changed, w.facts/2+1) },
		func() error { return csvFolder(w.lines, w.table, true) },
		func() error { return csvFolder(w.lines, w.rows, false) },
		func() error {
			if w.yaml == "" {
				return nil
			}
			return yamlFile(w.lines, w.yaml)
		},
		func() error { _, err := w.load("lines", w.lines)(w); return err },
		func() error { _, err := w.run("export", "-o", w.nquads, "--graph", w.graph); return err },
		w.choose,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	var err error
	w.made, err = w.verify(w.graph)
	return err
}

// choose chooses the entities of questions: two ordinary persons, the two with most
// neighbours, and a country.
func (w *world) choose() error {
	w.names = map[string]string{"PERSON": "person:synth-77", "OTHER": "person:synth-50", "COUNTRY": "country:synth-1"}
	var central struct{ Entities []struct{ ID string } }
	if err := w.answer(&central, "rank", "--kind", "person", "--rows", "2", "--graph", w.graph); err != nil {
		return err
	}
	if len(central.Entities) < 2 {
		return fmt.Errorf("rank lists %d persons", len(central.Entities))
	}
	w.names["HUB"], w.names["SECOND"] = central.Entities[0].ID, central.Entities[1].ID
	for e, err := range entries(w.lines) {
		if err != nil {
			return err
		}
		if name, _ := e["name"].(string); e["id"] == w.names["PERSON"] {
			w.names["EXACT"], w.names["CLOSE"] = name, name[:1]+"x"+name[2:]
			return nil
		}
	}
	return fmt.Errorf("no %s in the world", w.names["PERSON"])
}

func (w *world) take(m measure) error {
	for i := range rounds {
		c, err := m.do(w)
		if err != nil {
			return err
		}
		if i > 0 {
			c = c.least(w.least[m.name])
		}
		w.least[m.name] = c
	}
	say("%s  %-50s %8.3f s  %8.3f s of processor  %6d MB", time.Now().Format(time.TimeOnly), m.name,
		w.least[m.name].elapsed.Seconds(), w.least[m.name].processor.Seconds(), w.least[m.name].peak/1e6)
	return nil
}

// agree compares the graphs that were made of one world in several formats. A digest
// covers the bytes of the input, which only N-Quads of our own restore; CSV has no
// languages of names, and one table has only the first source of each fact.
func (w *world) agree() error {
	for _, format := range []string{"quads", "yaml", "table", "rows"} {
		if format == "yaml" && w.yaml == "" {
			continue
		}
		v, err := w.verify(w.path(format + ".graph"))
		if err != nil {
			return err
		}
		if v.Facts != w.made.Facts || format == "yaml" && v.Quads != w.made.Quads || format == "quads" && v != w.made {
			return fmt.Errorf("the graph of %s is not the graph of JSON lines: %+v, %+v", format, v, w.made)
		}
	}
	return nil
}

// printTable prints the figures of all worlds beside their goals.
func printTable(worlds []*world) error {
	fmt.Printf("Measured on %s on %s, entente of %s: whole commands, each from a new process, the least of %d.\n\n",
		time.Now().Format(time.DateOnly), machine(), commit(), rounds)
	head, line := "| measure |", "| --- |"
	for _, w := range worlds {
		head += fmt.Sprintf(" %d facts, %s quads | goal |", w.facts, short(float64(w.made.Quads)))
		line += " --- | --- |"
	}
	fmt.Printf("%s\n%s\n", head, line)
	var missed, goals int
	for _, m := range longest(worlds) {
		for _, r := range m.rows {
			text := fmt.Sprintf("| %s%s |", strings.ReplaceAll(m.name, "|", `\|`), r.unit.suits)
			for _, w := range worlds {
				c, measured := w.least[m.name]
				if !measured {
					text += " – | |"
					continue
				}
				figure := r.unit.value(w, c)
				text += fmt.Sprintf(" %s %s | %s |", short(figure), r.unit.name, r.verdict(figure, w.size))
				if r.goals[w.size] > 0 {
					goals++
					if !r.met(figure, w.size) {
						missed++
					}
				}
			}
			fmt.Println(text)
		}
	}
	fmt.Printf("\n%d of %d goals met.\n", goals-missed, goals)
	return nil
}

// longest returns the measures of the world that has most.
func longest(worlds []*world) []measure {
	var all []measure
	for _, w := range worlds {
		if m := measures(w); len(m) > len(all) {
			all = m
		}
	}
	return slices.Clone(all)
}

func (r row) met(figure float64, size int) bool {
	if r.unit.most {
		return figure <= r.goals[size]
	}
	return figure >= r.goals[size]
}

// verdict is the text beside a figure: its goal, and whether it is met.
func (r row) verdict(figure float64, size int) string {
	if r.goals[size] == 0 {
		return ""
	}
	sign, word := "≥", "met"
	if r.unit.most {
		sign = "≤"
	}
	if !r.met(figure, size) {
		word = "**missed**"
	}
	return fmt.Sprintf("%s %s: %s", sign, short(r.goals[size]), word)
}

// short returns a number in three digits or so: 41.2k.
func short(n float64) string {
	for _, scale := range []struct {
		size float64
		name string
	}{{1e6, "M"}, {1e3, "k"}} {
		if n >= 10*scale.size || n >= scale.size && scale.name == "M" {
			return strconv.FormatFloat(n/scale.size, 'g', 3, 64) + scale.name
		}
	}
	if n < 100 {
		return strconv.FormatFloat(n, 'f', 1, 64)
	}
	return strconv.FormatFloat(n, 'f', 0, 64)
}

// machine describes the machine and the version of Go.
func machine() string {
	name := runtime.GOARCH
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			name = strings.TrimSpace(value)
			break
		}
	}
	return fmt.Sprintf("%d cores (%s), %s, %s", runtime.NumCPU(), name, runtime.GOOS, runtime.Version())
}

// commit returns the commit of the source tree, or unknown.
func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "an unknown commit"
	}
	return "commit " + strings.TrimSpace(string(out))
}
