package output

import (
	"bytes"
	"io"

	"github.com/entente-kg/entente/graph/csvfile"
)

// Rows is some rows of a long answer, as lines of JSON or rows of CSV: in these formats
// each row stands alone, and can be written as soon as it is found. Several goroutines
// may each make rows of their own.
type Rows struct {
	CSV bool // the format is CSV

	csv   *csvfile.Writer
	lines []byte
	stale bool
}

// Streams reports whether the format has rows that stand alone, see [Rows].
func (o *Writer) Streams() bool { return o.Format == "jsonl" || o.Format == "csv" }

// NewRows returns no rows, in the format of the writer, which must be one that streams.
func (o *Writer) NewRows() *Rows {
	return &Rows{CSV: o.Format == "csv", stale: o.Stale, csv: csvfile.NewWriter(nil)}
}

// jsonAppender is a value that appends itself as an object of JSON.
type jsonAppender interface{ AppendJSON([]byte) []byte }

// AddJSON adds a value as a line of JSON.
func (r *Rows) AddJSON(value jsonAppender) error {
	from := len(r.lines)
	r.lines = value.AppendJSON(r.lines)
	line := r.lines[from:]
	if safe := escapeJSON(line); len(safe) != len(line) || r.stale {
		safe = bytes.Clone(safe)
		if r.stale {
			safe = staleObject(safe)
		}
		r.lines = append(r.lines[:from], safe...)
	}
	r.lines = append(r.lines, '\n')
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
		n, err := w.Write(r.lines)
		r.lines = r.lines[:0]
		return int64(n), err
	}
	n, err := w.Write(r.csv.Bytes())
	r.csv.Reset()
	return int64(n), err
}
