package jsonschema

import (
	"fmt"
	"strings"

	"github.com/entente-kg/entente/loaders/keys"
	"github.com/entente-kg/entente/schema"
)

// vocabularyKey is a key of a file of verbs.
type vocabularyKey struct{ in, name, shape, note string }

// The sections of a file of verbs.
const (
	inFile     = "file"
	inRole     = "role"
	inEdge     = "edge"
	inVerb     = "verb"
	inWidening = "widening"
	inState    = "state"
)

// vocabularyKeys lists the keys of a file of verbs. A test compares them with those that
// package schema reads.
func vocabularyKeys() []vocabularyKey {
	const kinds = "kinds, or names of sets of kinds, in order of preference where a name means several entities."
	return []vocabularyKey{
		{inFile, "sets", "sets", "Names for lists of kinds, in lower case."},
		{inFile, "widest", "widest", "For each group the verb on which its interactions fall back, and the verb for its relations. They accept every kind."},
		{inFile, "codes", "codes", "For each system of codes what its codes mean: VERB (STATUS) - MEANING."},
		{inFile, "roles", "roles", "The roles of facts."},
		{inFile, "verbs", "verbs", "The verbs, and entries that widen verbs of other files."},

		{inRole, "id", "id", "The id of the role: lower-case letters, digits and hyphens."},
		{inRole, "kinds", "kinds", "The kinds that may fill the role. Without it: all kinds."},
		{inRole, "common", "truth", "True where facts of every verb may have the role."},
		{inRole, "edges", "edges", "The edges from or to the entities that fill the role."},
		{inRole, "note", "text", "What the role means."},

		{inEdge, "id", "id", "The predicate that edges store. It never changes once used."},
		{inEdge, "phrase", "text", "How the edge is shown. Without it: the id with spaces."},
		{inEdge, "inverse", "text", "How the edge is shown from its other end."},
		{inEdge, "group", "id", "The group of the predicate."},
		{inEdge, "to", "others", "The roles to whose entities the edge runs."},
		{inEdge, "from", "others", "The roles from whose entities the edge runs, or the word state for the other role of the verb's state."},
		{inEdge, "kinds", "kinds", "The kinds of these entities. Without it: all kinds."},
		{inEdge, "verbs", "one-way or symmetric", "The edge is only for facts of one-way or of symmetric verbs."},
		{inEdge, "together", "truth", "True: recipients count only where the verb brings both sides together."},
		{inEdge, "sole", "truth", "True: the edge exists only where one single other entity can be meant."},
		{inEdge, "note", "text", "A remark for readers of the list of verbs."},

		{inVerb, "id", "id", "What facts and edges store. It never changes once used."},
		{inVerb, "kind", "verb kind", "interaction (it happens) or relation (it holds over time)."},
		{inVerb, "group", "id", "A word for verbs that are often selected together, such as contact or conflict."},
		{inVerb, "phrases", "texts", "How sentences say it; tables show the first phrase. Without it: the id with spaces."},
		{inVerb, "passive", "text", "The participle: visited adds the inverses visited by, was visited by and were visited by."},
		{inVerb, "inverse", "texts", "More phrases, with subject and object exchanged."},
		{inVerb, "symmetric", "truth", "True where both sides are alike: met, allied with."},
		{inVerb, "subject", "kinds", "What may be the subject: " + kinds},
		{inVerb, "object", "kinds", "What may be the object: " + kinds},
		{inVerb, "needs-object", "truth", "True where a subject alone says nothing; always for relations."},
		{inVerb, "roles", "ids", "The roles that the verb allows besides the common roles."},
		{inVerb, "together", "truth", "True where subject and object are in one place: told, hosted."},
		{inVerb, "acyclic", "truth", "True where no chain of these facts may lead back to its start."},
		{inVerb, "opens", "ids", "The relations whose interval the verb begins."},
		{inVerb, "closes", "ids", "The relations whose interval the verb ends."},
		{inVerb, "state", "state", "The roles that are the subject and the object of these relations, or of the post that is gained or lost."},
		{inVerb, "asks", "ids", "The verbs that it requests or proposes."},
		{inVerb, "answers", "ids", "The verbs to which it may reply."},
		{inVerb, "wider", "id", "The verb on which rows with codes fall back, of the same group and kind."},
		{inVerb, "plover", "plover", "The type of PLOVER that is nearest to the verb, and its mode after a slash."},
		{inVerb, "cameo", "cameo", "The code of CAMEO 1.1b3 that is nearest to the verb, in quotes."},
		{inVerb, "note", "text", "A remark for readers who choose between verbs."},

		{inWidening, "widens", "id", "The verb of another file that gets more kinds and phrases."},
		{inWidening, "phrases", "texts", "More phrases."},
		{inWidening, "inverse", "texts", "More phrases, with subject and object exchanged."},
		{inWidening, "passive", "text", "A participle that adds inverse phrases."},
		{inWidening, "subject", "kinds", "More kinds of subjects."},
		{inWidening, "object", "kinds", "More kinds of objects."},
		{inWidening, "note", "text", "A remark."},

		{inState, "subject", "id", "The role that is the subject."},
		{inState, "object", "id", "The role that is the object."},
	}
}

