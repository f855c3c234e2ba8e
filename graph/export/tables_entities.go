package export

import (
	"context"
	"errors"
	"iter"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// entities puts the entities of the selection, with their names, and the documents.
func (r *tableReader) entities(ctx context.Context) error {
	for e, err := range r.selected(ctx) {
		if err == nil {
			err = r.entity(e)
		}
		if err == nil && e.Kind == schema.Doc {
			err = r.document(ctx, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// selected yields all entities, or those that are mentioned and their countries.
func (r *tableReader) selected(ctx context.Context) iter.Seq2[schema.Entity, error] {
	if r.mentioned == nil {
		return r.elements.reader.graph.Entities(ctx)
	}
	return func(yield func(schema.Entity, error) bool) {
		countries := make(map[schema.ID]bool)
		for todo := r.mentioned; len(todo) > 0; {
			next := make(map[schema.ID]bool)
			for _, id := range sortedByKind(todo) {
				e, err := r.elements.reader.words.Record(ctx, id)
				if !yield(e, err) || err != nil {
					return
				}
				if c := e.Country; c != "" && !r.mentioned[c] && !countries[c] {
					countries[c], next[c] = true, true
				}
			}
			todo = next
		}
	}
}

func (r *tableReader) entity(e schema.Entity) error {
	id := string(e.ID)
	err := r.put(entitiesTable, id, string(e.Kind), e.Label, cell(string(e.Country)), cell(e.Born), cell(e.Description))
	if err == nil {
		err = r.put(namesTable, id, 0, e.Label, nil)
	}
	for i, a := range e.Aliases {
		if err == nil {
			err = r.put(namesTable, id, i+1, a.Value, cell(a.Lang))
		}
	}
	for _, identifier := range e.Identifiers {
		if err == nil {
			err = r.put(identifiersTable, id, identifier)
		}
	}
	return err
}

func (r *tableReader) document(ctx context.Context, e schema.Entity) error {
	d, err := r.elements.reader.graph.Document(ctx, e.ID)
	if errors.Is(err, graph.ErrNotFound) {
		d, err = schema.Document{Entity: e}, nil
	}
	if err != nil {
		return err
	}
	words, err := r.elements.reader.words.Document(ctx, e.ID)
	if err != nil {
		return err
	}
	var written, first, last any
	if p := words.Published; p != nil {
		written, first, last = cell(p.Text), cell(p.From), cell(p.To)
	}
	return r.put(documentsTable, string(d.ID), d.Label, cell(d.Publisher), cell(d.Author), written, first, last, cell(d.URL), cell(d.SHA256), cell(d.Language),
		cell(d.Archived.URL), cell(d.Archived.Made()), cell(d.Accessed))
}
