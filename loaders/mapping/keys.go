package mapping

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Key is a key that a mapping may have.
type Key struct {
	In    string // the section: see [Keys]
	Name  string
	Value string // the shape of its value, in words
}

// The sections of [Keys].
const (
	inMapping = "mapping"
	inItem    = "item"
	inValue   = "value"
)

// Keys lists the keys of the language: keys of the whole mapping, keys of each entity,
// source and fact besides the keys of entente's own format, and keys of a computed
// value.
func Keys() []Key {
	return []Key{
		{inMapping, "rows", "a path"},
		{inMapping, "columns", "a list of names"},
		{inMapping, "separator", "a character"},
		{inMapping, "skip", "a number of lines"},
		{inMapping, "dates", "dmy or mdy"},
		{inMapping, "about", "a mapping of texts"},
		{inMapping, "if", "a condition"},
		{inMapping, "unless", "a condition"},
		{inMapping, "lookups", "a mapping of names to tables"},
		{inMapping, "defaults", "keys of a fact"},
		{inMapping, "entities", "an entity, a list of entities, or a mapping of names to entities"},
		{inMapping, "sources", "a source or a list of sources"},
		{inMapping, "facts", "a fact or a list of facts"},

		{inItem, "each", "a path, or a value with split"},
		{inItem, "if", "a condition"},
		{inItem, "unless", "a condition"},

		{inValue, "from", "a text or a list of texts"},
		{inValue, "first", "a list of values"},
		{inValue, "cameo", "a code, or the column of the codes"},
		{inValue, "plover", "a type, or the column of the types"},
		{inValue, "match", "a regular expression"},
		{inValue, "as", "a text with $1 for the first group of match"},
		{inValue, "split", "a separator, or a list of separators"},
		{inValue, "lookup", "a table, or the name of a table"},
		{inValue, "case", "lower, upper or title"},
		{inValue, "join", "a separator"},
		{inValue, "default", "a text"},
		{inValue, "if", "a condition"},
		{inValue, "unless", "a condition"},
	}
}

// keysIn lists the names of the keys of a section, sorted.
func keysIn(section string) (names []string) {
	for _, k := range Keys() {
		if k.In == section {
			names = append(names, k.Name)
		}
	}
	slices.Sort(names)
	return names
}

func isKeyIn(section, name string) bool {
	return slices.ContainsFunc(Keys(), func(k Key) bool { return k.In == section && k.Name == name })
}

// The sections of entente's own format, which [Format] lists the keys of.
const (
	Entity   = "entity"
	Source   = "source"
	Fact     = "fact"
	Evidence = "evidence"
	Archived = "archived copy"
	Alias    = "alias"
	Post     = "post"
)

// nested returns the section of the mappings that a key of a section may hold.
func nested(section, key string) string {
	switch {
	case key == "source" && section != Source:
		return Source
	case key == "evidence" && section == Fact:
		return Evidence
	case key == "archived" && section == Source:
		return Archived
	case key == "aliases":
		return Alias
	case key == "posts" && section == Entity:
		return Post
	}
	return ""
}

// Format is what [Mapping.Check] must know of entente's own format.
type Format struct {
	Keys map[string][]string          // the keys of each section, sorted
	Word func(key, word string) error // checks a constant that is the value of a key
	Code func(system, code string) (schema.Coded, error)
	Verb func(phrase string) bool // reports whether a phrase is a verb
}
