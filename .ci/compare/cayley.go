package main

import (
	"context"
	"errors"
	"os"
	"runtime/debug"
	"slices"

	"github.com/cayleygraph/cayley/clog"
	cgraph "github.com/cayleygraph/cayley/graph"
	_ "github.com/cayleygraph/cayley/graph/kv/bolt"
	"github.com/cayleygraph/cayley/graph/memstore"
	_ "github.com/cayleygraph/cayley/writer"
	"github.com/cayleygraph/quad"
	cayleynquads "github.com/cayleygraph/quad/nquads"
)

func init() { clog.SetV(-1) }

// cayleyBolt is unmodified Cayley over boltdb, with default options.
type cayleyBolt struct{}

func (cayleyBolt) title() string  { return "Cayley on bolt" }
func (cayleyBolt) inMemory() bool { return false }
func (cayleyBolt) largest() int   { return 2_000_000 }

func (c cayleyBolt) load(file, dir string) error {
	if err := cgraph.InitQuadStore("bolt", dir, nil); err != nil {
		return err
	}
	qs, err := cgraph.NewQuadStore("bolt", dir, nil)
	if err != nil {
		return err
	}
	return errors.Join(fillCayley(qs, file), qs.Close())
}

func (cayleyBolt) open(_, dir string, _ bool) (session, error) {
	qs, err := cgraph.NewQuadStore("bolt", dir, nil)
	if err != nil {
		return nil, err
	}
	return &cayleySession{here{}, qs}, nil
}

// cayleyMemory is Cayley's memory store.
type cayleyMemory struct{}

func (cayleyMemory) title() string  { return "Cayley in memory" }
func (cayleyMemory) inMemory() bool { return true }
func (cayleyMemory) largest() int   { return 2_000_000 }

func (cayleyMemory) load(file, _ string) error { return fillCayley(memstore.New(), file) }

func (cayleyMemory) open(file, _ string, _ bool) (session, error) {
	qs := memstore.New()
	if err := fillCayley(qs, file); err != nil {
		return nil, err
	}
	return &cayleySession{here{}, qs}, nil
}

// fillCayley loads as `cayley load` does: with its reader, and a transaction for every
// 10,000 quads.
func fillCayley(qs cgraph.QuadStore, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := cgraph.NewQuadWriter("single", qs, cgraph.Options{"ignore_duplicate": true})
	if err != nil {
		return err
	}
	batches := cgraph.NewWriter(w)
	_, err = quad.CopyBatch(batches, cayleynquads.NewReader(f, false), quad.DefaultBatch)
	return errors.Join(err, batches.Close())
}

type cayleySession struct {
	here
	cgraph.QuadStore
}

func (s *cayleySession) close() error { return s.QuadStore.Close() }

func (s *cayleySession) quadStore() (cgraph.QuadStore, func() error, error) {
	return s.QuadStore, func() error { return nil }, nil
}

// each calls fn with the quads that have the value in the direction.
func (s *cayleySession) each(d quad.Direction, v quad.Value, fn func(ref cgraph.Ref) error) error {
	ref, err := s.ValueOf(v)
	if err != nil || ref == nil {
		return err
	}
	it := s.QuadIterator(d, ref).Iterate()
	for it.Next(context.Background()) {
		if err := fn(it.Result()); err != nil {
			return errors.Join(err, it.Close())
		}
	}
	return errors.Join(it.Err(), it.Close())
}

func (s *cayleySession) hop(subjects []string, check bool) (answer, error) {
	from, err := values(subjects)
	if err != nil {
		return answer{}, err
	}
	return timedRead(func(a *answer) error {
		for _, v := range from {
			err := s.each(quad.Subject, v, func(ref cgraph.Ref) error { return s.count(a, ref, check) })
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *cayleySession) count(a *answer, ref cgraph.Ref, check bool) error {
	q, err := s.Quad(ref)
	a.Rows++
	if err == nil && check {
		a.Digest += hashQuad(q)
	}
	return err
}

func (s *cayleySession) find(names []string, check bool) (answer, error) {
	found, err := values(names)
	if err != nil {
		return answer{}, err
	}
	return timedRead(func(a *answer) error {
		for _, v := range found {
			if err := s.named(a, v, check); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *cayleySession) named(a *answer, name quad.Value, check bool) error {
	return s.each(quad.Object, name, func(ref cgraph.Ref) error {
		q, err := s.Quad(ref)
		if err != nil || q.Predicate != nameTerm {
			return err
		}
		a.Rows++
		if check {
			a.Digest += hashSubject(q)
		}
		return nil
	})
}

func (s *cayleySession) scan() (answer, error) { return scanStore(s) }

// scanStore visits all quads of a Cayley quad store.
func scanStore(qs cgraph.QuadStore) (answer, error) {
	return timedRead(func(a *answer) error {
		it := qs.QuadsAllIterator().Iterate()
		for it.Next(context.Background()) {
			if it.Result() != nil {
				a.Rows++
			}
		}
		return errors.Join(it.Err(), it.Close())
	})
}

func (s *cayleySession) all(check bool) (answer, error) {
	return timedRead(func(a *answer) error {
		it := s.QuadsAllIterator().Iterate()
		for it.Next(context.Background()) {
			if err := s.count(a, it.Result(), check); err != nil {
				return err
			}
		}
		return errors.Join(it.Err(), it.Close())
	})
}

func (s *cayleySession) add(lines string) (answer, error) {
	return timed(func(a *answer) error {
		added, err := quads(lines)
		if err != nil {
			return err
		}
		return s.apply(a, added, cgraph.Add)
	})
}

func (s *cayleySession) remove(lines string) (answer, error) {
	gone, err := quads(lines)
	if err != nil {
		return answer{}, err
	}
	return timed(func(a *answer) error { return s.apply(a, gone, cgraph.Delete) })
}

func (s *cayleySession) apply(a *answer, changed []quad.Quad, action cgraph.Procedure) error {
	deltas := make([]cgraph.Delta, len(changed))
	for i, q := range changed {
		deltas[i] = cgraph.Delta{Quad: q, Action: action}
	}
	a.Rows = len(deltas)
	return s.ApplyDeltas(deltas, cgraph.IgnoreOpts{IgnoreDup: true, IgnoreMissing: true})
}

// moduleVersion returns the version of a module in this program.
func moduleVersion(path string) string {
	info, _ := debug.ReadBuildInfo()
	i := slices.IndexFunc(info.Deps, func(m *debug.Module) bool { return m.Path == path })
	if i < 0 {
		return "unknown"
	}
	return info.Deps[i].Version
}
