package render

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Source names a document: its title, publisher and date, with commas between them.
// One that the graph does not have goes by its id.
func (r *Renderer) Source(ctx context.Context, id schema.ID) (string, error) {
	d, err := r.readDocument(ctx, id)
	if err != nil {
		return "", err
	}
	words := []string{d.Label}
	if d.Publisher != "" && d.Publisher != d.Label {
		words = append(words, d.Publisher)
	}
	if !d.Published.IsZero() {
		words = append(words, d.Published.String())
	}
	return strings.Join(words, ", "), nil
}

// readDocument reads a document once; one that the graph does not have is a document with
// its id alone.
func (r *Renderer) readDocument(ctx context.Context, id schema.ID) (schema.Document, error) {
	if d, ok := r.documents[id]; ok {
		return d, nil
	}
	d, err := r.graph.Document(ctx, id)
	if errors.Is(err, graph.ErrNotFound) {
		d, err = schema.Document{Entity: schema.Entity{ID: id, Label: string(id)}}, nil
	}
	if err == nil {
		r.documents[id] = d
	}
	return d, err
}

// shortSource names a document by its publisher, or else its title, and its date.
func shortSource(d schema.Document) string {
	words := []string{cmp.Or(d.Publisher, d.Label)}
	if !d.Published.IsZero() {
		date := d.Published.String()
		if day, err := time.Parse(time.DateOnly, date); err == nil {
			date = day.Format("2 Jan 2006")
		}
		words = append(words, date)
	}
	return strings.Join(words, ", ")
}

// Speakers says whose words a piece of evidence has, and through whom they came:
// "said by Antony Blinken, via U.S. Department of State"; empty where the evidence
// names nobody.
func (r *Renderer) Speakers(ctx context.Context, e schema.Evidence) (string, error) {
	var words []string
	if e.SaidBy != "" {
		name, err := r.Name(ctx, e.SaidBy)
		if err != nil {
			return "", err
		}
		words = append(words, "said by "+name)
	}
	if len(e.Via) > 0 {
		names, err := r.Names(ctx, e.Via)
		if err != nil {
			return "", err
		}
		words = append(words, "via "+names)
	}
	return strings.Join(words, ", "), nil
}

// quoteOf is the quote of a piece of evidence in quotation marks, or else its note.
func quoteOf(e schema.Evidence) string {
	if e.Quote != "" {
		return schema.Quoted(e.Quote)
	}
	return e.Note
}
