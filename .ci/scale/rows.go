package main

import (
	"os"
	"strings"
)

// measure is something that is done to each world, up to three times, and the rows of
// the table about it.
type measure struct {
	name string
	do   func(*world) (cost, error)
	rows []row
}

// row is one figure about a measure with its goals for worlds of 1, 10 and 40 million
// quads; 0 is no goal.
type row struct {
	unit  unit
	goals [3]float64
}

// unit is how a figure is computed and whether the goal is its largest value.
type unit struct {
	name  string
	suits string // added to the name of the measure
	most  bool
	value func(*world, cost) float64
}

var (
	millis     = unit{"ms", "", true, func(_ *world, c cost) float64 { return c.elapsed.Seconds() * 1e3 }}
	factRate   = unit{"facts/s", "", false, func(w *world, c cost) float64 { return float64(w.facts) / c.elapsed.Seconds() }}
	lineRate   = unit{"facts/s", "", false, func(_ *world, c cost) float64 { return float64(c.lines) / c.elapsed.Seconds() }}
	quadRate   = unit{"quads/s", "", false, func(w *world, c cost) float64 { return float64(w.made.Quads) / c.elapsed.Seconds() }}
	byteRate   = unit{"MB/s", "", false, func(_ *world, c cost) float64 { return float64(c.out) / 1e6 / c.elapsed.Seconds() }}
	peak       = unit{"MB", ", peak memory", true, func(_ *world, c cost) float64 { return float64(c.peak) / 1e6 }}
	pastReader = unit{"ms", ", beyond parsing", true, func(w *world, c cost) float64 {
		return (c.elapsed - w.least[parsing].elapsed).Seconds() * 1e3
	}}
	pastCheck = unit{"ms", ", beyond a check of the file", true, func(w *world, c cost) float64 {
		return (c.elapsed - w.least[checking].elapsed).Seconds() * 1e3
	}}
)

const (
	parsing  = "parsing of JSON lines alone"
	checking = "check of JSON lines"
)

// loadRows are the rows of a load in the default settings.
func loadRows(fast [3]float64) []row {
	return []row{{factRate, fast}, {peak, [3]float64{250, 700, 1000}}}
}

// measures are all measures in the order of the table. A later one may use files of an
// earlier one.
func measures(w *world) []measure {
	fast := [3]float64{35e3, 30e3, 25e3}
	all := []measure{
		{"load JSON lines", w.load("lines", w.lines), loadRows(fast)},
		{"the same, --memory 256", w.load("lines", w.lines, "--memory", "256"), []row{{factRate, [3]float64{}}, {peak, [3]float64{307, 307, 307}}}},
		{"load CSV, a row for each fact", w.load("table", w.table), loadRows(fast)},
		{"load CSV, a row for each source of a fact", w.load("rows", w.rows), loadRows(fast)},
		{"load own N-Quads", w.load("quads", w.nquads), loadRows(fast)},
		{parsing, w.parse, []row{{millis, [3]float64{}}}},
		{checking, w.check, []row{{millis, [3]float64{}}}},
		{"reload, one fact changed", w.reload, []row{{millis, [3]float64{}}, {pastCheck, [3]float64{50, 50, 50}}, {pastReader, [3]float64{50, 50, 50}}}},
	}
	if w.yaml != "" {
		all = append(all, measure{"load YAML", w.load("yaml", w.yaml), loadRows([3]float64{8e3, 8e3, 8e3})})
	}
	return append(all, w.questions()...)
}

