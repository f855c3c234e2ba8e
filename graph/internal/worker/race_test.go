//go:build race

package worker_test

// underRace says that the race detector is on, which takes memory of its own.
const underRace = true

// room is more memory than anything here needs.
const room = 1 << 40
