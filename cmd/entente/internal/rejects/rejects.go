// Package rejects writes rejected rows in the format of their input, so that they load
// again once they are mended. The reason of each row stands in it under a key or column
// "_problem", which a load leaves out, or in a comment.
package rejects

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// Reason is the key or the column of the reason.
const Reason = "_problem"

// File collects the rejected rows of one file of an input.
type File struct {
	path    string
	isDelta bool
	format  string
	open    func() (io.ReadCloser, error)
	mapping *mapping.Mapping // that reads the file; nil for none
	isUTF8  bool
	rows    []*schema.RowError // of a format whose rows are items of lists
	began   bool

	// Of a table or of lines that a mapping reads, whose rows may have several errors:
	pending []*schema.RowError // of one row
	written map[rowKey]bool
}

// rowKey identifies a row: by its file and line, or if it has several lines by its text too.
type rowKey struct {
	file, text string
	line       int
}

// NewFile returns the file for the rejected rows of a file of an input.
func NewFile(in *loaders.Input, path string) *File {
	f := &File{path: path, isDelta: loaders.HasDelta(in, path), mapping: in.MappingOf(path), isUTF8: in.IsUTF8(path), written: make(map[rowKey]bool)}
	if f.mapping != nil && len(f.mapping.Renames) > 0 {
		f.mapping = nil
	}
	f.format, f.open, _ = in.FileOf(path)
	return f
}

// Extension returns the usual extension of the format, with its dot.
func (f *File) Extension() string {
	switch f.format {
	case "CSV":
		return ".csv"
	case "JSON lines":
		return ".jsonl"
	case "JSON":
		return ".json"
	case "YAML":
		return ".yaml"
	case "XML":
		return ".xml"
	}
	return ".txt"
}

// Add writes a rejected row or, in a format of lists, keeps it until End.
func (f *File) Add(w io.Writer, row *schema.RowError) error {
	switch {
	case f.format == "JSON", f.format == "YAML", f.format == "XML":
		f.rows = append(f.rows, row)
		return nil
	case f.mapping != nil && (f.format == "CSV" || f.format == "JSON lines"):
		return f.addOnce(w, row)
	}
	return f.write(w, strings.Trim(row.Text, "\r\n"), reasonOf(row), row)
}

func reasonOf(row *schema.RowError) string { return strings.ReplaceAll(row.Error(), "\n", "; ") }

// write writes the text of a row with its reason, of which rows are the errors.
func (f *File) write(w io.Writer, text, reason string, rows ...*schema.RowError) error {
	if err := f.mark(w); err != nil {
		return err
	}
	var err error
	switch {
	case f.format == "CSV":
		return f.addTableRow(w, text, reason)
	case f.format == "JSON lines" && f.mapping != nil && f.mapping.Rows.String() != "":
		_, err = fmt.Fprintf(w, "%s\n", f.lineOfRows(text, rows))
	case f.format == "JSON lines":
		_, err = io.WriteString(w, jsonLine(text, reason))
	default:
		_, err = fmt.Fprintf(w, "# %s\n%s\n", reason, text)
	}
	return err
}

// mark writes a byte order mark before the first row if the input is not UTF-8, so that
// the same --encoding reads the rejects too.
func (f *File) mark(w io.Writer) error {
	if f.began || f.isUTF8 || f.open == nil {
		return nil
	}
	_, err := io.WriteString(w, "\xef\xbb\xbf")
	return err
}

// addOnce adds an error of a row. Errors of one row follow each other, besides errors
// that only follow from other ones.
func (f *File) addOnce(w io.Writer, row *schema.RowError) error {
	if len(f.pending) > 0 && keyOf(f.pending[0]) == keyOf(row) {
		f.pending = append(f.pending, row)
		return nil
	}
	err := f.flush(w)
	if !f.written[keyOf(row)] {
		f.pending = []*schema.RowError{row}
	}
	return err
}

func keyOf(row *schema.RowError) rowKey {
	if text := strings.Trim(row.Text, "\r\n"); strings.Contains(text, "\n") {
		return rowKey{file: row.Pos.File, text: text}
	}
	return rowKey{file: row.Pos.File, line: row.Pos.Line}
}

