package schema

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/cayleygraph/quad"
)

// VerbKind distinguishes events from relations that hold over time.
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
	Group       string   `json:"-"` // the group of verbs, for queries; empty for none
	Wider       Verb     // the verb of which this one is a case, if its entry names it; see [Vocabulary.Wider]
	Phrases     []string // how sentences express the verb; the first is for display
	Inverse     []string // phrases with the object as their subject: "was visited by"
	Symmetric   bool     // subject and object are interchangeable
	Subject     []Kind   // the kinds of the subject, in order of preference
	Object      []Kind   // the kinds of the object, in order of preference
	NeedsObject bool     // a fact needs an object
	Roles       []Role   // the roles that its facts may have besides the common ones
	Acyclic     bool     // the relation must not form cycles
	Together    bool     // both sides are in one place, as for symmetric verbs

	// Opens and Closes are the relations whose interval a fact begins or ends;
	// StateSubject and StateObject are the roles whose players the relation links.
	Opens, Closes             []Verb
	StateSubject, StateObject Role
	OpenedBy, ClosedBy        []Verb // of a relation: the verbs that open and close it

	Asks    []Verb // the verbs that it requests: met, for a request for a meeting
	Answers []Verb // the verbs that it may reply to
	Plover  Plover
	Cameo   string // three or four digits of CAMEO 1.1b3; empty for none
	Note    string `json:"-"`
}

// Plover is the event type of a verb in the PLOVER ontology. The zero Plover
// means that PLOVER has no type for the verb.
type Plover struct {
	Type string // for example CONSULT
	Mode string // for example visit; empty for none
}

// RoleDefinition is one role of a vocabulary. It is shared: do not change it.
type RoleDefinition struct {
	ID     Role
	Kinds  []Kind // the kinds of its players; empty if the verb decides
	Common bool   // facts of every verb may have the role
	Edges  []EdgeRule
	Note   string `json:"-"`
}

// Vocabulary is a set of verbs and roles. It is immutable.
type Vocabulary struct {
	verbs      map[Verb]*Definition
	roles      map[Role]*RoleDefinition
	edges      map[Verb]*EdgeDefinition // the edges that roles derive, by predicate
	stated     map[Verb]*Definition     // the definitions of widened verbs without what extensions add
	sets       map[string][]Kind
	widest     map[string][]Verb // the widest verbs of each group: an interaction, a relation
	codes      func() codeTable  // those of the module are read at the first call
	phrases    phrasebook
	yielded    map[string]bool // the keys of phrases that stored files have taken from verbs of base
	hash       func() string   // computed at the first call
	extensions extensions
	base       *Vocabulary           // the vocabulary before all extensions
	terms      map[string]quad.Value // of verbs, roles and other words; nil in an unfinished vocabulary
}

//go:embed vocabulary.yaml
var defaultVocabulary []byte

//go:embed codes.yaml
var defaultCodes []byte

var loadDefault = sync.OnceValue(func() *Vocabulary {
	v, err := parseDefault()
	if err != nil {
		panic(err) // a test parses the embedded files
	}
	bare := *v
	v.codes = sync.OnceValue(func() codeTable {
		coded, err := bare.Extend("codes.yaml", defaultCodes)
		if err != nil {
			panic(err)
		}
		return coded.codes()
	})
	return v
})

func parseDefault() (*Vocabulary, error) {
	root, err := readTree(defaultTree, defaultVocabulary)
	if err != nil { // the YAML was edited since
		return ParseVocabulary("vocabulary.yaml", defaultVocabulary)
	}
	return parseTree(newVocabularyParser("vocabulary.yaml", &Vocabulary{}, false), root, defaultVocabulary)
}

// DefaultVocabulary returns the vocabulary of this module.
func DefaultVocabulary() *Vocabulary { return loadDefault() }

// Lookup returns the definition of a verb.
func (v *Vocabulary) Lookup(verb Verb) (*Definition, bool) {
	d, ok := v.verbs[verb]
	return d, ok
}

// VerbKind returns the kind of a verb. An unknown verb is an interaction.
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

// Verbs lists all verbs, sorted.
func (v *Vocabulary) Verbs() []Verb { return slices.Sorted(maps.Keys(v.verbs)) }

// Groups lists all groups of verbs and of the predicates of roles' edges, sorted.
func (v *Vocabulary) Groups() []string {
	var groups []string
	for _, predicate := range v.Predicates() {
		if group := groupOf(v, predicate); group != "" {
			groups = append(groups, group)
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// Group lists the verbs of a group, sorted, then the predicates of roles' edges
// in the group.
func (v *Vocabulary) Group(group string) []Verb {
	return slices.DeleteFunc(v.Predicates(), func(p Verb) bool { return group == "" || groupOf(v, p) != group })
}

// Predicates lists all verbs, sorted, then all predicates of roles' edges.
func (v *Vocabulary) Predicates() []Verb { return append(v.Verbs(), v.RoleEdges()...) }

func groupOf(v *Vocabulary, predicate Verb) string {
	if d, ok := v.verbs[predicate]; ok {
		return d.Group
	}
	return v.edges[predicate].Group
}

// Roles lists all roles, sorted.
func (v *Vocabulary) Roles() []Role { return slices.Sorted(maps.Keys(v.roles)) }

// Hash returns a hash of all definitions. Groups, notes, the meanings of codes and the
// order of entries do not affect it.
func (v *Vocabulary) Hash() string { return v.hash() }

// finish prepares what is computed from the definitions. Most commands need
// neither the list of phrases nor the hash.
func finish(v *Vocabulary) {
	v.phrases.list = sync.OnceValue(v.phrases.sorted)
	v.terms = wordTerms(v)
	v.hash = sync.OnceValue(func() string { return computeHash(v) })
}

func computeHash(v *Vocabulary) string {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	for _, role := range v.Roles() {
		enc.Encode(v.roles[role])
	}
	for _, verb := range v.Verbs() {
		enc.Encode(v.verbs[verb])
	}
	for _, group := range slices.Sorted(maps.Keys(v.widest)) {
		fmt.Fprintln(&text, group, v.widest[group])
	}
	writeCodes(&text, v)
	return string(hashID("", text.Bytes()))
}

// wordTerms returns the terms of all words of which facts of a vocabulary consist.
func wordTerms(v *Vocabulary) map[string]quad.Value {
	terms := map[string]quad.Value{}
	for _, words := range [][]string{toStrings(v.Verbs()), toStrings(v.Roles()), toStrings(v.Predicates()), toStrings(Statuses()),
		toStrings(Stances()), toStrings(Methods()), toStrings(Standings()), toStrings(LinkTypes())} {
		for _, word := range words {
			terms[word] = Term(word)
		}
	}
	return terms
}

// termOf returns [Term] of a word, without memory of its own for a word that facts
// consist of.
func termOf[T ~string](v *Vocabulary, word T) quad.Value {
	if term, ok := v.terms[string(word)]; ok {
		return term
	}
	return Term(word)
}
