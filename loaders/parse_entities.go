package loaders

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// kindOfList maps each top-level list to the kind of its items.
var kindOfList = map[string]schema.Kind{
	"people": schema.Person, "posts": schema.Post, "institutions": schema.Institution,
	"groups": schema.Group, "countries": schema.Country, "places": schema.Place,
	"gatherings": schema.Gathering, "things": schema.Thing,
}

// parsedEntity is an entity and the posts and relations under its other keys.
type parsedEntity struct {
	entityDraft
	posts     []*node
	relations []relationDraft
}

type relationDraft struct {
	verb text
	to   []text
}

var entityFields = fields[valueReader, parsedEntity]{
	"id":      func(v valueReader, d *parsedEntity, n *node) { d.entity.ID = schema.ID(v.text(n).value) },
	"kind":    func(v valueReader, d *parsedEntity, n *node) { d.entity.Kind = v.kind(n) },
	"name":    func(v valueReader, d *parsedEntity, n *node) { d.entity.Label = v.name(n) },
	"aliases": func(v valueReader, d *parsedEntity, n *node) { d.entity.Aliases = v.aliases(n) },
	"country": func(v valueReader, d *parsedEntity, n *node) {
		if t := v.text(n); t.isSet() {
			d.country = &countryDraft{strings.Clone(t.value), v.item.source.position(t)}
		}
	},
	"born":        func(v valueReader, d *parsedEntity, n *node) { d.entity.Born = v.birthday(n) },
	"identifiers": func(v valueReader, d *parsedEntity, n *node) { d.entity.Identifiers = textValues(v.texts(n)) },
	"description": func(v valueReader, d *parsedEntity, n *node) { d.entity.Description = v.text(n).value },
	"posts": func(v valueReader, d *parsedEntity, n *node) {
		v.list(n, func(p *node) { d.posts = append(d.posts, p) })
	},
}

// entity reads an entity: a mapping, or a name alone in a list whose kind is
// known.
func (p *parser) entity(n *node, kind schema.Kind) {
	d := &parsedEntity{entityDraft: entityDraft{file: p.source.file, lastLine: max(n.lastLine(), p.lastLine, p.rowEnd), inRow: p.lastLine > 0}}
	d.entity.Kind, d.entity.Pos = kind, p.source.position(n.text)
	if n.kind == mapNode {
		p.values.entries(n, "an entity", func(key text, v *node) bool { return p.entityField(d, key, v) }, p.entityKeys)
	} else if d.entity.Label = p.values.name(n); kind == "" {
		p.values.wrongType(n, "a mapping")
	} else {
		d.isMention = true
	}
	p.identifyEntity(n, d)
	d.errs = p.item.take()
	p.drafts.addEntity(d.entityDraft)
	for _, r := range d.relations {
		p.relationFacts(d, r)
	}
	for _, post := range d.posts {
		p.readItem(post, func() { p.heldPost(post, d) })
	}
}

func (p *parser) entityField(d *parsedEntity, key text, v *node) bool {
	if set, ok := entityFields[key.value]; ok {
		set(p.values, d, v)
		return true
	}
	verb := schema.Verb(key.value)
	if verb == "at" {
		verb = "post-at"
	}
	if p.vocabulary.VerbKind(verb) != schema.Relation {
		return false
	}
	key.value = string(verb)
	d.relations = append(d.relations, relationDraft{key, p.values.texts(v)})
	return true
}

func (p *parser) entityKeys() []string {
	known := append(entityFields.names(), "at")
	for _, v := range p.vocabulary.Verbs() {
		if p.vocabulary.VerbKind(v) == schema.Relation {
			known = append(known, string(v))
		}
	}
	return known
}

// identifyEntity sets the id of an entity, or checks the id that is written. What is
// missing after an error may follow from that error.
func (p *parser) identifyEntity(n *node, d *parsedEntity) {
	e, t := &d.entity, n.text
	if e.Kind == schema.Doc {
		p.item.fail(schema.WrongKind, t, "a document is declared under sources, with its title")
	} else if e.Kind == "" && !(p.item.failed() && (n.kind != mapNode || p.values.mayHave(n, "kind"))) {
		p.item.fail(schema.MissingValue, t, "an entity without a kind: %q", e.Label)
	}
	switch failed := p.item.failed(); {
	case e.Label == "" && failed && p.values.mayHave(n, "name"):
	case e.Label == "" && n.kind != mapNode:
	case e.Label == "":
		p.item.fail(schema.MissingValue, t, "an entity without a name")
	case e.Kind == "" || e.ID == "" && failed && p.values.mayHave(n, "id"):
	case e.ID == "":
		e.ID, e.FromName = schema.MakeID(e.Kind, e.Label), true
		if e.ID == "" {
			p.item.fail(schema.BadText, t, "a name without letters or digits needs an id: %q", e.Label)
		} else if isNameList(e.Label, e.Kind) {
			p.item.failWith(t, faultOf(schema.BadText, withHint(fmt.Errorf("several names in one: %q", shorten(e.Label)), `write each name by itself, or give an entity with such a name an id; a mapping has split: ";"`)))
		} else if schema.IsMissing(e.Label) {
			p.item.failWith(t, faultOf(schema.BadText, withHint(fmt.Errorf("a mark for a name that is not known: %q", e.Label), missingName)))
		}
	default:
		p.values.checkID(t, e.ID, e.Kind)
	}
	if err := schema.CheckEntity(*e); err != nil && !p.item.failed() {
		p.item.failWith(t, err)
	}
}

