package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// bench is one run over all sizes and systems.
type bench struct {
	entente string
	dir     string
	rounds  int
	worked  bool     // see processorTime
	chosen  []string // names of systems
	tables  []*table
	wrong   []string // descriptions of different answers
}

func (b *bench) choose(only string) error {
	for _, s := range systems {
		if only == "" || slices.Contains(strings.Split(only, ","), s.name) {
			b.chosen = append(b.chosen, s.name)
		}
	}
	if len(b.chosen) == 0 {
		return fmt.Errorf("no system of %q", only)
	}
	return nil
}

func (b *bench) run(sizes []int) error {
	start := time.Now()
	for _, size := range sizes {
		if err := b.size(size); err != nil {
			return err
		}
	}
	printReport(os.Stdout, b, time.Since(start))
	if len(b.wrong) > 0 {
		return fmt.Errorf("answers differ:\n%s", strings.Join(b.wrong, "\n"))
	}
	return nil
}

// size measures all systems at one size. It makes the loads by turns, so that other
// work on the machine affects all systems alike, and then the other phases of each
// system.
func (b *bench) size(size int) error {
	folder, err := os.MkdirTemp(b.dir, "compare-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	w, err := makeWorld(b.entente, folder, size)
	if err != nil {
		return err
	}
	t := newTable(size, w)
	b.tables = append(b.tables, t)
	r := &round{bench: b, table: t, folder: folder, slow: map[string]bool{}}
	for again := range b.rounds {
		for _, name := range b.taking(size) {
			if again > 0 && r.slow[name] {
				continue
			}
			if err := r.load(name); err != nil {
				return err
			}
		}
		if err := r.command(w.Long); err != nil {
			return err
		}
	}
	for _, name := range b.taking(size) {
		if err := r.rest(name); err != nil {
			return err
		}
	}
	return nil
}

// taking returns the systems that can hold size quads.
func (b *bench) taking(size int) (names []string) {
	for _, name := range b.chosen {
		if most := systemNamed(name).largest(); most == 0 || size <= most {
			names = append(names, name)
		}
	}
	return names
}

// round is the work at one size.
type round struct {
	*bench
	*table
	folder string
	slow   map[string]bool // systems that load only once
}

// tooSlow is the time of a load above which the load is not repeated.
const tooSlow = time.Minute

func (r *round) storeDir(system string) string { return filepath.Join(r.folder, system) }

// load loads a new store in place of the last one.
func (r *round) load(system string) error {
	dir := r.storeDir(system)
	if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o755)); err != nil {
		return err
	}
	start := time.Now()
	_, err := r.spawn(system, "load", nil)
	r.slow[system] = time.Since(start) > tooSlow
	return err
}

func (r *round) rest(system string) error {
	for again := range r.rounds {
		if again > 0 && r.slow[system] {
			break
		}
		if _, err := r.spawn(system, "first", nil); err != nil {
			return err
		}
	}
	if _, err := r.spawn(system, "read", nil); err != nil {
		return err
	}
	if err := r.gizmo(system); err != nil {
		return err
	}
	if _, err := r.spawn(system, "write", nil); err != nil {
		return err
	}
	return os.RemoveAll(r.storeDir(system))
}

// gizmo starts a new process after a script that exceeded its time.
func (r *round) gizmo(system string) error {
	if !slices.Contains([]string{"entente", "cayley-bolt", "cayley-memory"}, system) {
		return nil
	}
	var left []string
	for _, s := range scripts {
		left = append(left, s.name)
	}
	for len(left) > 0 {
		results, err := r.spawn(system, "gizmo", left)
		if err != nil {
			return err
		}
		before := len(left)
		for _, result := range results {
			left = slices.DeleteFunc(left, func(name string) bool { return name == result.Measure })
		}
		if len(left) == before {
			return fmt.Errorf("%s answered none of %q", system, left)
		}
	}
	return nil
}

// spawn does a job in a process of its own and reads its results.
func (r *round) spawn(system, phase string, scripts []string) (results []result, err error) {
	fmt.Fprintf(os.Stderr, "%s  %d quads  %s  %s\n", time.Now().Format("15:04:05"), r.quads, system, phase)
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, "child", mustJSON(job{system, phase, r.folder, r.storeDir(system), scripts, r.worked}))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var one result
		if err = json.Unmarshal(lines.Bytes(), &one); err != nil {
			break
		}
		results = append(results, one)
		r.take(system, one)
	}
	if err = errors.Join(err, cmd.Wait()); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", system, phase, err)
	}
	if phase == "load" {
		spent := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		r.keep(system, result{Measure: "load-work", Value: spent.Seconds() / float64(r.quads)})
	}
	return results, nil
}

// take keeps a sample, or compares an answer with the answer of the first system.
func (r *round) take(system string, one result) {
	if one.Question == "" {
		r.keep(system, one)
		return
	}
	first, ok := r.answers[one.Question]
	if !ok {
		r.answers[one.Question] = said{system, one.Answer}
	} else if first.answer != one.Answer {
		r.wrong = append(r.wrong, fmt.Sprintf("%d quads: %s: %s found %+v, %s %+v", r.quads, one.Question, first.system, first.answer, system, one.Answer))
	}
}

// command measures `entente load` with the file.
func (r *round) command(long string) error {
	if !slices.Contains(r.chosen, "entente") {
		return nil
	}
	dir := r.storeDir("command")
	defer os.RemoveAll(dir)
	cmd := exec.Command(r.entente, "load", long, "--graph", dir)
	start := time.Now()
	if text, err := cmd.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "entente load: %v: %s\n", err, text)
		return nil
	}
	r.keep("entente", result{Measure: "command", Value: float64(r.facts) / time.Since(start).Seconds()})
	r.keep("entente", result{Measure: "command-memory", Value: maxRSS(cmd.ProcessState)})
	return nil
}
