package export

import (
	"context"
	"fmt"
	"io"
)

// flushSize is the number of bytes after which a [buffer] writes to its writer.
const flushSize = 64 << 10

// buffer collects the bytes of a file of a graph and writes them in large pieces. Its
// appending methods keep the first error of the writer, which [buffer.finish] returns.
type buffer struct {
	w        io.Writer
	bytes    []byte
	err      error
	replaced int // characters that XML cannot hold
}

func newBuffer(w io.Writer) *buffer { return &buffer{w: w, bytes: make([]byte, 0, 2*flushSize)} }

// add appends text as it is.
func (b *buffer) add(text string) { b.bytes = append(b.bytes, text...) }

// xml appends text for an XML element or a quoted XML attribute.
func (b *buffer) xml(text string) {
	var replaced int
	b.bytes, replaced = appendXML(b.bytes, text)
	b.replaced += replaced
}

// xmlAttribute appends ` name="text"`.
func (b *buffer) xmlAttribute(name, text string) {
	b.add(" ")
	b.add(name)
	b.add(`="`)
	b.xml(text)
	b.add(`"`)
}

// json appends text as a JSON string.
func (b *buffer) json(text string) { b.bytes = appendJSON(b.bytes, text) }

// flushIfFull writes the bytes if they are many. It reports whether nothing failed yet.
func (b *buffer) flushIfFull() bool {
	if len(b.bytes) >= flushSize {
		b.flush()
	}
	return b.err == nil
}

func (b *buffer) flush() {
	if b.err == nil {
		_, b.err = b.w.Write(b.bytes)
	}
	b.bytes = b.bytes[:0]
}

// addNodes calls add for each node.
func (b *buffer) addNodes(ctx context.Context, e *elements, add func(*node)) error {
	for n, err := range e.nodes(ctx) {
		if err != nil {
			return err
		}
		add(n)
		if !b.flushIfFull() {
			return b.err
		}
	}
	return nil
}

// addEdges calls add for each edge.
func (b *buffer) addEdges(ctx context.Context, e *elements, add func(*edge)) error {
	for x, err := range e.edges(ctx) {
		if err != nil {
			return err
		}
		add(x)
		if !b.flushIfFull() {
			return b.err
		}
	}
	return nil
}

// finish writes what is left, and says what the file of the elements lacks.
func (b *buffer) finish(e *elements, o Options) error {
	b.flush()
	if b.err != nil {
		return b.err
	}
	e.noteUnlinked(o)
	switch {
	case b.replaced == 1:
		o.note("1 character that XML cannot hold was replaced by U+FFFD")
	case b.replaced > 1:
		o.note(fmt.Sprintf("%d characters that XML cannot hold were replaced by U+FFFD", b.replaced))
	}
	return nil
}

// noteUnlinked says how many facts have no edge, after the edges were read.
func (e *elements) noteUnlinked(o Options) {
	switch {
	case e.unlinked == 1:
		o.note("1 fact that links no two entities has no edge and is not in the file")
	case e.unlinked > 1:
		o.note(fmt.Sprintf("%d facts that link no two entities have no edge and are not in the file", e.unlinked))
	}
}
