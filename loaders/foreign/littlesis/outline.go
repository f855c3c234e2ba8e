package littlesis

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/entente-kg/entente/loaders/mapping"
)

// outline is what stands at the beginning of a JSON document: by the keys that lead to a
// value its text, or the bracket that opens it. The items of a list have the same path, as
// /data[]/type; the first of them that has a value counts.
type outline map[string]string

func (o outline) has(path string) bool { _, has := o[path]; return has }

// maxDepth is the number of keys and lists that an outline goes down.
const maxDepth = 6

// outlineOf returns the outline of a text that may end before the document does.
func outlineOf(head []byte) outline {
	o := make(outline)
	d := json.NewDecoder(bytes.NewReader(head))
	d.UseNumber()
	_ = o.value(d, "", 0) // an error is the end of the text
	return o
}

// value reads the next value, to which a path leads.
func (o outline) value(d *json.Decoder, path string, depth int) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	text := fmt.Sprint(t)
	if t == nil {
		text = ""
	}
	if depth <= maxDepth && !o.has(path) {
		o[path] = text
	}
	open, isOpen := t.(json.Delim)
	if !isOpen {
		return nil
	}
	if depth >= maxDepth {
		return mapping.SkipJSON(d)
	}
	for d.More() {
		below := path + "[]"
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			below = fmt.Sprint(path, "/", key)
		}
		if err := o.value(d, below, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}
