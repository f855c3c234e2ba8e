//go:build !race

package gizmo_test

const underRace = false
