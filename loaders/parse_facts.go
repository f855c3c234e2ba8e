package loaders

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

var factFields = fields[rawFact]{
	"fact":           func(c *collector, f *rawFact, n *node) { f.sentence = c.one(n) },
	"verb":           func(c *collector, f *rawFact, n *node) { f.verb = c.one(n) },
	"actor-kind":     func(c *collector, f *rawFact, n *node) { f.actorKind = c.kind(n) },
	"recipient-kind": func(c *collector, f *rawFact, n *node) { f.objectKind = c.kind(n) },
	"at-kind":        func(c *collector, f *rawFact, n *node) { f.placeKind = c.kind(n) },
	"topic":          func(c *collector, f *rawFact, n *node) { f.topic = c.one(n) },
	"status":         func(c *collector, f *rawFact, n *node) { f.status = c.one(n) },
	"key":            func(c *collector, f *rawFact, n *node) { f.key = c.one(n) },
	"source-key":     func(c *collector, f *rawFact, n *node) { f.sourceKey = c.one(n) },
	"evidence": func(c *collector, f *rawFact, n *node) {
		if n.kind == mapNode {
			f.several = []*rawEvidence{c.evidenceItem(n)}
			return
		}
		c.list(n, func(item *node) { f.several = append(f.several, c.evidenceItem(item)) })
	},
}

var whenFields = fields[rawWhen]{
	"when":    func(c *collector, w *rawWhen, n *node) { w.when = c.one(n) },
	"since":   func(c *collector, w *rawWhen, n *node) { w.since = c.one(n) },
	"until":   func(c *collector, w *rawWhen, n *node) { w.until = c.one(n) },
	"words":   func(c *collector, w *rawWhen, n *node) { w.words = c.one(n) },
	"anchor":  func(c *collector, w *rawWhen, n *node) { w.anchor = c.one(n) },
	"from-by": func(c *collector, w *rawWhen, n *node) { w.fromBy = c.one(n) },
	"to-by":   func(c *collector, w *rawWhen, n *node) { w.toBy = c.one(n) },
	"attested": func(c *collector, w *rawWhen, n *node) {
		w.attested = c.flag(n)
	},
}

var evidenceFields = fields[rawEvidence]{
	"stance":     func(c *collector, e *rawEvidence, n *node) { e.stance = c.one(n) },
	"source":     func(c *collector, e *rawEvidence, n *node) { c.citation(e, n) },
	"quote":      func(c *collector, e *rawEvidence, n *node) { e.quote = c.one(n) },
	"locator":    func(c *collector, e *rawEvidence, n *node) { e.locator = c.one(n) },
	"said-by":    func(c *collector, e *rawEvidence, n *node) { e.saidBy = c.one(n) },
	"via":        func(c *collector, e *rawEvidence, n *node) { e.via = c.many(n) },
	"method":     func(c *collector, e *rawEvidence, n *node) { e.method = c.one(n) },
	"confidence": func(c *collector, e *rawEvidence, n *node) { e.confidence = c.share(n) },
	"note":       func(c *collector, e *rawEvidence, n *node) { e.note = c.one(n) },
	"duration":   func(c *collector, e *rawEvidence, n *node) { e.elapsed = c.one(n) },
	"count":      func(c *collector, e *rawEvidence, n *node) { e.count = c.one(n) },
	"start":      func(c *collector, e *rawEvidence, n *node) { e.start = c.count(n) },
	"end":        func(c *collector, e *rawEvidence, n *node) { e.end = c.count(n) },
}

func (c *collector) newFact(n *node) *rawFact {
	return &rawFact{source: c.source, pos: n.text, last: n.lastLine(), row: c.row, defaults: c.defaults}
}

// keep takes a fact that is read, and its local key.
func (c *collector) keep(f *rawFact) {
	if f.key.given() {
		if i, ok := c.keys[f.key.value]; ok {
			first := c.facts[i]
			c.fail(f.key, "key %q is given twice: first at %v", f.key.value, first.source.position(first.key))
			return
		}
		c.keys[f.key.value] = len(c.facts)
	}
	c.facts = append(c.facts, f)
}

// fact reads a fact: a sentence, or a mapping.
func (c *collector) fact(n *node) {
	f := c.newFact(n)
	c.factInto(f, n)
}

