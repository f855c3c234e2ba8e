package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// world is the data and the questions for every system, at one size. `entente synth`
// makes the files. Their IRIs are shortened to prefixes that Cayley and entente know,
// so that no system stores long ones.
type world struct {
	File   string // all quads, as N-Quads
	Inputs []input
	Quads  int
	Facts  int
	People []string // a random sample of people
	Names  []string // a random sample of their names and aliases
	changes
}

// changes are N-Quads texts for changes of a full store. They are in a file of their
// own, so that they use no memory where memory is measured.
type changes struct {
	Ones    []string // one more fact each
	Hundred []string // 100 more facts each
	Batches []string // 10,000 more quads each
	Gone    []string // quads of the world to remove
}

const (
	sampled               = 4000
	ones                  = 15
	hundreds              = 5
	batches               = 12
	batchQuads            = 10_000
	goneOneIn             = 20 // quads, a third of them at a time
	goneFiles             = 3
	quadsPerThousandFacts = 20_600 // in the output of synth, with all its entities
	worldSeed             = 1
	otherSeed             = 2
	perFactOfMore         = 8 // fewer quads than any fact has
)

var short = strings.NewReplacer(
	"<urn:entente:", "<",
	"<http://www.w3.org/1999/02/22-rdf-syntax-ns#", "<rdf:",
	"<http://www.w3.org/2000/01/rdf-schema#", "<rdfs:",
	"<http://www.w3.org/2004/02/skos/core#", "<skos:",
	"<http://www.w3.org/2001/XMLSchema#", "<xsd:",
)

// input is the facts of the world in a format that `entente load` reads.
type input struct{ Measure, Path string }

// makeWorld makes a world of about size quads in the folder.
func (b *bench) makeWorld(dir string, size int) (*world, error) {
	w := &world{File: filepath.Join(dir, "world.nq"), Facts: max(1, size*1000/quadsPerThousandFacts)}
	if err := w.makeFile(b.entente); err != nil {
		return nil, err
	}
	if err := w.makeMore(b.entente); err != nil {
		return nil, err
	}
	if err := w.makeInputs(b.entente, b.scale, dir); err != nil {
		return nil, err
	}
	err := writeJSON(dir, "changes.json", w.changes)
	w.changes = changes{}
	return w, errors.Join(err, writeJSON(dir, "world.json", w))
}

func readWorld(dir string) (*world, error) {
	w := new(world)
	return w, readJSON(dir, "world.json", w)
}

func (w *world) readChanges(dir string) error { return readJSON(dir, "changes.json", &w.changes) }

func writeJSON(dir, name string, v any) error {
	return os.WriteFile(filepath.Join(dir, name), []byte(mustJSON(v)), 0o644)
}

func readJSON(dir, name string, v any) error {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// synthLines calls fn with each line of `entente synth`, until fn returns false.
func synthLines(entente string, facts, seed int, fn func(line string) (more bool, err error)) error {
	cmd := exec.Command(entente, "synth", "--facts", fmt.Sprint(facts), "--seed", fmt.Sprint(seed), "--format", "nquads")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewReaderSize(out, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return cmd.Wait()
		}
		more := false
		if err == nil {
			more, err = fn(line)
		}
		if err != nil || !more {
			_ = cmd.Process.Kill()
			_ = cmd.Wait() // the process was killed
			return err
		}
	}
}

func (w *world) makeFile(entente string) error {
	file, err := os.Create(w.File)
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriterSize(file, 1<<20)
	people, names := newSample(), newSample()
	gone := make([]strings.Builder, goneFiles)
	err = synthLines(entente, w.Facts, worldSeed, func(line string) (bool, error) {
		line = short.Replace(line)
		w.Quads++
		if w.Quads%goneOneIn == 0 {
			gone[w.Quads/goneOneIn%goneFiles].WriteString(line)
		}
		takeSamples(line, people, names)
		_, err := out.WriteString(line)
		return true, err
	})
	w.People, w.Names = people.kept, names.kept
	for i := range gone {
		w.Gone = append(w.Gone, gone[i].String())
	}
	return errors.Join(err, out.Flush())
}

