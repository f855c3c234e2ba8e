package format

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxWidth is the width, in characters, up to which a list of texts is on one line.
const maxWidth = 80

// writer writes a document in canonical form.
type writer struct {
	out    []byte
	dashes int // hyphens of lists to write before the next text
}

// write returns the text of a document.
func write(d *document, s *shape) string {
	w := &writer{}
	w.comments(d.header, 0, true)
	if len(d.header) > 0 {
		w.blank()
	}
	for i, e := range d.root.entries {
		if i > 0 && !s.isFree {
			w.blank()
		}
		w.mapEntry(e, 0, s, i == 0 || !s.isFree)
	}
	if len(d.root.entries) == 0 {
		w.write("{}\n")
	}
	w.comments(d.root.foot, 0, false)
	return string(bytes.TrimRight(w.out, "\n")) + "\n"
}

func (w *writer) write(text string) { w.out = append(w.out, text...) }

// blank writes a blank line, unless there is one or the text begins.
func (w *writer) blank() {
	if len(w.out) > 0 && !bytes.HasSuffix(w.out, []byte("\n\n")) {
		w.write("\n")
	}
}

// begin writes the indentation of a line, with the hyphens before it.
func (w *writer) begin(indent int) {
	w.write(strings.Repeat(" ", indent-2*w.dashes))
	w.write(strings.Repeat("- ", w.dashes))
	w.dashes = 0
}

// end writes a comment at the end of a line, if there is one, and ends the line.
func (w *writer) end(comment string) {
	if comment != "" {
		w.write("  " + comment)
	}
	w.write("\n")
}

// comments writes lines of comments with the blank lines above them. The first has
// none if something else decides that.
func (w *writer) comments(list []comment, indent int, decided bool) {
	for i, c := range list {
		if c.spaced && !(i == 0 && decided) {
			w.blank()
		}
		w.write(strings.Repeat(" ", indent) + c.text + "\n")
	}
}

// head writes what is above an entry. Blank lines above entries without comments
// stay only where nothing decides about them.
func (w *writer) head(e *entry, indent int, s *shape, decided bool) {
	w.comments(e.head, indent, decided)
	if e.spaced && (len(e.head) > 0 || s.isFree && !decided) {
		w.blank()
	}
}

// tail writes what is directly below an entry, and a blank line.
func (w *writer) tail(e *entry, indent int) {
	for _, c := range e.tail {
		w.write(strings.Repeat(" ", indent) + c.text + "\n")
	}
	if len(e.tail) > 0 {
		w.blank()
	}
}

func (w *writer) mapping(n *node, indent int, s *shape) {
	for i, e := range n.entries {
		w.mapEntry(e, indent, s, i == 0)
	}
	w.comments(n.foot, indent, false)
}

// mapEntry writes a key and its value. Whether a blank line is above it may be
// decided already.
func (w *writer) mapEntry(e *entry, indent int, s *shape, decided bool) {
	w.head(e, indent, s, decided)
	w.begin(indent)
	key := keyText(e.key)
	w.write(key)
	v := s.of(e.name())
	w.value(e, indent, indent+utf8.RuneCountInString(key)+1, v, s.isDate(e.name()))
	w.tail(e, indent)
}

// list writes a list in block style. Between two records there is a blank line,
// unless both are one line.
func (w *writer) list(n *node, indent int, s *shape) {
	wasLong := false
	for i, e := range n.entries {
		above := len(w.out)
		isLong := s.sorted != nil && w.isLong(e, indent, s)
		if spaced := i > 0 && (wasLong || isLong); spaced {
			w.blank()
		}
		w.item(e, indent, s, i == 0 || len(w.out) > above)
		wasLong = isLong
	}
	w.comments(n.foot, indent, false)
}

// isLong reports whether an item has several lines, comments around it not counted.
func (w *writer) isLong(e *entry, indent int, s *shape) bool {
	probe := &writer{}
	probe.item(&entry{value: e.value, line: e.line}, indent, s, true)
	return bytes.Count(probe.out, []byte("\n")) > 1
}

