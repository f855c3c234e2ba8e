package store_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
)

// TestOpenAfterRemoval waits for a store that is removed meanwhile. The opener
// gets the store that is then at the path, and loses nothing.
func TestOpenAfterRemoval(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be removed there")
	}
	path := filepath.Join(t.TempDir(), "graph.db")
	first, err := store.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	type opened struct {
		s   *store.Store
		err error
	}
	second := make(chan opened)
	go func() {
		s, err := store.Open(path, &store.Options{Wait: 20 * time.Second})
		second <- opened{s, err}
	}()
	time.Sleep(200 * time.Millisecond) // so that it waits
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	got := <-second
	if got.err != nil {
		t.Fatal(got.err)
	}
	q := quad.Make(quad.IRI("a:s"), quad.IRI("a:p"), quad.IRI("a:o"), nil)
	if err := got.s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Add(q)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := got.s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(path, &store.Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("what was written is gone: %v", err)
	}
	defer again.Close()
	snapshot, err := again.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if has, err := snapshot.Has(q); err != nil || !has {
		t.Errorf("the quad is gone: %v, %v", has, err)
	}
}
