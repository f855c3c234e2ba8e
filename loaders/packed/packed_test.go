package packed_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/entente-kg/entente/loaders/packed"
)

// member is a file of an archive.
type member struct{ name, text string }

func archive(t testing.TB, members ...member) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, m := range members {
		w, err := z.Create(m.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, m.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// open unpacks data as a file of a name.
func open(t testing.TB, name string, data []byte) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := packed.Open(name, packed.Extension(name), f)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return string(text), errors.Join(err, r.Close())
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{"a.csv": "a.csv", "a.csv.GZ": "a.csv", "20230101.export.CSV.zip": "20230101.export.CSV", "a.zst": "a", "zip": "zip"} {
		if got := packed.Name(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for head, want := range map[string]string{"\x1f\x8b\x08": ".gz", "\x28\xb5\x2f\xfd": ".zst", "PK\x03\x04": ".zip", "a,b": "", "": ""} {
		if got := packed.ExtensionOf([]byte(head)); got != want {
			t.Errorf("%q: %q", head, got)
		}
	}
}

// An archive of one file is that file, whatever macOS has added.
func TestArchives(t *testing.T) {
	encrypted := archive(t, member{"a.csv", "x"})
	encrypted[6] |= 1
	encrypted[bytes.Index(encrypted, []byte("PK\x01\x02"))+8] |= 1
	unknown := archive(t, member{"a.csv", "x"})
	unknown[8], unknown[bytes.Index(unknown, []byte("PK\x01\x02"))+10] = 99, 99
	broken := archive(t, member{"a.csv", strings.Repeat("abcdefgh", 99)})
	broken[40] ^= 0xff
	for _, c := range []struct {
		what string
		data []byte
		want string // the text, or after an exclamation mark the error
	}{
		{"one file", archive(t, member{"a.csv", "x"}), "x"},
		{"one file in a folder", archive(t, member{"d/", ""}, member{"d/a.csv", "x"}), "x"},
		{"of macOS", archive(t, member{"a.csv", "x"}, member{"__MACOSX/._a.csv", "y"}, member{".DS_Store", "z"}), "x"},
		{"a path that leads out", archive(t, member{"../../a.csv", "x"}), "x"},
		{"two files", archive(t, member{"a.csv", "x"}, member{"b.csv", "y"}), `!f.zip: is a zip archive of 2 files, the first "a.csv"`},
		{"no file", archive(t), "!f.zip: is a zip archive without any file"},
		{"no archive", []byte("a,b\n"), "!f.zip: not zip: zip: not a valid zip file"},
		{"cut off", encrypted[:len(encrypted)/2], "!f.zip: not zip: zip: not a valid zip file"},
		{"empty", nil, "!f.zip: not zip: zip: not a valid zip file"},
		{"encrypted", encrypted, "!f.zip: is an encrypted zip archive"},
		{"an unknown method", unknown, "!f.zip: not zip: zip: unsupported compression algorithm"},
		{"broken", broken, "!f.zip: not zip: "},
	} {
		text, err := open(t, "f.zip", c.data)
		if want, isError := strings.CutPrefix(c.want, "!"); isError {
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s: %q %v", c.what, text, err)
			}
		} else if err != nil || text != want {
			t.Errorf("%s: %q %v", c.what, text, err)
		}
	}
}

// Bombs are refused: what unpacks to far more than it is, long runs, windows of zstd that
// need gigabytes, and archives with very many entries, also where they are hidden from the
// count at the end.
func TestBombs(t *testing.T) {
	zeros := strings.Repeat("\x00", 1<<27)
	var gz, zst bytes.Buffer
	w := gzip.NewWriter(&gz)
	if _, err := io.WriteString(w, zeros); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	z, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(z, zeros); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	entries := make([]member, 30_000)
	for i := range entries {
		entries[i].name = "a"
	}
	many := archive(t, entries...)
	hidden := bytes.Clone(many)
	end := len(hidden) - 22
	copy(hidden[end+8:], "\x01\x00\x01\x00") // one entry, it says
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"f.gz", gz.Bytes(), "f.gz: unpacks to more than 250 times its size"},
		{"f.zst", zst.Bytes(), "f.zst: unpacks to more than 250 times its size"},
		{"f.zip", archive(t, member{"a.csv", zeros}), "f.zip: unpacks to more than 250 times its size"},
		{"window.zst", []byte("\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00"), "window.zst: not zst: window size exceeded"}, // 2 GiB
		{"run.zst", []byte("\x28\xb5\x2f\xfd\xa0\xff\xff\xff\x7f\x03\x00\x00"), "run.zst: not zst: "},               // a single segment of 2 GiB
		{"many.zip", many, "many.zip: is a zip archive of very many files"},
		{"hidden.zip", hidden, "hidden.zip: is a zip archive of very many files"},
	} {
		if text, err := open(t, c.name, c.data); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %d bytes, %v", c.name, len(text), err)
		}
	}
}

// Whatever the bytes are, unpacking ends, within its limit.
func FuzzPacked(f *testing.F) {
	f.Add(archive(f, member{"a.csv", "x"}), ".zip")
	f.Add([]byte("\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00"), ".zst")
	f.Add([]byte("\x1f\x8b\x08\x00"), ".gz")
	f.Fuzz(func(t *testing.T, data []byte, ext string) {
		if packed.Extension("f"+ext) != ext || ext == "" {
			return
		}
		if text, err := open(t, "f"+ext, data); err == nil && len(text) > 1<<26 && len(text) > 250*len(data) {
			t.Errorf("%d bytes unpack to %d", len(data), len(text))
		}
	})
}