func (w *writer) item(e *entry, indent int, s *shape, decided bool) {
	w.head(e, indent, s, decided)
	w.dashes++
	if _, ok := inline(e.value, s, indent+2); ok || len(e.value.entries) == 0 || e.value.yaml.Anchor != "" {
		w.begin(indent + 2)
		w.trimSpace()
		w.value(e, indent, indent+2, s, false)
	} else if e.value.isMapping() {
		w.mapping(e.value, indent+2, s)
	} else {
		w.list(e.value, indent+2, s)
	}
	w.tail(e, indent)
}

// trimSpace removes the space after a hyphen, since a value begins with one.
func (w *writer) trimSpace() { w.out = bytes.TrimSuffix(w.out, []byte(" ")) }

// value writes the value of an entry after its key, which ends at a column.
func (w *writer) value(e *entry, indent, column int, s *shape, isDate bool) {
	n := e.value
	if e.key != nil {
		w.write(":")
	}
	if n.yaml.Anchor != "" {
		w.write(" &" + n.yaml.Anchor)
	}
	switch text, ok := inline(n, s, column+1); {
	case n.yaml.Kind == yaml.AliasNode:
		w.write(" *" + n.yaml.Value)
		w.end(e.line)
	case n.yaml.Kind == yaml.ScalarNode:
		w.scalar(e, indent, isDate)
	case ok:
		w.write(" " + text)
		w.end(e.line)
	case n.isMapping():
		w.end(e.line)
		w.mapping(n, indent+2, s)
	default:
		w.end(e.line)
		w.list(n, indent+2, s)
	}
}

// scalar writes the text of an entry: on its line, or on lines of its own.
func (w *writer) scalar(e *entry, indent int, isDate bool) {
	text, lines := scalarText(e.value, isDate)
	if text != "" {
		w.write(" " + text)
	}
	w.end(e.line)
	for _, line := range lines {
		if line != "" {
			line = strings.Repeat(" ", indent+2) + line
		}
		w.write(line + "\n")
	}
	w.comments(e.value.foot, indent+2, true)
}

// inline returns a value on one line that begins at a column, if it belongs there: an
// empty collection, or a short list of texts without comments.
func inline(n *node, s *shape, column int) (text string, ok bool) {
	if n.yaml.Kind != yaml.SequenceNode && n.yaml.Kind != yaml.MappingNode {
		return "", false
	}
	if len(n.yaml.Content) > 0 && (s.sorted != nil || s.isFree && !n.isFlow()) {
		return "", false
	}
	text, ok = flow(n, s)
	return text, ok && (len(n.yaml.Content) == 0 || column+utf8.RuneCountInString(text) <= maxWidth)
}

// flow returns a value in flow style, if it may have that style.
func flow(n *node, s *shape) (text string, ok bool) {
	if n.yaml.Kind == yaml.AliasNode {
		return "*" + n.yaml.Value, true
	}
	if n.yaml.Kind == yaml.ScalarNode {
		return flowScalar(n)
	}
	if n.isMapping() && len(n.entries) > 0 && !(s.isInline || s.isFree && n.isFlow()) || len(n.foot) > 0 {
		return "", false
	}
	var parts []string
	for _, e := range n.entries {
		part, ok := flowEntry(e, n, s)
		if !ok {
			return "", false
		}
		parts = append(parts, part)
	}
	if text = strings.Join(parts, ", "); n.isMapping() {
		return "{" + text + "}", true
	}
	return "[" + text + "]", true
}

// flowEntry returns an entry in flow style. A list of known shape contains no list in
// flow style.
func flowEntry(e *entry, in *node, s *shape) (text string, ok bool) {
	if len(e.head)+len(e.tail) > 0 || e.line != "" || e.value.yaml.Anchor != "" || !s.isFree && e.value.isList() {
		return "", false
	}
	inner := s
	if in.isMapping() {
		inner = s.of(e.name())
	}
	if e.key == nil {
		return flow(e.value, inner)
	}
	key, ok := flowKey(e.key)
	if ok && s.isFree && e.value.isEmpty() && len(e.value.foot) == 0 {
		return key, true // as a mapping writes a field
	}
	text, isFlow := flow(e.value, inner)
	return key + ": " + text, ok && isFlow
}
