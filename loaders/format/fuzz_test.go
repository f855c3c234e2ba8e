package format_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/format"
	"gopkg.in/yaml.v3"
)

// FuzzYAML formats arbitrary texts: each has an error of its own, or a canonical form
// with the same data, which stays as it is when it is formatted again, and has the
// comments that the YAML parser finds in the text.
func FuzzYAML(f *testing.F) {
	files, _ := filepath.Glob("../../examples/*/*.yaml")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text[:min(len(text), 4000)])
	}
	forms, err := os.ReadFile("testdata/forms.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range strings.Split(string(forms), "=== ")[1:] {
		_, rest, _ := strings.Cut(c, "\n")
		text, _, _ := strings.Cut(rest, "---->\n")
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<14 {
			return
		}
		out, err := format.YAML("x.yaml", text)
		if errors.Is(err, format.ErrChanged) {
			t.Fatal(err)
		}
		if err != nil {
			return
		}
		again, err := format.YAML("again.yaml", out)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("%v: formatted once\n%q\nand twice\n%q", err, out, again)
		}
		var n yaml.Node
		if yaml.Unmarshal(text, &n) != nil {
			return // which is YAML only with other line ends
		}
		for _, c := range parsedComments(&n) {
			if !bytes.Contains(out, []byte(c)) {
				t.Fatalf("comment %q is lost in\n%q\nof\n%q", c, out, text)
			}
		}
	})
}

// parsedComments returns the lines of the comments that the YAML parser attaches to
// nodes. It loses some.
func parsedComments(n *yaml.Node) (lines []string) {
	for _, text := range []string{n.HeadComment, n.LineComment, n.FootComment} {
		for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' || r == '\u0085' }) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	for _, c := range n.Content {
		lines = append(lines, parsedComments(c)...)
	}
	return lines
}
