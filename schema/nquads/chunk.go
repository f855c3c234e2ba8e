package nquads

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Chunk is whole lines of an input, which can be read apart from the others.
type Chunk struct {
	Data []byte
	Line int // the number of the first line, from 1
}

// Chunks cuts an input into chunks of about the same size, so that several can
// be read at once.
type Chunks struct {
	r        io.Reader
	name     string
	rest     []byte // of the last chunk, after its last line
	line     int
	inputErr error
}

// NewChunks returns the chunks of r, which errors call by the name.
func NewChunks(r io.Reader, name string) *Chunks { return &Chunks{r: r, name: name, line: 1} }

// Next reads a chunk into buf, which it may replace by a larger one: its
// capacity is the size of a chunk. At the end of the input the error is io.EOF,
// other errors are those of the input.
func (c *Chunks) Next(buf []byte) (Chunk, error) {
	buf = append(buf[:0], c.rest...)
	for c.inputErr == nil && len(buf) < cap(buf) {
		n, err := c.r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		c.inputErr = err
	}
	if c.inputErr != nil && !errors.Is(c.inputErr, io.EOF) {
		return Chunk{}, c.inputErr
	}
	whole := len(buf)
	if c.inputErr == nil {
		if whole = lastLineEnd(buf); whole == 0 {
			if whole = len(buf); whole > MaxLine {
				return Chunk{}, fmt.Errorf("%s:%d: %w", c.name, c.line, errLineTooLong)
			}
			c.rest = append(c.rest[:0], buf...)
			return c.Next(make([]byte, 0, 2*cap(buf)))
		}
	}
	c.rest = append(c.rest[:0], buf[whole:]...)
	chunk := Chunk{buf[:whole:whole], c.line}
	if whole == 0 {
		return chunk, io.EOF
	}
	c.line += countLines(chunk.Data)
	return chunk, nil
}

// lastLineEnd is where the last whole line ends. A CR at the very end may be
// half of a line's end.
func lastLineEnd(b []byte) int {
	end := 1 + bytes.LastIndexByte(b, '\n')
	if rest := b[end:]; len(rest) > 1 {
		end += 1 + bytes.LastIndexByte(rest[:len(rest)-1], '\r')
	}
	return end
}

// countLines counts the ends of lines: LF, CR, or both together.
func countLines(b []byte) int {
	n := bytes.Count(b, []byte{'\n'})
	if cr := bytes.Count(b, []byte{'\r'}); cr > 0 {
		n += cr - bytes.Count(b, []byte("\r\n"))
	}
	return n
}

// Reader returns a reader of the chunk's lines. The name is that of the input.
func (c Chunk) Reader(name string) *Reader {
	return &Reader{r: bytes.NewReader(nil), name: name, buf: c.Data, line: c.Line - 1, inputErr: io.EOF}
}
