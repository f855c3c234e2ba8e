package loaders_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/mapping"
)

// loadMapped reads a file by a mapping.
func loadMapped(t testing.TB, name, data, text string) result {
	t.Helper()
	m, err := mapping.Parse("mapping.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return loadMappedBy(t, name, data, m)
}

// Each mapping of the manual's page loads the file before it, and makes the facts
// that are listed after it. Together they use each key of the language.
func TestExamplesOfMapping(t *testing.T) {
	page, err := os.ReadFile("../cmd/entente/manual/mapping.md")
	if err != nil {
		t.Fatal(err)
	}
	var data block
	var facts []string
	mappings := 0
	used := ""
	fences := fence.FindAllStringSubmatch(string(page), -1)
	for i, m := range fences {
		b := block{m[1], m[2]}
		isData := i+1 < len(fences) && fences[i+1][1] == "yaml" // YAML before a mapping is the file
		switch {
		case b.language == "yaml" && !isData:
			mappings++
			used += b.text
			r := clean(t, loadMapped(t, "example."+data.language, data.text, b.text))
			facts = nil
			for _, f := range r.facts {
				facts = append(facts, f.String())
			}
			if len(facts) == 0 {
				t.Errorf("no facts from\n%s", b.text)
			}
		case b.language == "text":
			if want := strings.Split(strings.TrimSpace(b.text), "\n"); !slices.Equal(sorted(facts), sorted(want)) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(facts, "\n"), b.text)
			}
		default:
			data = b
		}
	}
	for _, k := range mapping.Keys() {
		if !regexp.MustCompile(`(?m)(^|[\s{,-])` + k.Name + `:`).MatchString(used) {
			t.Errorf("no example uses the key %s", k.Name)
		}
		if !regexp.MustCompile("`\\{?" + k.Name + "[:`]").Match(page) {
			t.Errorf("the page does not explain the key %s", k.Name)
		}
	}
	if mappings < 7 {
		t.Errorf("only %d mappings", mappings)
	}
}

func sorted(lines []string) []string {
	return slices.Sorted(slices.Values(lines))
}
