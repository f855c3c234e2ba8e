package gizmo_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph/gizmo"
)

// endless are scripts that only a limit ends.
var endless = []string{
	`while (true) {}`,
	`try { while (true) {} } catch (e) { while (true) {} } finally { while (true) {} }`,
	`while (true) try { g.V().forEach(function() { while (true) {} }) } catch (e) {}`,
	`while (true) g.V().both().both().all()`,
	`while (true) g.V().both().count()`,
	`while (true) g.emit(1)`,
	`g.V().both().both().both().both().both().both().count()`,
	`g.V().both().both().both().both().both().both().both().unique().all()`,
	`[1, 2].sort(function() { while (true) {} })`,
	`Promise.resolve().then(function() { while (true) {} })`,
	`({get x() { while (true) {} }}).x`,
	`g.emit({get x() { while (true) {} }})`,
	`({get x() { while (true) {} }})`,
}

func TestTimeout(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, script := range endless {
		start := time.Now()
		_, err := collect(t.Context(), gizmo.New(memory(t), nil), script, gizmo.Limits{Timeout: 50 * time.Millisecond})
		if !errors.Is(err, gizmo.ErrTimeout) || time.Since(start) > 5*time.Second {
			t.Errorf("%s: %v after %v", script, err, time.Since(start))
		}
	}
	noneLeft(t, before)
}

// noneLeft fails if more goroutines run than before.
func noneLeft(t *testing.T, before int) {
	t.Helper()
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

func TestCancel(t *testing.T) {
	before := runtime.NumGoroutine()
	cause := errors.New("the user left")
	for _, script := range append(endless, `g.V().all()`, `1`) {
		ctx, cancel := context.WithCancelCause(t.Context())
		r := gizmo.New(memory(t), nil)
		if script == `1` || script == `g.V().all()` {
			cancel(cause) // before the script starts
		} else {
			time.AfterFunc(20*time.Millisecond, func() { cancel(cause) })
		}
		if _, err := collect(ctx, r, script, gizmo.Limits{}); !errors.Is(err, cause) || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", script, err)
		}
	}
	noneLeft(t, before)
}

func TestDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := collect(ctx, gizmo.New(memory(t), nil), `while (true) {}`, gizmo.Limits{Timeout: -1})
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, gizmo.ErrTimeout) {
		t.Error(err)
	}
}

func TestRowLimit(t *testing.T) {
	r := gizmo.New(memory(t), nil)
	script := `g.V("<person:xie-feng>").out("<dip:met>").all()`
	for limit, want := range map[int]error{0: nil, 1: gizmo.ErrRows, 2: gizmo.ErrRows, 3: nil, 4: nil} {
		rows, err := collect(t.Context(), r, script, gizmo.Limits{Rows: limit})
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("limit %d: %v", limit, err)
		}
		if n := len(rows); n != 3 && n != limit {
			t.Errorf("limit %d: %d rows", limit, n)
		}
	}
	rows, err := collect(t.Context(), r, `while (true) g.emit(1)`, gizmo.Limits{Rows: 1000})
	if len(rows) != 1000 || !errors.Is(err, gizmo.ErrRows) {
		t.Error(len(rows), err)
	}
}

func TestBreak(t *testing.T) {
	before := runtime.NumGoroutine()
	for row, err := range gizmo.New(memory(t), nil).Run(t.Context(), `while (true) g.emit(1)`, gizmo.Limits{}) {
		if err != nil || row.Text("value") != "1" {
			t.Error(row, err)
		}
		break
	}
	noneLeft(t, before)
}

func TestPanickingReader(t *testing.T) {
	before := runtime.NumGoroutine()
	func() {
		defer func() { recover() }()
		for range gizmo.New(memory(t), nil).Run(t.Context(), `while (true) g.emit(1)`, gizmo.Limits{}) {
			panic("the reader's own")
		}
	}()
	noneLeft(t, before)
}

// One runner runs many scripts at once, also after a script failed.
func TestTogether(t *testing.T) {
	r := gizmo.New(memory(t), nil)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if i%2 == 0 {
				collect(t.Context(), r, `while (true) {}`, gizmo.Limits{Timeout: time.Millisecond})
				collect(t.Context(), r, `g.V(NaN)`, gizmo.Limits{})
			}
			rows, err := collect(t.Context(), r, `g.V("<person:xie-feng>").out(verb.met).all()`, gizmo.Limits{})
			if err != nil || len(rows) != 3 {
				t.Error(rows, err)
			}
		})
	}
	wg.Wait()
}

// A script does not see what an earlier script left.
func TestFresh(t *testing.T) {
	r := gizmo.New(memory(t), nil)
	for _, script := range []string{`x = 1; g.V = null; Object.getPrototypeOf(entity("Li Hui")).all = null`, `g.addNamespace("p", "person:")`} {
		if _, err := collect(t.Context(), r, script, gizmo.Limits{}); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := collect(t.Context(), r, `g.V("<p:ely-ratner>", "<person:li-hui>").out("<rdfs:label>").all(); typeof x`, gizmo.Limits{})
	if err != nil || len(rows) != 1 {
		t.Error(rows, err)
	}
}

// No script can reach the node by which the runner enters a session.
func TestEntry(t *testing.T) {
	wantRows(t, map[string]string{
		`g.V("<entente:start>").out().all()`:      "",
		`typeof g.V("<entente:start>").toValue()`: "value=object",
	})
}

func BenchmarkRun(b *testing.B) {
	r := gizmo.New(memory(b), nil)
	for b.Loop() {
		if rows, err := collect(b.Context(), r, `g.V("<person:xie-feng>").out(verb.met).all()`, gizmo.Limits{}); err != nil || len(rows) != 3 {
			b.Fatal(rows, err)
		}
	}
}
