// Package ftm reads the entities of FollowTheMoney, one JSON object a line, as
// OpenSanctions and Aleph write them. The properties and schemata are those of the model
// of FollowTheMoney 4.
//
// A person, body, place, gathering or thing becomes an entity; a document becomes a
// source; an interval that links entities, such as Ownership, becomes a fact.
package ftm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// version rises when the same lines make other records.
const version = 3

// Mapping returns what reads the lines of a full file.
func Mapping() (*mapping.Mapping, error) { return NewDeltas().Full() }

// Rows returns what reads the lines of a file that begins with a text. A file of deltas by
// itself is an error: it would replace a dataset by the entities that have changed.
func Rows(head []byte) (*mapping.Mapping, error) {
	if first, _ := firstLine(head); first.Op != "" && first.Entity != nil || len(bytes.TrimSpace(head)) == 0 {
		return nil, errDelta()
	}
	return Mapping()
}

// Looks recognizes a file by its first line: an object with an id, a schema and
// properties, or an operation of a delta.
func Looks(name string, head []byte) bool {
	row, ok := firstLine(head)
	return ok && row.ID != "" && row.Schema != "" && row.Properties != nil || IsDelta(name, head)
}

// line is what tells a line of FollowTheMoney from others.
type line struct {
	ID, Schema string
	Op         string
	Properties map[string]json.RawMessage
	Entity     *struct{ ID string }
}

// firstLine reads the first line of a text. Of a line that is longer than the text it reads
// what stands before the properties, or before the entity of a delta.
func firstLine(head []byte) (first line, ok bool) {
	text, _, isWhole := bytes.Cut(head, []byte("\n"))
	if isWhole {
		return first, json.Unmarshal(text, &first) == nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return first, false
	}
	for d.More() {
		key, err := d.Token()
		switch {
		case err != nil:
			return first, false
		case key == "properties":
			first.Properties = make(map[string]json.RawMessage)
			return first, true
		case key == "entity":
			first.Entity = &struct{ ID string }{}
			return first, true
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return first, false
		}
		switch key { // errors leave the text empty
		case "id":
			_ = json.Unmarshal(value, &first.ID)
		case "schema":
			_ = json.Unmarshal(value, &first.Schema)
		case "op":
			_ = json.Unmarshal(value, &first.Op)
		}
	}
	return first, true
}

// reader makes records of the lines of a file: of a full file, or of a delta.
type reader struct {
	deltas *Deltas
	number int32 // of the file, from 1 for deltas
}

// Reads implements [mapping.Reader].
func (reader) Reads(names []string) bool {
	switch {
	case len(names) == 0: // Row counts what it leaves out
		return true
	case len(names) == 1:
		return slices.Contains([]string{"id", "schema", "caption", "datasets", "referents"}, names[0])
	case len(names) != 2 || names[0] != "properties":
		return false
	}
	return readProperties()[names[1]]
}

// Row implements [mapping.Reader].
func (f reader) Row(r *mapping.Run, row *mapping.Node, do func(mapping.Made)) {
	x := &entity{run: r, row: row, do: do}
	if x.row = f.current(x); x.row == nil {
		return
	}
	r.CountLeftOut(x.row)
	x.properties, x.id = x.row.Child("properties"), x.row.TextOf("id")
	name := x.row.TextOf("schema")
	switch {
	case x.id == "":
		x.fail("id", x.row.Child("id"), fmt.Errorf("an entity without an id"))
		return
	case name == "":
		x.fail("schema", x.row.Child("schema"), fmt.Errorf("an entity without a schema"))
		return
	}
	kind, isThing := things[name]
	link, isLink := links[name]
	switch {
	case isThing && kind == schema.Doc:
		x.source()
	case isThing:
		x.thing(kind)
	case name == "Sanction":
		x.sanction()
	case isLink:
		x.link(link)
	case slices.Contains(leftOut, name):
		r.Tally.LeftOut++
	default:
		x.fail("schema", x.row.Child("schema"), schema.WithHint(fmt.Errorf("unknown schema %q", name), func() string {
			return schema.DidYouMean(schema.Nearest(name, schemata(), 1))
		}))
	}
}

// schemata lists the known schemata, sorted.
func schemata() []string {
	all := slices.Concat(slices.Collect(maps.Keys(things)), slices.Collect(maps.Keys(links)), leftOut, []string{"Sanction"})
	slices.Sort(all)
	return all
}

// entity is one entity of FollowTheMoney, which makes records.
type entity struct {
	run        *mapping.Run
	row        *mapping.Node
	properties *mapping.Node
	id         string
	do         func(mapping.Made)
	noted      string // a property that is in the note of this line; empty for none
	errs       []*mapping.ValueError
}

// fail rejects the whole line.
func (x *entity) fail(key string, at *mapping.Node, err error) {
	x.note(key, at, err)
	x.do(mapping.Made{Section: mapping.Fact, Errs: x.errs})
}

// note adds an error of a value, which stands at a node; nil for the line.
func (x *entity) note(key string, at *mapping.Node, err error) {
	v := mapping.Value{Text: "", Line: x.row.Line, Col: x.row.Col}
	if at != nil {
		v = mapping.Value{Text: at.Value(), Line: at.Line, Col: at.Col, Field: at.Path()}
	}
	x.errs = append(x.errs, &mapping.ValueError{Key: key, Value: v, Err: err})
}

// make makes a record, with the errors of its values.
func (x *entity) make(section string, i *mapping.Item) {
	x.do(mapping.Made{Section: section, Item: i, Errs: x.errs})
	x.errs = nil
}

// all returns the values of properties, in order.
func (x *entity) all(names ...string) (nodes []*mapping.Node) {
	for _, name := range names {
		for n := range x.properties.All(name) {
			if n.Value() != "" {
				nodes = append(nodes, n)
			}
		}
	}
	return nodes
}

// first returns the first value of the first of the properties that has one; nil for none.
func (x *entity) first(names ...string) *mapping.Node {
	if all := x.all(names...); len(all) > 0 {
		return all[0]
	}
	return nil
}
