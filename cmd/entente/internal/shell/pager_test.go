package shell

import (
	"strings"
	"testing"
)

func TestScreenful(t *testing.T) {
	text := "one\n" + strings.Repeat("x", 25) + "\n三三三三三三\nlast\n"
	for rows, want := range map[int]int{1: 4, 2: 4, 4: 4 + 26, 5: 4 + 26, 6: 4 + 26 + 19, 7: len(text), 9: len(text)} {
		if got := len(screenful(text, 10, rows)); got != want {
			t.Errorf("%d rows: %d bytes, want %d", rows, got, want)
		}
	}
	if got := screenful(strings.Repeat("x", 100)+"\n", 10, 2); len(got) != 101 {
		t.Errorf("a line that is longer than the screen: %d bytes", len(got))
	}
}