// verbsFile returns the schema of a file of verbs.
func verbsFile() (*node, error) {
	sections, err := verbsSections()
	if err != nil {
		return nil, err
	}
	n := sections[inFile]
	n.Title = "Verbs of entente"
	n.Description = "Verbs, roles and codes that a file adds to the vocabulary. entente help verbs explains it."
	n.Definitions = verbsDefinitions(sections)
	return n, nil
}

// verbsDefinitions returns the definitions to which the values of a file of verbs refer.
func verbsDefinitions(sections map[string]*node) members {
	return members{{"role", sections[inRole]}, {"edge", sections[inEdge]}, {"state", sections[inState]}, {"verb-entry", sections[inVerb]}, {"widening", sections[inWidening]}}
}

// verbsShapes lists the shapes of the keys that a dataset has in common with a file of
// verbs.
func verbsShapes() []keys.Shape {
	return []keys.Shape{keys.Sets, keys.Roles, keys.Verbs, keys.Widest, keys.Codes}
}

// verbsSections returns the schemas of the mappings of a file of verbs.
func verbsSections() (map[string]*node, error) {
	sections := make(map[string]*node)
	for _, s := range []string{inFile, inRole, inEdge, inVerb, inWidening, inState} {
		n := &node{Type: types{"object"}, OtherKeys: nothing()}
		for _, k := range vocabularyKeys() {
			if k.in != s {
				continue
			}
			shape := vocabularyShape(k.shape)
			if shape == nil {
				return nil, fmt.Errorf("the key %s of a %s has no schema", k.name, s)
			}
			n.Keys = append(n.Keys, member{k.name, shape.described(k.note)})
		}
		sections[s] = n
	}
	verb, edge := sections[inVerb], sections[inEdge]
	verb.Required, verb.All = []string{"id", "kind", "subject"}, wholeVerb()
	sections[inRole].Required, sections[inWidening].Required = []string{"id"}, []string{"widens"}
	sections[inState].Required = []string{"subject", "object"}
	edge.Required, edge.One = []string{"id"}, []*node{{Required: []string{"to"}}, {Required: []string{"from"}}}
	return sections, nil
}

// wholeVerb says which keys of a verb need or exclude each other.
func wholeVerb() []*node {
	is := func(key string) *node { return has(key, &node{Enum: []any{true, "true"}}) }
	isRelation := has("kind", &node{Type: types{"string"}, Pattern: "^ *relation *$"})
	return []*node{
		{If: &node{Any: []*node{is("needs-object"), isRelation}}, Then: &node{Any: []*node{{Required: []string{"object"}}, is("symmetric")}}},
		{If: isRelation, Then: &node{Required: []string{"needs-object"}, Keys: members{{"needs-object", &node{Enum: []any{true, "true"}, Error: "A relation links two: it needs-object."}}, {"plover", nothing()}, {"opens", &node{Items: nothing()}}, {"closes", &node{Items: nothing()}}}}},
		{If: is("symmetric"), Then: &node{Keys: members{{"passive", nothing()}, {"inverse", &node{Items: nothing()}}, {"acyclic", &node{Enum: []any{false, "false"}}}, {"together", &node{Enum: []any{false, "false"}}}}}},
	}
}

