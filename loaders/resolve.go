package loaders

import (
	"cmp"
	"context"

	"github.com/entente-kg/entente/schema"
)

// resolved is a dataset with all names resolved.
type resolved struct {
	entities         []schema.Entity
	documents        []*schema.Document
	facts            []*pendingFact
	resolvedByLoader []schema.Fact // as in [drafts]
	texts            []schema.NQuads
}

// resolve resolves the names in all drafts of a dataset. It returns an error only
// if the context is cancelled.
func resolve(ctx context.Context, opts *Options, d *drafts, found *problems) (*resolved, error) {
	entities := newEntityTable(d.names, found)
	names := &nameResolver{
		scope:    scope{d.names, cmp.Or(opts.Known, NewNames()), &suggestions{}},
		keys:     d.keys,
		entities: entities,
	}
	documents := newDocumentTable(d, names, found)
	documents.resolve()
	entities.resolve(d, names)
	facts := &factResolver{
		vocabulary: opts.Vocabulary,
		dataset:    d.dataset,
		names:      names,
		documents:  documents,
		sentences:  &sentenceReader{opts.Vocabulary, names, newPhraseIndex(opts.Vocabulary), found},
		lines:      countClaims(d.facts),
		item:       &item{},
	}
	list, err := facts.resolveAll(ctx, d.facts, found)
	if err != nil {
		return nil, err
	}
	p := pendingFacts{opts.Vocabulary, found, list}
	p.rejectCycles()
	p.rejectDependents()
	p.assignIDs()
	p.rejectDisagreements()
	return &resolved{entities.list, documents.list, list, d.resolvedByLoader, d.texts}, nil
}

// yield yields all records. It returns false if the consumer stopped or the
// context was cancelled.
func (r *resolved) yield(ctx context.Context, yield func(schema.Record, error) bool) bool {
	for record := range r.records {
		if ctx.Err() != nil {
			yield(nil, context.Cause(ctx))
			return false
		}
		if !yield(record, nil) {
			return false
		}
	}
	return true
}

// records yields the entities, then the documents, then the facts.
func (r *resolved) records(yield func(schema.Record) bool) {
	for _, e := range r.entities {
		if !yield(e) {
			return
		}
	}
	for _, d := range r.documents {
		if !yield(*d) {
			return
		}
	}
	for _, p := range r.facts {
		if !p.rejected && !yield(p.fact) {
			return
		}
	}
	for _, f := range r.resolvedByLoader {
		if !yield(f) {
			return
		}
	}
	for _, text := range r.texts {
		if !yield(text) {
			return
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
