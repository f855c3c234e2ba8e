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

// A command that is killed leaves the graph sound, and its command done or
// not begun. ENTENTE_KILLS says how often to kill, ENTENTE_KILL_FACTS how much the
// loads have: from 6000 on they write new files.
func TestKilled(t *testing.T) {
	kills := sizeOf(t, "ENTENTE_KILLS", 14, 35)
	ms := newMutations(t, sizeOf(t, "ENTENTE_KILL_FACTS", 2000, 2000))
	counts, struck := map[string]int{}, map[string]int{}
	for i := range kills {
		m := ms.commands[i%len(ms.commands)]
		t.Run(m.name, func(t *testing.T) {
			dir := ms.prepare(t, m)
			run := ms.run(t, m, dir, m.anyMoment(i/len(ms.commands)))
			state := ms.state(t, m, dir)
			if run.finished && state != "done" {
				t.Errorf("a command that finished left the graph %s", state)
			}
			counts[state]++
			struck[run.phase()]++
			if i%3 == 0 {
				ms.finish(t, m, dir)
			}
		})
	}
	t.Logf("%d kills, %v: %v", kills, struck, counts)
	if counts["as before"] == 0 || struck["while locked"] == 0 || struck["too late"] > kills/2 {
		t.Errorf("the kills are all of one sort: %v %v", struck, counts)
	}
}

// observed is what a command did, from its start.
type observed struct {
	lock, file, exit time.Duration // when it locked the graph and began a new file; zero where it was not seen
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

// trigger is when to kill: so long after the start, the lock or the new file, of
// which one is not zero; never where all are.
type trigger struct{ start, lock, file time.Duration }

// anyMoment is one of all the time, of the time under the lock, or of that from
// the first byte of a new file on, by turns.
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

// run runs the command of a mutation on a graph, and kills it.
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

// watch notes what is seen in the folder.
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
