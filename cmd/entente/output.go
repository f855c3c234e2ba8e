package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

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

func (a *app) outputFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("format", "table", "`FORMAT` of the answer: "+strings.Join(formatsOf(cmd), ", "))
	f.StringP("output", "o", "", "write the answer to `FILE`")
}

func (a *app) rowFlags(cmd *cobra.Command) {
	settingFlag(cmd.Flags(), "rows")
	cmd.Flags().Bool("all", false, "all rows")
}

// limit is the most rows to show; zero for no limit.
func (a *app) limit(cmd *cobra.Command) int {
	if all, _ := cmd.Flags().GetBool("all"); all {
		return 0
	}
	return a.config.Rows
}

// forMore is how to see the rows that a limit leaves out.
func (a *app) forMore() string {
	if a.typed {
		return ":limit N or :limit all"
	}
	return "--rows N or --all"
}

// print writes an answer in the format asked for.
func (a *app) print(cmd *cobra.Command, t *answer) error {
	shown := t.asJSON()
	if a.stale {
		var err error
		if shown, err = staleJSON(shown); err != nil {
			return err
		}
	}
	return a.write(cmd, func(w io.Writer) error {
		switch a.config.Format {
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
