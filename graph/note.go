package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// LoadsLabel is the label of what loads note of themselves: where a dataset came
// from, with what options it was loaded, and in which order datasets came first.
// It says nothing of the facts: digests, exports and counts leave it out.
const LoadsLabel = quad.IRI("note:loads")

// loadTerm is the predicate of such a note, which is one quad with JSON in it:
// <data:NAME> <dip:load> "{...}" <note:loads>.
const loadTerm = quad.IRI("dip:load")

// note is what the loads of a dataset noted.
type note struct {
	Order int      `json:"order"`           // datasets are numbered in the order of their first loads
	Key   string   `json:"key,omitempty"`   // of the input, the options, the vocabulary and the encoder
	Place string   `json:"place,omitempty"` // of the input; a path is relative to the graph's folder
	Home  string   `json:"home,omitempty"`  // the graph's folder then
	Lost  bool     `json:"lost,omitempty"`  // a rebuild could not read the note: the next load is of its input
	Verbs []string `json:"verbs,omitempty"` // files of verbs given with it, of which it uses none
}

// quad is the note as it is stored.
func (n note) quad(dataset string) quad.Quad {
	text, _ := json.Marshal(n) // texts and a number: it cannot fail
	return quad.Quad{Subject: schema.DatasetValue(dataset), Predicate: loadTerm, Object: quad.String(text), Label: LoadsLabel}
}

// noteOf reads the note of a dataset; false where there is none, as in graphs
// that older versions made.
func (r reader) noteOf(ctx context.Context, dataset string) (n note, ok bool, err error) {
	p := store.Pattern{Subject: schema.DatasetValue(dataset), Predicate: loadTerm, Label: LoadsLabel}
	for q, err := range r.Match(ctx, p) {
		if err == nil {
			n, err = parseNote(q)
		}
		return n, err == nil, err
	}
	return n, false, nil
}

// notes reads all notes, by dataset.
func (r reader) notes(ctx context.Context) (map[string]note, error) {
	all := map[string]note{}
	for q, err := range r.Match(ctx, store.Pattern{Label: LoadsLabel}) {
		if err != nil {
			return nil, err
		}
		name, _ := schema.DatasetName(q.Subject)
		if all[name], err = parseNote(q); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func parseNote(q quad.Quad) (n note, err error) {
	if err := json.Unmarshal([]byte(quad.ToString(q.Object)), &n); err != nil {
		return n, fmt.Errorf("%w: the note of how %v was loaded: %w", store.ErrDamaged, q.Subject, err)
	}
	return n, nil
}

// putNote replaces the note of a dataset; nil removes it.
func putNote(ctx context.Context, tx *store.Tx, dataset string, n *note) error {
	p := store.Pattern{Subject: schema.DatasetValue(dataset), Predicate: loadTerm, Label: LoadsLabel}
	if _, err := tx.RemoveMatching(ctx, p); err != nil || n == nil {
		return err
	}
	_, err := tx.Add(n.quad(dataset))
	return err
}

// moveNotes makes the places of all notes those of a graph in another folder.
func (g *Graph) moveNotes(ctx context.Context, to folder) error {
	return g.update(ctx, func(tx *store.Tx) error {
		notes, err := reader{tx, nil}.notes(ctx)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(notes)) {
			n := to.afterMove(notes[name])
			if n.Place == notes[name].Place && n.Home == notes[name].Home {
				continue
			}
			if err := putNote(ctx, tx, name, &n); err != nil {
				return err
			}
		}
		return nil
	})
}
