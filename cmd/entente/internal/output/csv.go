package output

import (
	"fmt"
	"io"
	"strings"

	"github.com/entente-kg/entente/graph/csvfile"
	"github.com/entente-kg/entente/graph/render"
)

func (t *Answer) writeCSV(w io.Writer) error {
	if len(t.Columns) == 0 {
		return nil // a query without rows
	}
	c := csvfile.NewWriter(w)
	for _, name := range t.Columns {
		c.Verbatim(escapeCell(name))
	}
	if err := c.End(); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for _, cell := range row {
			c.Verbatim(cellText(cell))
		}
		if err := c.End(); err != nil {
			return err
		}
	}
	return c.Flush()
}

// cellText returns a value as a cell. Numbers stay numbers.
func cellText(cell any) string {
	switch cell.(type) {
	case int, int64, float64:
		return fmt.Sprint(cell)
	}
	return escapeCell(fmt.Sprint(cell))
}

// escapeCell returns a text that no spreadsheet reads as a formula and that contains
// no control characters other than tabs and line feeds.
func escapeCell(s string) string {
	return csvfile.Defuse(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && render.SteersTerminal(r) {
			return -1
		}
		return r
	}, s))
}
