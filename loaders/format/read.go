package format

import (
	"fmt"
	"strings"

	"github.com/entente-kg/entente/schema"
	"gopkg.in/yaml.v3"
)

// maxKey is the longest key in bytes, since YAML allows no more than 1,024 characters
// with quotes and escapes.
const maxKey = 160

// maxDepth is the deepest nesting of a value, as in package loaders.
const maxDepth = 100

// reader reads a text a second time, along the tree that the YAML parser made of
// it, for the comments. Every byte of the text is a part of the tree, a space or
// a comment: anything else is an error, so that no comment is overlooked.
type reader struct {
	file string
	text string
	pos  int
	err  error

	lineStart int  // the offset of the line
	fresh     bool // nothing but spaces is between lineStart and pos
	breaks    int  // the line breaks since the last token or comment

	pending []comment // lines of comments that belong to no entry yet
	depth   int
}

// document is a tree with its comments.
type document struct {
	header []comment // at the top, before a blank line
	root   *node
	order  bool // keys and records may be moved: there are no anchors
}

// read returns the tree of a text with its comments. The tree of the YAML parser is
// of the same text.
func read(file, text string, doc *yaml.Node) (*document, error) {
	r := &reader{file: file, text: text, fresh: true, breaks: 1}
	r.gap(nil)
	if r.fresh && r.next() == '%' {
		r.fail("a directive: remove this line to format the file")
	}
	if r.isMarker("---") {
		r.skip(3)
		r.gap(nil)
	}
	top := &entry{}
	if len(doc.Content) != 1 || isEmptyNode(doc.Content[0]) {
		return nil, fmt.Errorf("%s: is empty", file)
	}
	if doc.Content[0].Kind != yaml.MappingNode {
		r.failAt(doc.Content[0], "not a dataset: want a mapping")
		return nil, r.err
	}
	d := &document{root: r.node(doc.Content[0], top, -1), order: true}
	for r.isMarker("...") {
		r.skip(3)
		r.gap(nil)
	}
	if r.pos < len(r.text) {
		r.unexpected()
	}
	if d.header = top.head; top.line != "" {
		d.header = append(d.header, comment{text: top.line})
	}
	d.root.foot = append(d.root.foot, r.pending...)
	return d, r.err
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		line := 1 + strings.Count(r.text[:r.pos], "\n")
		r.err = r.errorAt(line, len([]rune(r.text[r.lineStart:r.pos]))+1, format, args...)
	}
}

func (r *reader) failAt(n *yaml.Node, format string, args ...any) {
	if r.err == nil {
		r.err = r.errorAt(n.Line, n.Column, format, args...)
	}
}

func (r *reader) errorAt(line, column int, format string, args ...any) error {
	return fmt.Errorf("%v: %w", schema.Position{File: r.file, Line: line, Col: column}, fmt.Errorf(format, args...))
}

// unexpected fails at text that the tree does not account for.
func (r *reader) unexpected() {
	rest := r.text[r.pos:min(len(r.text), r.pos+20)]
	r.fail("this YAML is read, but not formatted: %q", rest)
}

// next returns the next byte, 0 at the end.
func (r *reader) next() byte {
	if r.pos < len(r.text) {
		return r.text[r.pos]
	}
	return 0
}

// skip passes over n bytes of a token.
func (r *reader) skip(n int) {
	r.pos, r.fresh, r.breaks = r.pos+n, false, 0
}

// expect passes over a token.
func (r *reader) expect(token string) {
	if !strings.HasPrefix(r.text[r.pos:], token) {
		r.unexpected()
		return
	}
	r.skip(len(token))
}

// accept passes over an indicator, if it is next, and reports whether it was.
func (r *reader) accept(indicator byte) bool {
	if r.next() != indicator {
		return false
	}
	r.skip(1)
	return true
}

// isMarker reports whether a marker of documents is next.
func (r *reader) isMarker(marker string) bool {
	rest, ok := strings.CutPrefix(r.text[r.pos:], marker)
	return ok && r.pos == r.lineStart && (rest == "" || isBlank(rest[0]) || breakAt(rest) > 0)
}

// node reads a value of an entry. Indent is the column of the block collection
// around it, -1 for none.
func (r *reader) node(n *yaml.Node, e *entry, indent int) *node {
	out := &node{yaml: n}
	if r.depth++; r.depth > maxDepth {
		r.failAt(n, "nested deeper than %d levels", maxDepth)
	}
	defer func() { r.depth-- }()
	if n.Style&yaml.TaggedStyle != 0 {
		r.failAt(n, "tags are not supported: %q", n.Tag)
	}
	if n.Anchor != "" && r.err == nil {
		r.expect("&" + n.Anchor)
		r.gap(e)
	}
	switch {
	case r.err != nil:
	case n.Kind == yaml.AliasNode:
		r.flush(e)
		r.expect("*" + n.Value)
	case n.Kind == yaml.ScalarNode:
		r.scalar(out, e, indent)
	case n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle != 0:
		r.flowMapping(out, e)
	case n.Kind == yaml.MappingNode:
		r.mapping(out)
	case n.Style&yaml.FlowStyle != 0:
		r.flowList(out, e)
	default:
		r.list(out, indent)
	}
	return out
}

