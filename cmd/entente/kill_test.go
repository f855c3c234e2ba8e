package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// A killed command leaves an undamaged graph, changed completely or not at all.
// ENTENTE_KILLS is the number of kills, and ENTENTE_KILL_FACTS the number of facts of a
// load: loads of 6000 facts or more write new files.
func TestKilled(t *testing.T) {
	kills := sizeOf(t, "ENTENTE_KILLS", 14, 35)
	ms := newMutations(t, sizeOf(t, "ENTENTE_KILL_FACTS", 800, 2000))
	counts, struck := map[string]int{}, map[string]int{}
	for i := range kills {
		m := ms.commands[i%len(ms.commands)]
		t.Run(m.name, func(t *testing.T) {
			run, dir, state := ms.kill(t, m, m.anyMoment(i/len(ms.commands)))
			counts[state]++
			struck[run.phase()]++
			if i%3 == 0 {
				ms.finish(t, m, dir, state)
			}
		})
	}
	t.Logf("%d kills, %v: %v", kills, struck, counts)
	if counts["as before"] == 0 || struck["while locked"] == 0 || struck["too late"] > kills/2 {
		t.Errorf("the kills are all of one sort: %v %v", struck, counts)
	}
}

// kill runs a command on a new graph and kills it at the trigger, up to three times:
// after a kill that came too late, the next comes in half the time.
func (ms *mutations) kill(t *testing.T, m *mutatingCommand, when trigger) (run observed, dir, state string) {
	t.Helper()
	for range 3 {
		dir = ms.prepare(t, m)
		run = ms.run(t, m, dir, when)
		if state = ms.state(t, m, dir); !run.finished {
			break
		}
		if state != "done" {
			t.Errorf("%s: a command that finished left the graph %s", m.name, state)
		}
		when = trigger{when.start / 2, when.lock / 2, when.file / 2}
	}
	return run, dir, state
}

// observed is the times of the events of a run, measured from its start.
type observed struct {
	lock, file, exit time.Duration // of the lock, the first new file and the end; 0 if not seen
	finished         bool
}

func (o observed) phase() string {
	switch {
	case o.finished:
		return "too late"
	case o.file > 0:
		return "while it wrote a new file"
	case o.lock > 0:
		return "while locked"
	}
	return "before the lock"
}

// trigger is the time of a kill: a delay after the start, the lock or the new file. At
// most one delay is not zero; if all are zero, the command is not killed.
type trigger struct{ start, lock, file time.Duration }

// anyMoment returns a random time: in turn within the whole run, within the time under
// the lock, or after the first byte of a new file.
func (m *mutatingCommand) anyMoment(turn int) trigger {
	any := func(within time.Duration) time.Duration { return 1 + rand.N(max(within*5/4, time.Millisecond)) }
	switch {
	case turn%3 == 0:
		return trigger{start: any(m.took.exit)}
	case turn%3 == 1 && m.took.file > 0:
		return trigger{file: any(m.took.exit - m.took.file)}
	}
	return trigger{lock: any(m.took.exit - m.took.lock)}
}

func (tr trigger) due(l observed, now time.Duration) bool {
	after := func(since, wait time.Duration) bool { return wait > 0 && since > 0 && now-since > wait }
	return tr.start > 0 && now > tr.start || after(l.lock, tr.lock) || after(l.file, tr.file)
}

// run runs a mutating command on a graph, and kills it at the trigger.
func (ms *mutations) run(t *testing.T, m *mutatingCommand, dir string, when trigger) (l observed) {
	t.Helper()
	cmd := exec.Command(ms.binary, append(m.args, "--graph", dir)...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	start, done := time.Now(), make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	tick := time.NewTicker(200 * time.Microsecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			l.exit, l.finished = time.Since(start), err == nil
			if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
				t.Fatalf("%v\n%s", err, &errs)
			}
			return l
		case <-tick.C:
		}
		now := time.Since(start)
		l.watch(dir, now)
		if when.due(l, now) {
			_ = cmd.Process.Kill() // it may be gone already
		}
	}
}

// watch records when the lock and new files appear in a folder.
func (o *observed) watch(dir string, now time.Duration) {
	if _, err := os.Stat(filepath.Join(dir, "LOCK")); o.lock == 0 && err == nil {
		o.lock = now
	}
	if o.file == 0 && o.lock > 0 {
		if found, _ := filepath.Glob(filepath.Join(dir, ".graph.db.*.new")); len(found) > 0 {
			o.file = now
		}
	}
}
