// Package sheet reads a sheet of a workbook of Excel (XLSX) as the text of a table.
package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Limits of a workbook.
const (
	maxWorkbook = 128 << 20 // bytes of the file
	maxUnpacked = 1 << 29   // bytes of all its parts
	maxColumns  = 4096
	maxRows     = 1 << 20
	maxEmpty    = 10_000 // empty rows between two others
)

// Is reports whether a name is that of a workbook.
func Is(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".xlsx" || ext == ".xlsm"
}

// Table is what was read of a workbook.
type Table struct {
	Name   string   // of the sheet
	Others []string // the names of the other sheets that have cells
	Merged int      // the number of merged areas: only their first cells have a value
}

// CSV writes a sheet as CSV: the sheet with a name or a number from 1, or for an empty
// text the first one. Dates are written as ISO 8601, as precise as their format shows them:
// a cell that shows month and year alone is a month. Other cells have the values that the
// workbook stores. Each row of the sheet is one row, also an empty one.
func CSV(w io.Writer, r io.Reader, sheet string) (t Table, err error) {
	b, err := open(r)
	if err != nil {
		return t, err
	}
	chosen, err := b.choose(sheet)
	if err != nil {
		return t, err
	}
	t.Name = chosen.Name
	for _, other := range b.sheets {
		if other != chosen && b.hasRows(other) {
			t.Others = append(t.Others, other.Name)
		}
	}
	out := &writer{csv: csv.NewWriter(w)}
	if t.Merged, err = b.rows(chosen, out.write); err != nil {
		return t, fmt.Errorf("sheet %q: %w", chosen.Name, err)
	}
	out.csv.Flush()
	return t, out.csv.Error()
}

// choose returns the sheet that a text names.
func (b *book) choose(text string) (sheet, error) {
	for _, s := range b.sheets {
		if text == "" || s.Name == text {
			return s, nil
		}
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(b.sheets) {
		return b.sheets[n-1], nil
	}
	names := make([]string, len(b.sheets))
	for i, s := range b.sheets {
		names[i] = s.Name
	}
	if len(names) == 0 {
		return sheet{}, errors.New("the workbook has no sheet")
	}
	return sheet{}, fmt.Errorf("no sheet %q: there are %s", text, strings.Join(names, ", "))
}

// writer writes rows as CSV, each at least as wide as those before it.
type writer struct {
	csv     *csv.Writer
	next    int // the number of the row that is written next, from 1; 0 is 1
	width   int
	pending int // empty rows, which are written before a row that follows
}

// write writes the row with a number, and an empty one for each that is missing before it.
func (w *writer) write(number int, record []string) error {
	w.next = max(w.next, 1)
	w.pending += number - w.next
	w.next = number + 1
	if !slices.ContainsFunc(record, func(s string) bool { return strings.TrimSpace(s) != "" }) {
		w.pending++
		return nil
	}
	if w.pending > maxEmpty {
		return fmt.Errorf("row %d: more than %d empty rows are before it", number, maxEmpty)
	}
	w.width = max(w.width, len(record))
	for ; w.pending > 0; w.pending-- {
		if err := w.csv.Write(make([]string, max(w.width, 2))); err != nil {
			return err
		}
	}
	return w.csv.Write(append(record, make([]string, w.width-len(record))...))
}
