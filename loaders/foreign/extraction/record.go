package extraction

import (
	"strconv"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// textOf returns the text of a node; empty for none.
func textOf(n *mapping.Node) string {
	if n == nil {
		return ""
	}
	return n.Value()
}

// record makes a fact that the text supports, and declares who takes part in it.
func (x *reading) record(n *mapping.Node, c grounding.Claim, found grounding.Found) *mapping.Item {
	item := mapping.ItemAt(n)
	item.IsPlaced = true
	item.Put("verb", mapping.TextItem(n.Child("verb")))
	x.putRoles(item, n.Child("roles"))
	for _, key := range []string{"topic", "status", "stance", "note", "confidence", "words", "anchor"} {
		item.Put(key, mapping.TextItem(n.Child(key)))
	}
	if when := n.Child("when"); when != nil {
		item.Put("when", &mapping.Item{Text: c.When.Written, Line: when.Line, Col: when.Col, Field: when.Path()})
	}
	if c.When.Words != "" && c.When.Anchor == "" && isDay(x.ground.Anchor) {
		item.PutText("anchor", x.ground.Anchor)
	}
	item.Put("source", x.source())
	item.PutText("quote", found.Quote)
	if found.Span.End > 0 {
		item.PutText("start", strconv.Itoa(found.Span.Start))
		item.PutText("end", strconv.Itoa(found.Span.End))
	}
	item.PutText("method", string(schema.Model))
	item.PutText("model", x.modelOf(n))
	item.PutText("review", string(schema.Pending))
	return item
}

func isDay(text string) bool {
	_, err := schema.ParseDay(text)
	return err == nil
}

// putRoles adds the participants, by role.
func (x *reading) putRoles(item *mapping.Item, roles *mapping.Node) {
	var names []string
	lists := make(map[string][]*mapping.Item)
	for _, r := range roles.Children {
		if lists[r.Name] == nil {
			names = append(names, r.Name)
		}
		e := x.mentions[r.Value()].first().entity
		x.declare(e)
		lists[r.Name] = append(lists[r.Name], &mapping.Item{Text: e.reference(), Line: r.Line, Col: r.Col, Field: r.Path()})
	}
	for _, name := range names {
		item.Put(name, mapping.ListItem(lists[name]...))
	}
}

// reference returns how facts refer to an entity: by the id that its name makes.
func (e *entity) reference() string {
	if kind, ok := schema.ParseKind(textOf(e.kind)); ok {
		if id := schema.MakeID(kind, textOf(e.name)); id != "" {
			return "<" + string(id) + ">"
		}
	}
	return textOf(e.name)
}

// declare makes a record of an entity, once. Of its other names those are kept that the
// text has.
func (x *reading) declare(e *entity) {
	if e.isDeclared || e.name == nil {
		return
	}
	e.isDeclared = true
	item := mapping.ItemAt(e.name)
	item.IsPlaced = true
	item.Put("kind", mapping.TextItem(e.kind))
	item.Put("name", mapping.TextItem(e.name))
	var aliases []*mapping.Item
	for _, a := range e.aliases {
		if x.ground.Text.IsIn(a.Value()) {
			aliases = append(aliases, mapping.TextItem(a))
		}
	}
	item.Put("aliases", mapping.ListItem(aliases...))
	x.declared = append(x.declared, item)
}

// source makes the description of the document, with the hash of its text.
func (x *reading) source() *mapping.Item {
	item := mapping.ItemAt(x.document)
	for _, key := range []string{"title", "url", "publisher", "author", "published", "language"} {
		item.Put(key, mapping.TextItem(x.document.Child(key)))
	}
	item.PutText("sha256", x.ground.Text.SHA256())
	return item
}
