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
	"time"

	"github.com/xuri/excelize/v2"
)

// Limits of a workbook.
const (
	maxWorkbook = 128 << 20 // bytes of the file
	maxUnpacked = 1 << 29   // bytes of all its parts
	maxColumns  = 4096
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
	limited := &io.LimitedReader{R: r, N: maxWorkbook + 1}
	f, err := excelize.OpenReader(limited, excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: 16 << 20, RawCellValue: true})
	if limited.N == 0 {
		return t, fmt.Errorf("is larger than %d bytes", maxWorkbook)
	}
	if err != nil {
		return t, fmt.Errorf("not a workbook: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if t.Name, err = choose(f, sheet); err != nil {
		return t, err
	}
	for _, name := range f.GetSheetList() {
		if name != t.Name && hasRows(f, name) {
			t.Others = append(t.Others, name)
		}
	}
	if merged, err := f.GetMergeCells(t.Name); err == nil {
		t.Merged = len(merged)
	}
	return t, write(w, f, t.Name)
}

func hasRows(f *excelize.File, sheet string) bool {
	rows, err := f.Rows(sheet)
	if err != nil {
		return false
	}
	defer rows.Close()
	return rows.Next()
}

// choose returns the name of the sheet that a text names.
func choose(f *excelize.File, sheet string) (string, error) {
	all := f.GetSheetList()
	if sheet == "" && len(all) > 0 {
		return all[0], nil
	}
	if slices.Contains(all, sheet) {
		return sheet, nil
	}
	if n, err := strconv.Atoi(sheet); err == nil && n >= 1 && n <= len(all) {
		return all[n-1], nil
	}
	return "", fmt.Errorf("no sheet %q: there are %s", sheet, strings.Join(all, ", "))
}

func write(w io.Writer, f *excelize.File, sheet string) error {
	rows, err := f.Rows(sheet)
	if err != nil {
		return err
	}
	c := &cells{file: f, sheet: sheet, layouts: make(map[int]layout)}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		c.from1904 = *props.Date1904
	}
	out := csv.NewWriter(w)
	width, pending := 0, 0 // pending are empty rows, which are written before a row that follows
	for number := 1; rows.Next(); number++ {
		record, err := rows.Columns()
		if err != nil {
			return fmt.Errorf("row %d: %w", number, err)
		}
		if len(record) > maxColumns {
			return fmt.Errorf("row %d: %d columns, more than %d", number, len(record), maxColumns)
		}
		for i, value := range record {
			if record[i], err = c.text(value, i+1, number); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(record, func(s string) bool { return strings.TrimSpace(s) != "" }) {
			pending++
			continue
		}
		if pending > maxEmpty {
			return fmt.Errorf("row %d: more than %d empty rows are before it", number, maxEmpty)
		}
		width = max(width, len(record))
		for ; pending > 0; pending-- {
			if err := out.Write(make([]string, max(width, 2))); err != nil {
				return err
			}
		}
		if err := out.Write(append(record, make([]string, width-len(record))...)); err != nil {
			return err
		}
	}
	out.Flush()
	return errors.Join(out.Error(), rows.Error(), rows.Close())
}

// cells turns the values of cells into texts.
type cells struct {
	file     *excelize.File
	sheet    string
	from1904 bool           // the first day is in 1904
	layouts  map[int]layout // of dates, by style
}

// layout is how a style shows a date; the zero layout is that of other numbers.
type layout struct{ year, month, day, hour bool }

// text returns the text of a cell. A number with the style of a date is a date.
func (c *cells) text(value string, column, row int) (string, error) {
	serial, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value, nil
	}
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return "", err
	}
	kind, err := c.file.GetCellType(c.sheet, name)
	if err == nil && kind == excelize.CellTypeBool {
		return strings.ToUpper(strconv.FormatBool(serial != 0)), nil
	}
	if err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber && kind != excelize.CellTypeFormula {
		return value, err
	}
	style, err := c.file.GetCellStyle(c.sheet, name)
	if err != nil {
		return "", err
	}
	l, known := c.layouts[style]
	if !known {
		l = c.layout(style)
		c.layouts[style] = l
	}
	if l == (layout{}) {
		return value, nil
	}
	day, err := excelize.ExcelDateToTime(serial, c.from1904)
	if err != nil {
		return "", fmt.Errorf("%s!%s: not a date: %s", c.sheet, name, value)
	}
	return l.format(day), nil
}

// format returns a date with what the layout shows.
func (l layout) format(day time.Time) string {
	switch {
	case !l.year && !l.day && l.hour:
		return day.Format("15:04")
	case l.hour && (day.Hour() != 0 || day.Minute() != 0):
		return day.Format("2006-01-02T15:04")
	case l.day || !l.year:
		return day.Format("2006-01-02")
	case l.month:
		return day.Format("2006-01")
	}
	return day.Format("2006")
}

// layout returns how a style shows dates.
func (c *cells) layout(style int) layout {
	s, err := c.file.GetStyle(style)
	if err != nil {
		return layout{}
	}
	if s.CustomNumFmt != nil {
		return layoutOf(*s.CustomNumFmt)
	}
	switch n := s.NumFmt; {
	case n == 17:
		return layout{year: true, month: true}
	case n >= 14 && n <= 16, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 54, n == 57, n == 58:
		return layout{year: true, month: true, day: true}
	case n == 22:
		return layout{year: true, month: true, day: true, hour: true}
	case n >= 18 && n <= 21, n >= 32 && n <= 35, n >= 45 && n <= 47, n == 55, n == 56:
		return layout{hour: true}
	}
	return layout{}
}

// layoutOf reads a format such as dd/mm/yyyy. Texts in quotes and in brackets are no part
// of it.
func layoutOf(format string) (l layout) {
	format, _, _ = strings.Cut(format, ";")
	for i := 0; i < len(format); i++ {
		switch b := format[i]; b {
		case '"':
			if end := strings.IndexByte(format[i+1:], '"'); end >= 0 {
				i += end + 1
			}
		case '[':
			if end := strings.IndexByte(format[i+1:], ']'); end >= 0 {
				i += end + 1
			}
		case '\\', '_', '*':
			i++
		case 'y', 'Y', 'e':
			l.year = true
		case 'd', 'D':
			l.day = true
		case 'h', 'H', 's', 'S':
			l.hour = true
		case 'm', 'M':
			l.month = true
		case '0', '#', '?', '%', 'E':
			return layout{} // a number
		}
	}
	if l.month && !l.year && !l.day {
		l.hour = true // minutes
	}
	return l
}
