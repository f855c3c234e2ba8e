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
	Note  string // what it does, in sentences
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
		{inMapping, "rows", "a path", "Where the rows are: names separated by slashes, such as data/visits or //trip. Without it, rows are the rows of a table, the lines of JSON lines, or the items of a list."},
		{inMapping, "columns", "a list of names", "The names of the columns of a table without a header. An empty name is a column that is not read; a question mark after the last names says that rows may lack them."},
		{inMapping, "separator", "a character", "The character between columns, or tab. Without it: the most frequent of comma, semicolon and tab."},
		{inMapping, "skip", "a number of lines", "The number of lines before the header of a table."},
		{inMapping, "dates", "dmy or mdy", "The order of the numbers in dates such as 03/04/2015: dmy or mdy."},
		{inMapping, "about", "a mapping of texts", "Texts about the dataset: title, license, or any other key."},
		{inMapping, "if", "a condition", "Only rows for which the condition holds make records."},
		{inMapping, "unless", "a condition", "Rows for which the condition holds make no records."},
		{inMapping, "lookups", "a mapping of names to tables", "Tables of texts to other texts, by name, for the key lookup of values."},
		{inMapping, "defaults", "keys of a fact", "Keys of facts, for all facts that lack them."},
		{inMapping, "entities", "an entity, a list of entities, or a mapping of names to entities", "The entities that a row makes. A name of this mapping stands for the entity in the other items."},
		{inMapping, "sources", "a source or a list of sources", "The sources that a row makes."},
		{inMapping, "facts", "a fact or a list of facts", "The facts that a row makes."},

		{inItem, "each", "a path, or a value with split", "A path or a value: the item is made for each node at the path, or for each text of the value."},
		{inItem, "if", "a condition", "The item is made only if the condition holds."},
		{inItem, "unless", "a condition", "The item is not made if the condition holds."},

		{inValue, "from", "a text or a list of texts", "The text to begin with. Braces insert a field: \"{First} {Last}\"."},
		{inValue, "first", "a list of values", "In place of from: of these values the first that is there."},
		{inValue, "cameo", "a code, or the column of the codes", "In place of from: a code of CAMEO, or the column of the codes, which becomes a verb and a status."},
		{inValue, "digits", "2 or 3", "The digits that a code of CAMEO has at least, where a spreadsheet removed leading zeros: 3, or 2 for roots."},
		{inValue, "plover", "a type, or the column of the types", "In place of from: a type of PLOVER, or the column of the types, which becomes a verb and a status."},
		{inValue, "match", "a regular expression", "A regular expression (RE2): the value is what its first group matches. A text that it does not match has no value."},
		{inValue, "as", "a text with $1 for the first group of match", "What the value is after match: $1 stands for the first group."},
		{inValue, "split", "a separator, or a list of separators", "What separates several values in one text."},
		{inValue, "lookup", "a table, or the name of a table", "A table of texts to other texts, or the name of a table under lookups. The tables countries and country-kinds are always there."},
		{inValue, "case", "lower, upper or title", "Writes the text in lower, upper or title case."},
		{inValue, "join", "a separator", "Joins several values to one text, with this text between them."},
		{inValue, "default", "a text", "The value where there is none."},
		{inValue, "if", "a condition", "There is a value only if the condition holds."},
		{inValue, "unless", "a condition", "There is no value if the condition holds."},
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

	// Mention is an entity with an id to which a row refers, and a name. It is declared
	// only if the dataset does not declare the id otherwise.
	Mention = "mention"
	// AnyMention is a mention of an id whose kind the row does not say. The entity has the
	// kind of the mention only if no entity of any kind has the id.
	AnyMention = "mention of any kind"
)

// IfKnown is the beginning of a participant "<key?KEY>": the fact with a key, or nothing
// if the dataset has no such fact.
const IfKnown = "<key?"

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

	// Definition returns the verb of a phrase.
	Definition func(phrase string) (*schema.Definition, bool)
}
