// Package popolo reads Popolo, the specification for data on people, organizations,
// posts and memberships that legislatures and their watchers publish, as JSON: documents
// with lists of objects, as of EveryPolitician, and single objects. See
// https://www.popoloproject.com/specs/.
package popolo

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
)

// Version is the number of the rules by which records are made. It rises when the same
// file makes other records.
const Version = 1

// lists are the keys of a document with lists of objects, and the class of the objects.
var lists = map[string]class{
	"persons": person, "people": person, "organizations": organization, "posts": post,
	"memberships": membership, "areas": area, "events": event,
	"motions": unread, "vote_events": unread, "votes": unread, "speeches": unread, "meta": document,
}

// Looks recognizes a document with lists of Popolo's own, or an object whose keys are
// those of one class.
func Looks(_ string, head []byte) bool {
	keys := topKeys(head)
	if isDocument(keys) {
		return slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(own, k) })
	}
	c, isSure := classOf(keys)
	return c != none && isSure
}

// Rows returns what reads a file, by its beginning: each object in the lists of a
// document is a row, or else the document itself, or each object of a list.
func Rows(head []byte) (*mapping.Mapping, error) {
	if isDocument(topKeys(head)) {
		return mapping.ByCode("popolo", Version, "*", &Reader{InDocument: true})
	}
	return mapping.ByCode("popolo object", Version, "", &Reader{})
}

// own are the lists that only documents of Popolo have: a file of entente has people and
// posts too.
var own = []string{"persons[", "organizations[", "memberships[", "vote_events[", "motions["}

// isDocument reports whether keys are those of a document with lists of objects.
func isDocument(keys []string) bool {
	isList := func(k string) bool {
		name, is := strings.CutSuffix(k, "[")
		return is && lists[name] != none
	}
	isObject := func(k string) bool { return k == "name" || k == "id" || k == "text" }
	return slices.ContainsFunc(keys, isList) && !slices.ContainsFunc(keys, isObject)
}

// topKeys lists the keys of a JSON object, or of the first object of a list, as far as
// the text goes. A key of a list ends with a bracket, a key of an object with a brace. The
// keys of the first object in a list follow the key of the list: memberships[/person_id.
func topKeys(head []byte) []string {
	d := json.NewDecoder(bytes.NewReader(head))
	t, err := d.Token()
	if t == json.Delim('[') {
		t, err = d.Token()
	}
	if err != nil || t != json.Delim('{') {
		return nil
	}
	keys, _ := objectKeys(d, 1)
	return keys
}

// objectKeys lists the keys of the object that has begun, and those of the first objects
// in its lists unless depth is 0. An error is the end of the text.
func objectKeys(d *json.Decoder, depth int) (keys []string, err error) {
	for {
		t, err := d.Token()
		key, isKey := t.(string)
		if err != nil || !isKey {
			return keys, err
		}
		value, err := d.Token()
		delim, _ := value.(json.Delim)
		if delim != 0 {
			key += delim.String()
		}
		if keys = append(keys, key); err != nil {
			return keys, err
		}
		if delim == '[' && depth > 0 && d.More() {
			if value, err = d.Token(); value == json.Delim('{') {
				var below []string
				below, err = objectKeys(d, 0)
				for _, k := range below {
					keys = append(keys, key+"/"+k)
				}
			} else if value == json.Delim('[') && err == nil {
				err = mapping.SkipJSON(d)
			}
		}
		if err == nil && delim != 0 {
			err = mapping.SkipJSON(d)
		}
		if err != nil {
			return keys, err
		}
	}
}
