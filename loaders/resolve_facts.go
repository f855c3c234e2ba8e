package loaders

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// factResolver resolves the names in facts. Several resolvers may share their
// tables, each in a goroutine of its own.
type factResolver struct {
	vocabulary *schema.Vocabulary
	dataset    string
	names      *nameResolver
	documents  *documentTable
	sentences  *sentenceReader
	item       *item // the fact that is being resolved
	verbs      verbMemory
	dates      dateMemory

	block     *block
	facts     []*factDraft // of the block
	lines     claimLines   // of these facts, counted when first needed
	citesFile bool         // a fact cites the file itself
	isFinal   bool         // the facts were checked before, and are yielded now
	pending   pendingFact  // the fact that is being resolved
	quotes    *heldQuotes  // nil if quotes are not held to texts
}

// newFactResolver returns a resolver. Problems are nil if the errors of facts are
// not shown.
func newFactResolver(opts *Options, d *drafts, names *nameResolver, documents *documentTable, phrases phraseIndex, found *problems) *factResolver {
	own := *names
	own.sortedFirsts, own.recent = nil, new([recentIDs]anyKind)
	r := &factResolver{
		vocabulary: opts.Vocabulary,
		dataset:    d.dataset,
		names:      &own,
		documents:  documents,
		sentences:  &sentenceReader{opts.Vocabulary, &own, phrases, found},
		item:       &item{},
		verbs:      make(verbMemory),
		dates:      make(dateMemory),
	}
	if opts.HoldsQuotes {
		r.quotes = &heldQuotes{texts: opts.Texts}
	}
	return r
}

// begin prepares the resolver for facts of a block.
func (r *factResolver) begin(b *block, facts []*factDraft) {
	r.block, r.facts, r.lines, r.citesFile = b, facts, b.lines, false
	r.pending = pendingFact{}
}

// claimsOn counts the claims that begin on a line.
func (r *factResolver) claimsOn(line int32) int {
	if r.lines == nil {
		r.lines = countClaims(r.facts)
	}
	return r.lines[line]
}

// pendingFact is a fact with resolved names. Its references to other facts of the
// dataset are numbers until all facts have ids.
type pendingFact struct {
	raw   *factDraft
	fact  schema.Fact
	roles []roleRef
	links []linkRef
}

type roleRef struct{ index, fact int }

type linkRef struct {
	link schema.LinkType
	fact int
}

// resolve resolves the names in one fact. The result is valid until the next call.
// The error is nil or of type faults: the errors of parsing, and those of the names.
func (r *factResolver) resolve(raw *factDraft) (*pendingFact, error) {
	*r.item = item{source: raw.source, errs: slices.Clip(raw.errs)}
	citesFile := r.citesFile
	p := &r.pending
	before := p.fact
	*p = pendingFact{raw: raw, roles: p.roles[:0], links: p.links[:0]}
	if r.isFinal {
		r.allocate(p)
	} else {
		p.fact.Roles, p.fact.Evidence = before.Roles[:0], before.Evidence[:0]
	}
	r.resolveInto(p)
	if !r.item.failed() {
		return p, nil
	}
	r.citesFile = citesFile
	return p, r.item.take()
}

// allocate makes room for what a fact has, so that it can be kept.
func (r *factResolver) allocate(p *pendingFact) {
	roles := btoi(p.raw.subject != "")
	for _, role := range p.raw.roles {
		roles += len(role.names)
	}
	p.fact.Roles = make([]schema.Participant, 0, roles)
	p.fact.Evidence = make([]schema.Evidence, 0, max(len(p.raw.evidenceList), 1))
}

func (r *factResolver) resolveInto(p *pendingFact) {
	raw := p.raw
	p.fact.Pos = raw.source.position(raw.pos)
	def, inverse := r.resolveVerb(p)
	if def != nil && raw.isCoded {
		def = r.fitting(p, def)
	}
	r.addRoles(p, def, inverse)
	hasSides := def != nil && !r.item.failed()
	f := &p.fact
	r.item.field = "status"
	f.Status = parseWord(r.item, r.statusOrDefault(raw, raw.status), "status", schema.Statuses)
	f.Topic, f.Key = raw.topic.value, raw.sourceKey.value
	dates := raw.rowDates()
	r.item.field = "when"
	f.When = r.when(&dates, def, raw.dates)
	r.addLinks(p)
	r.addEvidence(p, def)
	r.item.field = ""
	if !r.isFinal && (hasSides || hasSidesDespite(raw.errs) && len(r.item.errs) == len(raw.errs)) {
		r.check(p)
	}
}

