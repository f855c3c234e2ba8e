package loaders

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// factResolver resolves the names in facts.
type factResolver struct {
	vocabulary *schema.Vocabulary
	dataset    string
	names      *nameResolver
	documents  *documentTable
	sentences  *sentenceReader
	lines      claimLines
	item       *item // the fact that is being resolved
}

// pendingFact is a fact with resolved names. Its references to other facts of the
// dataset are indexes until all facts have ids.
type pendingFact struct {
	raw      *factDraft
	fact     schema.Fact
	roles    []roleRef
	links    []linkRef
	claims   []schema.Position // one for each piece of evidence
	rejected bool
}

type roleRef struct{ index, fact int }

type linkRef struct {
	link schema.LinkType
	fact int
}

// resolveAll resolves the facts of a dataset, in order. It returns an error only
// if the context is cancelled.
func (r *factResolver) resolveAll(ctx context.Context, facts []*factDraft, found *problems) ([]*pendingFact, error) {
	all := make([]*pendingFact, len(facts))
	for i, raw := range facts {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		*r.item = item{source: raw.source}
		p := r.resolve(raw)
		if r.item.failed() {
			p.rejected = true
			found.rejectFact(raw, r.item.err)
		}
		all[i] = p
		raw.roles, raw.links, raw.ownEvidence, raw.evidenceList = nil, nil, nil, nil
	}
	return all, nil
}

// resolve resolves the names in one fact. It records an error in the item.
func (r *factResolver) resolve(raw *factDraft) *pendingFact {
	p := &pendingFact{raw: raw}
	p.fact.Pos = raw.source.position(raw.pos)
	def := r.resolveVerb(p)
	if r.item.failed() {
		return p
	}
	r.addRoles(p, def)
	f := &p.fact
	f.Status = parseWord(r.item, r.statusOrDefault(raw, raw.status), "status", schema.Statuses())
	f.Topic, f.Key = raw.topic.value, raw.sourceKey.value
	f.When = r.when(raw.rowDates(), def.Kind)
	r.addLinks(p)
	r.addEvidence(p, def)
	if r.item.failed() {
		return p
	}
	unplaced := *f
	unplaced.Pos = schema.Position{}
	if err := r.vocabulary.Check(unplaced); err != nil {
		r.item.failWith(cmp.Or(raw.sentence, raw.verb, raw.pos), err)
	}
	return p
}

func (r *factResolver) statusOrDefault(raw *factDraft, status text) text {
	if !status.isSet() && raw.defaults != nil {
		return raw.defaults.status
	}
	return status
}

// resolveVerb sets the verb of a fact and, for a sentence, its actors and
// recipients.
func (r *factResolver) resolveVerb(p *pendingFact) *schema.Definition {
	raw := p.raw
	if raw.sentence.isSet() {
		s, err := r.sentences.read(raw.sentence, raw.source)
		if err != nil {
			r.item.err = err
			return nil
		}
		p.fact.Verb = s.definition.ID
		p.addParticipants(schema.RoleActor, s.actors)
		p.addParticipants(schema.RoleRecipient, s.recipients)
		return s.definition
	}
	verb, inverse, ok := r.vocabulary.Resolve(raw.verb.value)
	def, known := r.vocabulary.Lookup(verb)
	if !ok || !known {
		r.item.failWith(raw.verb, unknownVerb(r.vocabulary, raw.verb.value))
		return nil
	}
	if inverse && !def.Symmetric {
		raw.swapSides()
	}
	p.fact.Verb = def.ID
	if r.names.entities.isRejected(raw.subject) {
		r.item.fail(raw.pos, "refers to an entity %w: %q", errRejected, raw.subject)
	}
	if raw.subject != "" {
		p.addParticipants(schema.RoleActor, []ref{{raw.subject, -1}})
	}
	return def
}

// swapSides exchanges actors and recipients, for a verb in its inverse form.
func (f *factDraft) swapSides() {
	f.actorKind, f.recipientKind = f.recipientKind, f.actorKind
	for i, r := range f.roles {
		switch r.role {
		case schema.RoleActor:
			f.roles[i].role = schema.RoleRecipient
		case schema.RoleRecipient:
			f.roles[i].role = schema.RoleActor
		}
	}
}

func (p *pendingFact) addParticipants(role schema.Role, refs []ref) {
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

func (r *factResolver) addRoles(p *pendingFact, def *schema.Definition) {
	recipient := func(r roleDraft) int { return btoi(r.role == schema.RoleRecipient) }
	slices.SortStableFunc(p.raw.roles, func(a, b roleDraft) int { return cmp.Compare(recipient(a), recipient(b)) })
	for _, role := range p.raw.roles { // in an order that does not depend on the order of keys
		kinds := roleKinds(r.vocabulary, def, role.role)
		if k := p.raw.kindOf(role.role); k != "" {
			kinds = []schema.Kind{k}
		}
		for _, t := range role.names {
			got, err := r.names.resolveAs(t.value, kinds, p.raw.source)
			if err != nil {
				r.item.failWith(t, err)
				return
			}
			p.addParticipants(role.role, []ref{got})
		}
	}
}

func (r *factResolver) addLinks(p *pendingFact) {
	for _, l := range p.raw.links {
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
				return
			}
			p.links = append(p.links, linkRef{l.link, got.fact})
		}
	}
}
