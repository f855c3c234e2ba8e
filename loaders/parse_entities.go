package loaders

import (
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
