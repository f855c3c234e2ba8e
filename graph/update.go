package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// ErrInUse is wrapped where an update would remove an entity or a fact that facts
// of the dataset still name.
var ErrInUse = errors.New("in use")

// ErrIdentity is wrapped where [Tx.Put] gets a fact whose id is not the id of its
// verb, participants, date, topic, status and key.
var ErrIdentity = errors.New("another fact")

// Update changes single records of a dataset in one transaction: all of fn's changes
// are kept, or none where fn or a check returns an error. A dataset that does not
// exist is made by its first record; one that only updates have made is gone with
// its last record.
//
// The checks are those of [Graph.Load], and errors wrap the same errors, such as
// [ErrUndeclared], [ErrConflict] and [ErrCycle], or [ErrInUse]. The result is the
// graph that a load of all records of the dataset would make: edges, standings,
// derived dates, borrowed names and counts follow in the same transaction. The cost
// is that of the changed records, whatever the size of the dataset.
//
// The graph remembers which records of a dataset updates have added, changed and
// removed (see [Graph.Edits]). A load that would undo such a change is refused by an
// [EditsError], unless its options say Replace.
//
// In the Report, Facts, Entities and Documents count the records that changed, and
// Edits lists them. Another Update, Load or Forget within fn waits for ever; other
// methods of the graph see it as it was before.
func (g *Graph) Update(ctx context.Context, dataset string, fn func(tx *Tx) error) (Report, error) {
	if err := checkDataset(dataset); err != nil {
		return Report{}, err
	}
	p := newPart(dataset)
	err := g.update(ctx, func(st *store.Tx) error {
		tx, err := newTx(ctx, g, st, p)
		if err != nil {
			return err
		}
		defer func() { tx.ended = true }()
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
	return p.report, nil
}

// Tx is a running [Graph.Update] of one dataset. It sees its own changes. It belongs
// to the goroutine that runs the update and is of no use after it.
type Tx struct {
	ctx         context.Context
	store       *store.Tx
	part        *part
	there       bool         // the dataset existed before
	transaction *transaction // its gone has the quads that records had before
	staged      *quadSet     // the quads that records have now
	reader      reader       // of the graph with the changes so far
	records     map[schema.ID]*recordEdit
	ended       bool
	failed      error // of a change that was made in part
}

func newTx(ctx context.Context, g *Graph, st *store.Tx, p *part) (*Tx, error) {
	tx := &Tx{ctx: ctx, store: st, part: p, staged: newQuadSet(), records: map[schema.ID]*recordEdit{}}
	tx.transaction = &transaction{vocabulary: g.Vocabulary(), tx: st, parts: []*part{p}, partial: true, gone: map[quad.Quad]bool{}}
	tx.reader = tx.transaction.readAfter(tx.staged)
	var err error
	tx.there, err = tx.transaction.readBefore().hasDataset(ctx, p.name)
	return tx, err
}

// errEnded is the error of a Tx after its update.
var errEnded = errors.New("the update has ended")

func (tx *Tx) usable() error {
	if tx.ended {
		return errEnded
	}
	return cmp.Or(tx.failed, context.Cause(tx.ctx))
}

// Add adds facts, entities and documents to the dataset. What the dataset states of
// one already is joined with it, as repeated rows of a file are: evidence, links,
// aliases and identifiers of both, and of an entity's other properties those that
// only one of the two has. Errors wrap [schema.ErrDuplicate] where a piece of
// evidence of the same source, quote and place has other details, and [ErrConflict]
// where a property of an entity has another value.
func (tx *Tx) Add(records ...schema.Record) error { return tx.write(records, true) }

// Put adds facts, entities and documents to the dataset in place of what the dataset
// states of them: evidence, aliases and properties that are not in a record are
// gone. What other datasets state stays. A fact may have the id under which it was
// read; errors wrap [ErrIdentity] where a change has made it another fact, see
// [Tx.Replace].
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

// Remove removes facts, entities and documents from the dataset; what other datasets
// state of them stays. Errors wrap [ErrNotFound] where the dataset does not state an
// id. When the update ends, errors wrap [ErrInUse] where facts of the dataset still
// name what was removed and no other dataset declares it.
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

// Replace removes a fact from the dataset and adds another one in its place, which
// may differ in its verb, participants, date, topic, status or key and so have
// another id. Links of the dataset's facts to the old one lead to the new one. Where
// the dataset states the new one already, both are joined as by [Tx.Add].
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
	tx.failed = err // what was done of it must not stay
	return err
}

// relink lets the dataset's links to a fact lead to another one.
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

// Fact returns what the dataset states of a fact, with its evidence alone. Errors
// wrap [ErrNotFound] where it states nothing, whatever other datasets state.
func (tx *Tx) Fact(id schema.ID) (schema.Fact, error) {
	record, err := tx.stated(id)
	if f, ok := record.(schema.Fact); ok && err == nil {
		return cloneFact(f), nil
	}
	return schema.Fact{}, cmp.Or(err, tx.notFound(id))
}

// Entity returns what the dataset states of an entity or a document. Errors wrap
// [ErrNotFound] where it does not declare it, whatever other datasets declare.
func (tx *Tx) Entity(id schema.ID) (schema.Entity, error) {
	d, err := tx.declared(id)
	return d.Entity, err
}

// Document returns what the dataset states of a document. Errors wrap [ErrNotFound]
// where it does not declare it, whatever other datasets declare.
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

// stated is what the dataset states of a fact (schema.Fact) or an entity
// (schema.Document); nil for nothing.
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
	return fmt.Errorf("%w: dataset %q does not state %s", ErrNotFound, tx.part.name, id)
}

// Resolve returns the one entity that goes by a name, in any dataset or in the
// changes so far. Errors are those of [Graph.Resolve].
func (tx *Tx) Resolve(name string) (schema.ID, error) {
	if err := tx.usable(); err != nil {
		return "", err
	}
	return tx.reader.resolve(tx.ctx, name)
}

func cloneFact(f schema.Fact) schema.Fact {
	f.Roles, f.Links, f.Evidence = slices.Clone(f.Roles), slices.Clone(f.Links), slices.Clone(f.Evidence)
	for i := range f.Evidence {
		f.Evidence[i].Via, f.Evidence[i].At = slices.Clone(f.Evidence[i].Via), slices.Clone(f.Evidence[i].At)
	}
	return f
}
