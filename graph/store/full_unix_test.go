//go:build unix

package store_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/entente-kg/entente/graph/store"
)

// disk is a file system that can be full.
type disk struct {
	dir        string
	full, free func(*testing.T)
}

// aDisk returns the file system of the folder ENTENTE_FULL, which should be
// small. Without one, it limits the size of files.
func aDisk(t *testing.T) disk {
	t.Helper()
	dir := os.Getenv("ENTENTE_FULL")
	if dir == "" {
		return limitedDisk(t)
	}
	dir, err := os.MkdirTemp(dir, "full")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	ballast := filepath.Join(dir, "ballast")
	return disk{dir: dir,
		full: func(t *testing.T) {
			f, err := os.Create(ballast)
			for chunk := bytes.Repeat([]byte{1}, 1<<16); err == nil; {
				if _, err = f.Write(chunk); err != nil && len(chunk) > 1 {
					chunk, err = chunk[:len(chunk)/2], nil
				}
			}
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
			f.Close()
		},
		free: func(t *testing.T) {
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
		}}
}

// limited is set in the environment of the process with a limit on the size of
// files. The limit is for the whole process, in which other tests would write,
// too.
const limited = "ENTENTE_LIMITED"

// limitedAlone runs the test in a process of its own.
func limitedAlone(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), limited+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Errorf("%v\n%s", err, out)
	}
}

func limitedDisk(t *testing.T) disk {
	var usual syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &usual); err != nil {
		t.Fatal(err)
	}
	limit := func(t *testing.T, to syscall.Rlimit) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &to); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { limit(t, usual) })
	return disk{dir: t.TempDir(),
		full: func(t *testing.T) {
			to := usual
			to.Cur = 3 * pageSize
			limit(t, to)
		},
		free: func(t *testing.T) { limit(t, usual) }}
}

// TestFullDisk writes to a full disk in all ways. Each write returns an error
// that says so, and leaves the store unchanged. When there is room again, the
// same process can go on.
func TestFullDisk(t *testing.T) {
	if os.Getenv("ENTENTE_FULL") == "" && os.Getenv(limited) == "" {
		limitedAlone(t)
		return
	}
	d := aDisk(t)
	for name, opts := range map[string]*store.Options{
		"levels":    store.Tight(0, 0, 40, store.Options{}),
		"new files": store.Tight(1, 0, 0, store.Options{}),
		"runs":      store.Tight(1, 25, 0, store.Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t, d.dir, opts)
			w, m := newWorld(41), model{}
			add := func() error { return addTo(t, s, w, m) }
			if err := add(); err != nil {
				t.Fatal(err)
			}
			for name, write := range map[string]func() error{"add": add, "compact": func() error { return s.Compact(t.Context()) }} {
				d.full(t)
				err := write()
				for range 1000 { // there may be some room in the file
					if err != nil || name == "compact" {
						break
					}
					err = write()
				}
				if !saysFull(err) {
					t.Errorf("%s: error %v", name, err)
				}
				verify(t, s, m)
				d.free(t)
				if err := write(); err != nil {
					t.Errorf("%s: with room again: %v", name, err)
				}
				verify(t, s, m)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = openStore(t, d.dir, opts)
			verify(t, s, m)
			if err := errors.Join(s.Close(), os.Remove(filepath.Join(d.dir, "graph.db"))); err != nil {
				t.Fatal(err)
			}
			if left, err := os.ReadDir(d.dir); err != nil || len(left) > 0 {
				t.Errorf("files are left: %v %v", left, err)
			}
		})
	}
}

// saysFull reports whether an error says that a disk is full. What bbolt returns where it
// makes its file larger has the text of the system's error, and does not wrap it.
func saysFull(err error) bool {
	for _, full := range []error{syscall.ENOSPC, syscall.EFBIG} {
		if err != nil && (errors.Is(err, full) || strings.Contains(err.Error(), full.Error())) {
			return true
		}
	}
	return false
}

// addTo adds quads to a store and, if they are stored, to the map.
func addTo(t *testing.T, s *store.Store, w *world, m model) error {
	more := model{}
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for range 400 {
			q := w.quad()
			more[q] = true
			if _, err := tx.Add(q); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		for q := range more {
			m[q] = true
		}
	}
	return err
}
