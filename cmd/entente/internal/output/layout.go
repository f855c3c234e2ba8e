package output

import (
	"io"

	"golang.org/x/term"
)

// layout is what a text is laid out for.
type layout struct {
	columns  int  // its width; zero where neither a terminal nor --width says
	terminal bool // it may have bold letters
}

// widestLine is how many columns a line of a table may have where nothing says how
// wide the page is. A wider table is written as one block for each row.
const widestLine = 160

// paged is a writer that knows the page it writes on.
type paged struct {
	io.Writer
	layout layout
}

// layoutOf is the layout of what w writes on.
func layoutOf(w io.Writer) layout {
	if p, ok := w.(paged); ok {
		return p.layout
	}
	return layout{}
}

// layoutAt is the page of a file or terminal: as wide as the columns given, or where
// there are none as the terminal is.
func layoutAt(w io.Writer, columns int) layout {
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

// Columns is how many columns the page of w has; 0 where nothing says, which width
// does where it is not 0.
func Columns(w io.Writer, width int) int { return layoutAt(w, width).columns }
