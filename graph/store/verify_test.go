package store_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newestMeta returns the newest meta page, without its header.
func newestMeta(file []byte) []byte {
	first, second := file[16:], file[4096+16:]
	if binary.NativeEndian.Uint64(second[48:]) > binary.NativeEndian.Uint64(first[48:]) {
		return second
	}
	return first
}

// TestVerifyAccountsForPages damages the list of free pages, which no read uses
// until bbolt overwrites the pages in it.
func TestVerifyAccountsForPages(t *testing.T) {
	file, m := sampleFile(t, 600)
	u64, put := binary.NativeEndian.Uint64, binary.NativeEndian.PutUint64
	root, list := u64(newestMeta(file)[16:]), u64(newestMeta(file)[32:])
	for want, damage := range map[string]func(page []byte, n int){
		"neither in use nor free": func(page []byte, n int) {
			binary.NativeEndian.PutUint16(page[10:], uint16(n-1))
		},
		"in use and free": func(page []byte, n int) { // a free page becomes the page before it, which is not free
			for i := range n {
				id := u64(page[16+8*i:]) - 1
				if id > 1 && id != root && id != list && (i == 0 || u64(page[8+8*i:]) != id) {
					put(page[16+8*i:], id)
					return
				}
			}
			t.Fatal("no such page")
		},
	} {
		damaged := append([]byte(nil), file...)
		page := damaged[4096*list:]
		damage(page, int(binary.NativeEndian.Uint16(page[10:])))
		path := filepath.Join(t.TempDir(), "graph.db")
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		for _, readOnly := range []bool{true, false} {
			if err := inspect(t, path, m, readOnly); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		}
	}
}
