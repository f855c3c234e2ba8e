package littlesis

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// category is a category of relationships: the verb of its facts, what the entities are if
// nothing says it, and the topic of a fact whose first description says nothing.
type category struct {
	verb    string
	kinds   [2]schema.Kind
	topic   string
	plain   string // a first description that says no more than the verb
	isEvent bool
}

// categories are the categories by their numbers, in the direction of LittleSis: the first
// entity has the position, studies, is the member, gives, lobbies, owns, is the child.
var categories = [...]category{
	1:  {verb: "works-at", kinds: [2]schema.Kind{schema.Person, schema.Institution}, plain: "Position"},
	2:  {verb: "studied-at", kinds: [2]schema.Kind{schema.Person, schema.Institution}, plain: "Student"},
	3:  {verb: "member-of", kinds: [2]schema.Kind{schema.Person, schema.Institution}, plain: "Member"},
	4:  {verb: "relative-of", kinds: [2]schema.Kind{schema.Person, schema.Person}, plain: "Relative"},
	5:  {verb: "paid", kinds: [2]schema.Kind{schema.Person, schema.Institution}, topic: "donation", isEvent: true},
	6:  {verb: "linked-with", kinds: [2]schema.Kind{schema.Institution, schema.Institution}, topic: "transaction"},
	7:  {verb: "linked-with", kinds: [2]schema.Kind{schema.Institution, schema.Institution}, topic: "lobbying"},
	8:  {verb: "associate-of", kinds: [2]schema.Kind{schema.Person, schema.Person}, topic: "social"},
	9:  {verb: "associate-of", kinds: [2]schema.Kind{schema.Person, schema.Person}, topic: "professional"},
	10: {verb: "owns", kinds: [2]schema.Kind{schema.Institution, schema.Institution}, plain: "Owner"},
	11: {verb: "part-of", kinds: [2]schema.Kind{schema.Institution, schema.Institution}, plain: "Child Org"},
	12: {verb: "linked-with", kinds: [2]schema.Kind{schema.Institution, schema.Institution}},
}

// relationship makes the fact of a relationship.
func (x *object) relationship() {
	n, err := strconv.Atoi(x.get.TextOf("category_id"))
	if err != nil || n < 1 || n >= len(categories) {
		x.fail(x.get.Child("category_id"), "category_id", problem{schema.UnknownVerb, "a relationship whose category_id is not a number from 1 to 12"})
		return
	}
	c := categories[n]
	first, second := x.side("entity1_id", "entity", c.kinds[0]), x.side("entity2_id", "related", c.kinds[1])
	if first == nil || second == nil {
		x.fail(nil, "entity1_id", problem{schema.MissingValue, "a relationship without both of its entities"})
		return
	}
	verb, topic, note := c.verb, x.get.TextOf("description1"), ""
	switch n {
	case 1:
		verb = x.positionVerb()
	case 4:
		var swap bool
		if verb, swap = familyVerb(x.get.TextOf("description1"), x.get.TextOf("description2")); swap {
			first, second = second, first
		}
		if verb != c.verb && topic != "" { // the verb says it already
			topic, note = "", "description1: "+topic
		}
	}
	if strings.EqualFold(topic, c.plain) {
		topic = ""
	}
	f := x.newFact(verb, first, second)
	f.PutText("topic", strings.TrimSpace(cmp.Or(topic, c.topic)+x.amount()))
	notes := x.putTime(f, c.isEvent)
	if note != "" {
		notes = append([]string{note}, notes...)
	}
	x.cite(f, append(notes, x.notes()...))
	x.make(mapping.Fact, f)
}

// side returns a reference to an entity of a relationship; nil for none. The address of the
// entity, if it is there, gives its kind and name.
func (x *object) side(id, link string, kind schema.Kind) *mapping.Item {
	at := x.get.Child(id)
	if at == nil || !number().MatchString(at.Value()) {
		return nil
	}
	e, ok := identify(cmp.Or(x.row.TextOf(link), x.row.Child("links").TextOf(link)))
	if !ok || e.id != at.Value() {
		e = identity{id: at.Value()}
	}
	e.kind = cmp.Or(e.kind, kind)
	return x.reference(at, e)
}

// positionVerb returns the verb of a position: a member of a board directs, an employee
// works there, and of any other position only that there is one is known.
func (x *object) positionVerb() string {
	more := x.get.Child("category_attributes")
	switch {
	case isTrue(more.TextOf("is_board")) || isBoard(x.get.TextOf("description1")):
		return "director-of"
	case isFalse(more.TextOf("is_employee")) && !isTrue(more.TextOf("is_executive")):
		return "had-role-at"
	}
	return "works-at"
}

