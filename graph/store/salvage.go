package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/safefile"
)

// Rebuild reads as much as it can of the store in the file from, which may be
// damaged or of an older format version, into a new store in the file to. It only
// reads the old file, and does not map it, so that no damage can end the process.
// It accepts nothing with a wrong checksum. It copies an index that is whole; if
// none is, the quads are all quads that any of the four indexes holds. The errors
// wrap [fs.ErrExist] if the new file already exists, [ErrLocked], and
// [ErrDamaged] if the file has nothing of a store.
func Rebuild(ctx context.Context, from, to string, opts *Options) (Salvage, error) {
	if opts == nil {
		opts = &Options{}
	}
	if _, err := os.Lstat(to); err == nil {
		return Salvage{}, fmt.Errorf("%s: %w", to, fs.ErrExist)
	}
	f, err := openShared(ctx, from, opts.Wait)
	if err != nil {
		return Salvage{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Salvage{}, err
	}
	s := &salvage{ctx: ctx, report: Salvage{Recorded: -1}}
	if err := s.survey(f, info.Size()); err != nil {
		return s.report, fmt.Errorf("%s: %w", from, err)
	}
	return s.report, s.write(to, info.Mode().Perm()&0o666|0o600)
}

// openShared opens a file for reading while no process writes it.
func openShared(ctx context.Context, path string, wait time.Duration) (f *os.File, err error) {
	err = waitForLock(ctx, wait, func() error {
		if f, err = os.OpenFile(path, os.O_RDONLY|safefile.NoWait, 0); err != nil {
			return err
		}
		info, err := f.Stat()
		switch {
		case err == nil && !info.Mode().IsRegular():
			err = fmt.Errorf("%s: %w: not a file", path, ErrDamaged)
		case err == nil:
			err = lockFile(f, true)
		}
		if there, statErr := os.Stat(path); err == nil && (statErr != nil || !os.SameFile(info, there)) {
			err = errRemoved
		}
		if err != nil {
			f.Close()
		}
		return err
	})
	if errors.Is(err, ErrLocked) {
		err = lockedError(path)
	}
	return f, err
}

// survey finds the tree of pages and the tables, and the damage in them.
func (s *salvage) survey(file io.ReaderAt, size int64) error {
	metas := s.open(file, size)
	if s.pages == nil {
		return fmt.Errorf("%w: not a graph store", ErrDamaged)
	}
	s.freeKnown = len(metas) > 0 && s.readFree(metas[0]) == nil
	if len(metas) > 0 {
		s.meta = metas[0]
		s.tryRoot(quadfile.NativeEndian.Uint64(metas[0][16:]))
	}
	older := len(metas) > 0 && s.known && s.recordVersion == quadfile.FormatVersion && !s.state.IsOf(quadfile.TransactionOf(metas[0]))
	if s.loss != nil || older || len(s.buckets) == 0 && !s.freeKnown {
		if err := s.searchRoot(); err != nil {
			return err
		}
		s.report.Older = s.report.Older || older && !s.report.Searched
	}
	if _, known := quadfile.RecordWords[s.report.Version]; !known && s.report.Version != "" && !s.known {
		return fmt.Errorf("%w %.20q", ErrVersion, s.report.Version)
	}
	if !s.sound() {
		s.searchLoose()
	}
	if s.known {
		s.report.Recorded = s.state.Quads
	}
	for _, t := range s.tables {
		if t.Blocks > 0 || t.Loose > 0 || s.known {
			return cause(s.ctx)
		}
	}
	return fmt.Errorf("%w: it contains nothing of a graph store", ErrDamaged)
}

// tryRoot reads the list of buckets, the record and the tables under a page.
func (s *salvage) tryRoot(id uint64) {
	s.root, s.buckets, s.known, s.state = id, map[string]bucketPlace{}, false, quadfile.Record{}
	s.unlisted = false
	s.tables, s.reached = map[string]*salvagedTable{}, quadfile.NewIDSet(s.pages.High)
	s.listBuckets(id, 0)
	s.readRecord()
	s.countTables()
}

// countTables reads the tables that are not counted yet.
func (s *salvage) countTables() {
	for _, name := range s.tableNames() {
		if s.tables[name] == nil {
			s.tables[name] = &salvagedTable{DamagedTable: DamagedTable{Name: name}}
			s.countBlocks(s.tables[name])
		}
	}
}

// sound reports whether no table is damaged, and the record and the format are
// known.
func (s *salvage) sound() bool {
	for _, t := range s.tables {
		if t.damaged() {
			return false
		}
	}
	return s.known && s.report.Version != ""
}

// readRecord reads the format and the record.
func (s *salvage) readRecord() {
	s.report.Version = ""
	s.walkTree(s.buckets[string(quadfile.BucketMeta)], func(key, value []byte) bool {
		s.record(key, value)
		return true
	}, func() {})
}

// rootPage is a page that may be the root of the tree.
type rootPage struct{ id, generation uint64 }

// searchRoot searches all pages for lists of buckets, for a file with a meta page
// that is lost or leads nowhere. It chooses the newest list whose tree is sound,
// unless the list that the file names is as new. A list one generation after the
// named one is the newest, since the other of the two meta pages named it; any
// other list may be older.
func (s *salvage) searchRoot() error {
	named := s.root
	found, err := s.rootPages(named)
	if err != nil {
		return err
	}
	s.tryRoot(named)
	lost, generation := len(s.buckets) == 0, s.state.Generation
	free := s.free
	s.free = quadfile.NewIDSet(s.pages.High) // pages that this root calls free may be in use under another
	for _, c := range found[:min(len(found), 8)] {
		if !lost && c.generation <= generation {
			break
		}
		if s.tryRoot(c.id); s.sound() {
			s.report.Searched, s.report.Older = true, lost || c.generation != generation+1
			return nil
		}
	}
	s.report.Older = true
	if s.report.Searched = lost && len(found) > 0; s.report.Searched {
		s.tryRoot(found[0].id)
		return nil
	}
	s.free = free
	s.tryRoot(named)
	return nil
}

// rootPages returns the lists of buckets in the file, the newest first.
func (s *salvage) rootPages(named uint64) (found []rootPage, err error) {
	free := s.free
	defer func() { s.free = free }()
	s.free = quadfile.NewIDSet(s.pages.High)
	for id := uint64(quadfile.MetaPages); id < s.pages.High; id++ {
		if err := cause(s.ctx); err != nil {
			return nil, err
		}
		pg, err := s.load(id)
		if err != nil || id == named || !pg.BeginsWith(quadfile.BucketTerms) {
			continue
		}
		s.buckets, s.known = map[string]bucketPlace{}, false
		s.listBuckets(id, 0)
		if s.readRecord(); s.known {
			found = append(found, rootPage{id, s.state.Generation})
		}
	}
	slices.SortFunc(found, func(a, b rootPage) int { return cmp.Compare(b.generation, a.generation) })
	return found, nil
}

// searchLoose searches all loose pages, to which the tree does not lead and which
// are not known to be free, for the record and for blocks of damaged tables.
func (s *salvage) searchLoose() {
	if !s.known || s.report.Version == "" {
		s.eachLoose(s.looseRecord)
		s.countTables()
	}
	s.eachLoose(func(id uint64, key, value []byte) {
		for name, t := range s.tables {
			if !t.damaged() {
				continue
			}
			if n, _, _ := s.inspectBlock(name, key, value); n > 0 {
				t.Loose++
				t.Entries += int64(n)
				if k := len(s.loose); k == 0 || s.loose[k-1] != id {
					s.loose = append(s.loose, id)
				}
				return
			}
		}
	})
}

// write writes the new store. After an error there is no new file.
func (s *salvage) write(to string, mode fs.FileMode) (err error) {
	store, err := OpenContext(s.ctx, to, &Options{Mode: mode})
	if err != nil {
		return err
	}
	r := &restorer{from: s, damaged: !s.sound(), ids: newIDs{}, labels: map[uint64]quad.Value{}, nameless: map[quadfile.Tuple]struct{}{}}
	err = store.Update(s.ctx, r.restore)
	if err == nil {
		err = store.View(s.ctx, func(snapshot *Snapshot) error {
			s.report.Quads = snapshot.reader.Record.Quads
			return nil
		})
	}
	if err = errors.Join(err, store.Close()); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	s.fillReport(r)
	return nil
}

// fillReport completes the report.
func (s *salvage) fillReport(r *restorer) {
	for _, name := range s.tableNames() {
		if t := s.tables[name]; t.damaged() {
			s.report.Damaged = append(s.report.Damaged, t.DamagedTable)
			s.report.Loose += t.Loose
		}
	}
	s.report.Nameless = int64(len(r.nameless))
	// A loose block must have the stamp that the record has for its table. Each
	// new table has a new stamp, so a block can be old only if the record is lost.
	s.report.Stale = s.report.Loose > 0 && !s.freeKnown && (!s.known || s.recordVersion != quadfile.FormatVersion)
	if s.report.Complete() {
		return
	}
	for _, value := range r.labels {
		s.report.Labels = append(s.report.Labels, value)
	}
	slices.SortFunc(s.report.Labels, func(a, b quad.Value) int {
		return strings.Compare(quad.StringOf(a), quad.StringOf(b))
	})
}

// mayMiss reports whether the index of labels may lack quads with a label.
func (s *salvage) mayMiss(label uint64) bool {
	for name, t := range s.tables {
		if !strings.HasPrefix(name, quadfile.IndexNames[quadfile.LSPO]) {
			continue
		}
		for _, hole := range t.holes {
			if hole[0] <= label && label <= hole[1] {
				return true
			}
		}
	}
	return false
}
