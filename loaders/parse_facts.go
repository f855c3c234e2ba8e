package loaders

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

var factFields = fields[*parser, factDraft]{
	"fact":           func(p *parser, f *factDraft, n *node) { f.sentence = p.values.text(n) },
	"verb":           func(p *parser, f *factDraft, n *node) { f.verb = p.values.text(n) },
	"actor-kind":     func(p *parser, f *factDraft, n *node) { f.actorKind = p.values.kind(n) },
	"recipient-kind": func(p *parser, f *factDraft, n *node) { f.recipientKind = p.values.kind(n) },
	"at-kind":        func(p *parser, f *factDraft, n *node) { f.placeKind = p.values.kind(n) },
	"topic":          func(p *parser, f *factDraft, n *node) { f.topic = p.values.text(n) },
	"status":         func(p *parser, f *factDraft, n *node) { f.status = p.values.text(n) },
	"key":            func(p *parser, f *factDraft, n *node) { f.key = p.values.text(n) },
	"source-key":     func(p *parser, f *factDraft, n *node) { f.sourceKey = p.values.text(n) },
	"evidence": func(p *parser, f *factDraft, n *node) {
		if n.kind == mapNode {
			f.evidenceList = append(f.evidenceList[:0], p.evidence(n))
			return
		}
		p.values.list(n, func(item *node) { f.evidenceList = append(f.evidenceList, p.evidence(item)) })
	},
}

var whenFields = fields[valueReader, whenDraft]{
	"when":     func(v valueReader, w *whenDraft, n *node) { w.when = v.text(n) },
	"since":    func(v valueReader, w *whenDraft, n *node) { w.since = v.text(n) },
	"until":    func(v valueReader, w *whenDraft, n *node) { w.until = v.text(n) },
	"words":    func(v valueReader, w *whenDraft, n *node) { w.words = v.text(n) },
	"anchor":   func(v valueReader, w *whenDraft, n *node) { w.anchor = v.text(n) },
	"from-by":  func(v valueReader, w *whenDraft, n *node) { w.fromBy = v.text(n) },
	"to-by":    func(v valueReader, w *whenDraft, n *node) { w.toBy = v.text(n) },
	"attested": func(v valueReader, w *whenDraft, n *node) { w.attested = v.boolean(n) },
}

var evidenceFields = fields[*parser, evidenceDraft]{
	"stance":      func(p *parser, e *evidenceDraft, n *node) { e.stance = p.values.text(n) },
	"source":      func(p *parser, e *evidenceDraft, n *node) { p.citation(e, n) },
	"quote":       func(p *parser, e *evidenceDraft, n *node) { e.quote = p.values.text(n) },
	"locator":     func(p *parser, e *evidenceDraft, n *node) { e.locator = p.values.text(n) },
	"said-by":     func(p *parser, e *evidenceDraft, n *node) { e.saidBy = p.values.text(n) },
	"via":         func(p *parser, e *evidenceDraft, n *node) { e.via = p.values.texts(n) },
	"method":      func(p *parser, e *evidenceDraft, n *node) { e.method = p.values.text(n) },
	"confidence":  func(p *parser, e *evidenceDraft, n *node) { e.confidence = p.values.fraction(n) },
	"note":        func(p *parser, e *evidenceDraft, n *node) { e.note = p.values.text(n) },
	"duration":    func(p *parser, e *evidenceDraft, n *node) { e.duration = p.values.text(n) },
	"count":       func(p *parser, e *evidenceDraft, n *node) { e.count = p.values.text(n) },
	"start":       func(p *parser, e *evidenceDraft, n *node) { e.start = p.values.wholeNumber(n) },
	"review":      func(p *parser, e *evidenceDraft, n *node) { e.review.state = p.values.text(n) },
	"model":       func(p *parser, e *evidenceDraft, n *node) { e.review.model = p.values.text(n) },
	"reviewed-by": func(p *parser, e *evidenceDraft, n *node) { e.review.by = p.values.text(n) },
	"reviewed-on": func(p *parser, e *evidenceDraft, n *node) { e.review.on = p.values.text(n) },
	"review-note": func(p *parser, e *evidenceDraft, n *node) { e.review.note = p.values.text(n) },
	"end":         func(p *parser, e *evidenceDraft, n *node) { e.end = p.values.wholeNumber(n) },
}

