package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
)

const twoPeople = "people: [Ann Lee, Bob Ray]\nfacts: [Ann Lee met Bob Ray]\n"

// putFile writes a file for a test and returns its path.
func putFile(t *testing.T, path, text string) string {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
	return path
}

// namesIn lists a folder.
func namesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// Several loads that create the same graph at the same time all succeed, and all their
// facts are in the graph, even if another load is rejected and removes the graph that it
// created. ENTENTE_ROUNDS is the number of rounds.
func TestFirstLoadsAtOnce(t *testing.T) {
	const loads = 8
	dir, entente := t.TempDir(), built(t)
	for i := range loads {
		writeTalks(t, filepath.Join(dir, fmt.Sprintf("d%d.csv", i)), "met", 3+i)
	}
	putFile(t, filepath.Join(dir, "bad.yaml"), "people: [Ann Lee]\nfacts: [Ann Lee met Nobody]\n")
	for round := range sizeOf(t, "ENTENTE_ROUNDS", 2, 4) {
		g := filepath.Join(dir, fmt.Sprint("g", round))
		var all sync.WaitGroup
		for i := range loads {
			all.Go(func() {
				if out, err := exec.Command(entente, "load", filepath.Join(dir, fmt.Sprintf("d%d.csv", i)), "--graph", g, "--wait", "1m").CombinedOutput(); err != nil {
					t.Errorf("round %d, load %d: %v\n%s", round, i, err, out)
				}
			})
		}
		if round%2 == 1 {
			all.Go(func() {
				_ = exec.Command(entente, "load", filepath.Join(dir, "bad.yaml"), "--graph", g, "--wait", "1m").Run()
			})
		}
		all.Wait()
		if got := datasetsIn(t, g); len(got) != loads {
			t.Errorf("round %d: the graph has %v", round, got)
		}
		if names := namesIn(t, g); !slices.Equal(names, []string{"graph.db"}) {
			t.Errorf("round %d: the folder has %v", round, names)
		}
		if out, err := exec.Command("entente", "verify", "--graph", g).CombinedOutput(); err != nil {
			t.Errorf("round %d: %v\n%s", round, err, out)
		}
	}
}

func datasetsIn(t *testing.T, g string) (names []string) {
	t.Helper()
	out, err := exec.Command("entente", "datasets", "--graph", g, "--format", "json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct{ Dataset string }
	if err := json.Unmarshal(out, &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		names = append(names, row.Dataset)
	}
	return names
}

// waiting lists the commands that wait while another process writes the graph or the
// backup.
func waiting(g, backup, input string) [][]string {
	all := [][]string{
		{"load", input}, {"check", input}, {"diff", input}, {"forget", "a"}, {"compact"}, {"add", "--entity", "Cy", "--kind", "person"}, {"remove", "person:ann"}, {"review", "--list"}, {"review", "--undo", "fact:aaaaaaaaaaaaaaaaaaaaaaaaaa"}, {"verify"}, {"backup", backup + "-2"}, {"rebuild", "--to", g + "-2"},
		{"query", "g.V().all()"}, {"query", "--explain", "g.V().all()"}, {"export", "--format", "dot"}, {"dossier", "Ann"}, {"cite", "Ann"}, {"draw", "--timeline", "Ann"},
		{"datasets"}, {"stats"}, {"facts"}, {"find", "Ann"}, {"show", "Ann"}, {"path", "Ann", "Bob"}, {"connect", "Ann", "Bob"},
		{"near", "Ann"}, {"timeline", "Ann"}, {"common", "Ann", "Bob"}, {"rank"}, {"match"},
	}
	for i := range all {
		all[i] = append(all[i], "--graph", g)
	}
	return append(all, []string{"restore", backup, "--graph", g + "-3"})
}

// A command that waits for another process ends at once when it is interrupted, with
// exit code 130 and without leftover files.
func TestWaitingIsInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	temporary := filepath.Join(dir, "temporary")
	if err := os.Mkdir(temporary, 0o755); err != nil {
		t.Fatal(err)
	}
	g, backup := filepath.Join(dir, "g"), filepath.Join(dir, "kept.db")
	input := putFile(t, filepath.Join(dir, "a.yaml"), twoPeople)
	holdOpen(t, g, backup)
	before := namesIn(t, dir)
	var commands [][]string
	for i, args := range waiting(g, backup, input) {
		if fullTests() || i%4 == 0 {
			commands = append(commands, args)
		}
	}
	for batch := range slices.Chunk(commands, 6) {
		var started []*waitingCommand
		for _, args := range batch {
			started = append(started, startWaiting(t, temporary, args))
		}
		time.Sleep(startTime())
		for i, w := range started {
			t.Run(strings.ReplaceAll(strings.Join(batch[i], " "), dir, ""), func(t *testing.T) {
				w.interrupt(t, []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[i%3])
			})
		}
	}
	if names := namesIn(t, dir); !slices.Equal(names, before) {
		t.Errorf("the folder has %v, had %v", names, before)
	}
	if names := namesIn(t, temporary); len(names) > 0 {
		t.Errorf("the folder for temporary files has %v", names)
	}
}

// holdOpen makes a graph and a backup, and keeps both open for writing.
func holdOpen(t *testing.T, dir, backup string) {
	t.Helper()
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.Symlink(backup, filepath.Join(folder, graph.File)); err != nil {
		t.Fatal(err)
	}
	held, err := graph.Open(t.Context(), folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(g.Close(), held.Close()); err != nil {
			t.Error(err)
		}
	})
}

// startTime is after how long a few commands that were started together wait.
func startTime() time.Duration {
	if fullTests() {
		return 4 * time.Second
	}
	return 2 * time.Second
}

// waitingCommand is a running command with its output.
type waitingCommand struct {
	*exec.Cmd
	out bytes.Buffer
}

func startWaiting(t *testing.T, temporary string, args []string) *waitingCommand {
	t.Helper()
	w := &waitingCommand{Cmd: exec.Command("entente", append(args, "--wait", "5m")...)}
	w.Env, w.Stdout, w.Stderr = append(os.Environ(), "TMPDIR="+temporary), &w.out, &w.out
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Process.Kill() })
	return w
}

func (w *waitingCommand) interrupt(t *testing.T, signal syscall.Signal) {
	start := time.Now()
	if err := w.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	limit := time.AfterFunc(time.Minute, func() { _ = w.Process.Kill() })
	defer limit.Stop()
	err := w.Wait()
	if w.ProcessState.ExitCode() != exitInterrupted || strings.TrimSpace(w.out.String()) != "entente: interrupted" {
		t.Errorf("%v, it ended with %v\n%s", signal, err, &w.out)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it ended only after %v", took)
	}
}
