package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// ErrInUse is wrapped if an update would remove an entity or a fact to which facts
// of the dataset still refer.
var ErrInUse = errors.New("in use")

// ErrIdentity is wrapped if the id of a fact for [Tx.Put] is not the id of its
// verb, participants, start, topic, status and key.
var ErrIdentity = errors.New("another fact")

// Update changes single records of a dataset in one transaction. All changes by fn are
// kept, or none if fn or a check returns an error. If the dataset does not exist, its
// first record makes it. A dataset that was never loaded disappears with its last
// record.
//
// Update makes the checks of [Graph.Load], and its errors wrap the same errors, such
// as [ErrUndeclared], [ErrConflict] and [ErrCycle], or [ErrInUse]. The result equals a
// load of all records of the dataset: edges, standings, derived dates, borrowed names
// and counts are updated in the same transaction. The cost depends on the changed
// records, not on the size of the dataset.
//
// The graph remembers the records of a dataset that updates have added, changed and
// removed (see [Graph.Edits]). A load that would undo such a change returns an
// [EditsError], unless its options say Replace.
//
// In the Report, Facts, Entities and Documents count the changed records, and Edits
// lists them. A call of Update, Load or Forget from fn blocks for ever; other methods
// of the graph return the state before the update.
func (g *Graph) Update(ctx context.Context, dataset string, fn func(tx *Tx) error) (Report, error) {
	return updateRecords(ctx, g, dataset, fn, false)
}

// updateRecords is [Graph.Update]. Of a review, the graph remembers no changed records.
func updateRecords(ctx context.Context, g *Graph, dataset string, fn func(tx *Tx) error, isReview bool) (Report, error) {
	if err := checkDataset(dataset); err != nil {
		return Report{}, err
	}
	d := newStagedDataset(dataset)
	err := g.update(ctx, func(st *store.Tx) error {
		tx, err := newTx(ctx, g.Vocabulary(), st, d)
		if err != nil {
			return err
		}
		defer func() { tx.ended = true }()
		tx.isReview = isReview
		if err := fn(tx); err != nil {
			return err
		}
		if tx.failed != nil {
			return tx.failed
		}
		return tx.commit()
	})
	if err != nil {
		return Report{Dataset: dataset}, err
	}
	return d.report, nil
}

// Tx is a running [Graph.Update] of one dataset. Its methods see the changes so far.
// It may be used only in fn and by one goroutine.
type Tx struct {
	ctx         context.Context
	store       *store.Tx
	dataset     *stagedDataset
	there       bool         // the dataset existed before
	transaction *transaction // its field gone has the previous quads of changed records
	staged      *quadSet     // the current quads of changed records
	reader      reader       // of the graph with the changes so far
	records     map[schema.ID]*recordEdit
	ended       bool
	isReview    bool  // loads make the same changes, so they are not marked
	failed      error // error of an incomplete change
}

func newTx(ctx context.Context, v *schema.Vocabulary, st *store.Tx, d *stagedDataset) (*Tx, error) {
	tx := &Tx{ctx: ctx, store: st, dataset: d, staged: newQuadSet(), records: map[schema.ID]*recordEdit{}}
	tx.transaction = &transaction{vocabulary: v, tx: st, datasets: []*stagedDataset{d}, partial: true, gone: map[quad.Quad]bool{}}
	tx.reader = tx.transaction.readAfter(tx.staged)
	var err error
	tx.there, err = tx.transaction.readBefore().hasDataset(ctx, d.name)
	return tx, err
}

// errEnded is returned by the methods of a Tx after its update.
var errEnded = errors.New("the update has ended")

func (tx *Tx) usable() error {
	if tx.ended {
		return errEnded
	}
	return cmp.Or(tx.failed, context.Cause(tx.ctx))
}

// Add adds facts, entities and documents to the dataset. If the dataset already states
// a record of the same id, both are merged, as repeated rows of a file are: evidence,
// links, aliases and identifiers of both are kept, and other properties of an entity
// that only one of the two has. Errors wrap [schema.ErrDuplicate] if two pieces of
// evidence of the same source, quote and place differ, and [ErrConflict] if a property
// of an entity has two values.
func (tx *Tx) Add(records ...schema.Record) error { return tx.write(records, true) }

// Put adds facts, entities and documents to the dataset, and replaces the dataset's
// previous records of the same ids: evidence, aliases and properties that are not in
// the new record are removed. Other datasets do not change. A fact may have the id
// under which it was read. Errors wrap [ErrIdentity] if a change has made it another
// fact; see [Tx.Replace].
func (tx *Tx) Put(records ...schema.Record) error { return tx.write(records, false) }

