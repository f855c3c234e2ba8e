package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
)

const faultFacts = 240

// TestFaults lets system calls of commands that change a graph fail, one each
// time, or all from one on: the command says so, the graph is as before or, where
// the commit was complete but for syncing, as after, and the next command works.
// It also kills the commands as they enter a call. ENTENTE_FAULTS says how many
// calls of each command to take; -1 is all.
func TestFaults(t *testing.T) {
	w := newWorkshop(t, faultFacts)
	failed, crashed := map[string]int{}, map[string]int{}
	for _, u := range w.undertakings {
		t.Run(u.name, func(t *testing.T) {
			for n, i := range w.points(t, u) {
				errno := []syscall.Errno{syscall.EIO, syscall.ENOSPC}[n%2]
				failed[w.fail(t, u, fault{at: i, errno: errno, after: n%3 == 2})]++
				crashed[w.crash(t, u, i)]++
			}
		})
	}
	t.Logf("after a fault: %v, after a crash: %v", failed, crashed)
	if failed["as before"] == 0 || crashed["as before"] == 0 {
		t.Error("nothing stopped anything")
	}
}

// crash kills an undertaking at one of its calls.
func (w *workshop) crash(t *testing.T, u *undertaking, at int) string {
	t.Helper()
	dir := w.prepare(t, u)
	run := runTraced(t, dir, fault{at: at, kill: true}, w.command, append(u.args, "--graph", dir)...)
	state := w.state(t, u, dir)
	if run.err == nil && state != "done" {
		t.Errorf("%d: it ended, and the graph is %s", at, state)
	}
	w.finish(t, u, dir)
	return state
}

// points are the calls of an undertaking to disturb: one at random of each of
// so many parts, or all.
func (w *workshop) points(t *testing.T, u *undertaking) (points []int) {
	t.Helper()
	dir := w.prepare(t, u)
	run := runTraced(t, dir, fault{at: -1}, w.command, append(u.args, "--graph", dir)...)
	if run.err != nil || len(run.calls) < 5 {
		t.Fatalf("%v: %v\n%s", run.err, run.calls, run.output)
	}
	t.Logf("%d calls: %s", len(run.calls), shortened(run.calls))
	parts := sizeOf(t, "ENTENTE_FAULTS", 3)
	if parts < 0 || parts > len(run.calls) {
		parts = len(run.calls)
	}
	for i := range parts {
		from, to := i*len(run.calls)/parts, (i+1)*len(run.calls)/parts
		points = append(points, from+rand.IntN(to-from))
	}
	return points
}

// shortened joins names, and counts those that repeat.
func shortened(names []string) string {
	var b strings.Builder
	for i := 0; i < len(names); {
		from := i
		for i < len(names) && names[i] == names[from] {
			i++
		}
		fmt.Fprintf(&b, "%d %s; ", i-from, names[from])
	}
	return b.String()
}

// fail runs an undertaking of which a call fails, and returns what became of it.
func (w *workshop) fail(t *testing.T, u *undertaking, f fault) string {
	t.Helper()
	dir := w.prepare(t, u)
	run := runTraced(t, dir, f, w.command, append(u.args, "--graph", dir)...)
	if f.at >= len(run.calls) {
		return "no such call"
	}
	what := fmt.Sprintf("%v in call %d, %s", f.errno, f.at, run.calls[f.at])
	state := w.state(t, u, dir)
	switch {
	case run.err == nil && state != "done":
		t.Errorf("%s: no error, but the graph is %s", what, state)
	case run.err != nil && !strings.Contains(run.output, f.errno.Error()) && !strings.Contains(run.output, "killed"):
		t.Errorf("%s: %v\n%s", what, run.err, run.output)
	case run.err != nil && strings.Contains(run.output, "goroutine "):
		t.Errorf("%s: a crash\n%s", what, run.output)
	case run.err != nil && state == "done" && u.before != u.after && !durable(run.calls[f.at:]):
		t.Errorf("%s: an error, but it was done:\n%s", what, run.output)
	}
	w.finish(t, u, dir)
	if run.err == nil {
		return "harmless"
	}
	return state
}

// durable says whether a commit may stand although a call failed: it was one
// that makes what is written last, or that tidies up; or it wrote the note of a
// commit, with nothing synced after it.
func durable(rest []string) bool {
	name, _, _ := strings.Cut(rest[0], " ")
	synced := slices.ContainsFunc(rest, func(call string) bool { return strings.Contains(call, "sync ") })
	return name == "fsync" || name == "fdatasync" || name == "unlinkat" || name == "pwrite64" && !synced
}
