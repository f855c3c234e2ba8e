package schema

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// EdgeDefinition is the predicate of edges that roles derive: "mediated-for".
// Such a predicate is not a verb, and no fact has it. The definition is shared:
// do not change it.
type EdgeDefinition struct {
	ID      Verb
	Group   string // the group of predicates, for queries; empty for none
	Phrase  string // for display: "mediated for"
	Inverse string // for display from the other end: "had as mediator"
	Roles   []Role // the roles that derive the edges, sorted
	Note    string
}

// EdgeRule is a rule for the edges of a role: which other participants its
// players are linked with, and by which predicate.
type EdgeRule struct {
	Predicate Verb
	ToPlayer  bool   // the edge runs from the other participant to the player of the role
	Others    []Role // the roles of the other participants; empty with State
	State     bool   // link the verb's StateSubject and StateObject with each other
	Kinds     []Kind // the kinds of the other participants; empty for all kinds
	Verbs     string // limits the rule to "one-way" or to "symmetric" verbs; empty for all
	Together  bool   // only recipients of verbs that bring both sides together
	Sole      bool   // only if there is exactly one other participant
}

// The values of Verbs in an edge rule.
const (
	oneWayVerbs    = "one-way"
	symmetricVerbs = "symmetric"
)

// RoleEdge returns the definition of a predicate of roles' edges.
func (v *Vocabulary) RoleEdge(predicate Verb) (*EdgeDefinition, bool) {
	e, ok := v.edges[predicate]
	return e, ok
}

// RoleEdges lists the predicates of roles' edges, sorted.
func (v *Vocabulary) RoleEdges() []Verb { return slices.Sorted(maps.Keys(v.edges)) }

// IsPredicate reports whether edges may have the predicate: a verb, or a
// predicate of roles' edges.
func (v *Vocabulary) IsPredicate(predicate Verb) bool {
	_, isVerb := v.verbs[predicate]
	_, isEdge := v.edges[predicate]
	return isVerb || isEdge
}

// Phrase returns the display text of a verb or of a predicate of roles' edges.
func (v *Vocabulary) Phrase(predicate Verb) string {
	if d, ok := v.verbs[predicate]; ok && len(d.Phrases) > 0 {
		return d.Phrases[0]
	}
	if e, ok := v.edges[predicate]; ok {
		return e.Phrase
	}
	return strings.ReplaceAll(string(predicate), "-", " ")
}

// ResolvePredicates resolves a word as [Vocabulary.Resolve] does, to verbs and to
// predicates of roles' edges. The exact id of a predicate ("mediated-for") stands
// for this predicate alone; a phrase that it shares with a verb ("mediated for")
// stands for both. The result is empty for an unknown word.
func (v *Vocabulary) ResolvePredicates(word string) (predicates []Verb, inverse bool) {
	if id := Verb(Fold(word)); v.edges[id] != nil {
		return []Verb{id}, false
	}
	verb, inverse, ok := v.Resolve(word)
	if ok {
		predicates = append(predicates, verb)
	}
	if ok && (inverse || wordKey(word) == wordKey(string(verb))) {
		return predicates, inverse
	}
	for _, id := range v.RoleEdges() {
		if e := v.edges[id]; wordKey(e.Phrase) == wordKey(word) || wordKey(string(id)) == wordKey(word) {
			predicates = append(predicates, id)
		}
	}
	return predicates, false
}

// SuggestPredicates is [Vocabulary.Suggest] for words that
// [Vocabulary.ResolvePredicates] reads.
func (v *Vocabulary) SuggestPredicates(word string) []string {
	return append(Nearest(word, toStrings(v.RoleEdges()), 1), v.Suggest(word)...)
}

// edgeList returns a function that reads the edges of a role.
func (p *vocabularyParser) edgeList(r *RoleDefinition) func(*yaml.Node) {
	return func(n *yaml.Node) {
		for _, item := range p.list(n) {
			rule, d, at := p.edge(item)
			if p.err != nil {
				return
			}
			p.checkEdge(rule, d, item, at)
			r.Edges = append(r.Edges, rule)
			p.file.adds[edgeKey(d.ID)] = p.v.base == nil || p.v.base.edges[d.ID] == nil
			p.file.uses[edgeKey(d.ID)] = true
			for _, other := range rule.Others {
				p.file.uses[string(other)] = true
			}
			p.addedEdges = append(p.addedEdges, edgeSource{r, d, firstNode(at.of("id"), item), at})
		}
	}
}

// edgeKey returns the key of an edge predicate among the words of an
// [extension].
func edgeKey(id Verb) string { return "/" + string(id) }

// edgeSource is an edge of a role and where the file defines it.
type edgeSource struct {
	role       *RoleDefinition
	definition EdgeDefinition
	node       *yaml.Node
	at         entries
}

