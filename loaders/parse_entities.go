package loaders

import (
	"github.com/entente-kg/entente/schema"
)

// lists are the top-level lists whose items are of one kind.
var lists = map[string]schema.Kind{
	"people": schema.Person, "posts": schema.Post, "institutions": schema.Institution,
	"groups": schema.Group, "countries": schema.Country, "places": schema.Place,
	"gatherings": schema.Gathering, "things": schema.Thing,
}

// draft is an entity while it is read.
type draft struct {
	rawEntity
	posts     []*node
	relations []rawRelation
}

type rawRelation struct {
	verb text
	to   []text
}

var entityFields = fields[valueReader, draft]{
	"id":          func(v valueReader, d *draft, n *node) { d.entity.ID = schema.ID(v.one(n).value) },
	"kind":        func(v valueReader, d *draft, n *node) { d.entity.Kind = v.kind(n) },
	"name":        func(v valueReader, d *draft, n *node) { d.entity.Label = v.line(n) },
	"aliases":     func(v valueReader, d *draft, n *node) { d.entity.Aliases = v.aliases(n) },
	"country":     func(v valueReader, d *draft, n *node) { d.country = v.one(n) },
	"born":        func(v valueReader, d *draft, n *node) { d.entity.Born = v.date(n) },
	"identifiers": func(v valueReader, d *draft, n *node) { d.entity.Identifiers = textValues(v.many(n)) },
	"description": func(v valueReader, d *draft, n *node) { d.entity.Description = v.one(n).value },
	"posts":       func(v valueReader, d *draft, n *node) { v.list(n, func(p *node) { d.posts = append(d.posts, p) }) },
}

// entity reads an entity: a name alone where its kind is known, or a mapping.
func (p *parser) entity(n *node, kind schema.Kind) {
	d := &draft{rawEntity: rawEntity{source: p.source, last: n.lastLine()}}
	d.entity.Kind, d.entity.Pos = kind, p.source.position(n.text)
	if n.kind == mapNode {
		p.values.entries(n, "an entity", func(key text, v *node) bool { return p.entityField(d, key, v) }, p.entityKeys)
	} else if d.entity.Label = p.values.line(n); kind == "" {
		p.values.wrong(n, "a mapping")
	} else {
		d.mention = true
	}
	if d.entity.Kind == schema.Doc {
		p.item.fail(n.text, "a document is declared under sources, with its title")
	}
	p.identify(n.text, d)
	if p.item.failed() {
		return
	}
	p.drafts.addEntity(&d.rawEntity)
	for _, r := range d.relations {
		p.relate(d, r)
	}
	for _, post := range d.posts {
		p.readItem(post, func() { p.holding(post, d) })
	}
}

func (p *parser) entityField(d *draft, key text, v *node) bool {
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
	d.relations = append(d.relations, rawRelation{key, p.values.many(v)})
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

// identify gives an entity its id and checks the one that it was given.
func (p *parser) identify(t text, d *draft) {
	e := &d.entity
	switch {
	case p.item.failed():
	case e.Kind == "":
		p.item.fail(t, "an entity without a kind: %q", e.Label)
	case e.Label == "":
		p.item.fail(t, "an entity without a name")
	case e.ID == "":
		e.ID, e.FromName = schema.MakeID(e.Kind, e.Label), true
		if e.ID == "" {
			p.item.fail(t, "a name without letters or digits needs an id: %q", e.Label)
		}
	default:
		p.values.checkID(t, e.ID, e.Kind)
	}
	if err := schema.CheckEntity(*e); err != nil && !p.item.failed() {
		p.item.failWith(t, err)
	}
}

// relate makes the fact that a relation's verb as a key of an entity stands for.
func (p *parser) relate(d *draft, r rawRelation) {
	for _, to := range r.to {
		f := &rawFact{source: p.source, pos: to, last: d.last, row: p.row, defaults: p.defaults, verb: r.verb, subject: d.entity.ID}
		f.roles = []rawRole{{schema.RoleRecipient, []text{to}}}
		p.keep(f)
	}
}

// holding reads one post that a person holds.
func (p *parser) holding(n *node, d *draft) {
	f := p.newFact(n)
	f.verb, f.subject = text{"holds-post", n.line, n.col}, d.entity.ID
	var post text
	if n.kind != mapNode {
		post = p.values.one(n)
	} else {
		p.values.entries(n, "a post held", func(key text, v *node) bool {
			if key.value == "post" {
				post = p.values.one(v)
				return true
			}
			return key.value != "fact" && key.value != "verb" && p.factField(f, key, v)
		}, func() []string { return append(p.factKeys(), "post") })
	}
	f.roles = append(f.roles, rawRole{schema.RoleRecipient, []text{post}})
	if !post.given() {
		p.item.fail(n.text, "a post held without its post")
	}
	if !p.item.failed() {
		p.keep(f)
	}
}
