package output

import (
	"io"

	"golang.org/x/term"
)

// layout describes the page on which a text is written.
type layout struct {
	columns  int  // the width; 0 if neither a terminal nor --width sets it
	terminal bool // bold letters are possible
}

// widestLine is the largest number of columns of a table on a page without a known
// width. A wider table is written as one block of lines for each row.
const widestLine = 160

// pageWriter is a writer with the layout of its page.
type pageWriter struct {
	io.Writer
	layout layout
}

// layoutOf returns the layout of a [pageWriter], and the zero layout of other writers.
func layoutOf(w io.Writer) layout {
	if p, ok := w.(pageWriter); ok {
		return p.layout
	}
	return layout{}
}

// layoutFor returns the layout of a file or terminal. Its width is columns, or the
// width of the terminal if columns is 0.
func layoutFor(w io.Writer, columns int) layout {
	p := layout{columns: columns}
	file, ok := w.(interface{ Fd() uintptr })
	if !ok {
		return p
	}
	own, _, err := term.GetSize(int(file.Fd()))
	if p.terminal = err == nil; p.terminal && p.columns == 0 {
		p.columns = own
	}
	return p
}

// Columns returns the number of columns of the page of w: width if it is not 0, else
// the width of the terminal, else 0.
func Columns(w io.Writer, width int) int { return layoutFor(w, width).columns }