// hasSidesDespite reports whether a fact with errors of parsing may be checked
// against its verb: none of them is an error of the verb or of a participant.
func hasSidesDespite(errs faults) bool {
	return len(errs) > 0 && !slices.ContainsFunc(errs, func(e *positionedError) bool {
		f := (*fault)(nil)
		if !errors.As(e.err, &f) || schema.ProblemKindOf(e.err) == schema.UnknownKey {
			return true
		}
		_, isEvidence := evidenceFields[f.field]
		_, isWhen := whenFields[f.field]
		return !isEvidence && !isWhen && f.field != "key" && f.field != "topic" && f.field != "status"
	})
}

// check checks a resolved fact against the vocabulary. Of a fact with errors it
// checks only what has none.
func (r *factResolver) check(p *pendingFact) {
	unplaced := p.fact
	unplaced.Pos = schema.Position{}
	if !r.item.failed() {
		if r.vocabulary.Check(unplaced) == nil {
			return
		}
	} else {
		unplaced.When, unplaced.Links = schema.When{}, nil
		unplaced.Evidence = []schema.Evidence{{Dataset: r.dataset, Source: r.documents.fileID(p.raw.source.file)}}
	}
	for _, err := range unplaced.Problems(r.vocabulary) {
		if len(p.raw.lacks) > 0 && schema.Hint(err) == "" {
			err = &LackError{err, p.raw.lacks}
		} else if side := p.raw.emptySide(); side != "" && errors.Is(err, schema.ErrParticipant) {
			err = withHint(err, fmt.Sprintf("the row has no %s; where a spreadsheet has merged cells, only the first of their rows has the value: fill it in", side))
		}
		r.item.failWith(cmp.Or(p.raw.sentence, p.raw.verb, p.raw.pos), err)
	}
}

func (r *factResolver) statusOrDefault(raw *factDraft, status text) text {
	if !status.isSet() && raw.defaults != nil {
		return raw.defaults.status
	}
	return status
}

// resolveVerb sets the verb of a fact and, for a sentence, its actors and
// recipients. It reports whether the actors are the recipients of the verb.
func (r *factResolver) resolveVerb(p *pendingFact) (def *schema.Definition, inverse bool) {
	raw := p.raw
	if raw.ofRejected || r.names.entities.isRejected(raw.subject) {
		r.item.fail(schema.RejectedReference, raw.pos, "refers to an entity %w: %q", errRejected, raw.subject)
	}
	if raw.sentence.isSet() {
		r.item.field = "fact"
		s, errs := r.sentences.read(raw.sentence, raw.source)
		for _, err := range errs {
			r.item.add(&positionedError{err.pos, &fault{error: err.err, field: "fact", value: raw.sentence.value}})
		}
		if s.definition == nil {
			return nil, false
		}
		p.fact.Verb = s.definition.ID
		p.addParticipants(schema.RoleActor, s.actors...)
		p.addParticipants(schema.RoleRecipient, s.recipients...)
		return s.definition, false
	}
	if !raw.verb.isSet() { // an error of parsing
		return nil, false
	}
	r.item.field = "verb"
	def, inverse = r.verbs.find(r.vocabulary, raw.verb.value)
	if def == nil {
		r.item.failWith(raw.verb, unknownVerb(r.vocabulary, raw.verb.value))
		return nil, false
	}
	p.fact.Verb = def.ID
	if raw.subject != "" {
		p.addParticipants(schema.RoleActor, ref{raw.subject, -1})
	}
	return def, inverse && !def.Symmetric
}

// fitting returns the verb of a code, or a wider verb that accepts the participants.
func (r *factResolver) fitting(p *pendingFact, def *schema.Definition) *schema.Definition {
	kinds := make(map[schema.Role][]schema.Kind)
	for _, role := range p.raw.roles {
		for _, t := range role.names {
			got, err := r.names.resolveAs(t.value, roleKinds(r.vocabulary, def, role.role), p.raw.source.file)
			if err != nil { // of another kind
				got, err = r.names.resolveAs(t.value, nil, p.raw.source.file)
			}
			if err == nil {
				kinds[role.role] = append(kinds[role.role], schema.KindOf(got.id))
			}
		}
	}
	if verb, ok := r.vocabulary.Fit(def.ID, kinds[schema.RoleActor], kinds[schema.RoleRecipient]); ok {
		def, _ = r.vocabulary.Lookup(verb)
		p.fact.Verb = verb
	}
	return def
}

func (p *pendingFact) addParticipants(role schema.Role, refs ...ref) {
	for _, r := range refs {
		id := r.id
		if id == "" {
			p.roles = append(p.roles, roleRef{len(p.fact.Roles), r.fact})
			id = placeholder(r.fact)
		}
		p.fact.Roles = append(p.fact.Roles, schema.Participant{Role: role, ID: id})
	}
}

