package schema

import (
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"sync"
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

// Vocabulary is a set of verbs and roles. It does not change once made.
type Vocabulary struct {
	verbs      map[Verb]*Definition
	roles      map[Role]*RoleDefinition
	edges      map[Verb]*EdgeDefinition // that roles derive
	sets       map[string][]Kind
	phrases    phrasebook
	hash       string
	extensions extensions
	base       *Vocabulary // what was extended first
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

// VerbKind returns the kind of a verb. A verb that the vocabulary lacks counts as
// an interaction.
func (v *Vocabulary) VerbKind(verb Verb) VerbKind {
	if d, ok := v.verbs[verb]; ok {
		return d.Kind
	}
	return Interaction
}

// Role returns the definition of a role.
func (v *Vocabulary) Role(role Role) (*RoleDefinition, bool) {
	d, ok := v.roles[role]
	return d, ok
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

// Hash tells vocabularies apart by what they mean: groups, notes and the order of
// entries do not count.
func (v *Vocabulary) Hash() string { return v.hash }

// finish computes what follows from the definitions.
func (v *Vocabulary) finish() {
	v.phrases.sort()
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, role := range v.Roles() {
		enc.Encode(v.roles[role])
	}
	for _, verb := range v.Verbs() {
		enc.Encode(v.verbs[verb])
	}
	v.hash = string(hashID(h))
}
