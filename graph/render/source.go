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

// Source returns the title, publisher and date of a document, joined by commas. The
// title of an unknown document is its id.
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

// readDocument reads a document, each only once. The label of an unknown document is its
// id.
func (r *Renderer) readDocument(ctx context.Context, id schema.ID) (schema.Document, error) {
	if d, ok := r.records.get(id); ok {
		return d, nil
	}
	d, err := r.graph.Document(ctx, id)
	if errors.Is(err, graph.ErrNotFound) {
		d, err = schema.Document{Entity: schema.Entity{ID: id, Label: string(id)}}, nil
	}
	if err == nil {
		r.records.put(ownID(id), d)
	}
	return d, err
}

// shortSource returns the publisher of a document and its date; its title if it has
// no publisher.
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

// Speakers returns the speaker of a piece of evidence and the intermediaries of the
// quote: "said by Pentagon officials, via Reuters"; empty if the evidence names
// nobody.
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

// quoteOf returns the quote of a piece of evidence in quotation marks, or its note if
// it has no quote.
func quoteOf(e schema.Evidence) string {
	if e.Quote != "" {
		return schema.Quoted(e.Quote)
	}
	return e.Note
}
