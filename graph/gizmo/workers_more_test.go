package gizmo_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph/gizmo"
)

// TestWorkersLeftEarly stops reading, or panics, while the script goes on.
func TestWorkersLeftEarly(t *testing.T) {
	w := workersOn(t, testGraph(t), room())
	for range w.Run(t.Context(), `g.emit(1); while (true) { g.M() }`, gizmo.Limits{Timeout: time.Minute}) {
		break
	}
	for range w.Run(t.Context(), `g.emit(1); /(a*)*(?=b)\1c/.test("a".repeat(60))`, gizmo.Limits{Timeout: time.Minute}) {
		break // the script does not stop, so its process is ended
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is lost")
			}
		}()
		for range w.Run(t.Context(), `g.emit(1); while (true) { g.M() }`, gizmo.Limits{Timeout: time.Minute}) {
			panic("reader")
		}
	}()
	if rows, err := collect(t.Context(), w, `1 + 1`, gizmo.Limits{}); err != nil || len(rows) != 1 {
		t.Errorf("after that: %q, %v", rows, err)
	}
}

// TestWorkersSendSmallRows sends rows that have far more bytes between processes
// than as JSON.
func TestWorkersSendSmallRows(t *testing.T) {
	w := workersOn(t, testGraph(t), room())
	limits := gizmo.Limits{Output: 200_000, Timeout: time.Minute}
	rows, err := collect(t.Context(), w, `for (var i = 0; i < 99999; i++) g.emit(1)`, limits)
	if err != nil || len(rows) != 99_999 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if _, err := collect(t.Context(), w, `for (var i = 0; i < 100001; i++) g.emit(1)`, limits); !errors.Is(err, gizmo.ErrOutput) || errors.Is(err, gizmo.ErrEnded) {
		t.Errorf("got %v", err)
	}
}

// TestWorkersSayWhyTheyStopped checks the cause of a cancelled context.
func TestWorkersSayWhyTheyStopped(t *testing.T) {
	w := workersOn(t, testGraph(t), room())
	if _, err := collect(t.Context(), w, `1`, gizmo.Limits{}); err != nil { // warms the worker up
		t.Fatal(err)
	}
	cause := errors.New("the user left")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(250*time.Millisecond, func() { cancel(cause) })
	_, err := collect(ctx, w, `while (true) { g.M() }`, gizmo.Limits{Timeout: time.Minute})
	if !errors.Is(err, cause) || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "query:1:") {
		t.Errorf("got %v", err)
	}
	late, end := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer end()
	if _, err := collect(late, w, `while (true) { g.M() }`, gizmo.Limits{Timeout: time.Minute}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// TestWorkersClose ends running scripts.
func TestWorkersClose(t *testing.T) {
	w := workersOn(t, testGraph(t), room())
	time.AfterFunc(200*time.Millisecond, func() { w.Close() })
	if _, err := collect(t.Context(), w, `while (true) { g.M() }`, gizmo.Limits{Timeout: time.Minute}); !errors.Is(err, gizmo.ErrEnded) {
		t.Errorf("got %v", err)
	}
}
