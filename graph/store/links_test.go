//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package store_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph/store"
)

// TestLockFollowsNothing has a file that is not a LOCK file under that name. The
// file, and what it leads to, stays unchanged: a writer returns an error before
// it creates anything, and a reader ignores the file.
func TestLockFollowsNothing(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "target")
	if err := os.WriteFile(elsewhere, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, make := range map[string]func(path string) error{
		"link":         func(path string) error { return os.Symlink(elsewhere, path) },
		"link to none": func(path string) error { return os.Symlink(elsewhere+"-none", path) },
		"hard link":    func(path string) error { return os.Link(elsewhere, path) },
		"folder":       func(path string) error { return os.Mkdir(path, 0o755) },
		"pipe":         func(path string) error { return syscall.Mkfifo(path, 0o644) },
		"another file": func(path string) error { return os.WriteFile(path, []byte("notes"), 0o644) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path, lock := filepath.Join(dir, "graph.db"), filepath.Join(dir, "LOCK")
			if err := make(lock); err != nil {
				t.Fatal(err)
			}
			before, _ := os.Lstat(lock)
			_, err := store.Open(path, nil)
			if err == nil || !strings.Contains(err.Error(), lock) || !strings.Contains(err.Error(), "not the LOCK file of a graph") {
				t.Errorf("got %v", err)
			}
			if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a store was made: %v", err)
			}
			makeSample(t, path)
			if s, err := store.Open(path, &store.Options{ReadOnly: true}); err != nil {
				t.Error(err)
			} else {
				s.Close()
			}
			if _, err := store.Open(path, nil); err == nil {
				t.Error("opened to write")
			}
			after, err := os.Lstat(lock)
			if err != nil || !os.SameFile(before, after) {
				t.Errorf("it was replaced: %v", err)
			}
		})
	}
	if text, err := os.ReadFile(elsewhere); string(text) != "precious" {
		t.Errorf("the target has %q %v", text, err)
	}
	if _, err := os.Lstat(elsewhere + "-none"); err == nil {
		t.Error("a target was made")
	}
}

