package ftm

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// thing makes an entity, and the facts that its properties state.
func (x *entity) thing(kind schema.Kind) {
	i := mapping.ItemAt(x.row)
	i.PutText("kind", string(kind))
	i.PutText("id", kind.Prefix()+":"+x.id)
	names := x.names(kind)
	if len(names) == 0 {
		x.fail("name", nil, errors.New("an entity without a name"))
		return
	}
	i.Put("name", names[0])
	i.Put("aliases", mapping.ListItem(names[1:]...))
	i.Put("country", x.country())
	i.Put("born", x.born(kind))
	i.Put("identifiers", x.identifiers())
	i.Put("description", x.description())
	x.make(mapping.Entity, i)
	x.facts(kind)
}

// names returns the names of an entity, each once: first the caption, or else the first
// name.
func (x *entity) names(kind schema.Kind) (names []*mapping.Item) {
	nodes := x.all("name", "alias", "weakAlias", "previousName", "abbreviation")
	if kind == schema.Place {
		nodes = append(nodes, x.all("full")...)
	}
	if caption := x.row.Child("caption"); caption != nil && caption.Value() != x.row.TextOf("schema") {
		nodes = slices.Insert(nodes, 0, caption)
	}
	seen := make(map[string]bool)
	for _, n := range nodes {
		name := mapping.TextItem(n)
		if name == nil {
			continue
		}
		if name.Text = strings.Join(strings.Fields(name.Text), " "); name.Text != "" && !seen[name.Text] {
			seen[name.Text] = true
			names = append(names, name)
		}
	}
	return names
}

// identifiers returns the identifiers: the id, the ids that were merged into it, and the
// numbers by which registers know the entity.
func (x *entity) identifiers() *mapping.Item {
	var all []*mapping.Item
	seen := make(map[string]bool)
	add := func(scheme string, n *mapping.Node) {
		i := mapping.TextItem(n)
		if i == nil || seen[scheme+":"+i.Text] {
			return
		}
		seen[scheme+":"+i.Text] = true
		i.Text = scheme + ":" + i.Text
		all = append(all, i)
	}
	add("ftm", x.row.Child("id"))
	for n := range x.row.All("referents") {
		add("ftm", n)
	}
	for _, id := range identifiers {
		for _, n := range x.all(id.property) {
			add(id.scheme, n)
		}
	}
	return mapping.ListItem(all...)
}

// countries returns the countries of codes in properties, each once, and declares them.
func (x *entity) countries(properties ...string) (all []*mapping.Item) {
	seen := make(map[string]bool)
	for _, n := range x.all(properties...) {
		name := countryName(n.Value())
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		i := mapping.TextItem(n)
		i.Text = name
		all = append(all, i)
	}
	return all
}

// countryName returns the name of a country by its code; empty for an unknown one. A code
// of a part of a country leads to the country.
func countryName(code string) string {
	code = strings.ToLower(code)
	if name := formerStates[code]; name != "" {
		return name
	}
	code, _, _ = strings.Cut(code, "-")
	if len(code) != 2 {
		return ""
	}
	return mapping.CountryName(strings.ToUpper(code))
}

// country returns the country of an entity, and declares it. An entity of several
// countries has none: which of them it is would be a guess.
func (x *entity) country() *mapping.Item {
	for _, properties := range [][]string{{"citizenship"}, {"nationality"}, {"jurisdiction"}, {"country"}} {
		if all := x.countries(properties...); len(all) == 1 {
			x.declare(all[0], schema.Country)
			return all[0]
		}
	}
	return nil
}

// declare makes an entity of a name.
func (x *entity) declare(name *mapping.Item, kind schema.Kind) {
	i := mapping.ItemAt(x.row)
	i.PutText("kind", string(kind))
	i.Put("name", name)
	x.do(mapping.Made{Section: mapping.Entity, Item: i})
}

// born returns the date of birth or founding: the most precise one, if all others contain
// it.
func (x *entity) born(kind schema.Kind) *mapping.Item {
	property := "incorporationDate"
	if kind == schema.Person {
		property = "birthDate"
	}
	best, agree := mostPrecise(x.all(property))
	if !agree {
		return nil
	}
	return mapping.TextItem(best)
}

// mostPrecise returns the longest of several dates. Agree reports whether all others are
// the beginning of it, such as its year.
func mostPrecise(dates []*mapping.Node) (best *mapping.Node, agree bool) {
	for _, n := range dates {
		if best == nil || len(n.Value()) > len(best.Value()) {
			best = n
		}
	}
	for _, n := range dates {
		if !strings.HasPrefix(best.Value(), n.Value()) {
			return best, false
		}
	}
	return best, true
}

// description returns what is said of an entity in words. Dates of birth that contradict
// each other, and countries of which none is the one, are in it.
func (x *entity) description() *mapping.Item {
	var parts []string
	for _, n := range x.all("description", "summary", "notes") {
		if !slices.Contains(parts, n.Value()) {
			parts = append(parts, n.Value())
		}
	}
	for _, property := range []string{"position", "birthDate", "incorporationDate", "citizenship", "nationality", "jurisdiction", "country"} {
		values := x.all(property)
		if _, agree := mostPrecise(values); property != "position" && (len(values) < 2 || agree) {
			continue
		}
		if len(values) > 0 {
			parts = append(parts, property+": "+joined(values))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	i := mapping.ItemAt(x.row)
	i.PutText("description", strings.Join(parts, "\n"))
	return i.Items[0]
}

func joined(nodes []*mapping.Node) string {
	var texts []string
	for _, n := range nodes {
		texts = append(texts, n.Value())
	}
	return strings.Join(texts, ", ")
}

// source makes a source of a document.
func (x *entity) source() {
	i := mapping.ItemAt(x.row)
	i.PutText("key", x.id)
	i.PutText("id", schema.Doc.Prefix()+":"+x.id)
	i.Put("title", mapping.TextItem(cmp.Or(x.first("title", "name", "fileName"), x.row.Child("caption"))))
	i.Put("url", mapping.TextItem(x.first("sourceUrl")))
	i.Put("author", mapping.TextItem(x.first("author")))
	i.Put("publisher", mapping.TextItem(x.first("publisher")))
	i.Put("published", mapping.TextItem(x.first("date", "publishedAt")))
	i.Put("accessed", mapping.TextItem(x.first("retrievedAt")))
	i.Put("description", x.description())
	x.make(mapping.Source, i)
}
