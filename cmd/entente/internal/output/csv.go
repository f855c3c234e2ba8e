package output

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/entente-kg/entente/graph/render"
)

func (t *Answer) writeCSV(w io.Writer) error {
	if len(t.Columns) == 0 {
		return nil // a query without rows
	}
	c := csv.NewWriter(w)
	header := make([]string, len(t.Columns))
	for i, name := range t.Columns {
		header[i] = escapeCell(name)
	}
	if err := c.Write(header); err != nil {
		return err
	}
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = escapeCell(fmt.Sprint(cell))
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// escapeCell returns a text that no spreadsheet reads as a formula and that contains
// no control characters other than tabs and line feeds.
func escapeCell(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && render.SteersTerminal(r) {
			return -1
		}
		return r
	}, s)
	if s != "" && strings.ContainsRune("=+-@\t", rune(s[0])) {
		return "'" + s
	}
	return s
}