// mention declares the entity of an id, if nothing else of the dataset declares it. Of any
// kind is a mention that gives way to an entity of another kind with the same id, too.
func (p *parser) mention(n *node, ofAnyKind bool) {
	d := &parsedEntity{entityDraft: entityDraft{file: p.source.file, lastLine: p.lastLine, isMention: true, isByID: true, isOfAnyKind: ofAnyKind}}
	d.entity.Pos = p.source.position(n.text)
	p.values.entries(n, "an entity", func(key text, v *node) bool { return p.entityField(d, key, v) }, p.entityKeys)
	p.identifyEntity(n, d)
	d.errs = p.item.take()
	p.drafts.addEntity(d.entityDraft)
}

// relationFacts adds the facts for a key of an entity that is the verb of a
// relation.
func (p *parser) relationFacts(d *parsedEntity, r relationDraft) {
	for _, to := range r.to {
		f := p.drafts.newFact()
		*f = factDraft{source: p.source, pos: to, lastLine: d.lastLine, row: p.row, defaults: p.defaults, verb: r.verb, subject: d.entity.ID, ofRejected: len(d.errs) > 0, isUnplaced: p.lastLine > 0}
		f.roles = []roleDraft{{schema.RoleRecipient, []text{to}}}
		p.addFact(f)
	}
}

// heldPost reads one post that a person holds, as a fact.
func (p *parser) heldPost(n *node, d *parsedEntity) {
	f := p.newFact(n)
	f.verb, f.subject, f.ofRejected = text{"holds-post", n.line, n.col}, d.entity.ID, len(d.errs) > 0
	var post text
	if n.kind != mapNode {
		post = p.values.text(n)
	} else {
		p.values.entries(n, "a post held", func(key text, v *node) bool {
			if key.value == "post" {
				post = p.values.text(v)
				return true
			}
			return isKeyOfPost(key.value) && p.factField(f, key, v)
		}, func() []string { return append(p.knownFactKeys(), "post") })
	}
	f.roles = append(f.roles, roleDraft{schema.RoleRecipient, []text{post}})
	if !post.isSet() && !(p.item.failed() && (n.kind != mapNode || p.values.mayHave(n, "post"))) {
		p.item.fail(schema.MissingValue, n.text, "a post held without its post")
	}
	p.addFact(f)
}

// isKeyOfPost reports whether a post held may have a key of a fact.
func isKeyOfPost(key string) bool { return key != "fact" && key != "verb" }

type parsedDocument struct {
	documentDraft
	key                  text
	archived, archivedOn text // where the archived copy and its day are written
}

var sourceFields = fields[valueReader, parsedDocument]{
	"key":         func(v valueReader, d *parsedDocument, n *node) { d.key = v.text(n) },
	"id":          func(v valueReader, d *parsedDocument, n *node) { d.document.ID = schema.ID(v.text(n).value) },
	"kind":        func(v valueReader, d *parsedDocument, n *node) { d.document.Kind = v.kind(n) },
	"title":       func(v valueReader, d *parsedDocument, n *node) { d.document.Label = v.name(n) },
	"name":        func(v valueReader, d *parsedDocument, n *node) { d.document.Label = v.name(n) },
	"aliases":     func(v valueReader, d *parsedDocument, n *node) { d.document.Aliases = v.aliases(n) },
	"publisher":   func(v valueReader, d *parsedDocument, n *node) { d.document.Publisher = v.name(n) },
	"author":      func(v valueReader, d *parsedDocument, n *node) { d.document.Author = v.name(n) },
	"published":   func(v valueReader, d *parsedDocument, n *node) { d.document.Published.Written = v.date(n) },
	"url":         func(v valueReader, d *parsedDocument, n *node) { d.document.URL = v.text(n).value },
	"archived":    func(v valueReader, d *parsedDocument, n *node) { v.archived(n, d) },
	"archived-on": func(v valueReader, d *parsedDocument, n *node) { v.archivedOn(n, d) },
	"accessed":    func(v valueReader, d *parsedDocument, n *node) { d.document.Accessed = v.date(n) },
	"language":    func(v valueReader, d *parsedDocument, n *node) { d.document.Language = v.text(n).value },
	"sha256":      func(v valueReader, d *parsedDocument, n *node) { d.document.SHA256 = v.text(n).value },
	"identifiers": func(v valueReader, d *parsedDocument, n *node) { d.document.Identifiers = textValues(v.texts(n)) },
	"description": func(v valueReader, d *parsedDocument, n *node) { d.document.Description = v.text(n).value },
}

