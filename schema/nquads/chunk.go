package nquads

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Chunk is a part of an input that consists of whole lines, so that it can be
// read independently.
type Chunk struct {
	Data []byte
	Line int // the number of the first line, from 1
}

// Chunks divides an input into chunks of about the same size, which can be read
// in parallel.
type Chunks struct {
	r        io.Reader
	name     string
	rest     []byte // the incomplete line after the last chunk
	line     int
	inputErr error
}

// NewChunks returns the chunks of r. Errors contain the name.
func NewChunks(r io.Reader, name string) *Chunks { return &Chunks{r: r, name: name, line: 1} }

// Next reads a chunk into buf, or into a larger buffer if a line is longer. The
// capacity of buf is the size of a chunk. At the end of the input the error is
// [io.EOF]; other errors come from the input.
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

// lastLineEnd returns the offset after the last complete line. A CR at the very
// end may be half of a CR LF.
func lastLineEnd(b []byte) int {
	end := 1 + bytes.LastIndexByte(b, '\n')
	if rest := b[end:]; len(rest) > 1 {
		end += 1 + bytes.LastIndexByte(rest[:len(rest)-1], '\r')
	}
	return end
}

// countLines counts the line breaks: LF, CR, or CR LF.
func countLines(b []byte) int {
	n := bytes.Count(b, []byte{'\n'})
	if cr := bytes.Count(b, []byte{'\r'}); cr > 0 {
		n += cr - bytes.Count(b, []byte("\r\n"))
	}
	return n
}

// Reader returns a reader of the chunk. The name is the name of the input, for
// errors.
func (c Chunk) Reader(name string) *Reader {
	return &Reader{r: bytes.NewReader(nil), name: name, buf: c.Data, line: c.Line - 1, inputErr: io.EOF}
}