// flush writes the row whose errors are collected.
func (f *File) flush(w io.Writer) error {
	if len(f.pending) == 0 {
		return nil
	}
	rows := f.pending
	f.pending, f.written[keyOf(rows[0])] = nil, true
	reasons := make([]string, len(rows))
	for i, r := range rows {
		reasons[i] = reasonOf(r)
	}
	return f.write(w, strings.Trim(rows[0].Text, "\r\n"), strings.Join(reasons, "; "), rows...)
}

// lineOfRows returns a line of JSON lines with the rejected rows in it alone.
func (f *File) lineOfRows(line string, rows []*schema.RowError) []byte {
	inLine := make([]*schema.RowError, len(rows))
	for i, r := range rows {
		moved := *r
		moved.Pos.Line = 1
		inLine[i] = &moved
	}
	spans := loaders.RowSpans(f.mapping, line, false)
	return mappedJSON([]byte(line), spans, reasonsIn([]byte(line), spans, inLine))
}

// End writes what was kept.
func (f *File) End(w io.Writer) error {
	if len(f.rows) == 0 {
		return f.flush(w)
	}
	text, err := f.text()
	if err != nil {
		return err
	}
	if f.mapping != nil {
		text, err = mappedText(f.mapping, f.format, text, f.rows)
	} else if f.format == "YAML" {
		text, err = rejectedYAML(text, f.rows)
	} else {
		text, err = rejectedJSON(text, f.rows)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	if err = f.mark(w); err == nil {
		_, err = w.Write(text)
	}
	return err
}

// maxText is the size up to which a file is read whole for its rejected items.
const maxText = 256 << 20

func (f *File) text() ([]byte, error) {
	r, err := f.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err == nil && len(text) > maxText {
		err = fmt.Errorf("larger than %d bytes, so that its rejected items are not written", maxText)
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), err
}

// addTableRow writes a row as it is written, with the reason in a further column. The
// header of the table is before the first row.
func (f *File) addTableRow(w io.Writer, text, reason string) error {
	comma, head, err := f.header()
	if err != nil {
		return err
	}
	if f.mapping != nil && len(f.mapping.Columns) > 0 { // no header, and so no further column
		if !f.began && head != "" {
			text = head + "\n" + text
		}
		f.began = true
		_, err = fmt.Fprintf(w, "%s\n", text)
		return err
	}
	if !f.began {
		f.began = true
		if _, err := fmt.Fprintf(w, "%s%c%s\n", head, comma, Reason); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(w, "%s%c\"%s\"\n", text, comma, strings.ReplaceAll(reason, `"`, `""`))
	return err
}

// header returns the separator of the table and its header as written, with the rows
// before it. Of a table without a header it is these rows alone.
func (f *File) header() (comma rune, head string, err error) {
	r, err := f.open()
	if err != nil {
		return 0, "", err
	}
	defer r.Close()
	start := make([]byte, 1<<20)
	n, err := io.ReadFull(r, start)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return 0, "", err
	}
	start = bytes.TrimPrefix(start[:n], []byte("\xef\xbb\xbf"))
	var rows int
	comma, rows = loaders.TableHead(f.mapping, string(start))
	reader := csv.NewReader(bytes.NewReader(start))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = comma, -1, true
	for range rows {
		if _, err := reader.Read(); err != nil {
			return comma, "", err
		}
	}
	return comma, strings.Trim(string(start[:reader.InputOffset()]), "\r\n"), nil
}

// jsonLine returns a line of JSON with the reason as its first key. A line that is no
// object stays as it is, after a line of the reason alone.
func jsonLine(text, reason string) string {
	quoted, _ := json.Marshal(reason) // a string
	object := strings.TrimSpace(text)
	if !strings.HasPrefix(object, "{") || !json.Valid([]byte(object)) {
		return fmt.Sprintf("{%q: %s}\n%s\n", Reason, quoted, text)
	}
	separator := ", "
	if strings.TrimSpace(object[1:]) == "}" {
		separator = ""
	}
	return fmt.Sprintf("{%q: %s%s%s\n", Reason, quoted, separator, strings.TrimLeft(object[1:], " \t"))
}
