package popolo

import (
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// entity is an entity that an object declares, or to which one refers.
type entity struct {
	kind schema.Kind
	id   schema.ID
	node *mapping.Node // where the id or the object stands
}

// ref returns the text that refers to an entity; nil for none.
func (e *entity) ref() *mapping.Item {
	if e == nil {
		return nil
	}
	return &mapping.Item{Text: "<" + string(e.id) + ">", Line: e.node.Line, Col: e.node.Col, Field: e.node.Path()}
}

// id returns the id of an entity by its id in the file, and its name for as long as
// nothing gives it another.
func (o *objects) id(kind schema.Kind, id string) (schema.ID, string) {
	if o.idOf != nil {
		return o.idOf(kind, id)
	}
	return entityID(o.run.Dataset, kind, id), id
}

// identify returns the entity that an object declares, by its id or else by its name; nil
// if it has neither, which is an error.
func (o *objects) identify(kind schema.Kind, n *mapping.Node, name string) *entity {
	e := &entity{kind: kind, node: n}
	if at := n.Child("id"); at != nil && at.Value() != "" {
		e.id, _ = o.id(kind, at.Value())
	} else {
		e.id = schema.MakeID(kind, name)
	}
	if e.id == "" {
		o.fail(n, "name", problem{schema.MissingValue, "an object without an id and without a name"})
		return nil
	}
	return e
}

// declare begins the record of an entity.
func (o *objects) declare(e *entity, name *mapping.Item) *mapping.Item {
	item := mapping.ItemAt(e.node)
	item.PutText("id", string(e.id))
	item.PutText("kind", string(e.kind))
	if name == nil {
		_, text := o.id(e.kind, e.node.TextOf("id"))
		name = &mapping.Item{Text: text, Line: e.node.Line, Col: e.node.Col}
	}
	item.Put("name", name)
	return item
}

// finish adds what all classes say in the same way, and makes the record.
func (o *objects) finish(item *mapping.Item, n *mapping.Node, aliases []*mapping.Item, description ...string) {
	item.Put("aliases", mapping.ListItem(append(otherNames(n), aliases...)...))
	item.Put("identifiers", identifiers(n))
	for _, key := range description {
		if text := mapping.TextItem(n.Child(key)); text != nil {
			text.Text = strings.Join(strings.Fields(text.Text), " ")
			item.Put("description", text)
			break
		}
	}
	o.make(mapping.Entity, item)
}

// otherNames returns the other names or labels of an object, with their languages.
func otherNames(n *mapping.Node) (out []*mapping.Item) {
	for _, list := range []string{"other_names", "other_labels", "other_label", "other_name"} {
		for c := range n.All(list) {
			name := firstChild(c, "name", "label")
			if len(c.Children) == 0 {
				name = c
			}
			text := mapping.TextItem(name)
			if text == nil || schema.IsMissing(text.Text) {
				continue
			}
			text.Text = strings.Join(strings.Fields(text.Text), " ")
			alias := mapping.ItemAt(name)
			alias.Put("value", text)
			if lang := c.TextOf("lang"); language().MatchString(lang) {
				alias.PutText("lang", lang)
			}
			out = append(out, alias)
		}
	}
	return out
}

// language recognizes a BCP 47 tag.
var language = pattern.New(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

func firstChild(n *mapping.Node, names ...string) *mapping.Node {
	for _, name := range names {
		if c := n.Child(name); c != nil && c.Value() != "" {
			return c
		}
	}
	return nil
}

// identifiers returns the identifiers of an object: those with schemes, contact details
// and the addresses of pages about it.
func identifiers(n *mapping.Node) *mapping.Item {
	var out []*mapping.Item
	add := func(at *mapping.Node, scheme, id string) {
		if id = identifier(scheme, id); id == "" || slices.ContainsFunc(out, func(i *mapping.Item) bool { return i.Text == id }) {
			return
		}
		out = append(out, &mapping.Item{Text: id, Line: at.Line, Col: at.Col, Field: at.Path()})
	}
	if id := n.Child("id"); id != nil && wikidata().MatchString(id.Value()) {
		add(id, "wikidata", id.Value())
	}
	for _, key := range []string{"identifier", "iri"} {
		if at := n.Child(key); at != nil {
			add(at, "", at.Value())
		}
	}
	for i := range n.All("identifiers") {
		add(i, i.TextOf("scheme"), i.TextOf("identifier"))
	}
	if mail := n.Child("email"); mail != nil {
		add(mail, "email", strings.TrimPrefix(mail.Value(), "mailto:"))
	}
	for c := range n.All("contact_details") {
		add(c, c.TextOf("type"), c.TextOf("value"))
	}
	for l := range n.All("links") {
		add(l, "", l.TextOf("url"))
	}
	return mapping.ListItem(out...)
}

func (o *objects) person(n *mapping.Node) *entity {
	name := mapping.TextItem(n.Child("name"))
	if name == nil {
		name = givenName(n)
	}
	e := o.named(schema.Person, n, name)
	if e == nil {
		return nil
	}
	item := o.declare(e, name)
	item.Put("born", day(n.Child("birth_date")))
	o.finish(item, n, nil, "summary", "description")
	sources := o.sources(n)
	if died := day(n.Child("death_date")); died != nil {
		o.fact(n, "died", e, nil, sources, func(f *mapping.Item) { f.Put("when", died) })
	}
	for m := range n.All("memberships") {
		o.membership(m, parties{person: e}, sources)
	}
	return e
}

// givenName returns the name of a person by its parts, if the whole name is missing.
func givenName(n *mapping.Node) *mapping.Item {
	given, family := n.Child("given_name"), n.Child("family_name")
	first := mapping.TextItem(given)
	if first == nil {
		return mapping.TextItem(family)
	}
	if family != nil {
		first.Text = strings.TrimSpace(first.Text + " " + family.Value())
	}
	return first
}

// named identifies an object by its id or its name. A mark for a name that is not known,
// such as a dash, names nothing.
func (o *objects) named(kind schema.Kind, n *mapping.Node, name *mapping.Item) *entity {
	if schema.IsMissing(n.TextOf("id")) && (name == nil || schema.IsMissing(name.Text)) {
		o.run.Tally.CountUnmapped(cmpOr(n.Name, "objects") + " without a name")
		return nil
	}
	text := ""
	if name != nil {
		name.Text = strings.Join(strings.Fields(name.Text), " ")
		text = name.Text
	}
	return o.identify(kind, n, text)
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (o *objects) organization(n *mapping.Node) *entity {
	name := mapping.TextItem(n.Child("name"))
	e := o.named(schema.Institution, n, name)
	if e == nil {
		return nil
	}
	item := o.declare(e, name)
	item.Put("born", day(n.Child("founding_date")))
	o.finish(item, n, nil, "summary", "abstract", "description", "classification")
	sources := o.sources(n)
	o.relation(n, "part-of", e, o.refer(schema.Institution, n, "parent"), sources)
	o.relation(n, "linked-with", e, o.refer(schema.Place, n, "area"), sources)
	for p := range n.All("posts") {
		o.postOf(p, e, sources)
	}
	for m := range n.All("memberships") {
		o.membership(m, parties{organization: e}, sources)
	}
	return e
}

func (o *objects) post(n *mapping.Node) *entity { return o.postOf(n, nil, nil) }

// postOf reads a post, which may stand in the object of its organization.
func (o *objects) postOf(n *mapping.Node, at *entity, around *mapping.Item) *entity {
	name := mapping.TextItem(firstChild(n, "label", "role"))
	e := o.named(schema.Post, n, name)
	if e == nil {
		return nil
	}
	o.finish(o.declare(e, name), n, nil, "description", "role")
	sources := orAround(o.sources(n), around)
	if in := o.refer(schema.Institution, n, "organization"); in != nil {
		at = in
	}
	if at != nil {
		o.fact(n, "post-at", e, at, sources, func(f *mapping.Item) { dates(f, n) })
	}
	o.relation(n, "linked-with", e, o.refer(schema.Place, n, "area"), sources)
	for m := range n.All("memberships") {
		o.membership(m, parties{post: e, organization: at}, sources)
	}
	return e
}

func (o *objects) area(n *mapping.Node) *entity {
	name := mapping.TextItem(n.Child("name"))
	e := o.named(schema.Place, n, name)
	if e == nil {
		return nil
	}
	o.finish(o.declare(e, name), n, nil, "description", "classification", "type")
	o.relation(n, "located-in", e, o.refer(schema.Place, n, "parent"), o.sources(n))
	return e
}

// refer returns the entity to which a key leads: an object of its own under the key, or
// its id under the key with _id; nil for none.
func (o *objects) refer(kind schema.Kind, n *mapping.Node, key string) *entity {
	if at := n.Child(key); at != nil && len(at.Children) > 0 {
		switch kind {
		case schema.Person:
			return o.person(at)
		case schema.Post:
			return o.post(at)
		case schema.Place:
			return o.area(at)
		case schema.Gathering:
			return o.event(at)
		}
		return o.organization(at)
	}
	return o.mention(kind, firstChild(n, key+"_id", key))
}

// mention returns the entity with an id, which is declared by its id alone if the dataset
// does not declare it.
func (o *objects) mention(kind schema.Kind, at *mapping.Node) *entity {
	if at == nil || at.Value() == "" || schema.IsMissing(at.Value()) {
		return nil
	}
	id, name := o.id(kind, at.Value())
	e := &entity{kind, id, at}
	item := mapping.ItemAt(at)
	item.PutText("id", string(e.id))
	item.PutText("kind", string(kind))
	item.Put("name", &mapping.Item{Text: name, Line: at.Line, Col: at.Col, Field: at.Path()})
	o.make(mapping.Mention, item)
	return e
}