func (p *parser) newFact(n *node) *factDraft {
	f := p.drafts.newFact()
	f.source, f.pos, f.lastLine, f.row, f.defaults, f.dates = p.source, n.text, max(n.lastLine(), p.lastLine, p.rowEnd), p.row, p.defaults, p.values.dates
	if p.made != nil {
		f.isCoded, f.lacks = p.made.IsCoded, p.made.Lacks
	}
	return f
}

// addFact adds a parsed fact, its local key and its errors: they are reported
// together with those of its names.
func (p *parser) addFact(f *factDraft) {
	first, again := p.drafts.firstWithKey(f.key)
	if again {
		p.item.field = "key"
		p.item.fail(schema.RepeatedIdentity, f.key, "key %q is given twice: first at %v", f.key.value, first)
		f.key = text{}
	}
	f.errs = p.item.take()
	p.drafts.addFact(f)
}

// fact reads a fact: a sentence, or a mapping.
func (p *parser) fact(n *node) {
	f := p.newFact(n)
	if n.kind == mapNode {
		p.values.entries(n, "a fact", func(key text, v *node) bool { return p.factField(f, key, v) }, p.knownFactKeys)
	} else {
		f.sentence = p.values.text(n)
	}
	p.checkParts(n, f)
	p.addMentions(f)
	p.addFact(f)
}

// checkParts checks that a fact has one verb and one kind of evidence.
func (p *parser) checkParts(n *node, f *factDraft) {
	switch {
	case f.sentence.isSet() && f.verb.isSet():
		p.item.fail(schema.ConflictingValues, f.verb, "a fact with both a sentence and a verb: %q", f.verb.value)
	case f.sentence.isSet() || f.verb.isSet():
	case p.item.failed() && (n.kind != mapNode || p.values.mayHave(n, "fact", "verb")):
	default:
		p.item.failWith(n.text, faultOf(schema.MissingValue, withHint(errNoVerb, "write fact: with a sentence, or verb: with actor: and recipient:")))
	}
	if len(f.evidenceList) > 0 && f.ownEvidence != nil && f.ownEvidence.pos.isSet() {
		p.item.fail(schema.ConflictingValues, f.ownEvidence.pos, "a fact with a list of evidence and evidence beside it: %q", f.ownEvidence.pos.value)
	}
}

// addMentions adds entities for the names that have their kind beside them. A fact
// with errors declares nothing.
func (p *parser) addMentions(f *factDraft) {
	f.declaresNothing = p.item.failed()
	for _, r := range f.roles {
		p.addMention(f, f.kindOf(r.role), r.names)
	}
	if f.ownEvidence != nil {
		p.addMention(f, f.placeKind, f.ownEvidence.at)
	}
}

func (p *parser) addMention(f *factDraft, kind schema.Kind, names []text) {
	for _, t := range names {
		if kind == "" || strings.HasPrefix(t.value, "<") || !f.declaresNothing && p.drafts.isMentioned(kind, t, p.source) || isNoName(t.value, kind) {
			continue
		}
		label := p.values.nameOf(t)
		e := schema.Entity{Kind: kind, Label: label, FromName: true, Pos: p.source.position(t)}
		e.ID = schema.MakeID(kind, label)
		if f.declaresNothing && e.ID != "" {
			continue
		}
		if !f.declaresNothing && (e.ID == "" || strings.ContainsAny(t.value, "\r\n")) {
			p.drafts.addBadMention(kind, t.value, e.Pos)
		}
		if e.ID == "" {
			p.item.fail(schema.BadText, t, "a name without letters or digits needs an id: %q", t.value)
			continue
		}
		p.drafts.addMention(entityDraft{file: p.source.file, entity: e, lastLine: f.lastLine, isMention: true, inColumn: true}, t.value)
	}
}

// missingName is the hint about a name such as "N/A".
const missingName = "leave it empty where the name is not known, or leave the row out; an entity that is really called so is declared with an id"

// isNoName reports whether the text of a cell is no name of its kind, but a mark for a
// missing one or a list of names. Such a text declares no entity.
func isNoName(name string, kind schema.Kind) bool {
	return schema.IsMissing(name) || isNameList(name, kind)
}

