package store_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
)

// TestFootprint opens a store of ENTENTE_FOOTPRINT quads in a new process and
// asks one question. The heap must stay below 64 MB, whatever the size of the
// store.
func TestFootprint(t *testing.T) {
	n := sizeOf(t, "ENTENTE_FOOTPRINT", 120_000, 120_000)
	path := filepath.Join(t.TempDir(), "graph.db")
	s := openStore(t, filepath.Dir(path), &store.Options{NoSync: true})
	update(t, s, func(tx *store.Tx) error {
		var some []quad.Quad
		for q := range facts(n, 0, n/100) {
			if some = append(some, q); len(some) < 4096 {
				continue
			}
			if _, err := tx.AddAll(some); err != nil {
				return err
			}
			some = some[:0]
		}
		_, err := tx.AddAll(some)
		return err
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []string{"read", "write"} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "ASK_STORE="+path, "ASK_MODE="+mode)
		out, err := cmd.Output()
		var quads, answers, heap int64
		if _, failed := fmt.Sscan(string(out), &quads, &answers, &heap); err != nil || failed != nil {
			t.Fatalf("%v %v: %s", err, failed, out)
		}
		t.Logf("to %s: %d quads, %d answers, %d bytes of heap", mode, quads, answers, heap)
		if quads < int64(n)*9/10 || answers == 0 || heap > 64<<20 {
			t.Error("that is not as it should be")
		}
	}
}

// askOnce opens a store, asks one question, and prints how much heap the process
// got from the operating system.
func askOnce(path string) {
	ctx := context.Background()
	s, err := store.Open(path, &store.Options{ReadOnly: os.Getenv("ASK_MODE") == "read"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	var quads, answers int64
	err = s.View(ctx, func(snapshot *store.Snapshot) (err error) {
		if quads, err = snapshot.Count(ctx, store.Pattern{}); err != nil {
			return err
		}
		for _, err := range snapshot.Match(ctx, store.Pattern{Predicate: quad.IRI("dip:met"), Object: quad.IRI("person:name-1")}) {
			if err != nil {
				return err
			}
			answers++
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println(quads, answers, m.HeapSys)
}
