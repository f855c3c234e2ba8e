package jsonschema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/keys"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// template matches a text with fields in braces, in which two braces stand for one.
const template = `^(?:[^{}]|\{\{|\}\}|\{ *(?:#row|#line|#file|#key(?:[?|/ [][^}]*)?|[^{}# ][^}]*) *\})*$`

const badTemplate = `A field stands in braces: "{First} {Last}". Write {{ or }} for a brace that is text.`

// The types of texts in a mapping.
var (
	anyText = types{"string", "number", "boolean"}
	scalars = append(slices.Clone(anyText), "null")
)

// mappingFile returns the schema of a mapping.
func mappingFile(v *schema.Vocabulary) (*node, error) {
	n := &node{Type: types{"object"}, OtherKeys: nothing()}
	var err error
	if n.Keys, err = languageKeys("mapping"); err != nil {
		return nil, err
	}
	for _, key := range []string{"facts", "entities", "sources"} {
		n.Any = append(n.Any, &node{Required: []string{key}})
	}
	n.Title = "Mapping of entente"
	n.Description = "Says what the fields of a file mean, so that entente load FILE --map MAPPING reads it. entente help mapping explains it."
	n.Definitions, err = mappingDefinitions(v)
	return n, err
}

// languageKeys returns the keys of a section of the language of mappings.
func languageKeys(section string) (members, error) {
	var all members
	for _, k := range mapping.Keys() {
		if k.In != section {
			continue
		}
		n := languageKey(k)
		if n == nil {
			return nil, fmt.Errorf("the key %s of a %s has no schema", k.Name, k.In)
		}
		all = append(all, member{k.Name, n.described(k.Note)})
	}
	return all, nil
}

// languageKey returns the schema of the value of a key of the language; nil for an
// unknown key.
func languageKey(k mapping.Key) *node {
	text := &node{Type: anyText}
	list := text.orListOf(text)
	switch k.Name {
	case "rows":
		return &node{Type: anyText, All: []*node{notText(`^[.][.]/`, "The path of rows begins at the document.")}}
	case "columns", "split":
		return list
	case "separator":
		return &node{Type: anyText, Pattern: "^(?:[^\"\n\r]|tab|\\\\t)$", PatternError: "One character, or tab."}
	case "skip":
		return &node{Type: types{"integer", "string"}, Minimum: integer(0), Pattern: `^(?:[+]?[0-9]+|-0+)$`, PatternError: "A whole number, 0 or more."}
	case "digits":
		return &node{Type: types{"integer", "string"}, Pattern: `^[23]$`, Minimum: integer(2), PatternError: "2 or 3."}
	case "dates":
		return orderNode()
	case "about":
		return &node{Type: types{"object"}, Keys: aboutTexts(text), OtherKeys: text}
	case "if", "unless":
		return ref("condition")
	case "lookups":
		return &node{Type: types{"object"}, OtherKeys: ref("table")}
	case "defaults":
		return ref("fact")
	case "entities":
		return &node{Type: types{"object", "array"}, Items: ref("entity-item"), If: has("kind", anything()), Then: ref("entity-item"),
			Else: &node{OtherKeys: ref("entity-item")}}
	case "sources", "facts":
		item := ref(k.Name[:len(k.Name)-1] + "-item")
		return &node{Type: types{"object", "array"}, Items: item, If: isMapping(), Then: item}
	case "each":
		return &node{Type: append([]string{"object"}, anyText...), If: isMapping(), Then: computedOr("computed")}
	case "from", "cameo", "plover", "default":
		return ref("value")
	case "first":
		return &node{Type: types{"array"}, Items: ref("value")}
	case "match", "as", "join":
		return text
	case "lookup":
		return &node{Type: append([]string{"object"}, anyText...), If: isMapping(), Then: ref("table")}
	case "case":
		return enum([]word{{"lower", "In lower case."}, {"upper", "In upper case."}, {"title", "Each word with a capital letter."}})
	}
	return nil
}

func aboutTexts(text *node) (all members) {
	for _, m := range aboutKeys() {
		all = append(all, member{m.name, text.described(m.node.Description)})
	}
	return all
}

