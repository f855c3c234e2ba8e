//go:build !race

package worker_test

const (
	underRace   = false
	ampleMemory = 1 << 30
)
