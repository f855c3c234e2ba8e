package format_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/format"
	"github.com/rogpeppe/go-internal/txtar"
)

func ExampleYAML() {
	text := `
facts:
  # The visit
  - {when: "2023-07-12", fact: Xie Feng visited the Pentagon} # on a Wednesday
  - fact: Xie Feng met Ely Ratner
    when: 2021
people: [Xie Feng, Ely Ratner]
`
	out, err := format.YAML("talks.yaml", []byte(text))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(out))
	// Output:
	// people:
	//   - Ely Ratner
	//   - Xie Feng
	//
	// facts:
	//   # The visit
	//   - fact: Xie Feng visited the Pentagon  # on a Wednesday
	//     when: 2023-07-12
	//
	//   - fact: Xie Feng met Ely Ratner
	//     when: 2021
}

// The cases in testdata/forms.txt are texts and their canonical forms.
func TestForms(t *testing.T) {
	data, err := os.ReadFile("testdata/forms.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split(string(data), "=== ")[1:]
	if len(cases) < 20 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		title, rest, _ := strings.Cut(c, "\n")
		text, want, _ := strings.Cut(rest, "---->\n")
		t.Run(title, func(t *testing.T) {
			got, err := format.YAML("x.yaml", []byte(strings.ReplaceAll(text, "␍", "\r")))
			if err != nil {
				got = []byte("error: " + err.Error() + "\n")
			}
			if string(got) != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// All YAML of the examples, the tests and the manual is formatted without an error.
func TestFilesOfThisRepository(t *testing.T) {
	seen := 0
	expected := regexp.MustCompile("none of their keys|want a mapping|is empty|tags are not supported|duplicate key|a second YAML|nested deeper|a key that is not text|not YAML")
	check := func(name, text string) {
		seen++
		out, err := format.YAML(name, []byte(text))
		if err != nil {
			if !expected.MatchString(err.Error()) {
				t.Errorf("%s: %v", name, err)
			}
			return
		}
		again, err := format.YAML(name, out)
		if err != nil || string(again) != string(out) {
			t.Errorf("%s: %v: formatted twice\n%s\nis not as formatted once\n%s", name, err, again, out)
		}
		if a, b := dataOf(t, text), dataOf(t, string(out)); a != b {
			t.Errorf("%s: other data", name)
		}
	}
	for _, pattern := range []string{"../../examples/*/*.yaml", "../../schema/*.yaml", "../../graph/export/testdata/*/*.yaml", "../testdata/*.yaml"} {
		files, _ := filepath.Glob(pattern)
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			check(name, string(text))
		}
	}
	scripts, _ := filepath.Glob("../../cmd/entente/testdata/script/*.txtar")
	for _, name := range scripts {
		script, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range script.Files {
			if strings.HasSuffix(f.Name, ".yaml") && isYAML(string(f.Data)) {
				check(name+" "+f.Name, string(f.Data))
			}
		}
	}
	fence := regexp.MustCompile("(?s)\n```yaml\n(.*?)\n```")
	for _, page := range []string{"format", "mapping", "verbs"} {
		text, err := os.ReadFile("../../cmd/entente/manual/" + page + ".md")
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range fence.FindAllStringSubmatch(string(text), -1) {
			check(fmt.Sprintf("%s.md, example %d", page, i), m[1])
		}
	}
	if seen < 150 {
		t.Errorf("only %d files", seen)
	}
	t.Logf("%d files", seen)
}