// mappingDefinitions returns the definitions of values, conditions and items.
func mappingDefinitions(v *schema.Vocabulary) (members, error) {
	computed, err := languageKeys("value")
	if err != nil {
		return nil, err
	}
	inItem, err := languageKeys("item")
	if err != nil {
		return nil, err
	}
	w := wordsOf(v)
	plainValue := &node{Type: scalars, Pattern: template, PatternError: badTemplate}
	all := members{
		{"condition", condition()},
		{"table", &node{Type: types{"object"}, OtherKeys: &node{Type: scalars}}},
		{"reference", oneField()},
		{"value", value(plainValue, "value", computedOr("computed"))},
		{"computed", computedValue(computed, "value", nil)},
	}
	for _, word := range []struct {
		name string
		node *node
	}{
		{"verb", verbNode(w)},
		{"kind", choice("kind", kinds(), oneOf(kindTexts()))},
		{"status", choice("status", statuses(), oneOf(texts(statuses())))},
		{"stance", choice("stance", stances(), oneOf(texts(stances())))},
		{"method", choice("method", methods(), oneOf(texts(methods())))},
		{"review", choice("review", reviews(), oneOf(texts(reviews())))},
	} {
		word.node.Any = append(word.node.Any, &node{Pattern: "[{]"})
		word.node.Pattern, word.node.PatternError = template, badTemplate
		all = append(all,
			member{word.name + "-value", value(word.node, word.name+"-value", computedOr(word.name+"-computed"))},
			member{word.name + "-computed", computedValue(computed, word.name+"-value", word.node)})
	}
	for _, s := range []keys.Section{keys.Source, keys.Archived, keys.Evidence, keys.Alias, keys.Post} {
		name := definitionOf(s)
		all = append(all, member{name + "-value", value(plainValue, name+"-value", nestedOr(name, computed))}, member{name, mappedSection(v, s)})
	}
	for _, s := range []keys.Section{keys.Entity, keys.Source, keys.Fact} {
		item := mappedSection(v, s)
		if s != keys.Source {
			all = append(all, member{string(s), mappedSection(v, s)})
		}
		item.Keys = append(slices.Clone(inItem), item.Keys...)
		all = append(all, member{string(s) + "-item", item})
	}
	return all, nil
}

// definitionOf returns the name of the definition of a section.
func definitionOf(s keys.Section) string { return strings.ReplaceAll(string(s), " ", "-") }

// mappedSection returns the schema of a mapping with the keys of a section of
// entente's own format, whose values are made from a row.
func mappedSection(v *schema.Vocabulary, s keys.Section) *node {
	n := &node{Type: types{"object"}, OtherKeys: nothing()}
	for _, k := range keys.Of(v, s) {
		n.Keys = append(n.Keys, member{k.Name, mappedKey(s, k).described(k.Note)})
	}
	return n
}

func mappedKey(s keys.Section, k keys.Key) *node {
	switch k.Shape {
	case keys.Verb, keys.Kind, keys.Status, keys.Stance, keys.Method, keys.Review:
		return ref(string(k.Shape) + "-value")
	case keys.Citation:
		return ref("source-value")
	case keys.Copy:
		return ref(definitionOf(keys.Archived) + "-value")
	case keys.Claims:
		return ref("evidence-value")
	case keys.Aliases:
		return ref("alias-value")
	case keys.Posts:
		return ref("post-value")
	}
	return ref("value")
}

// value returns the schema of a value: a text with fields, a list of values, or a
// mapping. Its definition has the name.
func value(text *node, name string, whole *node) *node {
	n := text.orList(name)
	n.Type = append(n.Type, "object")
	n.If, n.Then = isMapping(), whole
	return n
}

// oneField is a field without quotes, {Who}, which YAML reads as a mapping.
func oneField() *node {
	return &node{Type: types{"object"}, MinKeys: 1, MaxKeys: 1, OtherKeys: &node{Type: types{"null"}}}
}

// computedOr is a field without quotes, or a computed value.
func computedOr(computed string) *node {
	return &node{If: ref("reference"), Else: ref(computed)}
}

// nestedOr is a field without quotes, a computed value, or a mapping with the keys of
// a section.
func nestedOr(section string, computed members) *node {
	n := &node{}
	for _, k := range computed {
		if k.name != "if" && k.name != "unless" {
			n.Any = append(n.Any, &node{Required: []string{k.name}})
		}
	}
	return &node{If: ref("reference"), Else: &node{If: n, Then: ref("computed"), Else: ref(section)}}
}

// computedValue returns the schema of a computed value. The default has a definition,
// and the word is the schema of the texts in tables; nil if they may be any text.
func computedValue(computed members, fallback string, word *node) *node {
	n := &node{Type: types{"object"}, OtherKeys: nothing()}
	for _, key := range []string{"from", "first", "cameo", "plover"} {
		n.One = append(n.One, &node{Required: []string{key}})
	}
	for _, k := range computed {
		switch {
		case k.name == "default":
			k.node = ref(fallback).described(k.node.Description)
		case k.name == "lookup" && word != nil:
			table := &node{Type: types{"object"}, OtherKeys: word}
			k.node = (&node{Type: k.node.Type, If: isMapping(), Then: table}).described(k.node.Description)
		}
		n.Keys = append(n.Keys, k)
	}
	return n
}

// condition returns the schema of a condition: a field, a mapping of fields to what
// they must be, or a list of both.
func condition() *node {
	text := &node{Type: anyText}
	demand := text.orListOf(text)
	demand.Type = append(demand.Type, "null")
	one := &node{Type: types{"string", "object"}, Pattern: "^[{]", PatternError: `Write {Column: value}, or "{Column}".`, OtherKeys: demand}
	return one.orListOf(one)
}

// orListOf returns the schema of a value, or of a list of values.
func (n *node) orListOf(items *node) *node {
	fresh := *n
	fresh.Type, fresh.Items = append([]string{"array"}, n.Type...), items
	return &fresh
}