func (p *vocabularyParser) edge(n *yaml.Node) (rule EdgeRule, d EdgeDefinition, at entries) {
	others := func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && n.Value == "state" {
			rule.State = true
			return
		}
		textsInto(p, &rule.Others)(n)
	}
	at = p.mapping(n, fields{
		"id": textInto(p, &d.ID), "phrase": textInto(p, &d.Phrase), "inverse": textInto(p, &d.Inverse), "group": textInto(p, &d.Group), "note": textInto(p, &d.Note),
		"to": others, "from": others, "kinds": p.kindsInto(&rule.Kinds), "verbs": textInto(p, &rule.Verbs),
		"together": p.boolInto(&rule.Together), "sole": p.boolInto(&rule.Sole),
	})
	rule.Predicate, rule.ToPlayer = d.ID, at.of("from") != nil
	return rule, d, at
}

// checkEdge checks a single edge without the rest of the vocabulary.
func (p *vocabularyParser) checkEdge(rule EdgeRule, d EdgeDefinition, n *yaml.Node, at entries) {
	id := firstNode(at.of("id"), n)
	switch {
	case !isWord(string(d.ID)):
		p.fail(id, "an edge needs an id of lower-case letters, digits and hyphens, not %q", d.ID)
	case isReserved(string(d.ID)) || slices.Contains(LinkTypes(), LinkType(d.ID)):
		p.fail(id, "edge %q has the name of a predicate", d.ID)
	case d.Group != "" && !isWord(d.Group):
		p.fail(at.of("group"), "a group is a word of lower-case letters, digits and hyphens, not %q", d.Group)
	case (at.of("from") == nil) == (at.of("to") == nil):
		p.fail(n, "edge %q needs roles that it is from, or roles that it is to, and not both", d.ID)
	case len(rule.Others) == 0 && !rule.State:
		p.fail(firstNode(at.of("from"), at.of("to")), "edge %q links the role with no other", d.ID)
	case rule.Verbs != "" && rule.Verbs != oneWayVerbs && rule.Verbs != symmetricVerbs:
		p.unknown(at.of("verbs"), rule.Verbs, []string{oneWayVerbs, symmetricVerbs}, "edge %q is for verbs that are one-way or symmetric, not %q", d.ID, rule.Verbs)
	}
}

// defineEdges adds the edge predicates of the roles in this file. The first edge
// with a predicate defines its texts; later ones repeat them or leave them out.
func (p *vocabularyParser) defineEdges() {
	for _, s := range p.addedEdges {
		if p.err != nil {
			return
		}
		if p.v.roles[s.role.ID] != s.role { // a repeated definition
			continue
		}
		for _, other := range s.otherRoles() {
			if _, ok := p.v.roles[other]; !ok {
				p.unknown(s.node, string(other), toStrings(p.v.Roles()), "edge %q names an unknown role %q", s.definition.ID, other)
			}
		}
		p.defineEdge(s)
	}
}

// otherRoles lists the roles that the edge refers to.
func (s edgeSource) otherRoles() (others []Role) {
	for _, rule := range s.role.Edges {
		if rule.Predicate == s.definition.ID {
			others = append(others, rule.Others...)
		}
	}
	return others
}

func (p *vocabularyParser) defineEdge(s edgeSource) {
	d := s.definition
	old, ok := p.v.edges[d.ID]
	if !ok {
		if d.Phrase == "" {
			d.Phrase = strings.ReplaceAll(string(d.ID), "-", " ")
		}
		d.Roles = []Role{s.role.ID}
		p.v.edges[d.ID] = &d
		return
	}
	for _, word := range []struct{ key, new, old string }{
		{"phrase", d.Phrase, old.Phrase}, {"inverse", d.Inverse, old.Inverse}, {"group", d.Group, old.Group},
	} {
		if word.new != "" && word.new != word.old {
			p.fail(s.at.of(word.key), "edge %q is defined already, and its %s differs", d.ID, word.key)
		}
	}
	fresh := *old
	fresh.Roles = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(old.Roles), s.role.ID))))
	p.v.edges[d.ID] = &fresh
}

// checkEdgeNames refuses edges with the name of a verb or a role, since all three
// are predicates.
func (p *vocabularyParser) checkEdgeNames() {
	for _, id := range p.v.RoleEdges() {
		at := &yaml.Node{}
		for _, s := range p.addedEdges {
			if s.definition.ID == id {
				at = s.node
			}
		}
		for _, s := range p.addedVerbs {
			if s.verb.ID == id {
				at = s.nodeOf("id", "")
			}
		}
		if _, ok := p.v.roles[Role(id)]; ok {
			p.fail(at, "edge %q of role %q has the name of a role", id, p.v.edges[id].Roles[0])
		}
		if _, ok := p.v.verbs[id]; ok {
			p.fail(at, "%q is the name of a verb and of an edge of role %q", id, p.v.edges[id].Roles[0])
		}
	}
}

// sameRole compares a definition with its repetition, which may omit the edges.
func sameRole(a, b RoleDefinition) bool {
	a.Note, b.Note = "", ""
	if len(b.Edges) == 0 {
		b.Edges = a.Edges
	}
	return reflect.DeepEqual(a, b)
}
