//go:build race

package gizmo_test

// underRace is true under the race detector, which needs memory of its own.
const underRace = true
