package main

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

// width is the columns of the page that w writes on; zero where nothing says.
func width(w io.Writer) int { return layoutOf(w).columns }

// layoutAt is the page of a file or terminal: as wide as --width says, else as the
// terminal is.
func (a *app) layoutAt(w io.Writer) layout {
	p := layout{columns: a.config.Width}
	file, ok := w.(interface{ Fd() uintptr })
	if !ok {
		return p
	}
	columns, _, err := term.GetSize(int(file.Fd()))
	if p.terminal = err == nil; p.terminal && p.columns == 0 {
		p.columns = columns
	}
	return p
}

// onFile has fn write on a page that is no terminal.
func (a *app) onFile(fn func(io.Writer) error) func(io.Writer) error {
	return func(w io.Writer) error { return fn(paged{w, layout{columns: a.config.Width}}) }
}
