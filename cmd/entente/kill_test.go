package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
)

const (
	kills       = 30
	killedFacts = 2000
)

// A load that is killed leaves the graph sound, and the dataset wholly there or
// wholly absent; where one of its name was there, one of the two is.
func TestKilledLoads(t *testing.T) {
	k := newKiller(t)
	counts := make(map[string]int)
	for i := range kills {
		base := []string{"no graph", "other dataset", "same dataset"}[i%3]
		dir := filepath.Join(t.TempDir(), "g")
		k.prepare(t, base, dir)
		// Half of the kills strike at any time, half while the graph is locked.
		var run timeline
		if i%2 == 0 {
			run = k.load(t, dir, anyMoment(k.took.exit*5/4), 0)
		} else {
			run = k.load(t, dir, 0, anyMoment((k.took.exit-k.took.lock)*5/4))
		}
		state := k.state(t, base, dir)
		if run.finished && state != "loaded" {
			t.Errorf("a load that finished left the graph %s", state)
		}
		counts[state]++
		switch {
		case run.finished:
			counts["struck too late"]++
		case run.lock > 0:
			counts["struck while locked"]++
		default:
			counts["struck before the lock"]++
		}
		if i%5 == 0 {
			k.load(t, dir, time.Hour, 0)
			if state := k.state(t, base, dir); state != "loaded" {
				t.Errorf("loaded again, the graph is %s", state)
			}
		}
	}
	t.Logf("an undisturbed load locks after %v and ends after %v", k.took.lock, k.took.exit)
	t.Logf("%d kills: %v", kills, counts)
	if counts["as before"] == 0 || counts["struck while locked"] == 0 || counts["struck too late"] > kills-5 {
		t.Errorf("the kills are all of one sort: %v", counts)
	}
}

func anyMoment(within time.Duration) time.Duration { return 1 + rand.N(max(within, time.Millisecond)) }

// killer has the command, its input, and graphs to begin with.
type killer struct {
	command, input string
	bases          map[string]string // folders, by name; empty where there is none
	before, loaded map[string]string // what verify says of them, without and with the input
	took           timeline          // of an undisturbed load
}

// timeline is what a load did, from its start.
type timeline struct {
	lock, exit time.Duration // lock is zero where it was not seen
	finished   bool
}

func newKiller(t *testing.T) *killer {
	t.Helper()
	dir := t.TempDir()
	k := &killer{
		command: filepath.Join(dir, "entente-to-kill"), input: filepath.Join(dir, "new", "talks.csv"),
		bases: map[string]string{"no graph": ""}, before: map[string]string{}, loaded: map[string]string{},
	}
	if out, err := exec.Command("go", "build", "-o", k.command, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	old, other := filepath.Join(dir, "old", "talks.csv"), filepath.Join(dir, "old", "other.csv")
	writeTalks(t, k.input, "met", killedFacts)
	writeTalks(t, old, "called", killedFacts/4)
	writeTalks(t, other, "invited", 10)
	for base, inputs := range map[string][]string{"other dataset": {other}, "same dataset": {other, old}} {
		k.bases[base] = filepath.Join(dir, base)
		if out, err := exec.Command(k.command, append([]string{"load", "--graph", k.bases[base]}, inputs...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	k.before["no graph"] = emptyDigest(t)
	for base, from := range k.bases {
		if from != "" {
			k.before[base] = k.digest(t, from)
		}
		g := filepath.Join(dir, base+", loaded")
		k.prepare(t, base, g)
		k.took = k.load(t, g, time.Hour, 0)
		k.loaded[base] = k.digest(t, g)
	}
	return k
}

// writeTalks writes a dataset of facts, each of its own day and people.
func writeTalks(t *testing.T, name, verb string, facts int) {
	t.Helper()
	var b strings.Builder
	b.WriteString("from,to,type,from_kind,to_kind,date,quote\n")
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range facts {
		fmt.Fprintf(&b, "Envoy %d,Minister %d,%s,person,person,%s,words of %d\n",
			i%97, i%89, verb, day.AddDate(0, 0, i).Format(time.DateOnly), i)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(b.String()), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func (k *killer) prepare(t *testing.T, base, dir string) {
	t.Helper()
	if k.bases[base] == "" {
		return
	}
	if err := os.CopyFS(dir, os.DirFS(k.bases[base])); err != nil {
		t.Fatal(err)
	}
}

// load runs a load, and kills it after a while since its start or, where that is
// zero, since it locked the graph.
func (k *killer) load(t *testing.T, dir string, sinceStart, sinceLock time.Duration) (run timeline) {
	t.Helper()
	cmd := exec.Command(k.command, "load", k.input, "--graph", dir)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	start, done := time.Now(), make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	tick := time.NewTicker(500 * time.Microsecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			run.exit, run.finished = time.Since(start), err == nil
			if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
				t.Fatalf("%v\n%s", err, &errs)
			}
			return run
		case <-tick.C:
		}
		since := time.Since(start)
		if _, err := os.Stat(filepath.Join(dir, "LOCK")); run.lock == 0 && err == nil {
			run.lock = since
		}
		if sinceStart > 0 && since > sinceStart || sinceStart == 0 && run.lock > 0 && since-run.lock > sinceLock {
			_ = cmd.Process.Kill() // it may be gone already
		}
	}
}

// state says what a graph is by its digest, once verify finds no problem in it.
func (k *killer) state(t *testing.T, base, dir string) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "graph.db")); base == "no graph" && errors.Is(err, fs.ErrNotExist) {
		return "as before"
	}
	switch digest := k.digest(t, dir); digest {
	case k.loaded[base]:
		return "loaded"
	case k.before[base]:
		return "as before"
	default:
		t.Errorf("%s: the dataset is neither there nor absent: digest %s", base, digest)
		return "broken"
	}
}

// emptyDigest is that of a graph into which nothing was loaded.
func emptyDigest(t *testing.T) string {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	v, err := g.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v.Digest
}

// digest is what verify says of a graph.
func (k *killer) digest(t *testing.T, dir string) string {
	t.Helper()
	cmd := exec.Command(k.command, "verify", "--graph", dir, "--format", "json")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("verify: %v\n%s%s", err, out, &errs)
	}
	digest, err := digestIn(out)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// digestIn finds the digest in what verify prints as JSON.
func digestIn(out []byte) (string, error) {
	var v struct{ Digest string }
	if err := json.Unmarshal(out, &v); err != nil || v.Digest == "" {
		return "", fmt.Errorf("no digest in %s: %w", out, err)
	}
	return v.Digest, nil
}
