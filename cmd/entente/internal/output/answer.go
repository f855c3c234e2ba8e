package output

import (
	"fmt"
	"slices"

	"github.com/entente-kg/entente/graph/render"
)

// Answer is what a command found: rows for a table or CSV, and a value for JSON.
type Answer struct {
	Columns []string
	Rows    [][]any
	JSON    any      // the value that JSON shows; nil for one object per row
	Hidden  []string // columns that a table omits
}

// Add adds a row.
func (t *Answer) Add(cells ...any) { t.Rows = append(t.Rows, cells) }

// shown returns the answer as a table shows it: without hidden columns and
// without columns that are empty in every row.
func (t *Answer) shown() *Answer {
	shown := &Answer{}
	var kept []int
	for i, name := range t.Columns {
		if !slices.Contains(t.Hidden, name) && t.hasValue(i) {
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

// Named is a cell with the id of an entity and its name. Only a table shows the name.
type Named struct{ ID, Name string }

func (n Named) String() string { return n.ID }

func (n Named) forPeople() string {
	if n.Name == "" {
		return n.ID
	}
	return n.ID + " · " + n.Name
}

// hasValue reports whether at least one row has a text in the column.
func (t *Answer) hasValue(column int) bool {
	return len(t.Rows) == 0 || slices.ContainsFunc(t.Rows, func(row []any) bool { return fmt.Sprint(row[column]) != "" })
}

// asJSON returns t.JSON, or else one object for each row, keyed by column.
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

// Of returns an answer with the rows of a table; text leaves out its details. JSON output
// is json, or one object per row if json is nil.
func Of(t render.Table, json any) *Answer {
	return &Answer{Columns: t.Columns, Rows: t.Rows, JSON: json, Hidden: t.Details}
}
