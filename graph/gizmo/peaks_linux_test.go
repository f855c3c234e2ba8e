//go:build !race

package gizmo_test

import (
	"syscall"
	"testing"
)

// checkPeaks tells how much memory this process and its children had at most,
// and holds the children to what they may take, on top of room for the stacks of
// threads and of what they start with, which counts stacks that nobody touched and
// depends on how many threads there are: together about 224 MiB, never 256.
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
