// Package output writes the answers of commands: as a table, CSV, JSON or text, to
// the terminal, a pipe or a file.
package output

import (
	"bufio"
	"context"
	"errors"
	"io"
)

// Formats are the formats of every answer.
func Formats() []string { return []string{"table", "json", "jsonl", "csv"} }

// Writer writes the answer of a command.
type Writer struct {
	Out     io.Writer // for what goes to no file
	Format  string
	File    string             // the file to write; empty or - for Out
	Free    func(string) error // an error where a file must not be replaced
	Width   int                // columns of the page; 0 for those of the terminal
	Rows    int                // most rows of an answer; 0 for all
	ForMore string             // how to see the rows that a limit leaves out
	All     bool               // nothing is to be left out
	Stale   bool               // the graph lacks its last change, or may lack it

	// Note says what an answer leaves out.
	Note func(format string, args ...any)
}

// Print writes an answer in the format asked for.
func (o *Writer) Print(ctx context.Context, t *Answer) error {
	shown := t.asJSON()
	if o.Stale {
		var err error
		if shown, err = staleJSON(shown); err != nil {
			return err
		}
	}
	return o.Write(ctx, func(w io.Writer) error {
		switch o.Format {
		case "json":
			return writeJSON(w, shown)
		case "jsonl":
			return writeLines(w, shown)
		case "csv":
			return t.writeCSV(w)
		}
		return t.WriteTable(w)
	})
}

// Write calls fn with where the answer goes. A file is replaced only once all
// of it is written.
func (o *Writer) Write(ctx context.Context, fn func(io.Writer) error) error {
	if o.File == "" || o.File == "-" {
		w := bufio.NewWriter(o.Out)
		return errors.Join(fn(paged{w, layoutAt(o.Out, o.Width)}), w.Flush())
	}
	d, err := Open(ctx, o.File, o.Free)
	if err != nil {
		return err
	}
	if err := fn(paged{d, layout{columns: o.Width}}); err != nil { // no terminal, whatever it is
		d.drop()
		return err
	}
	return d.Keep()
}

// WriteText writes a text as it is.
func (o *Writer) WriteText(ctx context.Context, text string) error {
	return o.Write(ctx, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// WriteHanging writes a text, its lines broken at the width of the page.
func (o *Writer) WriteHanging(ctx context.Context, text string) error {
	return o.Write(ctx, func(w io.Writer) error {
		_, err := io.WriteString(w, hanging(text, layoutOf(w).columns))
		return err
	})
}
