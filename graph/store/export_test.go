package store

import (
	"context"
	"os"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
	bolt "go.etcd.io/bbolt"
)

// What the tests in store_test need from inside.

// AppendTerm encodes a value.
func AppendTerm(v quad.Value) ([]byte, error) { return rdf.AppendTerm(nil, v) }

// Flush writes what a transaction has in memory into the blocks, as it does by
// itself after very many changes.
func (tx *Tx) Flush() error { return tx.staged.flush() }

// SkipIDs makes the next term's id one that takes more than 31 bits.
func (tx *Tx) SkipIDs() {
	tx.reader.Record.NextID = 1<<33 - 5
	tx.staged.terms.firstNew = tx.reader.Record.NextID
}

// Tight returns options under which every transaction of so many changes may
// write a new file, one of more than spill changes writes runs, and the first
// level has so much room; 0 is as usual.
func Tight(rewrite, spill, room int, opts Options) *Options {
	opts.rewriteFrom, opts.spillFrom, opts.levelRoom = rewrite, spill, room
	return &opts
}

// Miscount has the record of a file say that there are so many quads more.
func Miscount(tx *bolt.Tx, more int64) error { return sign(tx, more) }

// Sign has the record of a file say that a transaction wrote it.
func Sign(tx *bolt.Tx) error { return sign(tx, 0) }

func sign(tx *bolt.Tx, more int64) error {
	meta := tx.Bucket(quadfile.BucketMeta)
	st, _, ok := quadfile.DecodeRecord(meta.Get(quadfile.KeyRecord))
	if !ok {
		return ErrDamaged
	}
	st.Transaction = uint64(tx.ID())
	st.Quads += more
	return meta.Put(quadfile.KeyRecord, st.Encode())
}

// Levels is how many levels hold something.
func (s *Store) Levels() (n int) {
	err := s.View(context.Background(), func(snapshot *Snapshot) error {
		for _, quads := range snapshot.reader.Record.LevelQuads {
			if quads > 0 {
				n++
			}
		}
		return nil
	})
	if err != nil {
		return -1
	}
	return n
}

// SpoilBlocks changes a byte of every block in a file whose table, without the
// number of a level, is none of those kept, and returns how many it changed.
func SpoilBlocks(file []byte, kept ...string) (n int) {
	for at := 2 * 4096; at+4096 <= len(file); at += 4096 {
		head := file[at:]
		if quadfile.NativeEndian.Uint16(head[8:]) != quadfile.LeafFlag || quadfile.NativeEndian.Uint64(head) != uint64(at/4096) {
			continue
		}
		end := min(len(file), at+4096*(1+int(quadfile.NativeEndian.Uint32(head[12:]))))
		eachItem(quadfile.Page{Count: quadfile.NativeEndian.Uint16(head[10:]), Data: file[at:end]}, func(key, value []byte) {
			for _, name := range append(quadfile.IndexNames[:], "i", "v") {
				for _, suffix := range []string{"", "+0", "-0", "+1", "-1", "+2", "-2"} {
					if count, _, _ := (blockFormat{anyStamp: true}).measure(name+suffix, key, value); count > 0 && !slices.Contains(kept, name) {
						value[len(value)-1] ^= 1
						n++
						return
					}
				}
			}
		})
	}
	return n
}

// TablesOfPages says of which table each page is, without the number of a level.
func TablesOfPages(path string) (map[int]string, error) {
	tables := map[int]string{}
	s, err := Open(path, &Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	snapshot, err := s.Snapshot()
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	err = s.shared.reader.Bolt.ForEach(func(name []byte, b *bolt.Bucket) error {
		if root := int(b.Root()); root != 0 && string(name) != string(quadfile.BucketMeta) {
			markPages(file, root, strings.TrimRight(string(name), "+-012"), tables)
		}
		return nil
	})
	return tables, err
}

func markPages(file []byte, id int, name string, tables map[int]string) {
	page := file[id*os.Getpagesize():]
	for i := range int(quadfile.NativeEndian.Uint32(page[12:])) + 1 {
		tables[id+i] = name
	}
	if quadfile.NativeEndian.Uint16(page[8:]) != quadfile.BranchFlag {
		return
	}
	for i := range int(quadfile.NativeEndian.Uint16(page[10:])) {
		markPages(file, int(quadfile.NativeEndian.Uint64(page[quadfile.PageHeader+i*quadfile.ElementSize+8:])), name, tables)
	}
}

// ScanIndex visits all quads of an index, then counts and visits those of every
// ninth span of one id in the first place, and of one that may not be there.
func ScanIndex(ctx context.Context, s *Snapshot, table string, visit func(IDs)) error {
	i, r := slices.Index(quadfile.IndexNames[:], table), s.reader
	var firsts []uint64
	all := func(sp quadfile.Span) error {
		sc := r.ScanSpan(sp)
		for {
			block, err := sc.Some(maxIDs)
			if err != nil || len(block) == 0 {
				return err
			}
			for _, q := range block {
				if visit(IDs(q)); sp.Fixed == 0 {
					firsts = append(firsts, q[quadfile.IndexOrders[i][0]])
				}
			}
		}
	}
	if err := all(quadfile.Span{Index: i}); err != nil {
		return err
	}
	slices.Sort(firsts)
	firsts = slices.Compact(firsts)
	for k := 0; k < len(firsts); k += 9 {
		for _, id := range []uint64{firsts[k], firsts[k] + 1} {
			sp := quadfile.Span{Index: i, Fixed: 1, Prefix: quadfile.Tuple{id}}
			n, err := r.CountSpan(sp, 0)
			if err == nil {
				visit(IDs{uint64(n)})
				err = all(sp)
			}
			if err != nil {
				return err
			}
		}
	}
	return cause(ctx)
}
