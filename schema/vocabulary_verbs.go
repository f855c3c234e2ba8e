package schema

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"gopkg.in/yaml.v3"
)

// ploverTypes are the sixteen event types of PLOVER, revision of 2021.
var ploverTypes = []string{
	"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
	"REJECT", "ACCUSE", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
}

var verbKinds = []VerbKind{Interaction, Relation}

// reserved are the predicates whose names no verb or role may have.
var reserved = []quad.IRI{
	NameTerm, CountryTerm, BornTerm, FromNameTerm, BorrowedTerm, IdentifierTerm, DescriptionTerm, PublisherTerm, AuthorTerm,
	URLTerm, SHA256Term, LanguageTerm, ArchivedTerm, ArchivedOnTerm, AccessedTerm, StatusTerm, StandingTerm, WithinTerm, TopicTerm, KeyTerm, EvidenceTerm, AtTerm,
	WhenTerm, FromTerm, ToTerm, WordsTerm, AnchorTerm, FromByTerm, ToByTerm, AttestedTerm,
	StanceTerm, SourceTerm, QuoteTerm, LocatorTerm, StartTerm, EndTerm, SaidByTerm, ViaTerm,
	ViaOrderTerm, RoleOrderTerm, MethodTerm, ConfidenceTerm, NoteTerm, DurationTerm, CountTerm, GraphTerm,
	ReviewTerm, ModelTerm, ReviewedByTerm, ReviewedOnTerm, ReviewNoteTerm,
}

func isReserved(word string) bool { return slices.Contains(reserved, Term(word)) }

func (p *vocabularyParser) verbs(n *yaml.Node) {
	r := newVerbReader(p)
	for _, item := range p.list(n) {
		if isWidening(item) {
			p.widen(item)
		} else if d, at := r.read(item); p.err == nil {
			p.addVerb(d, item, at)
		}
	}
}

// verbReader reads the entries of verbs, each into the same variables.
type verbReader struct {
	p       *vocabularyParser
	d       Definition
	passive string
	fields  fields
}

func newVerbReader(p *vocabularyParser) *verbReader {
	r := &verbReader{p: p}
	d := &r.d
	r.fields = fields{
		"id": textInto(p, &d.ID), "kind": textInto(p, &d.Kind), "group": textInto(p, &d.Group), "note": textInto(p, &d.Note),
		"phrases": textsInto(p, &d.Phrases), "inverse": textsInto(p, &d.Inverse), "passive": textInto(p, &r.passive),
		"symmetric": p.boolInto(&d.Symmetric), "needs-object": p.boolInto(&d.NeedsObject), "acyclic": p.boolInto(&d.Acyclic), "together": p.boolInto(&d.Together),
		"subject": p.kindsInto(&d.Subject), "object": p.kindsInto(&d.Object), "roles": textsInto(p, &d.Roles),
		"opens": textsInto(p, &d.Opens), "closes": textsInto(p, &d.Closes), "state": p.state(d),
		"asks": textsInto(p, &d.Asks), "answers": textsInto(p, &d.Answers), "wider": textInto(p, &d.Wider),
		"plover": p.plover(d), "cameo": textInto(p, &d.Cameo),
	}
	return r
}

// read returns the definition of an entry, and the value of each of its keys.
func (r *verbReader) read(n *yaml.Node) (*Definition, entries) {
	r.d, r.passive = Definition{}, ""
	at := r.p.mapping(n, r.fields)
	d := new(r.d)
	if r.passive != "" {
		d.Inverse = append(passivePhrases(r.passive), d.Inverse...)
	}
	if len(d.Phrases) == 0 {
		d.Phrases = []string{strings.ReplaceAll(string(d.ID), "-", " ")}
	}
	if d.Symmetric && len(d.Object) == 0 {
		d.Object = d.Subject
	}
	if len(d.Opens)+len(d.Closes) > 0 && d.StateSubject == "" {
		d.StateSubject, d.StateObject = RoleActor, RoleRecipient
	}
	return d, at
}

func (p *vocabularyParser) state(d *Definition) func(*yaml.Node) {
	return func(n *yaml.Node) {
		at := p.mapping(n, fields{"subject": textInto(p, &d.StateSubject), "object": textInto(p, &d.StateObject)})
		if at.of("subject") == nil || at.of("object") == nil {
			p.fail(n, "a state needs the roles of its subject and of its object")
		}
	}
}

// plover returns a function that reads TYPE or TYPE/mode.
func (p *vocabularyParser) plover(d *Definition) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d.Plover.Type, d.Plover.Mode, _ = strings.Cut(p.text(n), "/")
		if !slices.Contains(ploverTypes, d.Plover.Type) {
			p.unknown(n, d.Plover.Type, ploverTypes, "unknown PLOVER type %q", d.Plover.Type)
		}
	}
}

