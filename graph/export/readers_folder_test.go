package export_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// unzip writes the files of an archive into a new folder.
func unzip(t *testing.T, data []byte, folder string) {
	t.Helper()
	files, err := unzipped(data)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// unzipped returns the files of an archive.
func unzipped(data []byte) (map[string][]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// inFile edits one file of an archive.
func inFile(name string, change edit) edit {
	return func(data []byte) ([]byte, bool) {
		files, err := unzipped(data)
		if err != nil {
			return nil, false
		}
		content, ok := change(files[name])
		if !ok {
			return nil, false
		}
		files[name] = content
		var changed bytes.Buffer
		archive := zip.NewWriter(&changed)
		for _, name := range sortedKeys(files) {
			w, _ := archive.Create(name) // a buffer has no errors
			w.Write(files[name])
		}
		archive.Close()
		return changed.Bytes(), true
	}
}
