package quadfile_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// boltItems makes n sorted keys of up to key bytes, with values of up to value
// bytes and a few large ones.
func boltItems(rng *rand.Rand, n, key, value int) (items [][2][]byte) {
	for i := range n {
		k := append(binary.BigEndian.AppendUint32(nil, uint32(i)), bytes.Repeat([]byte("k"), rng.IntN(key))...)
		size := rng.IntN(value)
		if rng.IntN(500) == 0 {
			size = rng.IntN(600_000)
		}
		items = append(items, [2][]byte{k, bytes.Repeat([]byte{byte(i)}, size)})
	}
	return items
}

// TestWriteBolt lets bbolt read, check and empty files that BoltFile has written.
func TestWriteBolt(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	for _, n := range []int{0, 1, 2, 5, 70, 80, 81, 82, 400, 3000, 20_000, 60_000} {
		for _, sizes := range [][2]int{{1, 20}, {508, 30}, {500, 1}, {20, 1000}} {
			t.Run(fmt.Sprint(n, sizes), func(t *testing.T) {
				want := map[string][][2][]byte{"a": boltItems(rng, n, sizes[0], sizes[1]),
					"b": nil, "c": boltItems(rng, n/3, sizes[0], sizes[1])}
				path := filepath.Join(t.TempDir(), "bolt.db")
				if err := quadfile.WriteBolt(path, want); err != nil {
					t.Fatal(err)
				}
				noRoomIsLeft(t, path)
				readBolt(t, path, want)
			})
		}
	}
}

// noRoomIsLeft checks that a file has no free page and ends with its last page.
func noRoomIsLeft(t *testing.T, path string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := quadfile.OpenPages(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	if err := pages.EachFree(func(id uint64) { t.Errorf("page %d is free", id) }); err != nil {
		t.Error(err)
	}
	if want := int64(pages.High) * pages.PageSize; info.Size() != want {
		t.Errorf("the file has %d bytes, and its pages %d", info.Size(), want)
	}
}

func readBolt(t *testing.T, path string, want map[string][][2][]byte) {
	db, err := bolt.Open(path, 0o644, &bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bolt.Tx) error {
		for err := range tx.Check() {
			t.Error(err)
		}
		for name, items := range want {
			c := tx.Bucket([]byte(name)).Cursor()
			k, v := c.First()
			for i, item := range items {
				if !bytes.Equal(k, item[0]) || !bytes.Equal(v, item[1]) {
					return fmt.Errorf("bucket %s: item %d is %x", name, i, k)
				}
				if k, _ := c.Seek(item[0]); !bytes.Equal(k, item[0]) {
					return fmt.Errorf("bucket %s: item %d is not found", name, i)
				}
				k, v = c.Next()
			}
			if k != nil {
				return fmt.Errorf("bucket %s: %x is too much", name, k)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	emptyBolt(t, db, want)
}

// emptyBolt deletes all items in random order, in a few transactions, so that
// bbolt has to merge pages.
func emptyBolt(t *testing.T, db *bolt.DB, items map[string][][2][]byte) {
	for part := range 5 {
		err := db.Update(func(tx *bolt.Tx) error {
			for name, all := range items {
				for i := range all {
					if k := (i * 7919) % len(all); k%5 == part {
						if err := tx.Bucket([]byte(name)).Delete(all[k][0]); err != nil {
							return err
						}
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := db.View(func(tx *bolt.Tx) error {
		for err := range tx.Check() {
			t.Error(err)
		}
		if k, _ := tx.Bucket([]byte("a")).Cursor().First(); k != nil {
			return fmt.Errorf("%x is left", k)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
