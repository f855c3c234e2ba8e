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
	if !x.facts(kind) {
		for range x.all("sourceUrl") {
			x.run.Tally.CountUnmapped("properties/sourceUrl") // there is no fact that it proves
		}
	}
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

// country is a country that a line names by its code.
type country struct {
	name *mapping.Item
	code string // of the whole country, such as "us" for "us-ca"
}

// identifier returns the code as an identifier: of ISO 3166-3 for a former state.
func (c country) identifier() string {
	scheme := "iso-3166-1:"
	if len(c.code) == 4 {
		scheme = "iso-3166-3:"
	}
	return scheme + strings.ToUpper(c.code)
}

// countries returns the countries of codes in properties, each once.
func (x *entity) countries(properties ...string) (all []country) {
	for _, n := range x.all(properties...) {
		name, code := countryOf(n.Value())
		if name == "" || slices.ContainsFunc(all, func(c country) bool { return c.name.Text == name }) {
			continue
		}
		i := mapping.TextItem(n)
		i.Text = name
		all = append(all, country{i, code})
	}
	return all
}

// countryOf returns the name and the code of a country; empty for an unknown code. A code
// of a part of a country leads to the country.
func countryOf(code string) (name, whole string) {
	code = strings.ToLower(code)
	if name := formerStates[code]; name != "" {
		return name, code
	}
	code, _, _ = strings.Cut(code, "-")
	if len(code) != 2 {
		return "", ""
	}
	return mapping.CountryName(strings.ToUpper(code)), code
}

// countryProperties are the properties of countries of an entity, the surest first.
var countryProperties = []string{"citizenship", "nationality", "jurisdiction", "country"}

// country returns the country of an entity, and declares it. An entity of several
// countries has none: which of them it is would be a guess.
func (x *entity) country() *mapping.Item {
	for _, property := range countryProperties {
		if all := x.countries(property); len(all) == 1 {
			i := mapping.ItemAt(x.row)
			i.PutText("kind", string(schema.Country))
			i.Put("name", all[0].name)
			i.PutText("identifiers", all[0].identifier())
			x.do(mapping.Made{Section: mapping.Entity, Item: i})
			return all[0].name
		}
	}
	return nil
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

// description returns what is said of an entity in words: its first description, then a line
// for each value that has no other place, such as "position: Chair" and "nationality: us,
// fr". The exporter of FollowTheMoney reads these lines: the schema, if it is not the usual
// one of the kind; all dates of birth if there are several; and all countries if there are
// several, or if the property says more than the country.
func (x *entity) description() *mapping.Item {
	var lines []string
	if name := x.row.TextOf("schema"); usual[things[name]] != name {
		lines = append(lines, "schema: "+name)
	}
	about := ""
	for _, property := range []string{"description", "summary", "notes", "position"} {
		for _, n := range x.all(property) {
			if property == "description" && about == "" {
				about = n.Value()
			} else {
				lines = append(lines, property+": "+n.Value())
			}
		}
	}
	for _, property := range []string{"birthDate", "incorporationDate"} {
		if values := x.all(property); len(values) > 1 {
			lines = append(lines, property+": "+joined(values))
		}
	}
	lines = append(lines, x.countryLines()...)
	if about != "" {
		lines = slices.Insert(lines, 0, about)
	}
	if len(lines) == 0 {
		return nil
	}
	i := mapping.ItemAt(x.row)
	i.PutText("description", strings.Join(lines, "\n"))
	return i.Items[0]
}

// countryLines returns a line for each property of countries. A whole country that is the
// only one, of the property country, needs none.
func (x *entity) countryLines() (lines []string) {
	if all := x.all(countryProperties...); len(all) == 1 && len(x.all("country")) == 1 {
		if name, code := countryOf(all[0].Value()); name != "" && code == all[0].Value() {
			return nil
		}
	}
	for _, property := range countryProperties {
		if values := x.all(property); len(values) > 0 {
			lines = append(lines, property+": "+joined(values))
		}
	}
	return lines
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
