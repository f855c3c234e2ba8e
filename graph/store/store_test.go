package store_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/store"
)

func Example() {
	dir := exampleDir()
	defer os.RemoveAll(dir)
	s, err := store.Open(filepath.Join(dir, "graph.db"), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	ctx := context.Background()
	err = s.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.Add(quad.MakeIRI("person:xie-feng", "dip:met", "person:ely-ratner", "fact:1"))
		return err
	})
	if err != nil {
		fmt.Println(err)
	}
	err = s.View(ctx, func(snapshot *store.Snapshot) error {
		for q, err := range snapshot.Match(ctx, store.Pattern{Predicate: quad.IRI("dip:met")}) {
			if err != nil {
				return err
			}
			fmt.Println(q.NQuad())
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output: <person:xie-feng> <dip:met> <person:ely-ratner> <fact:1> .
}

func exampleDir() string {
	dir, err := os.MkdirTemp("", "entente")
	if err != nil {
		panic(err)
	}
	return dir
}

func someQuad(i int) quad.Quad {
	return quad.MakeIRI(fmt.Sprint("s", i), "p", fmt.Sprint("o", i%10), fmt.Sprint("l", i%3))
}

// TestGeneration expects a new generation after each change, and only then.
func TestGeneration(t *testing.T) {
	s := openStore(t, t.TempDir(), nil)
	generation := func() (g uint64) {
		if err := s.View(t.Context(), func(snapshot *store.Snapshot) error { g = snapshot.Generation(); return nil }); err != nil {
			t.Fatal(err)
		}
		return g
	}
	first := generation()
	add(t, s, someQuad(1))
	second := generation()
	add(t, s, someQuad(1)) // stored already
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		tx.Add(someQuad(2))
		_, err := tx.Remove(someQuad(2))
		return err
	})
	if err != nil || second <= first || generation() != second {
		t.Errorf("%d, %d, %d, %v", first, second, generation(), err)
	}
	verify(t, s, model{someQuad(1): true})
}

// TestDigest computes the sum in another way.
func TestDigest(t *testing.T) {
	lines := map[string]quad.Quad{
		"<a> <b> <c\\u0020d> .\n":                                        {Subject: quad.IRI("a"), Predicate: quad.IRI("b"), Object: quad.IRI("c d")},
		"<a> <b> \"x\\n\\u0001\\\"\"@en <g> .\n":                         {Subject: quad.IRI("a"), Predicate: quad.IRI("b"), Object: quad.LangString{Value: "x\n\x01\"", Lang: "en"}, Label: quad.IRI("g")},
		"_:n <b> \"1.5E+00\"^^<xsd:double> .\n":                          {Subject: quad.BNode("n"), Predicate: quad.IRI("b"), Object: quad.Float(1.5)},
		"_:n <b> \"1970-01-01T00:00:01.000000002Z\"^^<xsd:dateTime> .\n": {Subject: quad.BNode("n"), Predicate: quad.IRI("b"), Object: quad.Time(time.Unix(1, 2))},
		"_:n <b> \"7\"^^<xsd:integer> .\n":                               {Subject: quad.BNode("n"), Predicate: quad.IRI("b"), Object: quad.Int(7)},
		"_:n <b> \"true\"^^<xsd:boolean> .\n":                            {Subject: quad.BNode("n"), Predicate: quad.IRI("b"), Object: quad.Bool(true)},
		"_:n <b> \"2023-07-12\"^^<xsd:date> .\n":                         {Subject: quad.BNode("n"), Predicate: quad.IRI("b"), Object: typed("2023-07-12", xsdNS+"date")},
	}
	s, sum := openStore(t, t.TempDir(), nil), new(big.Int)
	for line, q := range lines {
		hash := sha256.Sum256([]byte(line))
		sum.Add(sum, new(big.Int).SetBytes(hash[:]))
		add(t, s, q)
	}
	sum.Mod(sum, new(big.Int).Lsh(big.NewInt(1), 256))
	v, err := s.Verify(t.Context())
	if want := fmt.Sprintf("%064x", sum); err != nil || v.Digest != want {
		t.Errorf("got %s (%v), want %s", v.Digest, err, want)
	}
}

// TestReadOnly expects all writes to be refused.
func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, nil)
	add(t, s, someQuad(1))
	s.Close()
	s = openStore(t, dir, &store.Options{ReadOnly: true})
	snapshot, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	update := s.Update(t.Context(), func(*store.Tx) error { return nil })
	live, fixed := cayley.Live(s.Snapshot, s.Update), cayley.New(snapshot)
	_, writer := live.NewQuadWriter()
	_, fixedWriter := fixed.NewQuadWriter()
	for i, err := range []error{update, writer, live.ApplyDeltas(nil, cgraph.IgnoreOpts{})} {
		if !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("%d: %v", i, err)
		}
	}
	for i, err := range []error{fixedWriter, fixed.ApplyDeltas(nil, cgraph.IgnoreOpts{})} {
		if !errors.Is(err, cayley.ErrReadOnly) {
			t.Errorf("fixed %d: %v", i, err)
		}
	}
	verify(t, s, model{someQuad(1): true})
}

