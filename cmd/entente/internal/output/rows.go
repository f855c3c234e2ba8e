package output

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/entente-kg/entente/graph/csvfile"
)

// Rows is some rows of a long answer, as lines of JSON or rows of CSV: in these formats
// each row stands alone, and can be written as soon as it is found. Several goroutines
// may each make rows of their own.
type Rows struct {
	CSV bool // the format is CSV

	csv   *csvfile.Writer
	lines bytes.Buffer
	json  *json.Encoder
	stale bool
}

// Streams reports whether the format has rows that stand alone, see [Rows].
func (o *Writer) Streams() bool { return o.Format == "jsonl" || o.Format == "csv" }

// NewRows returns no rows, in the format of the writer, which must be one that streams.
func (o *Writer) NewRows() *Rows {
	r := &Rows{CSV: o.Format == "csv", stale: o.Stale, csv: csvfile.NewWriter(nil)}
	r.json = json.NewEncoder(&r.lines)
	r.json.SetEscapeHTML(false)
	return r
}

// AddValue adds a value as a line of JSON.
func (r *Rows) AddValue(value any) error {
	from := r.lines.Len()
	if err := r.json.Encode(value); err != nil {
		return err
	}
	line := r.lines.Bytes()[from:]
	if safe := escapeJSON(line); len(safe) != len(line) || r.stale {
		safe = bytes.Clone(safe)
		if r.stale {
			safe = append(staleObject(safe), '\n')
		}
		r.lines.Truncate(from)
		r.lines.Write(safe)
	}
	return nil
}

// AddCells adds a row of CSV.
func (r *Rows) AddCells(cells []string) error {
	for _, cell := range cells {
		r.csv.Verbatim(escapeCell(cell))
	}
	return r.csv.End()
}

// WriteTo writes the rows and removes them.
func (r *Rows) WriteTo(w io.Writer) (int64, error) {
	if !r.CSV {
		return r.lines.WriteTo(w)
	}
	n, err := w.Write(r.csv.Bytes())
	r.csv.Reset()
	return int64(n), err
}