// document reads a source: a declaration, or a mention inside evidence. It
// returns 0 after an error.
func (p *parser) document(n *node, mention bool) documentNumber {
	before := len(p.item.errs)
	d := &parsedDocument{documentDraft: documentDraft{file: p.source.file, lastLine: max(n.lastLine(), p.lastLine, p.rowEnd), isMention: mention}}
	d.document.Pos = p.source.position(n.text)
	if n.kind == mapNode {
		p.values.entries(n, "a source", func(key text, v *node) bool {
			set, ok := sourceFields[key.value]
			if ok {
				set(p.values, d, v)
			}
			return ok
		}, sourceFields.names)
	} else {
		d.document.Label = p.values.name(n)
	}
	p.checkArchived(d)
	p.identifyDocument(n, d, len(p.item.errs) > before)
	if len(p.item.errs) > before {
		p.drafts.addRejectedSource(d.document.Label, string(d.document.ID), d.key.value)
		return 0
	}
	if d.key.isSet() {
		if first, again := p.drafts.firstWithSourceKey(d.key.value, d.document.Pos); again {
			p.item.fail(schema.RepeatedIdentity, d.key, "source key %q is given twice: first at %v", d.key.value, first)
			d.repeatsKey = true
		}
		d.hasKey = true
	}
	return p.drafts.addDocument(d.documentDraft, d.key.value)
}

// identifyDocument sets the id of a source, or checks the id that is written. What
// is missing after an error may follow from that error.
func (p *parser) identifyDocument(n *node, d *parsedDocument, failed bool) {
	doc := &d.document
	doc.Label = cmp.Or(doc.Label, doc.URL)
	if doc.Kind != "" && doc.Kind != schema.Doc {
		p.item.fail(schema.WrongKind, n.text, "a source is a Document, not a %s", doc.Kind)
	}
	switch {
	case doc.Label == "" && failed && p.values.mayHave(n, "title", "name", "url"):
	case doc.Label == "":
		p.item.fail(schema.MissingValue, n.text, "a source without a title")
	case doc.ID == "" && failed && p.values.mayHave(n, "id"):
	case doc.ID == "":
		doc.ID, doc.FromName = schema.MakeDocumentID(*doc), true
		if schema.MakeID(schema.Doc, doc.Label) == "" {
			p.item.fail(schema.BadText, n.text, "a title without letters or digits needs an id: %q", doc.Label)
		}
	default:
		p.values.checkID(n.text, doc.ID, schema.Doc)
	}
	doc.Kind = schema.Doc
}

// archived reads the archived copy of a source: its address, or a mapping of its address
// and the day on which it was made.
func (v valueReader) archived(n *node, d *parsedDocument) {
	address := func(n *node) {
		d.archived = v.text(n)
		d.document.Archived.URL = d.archived.value
	}
	if n.kind != mapNode {
		address(n)
		return
	}
	v.entries(n, "an archived copy", func(key text, value *node) bool {
		switch key.value {
		case "url":
			address(value)
		case "on":
			v.archivedOn(value, d)
		default:
			return false
		}
		return true
	}, archivedKeys)
}

func archivedKeys() []string { return []string{"on", "url"} }

// archivedOn reads the day on which the archived copy of a source was made.
func (v valueReader) archivedOn(n *node, d *parsedDocument) {
	day, a := v.date(n), &d.document.Archived
	if a.On != "" && day != "" && day != a.On {
		v.item.fail(schema.ConflictingValues, n.text, "two days of one archived copy: %s and %s", a.On, day)
		return
	}
	a.On, d.archivedOn = cmp.Or(day, a.On), n.text
}

// checkArchived checks the archived copy of a source. An error is where its address or
// its day is written.
func (p *parser) checkArchived(d *parsedDocument) {
	err := d.document.Archived.Check()
	if err == nil {
		return
	}
	outer, at := p.item.field, d.archived
	p.item.field = "archived"
	if !at.isSet() || errors.Is(err, schema.ErrDate) {
		p.item.field, at = "archived-on", d.archivedOn
	}
	p.item.failWith(at, err)
	p.item.field = outer
}
