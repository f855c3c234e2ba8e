//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package safefile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/entente-kg/entente/graph/safefile"
)

func put(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
}

func wantFile(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	got, err := os.ReadFile(path)
	info, statErr := os.Lstat(path)
	if err != nil || statErr != nil || string(got) != text || info.Mode() != mode {
		t.Errorf("%s: %q, %v %v; want %q and %v", path, got, info, errors.Join(err, statErr), text, mode)
	}
}

func wantOnly(t *testing.T, dir string, names ...string) {
	t.Helper()
	var got []string
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(names) {
		t.Errorf("the folder has %q (%v), want %q", got, err, names)
	}
}

func write(t *testing.T, path, text string) *safefile.Pending {
	t.Helper()
	p, err := safefile.Begin(path, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.WriteString(text); err != nil {
		t.Fatal(err)
	}
	return p
}

// A new file is as open as the umask lets it be, one that replaces another as
// open as that, and no more while it is written.
func TestPermissions(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o027))
	dir := t.TempDir()
	path := filepath.Join(dir, "new")
	if err := write(t, path, "one").Replace(true); err != nil {
		t.Fatal(err)
	}
	wantFile(t, path, "one", 0o640)
	for _, mode := range []fs.FileMode{0o600, 0o644, 0o664, 0o400} {
		put(t, path, "old", mode)
		p := write(t, path, "two")
		if info, err := p.Stat(); err != nil || info.Mode()&^0o600 != 0 {
			t.Errorf("while it is written: %v %v", info.Mode(), err)
		}
		if err := p.Replace(false); err != nil {
			t.Fatal(err)
		}
		wantFile(t, path, "two", mode)
	}
	wantOnly(t, dir, "new")
}

// What has the name and is no file is not replaced, nor followed.
func TestBeginOnWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "target")
	put(t, target, "precious", 0o644)
	for name, make := range map[string]func(path string) error{
		"link":   func(path string) error { return os.Symlink("target", path) },
		"folder": func(path string) error { return os.Mkdir(path, 0o755) },
		"pipe":   func(path string) error { return syscall.Mkfifo(path, 0o644) },
	} {
		path := filepath.Join(dir, name)
		if err := make(path); err != nil {
			t.Fatal(err)
		}
		if _, err := safefile.Begin(path, 0o666); !errors.Is(err, safefile.ErrKind) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := safefile.OpenRegular(path); err == nil {
			t.Errorf("%s is opened", name)
		}
	}
	wantFile(t, target, "precious", 0o644)
	wantOnly(t, dir, "folder", "link", "pipe", "target")
}

// Place gives a name once, whatever has it.
func TestPlace(t *testing.T) {
	dir := t.TempDir()
	path, dangling := filepath.Join(dir, "f"), filepath.Join(dir, "link")
	if err := os.Symlink("nowhere", dangling); err != nil {
		t.Fatal(err)
	}
	p := write(t, path, "one")
	if err := p.Place(true); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{path, dangling} {
		p, err := safefile.BeginNew(at, 0o666)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Place(true); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: %v", at, err)
		}
		if err := p.Discard(); err != nil {
			t.Error(err)
		}
	}
	wantOnly(t, dir, "f", "link")
}

// Sweep removes what nobody writes any more, and nothing else.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	live := write(t, path, "live")
	put(t, filepath.Join(dir, ".f.77.new"), "left", 0o600)
	put(t, filepath.Join(dir, ".f.78.new"), "left", 0o400)
	kept := []string{".f.79.new", ".f.new", ".f.x.new", ".g.80.new"}
	for _, name := range kept[1:] {
		put(t, filepath.Join(dir, name), "another's", 0o600)
	}
	if err := os.Symlink(".g.80.new", filepath.Join(dir, kept[0])); err != nil {
		t.Fatal(err)
	}
	if busy, err := safefile.Sweep(path); !busy || err != nil {
		t.Errorf("beside a writer: %v %v", busy, err)
	}
	if err := live.Replace(false); err != nil {
		t.Error(err)
	}
	if busy, err := safefile.Sweep(path); busy || err != nil {
		t.Errorf("beside none: %v %v", busy, err)
	}
	wantFile(t, path, "live", 0o644)
	wantOnly(t, dir, append(kept, "f")...)
}

