package loaders

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// A file that is one mapping, in YAML or JSON, is read in blocks too, of whole
// items of its lists. An outliner finds where these items begin, without parsing
// them. What it does not know for certain is parsed whole: [errUndivided].

// errUndivided says that a file is parsed whole, since its outline is unusual.
var errUndivided = errors.New("not divided into items")

// Limits of files of one mapping.
const (
	maxEntry  = 1 << 20 // bytes of an entry that is not a list
	maxKept   = 8 << 20 // bytes of the undivided files of an input whose facts are kept
	maxReread = 4 << 20 // bytes of an undivided file that is parsed again for each pass
	maxWhole  = 3       // such files whose items could not be read, until all are parsed whole
)

// outliner finds the entries of a mapping in the bytes of its file, which it gets
// in chunks, with their offsets in the file.
type outliner interface {
	add(chunk []byte, offset int64) error
	finish(size int64) (entries []*mappingEntry, items []*block, err error)
}

// mappingEntry is one entry of a mapping. The source has only the key of a list.
type mappingEntry struct {
	name   string
	source *source
	at     int // the offset of the entry in its source
}

// mappingHead is a mapping without the items of its lists. It is the layout of the
// first block of a divided file, which has no text.
type mappingHead struct {
	root     *node
	source   *source
	defaults *fileDefaults
	dates    written.Order
	beside   []*source // the lines of the defaults
}

func (h *mappingHead) parse(p *parser) error {
	p.source, p.item.source = h.source, h.source
	return p.dataset(h.root)
}

// itemsLayout is the layout of a block of items of lists of a mapping.
type itemsLayout struct {
	head  *mappingHead
	parts []listPart
}

// listPart is some items of the list with a key.
type listPart struct {
	list  string
	items itemReader
}

// itemReader calls read for each item in the text of a block. A node is valid until
// read returns.
type itemReader interface {
	readItems(p *parser, read func(*node)) error
}

func (l *itemsLayout) parse(p *parser) error {
	p.defaults, p.values.dates, p.source.beside = l.head.defaults, l.head.dates, l.head.beside
	for _, part := range l.parts {
		read := p.itemReader(part.list)
		if err := part.items.readItems(p, func(n *node) { p.readItem(n, func() { read(n) }) }); err != nil {
			return err
		}
	}
	return nil
}

// isMapping reports whether the file may be divided into items of a mapping.
func (f *file) isMapping() bool {
	_, isJSON := f.loader.(JSON)
	return isJSON && !f.isArray || f.loader == (YAML{})
}

// divide returns the blocks of a file of one mapping. The error is errUndivided for
// a file that must be parsed whole.
func (f *file) divide(v *schema.Vocabulary, size int) ([]*block, error) {
	entries, items, err := f.outline(f.outliner(size))
	if err != nil {
		return nil, err
	}
	head := &mappingHead{root: &node{kind: mapNode, text: text{line: 1, col: 1}}, source: &source{file: f, firstLine: 1}}
	blocks := []*block{{file: f, layout: head}}
	for _, e := range entries {
		key, value, err := e.parse()
		if err != nil || isList(e.name) && value.kind != nullNode {
			return nil, errUndivided
		}
		head.root.keys, head.root.items = append(head.root.keys, key), append(head.root.items, value)
		if e.name == "defaults" {
			e.source.share()
			head.beside = append(head.beside, e.source)
		}
	}
	for _, b := range items {
		b.layout.(*itemsLayout).head = head
	}
	return append(blocks, items...), head.read(newParser(v, factKeysOf(v)))
}

// outliner returns the outliner of a file, for blocks of a size.
func (f *file) outliner(size int) outliner {
	o := outline{file: f, size: size, line: 1}
	if f.loader == (YAML{}) {
		return &yamlOutliner{outline: o}
	}
	return &jsonOutliner{outline: o}
}

// outline lets an outliner read the file.
func (f *file) outline(o outliner) (entries []*mappingEntry, items []*block, err error) {
	sum, offset := sha256.New(), int64(0)
	err = f.eachChunk(func(chunk []byte) error {
		sum.Write(chunk)
		text := chunk
		if offset == 0 {
			text = bytes.TrimPrefix(chunk, []byte(byteOrderMark))
		}
		offset += int64(len(chunk))
		return o.add(text, offset-int64(len(text)))
	})
	if err == nil && hex.EncodeToString(sum.Sum(nil)) != f.hash {
		err = f.changed()
	}
	if err != nil {
		return nil, nil, err
	}
	return o.finish(f.size)
}

