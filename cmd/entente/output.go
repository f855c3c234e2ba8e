package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/render"
)

// formats lists the formats of answers.
func formats() []string { return []string{"table", "json", "jsonl", "csv"} }

// drawn marks a command whose answers can be drawn.
const drawn = "drawn"

// formatsOf are the formats of a command's answers.
func formatsOf(cmd *cobra.Command) []string {
	if cmd.Annotations[drawn] != "" {
		return append(formats(), string(export.DOT))
	}
	return formats()
}

// answer is what a command found: rows for a table or CSV, and what JSON shows.
type answer struct {
	columns []string
	rows    [][]any
	json    any      // instead of the rows as objects, where it is set
	hidden  []string // columns that a table leaves out
}

func (t *answer) add(cells ...any) { t.rows = append(t.rows, cells) }

// shown is the answer as a table shows it: without the columns that are hidden,
// and those that no row fills.
func (t *answer) shown() *answer {
	shown := &answer{}
	var kept []int
	for i, name := range t.columns {
		if !slices.Contains(t.hidden, name) && t.fills(i) {
			kept = append(kept, i)
			shown.columns = append(shown.columns, render.Clean(name))
		}
	}
	if len(kept) == 0 {
		return t
	}
	for _, row := range t.rows {
		cells := make([]any, 0, len(kept))
		for _, i := range kept {
			cell := row[i]
			if n, ok := cell.(named); ok {
				cell = n.forPeople()
			}
			cells = append(cells, cell)
		}
		shown.add(cells...)
	}
	return shown
}

// named is a cell with an id, and what the entity is called: that is for people
// alone.
type named struct{ id, name string }

func (n named) String() string { return n.id }

func (n named) forPeople() string {
	if n.name == "" {
		return n.id
	}
	return n.id + " · " + n.name
}

// fills reports whether some row has anything in the column.
func (t *answer) fills(column int) bool {
	return len(t.rows) == 0 || slices.ContainsFunc(t.rows, func(row []any) bool { return fmt.Sprint(row[column]) != "" })
}

// output writes the answer of a command.
type output struct {
	console *console
	format  string
	file    string // of -o; empty or - for the console
	width   int    // of the page in columns; 0 for that of the terminal
	rows    int    // most of an answer; 0 for all
	forMore string // how to see the rows that a limit leaves out
	stale   bool   // the graph lacks its last change, or may lack it
}

// print writes an answer in the format asked for.
func (o *output) print(ctx context.Context, t *answer) error {
	shown := t.asJSON()
	if o.stale {
		var err error
		if shown, err = staleJSON(shown); err != nil {
			return err
		}
	}
	return o.write(ctx, func(w io.Writer) error {
		switch o.format {
		case "json":
			return writeJSON(w, shown)
		case "jsonl":
			return writeLines(w, shown)
		case "csv":
			return t.writeCSV(w)
		}
		return t.shown().writeTable(w, layoutOf(w))
	})
}

// write calls fn with where the answer goes. A file is replaced only once all
// of it is written.
func (o *output) write(ctx context.Context, fn func(io.Writer) error) error {
	if o.file == "" || o.file == "-" {
		w := bufio.NewWriter(o.console.out)
		return errors.Join(fn(paged{w, layoutAt(o.console.out, o.width)}), w.Flush())
	}
	d, err := openDestination(ctx, o.file)
	if err != nil {
		return err
	}
	if err := fn(paged{d, layout{columns: o.width}}); err != nil { // no terminal, whatever it is
		d.drop()
		return err
	}
	return d.keep()
}

func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON(b.Bytes()))
	return err
}

// writeLines writes each item of a list on a line of its own.
func writeLines(w io.Writer, v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	var items []json.RawMessage
	if json.Unmarshal(body, &items) != nil {
		items = []json.RawMessage{body}
	}
	for _, item := range items {
		if _, err := fmt.Fprintf(w, "%s\n", bytes.TrimSpace(item)); err != nil {
			return err
		}
	}
	return nil
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return escapeJSON(b.Bytes()), err
}

// asJSON is a list of objects, keyed by column.
func (t *answer) asJSON() any {
	if t.json != nil {
		return t.json
	}
	objects := make([]map[string]any, 0, len(t.rows))
	for _, row := range t.rows {
		object := make(map[string]any, len(row))
		for i, cell := range row {
			object[t.columns[i]] = cell
		}
		objects = append(objects, object)
	}
	return objects
}

func (t *answer) writeCSV(w io.Writer) error {
	if len(t.columns) == 0 {
		return nil // a query without rows
	}
	c := csv.NewWriter(w)
	header := make([]string, len(t.columns))
	for i, name := range t.columns {
		header[i] = inert(name)
	}
	if err := c.Write(header); err != nil {
		return err
	}
	for _, row := range t.rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = inert(fmt.Sprint(cell))
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// counted is a number before the words that fit it.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// moreThan says that there is more than is shown.
func moreThan(n int, noun string) string {
	if n == 1 {
		return "there is more than 1 " + noun
	}
	return "there are more than " + plural(n, noun)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
