package jsonschema

import (
	"slices"

	"github.com/entente-kg/entente/loaders/keys"
	"github.com/entente-kg/entente/schema"
)

// notes matches the keys that the parser leaves out, in every mapping.
func notes() members {
	return members{{"^_", anything().described("A note: entente leaves out every key that begins with an underscore.")}}
}

// section returns the schema of a mapping with the keys of a section.
func section(v *schema.Vocabulary, s keys.Section) *node {
	n := &node{Type: types{"object"}, KeysLike: notes(), OtherKeys: nothing()}
	for _, k := range keys.Of(v, s) {
		n.Keys = append(n.Keys, member{k.Name, keyNode(v, s, k).described(k.Note)})
	}
	return n
}

// keyNode returns the schema of the value of a key.
func keyNode(v *schema.Vocabulary, s keys.Section, k keys.Key) *node {
	switch {
	case k.Shape == keys.ID && s == keys.Source:
		return idNode(schema.Doc)
	case k.Shape == keys.Language && s == keys.Alias:
		return ref("text") // which is checked only beside a name
	case k.Shape == keys.ID:
		return idNode(entityKinds()...)
	case k.Shape == keys.Kind && s == keys.Source:
		return ref("document-kind")
	case k.Shape == keys.Kind && s == keys.Entity:
		return ref("entity-kind")
	case slices.Contains(verbsShapes(), k.Shape):
		n := *vocabularyShape(string(k.Shape))
		n.Type = append(types{"null"}, n.Type...)
		return &n
	case k.Shape == keys.References || k.Shape == keys.Reference:
		return referenceNode(k, kindsOf(v, s, k.Name))
	}
	return shapeNode(k)
}

// referenceNode returns the schema of names of entities of some kinds; of all kinds if
// there are none.
func referenceNode(k keys.Key, kinds []schema.Kind) *node {
	if len(kinds) == 0 {
		return shapeNode(k)
	}
	n := reference(kinds)
	if k.Shape == keys.References {
		n.Type, n.Items = append(types{"array"}, n.Type...), reference(kinds)
	}
	return n
}

// kindsOf lists the kinds of entities that a key may name; none if the verb of the fact
// decides.
func kindsOf(v *schema.Vocabulary, s keys.Section, key string) []schema.Kind {
	if s == keys.Entity {
		if key == "country" {
			return []schema.Kind{schema.Country}
		}
		if key == "at" {
			key = "post-at"
		}
		if d, ok := v.Lookup(schema.Verb(key)); ok {
			return d.Object
		}
	}
	if key == "said-by" || key == "via" {
		return []schema.Kind{schema.Person, schema.Post, schema.Institution, schema.Country, schema.Group, schema.Doc}
	}
	if r, ok := v.Role(schema.Role(key)); ok {
		return r.Kinds
	}
	return nil
}

// entityKinds lists the kinds of entities that are not declared under sources.
func entityKinds() []schema.Kind {
	return slices.DeleteFunc(schema.Kinds(), func(k schema.Kind) bool { return k == schema.Doc })
}

// kindChoice returns the schema of a kind that is one of some kinds.
func kindChoice(of ...schema.Kind) *node {
	var known []word
	var all []string
	for _, k := range kinds() {
		if slices.Contains(of, schema.Kind(k.text)) {
			known, all = append(known, k), append(all, k.text, schema.Kind(k.text).Prefix())
		}
	}
	return choice("kind", known, oneOf(all))
}

// sections returns the definitions of entities, sources, facts and what they contain.
func sections(v *schema.Vocabulary, w vocabularyWords) members {
	alias := section(v, keys.Alias)
	alias.Type = append(slices.Clone(scalar), "object")
	alias.Pattern, alias.PatternError = oneLine, "A name of one line, without control characters."
	alias.All = []*node{{If: has("value", filled()), Then: &node{Keys: members{{"lang", shapeNode(keys.Key{Shape: keys.Language})}}}}}
	claim := section(v, keys.Evidence)
	claim.All = append(oneDate(), wholeQuote())
	return members{
		{"entity-kind", kindChoice(entityKinds()...)},
		{"document-kind", kindChoice(schema.Doc)},
		{"alias", alias},
		{"aliases", alias.orList("alias")},
		{"defaults", section(v, keys.Defaults)},
		{"copy", archivedCopy(v)},
		{"source", source(v)},
		{"sources", listOf(item("name", "A title is missing.", ref("source")))},
		{"citation", &node{Type: append([]string{"object"}, scalar...), Pattern: printable, If: isMapping(), Then: ref("source")}},
		{"entity", entity(v)},
		{"posts", listOf(item("reference", "The name of a post is missing.", ref("post")))},
		{"post", post(v)},
		{"fact", fact(v, w)},
		{"facts", listOf(item("sentence", "A sentence is missing.", ref("fact")))},
		{"claim", claim},
		{"claims", &node{Type: types{"object", "array", "null"}, Items: &node{Type: types{"object"}, If: isMapping(), Then: ref("claim")}, If: isMapping(), Then: ref("claim")}},
	}
}

