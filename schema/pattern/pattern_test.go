package pattern_test

import (
	"testing"

	"github.com/entente-kg/entente/schema/pattern"
)

func TestNew(t *testing.T) {
	digits := pattern.New(`^[0-9]+$`)
	if !digits().MatchString("2023") || digits().MatchString("MMXXIII") {
		t.Error("the expression does not match what it describes")
	}
	if first := digits(); digits() != first {
		t.Error("the expression is compiled twice")
	}
}

// In tests a malformed expression is found although nothing uses it.
func TestMalformed(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a malformed expression is accepted")
		}
	}()
	pattern.New(`(`)
}
