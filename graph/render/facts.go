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
}

func (t *Table) add(cells ...any) { t.Rows = append(t.Rows, cells) }

// FactList is a list of facts, each as a value and as a row of a table.
type FactList struct {
	Facts []*Fact
	Table Table // one row for each fact, in the same order

	renderer *Renderer
	period   *graph.Filter // the filter with the period asked for; nil for no period
}

// NewFactList returns an empty list. If the filter asks for a period, Then of each added
// fact says whether it certainly lies in that period.
func (r *Renderer) NewFactList(filter graph.Filter) *FactList {
	l := &FactList{renderer: r, Facts: []*Fact{}, Table: Table{Columns: []string{
		"when", "status", "standing", "fact", "linked", "at", "through", "sources", "words", "other-stances", "then", "widened", "id"}}}
	if filter.Windowed() {
		l.period = &filter
	}
	return l
}

// Add adds a fact. through is the entities that link the fact with the entity asked
// for; see OnThrough of [graph.Filter].
func (l *FactList) Add(ctx context.Context, f schema.Fact, through ...schema.ID) error {
	r := l.renderer
	j, err := r.Fact(ctx, f)
	if err != nil {
		return err
	}
	if j.Through, err = r.Refs(ctx, through); err != nil {
		return err
	}
	names, err := r.Names(ctx, through)
	if err != nil {
		return err
	}
	if j.Then, err = l.inPeriod(f); err != nil {
		return err
	}
	l.Facts = append(l.Facts, j)
	c := j.Claims()
	l.Table.add(Dates(f), string(f.Status), string(f.Standing()), j.Sentence, linksInWords(j.Links), strings.Join(j.Places(), "; "), names, c.Sources, c.Words, c.Others, j.Then, j.Widenings(), string(f.ID))
	return nil
}

// inPeriod returns "certainly" or "possibly" for a fact in the period asked for; empty
// for no period.
func (l *FactList) inPeriod(f schema.Fact) (string, error) {
	if l.period == nil {
		return "", nil
	}
	sure, err := l.renderer.graph.Certain(f, *l.period)
	if sure {
		return "certainly", err
	}
	return "possibly", err
}

// Places returns the names of the places that asserting evidence gives for the fact, or
// that all evidence gives if none asserts it.
func (f *Fact) Places() []string {
	var asserted, all []string
	for _, e := range f.Evidence {
		for _, at := range e.At {
			all = append(all, at.Name)
			if e.Stance == schema.Asserts {
				asserted = append(asserted, at.Name)
			}
		}
	}
	if f.Standing.Asserted() {
		return distinct(asserted)
	}
	return distinct(all)
}

// linksInWords returns the types and names of links to other facts.
func linksInWords(list []Link) string {
	words := make([]string, len(list))
	for i, l := range list {
		words[i] = string(l.Type) + " " + l.Name
	}
	return strings.Join(words, "; ")
}
