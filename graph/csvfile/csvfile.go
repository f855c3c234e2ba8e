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
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// BOM is the mark at the start of a file by which Excel recognizes UTF-8.
const BOM = "\ufeff"

// Writer writes rows of CSV. Its errors are those of the underlying writer; [Writer.Flush]
// returns them too.
type Writer struct {
	csv   *csv.Writer
	cells []string
}

// NewWriter returns a writer of CSV. The caller must call Flush at the end.
func NewWriter(w io.Writer) *Writer { return &Writer{csv: csv.NewWriter(w)} }

// Text adds a text to the row.
func (w *Writer) Text(s string) { w.cells = append(w.cells, Defuse(clean(s))) }

// Number adds a whole number to the row.
func (w *Writer) Number(n int) { w.Verbatim(strconv.Itoa(n)) }

// Verbatim adds a cell that is no formula, such as a number or a date, as it is.
func (w *Writer) Verbatim(s string) { w.cells = append(w.cells, s) }

// Texts adds several texts to the row.
func (w *Writer) Texts(all ...string) {
	for _, s := range all {
		w.Text(s)
	}
}

// End ends the row.
func (w *Writer) End() error {
	err := w.csv.Write(w.cells)
	w.cells = w.cells[:0]
	return err
}

// Flush writes what is buffered.
func (w *Writer) Flush() error {
	w.csv.Flush()
	return w.csv.Error()
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
