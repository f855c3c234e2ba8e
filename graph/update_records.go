package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// recordEdit is a dataset's statement of one record before an update and now. If the
// dataset does not declare an entity, the quads are the quads of its borrowed name, if
// any.
type recordEdit struct {
	id            schema.ID
	was, now      schema.Record // a schema.Fact, a schema.Document, or nil
	before, after []quad.Quad
	pos           schema.Position
}

// changed reports whether the quads differ.
func (e *recordEdit) changed() bool {
	fresh, stale := difference(e.after, e.before)
	return len(fresh)+len(stale) > 0
}

// edit returns the edit of an id, and reads the record on first use.
func (tx *Tx) edit(id schema.ID) (*recordEdit, error) {
	if e := tx.records[id]; e != nil {
		return e, nil
	}
	e := &recordEdit{id: id}
	read := e.readEntity
	if schema.KindOf(id) == schema.KindFact {
		read = e.readFact
	}
	if err := read(tx); err != nil {
		return nil, err
	}
	e.now, e.after = e.was, e.before
	tx.records[id] = e
	return e, nil
}

func (e *recordEdit) readFact(tx *Tx) error {
	r := tx.transaction.readBefore()
	quads, err := r.factQuads(tx.ctx, e.id, tx.dataset.label)
	if err != nil || len(quads) == 0 {
		return err
	}
	f, err := r.vocabulary.DecodeFact(e.id, quads)
	e.was, e.before = f, quads
	return err
}

func (e *recordEdit) readEntity(tx *Tx) error {
	quads, err := tx.transaction.readBefore().ownEntityQuads(tx.ctx, e.id, tx.dataset.label)
	if err != nil || len(quads) == 0 {
		return err
	}
	if e.before = quads; !onlyBorrows(quads, tx.dataset.label) {
		e.was = schema.DecodeDocument(e.id, quads)
	}
	return nil
}

// factQuads returns the quads of a fact and its evidence in one dataset.
func (r reader) factQuads(ctx context.Context, id schema.ID, label quad.IRI) ([]quad.Quad, error) {
	all, err := r.collect(ctx, store.Pattern{Subject: id.Value(), Label: label})
	for _, q := range all {
		if q.Predicate != schema.EvidenceTerm || err != nil {
			continue
		}
		var evidence []quad.Quad
		evidence, err = r.collect(ctx, store.Pattern{Subject: q.Object, Label: label})
		all = append(all, evidence...)
	}
	return all, err
}

// ownEntityQuads returns the quads of an entity in one dataset.
func (r reader) ownEntityQuads(ctx context.Context, id schema.ID, label quad.IRI) ([]quad.Quad, error) {
	own, err := r.collect(ctx, store.Pattern{Subject: id.Value(), Label: label})
	if !slices.ContainsFunc(own, func(q quad.Quad) bool { return q.Predicate == schema.TypeTerm }) {
		return nil, err
	}
	return own, err
}

// set sets the dataset's record of an id; nil removes it.
func (tx *Tx) set(e *recordEdit, record schema.Record) error {
	var quads []quad.Quad
	if record != nil {
		var err error
		if quads, err = tx.reader.vocabulary.Encode(tx.dataset.name, record); err != nil {
			return err
		}
	}
	e.now = record
	tx.setQuads(e, quads)
	return nil
}

func (tx *Tx) setQuads(e *recordEdit, quads []quad.Quad) {
	for _, q := range e.before {
		tx.transaction.gone[q] = true
	}
	tx.staged.remove(e.after...)
	e.after = withoutDuplicates(quads)
	tx.staged.add(e.after...)
}

// withoutDuplicates removes duplicates of quads.
func withoutDuplicates(quads []quad.Quad) []quad.Quad {
	const short = 32
	if len(quads) <= short {
		kept := make([]quad.Quad, 0, len(quads))
		for i := range quads {
			if indexOfQuad(kept, &quads[i], 0) < 0 {
				kept = append(kept, quads[i])
			}
		}
		return kept
	}
	seen := make(map[quad.Quad]bool, len(quads))
	return slices.DeleteFunc(slices.Clone(quads), func(q quad.Quad) bool {
		again := seen[q]
		seen[q] = true
		return again
	})
}

// recordError returns an error with the position and the text of a record.
func recordError(pos schema.Position, text string, err error) error {
	return &schema.RowError{Pos: pos, Err: err, Text: text}
}