func (p *vocabularyParser) addVerb(d *Definition, n *yaml.Node, at entries) {
	p.checkVerb(d, n, at)
	p.file.adds[string(d.ID)] = p.v.base == nil || p.v.base.verbs[d.ID] == nil
	for _, verbs := range [][]Verb{d.Opens, d.Closes, d.Asks, d.Answers, wordsOf(d.Wider)} {
		for _, verb := range verbs {
			p.file.uses[string(verb)] = true
		}
	}
	for _, role := range append([]Role{d.StateSubject, d.StateObject}, d.Roles...) {
		p.file.uses[string(role)] = true
	}
	old, ok := p.v.verbs[d.ID]
	switch {
	case ok && sameVerb(*cmp.Or(p.v.stated[d.ID], old), *d):
		return
	case ok && p.isStored && isBuiltIn(p.v, d.ID):
		p.file.adds[string(d.ID)] = true
	case ok:
		p.fail(firstNode(at.of("id"), n), "verb %q is defined already%s, and differs", d.ID, definer(p, string(d.ID)))
		if isBuiltIn(p.v, d.ID) {
			p.err = WithHint(p.err, func() string {
				return fmt.Sprintf("entente verbs %s shows the verb; \"widens: %s\" instead of an id adds kinds and phrases to it", d.ID, d.ID)
			})
		}
		return
	}
	p.v.verbs[d.ID] = d
	p.addedVerbs = append(p.addedVerbs, verbSource{d, n, at})
}

// isBuiltIn reports whether a verb is as the vocabulary before all extensions
// defines it, or is only widened.
func isBuiltIn(v *Vocabulary, verb Verb) bool {
	if v.base == nil {
		return false
	}
	first, ok := v.base.verbs[verb]
	return ok && sameDefinition(*first, *cmp.Or(v.stated[verb], v.verbs[verb]))
}

// sameDefinition compares two definitions without what other verbs say of them.
func sameDefinition(a, b Definition) bool {
	a.OpenedBy, a.ClosedBy, b.OpenedBy, b.ClosedBy = nil, nil, nil, nil
	return reflect.DeepEqual(a, b)
}

// sameVerb compares a definition with its repetition, which may omit the group and
// the wider verb.
func sameVerb(a, b Definition) bool {
	a.Note, b.Note = "", ""
	b.Group, b.Wider = cmp.Or(b.Group, a.Group), cmp.Or(b.Wider, a.Wider)
	return reflect.DeepEqual(a, b)
}

// checkVerb checks a single definition without the rest of the vocabulary.
func (p *vocabularyParser) checkVerb(d *Definition, n *yaml.Node, at entries) {
	id := firstNode(at.of("id"), n)
	switch {
	case !isWord(string(d.ID)):
		p.fail(id, "a verb needs an id of lower-case letters, digits and hyphens, not %q", d.ID)
	case isReserved(string(d.ID)):
		p.fail(id, "verb %q has the name of a predicate", d.ID)
	case !slices.Contains(verbKinds, d.Kind):
		p.unknown(firstNode(at.of("kind"), n), string(d.Kind), toStrings(verbKinds),
			"verb %q is an interaction or a relation, not %q", d.ID, d.Kind)
	case d.Group != "" && !isWord(d.Group):
		p.fail(at.of("group"), "a group is a word of lower-case letters, digits and hyphens, not %q", d.Group)
	case len(d.Subject) == 0:
		p.fail(n, "verb %q needs kinds for its subject", d.ID)
	case len(d.Object) == 0 && (d.NeedsObject || d.Kind == Relation):
		p.fail(n, "verb %q needs kinds for its object", d.ID)
	case d.Kind == Relation && !d.NeedsObject:
		p.fail(n, "relation %q links two: it needs-object", d.ID)
	case d.Kind == Relation && (len(d.Opens)+len(d.Closes) > 0 || d.Plover != Plover{}):
		p.fail(n, "relation %q is no event: it opens and closes nothing and has no PLOVER type", d.ID)
	case d.Symmetric && len(d.Inverse) > 0:
		p.fail(firstNode(at.of("inverse"), at.of("passive"), n), "symmetric verb %q has no inverse: give phrases", d.ID)
	case d.Symmetric && !slices.Equal(d.Subject, d.Object):
		p.fail(at.of("object"), "symmetric verb %q has the same kinds on both sides", d.ID)
	case d.Symmetric && d.Acyclic:
		p.fail(at.of("acyclic"), "verb %q cannot be symmetric and acyclic", d.ID)
	case d.Symmetric && d.Together:
		p.fail(at.of("together"), "symmetric verb %q brings its sides together anyway", d.ID)
	case d.Cameo != "" && (!isCameo(d.Cameo) || len(d.Cameo) < 3):
		p.fail(at.of("cameo"), "a CAMEO code has three or four digits, 010 to 2042, not %q", d.Cameo)
	}
}

// indexPhrases adds the phrases of all verbs, each of which must be unique. The
// verbs of this file come last, so that errors are reported for them.
func (p *vocabularyParser) indexPhrases() {
	added := make(map[Verb]bool, len(p.addedVerbs))
	own := slices.Concat(p.addedVerbs, p.widened)
	for _, s := range own {
		added[s.verb.ID] = true
	}
	for _, id := range p.v.Verbs() {
		if !added[id] {
			p.addPhrases(verbSource{verb: p.v.verbs[id]})
		}
	}
	for _, s := range own {
		p.addPhrases(s)
	}
}