// TestClosed uses everything after it was closed.
func TestClosed(t *testing.T) {
	s := openStore(t, t.TempDir(), nil)
	add(t, s, someQuad(1))
	var old *store.Tx
	if err := s.Update(t.Context(), func(tx *store.Tx) error { old = tx; return nil }); err != nil {
		t.Fatal(err)
	}
	snapshot, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	it := cayley.New(snapshot).QuadsAllIterator().Iterate()
	live := cayley.Live(s.Snapshot, s.Update)
	leaked := live.QuadsAllIterator().Iterate()
	if !leaked.Next(t.Context()) {
		t.Fatal(leaked.Err())
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	it.Next(t.Context())
	_, err1 := s.Snapshot()
	_, err2 := snapshot.Has(someQuad(1))
	_, err3 := snapshot.Count(t.Context(), store.Pattern{})
	_, err4 := s.Verify(t.Context())
	_, err5 := old.Add(someQuad(2))
	_, err6 := old.Count(t.Context(), store.Pattern{})
	_, err7 := snapshot.Digest(t.Context())
	_, err8 := live.ValueOf(quad.IRI("p"))
	errs := []error{err1, err2, err3, err4, err5, err6, err7, err8, it.Err(), s.Update(t.Context(), nil),
		s.View(t.Context(), nil)}
	for _, err := range snapshot.Match(t.Context(), store.Pattern{}) {
		errs = append(errs, err)
	}
	for _, err := range snapshot.Labels(t.Context()) {
		errs = append(errs, err)
	}
	for i, err := range errs {
		if !errors.Is(err, store.ErrClosed) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if snapshot.Close() != nil || it.Close() != nil || leaked.Close() != nil {
		t.Error("closing what was closed is an error")
	}
}

// TestCancelled expects the cause of the context as the error, and no change.
func TestCancelled(t *testing.T) {
	s := openStore(t, t.TempDir(), nil)
	add(t, s, someQuad(1), someQuad(2))
	why := errors.New("the user left")
	ctx, cancel := context.WithCancelCause(t.Context())
	err := s.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Add(someQuad(3)); err != nil {
			return err
		}
		cancel(why)
		return nil
	})
	if err != why {
		t.Errorf("update: %v", err)
	}
	snapshot, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	var errs []error
	for _, err := range snapshot.Match(ctx, store.Pattern{}) {
		errs = append(errs, err)
	}
	for _, err := range snapshot.Labels(ctx) {
		errs = append(errs, err)
	}
	for _, err := range snapshot.Between(ctx, nil, nil, nil) {
		errs = append(errs, err)
	}
	_, err = snapshot.Digest(ctx)
	errs = append(errs, err, s.View(ctx, nil))
	_, err = s.Verify(ctx)
	errs = append(errs, err)
	for _, qs := range []cgraph.QuadStore{cayley.Live(s.Snapshot, s.Update), cayley.New(snapshot)} {
		for _, it := range []iterator.Scanner{qs.NodesAllIterator().Iterate(), qs.QuadsAllIterator().Iterate()} {
			if it.Next(ctx) || !errors.Is(it.Err(), context.Canceled) {
				t.Errorf("iterator: %v", it.Err())
			}
			errs = append(errs, it.Err())
			it.Close()
		}
	}
	for i, err := range errs {
		if !errors.Is(err, why) {
			t.Errorf("%d: %v", i, err)
		}
	}
	verify(t, s, model{someQuad(1): true, someQuad(2): true})
}

// TestSnapshotsBesideWriter reads in many goroutines while the file grows.
func TestSnapshotsBesideWriter(t *testing.T) {
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	var readers sync.WaitGroup
	stop := make(chan struct{})
	shared, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				err := s.View(t.Context(), func(snapshot *store.Snapshot) error {
					want, err := snapshot.Count(t.Context(), store.Pattern{})
					if err != nil {
						return err
					}
					n, before := int64(0), 0
					for _, err := range snapshot.Match(t.Context(), store.Pattern{}) {
						if err != nil {
							return err
						}
						n++
					}
					for range shared.Match(t.Context(), store.Pattern{}) {
						before++
					}
					if n != want || n%500 != 0 || before != 0 {
						return fmt.Errorf("%d quads, counted %d, %d before", n, want, before)
					}
					runtime.Gosched()
					return nil
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 20 {
		var quads []quad.Quad
		for j := range 500 {
			quads = append(quads, someQuad(i*500+j))
		}
		add(t, s, quads...)
	}
	close(stop)
	readers.Wait()
}

// TestWriteWhileReading updates a store within a loop over it. That must not
// block, however much the file grows.
func TestWriteWhileReading(t *testing.T) {
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	add(t, s, someQuad(0), someQuad(1), someQuad(2))
	err := s.View(t.Context(), func(snapshot *store.Snapshot) error {
		for q, err := range snapshot.Match(t.Context(), store.Pattern{}) {
			if err != nil {
				return err
			}
			var quads []quad.Quad
			for i := range 3000 {
				quads = append(quads, quad.Quad{Subject: q.Subject, Predicate: q.Predicate, Object: quad.Int(i)})
			}
			add(t, s, quads...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestBulkDelete removes most of a store and expects later changes to use the
// free pages.
func TestBulkDelete(t *testing.T) {
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	var quads []quad.Quad
	for i := range 30_000 {
		quads = append(quads, someQuad(i))
	}
	add(t, s, quads...)
	keep := model{}
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		n := 0
		for q, err := range tx.Match(t.Context(), store.Pattern{}) {
			if err != nil {
				return err
			}
			if n++; n%100 == 0 {
				keep[q] = true
			} else if _, err := tx.Remove(q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	verify(t, s, keep)
	emptyOut(t, s, keep)
}
