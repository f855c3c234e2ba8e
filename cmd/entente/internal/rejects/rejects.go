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
	"github.com/entente-kg/entente/schema"
)

// Reason is the key or the column of the reason.
const Reason = "_problem"

// File collects the rejected rows of one file of an input.
type File struct {
	path   string
	format string
	open   func() (io.ReadCloser, error)
	rows   []*schema.RowError // of a format whose rows are items of lists
	began  bool
}

// NewFile returns the file for the rejected rows of a file of an input.
func NewFile(in *loaders.Input, path string) *File {
	f := &File{path: path}
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
	}
	return ".txt"
}

// Add writes a rejected row or, in a format of lists, keeps it until End.
func (f *File) Add(w io.Writer, row *schema.RowError) error {
	reason := strings.ReplaceAll(row.Error(), "\n", "; ")
	text := strings.Trim(row.Text, "\r\n")
	switch f.format {
	case "CSV":
		return f.addTableRow(w, text, reason)
	case "JSON lines":
		_, err := io.WriteString(w, jsonLine(text, reason))
		return err
	case "JSON", "YAML":
		f.rows = append(f.rows, row)
		return nil
	}
	_, err := fmt.Fprintf(w, "# %s\n%s\n", reason, text)
	return err
}

// End writes what was kept.
func (f *File) End(w io.Writer) error {
	if len(f.rows) == 0 {
		return nil
	}
	text, err := f.text()
	if err != nil {
		return err
	}
	if f.format == "YAML" {
		text, err = rejectedYAML(text, f.rows)
	} else {
		text, err = rejectedJSON(text, f.rows)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	_, err = w.Write(text)
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
	if !f.began {
		f.began = true
		if _, err := fmt.Fprintf(w, "%s%c%s\n", head, comma, Reason); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(w, "%s%c\"%s\"\n", text, comma, strings.ReplaceAll(reason, `"`, `""`))
	return err
}

// header returns the separator of the table and its header as written.
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
	comma = loaders.Separator(string(start))
	reader := csv.NewReader(bytes.NewReader(start))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = comma, -1, true
	if _, err := reader.Read(); err != nil {
		return comma, "", err
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
