package littlesis

import (
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// kindOf returns the kind of an entity; empty if its attributes do not say it.
func kindOf(attributes *mapping.Node) schema.Kind {
	switch attributes.TextOf("primary_ext") {
	case "Person":
		return schema.Person
	case "Org":
		return schema.Institution
	case "Couple":
		return schema.Group
	}
	return ""
}

// entity makes an entity, and the facts that its attributes state.
func (x *object) entity() {
	kind := kindOf(x.get)
	if kind == "" {
		x.fail(x.get.Child("primary_ext"), "primary_ext", problem{schema.MissingValue, `an entity whose primary_ext is neither "Person" nor "Org"`})
		return
	}
	names := x.names()
	if len(names) == 0 {
		x.fail(x.get.Child("name"), "name", problem{schema.MissingValue, "an entity without a name"})
		return
	}
	i := mapping.ItemAt(x.row)
	i.PutText("kind", string(kind))
	i.PutText("id", kind.Prefix()+":"+ref(x.id()))
	i.Put("name", names[0])
	i.Put("aliases", mapping.ListItem(names[1:]...))
	i.Put("born", dateOf(x.get.Child("start_date")))
	i.Put("identifiers", x.identifiers())
	i.PutText("description", x.description(kind))
	x.make(mapping.Entity, i)
	self := identity{id: x.id(), kind: kind, name: names[0].Text}
	if end := dateOf(x.get.Child("end_date")); end != nil && kind == schema.Person {
		f := x.newFact("died", x.reference(x.row, self), nil)
		f.Put("when", end)
		x.cite(f, nil)
		x.make(mapping.Fact, f)
	}
	if parent := x.get.Child("parent_id"); parent != nil && number().MatchString(parent.Value()) {
		f := x.newFact("part-of", x.reference(x.row, self), x.reference(parent, identity{id: parent.Value(), kind: schema.Institution}))
		x.cite(f, nil)
		x.make(mapping.Fact, f)
	}
}

// names returns the names of an entity, each once.
func (x *object) names() (names []*mapping.Item) {
	for _, list := range []string{"name", "aliases"} {
		for n := range x.get.All(list) {
			name := mapping.TextItem(n)
			if name == nil {
				continue
			}
			name.Text = strings.Join(strings.Fields(name.Text), " ")
			if name.Text != "" && !slices.ContainsFunc(names, func(other *mapping.Item) bool { return other.Text == name.Text }) {
				names = append(names, name)
			}
		}
	}
	return names
}

func (x *object) identifiers() *mapping.Item {
	own := mapping.TextItem(x.row.Child("id"))
	if own == nil {
		own = mapping.TextItem(x.get.Child("id"))
	}
	own.Text = "littlesis:" + own.Text
	website := mapping.TextItem(x.get.Child("website"))
	if website != nil {
		website.Text = "website:" + strings.Join(strings.Fields(website.Text), "")
	}
	return mapping.ListItem(own, website)
}

// description returns the blurb, the summary, the types, and when a body ended.
func (x *object) description(kind schema.Kind) string {
	var parts []string
	for _, name := range []string{"blurb", "summary"} {
		if text := strings.TrimSpace(x.get.TextOf(name)); text != "" {
			parts = append(parts, strings.ReplaceAll(text, "\r\n", "\n"))
		}
	}
	var types []string
	for n := range x.get.All("types") {
		if t := n.Value(); t != "" && t != "Person" && t != "Organization" {
			types = append(types, t)
		}
	}
	if len(types) > 0 {
		parts = append(parts, "types: "+strings.Join(types, ", "))
	}
	if end := dateOf(x.get.Child("end_date")); end != nil && kind != schema.Person {
		parts = append(parts, "ended: "+end.Text)
	}
	return strings.Join(parts, "\n")
}
