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
	scale   string // the program .ci/scale
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
	w, err := b.makeWorld(folder, size)
	if err != nil {
		return err
	}
	t := newTable(size, w)
	b.tables = append(b.tables, t)
	r := &round{bench: b, table: t, folder: folder, inputs: w.Inputs, slow: map[string]bool{}}
	for again := range b.rounds {
		for _, name := range b.taking(size) {
			if again > 0 && r.slow[name] {
				continue
			}
			if err := r.load(name); err != nil {
				return err
			}
		}
		if err := r.commands(w.Inputs); err != nil {
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
	inputs []input
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

// spawn does one phase of a system in a process of its own and reads its results.
func (r *round) spawn(system, phase string, scripts []string) ([]result, error) {
	return r.spawnJob(job{System: system, Phase: phase, World: r.folder, Dir: r.storeDir(system), Scripts: scripts, Worked: r.worked})
}

func (r *round) spawnJob(j job) (results []result, err error) {
	system, phase := j.System, j.Phase
	fmt.Fprintf(os.Stderr, "%s  %d quads  %s  %s\n", time.Now().Format("15:04:05"), r.quads, system, phase)
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, "child", mustJSON(j))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	start := time.Now()
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
		r.keepCommands(system, time.Since(start))
	}
	return results, nil
}

// keepCommands keeps the load of another system's process beside each `entente load`.
func (r *round) keepCommands(system string, took time.Duration) {
	if system == "entente" {
		return
	}
	for _, in := range r.inputs {
		r.keep(system, result{Measure: in.Measure, Value: float64(r.facts) / took.Seconds()})
	}
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

// commands measures `entente load` of each input.
func (r *round) commands(inputs []input) error {
	if !slices.Contains(r.chosen, "entente") {
		return nil
	}
	for _, in := range inputs {
		if err := r.command(in); err != nil {
			return fmt.Errorf("entente load %s: %w", in.Path, err)
		}
	}
	return nil
}

// command measures one load in a process of its own. A child of this process would report
// at least the peak memory that this process had when it started the child.
func (r *round) command(in input) error {
	dir := r.storeDir("command")
	defer os.RemoveAll(dir)
	_, err := r.spawnJob(job{System: "entente", Phase: "command", World: r.folder, Dir: dir,
		Measure: in.Measure, Command: []string{r.entente, "load", in.Path, "--graph", dir}})
	return err
}
