//go:build !race

package cayley_test

// underRace is true under the race detector.
const underRace = false