func (tx *Tx) write(records []schema.Record, merge bool) error {
	for _, record := range records {
		if err := tx.usable(); err != nil {
			return err
		}
		var err error
		switch r := record.(type) {
		case schema.Entity:
			err = tx.writeEntity(schema.Document{Entity: r}, merge)
		case schema.Document:
			err = tx.writeEntity(r, merge)
		case schema.Fact:
			err = tx.writeFact(r, merge)
		default:
			err = fmt.Errorf("an update cannot write a %T: it writes facts, entities and documents", record)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Remove removes facts, entities and documents from the dataset. Other datasets do not
// change. Errors wrap [ErrNotFound] if the dataset does not state an id. At the end of
// the update, errors wrap [ErrInUse] if facts of the dataset still refer to a removed
// id that no other dataset declares.
func (tx *Tx) Remove(ids ...schema.ID) error {
	for _, id := range ids {
		if err := tx.usable(); err != nil {
			return err
		}
		e, err := tx.edit(id)
		if err == nil && e.now == nil {
			err = tx.notFound(id)
		}
		if err == nil {
			err = tx.set(e, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Replace replaces a fact of the dataset by another one. The new fact may differ in
// its verb, participants, start, topic, status or key, and so have another id. Links
// from the dataset's facts to the old one are changed to the new one. If the dataset
// already states the new fact, both are merged as by [Tx.Add].
func (tx *Tx) Replace(id schema.ID, f schema.Fact) error {
	if _, err := tx.Fact(id); err != nil {
		return err
	}
	f.ID = ""
	f, err := tx.checked(f)
	switch {
	case err != nil:
		return err
	case f.ID == id:
		return tx.Put(f)
	}
	err = tx.Remove(id)
	if err == nil {
		err = tx.Add(f)
	}
	if err == nil {
		err = tx.relink(id, f.ID)
	}
	tx.failed = err // an incomplete change must not be committed
	return err
}

// relink changes the dataset's links to one fact into links to another.
func (tx *Tx) relink(from, to schema.ID) error {
	ids, err := referenceCheck{tx}.mentions(from, -1)
	if err != nil {
		return err
	}
	for _, id := range ids {
		f, err := tx.Fact(id)
		if err != nil {
			return err
		}
		for i, l := range f.Links {
			if l.Fact == from {
				f.Links[i].Fact = to
			}
		}
		f.Links = slices.DeleteFunc(f.Links, func(l schema.Link) bool { return l.Fact == id })
		if err := tx.Put(f); err != nil {
			return err
		}
	}
	return nil
}

// Fact returns the dataset's statement of a fact, with only its own evidence. Errors
// wrap [ErrNotFound] if the dataset does not state the fact.
func (tx *Tx) Fact(id schema.ID) (schema.Fact, error) {
	record, err := tx.stated(id)
	if f, ok := record.(schema.Fact); ok && err == nil {
		return cloneFact(f), nil
	}
	return schema.Fact{}, cmp.Or(err, tx.notFound(id))
}

// Entity returns the dataset's statement of an entity or a document. Errors wrap
// [ErrNotFound] if the dataset does not declare it.
func (tx *Tx) Entity(id schema.ID) (schema.Entity, error) {
	d, err := tx.declared(id)
	return d.Entity, err
}

// Document returns the dataset's statement of a document. Errors wrap [ErrNotFound] if
// the dataset does not declare it.
func (tx *Tx) Document(id schema.ID) (schema.Document, error) {
	d, err := tx.declared(id)
	if err == nil && d.Kind != schema.Doc {
		return schema.Document{}, tx.notFound(id)
	}
	return d, err
}

func (tx *Tx) declared(id schema.ID) (schema.Document, error) {
	record, err := tx.stated(id)
	if d, ok := record.(schema.Document); ok && err == nil {
		d.Aliases, d.Identifiers = slices.Clone(d.Aliases), slices.Clone(d.Identifiers)
		return d, nil
	}
	return schema.Document{}, cmp.Or(err, tx.notFound(id))
}

// stated returns the dataset's statement of a fact, as a schema.Fact, or of an entity,
// as a schema.Document. It is nil if there is none.
func (tx *Tx) stated(id schema.ID) (schema.Record, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	e, err := tx.edit(id)
	if err != nil {
		return nil, err
	}
	return e.now, nil
}

func (tx *Tx) notFound(id schema.ID) error {
	return fmt.Errorf("%w: dataset %q does not state %s", ErrNotFound, tx.dataset.name, id)
}

// Resolve returns the only entity that has a name, in any dataset or in the changes so
// far. Errors are the errors of [Graph.Resolve].
func (tx *Tx) Resolve(name string) (schema.ID, error) {
	if err := tx.usable(); err != nil {
		return "", err
	}
	return resolveName(tx.ctx, tx.reader, name)
}

// Named returns the entities whose label, alias or id is the name, in any dataset or
// in the changes so far, whatever its case, width and diacritics; and the documents
// whose address (URL) it is.
func (tx *Tx) Named(name string) ([]Match, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	matches, err := tx.reader.named(tx.ctx, name)
	if err != nil || len(matches) > 0 || !strings.Contains(name, "://") {
		return matches, err
	}
	ids, err := tx.reader.subjects(tx.ctx, store.Pattern{Predicate: schema.URLTerm, Object: quad.String(name)})
	for _, id := range ids {
		matches = append(matches, Match{ID: id, Kind: schema.KindOf(id), Name: name, Exact: true})
	}
	return matches, cmp.Or(err, tx.reader.labelMatches(tx.ctx, matches))
}

func cloneFact(f schema.Fact) schema.Fact {
	f.Roles, f.Links, f.Evidence = slices.Clone(f.Roles), slices.Clone(f.Links), slices.Clone(f.Evidence)
	for i := range f.Evidence {
		f.Evidence[i].Via, f.Evidence[i].At = slices.Clone(f.Evidence[i].Via), slices.Clone(f.Evidence[i].At)
	}
	return f
}
