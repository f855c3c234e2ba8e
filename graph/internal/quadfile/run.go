package quadfile

import (
	"errors"
	"io/fs"
	"os"

	bolt "go.etcd.io/bbolt"
)

// RunRemovedSuffix is the end of the names of a run's tables of removed entries.
const RunRemovedSuffix = "-"

// OpenRun opens a run in a file. Closing the run closes the file.
func OpenRun(f *os.File) (*Layer, error) {
	var db *bolt.DB
	given := func(string, int, fs.FileMode) (*os.File, error) { return f, nil }
	l := &Layer{Level: -1, close: func() error { return db.Close() }}
	err := RecoverPanic(func() (err error) {
		if db, err = bolt.Open(f.Name(), 0o600, &bolt.Options{ReadOnly: true, OpenFile: given}); err != nil {
			return err
		}
		tx, err := db.Begin(false)
		if err != nil {
			return errors.Join(err, db.Close())
		}
		l.close = func() error { return errors.Join(tx.Rollback(), db.Close()) }
		return l.openRun(openBuckets(tx, true))
	})
	return l, err
}

// openRun opens the tables of a run that have entries.
func (l *Layer) openRun(buckets map[string]*tree) (err error) {
	if l.Plus, err = openTables(buckets, "", runStamp, nonEmptyTables(buckets, "")); err == nil {
		l.Minus, err = openTables(buckets, RunRemovedSuffix, runStamp, nonEmptyTables(buckets, RunRemovedSuffix))
	}
	return err
}

// runStamp is the stamp of the tables of all runs. A run is open in one process
// only.
const runStamp = 0

// nonEmptyTables returns which tables of a run have entries.
func nonEmptyTables(buckets map[string]*tree, suffix string) (b tableBits) {
	for i, name := range AllTables(suffix) {
		if tree := buckets[name]; tree != nil {
			c := Cursor{tree: tree}
			if k, _ := c.Floor(nil); k != nil {
				b |= 1 << i
			}
		}
	}
	return b
}
