package loaders

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

var factFields = fields[*parser, rawFact]{
	"fact":           func(p *parser, f *rawFact, n *node) { f.sentence = p.values.one(n) },
	"verb":           func(p *parser, f *rawFact, n *node) { f.verb = p.values.one(n) },
	"actor-kind":     func(p *parser, f *rawFact, n *node) { f.actorKind = p.values.kind(n) },
	"recipient-kind": func(p *parser, f *rawFact, n *node) { f.objectKind = p.values.kind(n) },
	"at-kind":        func(p *parser, f *rawFact, n *node) { f.placeKind = p.values.kind(n) },
	"topic":          func(p *parser, f *rawFact, n *node) { f.topic = p.values.one(n) },
	"status":         func(p *parser, f *rawFact, n *node) { f.status = p.values.one(n) },
	"key":            func(p *parser, f *rawFact, n *node) { f.key = p.values.one(n) },
	"source-key":     func(p *parser, f *rawFact, n *node) { f.sourceKey = p.values.one(n) },
	"evidence": func(p *parser, f *rawFact, n *node) {
		if n.kind == mapNode {
			f.several = []*rawEvidence{p.evidenceItem(n)}
			return
		}
		p.values.list(n, func(item *node) { f.several = append(f.several, p.evidenceItem(item)) })
	},
}

var whenFields = fields[valueReader, rawWhen]{
	"when":     func(v valueReader, w *rawWhen, n *node) { w.when = v.one(n) },
	"since":    func(v valueReader, w *rawWhen, n *node) { w.since = v.one(n) },
	"until":    func(v valueReader, w *rawWhen, n *node) { w.until = v.one(n) },
	"words":    func(v valueReader, w *rawWhen, n *node) { w.words = v.one(n) },
	"anchor":   func(v valueReader, w *rawWhen, n *node) { w.anchor = v.one(n) },
	"from-by":  func(v valueReader, w *rawWhen, n *node) { w.fromBy = v.one(n) },
	"to-by":    func(v valueReader, w *rawWhen, n *node) { w.toBy = v.one(n) },
	"attested": func(v valueReader, w *rawWhen, n *node) { w.attested = v.flag(n) },
}

var evidenceFields = fields[*parser, rawEvidence]{
	"stance":     func(p *parser, e *rawEvidence, n *node) { e.stance = p.values.one(n) },
	"source":     func(p *parser, e *rawEvidence, n *node) { p.citation(e, n) },
	"quote":      func(p *parser, e *rawEvidence, n *node) { e.quote = p.values.one(n) },
	"locator":    func(p *parser, e *rawEvidence, n *node) { e.locator = p.values.one(n) },
	"said-by":    func(p *parser, e *rawEvidence, n *node) { e.saidBy = p.values.one(n) },
	"via":        func(p *parser, e *rawEvidence, n *node) { e.via = p.values.many(n) },
	"method":     func(p *parser, e *rawEvidence, n *node) { e.method = p.values.one(n) },
	"confidence": func(p *parser, e *rawEvidence, n *node) { e.confidence = p.values.share(n) },
	"note":       func(p *parser, e *rawEvidence, n *node) { e.note = p.values.one(n) },
	"duration":   func(p *parser, e *rawEvidence, n *node) { e.elapsed = p.values.one(n) },
	"count":      func(p *parser, e *rawEvidence, n *node) { e.count = p.values.one(n) },
	"start":      func(p *parser, e *rawEvidence, n *node) { e.start = p.values.count(n) },
	"end":        func(p *parser, e *rawEvidence, n *node) { e.end = p.values.count(n) },
}

func (p *parser) newFact(n *node) *rawFact {
	return &rawFact{source: p.source, pos: n.text, last: n.lastLine(), row: p.row, defaults: p.defaults}
}

// keep takes a fact that is read, and its local key.
func (p *parser) keep(f *rawFact) {
	if first := p.drafts.addFact(f); first != nil {
		p.item.fail(f.key, "key %q is given twice: first at %v", f.key.value, first.source.position(first.key))
	}
}

// fact reads a fact: a sentence, or a mapping.
func (p *parser) fact(n *node) {
	f := p.newFact(n)
	p.factInto(f, n)
}

func (p *parser) factInto(f *rawFact, n *node) {
	if n.kind == mapNode {
		p.values.entries(n, "a fact", func(key text, v *node) bool { return p.factField(f, key, v) }, p.factKeys)
	} else {
		f.sentence = p.values.one(n)
	}
	switch {
	case p.item.failed():
		return
	case f.sentence.given() && f.verb.given():
		p.item.fail(f.verb, "a fact with both a sentence and a verb: %q", f.verb.value)
	case !f.sentence.given() && !f.verb.given():
		p.item.failWith(n.text, withHint(errNoVerb, "write fact: with a sentence, or verb: with actor: and recipient:"))
	case len(f.several) > 0 && f.evidence != nil && f.evidence.pos.given():
		p.item.fail(f.evidence.pos, "a fact with a list of evidence and evidence beside it: %q", f.evidence.pos.value)
	default:
		if p.mentionSides(f); !p.item.failed() {
			p.keep(f)
		}
	}
}