func (p *vocabularyParser) addPhrases(s verbSource) {
	d := s.verb
	p.addPhrase(s, "id", string(d.ID), Phrase{Verb: d.ID})
	for _, text := range d.Phrases {
		p.addPhrase(s, "phrases", text, Phrase{Verb: d.ID})
	}
	for _, text := range d.Inverse {
		p.addPhrase(s, "inverse", text, Phrase{Verb: d.ID, Inverse: true})
	}
}

// addPhrase adds a phrase, which stands under a key of a verb.
func (p *vocabularyParser) addPhrase(s verbSource, key, text string, phrase Phrase) {
	phrase.Text = Fold(text)
	k := wordKey(text)
	old, taken := p.v.phrases.byWord[k]
	switch {
	case p.err != nil:
	case p.v.yielded[k] && isBuiltIn(p.v, phrase.Verb):
	case taken && p.isStored && old.Verb != phrase.Verb && isBuiltIn(p.v, old.Verb):
		p.v.yielded[k] = true
		p.v.phrases.byWord[k] = phrase
	case k == "":
		p.fail(s.nodeOf(key, text), "phrase %q of verb %q has no letters", text, phrase.Verb)
	case taken && (old.Verb != phrase.Verb || old.Inverse != phrase.Inverse):
		p.fail(s.nodeOf(key, text), "phrase %q of verb %q belongs to verb %q%s", text, phrase.Verb, old.Verb, definer(p, string(old.Verb)))
	case taken && old.Text != string(old.Verb):
		p.fail(s.nodeOf(key, text), "phrase %q of verb %q stands twice", text, phrase.Verb)
	default:
		p.v.phrases.byWord[k] = phrase
	}
}

// nodeOf returns the node of a text under a key of the verb, or else the value of
// the key, or the verb.
func (s verbSource) nodeOf(key, text string) *yaml.Node {
	node := firstNode(s.at.of(key), s.node, &yaml.Node{})
	for _, item := range node.Content {
		if item.Value == text {
			return item
		}
	}
	return node
}

// checkReferences checks the references of definitions: roles exist, and the
// verbs that others open, close, ask for or answer have the right kind. It sets
// OpenedBy and ClosedBy.
func (p *vocabularyParser) checkReferences() {
	if p.err != nil {
		return
	}
	p.checkRoleNames()
	p.checkEdgeNames()
	for _, s := range p.addedVerbs {
		p.checkRoles(s)
		p.checkVerbs(s, "opens", s.verb.Opens, Relation)
		p.checkVerbs(s, "closes", s.verb.Closes, Relation)
		p.checkVerbs(s, "asks", s.verb.Asks, "")
		p.checkVerbs(s, "answers", s.verb.Answers, Interaction)
	}
	if p.err != nil {
		return
	}
	for _, id := range p.v.Verbs() {
		d := p.v.verbs[id]
		for _, relation := range d.Opens {
			r := p.v.verbs[relation]
			r.OpenedBy = append(r.OpenedBy, id)
		}
		for _, relation := range d.Closes {
			r := p.v.verbs[relation]
			r.ClosedBy = append(r.ClosedBy, id)
		}
	}
}

// checkRoleNames checks that the roles on which the code depends exist, and that
// no verb has the name of a role, since both are predicates.
func (p *vocabularyParser) checkRoleNames() {
	for _, role := range []Role{RoleActor, RoleRecipient, RoleParty, RoleAt} {
		if _, ok := p.v.roles[role]; !ok {
			p.fail(&yaml.Node{}, "role %q is not defined", role)
		}
	}
	for _, verb := range p.v.Verbs() {
		if _, ok := p.v.roles[Role(verb)]; ok {
			p.fail(&yaml.Node{}, "verb %q has the name of a role", verb)
		}
	}
}

func (p *vocabularyParser) checkRoles(s verbSource) {
	d := s.verb
	roles := slices.Clone(d.Roles)
	if d.StateSubject != "" {
		roles = append(roles, d.StateSubject, d.StateObject)
	}
	for i, role := range roles {
		key := "roles"
		if i >= len(d.Roles) {
			key = "state"
		}
		if _, ok := p.v.roles[role]; !ok {
			p.unknown(s.nodeOf(key, string(role)), string(role), toStrings(p.v.Roles()),
				"verb %q names an unknown role %q", d.ID, role)
		}
	}
}

func (p *vocabularyParser) checkVerbs(s verbSource, key string, verbs []Verb, want VerbKind) {
	for _, verb := range verbs {
		d, ok := p.v.verbs[verb]
		switch {
		case !ok:
			p.unknown(s.nodeOf(key, string(verb)), string(verb), toStrings(p.v.Verbs()),
				"verb %q %s an unknown verb %q", s.verb.ID, key, verb)
		case want != "" && d.Kind != want:
			p.fail(s.nodeOf(key, string(verb)), "verb %q %s %q, which is no %s", s.verb.ID, key, verb, want)
		}
	}
}

func toStrings[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}
