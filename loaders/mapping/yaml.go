package mapping

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
	"gopkg.in/yaml.v3"
)

// Limits of a mapping.
const (
	maxSize    = 4 << 20 // bytes of the file
	maxDepth   = 50
	maxAliased = 10_000 // nodes reached through YAML aliases
)

// Error is an error in a mapping, with its position in the file of the mapping.
type Error struct {
	Pos schema.Position
	Err error
}

func (e *Error) Error() string { return fmt.Sprintf("%v: %v", e.Pos, e.Err) }

// Unwrap returns the error without its position.
func (e *Error) Unwrap() error { return e.Err }

// document reads the values of one mapping file.
type document struct {
	name    string
	aliased int
}

func (d *document) fail(n *yaml.Node, err error) error {
	pos := schema.Position{File: d.name}
	if n != nil {
		pos.Line, pos.Col = n.Line, n.Column
	}
	return &Error{pos, err}
}

func (d *document) failf(n *yaml.Node, format string, args ...any) error {
	return d.fail(n, fmt.Errorf(format, args...))
}

// withHint attaches advice to an error.
func withHint(err error, hint string) error {
	return schema.WithHint(err, func() string { return hint })
}

// unknown returns the error of a word that is none of the known words.
func (d *document) unknown(n *yaml.Node, what string, known []string) error {
	return d.fail(n, unknownWord(what, n.Value, known))
}

func unknownWord(what, word string, known []string) error {
	return schema.WithHint(fmt.Errorf("unknown %s: %q", what, word), func() string {
		if near := schema.Nearest(word, known, 3); len(near) > 0 {
			return schema.DidYouMean(near)
		}
		return "known are " + strings.Join(known, ", ")
	})
}

// read parses the YAML of a mapping into a tree.
func (d *document) read(data []byte) (root *yaml.Node, err error) {
	if len(data) > maxSize {
		return nil, d.failf(nil, "a mapping of %d bytes, more than %d", len(data), maxSize)
	}
	defer func() {
		if p := recover(); p != nil {
			root, err = nil, d.failf(nil, "not readable as YAML: %v", p)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, d.failf(nil, "is empty")
	case err != nil:
		return nil, d.yamlError(data, err)
	}
	if err := dec.Decode(&more); err == nil {
		return nil, d.failf(&more, "a second YAML document: want one in a mapping")
	}
	if len(doc.Content) != 1 {
		return nil, d.failf(nil, "is empty")
	}
	return doc.Content[0], d.check(doc.Content[0], 0)
}

var yamlLine = pattern.New(`^yaml: (?:line (\d+): )?`)

// bracedStart matches a value that begins with a field in braces and goes on.
var bracedStart = pattern.New(`[:\-\[,]\s+\{[^{}"']*\}\s*[^\s,\]}#]`)

// bracedHash matches a value that is a field such as {#key} without quotes.
var bracedHash = pattern.New(`[:\-\[,{]\s*\{(\.\./)*\s*#`)

// yamlError gives an error of the YAML parser its position. The usual mistake is a
// text that begins with a brace and has no quotes.
func (d *document) yamlError(data []byte, err error) error {
	message := err.Error()
	m := yamlLine().FindStringSubmatch(message)
	if m == nil {
		return d.fail(nil, err)
	}
	for i, line := range strings.Split(string(data), "\n") {
		if at := bracedHash().FindStringIndex(line); at != nil {
			pos := schema.Position{File: d.name, Line: i + 1, Col: strings.IndexByte(line[at[0]:], '{') + at[0] + 1}
			return &Error{pos, withHint(fmt.Errorf("not YAML: # begins a comment here: %q", strings.TrimSpace(line)),
				`put the field in quotes, as in "{#key}"`)}
		}
		if at := bracedStart().FindStringIndex(line); at != nil {
			pos := schema.Position{File: d.name, Line: i + 1, Col: strings.IndexByte(line[at[0]:], '{') + at[0] + 1}
			return &Error{pos, withHint(fmt.Errorf("not YAML: a text that begins with a brace: %q", strings.TrimSpace(line)),
				`put the text in quotes, as in name: "{First} {Last}"`)}
		}
	}
	line, _ := strconv.Atoi(m[1])
	err = fmt.Errorf("not YAML: %s", strings.TrimPrefix(message, m[0]))
	if strings.Contains(message, "cannot start any token") || strings.Contains(message, "did not find expected ','") {
		err = withHint(err, `put a text with a special character in quotes, as in "{@id}" or "name?"`)
	}
	return &Error{schema.Position{File: d.name, Line: line}, err}
}

// check refuses what mappings do not have: tags, merge keys, repeated keys, and
// values that are nested or repeated too often. It replaces aliases by what they
// stand for.
func (d *document) check(n *yaml.Node, depth int) error {
	switch {
	case depth > maxDepth:
		return d.failf(n, "nested deeper than %d levels", maxDepth)
	case n.Style&yaml.TaggedStyle != 0:
		return d.failf(n, "tags are not supported: %q", n.Tag)
	}
	if n.Kind == yaml.MappingNode {
		if err := d.checkKeys(n); err != nil {
			return err
		}
	}
	for i, c := range n.Content {
		if c.Kind == yaml.AliasNode {
			c = c.Alias
			n.Content[i] = c
			d.aliased += size(c, maxAliased)
		}
		if d.aliased > maxAliased {
			return d.failf(n, "aliases repeat more than %d values", maxAliased)
		}
		if err := d.check(c, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// size counts the nodes of a tree, up to a number.
func size(n *yaml.Node, most int) int {
	count := 1
	for _, c := range n.Content {
		if count > most {
			break
		}
		count += size(c, most-count)
	}
	return count
}

func (d *document) checkKeys(n *yaml.Node) error {
	lines := make(map[string]int)
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
			return d.fail(key, withHint(errors.New("a key that is not text"), `put a text with braces in quotes, as in "{First} {Last}"`))
		case key.Tag == "!!merge":
			return d.failf(key, "merge keys are not supported: %q", "<<")
		case lines[key.Value] > 0:
			return d.failf(key, "duplicate key: %q, first in line %d", key.Value, lines[key.Value])
		}
		lines[key.Value] = key.Line
	}
	return nil
}

// pairs calls read for each key of a YAML mapping.
func (d *document) pairs(n *yaml.Node, what string, read func(key, value *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return d.failf(n, "want %s, not %s", what, kindName(n))
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if err := read(n.Content[i], n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func kindName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "nothing"
	}
	return strconv.Quote(n.Value)
}

// text reads a text, number, or true or false.
func (d *document) text(n *yaml.Node, what string) (string, error) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return "", d.failf(n, "want %s, not %s", what, kindName(n))
	}
	return n.Value, nil
}

// texts reads a text or a list of texts.
func (d *document) texts(n *yaml.Node, what string) ([]string, error) {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	var all []string
	for _, item := range items {
		t, err := d.text(item, what)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// isNull reports whether a value is absent, as after the key in {Who}.
func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// asReference returns the text of a value such as {Who} without quotes, which YAML
// reads as a mapping of one key without a value.
func asReference(n *yaml.Node) (string, bool) {
	if n.Kind != yaml.MappingNode || n.Style&yaml.FlowStyle == 0 || len(n.Content) != 2 || !isNull(n.Content[1]) {
		return "", false
	}
	return "{" + n.Content[0].Value + "}", true
}
