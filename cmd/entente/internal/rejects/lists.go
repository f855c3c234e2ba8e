package rejects

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/entente-kg/entente/schema"
)

// place is a line and a column in characters, both from 1.
type place struct{ line, column int }

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.line, q.line), cmp.Compare(p.column, q.column))
}

// reasonsOf returns the reasons of the rejected items among items that begin at some
// places, in order: a problem belongs to the last item that begins before it.
func reasonsOf(items []place, rows []*schema.RowError) map[int]string {
	reasons := make(map[int]string)
	for _, row := range rows {
		at := place{row.Pos.Line, row.Pos.Col}
		i, found := slices.BinarySearchFunc(items, at, place.compare)
		if !found {
			i--
		}
		if i < 0 {
			continue
		}
		reason := strings.ReplaceAll(row.Error(), "\n", "; ")
		if reasons[i] != "" {
			reason = reasons[i] + "; " + reason
		}
		reasons[i] = reason
	}
	return reasons
}

// isItems reports whether the value of a key of a dataset is a list of items of which
// only the rejected ones are kept. Sources are kept, since facts cite them by their keys.
func isItems(key string) bool { return key != "sources" && key != "about" && key != "defaults" }

// rejectedYAML returns a dataset of the rejected items, each after a comment of its
// reason, with the comments of the file.
func rejectedYAML(text []byte, rows []*schema.RowError) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, cmp.Or(err, errors.New("not a dataset"))
	}
	var items []place
	lists := yamlLists(doc.Content[0])
	for _, list := range lists {
		for _, item := range list.Content {
			items = append(items, place{item.Line, item.Column})
		}
	}
	slices.SortFunc(items, place.compare)
	reasons := reasonsOf(items, rows)
	for _, list := range lists {
		list.Content = slices.DeleteFunc(list.Content, func(item *yaml.Node) bool {
			i, _ := slices.BinarySearchFunc(items, place{item.Line, item.Column}, place.compare)
			if reasons[i] != "" {
				item.HeadComment = strings.TrimPrefix(item.HeadComment+"\n# "+reasons[i], "\n")
			}
			return reasons[i] == ""
		})
		list.Style &^= yaml.FlowStyle
	}
	dropEmpty(doc.Content[0], lists)
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	err := errors.Join(encoder.Encode(&doc), encoder.Close())
	return out.Bytes(), err
}

// yamlLists returns the lists of items of a dataset.
func yamlLists(dataset *yaml.Node) (lists []*yaml.Node) {
	for i := 0; i+1 < len(dataset.Content); i += 2 {
		if list := dataset.Content[i+1]; list.Kind == yaml.SequenceNode && isItems(dataset.Content[i].Value) {
			lists = append(lists, list)
		}
	}
	return lists
}

// dropEmpty removes the lists without items.
func dropEmpty(dataset *yaml.Node, lists []*yaml.Node) {
	var kept []*yaml.Node
	for i := 0; i+1 < len(dataset.Content); i += 2 {
		if list := dataset.Content[i+1]; len(list.Content) > 0 || !slices.Contains(lists, list) {
			kept = append(kept, dataset.Content[i], list)
		}
	}
	dataset.Content = kept
}

// rejectedJSON returns the rejected items, in the form of the file: an array of records,
// or an object with lists. The reason is a key of each item.
func rejectedJSON(text []byte, rows []*schema.RowError) ([]byte, error) {
	d := &jsonLists{text: text, rows: rows, decoder: json.NewDecoder(bytes.NewReader(text)), line: 1}
	open, err := d.decoder.Token()
	if err != nil {
		return nil, err
	}
	if open == json.Delim('[') {
		list, err := d.list("")
		return append(list, '\n'), err
	}
	var fields []string
	for d.decoder.More() {
		token, err := d.decoder.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		value, err := d.value(key)
		if err != nil {
			return nil, err
		}
		if string(value) != "[]" {
			quoted, _ := json.Marshal(key)
			fields = append(fields, fmt.Sprintf("%s: %s", quoted, value))
		}
	}
	return []byte("{\n" + strings.Join(fields, ",\n") + "\n}\n"), nil
}

// jsonLists reads the lists of a file of JSON.
type jsonLists struct {
	text    []byte
	rows    []*schema.RowError
	decoder *json.Decoder
	line    int // of the byte at offset
	offset  int
	start   int // of that line
}

// value returns the value of a key as it is written, or only its rejected items.
func (d *jsonLists) value(key string) ([]byte, error) {
	rest := bytes.TrimLeft(d.text[d.decoder.InputOffset():], " \t\r\n:")
	if isItems(key) && bytes.HasPrefix(rest, []byte("[")) {
		if _, err := d.decoder.Token(); err != nil {
			return nil, err
		}
		return d.list(key)
	}
	var raw json.RawMessage
	err := d.decoder.Decode(&raw)
	return raw, err
}

// list returns the rejected items of a list, whose bracket is read.
func (d *jsonLists) list(key string) ([]byte, error) {
	var places []place
	var items []json.RawMessage
	for d.decoder.More() {
		at := int(d.decoder.InputOffset())
		at += len(d.text[at:]) - len(bytes.TrimLeft(d.text[at:], " \t\r\n,"))
		places = append(places, d.placeOf(at))
		var item json.RawMessage
		if err := d.decoder.Decode(&item); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	if _, err := d.decoder.Token(); err != nil {
		return nil, err
	}
	end := d.placeOf(int(d.decoder.InputOffset()))
	inside := slices.DeleteFunc(slices.Clone(d.rows), func(r *schema.RowError) bool {
		at := place{r.Pos.Line, r.Pos.Col}
		return len(places) == 0 || at.compare(places[0]) < 0 || at.compare(end) >= 0
	})
	reasons := reasonsOf(places, inside)
	var kept []string
	for i, item := range items {
		if reason := reasons[i]; reason != "" {
			kept = append(kept, "  "+strings.TrimSuffix(jsonLine(asObject(key, item), reason), "\n"))
		}
	}
	if len(kept) == 0 {
		return []byte("[]"), nil
	}
	return []byte("[\n" + strings.Join(kept, ",\n") + "\n]"), nil
}

// asObject returns an item that is a text as an object, to which a reason can be added.
func asObject(list string, item json.RawMessage) string {
	if bytes.HasPrefix(item, []byte("{")) || !json.Valid(item) || !bytes.HasPrefix(item, []byte(`"`)) {
		return string(item)
	}
	if list == "facts" || list == "" {
		return fmt.Sprintf(`{"fact": %s}`, item)
	}
	return fmt.Sprintf(`{"name": %s}`, item)
}

// placeOf returns the place of a byte, which is not before the bytes asked for earlier.
func (d *jsonLists) placeOf(at int) place {
	for ; d.offset < at; d.offset++ {
		if d.text[d.offset] == '\n' {
			d.line, d.start = d.line+1, d.offset+1
		}
	}
	return place{d.line, utf8.RuneCount(d.text[d.start:at]) + 1}
}
