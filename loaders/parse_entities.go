package loaders

import (
	"fmt"
	"strings"

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

var entityFields = fields[draft]{
	"id":          func(c *collector, d *draft, n *node) { d.entity.ID = schema.ID(c.one(n).value) },
	"kind":        func(c *collector, d *draft, n *node) { d.entity.Kind = c.kind(n) },
	"name":        func(c *collector, d *draft, n *node) { d.entity.Label = c.line(n) },
	"aliases":     func(c *collector, d *draft, n *node) { d.entity.Aliases = c.aliases(n) },
	"country":     func(c *collector, d *draft, n *node) { d.country = c.one(n) },
	"born":        func(c *collector, d *draft, n *node) { d.entity.Born = c.date(n) },
	"identifiers": func(c *collector, d *draft, n *node) { d.entity.Identifiers = values(c.many(n)) },
	"description": func(c *collector, d *draft, n *node) { d.entity.Description = c.one(n).value },
	"posts":       func(c *collector, d *draft, n *node) { c.list(n, func(p *node) { d.posts = append(d.posts, p) }) },
}

func values(texts []text) []string {
	var all []string
	for _, t := range texts {
		all = append(all, t.value)
	}
	return all
}

func (c *collector) kind(n *node) schema.Kind {
	t := c.one(n)
	k, ok := schema.ParseKind(t.value)
	if !ok && t.given() {
		c.failWith(t, unknownWord("kind", t.value, func() []string {
			var all []string
			for _, k := range schema.Kinds() {
				all = append(all, string(k))
			}
			return all
		}))
	}
	return k
}

// date reads a written date.
func (c *collector) date(n *node) string {
	t := c.one(n)
	if _, err := (schema.When{Written: t.value}).Span(schema.Interaction); err != nil {
		c.failWith(t, err)
	}
	return t.value
}

func (c *collector) aliases(n *node) []schema.Text {
	items := []*node{n}
	if n.kind == listNode {
		items = n.items
	}
	var all []schema.Text
	for _, item := range items {
		alias := schema.Text{}
		if item.kind == mapNode {
			c.entries(item, "an alias", func(key text, v *node) bool {
				switch key.value {
				case "value":
					alias.Value = c.line(v)
				case "lang":
					alias.Lang = c.one(v).value
				default:
					return false
				}
				return true
			}, func() []string { return []string{"lang", "value"} })
		} else {
			alias.Value = c.line(item)
		}
		if alias.Value != "" {
			all = append(all, alias)
		}
	}
	return all
}

// entity reads an entity: a name alone where its kind is known, or a mapping.
func (c *collector) entity(n *node, kind schema.Kind) {
	d := &draft{rawEntity: rawEntity{source: c.source, last: n.lastLine()}}
	d.entity.Kind, d.entity.Pos = kind, c.at(n)
	if n.kind == mapNode {
		c.entries(n, "an entity", func(key text, v *node) bool { return c.entityField(d, key, v) }, c.entityKeys)
	} else if d.entity.Label = c.line(n); kind == "" {
		c.wrong(n, "a mapping")
	} else {
		d.mention = true
	}
	if d.entity.Kind == schema.Doc {
		c.fail(n.text, "a document is declared under sources, with its title")
	}
	c.identify(n.text, d)
	if c.failed() {
		return
	}
	c.declare(&d.rawEntity)
	for _, r := range d.relations {
		c.relate(d, r)
	}
	for _, p := range d.posts {
		c.item(p, func() { c.holding(p, d) })
	}
}

func (c *collector) entityField(d *draft, key text, v *node) bool {
	if set, ok := entityFields[key.value]; ok {
		set(c, d, v)
		return true
	}
	verb := schema.Verb(key.value)
	if verb == "at" {
		verb = "post-at"
	}
	if def, ok := c.vocabulary.Lookup(verb); !ok || def.Kind != schema.Relation {
		return false
	}
	key.value = string(verb)
	d.relations = append(d.relations, rawRelation{key, c.many(v)})
	return true
}

func (c *collector) entityKeys() []string {
	known := append(entityFields.names(), "at")
	for _, v := range c.vocabulary.Verbs() {
		if def, _ := c.vocabulary.Lookup(v); def.Kind == schema.Relation {
			known = append(known, string(v))
		}
	}
	return known
}

// identify gives an entity its id and checks the one that it was given.
func (c *collector) identify(t text, d *draft) {
	e := &d.entity
	switch {
	case c.failed():
	case e.Kind == "":
		c.fail(t, "an entity without a kind: %q", e.Label)
	case e.Label == "":
		c.fail(t, "an entity without a name")
	case e.ID == "":
		e.ID, e.FromName = schema.MakeID(e.Kind, e.Label), true
		if e.ID == "" {
			c.fail(t, "a name without letters or digits needs an id: %q", e.Label)
		}
	default:
		c.checkID(t, e.ID, e.Kind)
	}
	if err := schema.CheckEntity(*e); err != nil && !c.failed() {
		c.failWith(t, err)
	}
}

func (c *collector) checkID(t text, id schema.ID, kind schema.Kind) {
	if !strings.Contains(string(id), ":") {
		c.failWith(t, suggestID(fmt.Errorf("%w: %q has no kind before it", schema.ErrID, id), kind, string(id)))
		return
	}
	if err := schema.CheckID(id); err != nil {
		_, local, _ := strings.Cut(string(id), ":")
		c.failWith(t, suggestID(err, kind, local))
	} else if got := schema.KindOf(id); got != kind {
		c.fail(t, "the id of a %s begins with %q: %q", kind, kind.Prefix()+":", id)
	}
}

// suggestID advises an id made of what was written as one.
func suggestID(err error, kind schema.Kind, written string) error {
	id := schema.MakeID(kind, written)
	if id == "" {
		return err
	}
	return withHint(err, fmt.Sprintf("write %s", id))
}

// relate makes the fact that a relation's verb as a key of an entity stands for.
func (c *collector) relate(d *draft, r rawRelation) {
	for _, to := range r.to {
		f := &rawFact{source: c.source, pos: to, last: d.last, row: c.row, defaults: c.defaults, verb: r.verb, subject: d.entity.ID}
		f.roles = []rawRole{{schema.RoleRecipient, []text{to}}}
		c.keep(f)
	}
}

// holding reads one post that a person holds.
func (c *collector) holding(n *node, d *draft) {
	f := c.newFact(n)
	f.verb, f.subject = text{"holds-post", n.line, n.col}, d.entity.ID
	var post text
	if n.kind != mapNode {
		post = c.one(n)
	} else {
		c.entries(n, "a post held", func(key text, v *node) bool {
			if key.value == "post" {
				post = c.one(v)
				return true
			}
			return key.value != "fact" && key.value != "verb" && c.factField(f, key, v)
		}, func() []string { return append(c.factKeys(), "post") })
	}
	f.roles = append(f.roles, rawRole{schema.RoleRecipient, []text{post}})
	if !post.given() {
		c.fail(n.text, "a post held without its post")
	}
	if !c.failed() {
		c.keep(f)
	}
}
