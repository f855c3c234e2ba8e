package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// job is the work of a child process.
type job struct {
	System  string
	Phase   string
	World   string   // folder of the world
	Dir     string   // folder of the store
	Scripts []string // of Gizmo
	Worked  bool     // see processorTime

	Measure string   // of the phase command
	Command []string // program and arguments
}

// result is one sample of a measure, or an answer: answers to one question must be
// equal.
type result struct {
	Measure  string
	Value    float64 // seconds, bytes or a rate
	Note     string  // replaces Value
	Question string
	Answer   answer
}

// child does a job and writes its results, one on each line.
type child struct {
	job
	*world
	system system
}

var phases = map[string]func(*child) error{
	"load": (*child).load, "command": (*child).command, "first": (*child).first, "read": (*child).read, "gizmo": (*child).gizmo, "write": (*child).write,
}

func runChild(text string) error {
	c := &child{}
	if err := json.Unmarshal([]byte(text), &c.job); err != nil {
		return err
	}
	processorTime = c.Worked
	var err error
	if c.world, err = readWorld(c.World); err != nil {
		return err
	}
	c.system = systemNamed(c.System)
	return phases[c.Phase](c)
}

func (c *child) put(r result) { fmt.Println(mustJSON(r)) }

func mustJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (c *child) sample(measure string, value float64) { c.put(result{Measure: measure, Value: value}) }

func (c *child) found(question string, a answer) {
	a.Nanos = 0
	c.put(result{Question: question, Answer: a})
}

// here measures the memory of a session in this process.
type here struct{}

func (here) peak() float64 { return peakOf(os.Getpid()) }

// peakOf returns the peak memory of a process in bytes.
func peakOf(pid int) float64 { return statusOf(pid, "VmHWM") }

// statusOf returns a size from the status of a process, in bytes.
func statusOf(pid int, size string) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); f[0] == size+":" {
			kb, _ := strconv.ParseFloat(f[1], 64)
			return kb * 1024
		}
	}
	return 0
}

// load loads into a new store, and reports its size. For a store in memory, it
// measures the memory before the process ends.
func (c *child) load() error {
	start := time.Now()
	var peak float64
	if c.system.inMemory() {
		s, err := c.system.open(c.File, c.Dir, false)
		if err != nil {
			return err
		}
		c.sample("load", float64(c.Quads)/time.Since(start).Seconds())
		c.sample("load-facts", float64(c.Facts)/time.Since(start).Seconds())
		peak = s.peak()
		return errors.Join(s.close(), c.loaded(peak, 0))
	}
	if err := c.system.load(c.File, c.Dir); err != nil {
		return err
	}
	took := time.Since(start).Seconds()
	c.sample("load", float64(c.Quads)/took)
	c.sample("load-facts", float64(c.Facts)/took)
	return c.loaded(here{}.peak(), sizeOf(c.Dir))
}

// command runs a command that loads the facts.
func (c *child) command() error {
	cmd := exec.Command(c.Command[0], c.Command[1:]...)
	start := time.Now()
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, text)
	}
	c.sample(c.Measure, float64(c.Facts)/time.Since(start).Seconds())
	c.sample(c.Measure+"-memory", maxRSS(cmd.ProcessState))
	return nil
}

func (c *child) loaded(peak, size float64) error {
	c.sample("load-memory", peak)
	if size > 0 {
		c.sample("disk", size/float64(c.Quads))
	}
	return nil
}

// sizeOf returns the size of the files in a folder in bytes.
func sizeOf(dir string) (size float64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				size += float64(info.Size())
			}
		}
		return nil
	})
	return size
}

// forget drops the files of a folder from the page cache.
func forget(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		return errors.Join(f.Sync(), unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED))
	})
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// first opens the store, whose files are not in the page cache, and answers one
// question.
func (c *child) first() error {
	if !c.system.inMemory() {
		if err := forget(c.Dir); err != nil {
			return err
		}
	}
	start := time.Now()
	s, err := c.system.open(c.File, c.Dir, false)
	if err != nil {
		return err
	}
	last := len(c.People) - 1 // the first person is mostly the hub
	a, err := s.hop(c.People[last:], true)
	if err != nil {
		return err
	}
	c.sample("first", time.Since(start).Seconds())
	c.sample("first-memory", s.peak())
	c.found("first", a)
	return s.close()
}