// vocabularyShape returns the schema of a value of a file of verbs; nil for an unknown
// shape.
func vocabularyShape(shape string) *node {
	const limit = 500
	const word = `^\s*[a-z](?:[a-z0-9-]*[a-z0-9])?\s*$`
	text := &node{Type: anyText, MaxLength: limit, Pattern: mayHaveValue, PatternError: "A text of at most 500 bytes."}
	id := &node{Type: types{"string"}, Pattern: word + "|" + unusual, PatternError: "Lower-case letters, digits and hyphens."}
	objects := func(values *node) *node { return &node{Type: types{"object"}, OtherKeys: values} }
	switch shape {
	case "text":
		return text
	case "texts":
		phrase := *text
		phrase.Pattern, phrase.PatternError = `[^ _-]`, "A phrase has letters."
		return &node{Type: types{"array"}, Items: &phrase}
	case "id":
		return id
	case "ids":
		return &node{Type: types{"array"}, Items: id, Unique: true}
	case "truth":
		return &node{Enum: []any{true, false, "true", "false"}, Error: "true or false"}
	case "kinds":
		return kindsOrSets()
	case "sets":
		return objects(kindsOrSets())
	case "widest":
		return objects((id).orListOf(id))
	case "codes":
		cameo := objects(text)
		cameo.KeyNames = &node{Pattern: `^ *(?:0[1-9]|1[0-9]|20)[0-9]{0,2} *$|` + unusual, PatternError: "A code of CAMEO has two to four digits, 01 to 2042."}
		n := objects(objects(text))
		n.Keys, n.KeyNames = members{{"cameo", cameo.described("What codes of CAMEO mean.")}}, &node{Pattern: id.Pattern, PatternError: id.PatternError}
		return n
	case "roles", "edges":
		return &node{Type: types{"array"}, Items: ref(strings.TrimSuffix(shape, "s"))}
	case "verbs":
		return &node{Type: types{"array"}, Items: &node{If: has("widens", anything()), Then: ref("widening"), Else: ref("verb-entry")}}
	case "state":
		return ref("state")
	case "others":
		return id.orListOf(id)
	case "verb kind":
		return spaced("interaction", "relation")
	case "one-way or symmetric":
		return spaced("one-way", "symmetric")
	case "plover":
		return &node{Type: types{"string"}, Pattern: `^ *(?:` + strings.Join(ploverTypes(), "|") + `)(?: *$|/)|` + unusual, PatternError: "A type of PLOVER, such as CONSULT, and its mode after a slash."}
	case "cameo":
		return &node{Type: types{"string", "number"}, Pattern: `^ *[0-9]{3,4} *$|` + unusual, PatternError: "A code of three or four digits, in quotes."}
	}
	return nil
}

// spaced returns the schema of one of some words, with spaces around it.
func spaced(words ...string) *node {
	n := &node{Type: types{"string"}, Any: []*node{{}, {Pattern: `^ +(?:` + strings.Join(words, "|") + `) *$|^(?:` + strings.Join(words, "|") + `) +$|` + unusual}}}
	for _, w := range words {
		n.Any[0].Enum = append(n.Any[0].Enum, w)
	}
	n.Any[0].Error = "One of " + strings.Join(words, ", ") + "."
	return n
}

// kindsOrSets returns the schema of kinds: a kind, the name of a set of kinds, or a
// list.
func kindsOrSets() *node {
	kinds := []any{}
	var names []string
	for _, k := range append(schema.Kinds(), schema.KindFact) {
		kinds, names = append(kinds, string(k)), append(names, string(k))
	}
	const message = "A kind, such as Person, or the name of a set of kinds in lower case."
	one := &node{Type: types{"string"}, Any: []*node{
		{Enum: kinds, Error: message},
		{Pattern: `^ *(?:` + strings.Join(names, "|") + `|[a-z][a-z0-9-]*) *$|` + unusual, PatternError: message},
	}}
	return one.orListOf(one)
}

func ploverTypes() (all []string) {
	for _, c := range schema.DefaultVocabulary().Codes(schema.PLOVER) {
		if !strings.Contains(c.Code, "/") {
			all = append(all, c.Code)
		}
	}
	return all
}
