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
	if isPlain(s) {
		w.bytes = append(w.bytes, s...)
	} else {
		w.bytes = appendCell(w.bytes, Defuse(clean(s)))
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

// isPlain reports whether a text is certainly no formula and needs no quotes: ASCII
// without a character that has a meaning anywhere in a cell.
func isPlain(s string) bool {
	if s != "" && strings.IndexByte(" \\'=+-@", s[0]) >= 0 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == ',' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// appendCell appends a cell, in quotes if readers need them.
func appendCell(dst []byte, s string) []byte {
	if !needsQuotes(s) {
		return append(dst, s...)
	}
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
