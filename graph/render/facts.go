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
	l.Facts, l.Table.Rows = append(l.Facts, nil), append(l.Table.Rows, nil)
	return l.set(ctx, len(l.Facts)-1, &graph.Selected{Fact: f, Through: through})
}

// AddAll adds several facts, on all processors.
func (l *FactList) AddAll(ctx context.Context, facts []graph.Selected) error {
	n := len(l.Facts)
	l.Facts = append(l.Facts, make([]*Fact, len(facts))...)
	l.Table.Rows = append(l.Table.Rows, make([][]any, len(facts))...)
	return inParts(len(facts), func(from, to int) error {
		if err := l.rows.renderer.Prepare(ctx, facts[from:to]); err != nil {
			return err
		}
		for i := from; i < to; i++ {
			if err := l.set(ctx, n+i, &facts[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// set puts a fact at a position.
func (l *FactList) set(ctx context.Context, i int, f *graph.Selected) (err error) {
	r := l.rows.NewRow()
	if err := r.Set(ctx, f); err != nil {
		return err
	}
	l.Facts[i] = &r.Fact
	l.Table.Rows[i], err = r.values()
	return err
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
