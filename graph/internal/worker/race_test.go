//go:build race

package worker_test

// underRace is true under the race detector, which needs memory of its own.
const underRace = true

// ampleMemory is more memory than any test here needs.
const ampleMemory = 1 << 40
