// Package keys describes the keys of entente's own YAML and JSON: what each key
// holds, the shape of its value, and the order in which people write them.
//
// The parser of package loaders has functions that read the keys. A test compares
// its keys with this package, so that no key is without a description.
package keys

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Section is a kind of mapping in entente's own format.
type Section string

// The sections of the format.
const (
	Dataset  Section = "dataset"  // the mapping that is a whole file
	Defaults Section = "defaults" // the values for facts that lack them
	Entity   Section = "entity"
	Post     Section = "post" // a post under the key posts of a person
	Alias    Section = "alias"
	Source   Section = "source"
	Archived Section = "archived copy" // of a source
	Fact     Section = "fact"
	Evidence Section = "evidence"
)

// Sections lists the sections, outermost first.
func Sections() []Section {
	return []Section{Dataset, Defaults, Source, Archived, Entity, Alias, Post, Fact, Evidence}
}

// Shape is the shape of a value.
type Shape string

// The shapes of values. A text may also be written as a number.
const (
	Text       Shape = "text"
	Name       Shape = "name"      // a text of one line
	Texts      Shape = "texts"     // a text or a list of texts
	Reference  Shape = "reference" // the name or id of an entity
	References Shape = "references"
	FactKeys   Shape = "fact keys" // the key of a fact, or a list of keys
	Sentence   Shape = "sentence"
	Date       Shape = "date"
	Day        Shape = "day"
	Truth      Shape = "truth" // true or false
	Count      Shape = "count" // a whole number, 0 or more
	Share      Shape = "share" // a number above 0 and up to 1
	ID         Shape = "id"
	Address    Shape = "address"
	Copy       Shape = "copy"     // the address of an archived copy, or a mapping of the section Archived
	Language   Shape = "language" // a BCP 47 tag
	Path       Shape = "path"     // of a file, or an address; it is not read
	Digest     Shape = "digest"   // a SHA-256 in hexadecimal
	Aliases    Shape = "aliases"
	Order      Shape = "order" // of the numbers in dates
	Kind       Shape = "kind"
	Verb       Shape = "verb"
	Status     Shape = "status"
	Stance     Shape = "stance"
	Method     Shape = "method"
	Review     Shape = "review"   // pending, accepted or rejected
	About      Shape = "about"    // a mapping of texts
	Values     Shape = "defaults" // a mapping of the section Defaults
	Entities   Shape = "entities" // a list of entities
	Sources    Shape = "sources"
	Citation   Shape = "citation" // the key, id or title of a source, or a source
	Facts      Shape = "facts"
	Posts      Shape = "posts"
	Claims     Shape = "claims" // a mapping of evidence, or a list of such mappings
	Sets       Shape = "sets"   // the values of the keys of a file of verbs
	Roles      Shape = "roles"
	Verbs      Shape = "verbs"
	Widest     Shape = "widest"
	Codes      Shape = "codes"
)

// Key is a key of a section.
type Key struct {
	Name  string
	Shape Shape
	Note  string      // what the key holds, in sentences
	Of    schema.Kind // the kind of a list of entities; empty for other keys
}

// Of lists the keys of a section in the order in which people write them. A
// vocabulary has the roles of facts and the relations of entities.
func Of(v *schema.Vocabulary, s Section) []Key {
	switch s {
	case Dataset:
		return datasetKeys()
	case Defaults:
		return slices.Concat([]Key{{Name: "status", Shape: Status, Note: statusNote}, placeKey()}, evidenceKeys())
	case Source:
		return sourceKeys()
	case Archived:
		return archivedKeys()
	case Entity:
		return append(entityKeys(), relationKeys(v)...)
	case Alias:
		return aliasKeys()
	case Post:
		held := Key{Name: "post", Shape: Reference, Note: "The post that the person holds: its name or its id in angle brackets."}
		return append([]Key{held}, slices.DeleteFunc(factKeys(v), func(k Key) bool { return k.Name == "fact" || k.Name == "verb" })...)
	case Fact:
		return factKeys(v)
	case Evidence:
		return slices.Concat(evidenceKeys(), whenKeys(), []Key{placeKey()})
	}
	return nil
}

// relationKeys lists the relations that may be keys of an entity, at before its other
// name post-at.
func relationKeys(v *schema.Vocabulary) []Key {
	var all []Key
	for _, verb := range v.Verbs() {
		if d, _ := v.Lookup(verb); d.Kind == schema.Relation {
			all = append(all, Key{Name: string(verb), Shape: References, Note: relationNote(d)})
		}
		if verb == "post-at" {
			at := all[len(all)-1]
			at.Name = "at"
			all = append([]Key{at}, all...)
		}
	}
	return all
}

func relationNote(d *schema.Definition) string {
	note := "What the entity " + d.Phrases[0] + ": a name or a list of names. Each name makes an undated fact."
	if d.Note != "" {
		note += " The verb: " + sentence(d.Note)
	}
	return note
}

// roleKeys lists the roles of a vocabulary: those that facts of all verbs may have
// first.
func roleKeys(v *schema.Vocabulary) []Key {
	var common, special []Key
	for _, role := range v.Roles() {
		r, _ := v.Role(role)
		k := Key{Name: string(role), Shape: References, Note: roleNote(r)}
		switch {
		case slices.Contains([]schema.Role{schema.RoleActor, schema.RoleRecipient, schema.RoleParty, schema.RoleAt}, role):
		case r.Common:
			common = append(common, k)
		default:
			special = append(special, k)
		}
	}
	return append(common, special...)
}

func roleNote(r *schema.RoleDefinition) string {
	note := "A role of the vocabulary."
	if r.Note != "" {
		note = sentence(r.Note)
	}
	note += " A name or a list of names."
	if slices.Contains(r.Kinds, schema.KindFact) || len(r.Kinds) == 0 {
		note += " It may be the key of a fact."
	}
	return note
}

// sentence returns a text with a capital letter and a full stop.
func sentence(text string) string {
	if text[0] >= 'a' && text[0] <= 'z' {
		text = string(text[0]-'a'+'A') + text[1:]
	}
	if last := text[len(text)-1]; last != '.' {
		text += "."
	}
	return text
}
