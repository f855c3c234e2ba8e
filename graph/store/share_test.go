package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

func edge(subject, object string) quad.Quad {
	return quad.Quad{Subject: quad.IRI(subject), Predicate: quad.IRI("met"), Object: quad.IRI(object)}
}

func addEdges(t *testing.T, s *store.Store, quads ...quad.Quad) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.AddAll(quads); return err }); err != nil {
		t.Fatal(err)
	}
}

func snapshotOf(t *testing.T, s *store.Store) *store.Snapshot {
	t.Helper()
	snapshot, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { snapshot.Close() })
	return snapshot
}

// TestSnapshotsAreClosedOneByOne opens snapshots of one state, which share a
// transaction and are closed separately.
func TestSnapshotsAreClosedOneByOne(t *testing.T) {
	s := openStore(t, t.TempDir(), nil)
	addEdges(t, s, edge("a", "b"))
	one, two := snapshotOf(t, s), snapshotOf(t, s)
	one.Close()
	if _, err := one.Has(edge("a", "b")); !errors.Is(err, store.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if ok, err := two.Has(edge("a", "b")); !ok || err != nil {
		t.Errorf("open: %v %v", ok, err)
	}
	addEdges(t, s, edge("c", "d"))
	if ok, err := two.Has(edge("c", "d")); ok || err != nil {
		t.Errorf("an old snapshot has what came later: %v %v", ok, err)
	}
	if ok, err := snapshotOf(t, s).Has(edge("c", "d")); !ok || err != nil {
		t.Errorf("a new snapshot does not have what came before: %v %v", ok, err)
	}
	s.Close()
	if _, err := two.Has(edge("a", "b")); !errors.Is(err, store.ErrClosed) {
		t.Errorf("closed store: %v", err)
	}
}

// TestRemovedTermsAreForgotten checks that the cache of one state is not used for
// another.
func TestRemovedTermsAreForgotten(t *testing.T) {
	s := openStore(t, t.TempDir(), nil)
	addEdges(t, s, edge("a", "b"), edge("c", "d"))
	before := snapshotOf(t, s)
	id, err := before.ID(quad.IRI("a"))
	if err != nil {
		t.Fatal(err)
	}
	name := func(snapshot *store.Snapshot) quad.Value {
		value, err := snapshot.Term(id)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	if name(before) != quad.IRI("a") {
		t.Fatal("no name before")
	}
	addEdges(t, s, edge("e", "f"))
	if got := name(snapshotOf(t, s)); got != quad.IRI("a") {
		t.Errorf("after another was added: %v", got)
	}
	if err := s.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.Remove(edge("a", "b")); return err }); err != nil {
		t.Fatal(err)
	}
	if got := name(snapshotOf(t, s)); got != nil {
		t.Errorf("after it was removed: %v", got)
	}
	if got := name(before); got != quad.IRI("a") {
		t.Errorf("in the snapshot from before: %v", got)
	}
}

// TestSnapshotsBesideAWriterAreNew opens snapshots beside a writer. Each has all
// quads committed before it was opened.
func TestSnapshotsBesideAWriterAreNew(t *testing.T) {
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		wg.Go(func() {
			for last := uint64(0); ; {
				select {
				case <-stop:
					return
				default:
				}
				snapshot, err := s.Snapshot()
				if err != nil {
					t.Error(err)
					return
				}
				if now := snapshot.Generation(); now < last {
					t.Errorf("generation %d after %d", now, last)
				} else {
					last = now
				}
				snapshot.Close()
			}
		})
	}
	for i := range 200 {
		q := edge("s", string(rune('a'+i)))
		addEdges(t, s, q)
		if ok, err := snapshotOf(t, s).Has(q); !ok || err != nil {
			t.Fatalf("quad %d is not there after its commit: %v", i, err)
		}
	}
	close(stop)
	wg.Wait()
}

// TestOpenWithoutLockFile opens a store whose LOCK file cannot be written. That
// is an error, which leaves nothing open.
func TestOpenWithoutLockFile(t *testing.T) {
	dir := t.TempDir()
	openStore(t, dir, nil).Close()
	lock := filepath.Join(dir, "LOCK")
	if err := os.Mkdir(lock, 0o755); err != nil {
		t.Fatal(err)
	}
	if s, err := store.Open(filepath.Join(dir, "graph.db"), nil); err == nil {
		s.Close()
		t.Fatal("opened without a LOCK file")
	}
	if err := os.Remove(lock); err != nil {
		t.Fatal(err)
	}
	openStore(t, dir, nil).Close()
}