// placeholder returns a temporary id for a fact of the dataset.
func placeholder(fact int) schema.ID { return schema.ID(fmt.Sprintf("fact:unresolved-%d", fact)) }

// addRoles adds the participants: recipients last, whatever the order of keys. An
// inverse verb exchanges actors and recipients. The verb may be unknown.
func (r *factResolver) addRoles(p *pendingFact, def *schema.Definition, inverse bool) {
	for _, recipients := range []bool{false, true} {
		for _, role := range p.raw.roles {
			kind := p.raw.kindOf(role.role)
			r.item.field = string(role.role)
			if inverse {
				role.role = otherSide(role.role)
			}
			if (role.role == schema.RoleRecipient) == recipients {
				r.addRole(p, def, role, kind)
			}
		}
	}
}

// otherSide returns recipient for actor, actor for recipient, and any other role
// itself.
func otherSide(role schema.Role) schema.Role {
	switch role {
	case schema.RoleActor:
		return schema.RoleRecipient
	case schema.RoleRecipient:
		return schema.RoleActor
	}
	return role
}

// addRole adds the participants in one role, which have a kind, if that is written.
func (r *factResolver) addRole(p *pendingFact, def *schema.Definition, role roleDraft, kind schema.Kind) {
	kinds := roleKinds(r.vocabulary, def, role.role)
	if kind != "" {
		kinds = []schema.Kind{kind}
	}
	for _, t := range role.names {
		if !t.isSet() { // an error of parsing
			continue
		}
		if kind != "" && p.raw.declaresNothing && !strings.HasPrefix(t.value, "<") && !isNoName(t.value, kind) {
			p.addParticipants(role.role, ref{schema.MakeID(kind, t.value), -1}) // which the row would declare
			continue
		}
		if key, isOptional := strings.CutPrefix(t.value, mapping.IfKnown); isOptional {
			if place, known := r.names.keys[strings.TrimSuffix(key, ">")]; known {
				p.addParticipants(role.role, ref{fact: place.fact})
			}
			continue
		}
		got, err := r.names.resolveAs(t.value, kinds, p.raw.source.file)
		switch {
		case err == nil:
			p.addParticipants(role.role, got)
		case def != nil || isUnknown(err):
			r.item.failWith(t, err)
		}
	}
}

// isUnknown reports whether an error is that nothing has a name or an id, whatever
// the verb may be.
func isUnknown(err error) bool {
	return slices.Contains([]schema.ProblemKind{schema.UnknownName, schema.UnknownID, schema.BadID}, schema.ProblemKindOf(err))
}

func (r *factResolver) addLinks(p *pendingFact) {
	for _, l := range p.raw.links {
		r.item.field = string(l.link)
		for _, key := range l.keys {
			id, isID := strings.CutPrefix(key.value, "<fact:")
			if id, closed := strings.CutSuffix(id, ">"); isID && closed {
				p.fact.Links = append(p.fact.Links, schema.Link{Type: l.link, Fact: schema.ID("fact:" + id)})
				continue
			}
			name := strings.TrimSuffix(strings.TrimPrefix(key.value, "<key:"), ">")
			got, err := r.names.resolveKey(name)
			if err != nil {
				r.item.failWith(key, err)
				continue
			}
			p.links = append(p.links, linkRef{l.link, got.fact})
		}
	}
}

// The kinds of entities that may say something, pass it on, or be cited.
var (
	speakers = []schema.Kind{schema.Person, schema.Post, schema.Institution, schema.Country, schema.Group, schema.Doc}
	carriers = []schema.Kind{schema.Institution, schema.Person, schema.Post, schema.Country, schema.Group, schema.Doc}
	sources  = []schema.Kind{schema.Doc}
)

// roleKinds returns the kinds that may play a role of a verb, in order of
// preference.
func roleKinds(v *schema.Vocabulary, d *schema.Definition, role schema.Role) []schema.Kind {
	if d == nil && isSide(role) { // of an unknown verb
		return nil
	}
	switch role {
	case schema.RoleActor:
		return d.Subject
	case schema.RoleRecipient:
		return d.Object
	case schema.RoleParty:
		kinds := slices.Clone(d.Subject)
		for _, k := range d.Object {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
		return kinds
	}
	if r, ok := v.Role(role); ok {
		return r.Kinds
	}
	return nil
}

func wrongKind(name string, id schema.ID, kinds []schema.Kind) error {
	return fmt.Errorf("%w: want %s, not %s: %q", schema.ErrKind, kindList(kinds), schema.KindOf(id), name)
}

func kindList(kinds []schema.Kind) string {
	var all []string
	for _, k := range kinds {
		all = append(all, string(k))
	}
	return strings.Join(all, " or ")
}
