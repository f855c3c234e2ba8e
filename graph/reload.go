package graph

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/records"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// recordsFolder is the folder beside the store's file with the digests of the records of
// each dataset, as the last load read them: a file for each dataset. A file that is
// missing, damaged or of another load only makes the next load of its dataset slower.
const recordsFolder = "graph.records"

// fewRecords is the number of records below which no digests are kept: so few are loaded
// whole as fast.
const fewRecords = 1000

// changedShare is the share of changed records above which a dataset is loaded whole, as
// the divisor of its records.
const changedShare = 32

// recordsKey identifies the load after which digests are right: the key in its note, and
// the vocabulary, on which the quads of a record depend.
func recordsKey(noteKey string, v *schema.Vocabulary) string { return noteKey + " " + v.Hash() }

func recordsPath(g *Graph, dataset string) string {
	name := sha256.Sum256([]byte(dataset))
	return filepath.Join(g.dir, recordsFolder, hex.EncodeToString(name[:16]))
}

// storedRecords returns the digests of the records that a dataset has, or nil if they are
// not known: there is no file of them, or the graph was changed in another way since.
func storedRecords(ctx context.Context, g *Graph, dataset string, v *schema.Vocabulary) (*records.Set, error) {
	if g.temporary != nil {
		return nil, nil
	}
	set, err := records.Read(recordsPath(g, dataset))
	if err != nil {
		return nil, nil
	}
	same := false
	err = g.read(ctx, func(r reader) (err error) {
		n, _, err := r.noteOf(ctx, dataset)
		if err == nil {
			same, err = isAsLoaded(ctx, r, dataset, n, set.Key, v)
		}
		return err
	})
	if err != nil || !same {
		return nil, err
	}
	return set, nil
}

// isAsLoaded reports whether a dataset has the records that the load with a key has read.
func isAsLoaded(ctx context.Context, r reader, dataset string, n note, key string, v *schema.Vocabulary) (bool, error) {
	if n.Key == "" || recordsKey(n.Key, v) != key {
		return false, nil
	}
	marks, err := readMarks(ctx, r, dataset)
	return len(marks) == 0, err
}

// keepRecords writes the digests of the records of a load. It removes those of the load
// before if a later load cannot use them, or if they cannot be written.
func (s *Staged) keepRecords(g *Graph) {
	d := s.datasets[0]
	if g.temporary != nil || s.options.Input == "" || d.restored {
		return
	}
	path := recordsPath(g, d.name)
	r := d.report
	if s.changes == nil && (d.entries.hasRepeats || r.Rejected > 0 || r.Repeated > 0 ||
		len(d.entries.entries) < fewRecords || len(d.entries.entries) != r.Facts+r.Entities+r.Documents) {
		removeRecords(path)
		return
	}
	info, err := os.Stat(filepath.Join(g.dir, File)) // those who can read the graph can read its digests
	if err == nil {
		err = d.entries.set(recordsKey(s.options.key(s.vocabulary), s.vocabulary)).Write(path, info.Mode().Perm())
	}
	if err != nil {
		removeRecords(path)
	}
}

// removeRecords removes a file of digests, and their folder if it is empty then.
func removeRecords(path string) {
	_ = os.Remove(path)
	_ = os.Remove(filepath.Dir(path))
}

// changes are the records of an input that its dataset does not have, by their digests.
type changes struct {
	known   *records.Set
	seen    []bool // the known records that the input has
	limit   int    // how many records may differ
	fresh   []schema.Record
	freshID map[[16]byte]bool
	removed [][16]byte // the hashes of ids that the input does not have
}

// stageChanges reads an input and keeps only the records that its dataset does not have.
// It returns nil if these are many or have errors: all records must then be staged.
func stageChanges(ctx context.Context, in Input, o LoadOptions) *Staged {
	source := in.Source()
	d := newStagedDataset(source.Dataset)
	c := &changes{known: o.stored, seen: make([]bool, len(o.stored.Entries)), limit: len(o.stored.Entries) / changedShare, freshID: map[[16]byte]bool{}}
	r := &changeReader{changes: c, dataset: d, vocabulary: source.Vocabulary, extended: len(source.Vocabulary.Extensions()) > 0}
	all := o.reviews.apply(source.Vocabulary, &d.report, recordsOf(ctx, in, &o))
	if !r.read(all) || !c.findRemoved() {
		return nil
	}
	d.entries.entries, d.entries.outside = c.entriesAfter(d.entries.entries), slices.Clone(o.stored.Outside)
	return &Staged{vocabulary: source.Vocabulary, options: o, input: in, datasets: []*stagedDataset{d}, changes: c}
}