// listOf returns the schema of a list, which may be missing.
func listOf(items *node) *node { return &node{Type: types{"array", "null"}, Items: items} }

// item returns the schema of an item of a list: a text, which must have a value, or a
// mapping.
func item(text, message string, whole *node) *node {
	return &node{Type: types{"object", "string", "number"}, Pattern: mayHaveValue, PatternError: message,
		If: isMapping(), Then: whole, Else: ref(text)}
}

// isMapping is the condition that a value is a mapping.
func isMapping() *node { return &node{Type: types{"object"}} }

// has is the condition that a mapping has a key whose value fulfils a condition.
func has(key string, value *node) *node {
	return &node{Type: types{"object"}, Required: []string{key}, Keys: members{{key, value}}}
}

// filled is the condition that a text has a value.
func filled() *node { return &node{Type: filledText, Pattern: hasValue} }

// present is the schema of a text that must have a value.
func present(message string) *node {
	return &node{Type: filledText, Pattern: mayHaveValue, PatternError: message}
}

// excluded is the schema of a text that must have no value, and the message if it has
// one.
func excluded(message string) *node {
	return &node{Type: types{"string", "null"}, Error: message, Pattern: "^[^!-~]*$", PatternError: message}
}

// oneDate says that a date is given once.
func oneDate() []*node {
	const message = "A date given twice: write when, or since and until."
	return []*node{{If: has("when", filled()), Then: &node{Keys: members{{"since", excluded(message)}, {"until", excluded(message)}}}}}
}

// wholeQuote says that a quote which begins somewhere ends somewhere.
func wholeQuote() *node {
	begins := &node{Type: types{"integer"}, Minimum: integer(1)}
	return &node{If: has("start", begins), Then: &node{Required: []string{"end"}}}
}

// archivedCopy is the address of an archived copy, or a mapping with it.
func archivedCopy(v *schema.Vocabulary) *node {
	n := section(v, keys.Archived)
	a := address()
	n.Type, n.Pattern, n.PatternError, n.Examples = append(n.Type, a.Type...), a.Pattern, a.PatternError, a.Examples
	return n
}

func source(v *schema.Vocabulary) *node {
	n := section(v, keys.Source)
	for _, key := range []string{"title", "name", "url"} {
		n.Any = append(n.Any, &node{Required: []string{key}, Keys: members{{key, present("A source needs a title or a url.")}}})
	}
	return n
}

const needsLetter = "A name without letters or digits needs an id."

func entity(v *schema.Vocabulary) *node {
	n := section(v, keys.Entity)
	n.Required = []string{"name"}
	n.All = []*node{
		{Keys: members{{"name", present("An entity needs a name.")}}},
		{If: &node{Not: has("id", filled())}, Then: &node{Keys: members{{"name", &node{Pattern: hasLetter, PatternError: needsLetter}}}}},
	}
	return n
}

// entityList returns the schema of a list of entities of a kind, or of entities that
// say their kind if there is none.
func entityList(of schema.Kind) *node {
	if of == "" {
		return listOf(&node{Type: types{"object"}, All: []*node{ref("entity")}, Required: []string{"kind"},
			Keys: members{{"kind", present("An entity in this list needs a kind.")}}})
	}
	n := item("name", "A name is missing.", ref("entity"))
	n.All = []*node{
		{Pattern: hasLetter, PatternError: needsLetter},
		{If: &node{Not: has("kind", anything())}, Then: &node{Keys: members{{"id", idNode(of)}}}},
	}
	return listOf(n)
}

func post(v *schema.Vocabulary) *node {
	n := section(v, keys.Post)
	n.Required = []string{"post"}
	n.All = append([]*node{{Keys: members{{"post", present("The name of the post is missing.")}}}}, commonChecks()...)
	n.All = append(n.All, notRefused())
	return n
}