// parts divides a sample: the first part is checked, the other parts are timed.
func parts(all []string) [][]string {
	n := max(1, len(all)/4)
	return slices.Collect(slices.Chunk(all[:min(4*n, len(all))], n))
}

func (c *child) read() error {
	s, err := c.system.open(c.File, c.Dir, false)
	if err != nil {
		return err
	}
	return errors.Join(c.each("hop", s.hop, parts(c.People)), c.each("find", s.find, parts(c.Names)), c.scans(s), s.close())
}

func (c *child) each(measure string, ask func([]string, bool) (answer, error), parts [][]string) error {
	for i, part := range parts {
		a, err := ask(part, i == 0)
		if err != nil {
			return fmt.Errorf("%s: %w", measure, err)
		}
		c.found(fmt.Sprint(measure, " ", i), a)
		if i > 0 {
			c.sample(measure, a.took().Seconds()/float64(len(part)))
		}
	}
	return nil
}

func (c *child) scans(s session) error {
	for range 3 {
		a, err := s.scan()
		if err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		c.found("scan", a)
		c.sample("scan", a.took().Seconds()/float64(c.Quads))
	}
	a, err := s.all(true)
	if err != nil {
		return fmt.Errorf("all: %w", err)
	}
	c.found("all", a)
	took := time.Duration(0)
	for run := 0; run < 3 && took < enough; run++ {
		if a, err = s.all(false); err != nil {
			return fmt.Errorf("all: %w", err)
		}
		c.sample("all", a.took().Seconds()/float64(c.Quads))
		took += a.took()
	}
	return nil
}

// gizmo answers the scripts. A script that exceeds its time ends the process, because
// Cayley cannot always be stopped.
func (c *child) gizmo() error {
	s, err := c.system.open(c.File, c.Dir, false)
	if err != nil {
		return err
	}
	qs, done, err := s.(asker).quadStore()
	if err != nil {
		return err
	}
	for _, script := range scripts {
		if !slices.Contains(c.Scripts, script.name) {
			continue
		}
		late := time.AfterFunc(gizmoLimit, func() {
			c.put(result{Measure: script.name, Note: fmt.Sprintf("> %.0f s", gizmoLimit.Seconds())})
			os.Exit(0)
		})
		var took time.Duration
		for run := 0; (run < 4 || run < 50 && took < quick) && took < enough; run++ {
			a, err := runScript(qs, script.text)
			if err != nil {
				return fmt.Errorf("%s: %w", script.name, err)
			}
			late.Reset(gizmoLimit)
			if run == 0 {
				c.found(script.name, a)
			}
			if took += a.took(); run > 0 || took >= enough {
				c.sample(script.name, a.took().Seconds())
			}
		}
		late.Stop()
	}
	return errors.Join(done(), s.close())
}

// write changes the store: it is the last phase.
func (c *child) write() error {
	if err := c.readChanges(c.World); err != nil {
		return err
	}
	s, err := c.system.open(c.File, c.Dir, true)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		measure string
		do      func(string) (answer, error)
		texts   []string
	}{
		{"add-1", s.add, c.Ones}, {"add-100", s.add, c.Hundred}, {"batches", s.add, c.Batches}, {"remove", s.remove, c.Gone},
	} {
		if err := c.change(step.measure, step.do, step.texts); err != nil {
			return err
		}
		if step.measure == "batches" && !c.system.inMemory() {
			c.sample("disk-batches", sizeOf(c.Dir)/float64(c.Quads+len(c.Batches)*batchQuads))
		}
	}
	a, err := s.scan()
	c.found("scan after all changes", a)
	return errors.Join(err, s.close())
}

func (c *child) change(measure string, do func(string) (answer, error), texts []string) error {
	var quads int
	var took float64
	for i, text := range texts {
		a, err := do(text)
		if err != nil {
			return fmt.Errorf("%s: %w", measure, err)
		}
		quads += strings.Count(text, "\n")
		took += a.took().Seconds()
		switch measure {
		case "add-1", "add-100":
			c.sample(measure, a.took().Seconds())
		case "remove":
			c.sample(measure, float64(strings.Count(text, "\n"))/a.took().Seconds())
		case "batches": // a sample is a third of them, so that it includes deferred work
			if (i+1)%(len(texts)/3) == 0 {
				c.sample(measure, float64(quads)/took)
				quads, took = 0, 0
			}
		}
	}
	return nil
}
