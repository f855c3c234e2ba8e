package render

import (
	"context"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Table is rows of cells under named columns, as in CSV. Each row has one cell for each
// column. A cell is a string, an int, a float64 or a bool.
type Table struct {
	Columns []string
	Rows    [][]any

	// Details are the columns that only CSV has: a text repeats what they say in words.
	Details []string
}

func (t *Table) add(cells ...any) { t.Rows = append(t.Rows, cells) }

// FactList is a list of facts, each as a value and as a row of a table.
type FactList struct {
	Facts []*Fact
	Table Table // one row for each fact, in the same order

	rows *FactTable
}

// NewFactList returns an empty list. If the filter asks for a period, Then of each added
// fact says whether it certainly lies in that period.
func (r *Renderer) NewFactList(filter graph.Filter) *FactList {
	rows := r.NewFactTable(filter)
	return &FactList{rows: rows, Facts: []*Fact{}, Table: Table{Columns: rows.Columns(), Details: rows.details()}}
}

// Add adds a fact. through is the entities that link the fact with the entity asked
// for; see OnThrough of [graph.Filter].
func (l *FactList) Add(ctx context.Context, f schema.Fact, through ...schema.ID) error {
	r := l.rows.NewRow()
	if err := r.Set(ctx, &graph.Selected{Fact: f, Through: through}); err != nil {
		return err
	}
	row, err := r.values()
	if err != nil {
		return err
	}
	l.Facts = append(l.Facts, &r.Fact)
	l.Table.Rows = append(l.Table.Rows, row)
	return nil
}

// Places returns the names of the places that asserting evidence gives for the fact, or
// that all evidence gives if none asserts it.
func (f *Fact) Places() []string {
	var names []string
	for i := range f.Evidence {
		if e := &f.Evidence[i]; e.Stance == schema.Asserts || !f.Standing.Asserted() {
			for _, at := range e.At {
				names = appendDistinct(names, at.Name)
			}
		}
	}
	return names
}

// linksInWords returns the types and names of links to other facts.
func linksInWords(list []Link) string {
	words := make([]string, len(list))
	for i, l := range list {
		words[i] = string(l.Type) + " " + l.Name
	}
	return strings.Join(words, "; ")
}
