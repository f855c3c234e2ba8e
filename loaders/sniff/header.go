package sniff

import (
	"fmt"
	"strings"

	"github.com/entente-kg/entente/schema/pattern"
)

// SeparatorLine returns the separator of a table whose first line says it, as Excel
// reads and writes it: "sep=;". Length is the number of bytes of the line.
func SeparatorLine(text string) (separator rune, length int) {
	m := separatorLine().FindStringSubmatch(text)
	if m == nil {
		return 0, 0
	}
	return []rune(m[1])[0], len(m[0])
}

var separatorLine = pattern.New(`^(?i:"?sep=([,;|\t])"?)[ \t]*\r?\n`)

// maxTitles is the number of rows that may be above a header.
const maxTitles = 20

// Header says why the first row of a table is no header; empty if nothing shows it.
// Known returns how many of the cells of a row are names of columns. Next returns the
// rows after the first, with their numbers.
func Header(first []string, known func([]string) int, next func() (row []string, ok bool)) (what, advice string) {
	if known(first) > 0 {
		return "", ""
	}
	for n := 2; n <= maxTitles; n++ {
		row, ok := next()
		if !ok {
			break
		}
		if k := known(row); k > 1 && 2*k >= filled(row) {
			return "the first row is not the header", fmt.Sprintf("row %d looks like the header: remove the rows above it, or read the table by a mapping that has skip: %d (entente help mapping)", n, n-1)
		}
	}
	if isData(first) {
		return "the first row is not a header, but data", "write a first row with the names of the columns, such as actor,verb,recipient,when; or name them under columns: in a mapping (entente help mapping)"
	}
	return "", ""
}

func filled(row []string) (n int) {
	for _, cell := range row {
		if strings.TrimSpace(cell) != "" {
			n++
		}
	}
	return n
}

var number = pattern.New(`^[-+]?[0-9][0-9.,/-]*%?$`)

// isData reports whether a row has a number, a date or an address: no column has such
// a name.
func isData(row []string) bool {
	for _, cell := range row {
		if cell = strings.TrimSpace(cell); number().MatchString(cell) || strings.Contains(cell, "://") {
			return true
		}
	}
	return false
}
