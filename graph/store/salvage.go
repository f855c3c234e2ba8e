package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/safefile"
)

// Salvage is what Rebuild could read of a file, and what it could not.
type Salvage struct {
	Version  string // of the file's format; empty where that is lost
	Recorded int64  // quads that the file says it holds; -1 where that is lost
	Quads    int64  // in the new store

	Damaged []DamagedTable // tables of which something could not be read
	Partial bool           // no index is whole: the quads are the union of what all of them prove

	// Nameless are quads that are left out, since the text of a term is lost.
	Nameless int64

	// Loose are blocks that the tree of pages does not lead to any more. Stale
	// says that the list of free pages is lost too, and the record or what it says
	// of the tables, so that some of these may be of an older state, and quads that
	// were removed long ago may be back.
	Loose int64
	Stale bool

	// Revived says that a list of what was removed lately is not whole, so that
	// some of that may be back.
	Revived bool

	// Searched says that the file does not name the page that leads to all others
	// any more, and that it was found by a search; Older that the state may be an
	// older one, so that the last changes are lost.
	Searched, Older bool

	// Labels are those in which quads may be missing; none when nothing is lost.
	Labels []quad.Value
}

// DamagedTable counts what was read of a table.
type DamagedTable struct {
	Name      string // as in the format, such as "spol" or "i"
	Blocks    int64  // read
	BadBlocks int64  // whose checksums are wrong
	BadPages  int64  // that cannot be read, with all that they lead to
	Loose     int64  // blocks found outside of the tree
	Entries   int64  // quads or terms that were read
}

// Complete reports whether the new store is known to hold exactly what the old
// one held.
func (s Salvage) Complete() bool {
	if s.Nameless > 0 || s.Stale || s.Revived || s.Older {
		return false
	}
	return s.Recorded == s.Quads || s.Recorded < 0 && !s.Partial
}

// Rebuild reads what can be read of the store in one file, which may be damaged
// or of an older format version, into a new store in another. The old file is
// only read, and not mapped, so that no damage can end the process; nothing
// whose checksum is wrong is taken. Where an index is whole it is copied; else
// the quads are those that any of the four holds. Errors wrap [fs.ErrExist]
// where the new file is there, [ErrLocked], and [ErrDamaged] where there is
// nothing of a store in the file.
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

// openShared opens a file to read while nobody writes it.
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

// write makes the new store, or nothing.
func (s *salvage) write(to string, mode fs.FileMode) (err error) {
	store, err := OpenContext(s.ctx, to, &Options{Mode: mode})
	if err != nil {
		return err
	}
	r := &restorer{from: s, damaged: !s.sound(), ids: newIDs{}, labels: map[uint64]quad.Value{}, nameless: map[quadfile.Tuple]struct{}{}}
	err = store.Update(s.ctx, r.into)
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

// fillReport fills in what follows from the rest of the report.
func (s *salvage) fillReport(r *restorer) {
	for _, name := range s.names() {
		if t := s.tables[name]; t.damaged() {
			s.report.Damaged = append(s.report.Damaged, t.DamagedTable)
			s.report.Loose += t.Loose
		}
	}
	s.report.Nameless = int64(len(r.nameless))
	// A loose block counts where it has the stamp that the record has for its table,
	// which is a new one for each writing: only without a record can it be old.
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

// salvagedTable is what is known of one table.
type salvagedTable struct {
	DamagedTable
	holes [][2]uint64 // between which first ids of entries something is missing
}

func (t *salvagedTable) damaged() bool { return t.BadBlocks+t.BadPages > 0 }

// mayMiss reports whether quads with a label may be missing from the index of
// labels.
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
