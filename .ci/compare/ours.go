package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/store"
)

// ours is graph/store, through its own functions.
type ours struct{}

func (ours) title() string  { return "entente" }
func (ours) inMemory() bool { return false }
func (ours) largest() int   { return 0 }

func storeFile(dir string) string { return filepath.Join(dir, "graph.db") }

func (ours) load(file, dir string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	s, err := store.Open(storeFile(dir), nil)
	if err != nil {
		return err
	}
	err = s.Update(context.Background(), func(tx *store.Tx) error {
		_, err := tx.AddNQuads(f, file)
		return err
	})
	return errors.Join(err, s.Close())
}

func (ours) open(_, dir string, write bool) (session, error) {
	s, err := store.Open(storeFile(dir), &store.Options{ReadOnly: !write})
	if err != nil {
		return nil, err
	}
	return &ourSession{here{}, s}, nil
}

type ourSession struct {
	here
	*store.Store
}

func (s *ourSession) close() error { return s.Store.Close() }

func (s *ourSession) quadStore() (cgraph.QuadStore, func() error, error) {
	snapshot, err := s.Snapshot()
	if err != nil {
		return nil, nil, err
	}
	return cayley.New(snapshot), snapshot.Close, nil
}

// match counts the quads that match each pattern.
func (s *ourSession) match(patterns []store.Pattern, check func(quad.Quad) uint32) (answer, error) {
	ctx := context.Background()
	snapshot, err := s.Snapshot()
	if err != nil {
		return answer{}, err
	}
	defer snapshot.Close()
	return timedRead(func(a *answer) error {
		for _, p := range patterns {
			for q, err := range snapshot.Match(ctx, p) {
				if err != nil {
					return err
				}
				a.Rows++
				if check != nil {
					a.Digest += check(q)
				}
			}
		}
		return nil
	})
}

func (s *ourSession) hop(subjects []string, check bool) (answer, error) {
	found, err := values(subjects)
	patterns := make([]store.Pattern, len(found))
	for i, v := range found {
		patterns[i].Subject = v
	}
	if err != nil {
		return answer{}, err
	}
	return s.match(patterns, checkOf(check, hashQuad))
}

func (s *ourSession) find(names []string, check bool) (answer, error) {
	found, err := values(names)
	patterns := make([]store.Pattern, len(found))
	for i, v := range found {
		patterns[i] = store.Pattern{Predicate: nameTerm, Object: v}
	}
	if err != nil {
		return answer{}, err
	}
	return s.match(patterns, checkOf(check, hashSubject))
}

func (s *ourSession) all(check bool) (answer, error) {
	return s.match([]store.Pattern{{}}, checkOf(check, hashQuad))
}

func hashSubject(q quad.Quad) uint32 { return hash(text(q.Subject)) }

func checkOf(check bool, fn func(quad.Quad) uint32) func(quad.Quad) uint32 {
	if check {
		return fn
	}
	return nil
}

func (s *ourSession) scan() (answer, error) {
	snapshot, err := s.Snapshot()
	if err != nil {
		return answer{}, err
	}
	defer snapshot.Close()
	return scanStore(cayley.New(snapshot))
}

func (s *ourSession) add(lines string) (answer, error) {
	return s.write(func(tx *store.Tx, a *answer) error {
		n, err := tx.AddNQuads(strings.NewReader(lines), "batch")
		a.Rows = int(n)
		return err
	})
}

func (s *ourSession) remove(lines string) (answer, error) {
	gone, err := quads(lines)
	if err != nil {
		return answer{}, err
	}
	return s.write(func(tx *store.Tx, a *answer) (err error) {
		a.Rows, err = tx.RemoveAll(gone)
		return err
	})
}

func (s *ourSession) write(fn func(*store.Tx, *answer) error) (answer, error) {
	return timed(func(a *answer) error {
		return s.Update(context.Background(), func(tx *store.Tx) error { return fn(tx, a) })
	})
}