// isBoard reports whether a title is of a member of a board.
func isBoard(title string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(title)) {
		if word = strings.Trim(word, ",.;()"); word == "board" || word == "trustee" {
			return true
		}
	}
	return false
}

// familyVerb returns the verb of what two relatives are to each other, and whether the
// second is its subject. Words that are unknown, or of which one says something else than
// the other, leave it at a relative.
func familyVerb(first, second string) (verb string, swap bool) {
	a, b := familyWord(first), opposite[familyWord(second)]
	switch {
	case first == "":
		a = b
	case second != "" && a != b:
		a = ""
	}
	switch a {
	case "spouse":
		return "spouse-of", false
	case "parent":
		return "parent-of", false
	case "child":
		return "parent-of", true
	}
	return "relative-of", false
}

var opposite = map[string]string{"spouse": "spouse", "parent": "child", "child": "parent"}

func familyWord(word string) string {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "spouse", "husband", "wife":
		return "spouse"
	case "parent", "mother", "father":
		return "parent"
	case "child", "son", "daughter":
		return "child"
	}
	return ""
}

// amount returns the amount of a relationship with its currency; empty for none.
func (x *object) amount() string {
	amount := x.get.TextOf("amount")
	if amount == "" {
		return ""
	}
	return strings.TrimRight(" "+amount+" "+strings.ToUpper(x.get.TextOf("currency")), " ")
}

// putTime adds the dates, and returns what they say besides.
func (x *object) putTime(f *mapping.Item, isEvent bool) (note []string) {
	since, until := dateOf(x.get.Child("start_date")), dateOf(x.get.Child("end_date"))
	current := x.get.TextOf("is_current")
	switch {
	case isEvent && since != nil && (until == nil || until.Text == since.Text):
		f.Put("when", since)
		return nil
	case isEvent:
	case until != nil && isTrue(current):
		note = append(note, "is_current: true")
	case until == nil && isFalse(current):
		note = append(note, "ended on an unknown day")
	case until == nil && isTrue(current) && since == nil:
		note = append(note, "began on an unknown day and is current")
	case until == nil && isTrue(current):
		n := x.get.Child("is_current")
		until = &mapping.Item{Text: "..", Line: n.Line, Col: n.Col, Field: n.Path()}
	}
	f.Put("since", since)
	f.Put("until", until)
	return note
}

// notes returns what a relationship says more than who, what and when.
func (x *object) notes() (all []string) {
	if second := x.get.TextOf("description2"); second != "" && second != x.get.TextOf("description1") {
		all = append(all, "description2: "+second)
	}
	for _, name := range []string{"goods", "filings", "notes"} {
		if text := x.get.TextOf(name); text != "" {
			all = append(all, name+": "+text)
		}
	}
	if more := x.get.Child("category_attributes"); more != nil {
		all = append(all, valuesBelow(more, "")...)
	}
	return all
}

// valuesBelow lists the values in an object with their names, but for those that are false.
func valuesBelow(n *mapping.Node, prefix string) (all []string) {
	for _, c := range n.Children {
		switch {
		case len(c.Children) > 0:
			all = append(all, valuesBelow(c, prefix+c.Name+"/")...)
		case c.Value() != "" && c.Value() != "false":
			all = append(all, fmt.Sprint(prefix, c.Name, ": ", c.Value()))
		}
	}
	return all
}

// newFact returns a fact; the recipient may be nil for none.
func (x *object) newFact(verb string, actor, recipient *mapping.Item) *mapping.Item {
	f := mapping.ItemAt(x.row)
	f.IsCoded = true // a verb whose kinds do not fit gives way to a wider one
	f.Put("actor", actor)
	f.PutText("verb", verb)
	f.Put("recipient", recipient)
	if x.row.TextOf("type") == relationships {
		f.PutText("source-key", "littlesis:"+x.id())
	}
	return f
}

// cite adds the page of the object as the source of a fact, with notes.
func (x *object) cite(f *mapping.Item, notes []string) {
	one, page := "relationship", x.row.TextOf("self")
	if x.row.TextOf("type") == entities {
		one = "entity"
	}
	page = cmp.Or(page, x.row.Child("links").TextOf("self"))
	source := mapping.ItemAt(x.row)
	source.PutText("title", "LittleSis: "+one+" "+x.id())
	source.PutText("url", cmp.Or(page, "https://littlesis.org/"+x.row.TextOf("type")+"/"+x.id()))
	e := mapping.ItemAt(x.row)
	e.Put("source", source)
	e.PutText("locator", one+" "+x.id())
	e.PutText("method", "import")
	e.PutText("note", strings.Join(notes, "; "))
	f.Put("evidence", mapping.ListItem(e))
}