// parse parses an entry.
func (e *mappingEntry) parse() (key text, value *node, err error) {
	if _, isJSON := e.source.loader.(JSON); isJSON {
		return e.parseJSON()
	}
	return e.parseYAML()
}

// read reads the defaults of a mapping, and checks all that is not in a list.
func (h *mappingHead) read(p *parser) error {
	c := newCollector(&block{file: h.source.file}, nil)
	p.begin(h.source, c)
	if h.parse(p) != nil {
		return errUndivided // the error may not be the first one of the file
	}
	h.defaults, h.dates = p.defaults, p.values.dates
	return nil
}

// outline is what outliners have in common.
type outline struct {
	file    *file
	size    int // the usual number of bytes of a block
	line    int // the line that is being read
	entries []*mappingEntry
	blocks  []*block
}

// begin begins an entry. A key that is unknown or there already makes the file
// unusual.
func (o *outline) begin(name string, line int) error {
	for _, e := range o.entries {
		if e.name == name {
			return errUndivided
		}
	}
	if name != schemaKey && name != "about" && name != "dataset" && name != "defaults" && !isVerbsKey(name) && !isList(name) {
		return errUndivided
	}
	o.entries = append(o.entries, &mappingEntry{name: name, source: &source{file: o.file, firstLine: line}})
	return nil
}

func (o *outline) entry() *mappingEntry { return o.entries[len(o.entries)-1] }

// beginBlock begins a block with items of the last entry.
func (o *outline) beginBlock(offset int64, line int, items itemReader) {
	o.blocks = append(o.blocks, &block{file: o.file, line: line, row: 1, offset: offset, layout: &itemsLayout{}})
	o.addPart(items)
}

// addPart adds items of the last entry to the last block.
func (o *outline) addPart(items itemReader) {
	layout := o.block().layout.(*itemsLayout)
	layout.parts = append(layout.parts, listPart{o.entry().name, items})
}

func (o *outline) block() *block { return o.blocks[len(o.blocks)-1] }

// endBlock ends the last block before an offset.
func (o *outline) endBlock(offset int64) {
	b := o.block()
	b.size = int(offset - b.offset)
}

// isList reports whether the value of a key of a mapping is a list of items.
func isList(name string) bool {
	_, isKind := kindOfList[name]
	return isKind || name == "sources" || name == "entities" || name == "facts"
}

// readDivided reads the blocks of a divided file for the first time, and computes
// their hashes. An error is the last pair.
func (f *file) readDivided(blocks []*block) iter.Seq2[blockText, error] {
	return func(yield func(blockText, error) bool) {
		r, err := f.openBlocks()
		if err != nil {
			yield(blockText{}, err)
			return
		}
		defer r.r.Close()
		r.all = sha256.New()
		for _, b := range blocks {
			t := blockText{block: b}
			t.text, b.sum, err = r.block(b)
			if !yield(t, err) || err != nil {
				return
			}
		}
		if err = r.skip(f.size); err == nil && hex.EncodeToString(r.all.Sum(nil)) != f.hash {
			err = f.changed()
		}
		if err != nil {
			yield(blockText{}, err)
		}
	}
}

// wholeLayout is the layout of a small file of one mapping that is parsed whole for
// each pass.
type wholeLayout struct{}

func (wholeLayout) parse(p *parser) error {
	return p.source.loader.(parsingLoader).parse(context.Background(), p)
}

// errReread says that the files of an input must be read from the first one again.
var errReread = errors.New("read again")

// itemsError is the error of items of a divided file. All that was read of the file
// counts for nothing.
type itemsError struct {
	file *file
	err  error
}

// readWhole returns the error of a file whose items cannot be read one by one. If the
// file may be parsed whole, it is errReread. Once there are several such files,
// all others of YAML are parsed whole too, so that few are read again.
func (in *Input) readWhole(e *itemsError) error {
	if e.file.loader != (YAML{}) || e.file.size > maxTree {
		return e.err
	}
	if in.wholes++; in.wholes < maxWhole {
		e.file.isWhole = true
		return errReread
	}
	for _, f := range in.files {
		f.isWhole = f.isWhole || f.loader == (YAML{}) && f.size <= maxTree
	}
	return errReread
}

func (e *itemsError) Error() string { return e.err.Error() }
func (e *itemsError) Unwrap() error { return e.err }
