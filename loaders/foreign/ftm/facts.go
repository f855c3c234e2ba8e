package ftm

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// side is the entities on one side of a fact, and the kind of those that no line declares.
type side struct {
	nodes []*mapping.Node
	kind  schema.Kind
}

// sideOf returns the entities to which a property refers.
func (x *entity) sideOf(property string) side { return side{x.all(property), kindIn(property)} }

// facts makes the facts that the properties of an entity state, and reports whether there
// are any.
func (x *entity) facts(kind schema.Kind) (has bool) {
	self := side{[]*mapping.Node{{Name: "id", Text: x.id, Line: x.row.Line, Col: x.row.Col}}, kind}
	state := func(verb, property string) {
		for _, n := range x.all(property) {
			has = true
			x.make(mapping.Fact, x.newFact(verb, self, side{[]*mapping.Node{n}, kindIn(property)}, property))
		}
	}
	if kind != schema.Place {
		state("based-in", "addressEntity")
	}
	state("part-of", "parent")
	if kind == schema.Post {
		state("post-at", "organization")
	}
	if kind != schema.Gathering {
		return has
	}
	for _, property := range []string{"involved", "organizer"} {
		for _, who := range x.all(property) {
			f := x.newFact("involved-in", side{[]*mapping.Node{who}, kindIn(property)}, self, property)
			if property == "organizer" {
				f.PutText("topic", property)
			}
			x.putTime(f, false)
			x.make(mapping.Fact, f)
			has = true
		}
	}
	return has
}

// newFact returns a fact between entities of the file. The property that states it
// distinguishes it from other facts of the same line; empty if there is none.
func (x *entity) newFact(verb string, from, to side, property string) *mapping.Item {
	f := mapping.ItemAt(x.row)
	f.IsCoded = true // a verb whose kinds do not fit gives way to a wider one
	f.Put("actor", x.references(from))
	f.PutText("verb", verb)
	f.Put("recipient", x.references(to))
	key := x.id
	if property != "" {
		key += "/" + property
	}
	f.PutText("source-key", key)
	x.putEvidence(f)
	return f
}

// putEvidence adds the documents and addresses that prove the line, or else its datasets.
func (x *entity) putEvidence(f *mapping.Item) {
	var all []*mapping.Item
	datasets := x.datasets()
	add := func(source *mapping.Item) {
		e := mapping.ItemAt(x.row)
		e.Put("source", source)
		e.PutText("locator", "entity "+x.id)
		e.PutText("method", "import")
		if note := x.noteOf(); note != "" {
			e.PutText("note", note)
		}
		all = append(all, e)
	}
	for _, proof := range x.all("proof") {
		add(mapping.TextItem(proof))
	}
	for _, address := range x.all("sourceUrl") {
		s := mapping.ItemAt(x.row)
		s.Put("url", mapping.TextItem(address))
		if publishers := x.all("publisher"); len(publishers) == 1 {
			s.Put("publisher", mapping.TextItem(publishers[0]))
		}
		add(s)
	}
	if len(all) == 0 {
		for _, d := range datasets {
			s := mapping.ItemAt(x.row)
			s.Put("title", mapping.TextItem(d))
			add(s)
		}
	}
	if f.Put("evidence", mapping.ListItem(all...)); len(all) == 0 {
		f.PutText("note", x.noteOf())
	}
}

func (x *entity) datasets() (all []*mapping.Node) {
	for n := range x.row.All("datasets") {
		all = append(all, n)
	}
	return all
}

// noteOf returns the properties of a link that say more than who, what and when, as
// "percentage: 25; reason: ...". The exporter of FollowTheMoney reads them again.
func (x *entity) noteOf() string {
	if things[x.row.TextOf("schema")] != "" {
		return ""
	}
	var parts []string
	add := func(property string) {
		for _, n := range x.all(property) {
			parts = append(parts, property+": "+n.Value())
		}
	}
	for _, property := range append([]string{x.noted}, notes...) {
		add(property)
	}
	for _, property := range []string{"role", "relationship", "startDate", "endDate"} {
		if len(x.all(property)) > 1 {
			add(property)
		}
	}
	if dates := x.all("date"); len(dates) > 1 || len(dates) == 1 && x.first("startDate", "endDate") != nil {
		add("date")
	}
	switch name := x.row.TextOf("schema"); name {
	case "Sanction":
		if x.first("authority") != nil {
			add("country")
		}
	case "Debt", "Documentation", "EconomicActivity":
		parts = append(parts, "schema: "+name) // the verb does not say it
	}
	return strings.Join(parts, "; ")
}

// link makes the fact of a line that links entities.
func (x *entity) link(l link) {
	from, to := x.sideOf(l.from), x.sideOf(l.to)
	for _, property := range []string{l.from, l.to} {
		if x.first(property) == nil {
			x.note(property, nil, fmt.Errorf("a link %s without the property %s", x.row.TextOf("schema"), property))
		}
	}
	if len(x.errs) > 0 {
		x.do(mapping.Made{Section: mapping.Fact, Errs: x.errs})
		return
	}
	verb := l.verb
	if l.verb == "relative-of" {
		var swap bool
		if verb, swap = familyVerb(x.all(l.topic)); swap {
			from, to = to, from
		}
		if verb != l.verb {
			x.noted, l.topic = l.topic, "" // the verb says it already
		}
	}
	f := x.newFact(verb, from, to, "")
	f.PutText("topic", x.topic(l))
	x.putTime(f, !l.isEvent)
	x.make(mapping.Fact, f)
}

