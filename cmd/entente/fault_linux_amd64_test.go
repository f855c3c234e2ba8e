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

// TestFaults lets system calls of mutating commands fail: a single call, or a call and
// all later ones. The command must report the error, and the graph must be unchanged
// or, if only syncing failed, changed completely. The next command must work. The test
// also kills commands when they enter a call. ENTENTE_FAULTS is the number of calls of
// each command to disturb; -1 for all.
func TestFaults(t *testing.T) {
	t.Parallel()
	ms := newMutations(t, faultFacts)
	failed, crashed := map[string]int{}, map[string]int{}
	for _, m := range ms.commands {
		t.Run(m.name, func(t *testing.T) {
			for n, i := range ms.points(t, m) {
				errno := []syscall.Errno{syscall.EIO, syscall.ENOSPC}[n%2]
				failed[ms.fail(t, m, fault{at: i, errno: errno, after: n%3 == 2})]++
				crashed[ms.crash(t, m, i)]++
			}
		})
	}
	t.Logf("after a fault: %v, after a crash: %v", failed, crashed)
	if failed["as before"] == 0 || crashed["as before"] == 0 {
		t.Error("nothing stopped anything")
	}
}

// crash kills a command at one of its system calls, and returns the state of the graph.
func (ms *mutations) crash(t *testing.T, m *mutatingCommand, at int) string {
	t.Helper()
	dir := ms.prepare(t, m)
	run := runTraced(t, dir, fault{at: at, kill: true}, ms.binary, append(m.args, "--graph", dir)...)
	state := ms.state(t, m, dir)
	if run.err == nil && state != "done" {
		t.Errorf("%d: it ended, and the graph is %s", at, state)
	}
	ms.finish(t, m, dir, state)
	return state
}

// points returns the numbers of the system calls to disturb: a random call in each of
// several equal parts of the run, or all calls.
func (ms *mutations) points(t *testing.T, m *mutatingCommand) (points []int) {
	t.Helper()
	dir := ms.prepare(t, m)
	run := runTraced(t, dir, fault{at: -1}, ms.binary, append(m.args, "--graph", dir)...)
	if run.err != nil || len(run.calls) < 5 {
		t.Fatalf("%v: %v\n%s", run.err, run.calls, run.output)
	}
	t.Logf("%d calls: %s", len(run.calls), shortened(run.calls))
	parts := sizeOf(t, "ENTENTE_FAULTS", 1, 3)
	if parts < 0 || parts > len(run.calls) {
		parts = len(run.calls)
	}
	for i := range parts {
		from, to := i*len(run.calls)/parts, (i+1)*len(run.calls)/parts
		points = append(points, from+rand.IntN(to-from))
	}
	return points
}

// shortened joins names, and replaces repetitions by a count.
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

// fail runs a command with a failing system call, and returns the state of the graph.
func (ms *mutations) fail(t *testing.T, m *mutatingCommand, f fault) string {
	t.Helper()
	dir := ms.prepare(t, m)
	run := runTraced(t, dir, f, ms.binary, append(m.args, "--graph", dir)...)
	if f.at >= len(run.calls) {
		return "no such call"
	}
	what := fmt.Sprintf("%v in call %d, %s", f.errno, f.at, run.calls[f.at])
	state := ms.state(t, m, dir)
	switch {
	case run.err == nil && state != "done":
		t.Errorf("%s: no error, but the graph is %s", what, state)
	case run.err != nil && !strings.Contains(run.output, f.errno.Error()) && !strings.Contains(run.output, "killed"):
		t.Errorf("%s: %v\n%s", what, run.err, run.output)
	case run.err != nil && strings.Contains(run.output, "goroutine "):
		t.Errorf("%s: a crash\n%s", what, run.output)
	case run.err != nil && state == "done" && m.before != m.after && !durable(run.calls[f.at:]):
		t.Errorf("%s: an error, but it was done:\n%s", what, run.output)
	}
	ms.finish(t, m, dir, state)
	if run.err == nil {
		return "harmless"
	}
	return state
}

// durable reports whether a commit may be complete although the first call of rest
// failed: the call syncs or cleans up, or no later call syncs, as when it wrote the record
// of the commit or what is kept beside the graph after it.
func durable(rest []string) bool {
	name, _, _ := strings.Cut(rest[0], " ")
	synced := slices.ContainsFunc(rest, func(call string) bool { return strings.Contains(call, "sync ") })
	return name == "fsync" || name == "fdatasync" || name == "unlinkat" || !synced
}