// questions are the measures that read the graph.
func (w *world) questions() []measure {
	var (
		all      []measure
		first    = []row{{millis, [3]float64{40, 60, 80}}}
		ofPerson = []row{{millis, [3]float64{50, 80, 0}}}
		ofPaths  = []row{{millis, [3]float64{60, 120, 300}}}
		ranks    = []row{{millis, [3]float64{150, 500, 0}}}
		network  = []row{{byteRate, [3]float64{80, 80, 80}}}
		add      = func(rows []row, commands ...string) {
			for _, command := range commands {
				all = append(all, measure{command, w.ask(command), rows})
			}
		}
	)
	add(first, "stats", "datasets")
	for _, filter := range []string{"", " --since 2015-03 --until 2015-03", " --as-of 2010", " --verb met", " --group conflict", " --status planned",
		" --standing denied", " --min-sources 2", " --undated --until 2003", " --dataset lines", " --about COUNTRY", " --about HUB --verb called"} {
		add(first, "facts --rows 10"+filter)
	}
	all = append(all, measure{"facts of a month as JSON lines", w.ask("facts --since 2015-03 --until 2015-03 --all --format jsonl"), []row{{lineRate, [3]float64{100e3, 100e3, 100e3}}}})
	add(ofPerson, "facts --about PERSON", "facts --about HUB", "show PERSON", "show HUB", "timeline PERSON", "timeline HUB")
	add([]row{{millis, [3]float64{20, 25, 0}}}, "find EXACT")
	add([]row{{millis, [3]float64{60, 150, 0}}}, "find CLOSE")
	all = append(all, measure{"path PERSON OTHER, no view in a file", w.first("path PERSON OTHER"), []row{{millis, [3]float64{}}}})
	add(ofPaths, "path PERSON OTHER", "path PERSON HUB --paths 10", "near PERSON --hops 2", "near HUB --hops 2", "common PERSON OTHER", "common HUB SECOND")
	add(ranks, "rank", "rank --by pagerank", "show COUNTRY")
	all = append(all, measure{"export --format nquads", w.ask("export --format nquads"), []row{{byteRate, [3]float64{150, 150, 150}}}})
	add(network, "export --format gexf", "export --format graphml", "export --format csv")
	return append(all, measure{"verify", w.ask("verify"), []row{{quadRate, [3]float64{2e6, 2e6, 2e6}}}})
}

// load returns a measure of loading an input into a new graph of this name.
func (w *world) load(graph, input string, flags ...string) func(*world) (cost, error) {
	return func(w *world) (cost, error) {
		dir := w.path(graph + ".graph")
		if err := os.RemoveAll(dir); err != nil {
			return cost{}, err
		}
		return w.run(append([]string{"load", input, "--dataset", "lines", "--graph", dir}, flags...)...)
	}
}

// parse returns the cost of reading the records of JSON lines, and doing nothing else.
func (w *world) parse(*world) (cost, error) {
	self, err := os.Executable()
	if err != nil {
		return cost{}, err
	}
	return w.runAs(self, "parse", w.lines)
}

// check returns the cost of entente check of JSON lines.
func (w *world) check(*world) (cost, error) { return w.run("check", w.lines) }

// reload returns the cost of loading JSON lines of which one fact changed. It exchanges
// two files that differ in one fact.
func (w *world) reload(*world) (cost, error) {
	for _, names := range [][2]string{{w.lines, w.path("swap")}, {w.changed, w.lines}, {w.path("swap"), w.changed}} {
		if err := os.Rename(names[0], names[1]); err != nil {
			return cost{}, err
		}
	}
	return w.run("load", w.lines, "--dataset", "lines", "--graph", w.graph)
}

// ask returns a measure of a question about the graph.
func (w *world) ask(command string) func(*world) (cost, error) {
	return func(*world) (cost, error) {
		args := strings.Fields(command)
		for i, arg := range args {
			if name, ok := w.names[arg]; ok {
				args[i] = name
			}
		}
		return w.run(append(args, "--graph", w.graph)...)
	}
}

// first returns a measure of a question about the graph without a view in a file.
func (w *world) first(command string) func(*world) (cost, error) {
	ask := w.ask(command)
	return func(*world) (cost, error) {
		if err := os.RemoveAll(w.graph + "/graph.paths"); err != nil {
			return cost{}, err
		}
		return ask(w)
	}
}
