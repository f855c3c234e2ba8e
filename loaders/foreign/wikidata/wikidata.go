// Package wikidata reads entities of Wikidata as JSON: documents of Special:EntityData,
// single entities, and dumps as one list or as lines. See
// https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html.
package wikidata

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// version rises when the same entities make other records.
const version = 3

// Rows returns what reads a document or a list, by the text at its beginning.
func Rows(head []byte) (*mapping.Mapping, error) {
	rows := ""
	if beginsDocument().Match(head) {
		rows = "entities/*"
	}
	return mapping.ByCode("wikidata", version, rows, reader{})
}

// Lines returns what reads lines.
func Lines() (*mapping.Mapping, error) { return mapping.ByCode("wikidata", version, "", reader{}) }

var (
	beginsDocument = pattern.New(`^\s*\{\s*("success"\s*:\s*1\s*,\s*)?"entities"\s*:\s*\{\s*"[QPL][0-9]+"\s*:\s*\{`)
	beginsEntity   = pattern.New(`^\s*\[?\s*\{`)
	hasType        = pattern.New(`"type"\s*:\s*"(item|property|lexeme)"`)
	hasID          = pattern.New(`"id"\s*:\s*"[QPL][0-9]+"`)
	item           = pattern.New(`^Q[1-9][0-9]*$`)
)

// Looks recognizes a document, an entity, or a list of entities.
func Looks(name string, head []byte) bool {
	return beginsDocument().Match(head) || !LooksLines(name, head) && looksEntity(head)
}

// LooksLines recognizes entities of which each is one line. A first line that is longer
// than the head is one of several by the extension of the name alone.
func LooksLines(name string, head []byte) bool {
	line, rest, isWhole := bytes.Cut(head, []byte("\n"))
	isFollowed := bytes.HasPrefix(rest, []byte("{"))
	if !isWhole {
		isFollowed = slices.Contains([]string{".jsonl", ".ndjson"}, strings.ToLower(path.Ext(name)))
	}
	return isFollowed && bytes.HasPrefix(line, []byte("{")) && looksEntity(line) && !beginsDocument().Match(head)
}

func looksEntity(head []byte) bool {
	begin := head[:min(len(head), 1000)]
	return beginsEntity().Match(begin) && hasType().Match(begin) && hasID().Match(begin)
}

// reader makes records of entities.
type reader struct{}

// Reads implements [mapping.Reader]. What is left out is counted by property: see statements.
func (reader) Reads([]string) bool { return true }

// Row implements [mapping.Reader].
func (reader) Row(r *mapping.Run, row *mapping.Node, do func(mapping.Made)) {
	x := &entity{run: r, row: row, id: row.TextOf("id"), do: do}
	switch {
	case x.id == "":
		x.fail("id", nil, errors.New("an entity without an id"))
	case row.TextOf("type") == "property" || row.TextOf("type") == "lexeme":
		r.Tally.LeftOut++
	case !item().MatchString(x.id):
		x.fail("id", row.Child("id"), fmt.Errorf("not the id of an item: %q", x.id))
	case row.Child("redirects") != nil || row.Child("missing") != nil:
		r.Tally.LeftOut++
	default:
		x.read()
	}
}

// entity is one item, which makes records.
type entity struct {
	run  *mapping.Run
	row  *mapping.Node
	id   string
	kind schema.Kind
	do   func(mapping.Made)
}

// fail rejects the entity, or a statement of it, for a value that stands at a node.
func (x *entity) fail(key string, at *mapping.Node, err error) {
	v := mapping.Value{Line: x.row.Line, Col: x.row.Col}
	if at != nil {
		v = mapping.Value{Text: at.Value(), Line: at.Line, Col: at.Col, Field: at.Path()}
	}
	x.do(mapping.Made{Section: mapping.Fact, Errs: []*mapping.ValueError{{Key: key, Value: v, Err: err}}})
}

func (x *entity) read() {
	claims := x.row.Child("claims")
	x.kind = kindOf(claims)
	i := mapping.ItemAt(x.row)
	i.PutText("kind", string(x.kind))
	i.PutText("id", x.kind.Prefix()+":"+x.id)
	x.putNames(i)
	x.putBirth(i, claims)
	i.Put("identifiers", x.identifiers(claims))
	i.Put("description", mapping.TextItem(best(x.row.Child("descriptions"))))
	x.do(mapping.Made{Section: mapping.Entity, Item: i})
	if pages := x.row.Child("sitelinks"); pages != nil {
		for range pages.Children {
			x.run.Tally.CountUnmapped("sitelinks")
		}
	}
	if claims == nil {
		return
	}
	for _, statement := range claims.Children {
		x.statement(statement)
	}
}

// statement makes the fact of a statement, or counts it as left out.
func (x *entity) statement(s *mapping.Node) {
	p, known := properties[s.Name]
	switch {
	case known:
		x.countUncited(s)
		x.fact(s, p)
	case s.Name == "P570" && x.kind == schema.Person && x.isOutranked(s):
		x.run.Tally.CountUnmapped("claims/" + s.Name)
	case s.Name == "P570" && x.kind == schema.Person:
		x.countUncited(s)
		x.death(s)
	case s.Name == "P31" || s.Name == "P569" || s.Name == "P571" || schemes[s.Name] != "":
	default:
		x.run.Tally.CountUnmapped("claims/" + s.Name)
	}
}
