package mapping

import (
	"fmt"
	"maps"
	"slices"

	"github.com/entente-kg/entente/schema"
	"gopkg.in/yaml.v3"
)

// found replaces texts by what a table has for them. A text that it lacks is an error
// without a default; these texts, and those for verbs, are counted.
func (e *computed) found(c *context, values []Value) (out []Value, err error) {
	for _, v := range values {
		text, ok := e.lookup.find(v.Text)
		if !ok {
			if e.fallback == nil || c.key == "verb" {
				c.run.unknown(v)
			}
			if e.fallback == nil {
				return nil, c.failAt(v, notInLookup{v.Text, c.key})
			}
			continue
		}
		if v.Text, v.isSaid = text, true; text != "" {
			out = append(out, v)
		}
	}
	return out, nil
}

// notInLookup is the error of a text that a table lacks.
type notInLookup struct{ text, key string }

func (e notInLookup) Error() string { return fmt.Sprintf("not in the lookup: %q", e.text) }

// Hint returns advice.
func (e notInLookup) Hint() string {
	if e.key == "verb" {
		return "add it to the table, with its verb (entente verbs WORD finds verbs), or add a default"
	}
	return "add it to the table, or add a default"
}

// ProblemKind returns [schema.UnknownVerb] for a verb, and else [schema.UnknownWord].
func (e notInLookup) ProblemKind() schema.ProblemKind {
	if e.key == "verb" {
		return schema.UnknownVerb
	}
	return schema.UnknownWord
}

// table replaces texts.
type table struct{ exact, folded map[string]string }

func (c *compiler) table(n *yaml.Node) (*table, error) {
	t := &table{make(map[string]string), make(map[string]string)}
	return t, c.pairs(n, "a table of texts", func(key, value *yaml.Node) error {
		text, err := "", error(nil)
		if !isNull(value) {
			text, err = c.text(value, "a text")
		}
		t.exact[key.Value], t.folded[schema.Fold(key.Value)] = text, text
		if text != "" {
			c.mapping.words = append(c.mapping.words, wordUse{"", text, c.position(value)})
		}
		return err
	})
}

// lookup reads a table, or the name of one.
func (c *compiler) lookup(n *yaml.Node) (*table, error) {
	if n.Kind == yaml.MappingNode {
		return c.table(n)
	}
	name, err := c.text(n, "a table, or the name of a table")
	if err != nil {
		return nil, err
	}
	if t, ok := c.mapping.lookups[name]; ok {
		return t, nil
	}
	if t := knownTable(name); t != nil {
		return t, nil
	}
	known := slices.AppendSeq(knownTables(), maps.Keys(c.mapping.lookups))
	slices.Sort(known)
	return nil, c.unknown(n, "lookup", known)
}

// find returns what stands for a text; upper and lower case make no difference.
func (t *table) find(text string) (string, bool) {
	if found, ok := t.exact[text]; ok {
		return found, true
	}
	found, ok := t.folded[schema.Fold(text)]
	return found, ok
}
