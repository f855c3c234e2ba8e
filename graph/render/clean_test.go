package render_test

import (
	"testing"

	"github.com/entente-kg/entente/graph/render"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"谢锋 Ünïcode":              "谢锋 Ünïcode",
		"a\x1b[31mb\x07\x00\x7f":  "a[31mb",
		"a\u202eb\u2066c\u200fd":  "abcd",
		"two\nlines\tand\r a tab": "two lines and a tab",
		"a\u009b31mb":             "a31mb",
	} {
		if got := render.Clean(in); got != want {
			t.Errorf("render.Clean(%q) is %q, not %q", in, got, want)
		}
	}
}