// findRemoved finds the known records that the input does not have. It reports whether
// they are few, and no changed record has the id of an unchanged one.
func (c *changes) findRemoved() bool {
	for i := range c.known.Entries {
		switch id := c.known.Entries[i].ID; {
		case c.seen[i] && c.freshID[id]:
			return false
		case !c.seen[i] && !c.freshID[id]:
			c.removed = append(c.removed, id)
		}
	}
	return len(c.removed) <= c.limit
}

// entriesAfter returns the entries of all records of the input.
func (c *changes) entriesAfter(fresh []records.Entry) []records.Entry {
	all := make([]records.Entry, 0, len(c.known.Entries)+len(fresh))
	for i := range c.known.Entries {
		if c.seen[i] {
			all = append(all, c.known.Entries[i])
		}
	}
	return append(all, fresh...)
}

// changeReader reads an input to find its changes.
type changeReader struct {
	*changes
	dataset    *stagedDataset
	vocabulary *schema.Vocabulary
	extended   bool // the vocabulary has more verbs than the default one
}

// read reads all records, and reports whether they are valid and only few are changed.
func (r *changeReader) read(all iter.Seq2[schema.Record, error]) bool {
	for f, err := range r.known.Compare(all) {
		if err != nil || !r.take(f) {
			return false
		}
	}
	return true
}

// take counts a record, and keeps it if the dataset does not have it. It reports whether the
// record is valid and the first of its id.
func (r *changeReader) take(f records.Found) bool {
	if f.Place >= 0 {
		again := r.seen[f.Place]
		r.seen[f.Place] = true
		r.count(f.Record)
		return !again
	}
	id, ok := r.checkedID(f.Record)
	hash := records.HashID(id)
	if !ok || len(r.fresh) == r.limit || r.freshID[hash] {
		return false
	}
	r.fresh, r.freshID[hash] = append(r.fresh, f.Record), true
	r.dataset.entries.add(records.Entry{Digest: f.Digest, ID: hash})
	r.count(f.Record)
	return true
}

// checkedID returns the id of a record; ok is false if the record is not valid.
func (r *changeReader) checkedID(record schema.Record) (id schema.ID, ok bool) {
	switch record := record.(type) {
	case schema.Entity:
		return record.ID, schema.CheckEntity(record) == nil
	case schema.Document:
		return record.ID, schema.CheckEntity(record.Entity) == nil && schema.CheckDocument(record) == nil
	case schema.Fact:
		unplaced := record
		unplaced.Pos = schema.Position{}
		if r.vocabulary.Check(unplaced) == nil {
			return r.vocabulary.Normalize(unplaced).ID, true
		}
	}
	return "", false
}

// count counts a valid record in the report of its dataset.
func (r *changeReader) count(record schema.Record) {
	d := r.dataset
	d.touched = true
	switch record := record.(type) {
	case schema.Entity:
		d.report.Entities++
	case schema.Document:
		d.report.Documents++
	case schema.Fact:
		d.report.Facts++
		if mayHaveParties := len(record.Roles) > 2; mayHaveParties || r.extended {
			f := r.vocabulary.Normalize(record)
			d.report.noteSides(f, record.Pos)
			if r.extended {
				schema.AddWords(d.words, r.vocabulary, f)
			}
		}
	}
}

// errWhole means that changes of a dataset cannot be committed: all records must be staged.
var errWhole = errors.New("the dataset has to be loaded whole")