// mentionSides makes the names known whose kind is written beside them.
func (p *parser) mentionSides(f *rawFact) {
	for _, r := range f.roles {
		p.mention(f, f.kindOf(r.role), r.names)
	}
	if f.evidence != nil {
		p.mention(f, f.placeKind, f.evidence.at)
	}
}

func (p *parser) mention(f *rawFact, kind schema.Kind, names []text) {
	for _, t := range names {
		key := string(kind) + " " + t.value
		if kind == "" || p.drafts.mentioned[key] || strings.HasPrefix(t.value, "<") {
			continue
		}
		p.drafts.mentioned[key] = true
		label := p.values.label(t)
		e := schema.Entity{Kind: kind, Label: label, FromName: true, Pos: p.source.position(t)}
		if e.ID = schema.MakeID(kind, label); e.ID == "" {
			p.item.fail(t, "a name without letters or digits needs an id: %q", t.value)
			return
		}
		p.drafts.addEntity(&rawEntity{source: p.source, entity: e, last: f.last, mention: true, column: true})
	}
}

// kindOf is the kind written beside a side, if any.
func (f *rawFact) kindOf(role schema.Role) schema.Kind {
	switch role {
	case schema.RoleActor:
		return f.actorKind
	case schema.RoleRecipient:
		return f.objectKind
	}
	return ""
}

func (p *parser) factField(f *rawFact, key text, v *node) bool {
	if set, ok := factFields[key.value]; ok {
		set(p, f, v)
		return true
	}
	if set, ok := whenFields[key.value]; ok {
		set(p.values, &f.when, v)
		return true
	}
	if set, ok := evidenceFields[key.value]; ok {
		e := f.beside()
		e.pos = cmp.Or(e.pos, key)
		set(p, e, v)
		return true
	}
	if key.value == string(schema.RoleAt) {
		f.beside().at = p.values.many(v)
		return true
	}
	if link := schema.LinkType(key.value); slices.Contains(schema.LinkTypes(), link) {
		f.links = append(f.links, rawLink{link, p.values.many(v)})
		return true
	}
	role := schema.Role(key.value)
	if _, ok := p.vocabulary.Role(role); !ok && !isSide(role) {
		return false
	}
	f.roles = append(f.roles, rawRole{role, p.values.many(v)})
	return true
}

// beside is the evidence that stands beside the sentence.
func (f *rawFact) beside() *rawEvidence {
	if f.evidence == nil {
		f.evidence = &rawEvidence{}
	}
	return f.evidence
}

func isSide(r schema.Role) bool {
	return r == schema.RoleActor || r == schema.RoleRecipient || r == schema.RoleParty
}

func (p *parser) factKeys() []string {
	known := slices.Concat(factFields.names(), whenFields.names(), evidenceFields.names(),
		[]string{"at", "actor", "recipient", "party"})
	for _, l := range schema.LinkTypes() {
		known = append(known, string(l))
	}
	for _, r := range p.vocabulary.Roles() {
		known = append(known, string(r))
	}
	slices.Sort(known)
	return slices.Compact(known)
}

// evidenceItem reads one of several pieces of evidence.
func (p *parser) evidenceItem(n *node) *rawEvidence {
	e := &rawEvidence{pos: n.text}
	p.values.entries(n, "evidence", func(key text, v *node) bool { return p.evidenceField(e, key, v) }, evidenceKeys)
	return e
}

func (p *parser) evidenceField(e *rawEvidence, key text, v *node) bool {
	if set, ok := whenFields[key.value]; ok {
		if e.when == nil {
			e.when = &rawWhen{}
		}
		set(p.values, e.when, v)
		return true
	}
	if key.value == string(schema.RoleAt) {
		e.at = p.values.many(v)
		return true
	}
	set, ok := evidenceFields[key.value]
	if ok {
		set(p, e, v)
	}
	return ok
}

func evidenceKeys() []string {
	known := slices.AppendSeq([]string{"at"}, maps.Keys(evidenceFields))
	known = slices.AppendSeq(known, maps.Keys(whenFields))
	slices.Sort(known)
	return known
}

// citation reads the source of evidence: its key, id or title, or a mapping
// that declares it on the spot.
func (p *parser) citation(e *rawEvidence, n *node) {
	if n.kind != mapNode {
		e.source = p.values.one(n)
		return
	}
	e.source = text{line: n.line, col: n.col}
	if e.inline = p.cited[n.value]; e.inline != nil && n.given() {
		return
	}
	if e.inline = p.document(n, true); n.given() && e.inline != nil {
		p.cited[n.value] = e.inline
	}
}
