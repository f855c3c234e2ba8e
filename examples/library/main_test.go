package main

import (
	"os"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), "../us-china-2023", &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"2023-07-12 [person:xie-feng person:ely-ratner] ",
		"person:xie-feng invited institution:us-defense\ninstitution:us-defense post-at ",
		"digraph entente {", `"person:ely-ratner" -> "person:xie-feng"`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestIsShort(t *testing.T) {
	source, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), "\n"); n >= 60 {
		t.Errorf("the example has %d lines", n)
	}
}
