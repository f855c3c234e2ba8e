package gizmo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph/gizmo"
)

// length is the job that TestMain passes to gizmo.Main.
func length(ctx context.Context, request []byte) (any, error) {
	var text string
	err := json.Unmarshal(request, &text)
	switch text {
	case "":
		return nil, errors.New("no text")
	case "wait":
		<-ctx.Done()
		return nil, ctx.Err()
	case "panic":
		panic("out of order")
	}
	return len(text), err
}

// The program is the result of gizmo.Main, which main calls first, with the job.
func ExampleProgram_Do() {
	reply, err := program.Do(context.Background(), "length", "Xie Feng", gizmo.JobLimits{Time: time.Minute})
	fmt.Println(string(reply), err)
	_, err = program.Do(context.Background(), "length", "panic", gizmo.JobLimits{Time: time.Minute})
	fmt.Println(err)
	// Output:
	// 8 <nil>
	// the process that ran it ended: panic: out of order
}

func TestDoReturnsErrors(t *testing.T) {
	if _, err := program.Do(t.Context(), "length", "", gizmo.JobLimits{}); err == nil || err.Error() != "no text" || errors.Is(err, gizmo.ErrEnded) {
		t.Errorf("the job's own error: %v", err)
	}
	if _, err := program.Do(t.Context(), "length", "panic", gizmo.JobLimits{}); !errors.Is(err, gizmo.ErrEnded) {
		t.Errorf("a panic: %v", err)
	}
	if _, err := program.Do(t.Context(), "length", "wait", gizmo.JobLimits{Time: 100 * time.Millisecond}); !errors.Is(err, gizmo.ErrTimeout) || errors.Is(err, gizmo.ErrEnded) {
		t.Errorf("a job that is late: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the user left")
	time.AfterFunc(100*time.Millisecond, func() { cancel(cause) })
	if _, err := program.Do(ctx, "length", "wait", gizmo.JobLimits{}); !errors.Is(err, cause) {
		t.Errorf("a cancelled call: %v", err)
	}
	if _, err := (gizmo.Program{}).Do(t.Context(), "length", "", gizmo.JobLimits{}); !errors.Is(err, gizmo.ErrNoMain) {
		t.Errorf("a program without Main: %v", err)
	}
}
