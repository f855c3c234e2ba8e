package export_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/entente-kg/entente/graph/export"
)

// TestWriteFolder checks that a folder has the files of the archive, replaces an empty
// folder only, and leaves nothing behind if it fails.
func TestWriteFolder(t *testing.T) {
	t.Parallel()
	g, above := everything(t), t.TempDir()
	selection := export.Selection{Graph: g}
	for _, f := range export.Formats() {
		dir := filepath.Join(above, string(f))
		if !export.HasFolder(f) {
			if err := export.WriteFolder(t.Context(), dir, f, selection, export.Options{}); !errors.Is(err, export.ErrFormat) {
				t.Errorf("%s: error %v", f, err)
			}
			continue
		}
		var archive bytes.Buffer
		if err := export.Write(t.Context(), &archive, f, selection, export.Options{}); err != nil {
			t.Fatal(err)
		}
		want, err := unzipped(archive.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := export.WriteFolder(t.Context(), dir, f, selection, export.Options{}); err != nil {
			t.Fatal(err)
		}
		if got := filesIn(t, dir); !maps.EqualFunc(got, want, bytes.Equal) || len(got) == 0 {
			t.Errorf("%s: the folder has %q, the archive %q", f, sortedKeys(got), sortedKeys(want))
		}
		if err := export.WriteFolder(t.Context(), dir, f, selection, export.Options{}); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: written over a folder: %v", f, err)
		}
		checkNothingLeft(t, above, f, selection)
	}
}

// checkNothingLeft checks that a cancelled export makes no folder.
func checkNothingLeft(t *testing.T, above string, f export.Format, s export.Selection) {
	t.Helper()
	before, err := os.ReadDir(above)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := export.WriteFolder(ctx, filepath.Join(above, "cancelled"), f, s, export.Options{}); err == nil {
		t.Errorf("%s: no error", f)
	}
	if after, err := os.ReadDir(above); err != nil || len(after) != len(before) {
		t.Errorf("%s: %d entries, before %d: %v", f, len(after), len(before), err)
	}
}

func filesIn(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
