package render

import (
	"context"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Table is rows of cells under named columns, as CSV has them. A cell is a string, a
// number or a bool; each row has a cell for each column.
type Table struct {
	Columns []string
	Rows    [][]any
}

func (t *Table) add(cells ...any) { t.Rows = append(t.Rows, cells) }

// FactList is facts with their names, each as a value and as a row of a table.
type FactList struct {
	Facts []*Fact
	Table Table // a row for each fact, in the same order

	renderer *Renderer
	period   *graph.Filter // the filter with the period that was asked about; nil for none
}

// NewFactList is an empty list. If the filter asks about a period, each fact of the
// list says whether it lies in that period certainly or possibly.
func (r *Renderer) NewFactList(filter graph.Filter) *FactList {
	l := &FactList{renderer: r, Facts: []*Fact{}, Table: Table{Columns: []string{
		"when", "status", "standing", "fact", "linked", "at", "through", "sources", "words", "other-stances", "then", "widened", "id"}}}
	if filter.Windowed() {
		l.period = &filter
	}
	return l
}

// Add adds a fact; through are the entities that link it to what was asked about, if
// any.
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
	places, err := l.places(ctx, f)
	if err != nil {
		return err
	}
	if j.Then, err = l.inPeriod(f); err != nil {
		return err
	}
	l.Facts = append(l.Facts, j)
	c := j.Claims()
	l.Table.add(factDates(f), string(f.Status), string(f.Standing()), j.Sentence, linksInWords(j.Links), places, names, c.Sources, c.Words, c.Others, j.Then, j.widenings(), string(f.ID))
	return nil
}

// inPeriod says whether a fact certainly lies in the period that was asked about; empty
// where none was.
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

// places names where a fact was by the evidence that asserts it, or by all evidence
// where none asserts it.
func (l *FactList) places(ctx context.Context, f schema.Fact) (string, error) {
	asserting, others := f.Sides()
	if len(asserting) == 0 {
		asserting = others
	}
	var places []string
	for _, e := range asserting {
		at, err := l.renderer.Names(ctx, e.At)
		if err != nil {
			return "", err
		}
		places = append(places, at)
	}
	return joinDistinct(places), nil
}

// linksInWords says how a fact bears on other facts.
func linksInWords(list []Link) string {
	words := make([]string, len(list))
	for i, l := range list {
		words[i] = string(l.Type) + " " + l.Name
	}
	return strings.Join(words, "; ")
}
