package wikidata

import (
	"cmp"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// property is how a statement becomes a fact.
type property struct {
	verb  string
	kind  schema.Kind // of the value, if the file does not give it
	swap  bool        // the value is the actor
	topic string
}

// properties are the properties that become facts.
var properties = map[string]property{
	"P39":   {verb: "holds-post", kind: schema.Post},
	"P463":  {verb: "member-of", kind: schema.Institution},
	"P102":  {verb: "member-of", kind: schema.Institution, topic: "political party"},
	"P27":   {verb: "citizen-of", kind: schema.Country},
	"P106":  {verb: "member-of", kind: schema.Group, topic: "occupation"},
	"P108":  {verb: "works-at", kind: schema.Institution},
	"P69":   {verb: "studied-at", kind: schema.Institution},
	"P1037": {verb: "leads", kind: schema.Person, swap: true, topic: "director or manager"},
	"P35":   {verb: "leads", kind: schema.Person, swap: true, topic: "head of state"},
	"P6":    {verb: "leads", kind: schema.Person, swap: true, topic: "head of government"},
	"P488":  {verb: "leads", kind: schema.Person, swap: true, topic: "chairperson"},
	"P169":  {verb: "leads", kind: schema.Person, swap: true, topic: "chief executive officer"},
	"P1346": {verb: "involved-in", kind: schema.Person, swap: true, topic: "winner"},
	"P26":   {verb: "spouse-of", kind: schema.Person},
	"P22":   {verb: "parent-of", kind: schema.Person, swap: true},
	"P25":   {verb: "parent-of", kind: schema.Person, swap: true},
	"P40":   {verb: "parent-of", kind: schema.Person},
	"P3373": {verb: "relative-of", kind: schema.Person, topic: "sibling"},
	"P1038": {verb: "relative-of", kind: schema.Person},
	"P127":  {verb: "owns", kind: schema.Institution, swap: true},
	"P1830": {verb: "owns", kind: schema.Thing},
	"P361":  {verb: "part-of", kind: schema.Institution},
	"P749":  {verb: "part-of", kind: schema.Institution, topic: "parent organization"},
	"P159":  {verb: "based-in", kind: schema.Place},
	"P131":  {verb: "located-in", kind: schema.Place},
	"P1344": {verb: "involved-in", kind: schema.Gathering},
}

// hasSuccession reports whether the value of a statement is a post, or who leads: then
// "replaces" and "replaced by" name the holders before and after.
func (p property) hasSuccession() bool { return p.kind == schema.Post || p.verb == "leads" }

// notes are qualifiers that become a note, with what they say.
var notes = map[string]string{"P1545": "ordinal", "P2241": "reason for the deprecated rank", "P7452": "reason for the preferred rank", "P1480": "circumstances", "P5102": "nature of the statement"}

// fact makes the fact of a statement. A statement of an unknown value, or of none, makes
// none.
func (x *entity) fact(s *mapping.Node, p property) {
	value := itemOf(s.Child("mainsnak"))
	if s.Child("mainsnak").TextOf("snaktype") != "value" || !item().MatchString(value) {
		x.run.Tally.CountUnmapped("claims/" + s.Name + " without a value")
		return
	}
	f := mapping.ItemAt(s)
	f.IsCoded = true // a verb whose kinds do not fit gives way to a wider one
	self, other := x.reference(s, x.id, x.kind), x.reference(s, value, p.kind)
	if p.swap {
		self, other = other, self
	}
	f.Put("actor", self)
	f.PutText("verb", p.verb)
	f.Put("recipient", other)
	f.PutText("topic", p.topic)
	f.PutText("source-key", cmp.Or(s.TextOf("id"), x.id+" "+s.Name+" "+value))
	note := x.putTime(f, s.Child("qualifiers"))
	hasSuccession := p.hasSuccession() && s.TextOf("rank") != "deprecated"
	x.putEvidence(f, s, append(notesOf(s, hasSuccession), note...))
	x.do(mapping.Made{Section: mapping.Fact, Item: f})
	if hasSuccession {
		x.successions(s, p)
	}
}

// death makes the fact that a person died. An unknown value says that the person died; no
// value says nothing.
func (x *entity) death(s *mapping.Node) {
	snak := s.Child("mainsnak")
	if kind := snak.TextOf("snaktype"); kind != "value" && kind != "somevalue" {
		x.run.Tally.CountUnmapped("claims/" + s.Name + " without a value")
		return
	}
	f := mapping.ItemAt(s)
	f.Put("actor", x.reference(s, x.id, x.kind))
	f.PutText("verb", "died")
	f.PutText("source-key", cmp.Or(s.TextOf("id"), x.id+" "+s.Name))
	notes := notesOf(s, false)
	f.Put("when", windowOf(snak))
	if text := timeNote(s.Name, snak); text != "" && !isExact(snak) {
		notes = append(notes, text)
	}
	x.putEvidence(f, s, notes)
	x.do(mapping.Made{Section: mapping.Fact, Item: f})
}

// reference refers to an item. One that the file does not give has its id as its name.
func (x *entity) reference(at *mapping.Node, id string, kind schema.Kind) *mapping.Item {
	if id != x.id {
		m := mapping.ItemAt(at)
		m.PutText("kind", string(kind))
		m.PutText("id", kind.Prefix()+":"+id)
		m.PutText("name", id)
		m.PutText("identifiers", "wikidata:"+id)
		x.do(mapping.Made{Section: mapping.AnyMention, Item: m})
	}
	return &mapping.Item{Text: "<" + id + ">", Line: at.Line, Col: at.Col, Field: "claims/" + at.Name}
}

// successions makes the facts of who held a post, or led, before and after. The holder is
// the item itself for a post, and the value for who leads the item.
func (x *entity) successions(s *mapping.Node, p property) {
	holder, kind := x.id, x.kind
	if p.swap {
		holder, kind = itemOf(s.Child("mainsnak")), p.kind
	}
	for _, q := range []struct {
		name   string
		before bool
	}{{"P1365", true}, {"P1366", false}} {
		for snak := range s.Child("qualifiers").All(q.name) {
			other := itemOf(snak)
			if !item().MatchString(other) {
				x.run.Tally.CountUnmapped("claims/" + s.Name + "/" + q.name + " without a value")
				continue
			}
			f := mapping.ItemAt(s)
			f.IsCoded = true
			before, after := x.reference(s, other, kind), x.reference(s, holder, kind)
			if !q.before {
				before, after = after, before
			}
			f.Put("actor", before)
			f.PutText("verb", "predecessor-of")
			f.Put("recipient", after)
			if p.kind == schema.Post {
				f.Put("as", x.reference(s, itemOf(s.Child("mainsnak")), p.kind))
			} else {
				f.PutText("topic", p.topic+" of "+x.id)
			}
			f.PutText("source-key", s.TextOf("id")+" "+q.name+" "+other)
			x.putEvidence(f, s, nil)
			x.do(mapping.Made{Section: mapping.Fact, Item: f})
		}
	}
}

// notesOf returns the rank of a statement, if it is not the usual one, and qualifiers that
// have no other place. Holders before and after have facts of their own if the statement
// has a succession.
func notesOf(s *mapping.Node, hasSuccession bool) (all []string) {
	if rank := s.TextOf("rank"); rank == "preferred" || rank == "deprecated" {
		all = append(all, rank+" rank")
	}
	qualifiers := s.Child("qualifiers")
	if qualifiers == nil {
		return all
	}
	for _, snak := range qualifiers.Children {
		switch name := notes[snak.Name]; {
		case name != "":
			all = append(all, name+": "+valueOf(snak))
		case snak.Name == "P642":
			all = append(all, "of: "+valueOf(snak))
		case snak.Name == "P580" || snak.Name == "P582" || snak.Name == "P585": // see putTime
		case hasSuccession && (snak.Name == "P1365" || snak.Name == "P1366"):
		default:
			all = append(all, snak.Name+": "+valueOf(snak))
		}
	}
	return all
}

// valueOf returns the value of a snak as a text.
func valueOf(snak *mapping.Node) string {
	value := snak.Child("datavalue").Child("value")
	if value == nil {
		return snak.TextOf("snaktype")
	}
	return cmp.Or(itemOf(snak), value.TextOf("time"), value.TextOf("text"), value.TextOf("amount"), value.Text)
}

// putEvidence adds the references of a statement, or else Wikidata itself.
func (x *entity) putEvidence(f *mapping.Item, s *mapping.Node, note []string) {
	var all []*mapping.Item
	add := func(source *mapping.Item) {
		e := mapping.ItemAt(s)
		e.Put("source", source)
		e.PutText("locator", "statement "+cmp.Or(s.TextOf("id"), s.Name))
		e.PutText("method", "import")
		if s.TextOf("rank") == "deprecated" {
			e.PutText("stance", string(schema.Doubts))
		}
		e.PutText("note", strings.Join(note, "; "))
		all = append(all, e)
	}
	for r := range s.All("references") {
		if source := sourceOf(s, r.Child("snaks")); source != nil {
			add(source)
		}
	}
	if len(all) == 0 {
		source := mapping.ItemAt(s)
		source.PutText("title", "Wikidata: "+x.id)
		source.PutText("url", "https://www.wikidata.org/wiki/"+x.id)
		add(source)
	}
	f.Put("evidence", mapping.ListItem(all...))
}

// countUncited counts the references of a statement that are no sources as left out.
func (x *entity) countUncited(s *mapping.Node) {
	for r := range s.All("references") {
		if sourceOf(s, r.Child("snaks")) == nil {
			x.run.Tally.CountUnmapped("references without an address or a work")
		}
	}
}

// sourceOf returns the source of a reference; nil for one that has neither an address nor
// a work.
func sourceOf(at, snaks *mapping.Node) *mapping.Item {
	address := snaks.Child("P854").Child("datavalue").Child("value")
	work := itemOf(snaks.Child("P248"))
	if address == nil && work == "" {
		return nil
	}
	source := mapping.ItemAt(at)
	title := snaks.Child("P1476").Child("datavalue").Child("value").Child("text")
	switch {
	case title != nil:
		source.Put("title", mapping.TextItem(title))
	case work != "":
		source.PutText("title", work)
	}
	if work != "" {
		source.PutText("identifiers", "wikidata:"+work)
	}
	source.Put("url", mapping.TextItem(address))
	source.Put("published", windowOf(snaks.Child("P577")))
	source.Put("accessed", dateOf(snaks.Child("P813")))
	return source
}
