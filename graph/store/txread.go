package store

import (
	"context"
	"iter"

	"github.com/cayleygraph/quad"
)

func (tx *Tx) readable(ctx context.Context) error {
	if err := tx.usable(); err != nil {
		return err
	}
	return cause(ctx)
}

func (tx *Tx) reads() overlay { return overlay{&tx.staged} }

// Count counts the quads that match a pattern.
func (tx *Tx) Count(ctx context.Context, p Pattern) (int64, error) {
	if err := tx.readable(ctx); err != nil {
		return 0, err
	}
	ids, ok, err := tx.staged.terms.pattern(p)
	if err != nil || !ok {
		return 0, err
	}
	return tx.reads().count(ctx, ids)
}

// Labels yields the distinct labels that are stored when the loop begins. An
// error is the last pair.
func (tx *Tx) Labels(ctx context.Context) iter.Seq2[quad.Value, error] {
	return func(yield func(quad.Value, error) bool) {
		var labels []quad.Value
		err := tx.readable(ctx)
		if err == nil {
			labels, err = tx.reads().labels(ctx)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		for _, label := range labels {
			if !yield(label, nil) {
				return
			}
		}
	}
}

// Match yields the quads that match a pattern. The body of the loop may change
// the store: the loop yields the quads that matched when it began, except quads
// removed before their turn. It does not yield quads added during the loop. An
// error is the last pair.
func (tx *Tx) Match(ctx context.Context, p Pattern) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		err := tx.readable(ctx)
		if err == nil {
			err = tx.reads().match(ctx, p, yield)
		}
		if err != nil {
			yield(quad.Quad{}, err)
		}
	}
}
