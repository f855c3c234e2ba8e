package store

import (
	"os"

	bolt "go.etcd.io/bbolt"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// handle is one open file of a store. A rewrite replaces it by another file; the
// old one is closed when no reader uses it.
type handle struct {
	db      *bolt.DB
	file    *os.File // the file that bbolt has open
	written bool     // this process wrote the file
	loss    error    // why the last change may be lost, or nil
	users   int      // guarded by Store.mu, like retired
	retired bool
}

// acquireFile returns the current file. The caller must call done when it no
// longer reads the file.
func (s *Store) acquireFile() (h *handle, done func() error, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, ErrClosed
	}
	h = s.current
	h.users++
	return h, func() error { return s.releaseFile(h) }, nil
}

func (s *Store) releaseFile(h *handle) error {
	s.mu.Lock()
	h.users--
	last := h.retired && h.users == 0
	s.mu.Unlock()
	if !last {
		return nil
	}
	return quadfile.RecoverPanic(h.db.Close)
}

// replaceFile makes h the current file.
func (s *Store) replaceFile(h *handle) error {
	s.mu.Lock()
	old := s.current
	s.current, old.retired = h, true
	old.users++
	s.mu.Unlock()
	return s.releaseFile(old)
}
