//go:build !linux && !race

package gizmo_test

import "testing"

func checkPeaks(*testing.T) {}
