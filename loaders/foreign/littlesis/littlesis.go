// Package littlesis reads the data of LittleSis, a database of who knows whom in business
// and government: its documents of entities and relationships (those of its API, and its
// bulk data), and the maps that its users draw with Oligrapher. See
// https://littlesis.org/api and https://github.com/public-accountability/oligrapher.
package littlesis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// version rises when the same files make other records.
const version = 1

// Looks recognizes a document of entities or relationships by the first of them, and the
// answer of the API that there is none.
func Looks(_ string, head []byte) bool {
	o := outlineOf(head)
	for _, at := range []string{"", "[]", "/data", "/data[]"} {
		if !slices.Contains([]string{entities, relationships}, o[at+"/type"]) {
			continue
		}
		if o.has(at+"/attributes/primary_ext") || o.has(at+"/attributes/category_id") {
			return true
		}
	}
	return o.has("/errors[]/title") && o.has("/meta/apiVersion")
}

// Rows returns what reads a file, by its beginning: the objects of a document's data, and
// those that it includes, or else each object of a list.
func Rows(head []byte) (*mapping.Mapping, error) {
	if o := outlineOf(head); o[""] == "[" || o.has("/type") && o.has("/attributes") {
		return mapping.ByCode("littlesis list", version, "", reader{})
	}
	return mapping.ByCode("littlesis", version, "*", reader{})
}

// Types of objects.
const (
	entities      = "entities"
	relationships = "relationships"
)

// reader makes records of objects. It implements [mapping.Reader].
type reader struct{}

// read are the attributes that become a part of a record.
var read = strings.Fields(`id name blurb summary website primary_ext start_date end_date parent_id aliases types is_deleted
	entity1_id entity2_id category_id description description1 description2 is_current amount currency goods filings notes category_attributes`)

// Reads implements [mapping.Reader].
func (reader) Reads(names []string) bool {
	switch {
	case len(names) == 0:
		return false
	case len(names) == 1:
		return slices.Contains([]string{"id", "type", "self", "entity", "related", "title", "copyright", "license", "apiVersion"}, names[0])
	case names[0] == "links":
		return true
	}
	return names[0] == "attributes" && slices.Contains(read, names[1])
}

// Row implements [mapping.Reader].
func (reader) Row(r *mapping.Run, row *mapping.Node, do func(mapping.Made)) {
	x := &object{run: r, row: row, get: row.Child("attributes"), do: do}
	kind := row.TextOf("type")
	switch {
	case row.Name == "meta" || row.Name == "links" || row.Name == "jsonapi":
		r.Tally.LeftOut++
	case row.Name == "errors":
		x.fail(row.Child("title"), "title", fmt.Errorf("an answer of LittleSis without data: %s", row.TextOf("title")))
	case kind == "":
		x.fail(nil, "type", problem{schema.UnknownRecord, "an object without a type: entities or relationships"})
	case kind != entities && kind != relationships:
		r.Tally.LeftOut++
		r.Tally.CountUnmapped(kind + " (objects)")
	case !number().MatchString(x.id()):
		x.fail(row.Child("id"), "id", problem{schema.MissingValue, "an object without the number by which LittleSis knows it"})
	case isTrue(x.get.TextOf("is_deleted")):
		r.Tally.LeftOut++
		r.Tally.CountUnmapped("deleted " + kind)
	case kind == entities:
		x.entity()
	default:
		x.relationship()
	}
}

// number is an id of LittleSis.
var number = pattern.New(`^[1-9][0-9]{0,17}$`)

// problem is an error of an object, and its kind.
type problem struct {
	kind schema.ProblemKind
	text string
}

func (p problem) Error() string { return p.text }

// ProblemKind returns the kind of the error: see [schema.ProblemKindOf].
func (p problem) ProblemKind() schema.ProblemKind { return p.kind }

// object is one object of a document, which makes records.
type object struct {
	run *mapping.Run
	row *mapping.Node
	get *mapping.Node // its attributes
	do  func(mapping.Made)
}

// id returns the id of the object itself.
func (x *object) id() string {
	if id := x.row.TextOf("id"); id != "" {
		return id
	}
	return x.get.TextOf("id")
}

// fail reports an error in a value of the object; the value may be nil for the whole object.
func (x *object) fail(at *mapping.Node, key string, err error) {
	if at == nil {
		at = x.row
	}
	v := mapping.Value{Line: at.Line, Col: at.Col, Text: at.Text, Field: at.Path()}
	x.do(mapping.Made{Section: mapping.Fact, Errs: []*mapping.ValueError{{Key: key, Value: v, Err: err}}})
}

func (x *object) make(section string, i *mapping.Item) { x.do(mapping.Made{Section: section, Item: i}) }

// identity is how LittleSis knows an entity.
type identity struct {
	id   string
	kind schema.Kind
	name string // empty if it is not known
}

// ref is the text by which facts refer to an entity of LittleSis.
func ref(id string) string { return "littlesis/" + id }

// reference refers to an entity. One that no file declares has the name that its address
// contains, or else its number.
func (x *object) reference(at *mapping.Node, e identity) *mapping.Item {
	m := mapping.ItemAt(at)
	m.PutText("kind", string(e.kind))
	m.PutText("id", e.kind.Prefix()+":"+ref(e.id))
	if e.name == "" {
		e.name = "littlesis:" + e.id
	}
	m.PutText("name", e.name)
	m.PutText("identifiers", "littlesis:"+e.id)
	x.make(mapping.AnyMention, m)
	return &mapping.Item{Text: "<" + ref(e.id) + ">", Line: at.Line, Col: at.Col, Field: at.Path()}
}

// address is the address of an entity's page: its kind, number and name.
var address = pattern.New(`^https?://[^/]+/(person|org|entities)/([0-9]+)(?:[-/]([^/?#]*))?$`)

// identify returns the entity of an address. The kind is empty if the address does not say
// it.
func identify(url string) (e identity, ok bool) {
	m := address().FindStringSubmatch(url)
	if m == nil {
		return e, false
	}
	e.id = m[2]
	e.name = strings.Join(strings.Fields(strings.NewReplacer("_", " ", "~", "/").Replace(m[3])), " ")
	if strings.Contains(e.name, "%") { // escaped, so it is not the name
		e.name = ""
	}
	switch m[1] {
	case "person":
		e.kind = schema.Person
	case "org":
		e.kind = schema.Institution
	}
	return e, true
}

func isTrue(text string) bool { return text == "true" || text == "1" }

func isFalse(text string) bool { return text == "false" || text == "0" }

// partial is a date of which the day is not known, and perhaps not the month. With any other
// month it stays as it is, which is an error: 2001-13 would be the years from 2001 to 2013.
var partial = pattern.New(`^([0-9]{4}-(?:0[0-9]|1[0-2]))-00$`)

// dateOf returns a date, as precise as it is: LittleSis writes 00 for a month or day that is
// not known. It is nil for none.
func dateOf(n *mapping.Node) *mapping.Item {
	date := mapping.TextItem(n)
	if date == nil {
		return nil
	}
	if date.Text == "0000-00-00" {
		return nil
	}
	if m := partial().FindStringSubmatch(date.Text); m != nil {
		date.Text = strings.TrimSuffix(m[1], "-00")
	}
	return date
}
