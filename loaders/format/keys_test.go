package format_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/format"
	"github.com/entente-kg/entente/loaders/keys"
	"github.com/entente-kg/entente/schema"
	"gopkg.in/yaml.v3"
)

// places are files in which the mapping of a section stands at the percent sign.
var places = map[keys.Section]string{
	keys.Dataset: "%", keys.Defaults: "defaults: {%}", keys.Entity: "people: [{%}]", keys.Post: "people: [{name: A, posts: [{%}]}]",
	keys.Alias: "people: [{name: A, aliases: [{%}]}]", keys.Source: "sources: [{%}]", keys.Archived: "sources: [{archived: {%}}]",
	keys.Fact: "facts: [{%}]", keys.Evidence: "facts: [{evidence: [{%}]}]",
}

// The keys of each section are put in the order of package keys, lists of mappings
// last.
func TestKeysHaveTheirOrder(t *testing.T) {
	for _, section := range keys.Sections() {
		var written, want, last []string
		for _, k := range keys.Of(schema.DefaultVocabulary(), section) {
			written = append(written, k.Name+": []")
			if k.Shape == keys.Posts || k.Shape == keys.Claims {
				last = append(last, k.Name)
			} else {
				want = append(want, k.Name)
			}
		}
		slices.Reverse(written)
		separator := ", "
		if section == keys.Dataset {
			separator = "\n"
		}
		text := strings.Replace(places[section], "%", strings.Join(written, separator), 1)
		out, err := format.YAML("x.yaml", []byte(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var n yaml.Node
		if err := yaml.Unmarshal(out, &n); err != nil {
			t.Fatal(err)
		}
		var got []string
		for at := innermost(n.Content[0]); len(at.Content) > len(got)*2; {
			got = append(got, at.Content[len(got)*2].Value)
		}
		if want = append(want, last...); !slices.Equal(got, want) {
			t.Errorf("%s: keys\n%q, want\n%q", section, got, want)
		}
	}
}

// innermost returns the mapping or list that has no mapping or list with content.
func innermost(n *yaml.Node) *yaml.Node {
	for _, c := range n.Content {
		if len(c.Content) > 0 {
			return innermost(c)
		}
	}
	return n
}
