package main

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestKilledUnderLock kills loads soon after the LOCK file appears, in new and in
// existing graphs. The graph must be unchanged or changed completely, the next load
// must succeed, and no file of the killed load may remain, neither beside the graph nor
// among temporary files. ENTENTE_LOCK_KILLS is the number of kills.
func TestKilledUnderLock(t *testing.T) {
	kills := sizeOf(t, "ENTENTE_LOCK_KILLS", 3, 10)
	ms := newMutations(t, sizeOf(t, "ENTENTE_KILL_FACTS", 400, 400), "load")
	states, struck := map[string]int{}, map[string]int{}
	for i := range kills {
		m := ms.commands[i%len(ms.commands)]
		dir := ms.prepare(t, m)
		t.Setenv("TMPDIR", t.TempDir())
		run := ms.run(t, m, dir, trigger{lock: 1 + rand.N(max(m.took.exit-m.took.lock, time.Millisecond))})
		struck[run.phase()]++
		state := ms.state(t, m, dir)
		states[state]++
		if run.finished && state != "done" {
			t.Errorf("%s: it finished, and the graph is %s", m.name, state)
		}
		ms.finish(t, m, dir, state)
		ms.must(t, filepath.Join(t.TempDir(), "another"), "load", ms.commands[0].args[1]) // any load tidies up
		if left := namesIn(t, os.TempDir()); len(left) > 0 {
			t.Errorf("%s: left among temporary files: %v", m.name, left)
		}
	}
	t.Logf("%d kills, %v: %v", kills, struck, states)
}

// The staged files of a load are removed by the next load after the process has died,
// and not before.
func TestStagedLeftoversAreRemoved(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", filepath.Join(dir, "temporary"))
	if err := os.Mkdir(os.TempDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	input, g := putFile(t, filepath.Join(dir, "a.yaml"), twoPeople), filepath.Join(dir, "g")
	long := filepath.Join(dir, "long.csv")
	writeTalks(t, long, "met", 3000)
	live, killed := stoppedLoad(t, long, filepath.Join(dir, "live")), stoppedLoad(t, long, filepath.Join(dir, "killed"))
	load := func(name string) {
		t.Helper()
		if out, err := exec.Command("entente", "load", input, "--graph", g, "--dataset", name).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	load("one")
	if left := namesIn(t, os.TempDir()); len(left) != 2 {
		t.Fatalf("beside two loads: %v", left)
	}
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait()
	load("two")
	left := namesIn(t, os.TempDir())
	if len(left) != 1 || !strings.HasPrefix(left[0], "entente-load-") {
		t.Fatalf("beside one load: %v", left)
	}
	if info, err := os.Stat(filepath.Join(os.TempDir(), left[0])); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("what is staged is open to others: %v %v", info.Mode(), err)
	}
	if err := errors.Join(live.Process.Signal(syscall.SIGCONT), live.Wait()); err != nil {
		t.Errorf("the load that lived: %v", err)
	}
	if left := namesIn(t, os.TempDir()); len(left) > 0 {
		t.Errorf("at the end: %v", left)
	}
}

// stoppedLoad starts a load and stops it while it reads its input.
func stoppedLoad(t *testing.T, input, g string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("entente", "load", input, "--graph", g)
	staged := func() int {
		found, _ := filepath.Glob(filepath.Join(os.TempDir(), "entente-load-*", "LOCK"))
		return len(found)
	}
	before := staged()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	for end := time.Now().Add(time.Minute); staged() == before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing is staged")
		}
	}
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	return cmd
}
