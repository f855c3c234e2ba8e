package loaders

import (
	"bytes"
	"errors"

	"gopkg.in/yaml.v3"

	"github.com/entente-kg/entente/schema/pattern"
)

// yamlOutliner finds the entries of a YAML mapping in block style, line by line: a
// key without indentation begins an entry, and a hyphen as far in as the first one
// of a list begins an item. A text or collection of several lines that seems to
// contain such a line is not valid YAML without what follows, and the file is parsed
// whole.
type yamlOutliner struct {
	outline
	rest   []byte // the beginning of a line
	begun  int64  // the offset of rest
	head   []byte // the lines of the entry, without items
	state  yamlState
	indent int  // the column of the hyphens of a list
	marked bool // a line of hyphens before the mapping
}

// yamlState is what was read of the last entry.
type yamlState uint8

const (
	noEntry    yamlState = iota
	keyAlone             // only the key
	someValue            // a value that is not a list of items
	itemOfList           // items
)

func (o *yamlOutliner) add(chunk []byte, offset int64) error {
	for len(chunk) > 0 {
		if len(o.rest) == 0 {
			o.begun = offset
		}
		n := bytes.IndexByte(chunk, '\n') + 1
		if n == 0 {
			o.rest = append(o.rest, chunk...)
			return nil
		}
		line := chunk[:n]
		if len(o.rest) > 0 {
			line = append(o.rest, line...)
			o.rest = line[:0]
		}
		if err := o.lines(line); err != nil {
			return err
		}
		chunk, offset = chunk[n:], offset+int64(n)
	}
	return nil
}

// lines reads what is one line to others, and may be several to YAML.
func (o *yamlOutliner) lines(text []byte) error {
	offset, from := o.begun, 0
	for i, b := range text {
		if (b == '\r' || b >= 0x80) && i+1 < len(text) && isYAMLBreak(text, i) {
			if err := o.read(text[from:i+1], offset+int64(from)); err != nil {
				return err
			}
			from = i + 1
		}
	}
	return o.read(text[from:], offset+int64(from))
}

func (o *yamlOutliner) finish(size int64) (entries []*mappingEntry, items []*block, err error) {
	if len(o.rest) > 0 {
		err = o.lines(o.rest)
	}
	if err != nil || o.state == noEntry {
		return nil, nil, errUndivided
	}
	o.endEntry(size)
	return o.entries, o.blocks, nil
}

// yamlEntry is a key without indentation, perhaps with a value after it.
var yamlEntry = pattern.New(`^([a-z-]+):([ \t\r\n]|$)`)

// read reads a line at an offset.
func (o *yamlOutliner) read(line []byte, offset int64) error {
	err := o.place(line, offset)
	o.line++
	if err != nil || o.state == itemOfList {
		return err
	}
	if o.head = append(o.head, line...); len(o.head) > maxEntry {
		return errUndivided
	}
	return nil
}

// place finds out to which part of the mapping a line belongs.
func (o *yamlOutliner) place(line []byte, offset int64) error {
	content := bytes.TrimLeft(line, " ")
	indent := len(line) - len(content)
	if rest := bytes.TrimSpace(content); len(rest) == 0 || rest[0] == '#' {
		return nil
	}
	isItem := content[0] == '-' && (len(content) == 1 || isYAMLSpace(content[1:]))
	switch {
	case indent == 0 && !isItem && yamlEntry().Match(line):
		return o.beginEntry(line, offset)
	case o.state == noEntry:
		return o.mark(line)
	case o.state == keyAlone && isItem && isList(o.entry().name):
		o.setHead()
		o.state, o.indent = itemOfList, indent
		o.beginBlock(offset, o.line, yamlItems{indent})
	case o.state == itemOfList && isItem && indent == o.indent:
		if offset-o.block().offset >= int64(o.size) {
			o.endBlock(offset)
			o.beginBlock(offset, o.line, yamlItems{indent})
		}
	case o.state == itemOfList && indent <= o.indent, indent == 0 && !(isItem && isVerbsKey(o.entry().name)):
		return errUndivided
	case o.state == keyAlone:
		o.state = someValue
	}
	return nil
}

func isYAMLSpace(text []byte) bool {
	return text[0] == ' ' || text[0] == '\t' || text[0] == '\n' || text[0] == '\r'
}

// mark accepts one line of three hyphens before the mapping.
func (o *yamlOutliner) mark(line []byte) error {
	if o.marked || string(bytes.TrimRight(line, " \r\n")) != "---" {
		return errUndivided
	}
	o.marked = true
	return nil
}

func (o *yamlOutliner) beginEntry(line []byte, offset int64) error {
	first := o.line
	if o.state == noEntry {
		first = 1 // with the lines before the mapping
	} else {
		o.endEntry(offset)
	}
	name, rest, _ := bytes.Cut(line, []byte(":"))
	rest = bytes.TrimSpace(rest)
	if o.state = someValue; len(rest) == 0 || rest[0] == '#' {
		o.state = keyAlone
	}
	return o.begin(string(name), first)
}

// endEntry ends the last entry before an offset. A list of another style than items
// line by line is a block of its own.
func (o *yamlOutliner) endEntry(offset int64) {
	e := o.entry()
	if o.state == someValue && isList(e.name) {
		o.beginBlock(offset-int64(len(o.head)), e.source.firstLine, yamlItems{-1})
		o.head, o.state = o.head[:0], itemOfList
	}
	if o.state == itemOfList {
		o.endBlock(offset)
		return
	}
	o.setHead()
}

// setHead sets the text of the last entry.
func (o *yamlOutliner) setHead() {
	o.entry().source.text, o.head = string(o.head), o.head[:0]
}

// parseYAML parses an entry of a YAML mapping. A list of another style has no text.
func (e *mappingEntry) parseYAML() (key text, value *node, err error) {
	if e.source.text == "" {
		return text{e.name, int32(e.source.firstLine), 1}, &node{}, nil
	}
	root, err := parseYAML(e.source)
	if err != nil || root.kind != mapNode || len(root.keys) != 1 {
		return key, nil, errUndivided
	}
	return root.keys[0], root.items[0], nil
}

// yamlItems are items whose hyphens have as many spaces before them, or a whole entry
// if that is -1.
type yamlItems struct{ indent int }

func (y yamlItems) readItems(p *parser, read func(*node)) error {
	doc, err := decodeYAML(p.source)
	if err != nil {
		return &itemsError{p.source.file, err}
	}
	list := y.list(doc)
	if list == nil {
		return &itemsError{p.source.file, errUndivided}
	}
	t := yamlTree{source: p.source}
	for i, item := range list.Content {
		n := t.node(item, 2)
		if t.aliased > 0 {
			t.fail(item, errors.New("an alias in a large file"))
		}
		if t.err != nil {
			return &itemsError{p.source.file, t.err}
		}
		read(n)
		list.Content[i] = nil
	}
	return nil
}

// list returns the list in a document, or nil if there is anything else.
func (y yamlItems) list(doc *yaml.Node) *yaml.Node {
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil
	}
	list := doc.Content[0]
	if y.indent < 0 {
		if list.Kind != yaml.MappingNode || len(list.Content) != 2 {
			return nil
		}
		list = list.Content[1]
	}
	isBlock := list.Style == 0 && list.Column == y.indent+1
	if list.Kind != yaml.SequenceNode || list.Style&^yaml.FlowStyle != 0 || y.indent >= 0 && !isBlock {
		return nil
	}
	return list
}