// Files that are begun while others sweep are not swept.
func TestBeginBesideSweepers(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	var writers, sweepers sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		sweepers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := safefile.Sweep(path); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 4 {
		writers.Go(func() {
			for range 100 {
				p, err := safefile.Begin(path, 0o666)
				if err != nil {
					t.Error(err)
					return
				}
				_, err = p.WriteString("whole")
				if err = errors.Join(err, p.Replace(false)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	close(stop)
	sweepers.Wait()
	wantFile(t, path, "whole", 0o644)
	if _, err := safefile.Sweep(path); err != nil {
		t.Error(err)
	}
	wantOnly(t, dir, "f")
}

// A temporary folder is private. Those that were left are removed by the next,
// unless their process lives or something else is in them.
func TestTempFolder(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	live, err := safefile.TempFolder(safefile.LoadPrefix)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(live.Path); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	put(t, filepath.Join(live.Path, "graph.db"), "live", 0o600)
	folders := map[string][]string{
		"entente-load-1":    {"graph.db", "LOCK", ".graph.db.5.new"}, // left by a load
		"entente-2":         {"graph.db", "graph.paths"},             // by a question
		"entente-load-3":    {},                                      // before anything was in it
		"entente-load-4":    {"graph.db", "thesis.txt"},              // something of the user
		"entente-load-mine": {"graph.db"},                            // another name
	}
	for name, files := range folders {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			put(t, filepath.Join(dir, name, file), "x", 0o600)
		}
	}
	if err := os.Symlink("entente-load-mine", filepath.Join(dir, "entente-load-6")); err != nil {
		t.Fatal(err)
	}
	next, err := safefile.TempFolder(safefile.LoadPrefix)
	if err != nil {
		t.Fatal(err)
	}
	wantFile(t, filepath.Join(live.Path, "graph.db"), "live", 0o600)
	wantFile(t, filepath.Join(dir, "entente-load-4", "thesis.txt"), "x", 0o600)
	wantFile(t, filepath.Join(dir, "entente-load-mine", "graph.db"), "x", 0o600)
	if err := errors.Join(live.Remove(), next.Remove(), next.Remove()); err != nil {
		t.Error(err)
	}
	wantOnly(t, dir, "entente-load-4", "entente-load-6", "entente-load-mine")
}

// A folder whose store another process has open is live, whatever made it.
func TestFolderOfAnOpenStoreIsKept(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	folder := filepath.Join(dir, "entente-load-1")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(folder, "graph.db"), "x", 0o600)
	f, err := os.Open(filepath.Join(folder, "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := safefile.TryLock(f, true); err != nil {
		t.Fatal(err)
	}
	sweep := func() {
		next, err := safefile.TempFolder(safefile.LoadPrefix)
		if err = errors.Join(err, next.Remove()); err != nil {
			t.Error(err)
		}
	}
	sweep()
	wantOnly(t, dir, "entente-load-1")
	f.Close()
	sweep()
	wantOnly(t, dir)
}

// Links are followed as the system follows them.
func TestResolve(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "a", "b"), 0o755), os.Symlink("a/b", filepath.Join(dir, "ab")),
		os.Symlink("../file", filepath.Join(dir, "a", "b", "link")), os.Symlink("round", filepath.Join(dir, "round"))); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "a", "file"), "x", 0o644)
	at, err := safefile.Resolve(filepath.Join(dir, "ab", "link"))
	if err != nil {
		t.Fatal(err)
	}
	wantFile(t, at, "x", 0o644)
	if _, err := safefile.Resolve(filepath.Join(dir, "round")); err == nil {
		t.Error("a link to itself leads somewhere")
	}
}
