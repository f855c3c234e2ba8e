// Package output writes the answers of commands: as a table, CSV, JSON or text, to
// the terminal, a pipe or a file.
package output

import (
	"bufio"
	"context"
	"errors"
	"io"
)

// Formats returns the formats of all answers.
func Formats() []string { return []string{"table", "json", "jsonl", "csv"} }

// Writer writes the answer of a command.
type Writer struct {
	Out     io.Writer // used if File is empty
	Format  string
	File    string             // the file to write; empty or - for Out
	Free    func(string) error // returns an error if the file at a path must not be replaced
	Width   int                // columns of the page; 0 for the width of the terminal
	Rows    int                // largest number of rows of an answer; 0 for all
	ForMore string             // text for people: how to see the rows beyond Rows
	All     bool               // --all: no rows, facts or evidence are omitted
	Stale   bool               // the graph lacks its last change, or may lack it

	// Begin, if set, is called before the first bytes of an answer are written to Out.
	Begin func()

	// Note prints a note for people, such as the number of omitted rows.
	Note func(format string, args ...any)
}

// Print writes an answer in the format o.Format.
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

// Write calls fn with the writer of the answer. An existing file is replaced only
// after fn has returned without an error.
func (o *Writer) Write(ctx context.Context, fn func(io.Writer) error) error {
	if o.File == "" || o.File == "-" {
		w := bufio.NewWriter(&beginWriter{o.Out, o.Begin})
		return errors.Join(fn(pageWriter{w, layoutFor(o.Out, o.Width)}), w.Flush())
	}
	d, err := Open(ctx, o.File, o.Free)
	if err != nil {
		return err
	}
	if err := fn(pageWriter{d, layout{columns: o.Width}}); err != nil { // never laid out for a terminal
		d.drop()
		return err
	}
	return d.Keep()
}

// WriteText writes a text unchanged.
func (o *Writer) WriteText(ctx context.Context, text string) error {
	return o.Write(ctx, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// WriteHanging writes a text, its lines wrapped to the width of the page with a
// hanging indent.
func (o *Writer) WriteHanging(ctx context.Context, text string) error {
	return o.Write(ctx, func(w io.Writer) error {
		_, err := io.WriteString(w, hanging(text, layoutOf(w).columns))
		return err
	})
}

// beginWriter calls a function before its first write.
type beginWriter struct {
	io.Writer
	begin func()
}

func (w *beginWriter) Write(p []byte) (int, error) {
	if w.begin != nil {
		w.begin()
		w.begin = nil
	}
	return w.Writer.Write(p)
}