// commitChanges changes the records of a dataset that an input has changed, in one
// transaction. After an error, nothing has changed, and a load of all records returns the
// error of the input, if it has one.
func (s *Staged) commitChanges(ctx context.Context, g *Graph) error {
	return g.update(ctx, func(st *store.Tx) error {
		d := s.datasets[0]
		l := &loadLedger{reader: reader{st, g.Vocabulary()}, folder: g.folderOf(), options: s.options}
		if err := cmp.Or(l.open(ctx, s.datasets), l.checkVerbs(s.vocabulary)); err != nil {
			return err
		}
		same, err := isAsLoaded(ctx, l.reader, d.name, l.entries[0].note, s.changes.known.Key, s.vocabulary)
		if err == nil && (!same || !l.entries[0].there) {
			err = errWhole
		}
		if err != nil {
			return err
		}
		tx, err := newTx(ctx, s.vocabulary, st, d)
		if err != nil {
			return err
		}
		defer func() { tx.ended = true }()
		if err := s.changes.apply(tx); err != nil {
			return err
		}
		if err := tx.commitLoad(s); err != nil {
			return err
		}
		return l.finish(ctx, st, s)
	})
}

// apply writes and removes the changed records.
func (c *changes) apply(tx *Tx) error {
	removed, err := c.removedIDs(tx)
	if err == nil {
		err = tx.Remove(removed...)
	}
	if err == nil {
		err = tx.Put(c.fresh...)
	}
	return err
}

// removedIDs returns the ids of the removed records. The ids of entities are not in their
// hashes, so they are looked for among all entities of the dataset.
func (c *changes) removedIDs(tx *Tx) (ids []schema.ID, err error) {
	left := map[[16]byte]bool{}
	for _, hash := range c.removed {
		id := schema.FactWithHash(hash)
		e, err := tx.edit(id)
		if err != nil {
			return nil, err
		}
		if e.was != nil {
			ids = append(ids, id)
		} else {
			left[hash] = true
		}
	}
	if len(left) == 0 {
		return ids, nil
	}
	entities, err := tx.reader.entitiesOf(tx.ctx, tx.dataset.label)
	for _, id := range entities {
		if left[records.HashID(id)] {
			ids = append(ids, id)
		}
	}
	if err == nil && len(ids) < len(c.removed) {
		err = errWhole
	}
	return ids, err
}

// commitLoad writes the changes and all that follows from them, as the load of all records
// of the dataset would.
func (tx *Tx) commitLoad(s *Staged) error {
	if err := (referenceCheck{tx}).resolve(); err != nil {
		return err
	}
	edits := tx.changedRecords()
	own, err := tx.loadedQuads(s, edits)
	if err != nil {
		return err
	}
	if err := (referenceCheck{tx}).checkOutside(edits); err != nil {
		return err
	}
	if err := s.compareWithOthers(tx); err != nil {
		return err
	}
	c, err := tx.changeSet(edits)
	if err != nil {
		return err
	}
	c.differs(own.want, own.have)
	tx.dataset.changed = len(c.fresh)+len(c.stale) > 0
	for _, step := range []func() error{c.recordDecisions, c.updateBorrowedNames, c.derive, c.checkCycles, c.write} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// loadedQuads returns the quads that describe the dataset, before and after the load.
func (tx *Tx) loadedQuads(s *Staged, edits []*recordEdit) (own *ownQuads, err error) {
	own = &ownQuads{tx: tx}
	p := store.Pattern{Subject: tx.dataset.label, Label: tx.dataset.label}
	if own.have, err = tx.transaction.readBefore().collect(tx.ctx, p); err != nil {
		return own, err
	}
	was, _ := own.splitCounts()
	if was.quads == 0 {
		return own, errWhole
	}
	now := was.plus(countChange(edits))
	own.want = slices.Concat(s.datasetQuads(tx.dataset), now.asQuads(tx.dataset.label))
	own.countThemselves()
	return own, nil
}

// compareWithOthers compares all entities of the dataset with those of other datasets, for
// the report.
func (s *Staged) compareWithOthers(tx *Tx) error {
	for q, err := range tx.store.Match(tx.ctx, store.Pattern{Predicate: schema.TypeTerm, Object: datasetType}) {
		if err != nil {
			return err
		}
		if q.Label != quad.Value(tx.dataset.label) {
			return s.compareEntities(tx.ctx, tx.reader)
		}
	}
	return nil
}

// stageWhole stages all records of an input of which only the changes were kept.
func (s *Staged) stageWhole(ctx context.Context) error {
	o := s.options
	o.stored = nil
	whole, err := stageAll(ctx, s.input, o)
	*s = *whole
	s.datasets[0].termOf = s.termOf
	return err
}
