//go:build !race

package gizmo_test

import (
	"syscall"
	"testing"
)

// checkPeaks logs the peak memory of this process and its children. It fails if a
// child exceeded its limit plus 256 MiB for its size at its start and for the
// stacks of its threads, most of which are never used; 224 MiB are usual.
func checkPeaks(t *testing.T) {
	t.Helper()
	var own, children syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children); err != nil {
		t.Fatal(err)
	}
	t.Logf("peak memory: parent %d MiB, child %d MiB", own.Maxrss>>10, children.Maxrss>>10)
	if children.Maxrss<<10 > attackMemory+256<<20 {
		t.Errorf("a child had %d MiB, and may have %d", children.Maxrss>>10, attackMemory>>20)
	}
}
