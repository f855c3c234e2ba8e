package loaders_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

func packed(t *testing.T, ext string, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&out)
	if ext == ".zst" {
		var err error
		if w, err = zstd.NewWriter(&out); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestCompressedFiles(t *testing.T) {
	const facts = "people: [Xie Feng, Ely Ratner]\nfacts: [Xie Feng met Ely Ratner]\n"
	const quads = "<http://example.org/a> <http://example.org/p> \"x\" .\n"
	for _, ext := range []string{".gz", ".zst"} {
		dir := t.TempDir()
		for name, text := range map[string]string{"talks.yaml": facts, "rdf.nq": quads} {
			path := filepath.Join(dir, name+ext)
			if err := os.WriteFile(path, packed(t, ext, []byte(text)), 0o644); err != nil {
				t.Fatal(err)
			}
			in, err := loaders.Open(path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.TrimSuffix(name, filepath.Ext(name)); in.Dataset != want {
				t.Errorf("%s is dataset %q", path, in.Dataset)
			}
			if n := len(records(t, in)); n == 0 {
				t.Errorf("%s has no records", path)
			}
		}
		in, err := loaders.Open(dir, nil)
		if err != nil || len(in.Files) != 2 {
			t.Fatalf("%v %v", in, err)
		}
	}
}

// records returns all records and reads texts to their ends.
func records(t *testing.T, in *loaders.Input) (all []schema.Record) {
	t.Helper()
	for r, err := range in.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := r.(schema.NQuads); ok {
			f, err := text.Open()
			if err != nil {
				t.Fatal(err)
			}
			if data, err := io.ReadAll(f); err != nil || !strings.Contains(string(data), "<http://example.org/a>") {
				t.Errorf("%q %v", data, err)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
		all = append(all, r)
	}
	return all
}

// Refused are files that decompress to far more than any file of facts, truncated
// files, and files that are not compressed.
func TestHostileCompression(t *testing.T) {
	bomb := bytes.Repeat([]byte(" "), 1<<27)
	for _, ext := range []string{".gz", ".zst"} {
		whole := packed(t, ext, []byte("people: [Xie Feng, Ely Ratner]\n"))
		for what, data := range map[string][]byte{"bomb": packed(t, ext, bomb), "cut": whole[:len(whole)-6], "plain": []byte("people: [A]\n")} {
			path := filepath.Join(t.TempDir(), "f.yaml"+ext)
			if err := os.WriteFile(path, data, 0o644); err != nil {
				t.Fatal(err)
			}
			want := "f.yaml" + ext + ": not " + ext[1:]
			switch what {
			case "bomb":
				want = "unpacks to more than 250 times its size"
			case "cut":
				want = "f.yaml" + ext + ": ends too early: the " + ext[1:] + " file is cut off"
			}
			if _, err := loaders.Open(path, nil); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s%s: %v", what, ext, err)
			}
		}
	}
}

// Tables and lists that would fill the memory are errors with their place, in bounded time.
func TestHugeRows(t *testing.T) {
	const many = 12 << 20
	met := `{"kind": "Person", "name": "A", "aliases": ["b"`
	for name, c := range map[string]struct{ begin, part, end, want string }{
		"quote.csv":   {"actor,verb,recipient\n\"", "x,\n", "", "quote.csv:2: one row has more than 33554432 bytes"},
		"item.json":   {"[\n" + met, ",\n\"b\"", "]}]\n", "item.json:1: one item has more than 33554432 bytes"},
		"columns.csv": {"actor", ",c", "\n", "columns.csv:1: a line of"},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(c.begin+strings.Repeat(c.part, many)+c.end), 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := loaders.Open(path, nil)
		if err == nil {
			for _, err = range in.Records(t.Context()) { // the error is the last pair
			}
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %.200v", name, err)
		}
	}
	path := filepath.Join(t.TempDir(), "columns.tsv")
	if err := os.WriteFile(path, []byte("actor"+strings.Repeat("\tc", 1<<20)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := loaders.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range in.Records(t.Context()) {
		break
	}
	if err == nil || !strings.Contains(err.Error(), "columns.tsv:1: a table of 1048577 columns, more than 4096") {
		t.Errorf("%.200v", err)
	}
}
