package output

import (
	"fmt"
	"slices"

	"github.com/entente-kg/entente/graph/render"
)

// Answer is what a command found: rows for a table or CSV, and what JSON shows.
type Answer struct {
	Columns []string
	Rows    [][]any
	JSON    any      // instead of the rows as objects, where it is set
	Hidden  []string // columns that a table leaves out
}

// Add adds a row.
func (t *Answer) Add(cells ...any) { t.Rows = append(t.Rows, cells) }

// shown is the answer as a table shows it: without the columns that are hidden,
// and those that no row fills.
func (t *Answer) shown() *Answer {
	shown := &Answer{}
	var kept []int
	for i, name := range t.Columns {
		if !slices.Contains(t.Hidden, name) && t.fills(i) {
			kept = append(kept, i)
			shown.Columns = append(shown.Columns, render.Clean(name))
		}
	}
	if len(kept) == 0 {
		return t
	}
	for _, row := range t.Rows {
		cells := make([]any, 0, len(kept))
		for _, i := range kept {
			cell := row[i]
			if n, ok := cell.(Named); ok {
				cell = n.forPeople()
			}
			cells = append(cells, cell)
		}
		shown.Add(cells...)
	}
	return shown
}

// Named is a cell with an id, and the name of the entity, which is for people alone.
type Named struct{ ID, Name string }

func (n Named) String() string { return n.ID }

func (n Named) forPeople() string {
	if n.Name == "" {
		return n.ID
	}
	return n.ID + " · " + n.Name
}

// fills reports whether some row has anything in the column.
func (t *Answer) fills(column int) bool {
	return len(t.Rows) == 0 || slices.ContainsFunc(t.Rows, func(row []any) bool { return fmt.Sprint(row[column]) != "" })
}

// asJSON is a list of objects, keyed by column.
func (t *Answer) asJSON() any {
	if t.JSON != nil {
		return t.JSON
	}
	objects := make([]map[string]any, 0, len(t.Rows))
	for _, row := range t.Rows {
		object := make(map[string]any, len(row))
		for i, cell := range row {
			object[t.Columns[i]] = cell
		}
		objects = append(objects, object)
	}
	return objects
}

// Of makes an answer of a table. JSON output is json, or the rows if it is nil.
func Of(t render.Table, json any) *Answer {
	return &Answer{Columns: t.Columns, Rows: t.Rows, JSON: json}
}
