package schema

import (
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// VerbKind tells events from what holds over time.
type VerbKind string

// The kinds of verbs.
const (
	Interaction VerbKind = "interaction"
	Relation    VerbKind = "relation"
)

// Definition is one verb of a vocabulary. It is shared: do not change it.
type Definition struct {
	ID          Verb
	Kind        VerbKind
	Group       string   `json:"-"` // a word for verbs that are asked for together; empty for none
	Phrases     []string // how sentences say it; the first is how it is shown
	Inverse     []string // how they say it from the object's side: "was visited by"
	Symmetric   bool     // holds both ways: subject and object are alike
	Subject     []Kind   // what may be the subject, in order of preference
	Object      []Kind   // and the object, where a name fits several
	NeedsObject bool     // a subject alone is no fact
	Roles       []Role   // the roles that it takes besides the common ones
	Acyclic     bool     // nothing is, through others, part of itself
	Together    bool     // both sides are in one place, as those of a symmetric verb are

	// Opens and Closes are the relations whose interval a fact begins or ends,
	// StateSubject and StateObject the roles whose players that relation links.
	Opens, Closes             []Verb
	StateSubject, StateObject Role
	OpenedBy, ClosedBy        []Verb // the other way round, for relations

	Asks    []Verb // what it proposes: met, for a request for a meeting
	Answers []Verb // what it may reply to
	Plover  Plover
	Cameo   string // three or four digits of CAMEO 1.1b3; empty for none
	Note    string `json:"-"`
}

// Plover is a verb's place in the PLOVER event ontology. The zero Plover is a
// verb for which it has no type.
type Plover struct {
	Type string // CONSULT
	Mode string // visit; empty for none
}

// RoleDefinition is one role of a vocabulary. It is shared: do not change it.
type RoleDefinition struct {
	ID     Role
	Kinds  []Kind // what may play it; empty where the verb decides
	Common bool   // facts of every verb may have it
	Edges  []EdgeRule
	Note   string `json:"-"`
}

// Phrase is one way to write a verb.
type Phrase struct {
	Text    string // as [Fold] leaves it
	Verb    Verb
	Inverse bool // the subject of the sentence is the object of the fact
}

// Vocabulary is a set of verbs and roles. It does not change once made.
type Vocabulary struct {
	verbs   map[Verb]*Definition
	roles   map[Role]*RoleDefinition
	edges   map[Verb]*EdgeDefinition // that roles derive
	sets    map[string][]Kind
	words   map[string]Phrase // by wordKey
	phrases []Phrase
	hash    string
	added   []extension
	base    *Vocabulary // what was extended first
}

// extension is a file that extended a vocabulary.
type extension struct {
	text       string
	adds, uses map[string]bool // verbs, roles, sets and edges; false for what the base has
}

// defines reports whether any of the words is one that the file adds.
func (e extension) defines(words map[string]bool) bool {
	for word, isNew := range e.adds {
		if isNew && words[word] {
			return true
		}
	}
	return false
}

//go:embed vocabulary.yaml
var defaultVocabulary []byte

var loadDefault = sync.OnceValue(func() *Vocabulary {
	v, err := ParseVocabulary("vocabulary.yaml", defaultVocabulary)
	if err != nil {
		panic(err) // a test parses the embedded file
	}
	return v
})

// DefaultVocabulary returns the vocabulary that comes with the module.
func DefaultVocabulary() *Vocabulary { return loadDefault() }

// Lookup returns the definition of a verb.
func (v *Vocabulary) Lookup(verb Verb) (*Definition, bool) {
	d, ok := v.verbs[verb]
	return d, ok
}

// Role returns the definition of a role.
func (v *Vocabulary) Role(role Role) (*RoleDefinition, bool) {
	d, ok := v.roles[role]
	return d, ok
}

// Extensions returns the files that [Vocabulary.Extend] added, in their order: a
// graph keeps them beside the facts that use their verbs.
func (v *Vocabulary) Extensions() []string {
	var texts []string
	for _, e := range v.added {
		texts = append(texts, e.text)
	}
	return texts
}

// ExtensionsWith returns those of [Vocabulary.Extensions] that define any of the
// verbs and roles given, and those that they need themselves.
func (v *Vocabulary) ExtensionsWith(words map[string]bool) []string {
	need := maps.Clone(words)
	kept := make([]bool, len(v.added))
	for found := true; found; {
		found = false
		for i, e := range v.added {
			if !kept[i] && e.defines(need) {
				kept[i], found = true, true
				maps.Copy(need, e.uses)
			}
		}
	}
	var texts []string
	for i, e := range v.added {
		if kept[i] {
			texts = append(texts, e.text)
		}
	}
	return texts
}

// Verbs lists every verb, sorted.
func (v *Vocabulary) Verbs() []Verb { return slices.Sorted(maps.Keys(v.verbs)) }

// Groups lists the groups of verbs and of roles' edges, sorted.
func (v *Vocabulary) Groups() []string {
	var groups []string
	for _, predicate := range v.Predicates() {
		if group := v.groupOf(predicate); group != "" {
			groups = append(groups, group)
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// Group lists the verbs of a group, sorted, and then the predicates of roles'
// edges that are in it; none where there are none.
func (v *Vocabulary) Group(group string) []Verb {
	return slices.DeleteFunc(v.Predicates(), func(p Verb) bool { return group == "" || v.groupOf(p) != group })
}

// Predicates lists all verbs, sorted, and then all predicates of roles' edges.
func (v *Vocabulary) Predicates() []Verb { return append(v.Verbs(), v.RoleEdges()...) }

func (v *Vocabulary) groupOf(predicate Verb) string {
	if d, ok := v.verbs[predicate]; ok {
		return d.Group
	}
	return v.edges[predicate].Group
}

// Roles lists every role, sorted.
func (v *Vocabulary) Roles() []Role { return slices.Sorted(maps.Keys(v.roles)) }

// Phrases lists every way to write every verb, ids among them, longest first,
// so that the first to match at a place in a sentence is the right one.
func (v *Vocabulary) Phrases() []Phrase { return slices.Clone(v.phrases) }

// Resolve reads a word as people write it, a verb's id or one of its phrases in
// any case. Where inverse is true the word is said from the object's side
// ("sanctioned by"): subject and object change places.
func (v *Vocabulary) Resolve(word string) (verb Verb, inverse, ok bool) {
	p, ok := v.words[wordKey(word)]
	return p.Verb, p.Inverse, ok
}

// Suggest returns up to three words that the one given may be a slip for, at
// most one for each verb, nearest first.
func (v *Vocabulary) Suggest(word string) []string {
	const most = 3
	texts := make([]string, len(v.phrases))
	for i, p := range v.phrases {
		texts[i] = p.Text
	}
	var words []string
	seen := make(map[Verb]bool)
	for _, text := range Nearest(word, texts, len(texts)) {
		verb := v.words[wordKey(text)].Verb
		if !seen[verb] && len(words) < most {
			seen[verb] = true
			words = append(words, text)
		}
	}
	return words
}

// Hash tells vocabularies apart by what they mean: groups, notes and the order of
// entries do not count.
func (v *Vocabulary) Hash() string { return v.hash }

// wordKey is what a verb is looked up by: folded, and with hyphens, underscores
// and spaces alike, so that "holds-post" and "Holds post" are one.
func wordKey(word string) string {
	return strings.Join(strings.FieldsFunc(Fold(word), func(r rune) bool {
		return r == ' ' || r == '-' || r == '_'
	}), "-")
}

// finish computes what follows from the definitions.
func (v *Vocabulary) finish() {
	for _, p := range v.words {
		v.phrases = append(v.phrases, p)
	}
	slices.SortFunc(v.phrases, func(a, b Phrase) int {
		if n := utf8.RuneCountInString(b.Text) - utf8.RuneCountInString(a.Text); n != 0 {
			return n
		}
		return strings.Compare(a.Text, b.Text)
	})
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, role := range v.Roles() {
		enc.Encode(v.roles[role])
	}
	for _, verb := range v.Verbs() {
		enc.Encode(v.verbs[verb])
	}
	v.hash = string(sum(h))
}
