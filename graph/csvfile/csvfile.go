// Package csvfile writes tables as CSV (RFC 4180, in UTF-8) of which no cell runs as a
// formula when a spreadsheet opens the file.
//
// A spreadsheet reads a cell as a formula if it begins with one of = + - @, a tab or a
// line break, also as full-width characters. [Defuse] puts an apostrophe before such a
// text, and before a text that begins with apostrophes and then such a character;
// [Restore] is its inverse. Numbers are written as they are.
//
// Rows end with a line feed, and so do lines within a cell: carriage returns become line
// feeds. A NUL, which many readers refuse, becomes U+FFFD.
package csvfile

import (
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// BOM is the mark at the start of a file by which Excel recognizes UTF-8.
const BOM = "\ufeff"

// Writer writes rows of CSV. It keeps the first error of the underlying writer, which
// [Writer.End] and [Writer.Flush] return.
type Writer struct {
	w     io.Writer
	bytes []byte
	cells int // of the row that is not ended
	err   error
}

// NewWriter returns a writer of CSV. The caller must call Flush at the end. If w is nil,
// the rows stay in memory: see [Writer.Bytes].
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// flushSize is the number of bytes after which a Writer writes to its writer.
const flushSize = 64 << 10

// Text adds a text to the row.
func (w *Writer) Text(s string) {
	w.separate()
	if s == "" {
		return
	}
	switch found := lookFor(s); {
	case found&(controls|oddStart) != 0 || found&beyondASCII != 0 && !utf8.ValidString(s):
		w.bytes = appendCell(w.bytes, Defuse(clean(s)))
	case found&marks != 0:
		w.bytes = appendQuoted(w.bytes, s)
	default:
		w.bytes = append(w.bytes, s...)
	}
}

// Number adds a whole number to the row.
func (w *Writer) Number(n int) {
	w.separate()
	w.bytes = strconv.AppendInt(w.bytes, int64(n), 10)
}

// Verbatim adds a cell that is no formula, such as a number or a date, as it is.
func (w *Writer) Verbatim(s string) {
	w.separate()
	w.bytes = appendCell(w.bytes, s)
}

// Texts adds several texts to the row.
func (w *Writer) Texts(all ...string) {
	for _, s := range all {
		w.Text(s)
	}
}

// separate begins a cell.
func (w *Writer) separate() {
	if w.cells++; w.cells > 1 {
		w.bytes = append(w.bytes, ',')
	}
}

// End ends the row.
func (w *Writer) End() error {
	w.bytes, w.cells = append(w.bytes, '\n'), 0
	if w.w != nil && len(w.bytes) >= flushSize {
		return w.Flush()
	}
	return w.err
}

// Flush writes what is buffered.
func (w *Writer) Flush() error {
	if w.w != nil && w.err == nil && len(w.bytes) > 0 {
		_, w.err = w.w.Write(w.bytes)
		w.bytes = w.bytes[:0]
	}
	return w.err
}

// Bytes returns the rows of a writer without an underlying writer. They are valid until
// the next call of a method.
func (w *Writer) Bytes() []byte { return w.bytes }

// Reset removes the rows of a writer without an underlying writer.
func (w *Writer) Reset() { w.bytes, w.cells = w.bytes[:0], 0 }

// contents is what a text has: a set of the constants.
type contents uint8

const (
	controls    contents = 1 << iota // control characters, such as line breaks
	marks                            // quotation marks or commas
	beyondASCII                      // characters beyond ASCII
	oddStart                         // a first character that has a meaning there, or may have
)

// lookFor returns what a text has that is not empty. It reads eight bytes at a time: in
// each of the words below, the highest bit of some byte is set if one of the eight is
// less than a space, a quotation mark or a comma.
func lookFor(s string) (found contents) {
	const ones, highest = 0x0101010101010101, 0x8080808080808080
	low, equal, high := uint64(0), uint64(0), uint64(0)
	rest := s
	for ; len(rest) >= 8; rest = rest[8:] {
		x := uint64(rest[0]) | uint64(rest[1])<<8 | uint64(rest[2])<<16 | uint64(rest[3])<<24 |
			uint64(rest[4])<<32 | uint64(rest[5])<<40 | uint64(rest[6])<<48 | uint64(rest[7])<<56
		quote, comma := x^'"'*ones, x^','*ones
		low, high = low|(x-' '*ones)&^x, high|x
		equal |= (quote-ones)&^quote | (comma-ones)&^comma
	}
	if low&highest != 0 {
		found |= controls
	}
	if equal&highest != 0 {
		found |= marks
	}
	if high&highest != 0 {
		found |= beyondASCII
	}
	for i := range len(rest) {
		switch c := rest[i]; {
		case c < ' ':
			found |= controls
		case c == '"' || c == ',':
			found |= marks
		case c >= utf8.RuneSelf:
			found |= beyondASCII
		}
	}
	if hasOddStart(s) {
		found |= oddStart
	}
	return found
}

// hasOddStart reports whether the first character of a text that is not empty may begin
// a formula, or makes readers take quotes.
func hasOddStart(s string) bool {
	if c := s[0]; c < utf8.RuneSelf {
		return c == ' ' || c == '\\' || c == '\'' || c == '=' || c == '+' || c == '-' || c == '@'
	}
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(first) || isFormula(s)
}

// appendCell appends a cell, in quotes if readers need them.
func appendCell(dst []byte, s string) []byte {
	if needsQuotes(s) {
		return appendQuoted(dst, s)
	}
	return append(dst, s...)
}

// appendQuoted appends a cell in quotes.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for {
		before, after, found := strings.Cut(s, `"`)
		dst = append(dst, before...)
		if !found {
			return append(dst, '"')
		}
		dst, s = append(dst, `""`...), after
	}
}

// needsQuotes reports whether a cell needs quotes, in the view of encoding/csv. PostgreSQL
// reads \. as the end of the data.
func needsQuotes(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return s != "" && (s == `\.` || unicode.IsSpace(first) || strings.ContainsAny(s, ",\"\r\n"))
}

// Defuse returns a text that no spreadsheet reads as a formula: if need be with an
// apostrophe before it.
func Defuse(s string) string {
	if isFormula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// Restore returns the text from which [Defuse] made a cell.
func Restore(cell string) string {
	if rest, found := strings.CutPrefix(cell, "'"); found && isFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

// isFormula reports whether a spreadsheet might read a text as a formula.
func isFormula(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd")

// clean returns a text that all readers of CSV read alike.
func clean(s string) string {
	if strings.IndexByte(s, '\r') < 0 && strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) {
		return s
	}
	return lineBreaks.Replace(strings.ToValidUTF8(s, "\ufffd"))
}
