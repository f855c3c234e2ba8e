package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// load is a load of a large input into a graph, and what is known of it.
type load struct {
	*bench
	name          string
	base          string        // the graph to begin with
	args          []string      // of the command, without the graph
	before, after string        // digests of the graph
	took          cost          // undisturbed
	locked        time.Duration // from the start until it locks the graph
	disk          int64         // the most bytes of graph and temporary files together
}

// disturbed loads large files of JSON lines and CSV, kills the loads at random moments,
// and gives them file systems that become full at random moments. Each time the graph
// must be as before or complete.
func (b *bench) disturbed() error {
	var size [3]int
	for i, variable := range [][2]string{{"ENTENTE_BYTES", "1000000000"}, {"ENTENTE_KILLS", "30"}, {"ENTENTE_FULLS", "12"}} {
		n, err := number(variable[0], variable[1])
		if err != nil {
			return err
		}
		size[i] = n
	}
	loads, err := b.loads(int64(size[0]))
	if err != nil {
		return err
	}
	for _, l := range loads {
		if err := l.measure(); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	counts := map[string]int{}
	for i := range size[1] + size[2] {
		l, disturb := loads[i%len(loads)], (*load).killed
		if i >= size[1] {
			disturb = (*load).filled
		}
		how, err := disturb(l, i/len(loads))
		if err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		counts[how]++
		say("%s  %s: %s", time.Now().Format(time.TimeOnly), l.name, how)
	}
	fmt.Printf("%d loads killed, %d on a full disk: the graph was as before or complete each time.\n", size[1], size[2])
	for _, how := range sortedKeys(counts) {
		fmt.Printf("%4d  %s\n", counts[how], how)
	}
	return nil
}

// loads makes the inputs, of so many bytes each, and the graphs to begin with: one with
// a small dataset, and one that has the JSON lines before a tenth of them changed.
func (b *bench) loads(size int64) ([]*load, error) {
	lines, changed, table := b.path("lines.jsonl"), b.path("new/lines.jsonl"), b.path("table")
	if err := os.Mkdir(b.path("new"), 0o755); err != nil {
		return nil, err
	}
	other, small, full := b.path("other.jsonl"), b.path("small"), b.path("full")
	steps := []func() error{
		func() error { return b.sized(size, lines, func(string) (string, error) { return lines, nil }) },
		func() error { return change(lines, changed, 10) },
		func() error {
			return b.sized(size, b.path("source.jsonl"), func(source string) (string, error) { return table, csvFolder(source, table, false) })
		},
		func() error { return os.Remove(b.path("source.jsonl")) },
		func() error { return b.synth(other, 2000, 3) },
		func() error { _, err := b.run("load", other, "--graph", small); return err },
		func() error { _, err := b.run("load", other, lines, "--graph", full); return err },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return []*load{
		{bench: b, name: "JSON lines beside a small dataset", base: small, args: []string{"load", lines}},
		{bench: b, name: "CSV beside a small dataset", base: small, args: []string{"load", table}},
		{bench: b, name: "JSON lines that replace others", base: full, args: []string{"load", changed, "--replace"}},
	}, nil
}

// sized makes a world as JSON lines, such that what convert makes of it has this size.
func (b *bench) sized(size int64, file string, convert func(string) (string, error)) error {
	for facts := 20_000; ; {
		if err := b.synth(file, facts, 7); err != nil {
			return err
		}
		made, err := convert(file)
		if err != nil {
			return err
		}
		got := bytesOf(made)
		say("%s: %d facts, %d MB", filepath.Base(made), facts, got/1e6)
		if got >= size {
			return nil
		}
		facts = int(float64(facts)*float64(size)/float64(got)*1.01) + 100
	}
}

// measure does the load without disturbing it, and prints what it took.
func (l *load) measure() error {
	v, err := l.verify(l.base)
	if err != nil {
		return err
	}
	l.before = v.Digest
	dir, _, err := l.prepare(l.path("disk"))
	if err != nil {
		return err
	}
	defer os.RemoveAll(l.path("disk"))
	start, state, err := l.start(dir, l.path("disk"), func(now time.Duration) bool {
		if _, err := os.Stat(filepath.Join(dir, "LOCK")); l.locked == 0 && err == nil {
			l.locked = now
		}
		l.disk = max(l.disk, bytesOf(l.path("disk")))
		return false
	})
	if err != nil {
		return err
	}
	l.took = cost{elapsed: time.Since(start), processor: state.UserTime() + state.SystemTime(), peak: peakOf(state)}
	if v, err = l.verify(dir); err != nil {
		return err
	}
	l.after = v.Digest
	goal := "goal 1000 MB"
	fmt.Printf("%s: %d MB, %d facts and %d quads then: %.1f s, %.1f s of processor, %.1f s of it locked; peak memory %d MB (%s), disk %d MB\n",
		l.name, bytesOf(l.args[1])/1e6, v.Facts, v.Quads, l.took.elapsed.Seconds(), l.took.processor.Seconds(),
		(l.took.elapsed - l.locked).Seconds(), l.took.peak/1e6, goal, l.disk/1e6)
	if l.after == l.before {
		return errors.New("the load changes nothing")
	}
	return nil
}

// prepare copies the graph to begin with to a disk, and makes a folder for temporary
// files there.
func (l *load) prepare(disk string) (dir, temp string, err error) {
	dir, temp = filepath.Join(disk, "graph"), filepath.Join(disk, "temp")
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.MkdirAll(temp, 0o755)); err != nil {
		return "", "", err
	}
	out, err := exec.Command("cp", "--", filepath.Join(l.base, "graph.db"), dir).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return dir, temp, err
}

// errDisturbed is what start returns if the load ended because it was disturbed.
var errDisturbed = errors.New("disturbed")

// start does the load, and kills it once due returns true.
func (l *load) start(dir, disk string, due func(time.Duration) bool) (time.Time, *os.ProcessState, error) {
	return l.startAs(dir, disk, due, l.program)
}

func (l *load) startAs(dir, disk string, due func(time.Duration) bool, command ...string) (time.Time, *os.ProcessState, error) {
	args := append(append(command[1:], l.args...), "--graph", dir)
	cmd := exec.CommandContext(l.ctx, command[0], args...)
	var errs strings.Builder
	cmd.Env, cmd.Stderr = append(os.Environ(), "TMPDIR="+filepath.Join(disk, "temp")), &errs
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return start, nil, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for killed := false; ; {
		select {
		case err := <-done:
			if err != nil && (killed || full(errs.String())) {
				return start, cmd.ProcessState, errDisturbed
			} else if err != nil {
				return start, nil, fmt.Errorf("%w\n%s", err, &errs)
			}
			return start, cmd.ProcessState, nil
		case <-tick.C:
			if !killed && due(time.Since(start)) {
				killed = true
				_ = cmd.Process.Kill() // it may be gone already
			}
		}
	}
}

// full reports whether an error says that a disk is full, or a file too large.
func full(text string) bool {
	return strings.Contains(text, syscall.ENOSPC.Error()) || strings.Contains(text, syscall.EFBIG.Error())
}

// killed kills the load: in turn at any moment, and while it has the graph locked.
func (l *load) killed(turn int) (string, error) {
	at := rand.N(l.took.elapsed)
	if turn%2 == 1 {
		at = l.locked + rand.N(max(l.took.elapsed-l.locked, time.Millisecond))
	}
	disk := l.path("disk")
	defer os.RemoveAll(disk)
	dir, temp, err := l.prepare(disk)
	if err != nil {
		return "", err
	}
	_, _, err = l.start(dir, disk, func(now time.Duration) bool { return now >= at })
	if err != nil && !errors.Is(err, errDisturbed) {
		return "", err
	}
	state, err := l.state(dir)
	if err != nil {
		return "", fmt.Errorf("killed after %v: %w", at, err)
	}
	return "killed, and the graph was " + state, l.leftovers(dir, temp)
}

// state returns whether the graph is as before or complete.
func (l *load) state(dir string) (string, error) {
	v, err := l.verify(dir)
	switch {
	case err != nil:
		return "", err
	case v.Digest == l.before:
		return "as before", nil
	case v.Digest == l.after:
		return "complete", nil
	}
	return "", fmt.Errorf("the graph is neither as before nor complete: digest %s", v.Digest)
}

// leftovers checks that the next command that writes removes what the killed one left.
func (l *load) leftovers(dir, temp string) error {
	cmd := exec.CommandContext(l.ctx, l.program, "load", l.path("other.jsonl"), "--dataset", "last", "--graph", dir)
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("a load after it: %w\n%s", err, out)
	}
	var left []string
	for _, folder := range []string{dir, temp} {
		found, err := os.ReadDir(folder)
		if err != nil {
			return err
		}
		for _, f := range found {
			if f.Name() != "graph.db" && f.Name() != "graph.paths" {
				left = append(left, f.Name())
			}
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("files are left: %q", left)
	}
	return nil
}

// filled does the load on a disk that becomes full: as root in a file system in memory
// of random size, else with a random limit on the size of files.
func (l *load) filled(int) (string, error) {
	disk, base := l.path("disk"), bytesOf(l.base)
	if err := os.Mkdir(disk, 0o755); err != nil {
		return "", err
	}
	defer os.RemoveAll(disk)
	command := []string{l.program}
	if os.Geteuid() == 0 {
		room := base + base/10 + 1<<20 + rand.Int64N(max(l.disk-base, 1)*95/100)
		if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size="+strconv.FormatInt(room, 10)); err != nil {
			return "", fmt.Errorf("mount: %w", err)
		}
		defer syscall.Unmount(disk, syscall.MNT_DETACH)
	} else {
		blocks := (base/4 + rand.Int64N(max(l.disk-base, 1)*3/4)) / 512
		command = []string{"sh", "-c", `trap "" XFSZ; ulimit -f "$0"; exec "$@"`, strconv.FormatInt(blocks, 10), l.program}
	}
	dir, _, err := l.prepare(disk)
	if err != nil {
		return "", err
	}
	_, _, err = l.startAs(dir, disk, func(time.Duration) bool { return false }, command...)
	if err == nil {
		return "large enough a disk", l.expect(dir, "complete")
	} else if !errors.Is(err, errDisturbed) {
		return "", err
	}
	for _, folder := range []string{dir, filepath.Join(disk, "temp")} {
		found, err := os.ReadDir(folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		for _, f := range found {
			if f.Name() != "graph.db" {
				return "", fmt.Errorf("on a full disk, %s is left", f.Name())
			}
		}
	}
	return "a full disk, and the graph was as before", l.expect(dir, "as before")
}

func (l *load) expect(dir, want string) error {
	state, err := l.state(dir)
	if err == nil && state != want {
		err = fmt.Errorf("the graph is %s, want %s", state, want)
	}
	return err
}
