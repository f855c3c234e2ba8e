package nquads

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// MaxLine is the limit of a line, in bytes.
const MaxLine = 1 << 20

// ErrSyntax is wrapped by the errors of malformed lines.
var ErrSyntax = errors.New("bad N-Quads")

// Reader reads one statement from each line.
type Reader struct {
	r        io.Reader
	name     string
	buf      []byte // bytes that are read but not parsed: buf[at:]
	at       int
	line     int
	inputErr error // the error that ended the input
	parser   lineParser
}

// NewReader returns a reader of r. The name is the name of the input, for errors.
func NewReader(r io.Reader, name string) *Reader {
	return &Reader{r: r, name: name, buf: make([]byte, 0, 1<<18)}
}

// Read returns the next statement; its terms are valid until the next call. At
// the end of the input the error is [io.EOF]. A [*schema.RowError] that wraps
// [ErrSyntax] is the error of one line, with its column in characters; the next
// call reads the next line. Any other error comes from the input.
func (r *Reader) Read() (s Statement, err error) {
	err = r.ReadTo(&s)
	return s, err
}

// ReadTo is [Reader.Read] without copying the statement: it writes to *s.
func (r *Reader) ReadTo(s *Statement) error {
	for {
		text, err := r.nextLine()
		if err != nil {
			return err
		}
		ok, err := r.parser.parse(text, s)
		if err != nil {
			return r.rowError(text, err)
		}
		if ok {
			return nil
		}
	}
}

// RowError gives an error of the last statement its position.
func (r *Reader) RowError(err error) error { return r.rowError(r.parser.text, err) }

// rowError gives an error of a line its position.
func (r *Reader) rowError(text []byte, err error) error {
	pos := schema.Position{File: r.name, Line: r.line, Col: 1}
	var at *lineError
	if errors.As(err, &at) {
		pos.Col = 1 + utf8.RuneCount(text[:at.offset])
	}
	return &schema.RowError{Pos: pos, Err: err, Kind: schema.BadSyntax, Text: string(text)}
}

var errLineTooLong = fmt.Errorf("%w: the line is longer than %d bytes", ErrSyntax, MaxLine)

// nextLine returns the next line without its line break: LF, CR or CR LF.
func (r *Reader) nextLine() ([]byte, error) {
	for {
		rest := r.buf[r.at:]
		if n := lineEnd(rest); n >= 0 && n <= MaxLine {
			r.line++
			r.at += n + 1
			if rest[n] == '\r' && n+1 < len(rest) && rest[n+1] == '\n' {
				r.at++
			}
			return rest[:n], nil
		}
		if len(rest) > MaxLine {
			return nil, r.skipLine()
		}
		if r.inputErr != nil {
			if len(rest) == 0 || !errors.Is(r.inputErr, io.EOF) {
				return nil, r.inputErr
			}
			r.line++
			r.at = len(r.buf)
			return bytes.TrimSuffix(rest, []byte("\r")), nil
		}
		r.fill()
	}
}

// lineEnd returns the offset of the first line break, or -1. A CR as the last
// byte does not count yet, since its LF may follow.
func lineEnd(b []byte) int {
	lf := bytes.IndexByte(b, '\n')
	head := b
	if lf >= 0 {
		head = b[:lf]
	}
	cr := bytes.IndexByte(head, '\r')
	switch {
	case cr < 0, cr == len(b)-1:
		return lf
	}
	return cr
}

// fill moves the remaining bytes to the front of the buffer and reads more.
func (r *Reader) fill() {
	if r.at > 0 {
		r.buf = r.buf[:copy(r.buf, r.buf[r.at:])]
		r.at = 0
	}
	if cap(r.buf)-len(r.buf) < 1<<16 {
		r.buf = append(make([]byte, 0, 2*cap(r.buf)), r.buf...)
	}
	for range 100 {
		n, err := r.r.Read(r.buf[len(r.buf):cap(r.buf)])
		r.buf = r.buf[:len(r.buf)+n]
		if err != nil {
			r.inputErr = err
		}
		if n > 0 || err != nil {
			return
		}
	}
	r.inputErr = io.ErrNoProgress
}

// skipLine skips the rest of a line that is too long.
func (r *Reader) skipLine() error {
	head := string(r.buf[r.at : r.at+64])
	r.line++
	for {
		rest := r.buf[r.at:]
		if n := lineEnd(rest); n >= 0 {
			r.at += n + 1
			if rest[n] == '\r' && n+1 < len(rest) && rest[n+1] == '\n' {
				r.at++
			}
			break
		}
		r.at = len(r.buf) - min(1, len(rest)) // a CR at the end may be half of a CR LF
		if r.inputErr != nil {
			r.at = len(r.buf)
			break
		}
		r.fill()
	}
	return &schema.RowError{Pos: schema.Position{File: r.name, Line: r.line, Col: 1}, Err: errLineTooLong, Kind: schema.TooLarge, Text: head}
}