// makeInputs makes the inputs of `entente load`: JSON lines, a folder of CSV, and the
// N-Quads that entente exports.
func (w *world) makeInputs(entente, scale, dir string) error {
	lines, table, export, graph := filepath.Join(dir, "lines.jsonl"), filepath.Join(dir, "table"), filepath.Join(dir, "export.nq"), filepath.Join(dir, "graph")
	w.Inputs = []input{{"command", export}, {"command-lines", lines}, {"command-csv", table}}
	defer os.RemoveAll(graph)
	for _, command := range [][]string{
		{entente, "synth", "--facts", fmt.Sprint(w.Facts), "--seed", fmt.Sprint(worldSeed), "-o", lines},
		{scale, "csv", lines, table},
		{entente, "load", lines, "--graph", graph},
		{entente, "export", "--graph", graph, "-o", export},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, out)
		}
	}
	return nil
}

func takeSamples(line string, people, names *sample) {
	if !strings.HasPrefix(line, "<person:") {
		return
	}
	s, rest, _ := strings.Cut(line, " ")
	p, rest, _ := strings.Cut(rest, " ")
	switch o := rest[:max(0, strings.LastIndex(strings.TrimSuffix(rest, " .\n"), " "))]; p {
	case "<rdf:type>":
		people.offer(s)
	case "<dip:name>":
		names.offer(o)
	}
}

// sample is a uniform random sample of offered texts.
type sample struct {
	rng     *rand.Rand
	offered int
	kept    []string
}

func newSample() *sample { return &sample{rng: rand.New(rand.NewPCG(1, 1))} }

func (s *sample) offer(text string) {
	s.offered++
	if len(s.kept) < sampled {
		s.kept = append(s.kept, strings.Clone(text))
	} else if i := s.rng.IntN(s.offered); i < sampled {
		s.kept[i] = strings.Clone(text)
	}
}

// makeMore makes changes from the facts of another world: other facts of the same
// people.
func (w *world) makeMore(entente string) error {
	m := &more{world: w}
	facts := max(w.Facts, batches*batchQuads/perFactOfMore)
	if err := synthLines(entente, facts, otherSeed, m.line); err != nil {
		return err
	}
	if len(w.Batches) < batches {
		return fmt.Errorf("%d batches of %d quads, want %d", len(w.Batches), batchQuads, batches)
	}
	return nil
}

// more collects the lines of facts, each of which starts with its type.
type more struct {
	*world
	fact  bytes.Buffer // lines of the next text
	facts int
	quads int
}

func (m *more) line(line string) (bool, error) {
	line = short.Replace(line)
	if strings.HasPrefix(line, "<fact:") && strings.Contains(line, " <rdf:type> ") {
		m.take()
		m.facts++
	}
	if m.facts > 0 {
		m.fact.WriteString(line)
		m.quads++
	}
	if m.quads == batchQuads && len(m.Hundred) == hundreds {
		m.Batches = append(m.Batches, m.text())
	}
	return len(m.Batches) < batches, nil
}

// take ends the next text if it has the wanted number of facts, 1 or 100.
func (m *more) take() {
	switch {
	case len(m.Ones) < ones && m.facts == 1:
		m.Ones = append(m.Ones, m.text())
	case len(m.Ones) == ones && len(m.Hundred) < hundreds && m.facts == 100:
		m.Hundred = append(m.Hundred, m.text())
	}
}

func (m *more) text() string {
	text := m.fact.String()
	m.fact.Reset()
	m.facts, m.quads = 0, 0
	if len(m.Hundred) >= hundreds {
		m.facts = 1 // a batch may start within a fact
	}
	return text
}