// checked returns a fact in its stored form, with its evidence in the dataset.
func (tx *Tx) checked(f schema.Fact) (schema.Fact, error) {
	v := tx.reader.vocabulary
	unplaced := cloneFact(f)
	unplaced.Pos, unplaced.Within = schema.Position{}, nil
	if err := v.Check(unplaced); err != nil {
		return f, recordError(f.Pos, string(f.Verb), err)
	}
	for i := range unplaced.Evidence {
		unplaced.Evidence[i].Dataset = tx.dataset.name
	}
	normal := v.Normalize(unplaced)
	if slices.ContainsFunc(normal.Links, func(l schema.Link) bool { return l.Fact == normal.ID }) {
		return f, recordError(f.Pos, string(f.Verb), v.Check(normal))
	}
	if _, err := v.Encode(tx.dataset.name, normal); err != nil {
		return f, recordError(f.Pos, string(f.Verb), err)
	}
	return normal, nil
}

func (tx *Tx) writeFact(given schema.Fact, merge bool) error {
	f, err := tx.checked(given)
	if err != nil {
		return err
	}
	if !merge && given.ID != "" && given.ID != f.ID {
		return schema.WithHint(fmt.Errorf("%w: what was %s is %s now", ErrIdentity, given.ID, f.ID), func() string {
			return "its verb, participants, date, topic, status and key make its id: replace the fact"
		})
	}
	e, err := tx.edit(f.ID)
	if err != nil {
		return err
	}
	if before, ok := e.now.(schema.Fact); ok && merge {
		f, err = joinFacts(tx.reader.vocabulary, tx.dataset.name, before, f)
	}
	if err == nil {
		err = tx.set(e, f)
	}
	if err != nil {
		return recordError(given.Pos, string(given.Verb), err)
	}
	e.pos = given.Pos
	return nil
}

func (tx *Tx) writeEntity(d schema.Document, merge bool) error {
	err := schema.CheckEntity(d.Entity)
	if err == nil && d.Kind == schema.Doc {
		err = schema.CheckDocument(d)
	}
	if err != nil {
		return recordError(d.Pos, string(d.ID), err)
	}
	pos := d.Pos
	d.Pos = schema.Position{}
	d.Entity = d.Entity.Normalize()
	e, err := tx.edit(d.ID)
	if err != nil {
		return err
	}
	if before, ok := e.now.(schema.Document); ok && merge {
		d, err = joinDocuments(tx.dataset.name, before, d)
	}
	if err == nil {
		err = tx.setEntity(e, d)
	}
	if err != nil {
		return recordError(pos, string(d.ID), err)
	}
	e.pos = pos
	return nil
}

func (tx *Tx) setEntity(e *recordEdit, d schema.Document) error {
	var record schema.Record = d.Entity
	if d.Kind == schema.Doc {
		record = d
	}
	err := tx.set(e, record)
	if err == nil {
		e.now = d
	}
	return err
}

// joinFacts merges two statements of a fact in one dataset, as repeated rows of a file
// are merged. Errors wrap [schema.ErrDuplicate].
func joinFacts(v *schema.Vocabulary, dataset string, first, again schema.Fact) (schema.Fact, error) {
	f := v.Normalize(v.Merge(first, again))
	f.Roles = first.Roles
	_, err := v.Encode(dataset, f)
	return f, err
}

// joinDocuments merges two statements of an entity or a document in one dataset.
// Errors wrap [ErrConflict].
func joinDocuments(dataset string, a, b schema.Document) (schema.Document, error) {
	var errs []error
	join := func(what string, to *string, from string) {
		switch {
		case *to == "":
			*to = from
		case from != "" && from != *to:
			errs = append(errs, fmt.Errorf("%w: dataset %q has %q as the %s of %s, and not %q", ErrConflict, dataset, *to, what, a.ID, from))
		}
	}
	if !slices.Contains(a.Aliases, schema.Text{Value: b.Label}) {
		join("name", &a.Label, b.Label)
	}
	country := string(a.Country)
	join("country", &country, string(b.Country))
	a.Country = schema.ID(country)
	join("birth", &a.Born, b.Born)
	join("description", &a.Description, b.Description)
	join("publisher", &a.Publisher, b.Publisher)
	join("author", &a.Author, b.Author)
	join("address", &a.URL, b.URL)
	join("SHA-256", &a.SHA256, b.SHA256)
	join("language", &a.Language, b.Language)
	join("archived copy", &a.Archived.URL, b.Archived.URL)
	join("day of the archived copy", &a.Archived.On, b.Archived.On)
	a.Accessed = schema.Later(a.Accessed, b.Accessed)
	switch {
	case a.Published.IsZero():
		a.Published = b.Published
	case !b.Published.IsZero() && a.Published != b.Published:
		published := a.Published.String()
		join("date", &published, b.Published.String())
	}
	a.Aliases = append(slices.Clone(a.Aliases), b.Aliases...)
	a.Identifiers = append(slices.Clone(a.Identifiers), b.Identifiers...)
	a.Entity = a.Entity.Normalize()
	return a, errors.Join(errs...)
}