// topic returns in what role a link holds, or the amount of a payment.
func (x *entity) topic(l link) string {
	if amount := x.first("amount", "amountEur", "amountUsd"); amount != nil {
		return strings.TrimSpace(nouns[x.row.TextOf("schema")] + " " + amount.Value() + " " + cmp.Or(x.properties.TextOf("currency"), currencyOf(amount)))
	}
	return cmp.Or(joined(x.all(l.topic)), nouns[x.row.TextOf("schema")])
}

func currencyOf(amount *mapping.Node) string {
	return strings.ToUpper(strings.TrimPrefix(amount.Name, "amount"))
}

// familyVerb returns the verb of a word for a relative, and whether the relative is its
// subject. A mother is what the relative is to the person.
func familyVerb(words []*mapping.Node) (verb string, swap bool) {
	if len(words) != 1 {
		return "relative-of", false
	}
	switch strings.ToLower(words[0].Value()) {
	case "spouse", "husband", "wife", "married":
		return "spouse-of", false
	case "parent", "mother", "father":
		return "parent-of", true
	case "child", "son", "daughter":
		return "parent-of", false
	}
	return "relative-of", false
}

// putTime adds the dates of a line. A relation with a date alone held on that date.
func (x *entity) putTime(f *mapping.Item, isRelation bool) {
	start, end, date := x.earliest("startDate"), x.latest("endDate"), x.earliest("date")
	switch {
	case start == nil && end == nil && date == nil:
	case start == nil && end == nil:
		f.Put("when", mapping.TextItem(date))
		if isRelation {
			f.PutText("attested", "true")
		}
	default:
		f.Put("since", mapping.TextItem(start))
		f.Put("until", mapping.TextItem(end))
	}
}

// earliest returns the date that a property gives: the most precise one if all agree, or
// else the earliest.
func (x *entity) earliest(property string) *mapping.Node {
	dates := x.all(property)
	if best, agree := mostPrecise(dates); agree {
		return best
	}
	return slices.MinFunc(dates, compareDates)
}

// latest returns the most precise date of a property if all agree, or else the latest.
func (x *entity) latest(property string) *mapping.Node {
	dates := x.all(property)
	if best, agree := mostPrecise(dates); agree {
		return best
	}
	return slices.MaxFunc(dates, compareDates)
}

func compareDates(a, b *mapping.Node) int { return strings.Compare(a.Value(), b.Value()) }

// sanction makes the fact of a sanction: by the authority that is named, or else by a
// country.
func (x *entity) sanction() {
	targets := x.sideOf("entity")
	if len(targets.nodes) == 0 {
		x.fail("entity", nil, errors.New("a Sanction without the property entity"))
		return
	}
	f := x.newFact("under-sanction-by", targets, side{}, "")
	var by []*mapping.Item
	named := func(kind schema.Kind, name *mapping.Item, identifier string) {
		by = append(by, x.named(kind, name, identifier))
	}
	for _, n := range x.all("authority") {
		i := mapping.TextItem(n)
		i.Text = strings.Join(strings.Fields(i.Text), " ")
		named(schema.Institution, i, "")
	}
	if len(by) == 0 {
		for _, c := range x.countries("country") {
			named(schema.Country, c.name, c.identifier())
		}
	}
	if len(by) == 0 {
		x.fail("authority", nil, errors.New("a Sanction without an authority, and without a country that is known"))
		return
	}
	f.Put("recipient", mapping.ListItem(by...))
	x.putTime(f, true)
	x.make(mapping.Fact, f)
}

// named returns a reference to an entity that lines only name, and mentions it. It has the
// id of its name: an entity of a line that has the same name is another one, since the
// lines do not say that both are one.
func (x *entity) named(kind schema.Kind, name *mapping.Item, identifier string) *mapping.Item {
	m := mapping.ItemAt(x.row)
	m.PutText("kind", string(kind))
	m.Put("name", name)
	m.PutText("identifiers", identifier)
	x.do(mapping.Made{Section: mapping.Mention, Item: m})
	reference := *name
	if id := schema.MakeID(kind, name.Text); id != "" {
		reference.Text = "<" + string(id) + ">"
	}
	return &reference
}

// references returns references to entities, whose kinds the line does not say. One that
// no line declares has the given kind, and its id as its name.
func (x *entity) references(s side) *mapping.Item {
	var all []*mapping.Item
	for _, n := range s.nodes {
		m := mapping.ItemAt(x.row)
		m.PutText("kind", string(s.kind))
		m.PutText("id", s.kind.Prefix()+":"+n.Value())
		m.Put("name", mapping.TextItem(n))
		m.PutText("identifiers", "ftm:"+n.Value())
		x.do(mapping.Made{Section: mapping.AnyMention, Item: m})
		i := mapping.TextItem(n)
		i.Text = "<" + i.Text + ">"
		all = append(all, i)
	}
	return mapping.ListItem(all...)
}

// kindIn returns the kind of the entities to which a property refers, if no line declares
// them.
func kindIn(property string) schema.Kind {
	switch property {
	case "holder", "person", "relative", "employee", "director":
		return schema.Person
	case "addressEntity":
		return schema.Place
	case "post":
		return schema.Post
	case "asset", "contract", "case", "project", "document":
		return schema.Thing
	}
	return schema.Institution
}
