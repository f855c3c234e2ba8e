package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// cell is a cell as a sheet stores it.
type cell struct {
	At      string    `xml:"r,attr"` // such as C4; empty for the next cell of the row
	Style   int       `xml:"s,attr"`
	Kind    string    `xml:"t,attr"`
	Formula *struct{} `xml:"f"`
	Value   string    `xml:"v"`
	Inline  richText  `xml:"is"`
}

// hasRows reports whether a sheet has rows.
func (b *book) hasRows(s sheet) (found bool) {
	if s.part == "" {
		return false
	}
	_ = b.elements(s.part, func(_ *xml.Decoder, e xml.StartElement) error { // an error is one of the sheet that is not read
		if found = e.Name.Local == "row"; found {
			return errEnough
		}
		return nil
	})
	return found
}

// rows calls write with the number and the texts of each row of a sheet, and returns how
// many areas of merged cells there are.
func (b *book) rows(s sheet, write func(number int, record []string) error) (merged int, err error) {
	if s.part == "" {
		return 0, errors.New("has no cells: it is a chart, or of another kind")
	}
	number, record, began := 0, []string(nil), false
	end := func() error {
		if !began {
			return nil
		}
		began = false
		return write(number, record)
	}
	err = b.elements(s.part, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			if err := end(); err != nil {
				return err
			}
			before := number
			if number, err = rowNumber(e, before); err != nil {
				return err
			}
			record, began = nil, true
		case "c":
			if !began {
				return nil
			}
			record, err = b.addCell(d, e, record, number)
			return err
		case "mergeCell":
			merged++
		}
		return nil
	})
	return merged, errors.Join(err, end())
}

// rowNumber returns the number of a row, which is that after the row before unless its
// element has one.
func rowNumber(e xml.StartElement, before int) (int, error) {
	n := before + 1
	for _, a := range e.Attr {
		if a.Name.Local == "r" {
			given, err := strconv.Atoi(a.Value)
			if err != nil {
				return 0, fmt.Errorf("a row with the number %q", a.Value)
			}
			n = given
		}
	}
	if n <= before {
		return 0, fmt.Errorf("row %d stands after row %d", n, before)
	}
	if n > maxRows {
		return 0, fmt.Errorf("row %d: more than %d rows", n, maxRows)
	}
	return n, nil
}

// addCell adds the text of a cell to the texts of its row.
func (b *book) addCell(d *xml.Decoder, e xml.StartElement, record []string, row int) ([]string, error) {
	var c cell
	if err := d.DecodeElement(&c, &e); err != nil {
		return nil, fmt.Errorf("row %d: %w", row, err)
	}
	column, err := columnOf(c.At, len(record)+1)
	if err != nil {
		return nil, fmt.Errorf("row %d: %w", row, err)
	}
	text, err := b.text(c)
	if err != nil {
		return nil, fmt.Errorf("row %d, column %d: %w", row, column, err)
	}
	if text == "" && c.Formula == nil {
		return record, nil
	}
	for len(record) < column {
		record = append(record, "")
	}
	record[column-1] = text
	return record, nil
}

// columnOf returns the column of a cell such as C4, from 1, or else the next one.
func columnOf(at string, next int) (int, error) {
	letters := strings.TrimRight(at, "0123456789")
	n := 0
	for i := range len(letters) {
		b := letters[i] &^ 0x20
		if b < 'A' || b > 'Z' {
			return 0, fmt.Errorf("a cell at %q", at)
		}
		if n = 26*n + int(b-'A'+1); n > maxColumns {
			break
		}
	}
	if n == 0 {
		n = next
	}
	if n > maxColumns {
		return 0, fmt.Errorf("more than %d columns", maxColumns)
	}
	return n, nil
}

// text returns the text of a cell. A number with the style of a date is a date.
func (b *book) text(c cell) (string, error) {
	switch c.Kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(c.Value))
		if c.Value == "" {
			return "", nil
		}
		if err != nil || n < 0 || n >= len(b.strings) {
			return "", fmt.Errorf("no text %q", c.Value)
		}
		return b.strings[n], nil
	case "inlineStr":
		return c.Inline.String(), nil
	case "b":
		if is, err := strconv.ParseBool(c.Value); err == nil {
			return strings.ToUpper(strconv.FormatBool(is)), nil
		}
	case "", "n", "str":
		serial, err := strconv.ParseFloat(c.Value, 64)
		if err != nil || c.Style < 0 || c.Style >= len(b.layouts) || b.layouts[c.Style] == (layout{}) {
			break
		}
		day, err := dayOf(serial, b.from1904)
		return b.layouts[c.Style].format(day), err
	}
	return c.Value, nil
}
