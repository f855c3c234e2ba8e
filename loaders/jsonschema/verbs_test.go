package jsonschema_test

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/jsonschema"
	"github.com/entente-kg/entente/schema"
)

// The keys of the schema of files of verbs are those that the parser reads: it accepts
// each of them, and has no others in its source.
func TestKeysOfVerbs(t *testing.T) {
	t.Parallel()
	var root struct {
		Properties  map[string]any
		Definitions map[string]struct{ Properties map[string]any }
	}
	if err := json.Unmarshal(schemaText(t, jsonschema.Verbs, schema.DefaultVocabulary()), &root); err != nil {
		t.Fatal(err)
	}
	described := slices.Collect(maps.Keys(root.Properties))
	for section, before := range map[string]string{"role": "roles: [{%: x}]", "edge": "roles: [{edges: [{%: x}]}]", "state": "verbs: [{state: {%: x}}]",
		"verb-entry": "verbs: [{%: x}]", "widening": "verbs: [{%: x, widens: met}]"} {
		for key := range root.Definitions[section].Properties {
			described = append(described, key)
			if _, err := schema.DefaultVocabulary().Extend("v.yaml", []byte(strings.Replace(before, "%", key, 1))); err != nil && strings.Contains(err.Error(), "unknown key") {
				t.Errorf("%s of a %s: %v", key, section, err)
			}
		}
		if len(root.Definitions[section].Properties) < 2 {
			t.Errorf("a %s has no keys", section)
		}
	}
	read := make(map[string]bool)
	sources, err := each("schema/vocabulary*.go", whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range sources {
		for _, call := range regexp.MustCompile(`(?s)(?:p\.mapping\(\w+, |fields = )fields\{(.*?)\}\)?\n`).FindAllStringSubmatch(in.text, -1) {
			for _, m := range regexp.MustCompile(`"([a-z-]+)": `).FindAllStringSubmatch(call[1], -1) {
				read[m[1]] = true
			}
		}
	}
	slices.Sort(described)
	if got := slices.Sorted(maps.Keys(read)); !slices.Equal(got, slices.Compact(described)) || len(got) < 30 {
		t.Errorf("package schema reads\n%q, and described are\n%q", got, slices.Compact(described))
	}
}

// Every example of the manual, the README and the folder of examples is valid.
func TestExamplesAreValid(t *testing.T) {
	t.Parallel()
	all, count := compileAll(t), 0
	for _, in := range corpus(t) {
		values, ok := values(in.name, in.text)
		isDocs := strings.HasPrefix(in.place, "cmd/entente/manual/") || strings.HasPrefix(in.place, "README.md") || strings.HasPrefix(in.place, "examples/")
		if !isDocs {
			continue
		}
		of := exampleOf(in, values)
		if of == "" {
			continue
		}
		count++
		if err := all.validate(of, values); err != nil || !ok {
			t.Errorf("%s as %s: %v\n%s", in.place, of, err, in.text)
		}
	}
	if t.Logf("%d examples", count); count < 20 {
		t.Errorf("only %d examples", count)
	}
}

// exampleOf returns the kind of file of an example; empty for data that a mapping reads.
func exampleOf(in input, values []any) jsonschema.File {
	first, _ := values[0].(map[string]any)
	switch {
	case first["facts"] != nil && first["verbs"] != nil && strings.Contains(in.place, "format.md"):
		return jsonschema.Dataset
	case first["verbs"] != nil || first["codes"] != nil || first["sets"] != nil:
		return jsonschema.Verbs
	case strings.HasPrefix(in.place, "examples/mappings/"), strings.Contains(in.place, "mapping.md") && (first["facts"] != nil || first["entities"] != nil):
		return jsonschema.Mapping
	case strings.Contains(in.place, "mapping.md"), strings.HasPrefix(in.place, "examples/formats/"): // of other programs
		return ""
	}
	return fileOf(in, values)
}

func TestSchemasAreTheSameEachTime(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../schema/vocabulary.yaml")
	if err != nil {
		t.Fatal(err)
	}
	again, err := schema.ParseVocabulary("vocabulary.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []jsonschema.File{jsonschema.Dataset, jsonschema.Records, jsonschema.Mapping} {
		if a, b := schemaText(t, of, schema.DefaultVocabulary()), schemaText(t, of, again); len(a) == 0 || string(a) != string(b) {
			t.Errorf("%s differs between equal vocabularies", of)
		}
	}
}
