package render_test

import (
	"testing"
	"unicode"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
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

// Fact.String of the package schema, which cannot import render, removes the same
// characters as Clean.
func TestFactStringIsClean(t *testing.T) {
	all := []rune("every character:")
	for r := range rune(unicode.MaxRune + 1) {
		all = append(all, r)
	}
	text := string(append(all, '.'))
	f := schema.Fact{Verb: "met", Roles: []schema.Participant{{Role: schema.RoleActor, ID: schema.ID(text)}}}
	if f.String() != render.Clean(text)+" met (no evidence), undated" {
		t.Error("Fact.String and Clean remove different characters")
	}
}