func makeSample(t *testing.T, path string) {
	t.Helper()
	file, _ := sampleFile(t, 20)
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestLeftLockFile replaces the LOCK file of a dead process, and does not name
// that process in the error of a graph that is being read.
func TestLeftLockFile(t *testing.T) {
	for _, text := range []string{"pid 1 has graph.db open for writing since 2000-01-01T00:00:00Z\n", "", "\x00\x00\x00"} {
		dir := t.TempDir()
		path, lock := filepath.Join(dir, "graph.db"), filepath.Join(dir, "LOCK")
		makeSample(t, path)
		if err := os.WriteFile(lock, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		reader, err := store.Open(path, &store.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(path, nil); !errors.Is(err, store.ErrLocked) || !strings.HasSuffix(err.Error(), "this process has it open already, for reading: close it first") {
			t.Errorf("%q: beside a reader: %v", text, err)
		}
		reader.Close()
		s, err := store.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		if _, err := os.Lstat(lock); err == nil {
			t.Errorf("%q: a LOCK file is left", text)
		}
	}
}

// TestStoreBehindALink opens a store by a link. The file that the link leads to
// is written, also as a new file, and the link stays.
func TestStoreBehindALink(t *testing.T) {
	real, dir := t.TempDir(), t.TempDir()
	path, link := filepath.Join(real, "data.db"), filepath.Join(dir, "graph.db")
	makeSample(t, path)
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(link, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(real, "LOCK")); err != nil {
		t.Errorf("its LOCK file is not beside it: %v", err)
	}
	if _, err := store.Open(path, nil); !errors.Is(err, store.ErrLocked) {
		t.Errorf("opened by its own name: %v", err)
	}
	addEdges(t, s, edge("by", "link"))
	if err := errors.Join(s.Compact(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(link); to != path {
		t.Errorf("the link leads to %q: %v", to, err)
	}
	s, err = store.Open(path, &store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if ok, err := snapshotOf(t, s).Has(edge("by", "link")); !ok || err != nil {
		t.Errorf("what was written is not there: %v", err)
	}
	nowhere := filepath.Join(t.TempDir(), "graph.db")
	if err := os.Symlink("missing.db", nowhere); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(nowhere, nil); err == nil || !strings.Contains(err.Error(), "leads to no file") {
		t.Errorf("a link to nothing: %v", err)
	}
}

// TestModesOfFiles creates files with the permissions that the umask leaves, and
// keeps the permissions of existing files.
func TestModesOfFiles(t *testing.T) {
	for _, umask := range []int{0o022, 0o077, 0o002} {
		old := syscall.Umask(umask)
		dir := t.TempDir()
		path, backup := filepath.Join(dir, "graph.db"), filepath.Join(dir, "backup.db")
		s := openStore(t, dir, store.Tight(50, 0, 100, store.Options{}))
		want := fs.FileMode(0o666 &^ umask)
		wantMode(t, path, want)
		wantMode(t, filepath.Join(dir, "LOCK"), want)
		for _, mode := range []fs.FileMode{want, 0o600, 0o640} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
			addEdges(t, s, edge("a", mode.String()))
			if err := s.Compact(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantMode(t, path, mode)
			if err := s.View(t.Context(), func(snapshot *store.Snapshot) error { return snapshot.Backup(t.Context(), backup) }); err != nil {
				t.Fatal(err)
			}
			wantMode(t, backup, mode&^fs.FileMode(umask))
			if err := os.Remove(backup); err != nil {
				t.Fatal(err)
			}
		}
		s.Close()
		if _, err := store.Rebuild(t.Context(), path, backup, nil); err != nil {
			t.Fatal(err)
		}
		wantMode(t, backup, 0o640&^fs.FileMode(umask))
		syscall.Umask(old)
	}
}

func wantMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	if info, err := os.Lstat(path); err != nil || info.Mode() != want {
		t.Errorf("%s: %v %v, want %v", path, info.Mode(), err, want)
	}
}

// TestOpenEndsWithItsContext waits for another process until the context ends.
func TestOpenEndsWithItsContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	_, release := holder(t, path, false)
	defer release()
	why := errors.New("enough")
	for name, open := range map[string]func(context.Context) error{
		"read": func(ctx context.Context) error {
			_, err := store.OpenContext(ctx, path, &store.Options{ReadOnly: true, Wait: time.Minute})
			return err
		},
		"write": func(ctx context.Context) error {
			_, err := store.OpenContext(ctx, path, &store.Options{Wait: time.Minute})
			return err
		},
		"rebuild": func(ctx context.Context) error {
			_, err := store.Rebuild(ctx, path, path+".new", &store.Options{Wait: time.Minute})
			return err
		},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		start := time.Now()
		time.AfterFunc(100*time.Millisecond, func() { cancel(why) })
		if err := open(ctx); !errors.Is(err, why) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: it took %v", name, took)
		}
	}
}

// TestFirstOpensAtOnce opens a missing store in several goroutines at once: one
// store is created, and all of them add to it.
func TestFirstOpensAtOnce(t *testing.T) {
	for range 20 {
		path := filepath.Join(t.TempDir(), "graph.db")
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				s, err := store.Open(path, &store.Options{Wait: time.Minute})
				if err != nil {
					t.Error(err)
					return
				}
				addEdges(t, s, edge("a", string(rune('a'+i))))
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		s, err := store.Open(path, &store.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, quads, err := snapshotOf(t, s).Sizes(); err != nil || quads != 8 {
			t.Errorf("%d quads, want 8: %v", quads, err)
		}
		s.Close()
		if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
			t.Errorf("left: %v", entries)
		}
	}
}

// TestIsFile recognizes a store by the contents of its file, also if the file is
// damaged.
func TestIsFile(t *testing.T) {
	dir := t.TempDir()
	file, _ := sampleFile(t, 20)
	blank := append(make([]byte, 4096), file[4096:]...)
	for name, c := range map[string]struct {
		data []byte
		want bool
	}{"whole": {file, true}, "half": {blank, true}, "text": {[]byte("from,to,type\n"), false}, "empty": {nil, false}} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, c.data, 0o644); err != nil {
			t.Fatal(err)
		}
		if got := store.IsFile(path); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if store.IsFile(dir) || store.IsFile(filepath.Join(dir, "missing")) {
		t.Error("what is no file is a store")
	}
}
