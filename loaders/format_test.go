package loaders_test

import (
	"os"
	"regexp"
	"testing"
)

type block struct{ language, text string }

var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// manualExamples lists the examples of the manual's page on formats.
func manualExamples(t testing.TB) []block {
	t.Helper()
	page, err := os.ReadFile("../cmd/entente/manual/format.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []block
	for _, m := range fence.FindAllStringSubmatch(string(page), -1) {
		blocks = append(blocks, block{m[1], m[2]})
	}
	return blocks
}

func TestExamplesOfFormatLoad(t *testing.T) {
	count := make(map[string]int)
	for _, b := range manualExamples(t) {
		count[b.language]++
		t.Run(b.language, func(t *testing.T) {
			r := clean(t, read(t, "example."+b.language, b.text))
			if len(r.entities)+len(r.documents)+len(r.facts) == 0 {
				t.Error("the example says nothing")
			}
		})
	}
	for _, language := range []string{"yaml", "json", "jsonl", "csv"} {
		if count[language] == 0 {
			t.Errorf("no example in %s", language)
		}
	}
}
