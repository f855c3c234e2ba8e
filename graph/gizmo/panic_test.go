package gizmo_test

import (
	"context"
	"errors"
	"testing"
	"time"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/gizmo"
)

// brokenStore is a store that panics, or returns errors, when it reads edges or
// names.
type brokenStore struct {
	cgraph.QuadStore
	panics bool
}

func (b brokenStore) QuadIterator(d quad.Direction, r cgraph.Ref) iterator.Shape {
	if b.panics {
		panic("the store broke")
	}
	return b.QuadStore.QuadIterator(d, r)
}

func (b brokenStore) QuadIteratorSize(ctx context.Context, d quad.Direction, r cgraph.Ref) (refs.Size, error) {
	return b.QuadStore.QuadIteratorSize(ctx, d, r)
}

func (b brokenStore) NameOf(cgraph.Ref) (quad.Value, error) { return nil, errNone }

func TestPanickingStore(t *testing.T) {
	r := gizmo.New(brokenStore{memory(t), true}, nil)
	_, err := collect(t.Context(), r, "\ng.V('<person:xie-feng>').out('<dip:met>').all()", gizmo.Limits{})
	if want := "query:2:46: all: not possible in Cayley: the store broke"; err == nil || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
	rows, err := collect(t.Context(), r, "try { g.V('<a>').in().count(); g.V().in('<dip:met>').count() } catch (e) { e.message }", gizmo.Limits{})
	if err != nil || len(rows) != 1 {
		t.Error(rows, err)
	}
}

func TestFailingStore(t *testing.T) {
	r := gizmo.New(brokenStore{memory(t), false}, nil)
	for _, script := range []string{`g.V().all()`, `g.V().toArray()`, `g.V().forEach(function() {})`} {
		if _, err := collect(t.Context(), r, script, gizmo.Limits{}); !errors.Is(err, errNone) {
			t.Errorf("%s: %v", script, err)
		}
	}
}

func FuzzRun(f *testing.F) {
	for _, script := range commonScripts {
		f.Add(script)
	}
	for _, script := range []string{`edges("Xie Feng", verb.met)`, `g.V().follow(between("2023", null)).has("<dip:from>", lt(date("2023-01-01")))`} {
		f.Add(script)
	}
	qs := memory(f)
	f.Fuzz(func(t *testing.T, script string) {
		start := time.Now()
		for _, err := range gizmo.New(qs, nil).Run(t.Context(), script, gizmo.Limits{Rows: 100, Timeout: time.Second}) {
			if err != nil && err.Error() == "" {
				t.Error("an error without words")
			}
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("took %v", d)
		}
	})
}
