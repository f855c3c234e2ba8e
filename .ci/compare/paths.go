package main

import (
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pathBench compares path searches over all sizes. Each system answers in a process of
// its own, with the graph in memory.
type pathBench struct {
	dir    string
	rounds int
	chosen []string
	tables []*table
	worlds []*pathWorld
	found  []map[string]pathFound // by question, from the first system that answered
	titles map[string]string      // titles of systems, with versions
	wrong  []string               // descriptions of different answers
}

// pathSystems lists the systems in the order of their columns. answer is the program
// and its first arguments.
var pathSystems = []struct {
	name   string
	answer func() []string
}{
	{"entente", func() []string { return inGo("entente") }},
	{"SQLite", func() []string { return inGo("sqlite") }},
	{"igraph", func() []string { return inPython("igraph") }},
	{"networkx", func() []string { return inPython("networkx") }},
	{"graphology", func() []string { return []string{"node", "--expose-gc", besideModules("paths.mjs")} }},
}

var (
	//go:embed paths.mjs
	pathsInNode []byte
	//go:embed paths.py
	pathsInPython []byte
)

func inGo(what string) []string { return []string{os.Args[0], "paths", "child", what} }

func inPython(what string) []string {
	return []string{os.Getenv("COMPARE_PYTHON"), besideModules("paths.py"), what}
}

func besideModules(name string) string { return filepath.Join(nodeModules(), name) }

// pathChildren are the jobs of this program in a process of its own. Each gets a
// folder and a number.
var pathChildren = map[string]func(folder string, n int) error{
	"make": makePathWorld, "entente": answerEntente, "sqlite": answerSQLite,
}

func runPaths(args []string) error {
	if len(args) == 4 && args[0] == "child" {
		n, err := strconv.Atoi(args[3])
		if err != nil {
			return err
		}
		return pathChildren[args[1]](args[2], n)
	}
	b := &pathBench{titles: map[string]string{}}
	flags := flag.NewFlagSet("paths", flag.ExitOnError)
	flags.StringVar(&b.dir, "dir", "", "`FOLDER` for the graphs; emptied when done")
	flags.IntVar(&b.rounds, "rounds", 5, "how often to ask: the best counts, for each question")
	only := flags.String("only", "", "systems, with commas between; all by default")
	if err := flags.Parse(args); err != nil {
		return err
	}
	for _, s := range pathSystems {
		if *only == "" || slices.Contains(strings.Split(*only, ","), s.name) {
			b.chosen = append(b.chosen, s.name)
		}
	}
	sizes, err := parseSizes(flags.Args())
	if err != nil {
		return err
	}
	return b.run(sizes)
}

func (b *pathBench) run(sizes []int) error {
	start := time.Now()
	for name, program := range map[string][]byte{"paths.py": pathsInPython, "paths.mjs": pathsInNode} {
		if err := os.WriteFile(besideModules(name), program, 0o644); err != nil {
			return err
		}
	}
	for _, size := range sizes {
		if err := b.size(size); err != nil {
			return err
		}
	}
	printPathReport(os.Stdout, b, time.Since(start))
	if len(b.wrong) > 0 {
		return fmt.Errorf("answers differ:\n%s", strings.Join(b.wrong, "\n"))
	}
	return nil
}

func (b *pathBench) size(size int) error {
	folder, err := os.MkdirTemp(b.dir, "paths-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	facts := (size*1000 + quadsPerThousandFacts/2) / quadsPerThousandFacts
	if _, err := b.spawn(size, "make", inGo("make"), folder, facts); err != nil {
		return err
	}
	w, err := readPathWorld(folder)
	if err != nil {
		return err
	}
	t := newTable(size, &world{Quads: w.Quads, Facts: w.Facts})
	b.tables, b.worlds = append(b.tables, t), append(b.worlds, w)
	first := map[string]pathFound{}
	b.found = append(b.found, first)
	for _, s := range pathSystems {
		if !slices.Contains(b.chosen, s.name) {
			continue
		}
		said, err := b.spawn(size, s.name, s.answer(), folder, b.rounds)
		if err != nil {
			return err
		}
		b.titles[s.name] = strings.TrimSpace(s.name + " " + said.Version)
		said.keep(t, s.name)
		b.compare(w, first, s.name, said)
	}
	return nil
}

// spawn runs a program with a folder and a number as arguments, and reads its answers.
func (b *pathBench) spawn(size int, name string, command []string, folder string, n int) (said pathAnswers, err error) {
	fmt.Fprintf(os.Stderr, "%s  %d quads  %s\n", time.Now().Format("15:04:05"), size, name)
	cmd := exec.Command(command[0], append(command[1:], folder, fmt.Sprint(n))...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err == nil && len(out) > 0 {
		err = json.Unmarshal(out, &said)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return said, err
}

// pathFound is the values that a system found, one for each pair.
type pathFound struct {
	system string
	found  []int
}

// paths counts the pairs with a path.
func (f pathFound) paths() (n int) {
	for _, hops := range f.found {
		if hops >= 0 {
			n++
		}
	}
	return n
}

// compare compares a system's answers with the answers of the first system.
func (b *pathBench) compare(w *pathWorld, first map[string]pathFound, system string, said pathAnswers) {
	for question, times := range said.Asked {
		before, ok := first[question]
		if !ok {
			first[question] = pathFound{system, times.Found}
			continue
		}
		if len(times.Found) != len(before.found) {
			b.wrong = append(b.wrong, fmt.Sprintf("%d facts: %s: %s gives %d answers, %s %d",
				w.Facts, question, before.system, len(before.found), system, len(times.Found)))
			continue
		}
		for i, found := range times.Found {
			if found != before.found[i] {
				b.wrong = append(b.wrong, fmt.Sprintf("%d facts: %s from %s to %s: %s found %d, %s %d",
					w.Facts, question, w.Names[i][0], w.Names[i][1], before.system, before.found[i], system, found))
			}
		}
	}
}
