package main

import (
	"io"
	"runtime"
	"testing"
)

// TestRunsKeepNothing runs a command many times in one process, as the REPL does:
// the memory in use does not grow.
func TestRunsKeepNothing(t *testing.T) {
	inUse := func() uint64 {
		for range 20 {
			if code := run(t.Context(), program, []string{"verbs"}, nil, io.Discard, io.Discard); code != exitOK {
				t.Fatalf("exit code %d", code)
			}
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	if first, second := inUse(), inUse(); second > first+1<<20 {
		t.Errorf("%d bytes are in use after 20 commands, %d after 20 more", first, second)
	}
}
