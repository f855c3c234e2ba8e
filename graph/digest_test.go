package graph_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
)

const digested = `people: [Ann Lee, Bob Ray, Cy Doe]
facts:
  - fact: Ann Lee met Bob Ray
    when: 2023
    note: first
  - {fact: Ann Lee met Bob Ray, when: 2023, note: second, confidence: 0.5}
  - {fact: Ann Lee met Bob Ray, when: 2023, note: second, confidence: 0.5}
  - {fact: Ann Lee met Cy Doe, when: 2024, locator: page 3}
`

// digestAfterLoad loads a text under a path inside of a new folder, and returns the digest.
func digestAfterLoad(t *testing.T, path, text string) string {
	t.Helper()
	dir := t.TempDir()
	path = filepath.Join(dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := loaders.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	g, err := graph.Open(t.Context(), filepath.Join(dir, "g"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if _, err := g.LoadInput(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
	v, err := g.Verify(t.Context())
	if err != nil || len(v.Problems) > 0 {
		t.Fatal(err, v.Problems)
	}
	s, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if digest, err := graph.Digest(t.Context(), s); err != nil || digest != v.Digest {
		t.Fatalf("the digest is %s, and verify says %s: %v", digest, v.Digest, err)
	}
	return v.Digest
}

// The digest leaves out from which bytes a dataset was read, and nothing else.
func TestDigestLeavesOutTheBytes(t *testing.T) {
	want := digestAfterLoad(t, "d.yaml", digested)
	lines := strings.SplitAfter(digested, "\n")
	for what, text := range map[string]string{
		"a comment":      "# by hand\n\n" + digested,
		"another order":  strings.Join(append(append(lines[:2:2], lines[5:8]...), lines[2:5]...), ""),
		"one line":       strings.Replace(digested, "    when: 2023\n    note: first\n", "    note: first\n    when: 2023\n", 1),
		"the same bytes": digested,
	} {
		if got := digestAfterLoad(t, filepath.Join("elsewhere", "d.yaml"), text); got != want {
			t.Errorf("%s: the digest is %s, not %s:\n%s", what, got, want, text)
		}
	}
	for what, edit := range map[string][2]string{
		"a note":              {"note: first", "note: third"},
		"notes of two pieces": {"note: first", "note: first, confidence: 0.5"},
		"one piece fewer":     {lines[5], ""},
		"a page":              {"page 3", "page 4"},
		"a page that a line":  {"page 3", "line 3"},
		"a date":              {"2024", "2025"},
		"another comment key": {"people:", "about: {title: T}\npeople:"},
	} {
		text := strings.Replace(digested, edit[0], edit[1], 1)
		if what == "notes of two pieces" {
			text = strings.Replace(strings.Replace(digested, "note: first", "note: first\n    confidence: 0.5", 1), "second, confidence: 0.5", "second", 1)
		}
		if got := digestAfterLoad(t, "d.yaml", text); got == want {
			t.Errorf("%s: the digest is the same:\n%s", what, text)
		}
	}
	if digestAfterLoad(t, "e.yaml", digested) == want {
		t.Error("a dataset of another name has the same digest")
	}
}
