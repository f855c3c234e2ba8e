package store

import (
	"context"
	"errors"
	"fmt"
	"sync"

	bolt "go.etcd.io/bbolt"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// Store is a graph in one file. All methods may be called from several
// goroutines. For Cayley, [cayley.New] makes a quad store of a Snapshot, and
// [cayley.Live] one of the Store.
//
// [cayley.New]: https://pkg.go.dev/github.com/entente-kg/entente/graph/cayley#New
// [cayley.Live]: https://pkg.go.dev/github.com/entente-kg/entente/graph/cayley#Live
type Store struct {
	path   string
	opts   Options
	writer chan struct{} // holds one element while a transaction writes

	mu      sync.Mutex
	closed  bool
	current *handle
	live    map[*Snapshot]struct{}
	shared  *shared // used by snapshots of the newest state, nil for none
	epoch   int     // incremented when there may be a newer state
	writing bool    // a transaction writes or is about to write
	cache   *quadfile.Cache
	lock    *lockText // the LOCK file of a writer
}

// Close closes the store and all its open snapshots. It waits for a running
// Update, so it must not be called within an Update. Closing twice is not an
// error.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	live := s.live
	s.live = nil
	s.mu.Unlock()

	var errs []error
	for snapshot := range live {
		_, err := snapshot.reader.Close()
		errs = append(errs, err)
	}
	s.writer <- struct{}{} // never received: no transaction writes any more
	errs = append(errs, s.dropShared(false))
	errs = append(errs, s.lock.release(), quadfile.RecoverPanic(s.current.db.Close))
	return errors.Join(errs...)
}

// newReader begins a transaction of bbolt on the current file.
func (s *Store) newReader(writable bool) (*quadfile.Reader, *handle, error) {
	h, done, err := s.acquireFile()
	if err != nil {
		return nil, nil, err
	}
	var tx *bolt.Tx
	err = quadfile.RecoverPanic(func() (err error) {
		tx, err = h.db.Begin(writable)
		return err
	})
	if err != nil {
		return nil, nil, errors.Join(err, done())
	}
	r, err := quadfile.NewReader(tx, done)
	if err != nil {
		return nil, nil, errors.Join(err, tx.Rollback(), done())
	}
	return r, h, nil
}

// ReadOnly reports whether the store is open for reading only.
func (s *Store) ReadOnly() bool { return s.opts.ReadOnly }

func (s *Store) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// View runs fn on a new snapshot and then closes the snapshot.
func (s *Store) View(ctx context.Context, fn func(*Snapshot) error) error {
	if err := cause(ctx); err != nil {
		return err
	}
	snapshot, err := s.Snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	return fn(snapshot)
}

// Update runs fn in a write transaction. If fn returns nil, all its changes are
// kept, on disk unless Options.NoSync is set. If fn returns an error or panics,
// or if ctx ends before the commit, none is kept. Updates run one at a time; an
// Update within another waits for ever. If ctx has ended, the error is
// context.Cause(ctx), joined with the error of fn.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	if s.opts.ReadOnly {
		return ErrReadOnly
	}
	if err := s.acquireWriter(ctx); err != nil {
		return err
	}
	defer s.releaseWriter()
	tx, err := s.newTx(ctx)
	if err != nil {
		return err
	}
	defer tx.rollback() // does nothing after a commit
	err = fn(tx)
	if ended := cause(ctx); ended != nil {
		if err == nil || errors.Is(err, ended) {
			err = ended
		} else {
			err = errors.Join(ended, err)
		}
	}
	if err != nil {
		return err
	}
	return tx.commit()
}

func (s *Store) acquireWriter(ctx context.Context) error {
	if err := cause(ctx); err != nil {
		return err
	}
	if s.isClosed() {
		return ErrClosed
	}
	select {
	case s.writer <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if s.isClosed() {
		s.releaseWriter()
		return ErrClosed
	}
	if err := s.dropShared(true); err != nil {
		s.releaseWriter()
		return err
	}
	return nil
}

func (s *Store) releaseWriter() {
	_ = s.dropShared(false) // ends a shared transaction without snapshots
	<-s.writer
}

func (s *Store) newTx(ctx context.Context) (*Tx, error) {
	r, h, err := s.newReader(true)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, err)
	}
	return newTx(ctx, s, h, r), nil
}
