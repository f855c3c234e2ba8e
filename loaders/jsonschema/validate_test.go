package jsonschema_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/jsonschema"
	"github.com/entente-kg/entente/schema"
)

// schemaText returns the text of a schema.
func schemaText(t testing.TB, of jsonschema.File, v *schema.Vocabulary) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jsonschema.Write(&b, of, v, "test"); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// compile compiles a schema.
func compile(t testing.TB, text []byte) *validator.Schema {
	t.Helper()
	s, err := compiled(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func compiled(text []byte) (*validator.Schema, error) {
	doc, err := validator.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	c := validator.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("schema.json")
}

// values returns the values in a text of YAML, JSON or JSON lines, as a validator
// expects them. It reports false if the text is not well-formed.
func values(name, text string) (all []any, ok bool) {
	switch filepath.Ext(name) {
	case ".jsonl":
		for line := range strings.Lines(text) {
			if strings.TrimSpace(line) == "" {
				continue
			}
			v, err := validator.UnmarshalJSON(strings.NewReader(line))
			if err != nil {
				return nil, false
			}
			all = append(all, v)
		}
		return all, true
	case ".json":
		v, err := validator.UnmarshalJSON(strings.NewReader(text))
		return []any{v}, err == nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil || len(doc.Content) != 1 {
		return nil, false
	}
	v, ok := fromYAML(doc.Content[0], 0)
	return []any{v}, ok
}

// fromYAML converts a node as an editor does: dates are texts.
func fromYAML(n *yaml.Node, depth int) (any, bool) {
	if depth > 100 {
		return nil, false
	}
	switch n.Kind {
	case yaml.AliasNode:
		return fromYAML(n.Alias, depth+1)
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			item, ok := fromYAML(c, depth+1)
			if !ok {
				return nil, false
			}
			list = append(list, item)
		}
		return list, true
	case yaml.MappingNode:
		object := make(map[string]any)
		for i := 0; i < len(n.Content); i += 2 {
			value, ok := fromYAML(n.Content[i+1], depth+1)
			if _, again := object[n.Content[i].Value]; !ok || again {
				return nil, false
			}
			object[n.Content[i].Value] = value
		}
		return object, true
	}
	switch n.Tag {
	case "!!null":
		return nil, true
	case "!!bool":
		return strings.EqualFold(n.Value, "true"), true
	case "!!int", "!!float":
		var number float64
		if err := n.Decode(&number); err != nil {
			return n.Value, true
		}
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value), true
		}
		return number, true
	}
	return n.Value, true
}

// problemsOf reads a file alone, as a graph does, and returns its errors. The options
// are nil, or have a mapping.
func problemsOf(in input, opts *loaders.Options) (all []error) {
	records := map[string]loaders.Loader{".yaml": loaders.YAML{Options: opts}, ".yml": loaders.YAML{Options: opts}, ".json": loaders.JSON{Options: opts},
		".jsonl": loaders.JSONLines{Options: opts}, ".csv": loaders.CSV{Options: opts}}
	name := "file" + filepath.Ext(in.name)
	for record, err := range records[filepath.Ext(in.name)].Load(context.Background(), name, strings.NewReader(in.text)) {
		if err == nil {
			err = checked(record)
		}
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// checked checks a record as graphs do.
func checked(record schema.Record) error {
	switch r := record.(type) {
	case schema.Entity:
		return schema.CheckEntity(r)
	case schema.Document:
		return errors.Join(schema.CheckEntity(r.Entity), schema.CheckDocument(r))
	}
	return nil
}