// mapping reads a mapping in block style.
func (r *reader) mapping(out *node) {
	indent, last := r.column(), (*entry)(nil)
	for i := 0; i+1 < len(out.yaml.Content) && r.err == nil; i += 2 {
		e := &entry{}
		r.takeHead(e, last)
		r.key(e, out.yaml.Content[i], indent)
		r.value(e, out.yaml.Content[i+1], indent)
		r.gap(e)
		r.claimEmpty(e, indent)
		out.entries, last = append(out.entries, e), e
	}
	r.checkKeys(out)
	out.foot = r.claim(indent)
}

// key reads a key, perhaps after a question mark.
func (r *reader) key(e *entry, n *yaml.Node, indent int) {
	if r.next() == '?' && (r.pos+1 == len(r.text) || isBlank(r.text[r.pos+1]) || breakAt(r.text[r.pos+1:]) > 0) {
		r.skip(1)
		r.gap(e)
		r.flush(e)
	}
	if n.Kind != yaml.ScalarNode && n.Kind != yaml.AliasNode {
		r.failAt(n, "a key that is not text")
		return
	}
	if len(n.Value) > maxKey {
		r.failAt(n, "a key of %d bytes, more than %d", len(n.Value), maxKey)
		return
	}
	e.key = r.node(n, e, indent).yaml
	r.gap(e)
}

// value reads what follows a key.
func (r *reader) value(e *entry, n *yaml.Node, indent int) {
	switch {
	case r.err != nil:
	case r.accept(':'):
		r.gap(e)
		e.value = r.node(n, e, indent)
	case isEmptyNode(n):
		e.value = &node{yaml: n}
	default:
		r.unexpected()
	}
}

// list reads a list in block style. A comment at its end that is no further in than
// the mapping around it, at the column outer, is not of the list.
func (r *reader) list(out *node, outer int) {
	indent, last := r.column(), (*entry)(nil)
	for _, item := range out.yaml.Content {
		e, dash := &entry{}, &entry{}
		r.takeHead(e, last)
		r.expect("-")
		if r.err != nil {
			return
		}
		r.gap(dash)
		if isEmptyNode(item) && item.Anchor == "" {
			e.line = dash.line
		} else {
			if dash.line != "" {
				e.head = append(e.head, comment{text: dash.line})
			}
			r.flush(e)
		}
		e.value = r.node(item, e, indent)
		r.gap(e)
		r.claimEmpty(e, indent)
		out.entries, last = append(out.entries, e), e
	}
	out.foot = r.claim(max(indent, outer+1))
}

// flowList reads a list in brackets.
func (r *reader) flowList(out *node, outer *entry) {
	r.flush(outer)
	r.expect("[")
	r.gap(outer)
	for _, item := range out.yaml.Content {
		e := &entry{}
		r.takeHead(e, nil)
		e.value = r.node(item, e, -1)
		out.entries = append(out.entries, e)
		r.comma(e)
	}
	r.close(out, outer, "]")
}

// flowMapping reads a mapping in braces, or one entry without braces in a list in
// brackets.
func (r *reader) flowMapping(out *node, outer *entry) {
	r.flush(outer)
	braces := r.accept('{')
	r.gap(outer)
	for i := 0; i+1 < len(out.yaml.Content) && r.err == nil; i += 2 {
		e := &entry{}
		r.takeHead(e, nil)
		r.key(e, out.yaml.Content[i], -1)
		r.value(e, out.yaml.Content[i+1], -1)
		out.entries = append(out.entries, e)
		if braces {
			r.comma(e)
		}
	}
	r.checkKeys(out)
	if braces {
		r.close(out, outer, "}")
	}
}

// comma passes over the comma after an entry, if there is one.
func (r *reader) comma(e *entry) {
	r.gap(e)
	if r.err == nil && r.accept(',') {
		r.gap(e)
	}
}

// close reads the end of a collection in flow style.
func (r *reader) close(out *node, outer *entry, bracket string) {
	if r.err != nil {
		return
	}
	out.foot, r.pending = r.pending, nil
	if len(out.entries) == 0 {
		outer.head, out.foot = append(outer.head, out.foot...), nil
	}
	r.expect(bracket)
	r.gap(outer)
}

// checkKeys fails if a mapping has a key twice.
func (r *reader) checkKeys(n *node) {
	first := make(map[string]*yaml.Node, len(n.entries))
	for _, e := range n.entries {
		if r.err != nil || e.key.Kind != yaml.ScalarNode {
			continue
		}
		if was := first[e.name()]; was != nil {
			r.failAt(e.key, "duplicate key: %q, first in line %d", e.name(), was.Line)
		}
		first[e.name()] = e.key
	}
}
