package store

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
	bolt "go.etcd.io/bbolt"
)

// This file exports internals for the tests in store_test.

// AppendTerm encodes a value.
func AppendTerm(v quad.Value) ([]byte, error) { return rdf.AppendTerm(nil, v) }

// Flush writes the changes of a transaction to the blocks, as a transaction with
// very many changes does by itself.
func (tx *Tx) Flush() error { return tx.staged.flush() }

// SkipIDs makes the next term's id one of more than 31 bits.
func (tx *Tx) SkipIDs() {
	tx.reader.Record.NextID = 1<<33 - 5
	tx.staged.terms.firstNew = tx.reader.Record.NextID
}

// Tight returns options with small limits: rewrite is the number of changes from
// which a transaction may write a new file, spill the number from which it writes
// runs, and room the capacity of the first level. 0 means the usual limit.
func Tight(rewrite, spill, room int, opts Options) *Options {
	opts.rewriteFrom, opts.spillFrom, opts.levelRoom = rewrite, spill, room
	return &opts
}

// Miscount adds more to the number of quads in the record of a file.
func Miscount(tx *bolt.Tx, more int64) error { return sign(tx, more) }

// Sign makes the transaction tx the one that wrote the record of a file.
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

// Levels returns how many levels have entries.
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

// SpoilBlocks changes a byte of every block in a file, except blocks of the
// tables in kept, and returns how many blocks it changed. Table names have no
// level number.
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
					if count, _, _ := (blockFormat{anyStamp: true}).inspect(name+suffix, key, value); count > 0 && !slices.Contains(kept, name) {
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

// TablesOfPages returns the table that each page belongs to, without its level
// number.
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

// ScanIndex visits all quads of an index. Then, for every ninth id in the first
// place, and for the id after it, which may be absent, it counts and visits the
// quads of the span.
func ScanIndex(ctx context.Context, s *Snapshot, table string, visit func(IDs)) error {
	i, r := slices.Index(quadfile.IndexNames[:], table), s.reader
	var firsts []uint64
	all := func(sp quadfile.Span) error {
		sc := r.ScanSpan(sp)
		for {
			block, err := sc.NextBatch(maxIDs)
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

// CompareIn compares in a number of passes, as Compare does where memory is short.
func (tx *Tx) CompareIn(ctx context.Context, s *Snapshot, labels []quad.Value, passes int) (*Difference, error) {
	return tx.compareIn(ctx, s, labels, passes)
}

// PutLevel makes the first level of a file, which has none, from quads that it adds and
// removes, whether they are present below it or not.
func PutLevel(tx *bolt.Tx, added, removed []IDs) error {
	st, _, ok := quadfile.DecodeRecord(tx.Bucket(quadfile.BucketMeta).Get(quadfile.KeyRecord))
	if !ok {
		return ErrDamaged
	}
	level, err := quadfile.NewLevel(tx, 0, quadfile.NewStamp())
	if err != nil {
		return err
	}
	for i := range quadfile.IndexOrders {
		if err := errors.Join(putTuples(tx, level.Plus.Index[i], i, added), putTuples(tx, level.Minus.Index[i], i, removed)); err != nil {
			return err
		}
	}
	level.Plus.Terms.Empty, level.Plus.Keys.Empty, level.Minus.Terms.Empty, level.Minus.Keys.Empty = true, true, true, true
	st.LevelQuads[0] = int64(len(added) + len(removed))
	st.Levels[0] = quadfile.TablesRecord{Stamp: level.Plus.Index[0].Stamp, Plus: level.Plus.Bits(), Minus: level.Minus.Bits()}
	st.Transaction = uint64(tx.ID())
	return tx.Bucket(quadfile.BucketMeta).Put(quadfile.KeyRecord, st.Encode())
}

func putTuples(tx *bolt.Tx, table *quadfile.TupleTable, index int, quads []IDs) error {
	var tuples []quadfile.Tuple
	for _, q := range quads {
		if index != quadfile.LSPO || q[3] != 0 {
			tuples = append(tuples, quadfile.IndexOrders[index].Pack(quadfile.Tuple(q)))
		}
	}
	slices.SortFunc(tuples, quadfile.CompareTuples)
	table.Empty = len(tuples) == 0
	p := &quadfile.Packer[quadfile.Tuple, quadfile.TupleCoder]{Table: table, Put: tx.Bucket([]byte(table.Name)).Put}
	return errors.Join(p.Add(tuples...), p.Close())
}
