package store_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph/store"
)

// TestMain lets the test binary be another process that has a store open.
func TestMain(m *testing.M) {
	if path := os.Getenv("HOLD_STORE"); path != "" {
		hold(path)
		return
	}
	if path := os.Getenv("ASK_STORE"); path != "" {
		askOnce(path)
		return
	}
	os.Exit(m.Run())
}

// hold opens a store, prints that it is open, and closes it at the end of its
// input.
func hold(path string) {
	s, err := store.Open(path, &store.Options{ReadOnly: os.Getenv("HOLD_READ") != ""})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("open")
	bufio.NewReader(os.Stdin).ReadString('\n')
	s.Close()
}

// holder starts another process that holds a store open.
func holder(t *testing.T, path string, readOnly bool) (pid int, release func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "HOLD_STORE="+path)
	if readOnly {
		cmd.Env = append(cmd.Env, "HOLD_READ=1")
	}
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "open\n" {
		t.Fatal(line, err)
	}
	return cmd.Process.Pid, func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
}

func TestLockedByProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	pid, release := holder(t, path, false)
	for _, readOnly := range []bool{false, true} {
		start := time.Now()
		_, err := store.Open(path, &store.Options{ReadOnly: readOnly, Wait: 200 * time.Millisecond})
		if took := time.Since(start); took < 150*time.Millisecond || took > 5*time.Second {
			t.Errorf("waited %v", took)
		}
		if !errors.Is(err, store.ErrLocked) || errors.Is(err, store.ErrOpenHere) || !strings.Contains(err.Error(), fmt.Sprint("pid ", pid, " ")) {
			t.Errorf("got %v", err)
		}
	}
	time.AfterFunc(100*time.Millisecond, release)
	s, err := store.Open(path, &store.Options{Wait: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

func TestLockedByReaders(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "graph.db")
	openStore(t, dir, nil).Close()
	_, release := holder(t, path, true)
	defer release()
	if _, err := store.Open(path, nil); !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), "another process is reading it") {
		t.Errorf("writer beside a reader: %v", err)
	}
	s, err := store.Open(path, &store.Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("reader beside a reader: %v", err)
	}
	s.Close()
}

// TestLockedByThisProcess opens a store twice in one process, also by another
// name. The error says that this process has the store open.
func TestLockedByThisProcess(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "graph.db"), filepath.Join(dir, "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, dir, nil)
	for _, readOnly := range []bool{false, true} {
		for _, path := range []string{path, link} {
			_, err := store.Open(path, &store.Options{ReadOnly: readOnly})
			if !errors.Is(err, store.ErrLocked) || !errors.Is(err, store.ErrOpenHere) || !strings.Contains(err.Error(), "already, for writing since 2") || strings.Contains(err.Error(), "pid") {
				t.Errorf("beside a writer: %v", err)
			}
		}
	}
	s.Close()
	s, err := store.Open(path, &store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(path, nil); !errors.Is(err, store.ErrLocked) || !errors.Is(err, store.ErrOpenHere) || strings.Contains(err.Error(), "another") {
		t.Errorf("beside a reader: %v", err)
	}
	s.Close()
	if s, err = store.Open(path, nil); err != nil {
		t.Fatal(err)
	}
	s.Close()
}

func TestLockFile(t *testing.T) {
	dir := t.TempDir()
	lock := filepath.Join(dir, "LOCK")
	if err := os.WriteFile(lock, []byte("pid 1 died\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, dir, nil)
	text, err := os.ReadFile(lock)
	if want := fmt.Sprintf("pid %d has graph.db open for writing since ", os.Getpid()); err != nil || !strings.HasPrefix(string(text), want) {
		t.Errorf("got %q %v", text, err)
	}
	start := time.Now()
	if _, err := store.Open(filepath.Join(dir, "graph.db"), nil); !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), "since") {
		t.Errorf("second opener of one process: %v", err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("it waited %v though told not to", took)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(lock); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the LOCK file is still there: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "graph.db")); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("files are left: %v", left)
	}
}
