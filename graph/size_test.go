package graph_test

import (
	"os"
	"strconv"
	"testing"
)

// sizeOf returns the size of a test: the value of an environment variable if it is set,
// as in .ci/long; the larger of two numbers with ENTENTE_TESTS=full, as in .ci/run; else
// the smaller.
func sizeOf(t testing.TB, variable string, small, full int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" && os.Getenv("ENTENTE_TESTS") == "full" {
		return full
	}
	if text == "" {
		return small
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}
