package store

import (
	"errors"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// Snapshot opens a read-only snapshot of the store as it is now. Later changes do
// not show in it. While it is open, the file keeps the pages of its state. The
// caller must close it.
func (s *Store) Snapshot() (*Snapshot, error) {
	s.mu.Lock()
	sh, epoch := s.shared, s.epoch
	if sh != nil && !s.closed {
		defer s.mu.Unlock()
		return s.snapshotOf(sh), nil
	}
	s.mu.Unlock()
	r, h, err := s.newReader(false)
	if err != nil {
		if s.isClosed() {
			err = ErrClosed
		}
		return nil, err
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		_, err := r.Close()
		return nil, errors.Join(ErrClosed, err)
	}
	defer s.mu.Unlock()
	s.shareCache(r)
	sh = &shared{handle: h, reader: r, stale: true}
	if s.epoch == epoch {
		s.publish(sh)
	}
	return s.snapshotOf(sh), nil
}

// publish lets later snapshots share a transaction, unless a newer state was
// seen: later snapshots never see an older state. The caller holds s.mu.
func (s *Store) publish(sh *shared) {
	generation := sh.reader.Record.Generation
	if generation < s.cache.Record.Generation {
		return
	}
	if old := s.shared; old != nil {
		if old.users == 0 || old.reader.Record.Generation == generation {
			return
		}
		old.stale = true
	}
	sh.stale, s.shared = false, sh
}

// snapshotOf returns a new snapshot on a shared transaction. The caller holds
// s.mu.
func (s *Store) snapshotOf(sh *shared) *Snapshot {
	sh.users++
	snapshot := &Snapshot{store: s, shared: sh, handle: sh.handle, reader: sh.reader.Share(func() error { return s.release(sh) })}
	s.live[snapshot] = struct{}{}
	return snapshot
}

// Clone returns another snapshot of the same state. The caller must close it, too.
func (s *Snapshot) Clone() (*Snapshot, error) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if _, open := s.store.live[s]; !open {
		return nil, ErrClosed
	}
	return s.store.snapshotOf(s.shared), nil
}

// Latest reports whether the store has not changed since the snapshot.
func (s *Snapshot) Latest() (bool, error) {
	now, err := s.store.Snapshot()
	if err != nil {
		return false, err
	}
	latest := now.Generation() == s.Generation()
	return latest, now.Close()
}

// release ends the transaction when its last snapshot is closed, unless later
// snapshots can share it.
func (s *Store) release(sh *shared) error {
	s.mu.Lock()
	sh.users--
	last := sh.users == 0 && (sh.stale || s.writing || s.closed)
	if last && s.shared == sh {
		s.shared = nil
	}
	s.mu.Unlock()
	if !last {
		return nil
	}
	_, err := sh.reader.Close()
	return err
}

// dropShared makes later snapshots begin a transaction of their own, and ends the
// shared one if no snapshot uses it.
func (s *Store) dropShared(writing bool) error {
	s.mu.Lock()
	s.epoch++
	s.writing = writing
	sh := s.shared
	s.shared = nil
	idle := sh != nil && sh.users == 0
	if sh != nil {
		sh.stale = true
	}
	s.mu.Unlock()
	if !idle {
		return nil
	}
	_, err := sh.reader.Close()
	return err
}

// shareCache lets a reader share the cache of other readers of its state. The
// caller holds s.mu.
func (s *Store) shareCache(r *quadfile.Reader) {
	switch cache := s.cache; {
	case cache == nil:
		s.cache = r.Cache
	case cache.Record.Generation == r.Record.Generation:
		r.Cache = cache
	case cache.Record.Generation < r.Record.Generation:
		s.cache = cache.After(r.Record)
		r.Cache = s.cache
	}
}