// isNameList reports whether a name is a list of names with semicolons between. The
// entities of HTML have semicolons too.
func isNameList(name string, kind schema.Kind) bool {
	return strings.Contains(name, ";") && !strings.Contains(name, "&") && slices.Contains([]schema.Kind{schema.Person, schema.Country, schema.Institution}, kind)
}

// kindOf returns the kind that is written for the players of a role; empty if
// there is none.
func (f *factDraft) kindOf(role schema.Role) schema.Kind {
	switch role {
	case schema.RoleActor:
		return f.actorKind
	case schema.RoleRecipient:
		return f.recipientKind
	}
	return ""
}

func (p *parser) factField(f *factDraft, key text, v *node) bool {
	read := p.factKey(key.value)
	if read != nil {
		read(p, f, key, v)
	}
	return read != nil
}

// factKey reads the value of one key of a fact.
type factKey func(p *parser, f *factDraft, key text, v *node)

// factKeysOf returns all keys that a fact may have.
func factKeysOf(v *schema.Vocabulary) map[string]factKey {
	keys := make(map[string]factKey)
	for _, role := range append(v.Roles(), schema.RoleActor, schema.RoleRecipient, schema.RoleParty) {
		keys[string(role)] = func(p *parser, f *factDraft, _ text, v *node) {
			f.roles = append(f.roles, roleDraft{role, p.values.texts(v)})
		}
	}
	for _, link := range schema.LinkTypes() {
		keys[string(link)] = func(p *parser, f *factDraft, _ text, v *node) {
			f.links = append(f.links, linkDraft{link, p.values.texts(v)})
		}
	}
	keys[string(schema.RoleAt)] = func(p *parser, f *factDraft, _ text, v *node) { p.ownEvidence(f).at = p.values.texts(v) }
	for name, set := range evidenceFields {
		keys[name] = func(p *parser, f *factDraft, key text, v *node) {
			e := p.ownEvidence(f)
			e.pos = cmp.Or(e.pos, key)
			set(p, e, v)
		}
	}
	for name, set := range whenFields {
		keys[name] = func(p *parser, f *factDraft, _ text, v *node) { set(p.values, &f.when, v) }
	}
	for name, set := range factFields {
		keys[name] = func(p *parser, f *factDraft, _ text, v *node) { set(p, f, v) }
	}
	return keys
}

// ownEvidence returns the evidence that is made of keys of the fact itself.
func (p *parser) ownEvidence(f *factDraft) *evidenceDraft {
	if f.ownEvidence == nil {
		f.ownEvidence = p.drafts.newEvidence()
	}
	return f.ownEvidence
}

func isSide(r schema.Role) bool {
	return r == schema.RoleActor || r == schema.RoleRecipient || r == schema.RoleParty
}

// knownFactKeys lists the keys of a fact, sorted.
func (p *parser) knownFactKeys() []string { return slices.Sorted(maps.Keys(p.factKeys)) }

// evidence reads one item of a list of evidence.
func (p *parser) evidence(n *node) *evidenceDraft {
	e := p.drafts.newEvidence()
	e.pos = n.text
	p.values.entries(n, "evidence", func(key text, v *node) bool { return p.evidenceField(e, key, v) }, evidenceKeys)
	return e
}

func (p *parser) evidenceField(e *evidenceDraft, key text, v *node) bool {
	if set, ok := evidenceFields[key.value]; ok {
		set(p, e, v)
		return true
	}
	if key.value == string(schema.RoleAt) {
		e.at = p.values.texts(v)
		return true
	}
	set, ok := whenFields[key.value]
	if ok {
		if e.when == nil {
			e.when = &whenDraft{}
		}
		set(p.values, e.when, v)
	}
	return ok
}

func evidenceKeys() []string {
	known := slices.AppendSeq([]string{"at"}, maps.Keys(evidenceFields))
	known = slices.AppendSeq(known, maps.Keys(whenFields))
	slices.Sort(known)
	return known
}

// citation reads the source of evidence: a key, an id or a title, or a mapping
// that describes the source.
func (p *parser) citation(e *evidenceDraft, n *node) {
	if n.kind != mapNode {
		e.source = p.values.text(n)
		return
	}
	e.source = text{line: n.line, col: n.col}
	if n.isSet() {
		e.inline = p.drafts.citedInCells(n.value, func() documentNumber { return p.document(n, true) })
	} else {
		e.inline = p.document(n, true)
	}
	e.failedSource = e.inline == 0
}