func (c *collector) factInto(f *rawFact, n *node) {
	if n.kind == mapNode {
		c.entries(n, "a fact", func(key text, v *node) bool { return c.factField(f, key, v) }, c.factKeys)
	} else {
		f.sentence = c.one(n)
	}
	switch {
	case c.failed():
		return
	case f.sentence.given() && f.verb.given():
		c.fail(f.verb, "a fact with both a sentence and a verb: %q", f.verb.value)
	case !f.sentence.given() && !f.verb.given():
		c.failWith(n.text, withHint(errNoVerb, "write fact: with a sentence, or verb: with actor: and recipient:"))
	case len(f.several) > 0 && f.evidence != nil && f.evidence.pos.given():
		c.fail(f.evidence.pos, "a fact with a list of evidence and evidence beside it: %q", f.evidence.pos.value)
	default:
		if c.mentionSides(f); !c.failed() {
			c.keep(f)
		}
	}
}

// mentionSides makes the names known whose kind is written beside them.
func (c *collector) mentionSides(f *rawFact) {
	for _, r := range f.roles {
		c.mention(f, f.kindOf(r.role), r.names)
	}
	if f.evidence != nil {
		c.mention(f, f.placeKind, f.evidence.at)
	}
}

func (c *collector) mention(f *rawFact, kind schema.Kind, names []text) {
	for _, t := range names {
		key := string(kind) + " " + t.value
		if kind == "" || c.mentioned[key] || strings.HasPrefix(t.value, "<") {
			continue
		}
		c.mentioned[key] = true
		label := c.label(t)
		e := schema.Entity{Kind: kind, Label: label, FromName: true, Pos: c.source.position(t)}
		if e.ID = schema.MakeID(kind, label); e.ID == "" {
			c.fail(t, "a name without letters or digits needs an id: %q", t.value)
			return
		}
		c.declare(&rawEntity{source: c.source, entity: e, last: f.last, mention: true, column: true})
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

func (c *collector) factField(f *rawFact, key text, v *node) bool {
	if set, ok := factFields[key.value]; ok {
		set(c, f, v)
		return true
	}
	if set, ok := whenFields[key.value]; ok {
		set(c, &f.when, v)
		return true
	}
	if set, ok := evidenceFields[key.value]; ok {
		e := f.beside()
		e.pos = cmp.Or(e.pos, key)
		set(c, e, v)
		return true
	}
	if key.value == string(schema.RoleAt) {
		f.beside().at = c.many(v)
		return true
	}
	if link := schema.LinkType(key.value); slices.Contains(schema.LinkTypes(), link) {
		f.links = append(f.links, rawLink{link, c.many(v)})
		return true
	}
	role := schema.Role(key.value)
	if _, ok := c.vocabulary.Role(role); !ok && !isSide(role) {
		return false
	}
	f.roles = append(f.roles, rawRole{role, c.many(v)})
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

func (c *collector) factKeys() []string {
	known := slices.Concat(factFields.names(), whenFields.names(), evidenceFields.names(),
		[]string{"at", "actor", "recipient", "party"})
	for _, l := range schema.LinkTypes() {
		known = append(known, string(l))
	}
	for _, r := range c.vocabulary.Roles() {
		known = append(known, string(r))
	}
	slices.Sort(known)
	return slices.Compact(known)
}

// evidenceItem reads one of several pieces of evidence.
func (c *collector) evidenceItem(n *node) *rawEvidence {
	e := &rawEvidence{pos: n.text}
	c.entries(n, "evidence", func(key text, v *node) bool { return c.evidenceField(e, key, v) }, evidenceKeys)
	return e
}

func (c *collector) evidenceField(e *rawEvidence, key text, v *node) bool {
	if set, ok := whenFields[key.value]; ok {
		if e.when == nil {
			e.when = &rawWhen{}
		}
		set(c, e.when, v)
		return true
	}
	if key.value == string(schema.RoleAt) {
		e.at = c.many(v)
		return true
	}
	set, ok := evidenceFields[key.value]
	if ok {
		set(c, e, v)
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
func (c *collector) citation(e *rawEvidence, n *node) {
	if n.kind != mapNode {
		e.source = c.one(n)
		return
	}
	e.source = text{line: n.line, col: n.col}
	if e.inline = c.cache[n.value]; e.inline != nil && n.given() {
		return
	}
	if e.inline = c.document(n, true); n.given() && e.inline != nil {
		c.cache[n.value] = e.inline
	}
}
