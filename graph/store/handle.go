package store

import (
	"os"

	bolt "go.etcd.io/bbolt"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// handle is one open file of a store. A rewrite puts another in its place; the
// old one is closed once nobody reads it any more.
type handle struct {
	db      *bolt.DB
	file    *os.File // as bbolt has it open
	written bool     // by this program
	loss    error    // says why the last change may be lost
	users   int      // guarded by the store's mu, as is the next
	retired bool
}

// acquireFile returns the current file; done must be called when it is not read any more.
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

// replaceFile makes another file the current one.
func (s *Store) replaceFile(h *handle) error {
	s.mu.Lock()
	old := s.current
	s.current, old.retired = h, true
	old.users++
	s.mu.Unlock()
	return s.releaseFile(old)
}
