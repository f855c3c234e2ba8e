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

// LoadsLabel is the label of the notes about loads: the origin and options of each
// dataset, and the order of the first loads. Notes are not part of digests, exports
// and counts.
const LoadsLabel = quad.IRI("note:loads")

// loadTerm is the predicate of a note, which is one quad with JSON: <data:NAME>
// <dip:load> "{...}" <note:loads>.
const loadTerm = quad.IRI("dip:load")

// note is the state that loads keep about a dataset.
type note struct {
	Order  int      `json:"order"`           // the position of its first load in the order of all datasets, from 1
	Key    string   `json:"key,omitempty"`   // the hash of LoadOptions.key
	Origin string   `json:"place,omitempty"` // the origin; a path is relative to Home
	Home   string   `json:"home,omitempty"`  // the graph's folder at the time of the load
	Lost   bool     `json:"lost,omitempty"`  // a rebuild could not read the note: the next load may have any origin
	Verbs  []string `json:"verbs,omitempty"` // the files of verbs of the load that no fact uses

	ByHand bool `json:"by-hand,omitempty"` // the dataset was never loaded: updates made it
}

// quad returns the stored form of the note.
func (n note) quad(dataset string) quad.Quad {
	text, _ := json.Marshal(n) // strings, booleans and a number: it cannot fail
	return quad.Quad{Subject: schema.DatasetValue(dataset), Predicate: loadTerm, Object: quad.String(text), Label: LoadsLabel}
}

// noteOf returns the note of a dataset. It is false if there is none, as in graphs of
// older versions.
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

// notes returns all notes, by dataset name.
func (r reader) notes(ctx context.Context) (map[string]note, error) {
	all := map[string]note{}
	for q, err := range r.Match(ctx, store.Pattern{Predicate: loadTerm, Label: LoadsLabel}) {
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
		return n, fmt.Errorf("%w: the note of how %v was loaded: %w", ErrDamaged, q.Subject, err)
	}
	return n, nil
}

// putNote replaces the note of a dataset, or removes it if n is nil.
func putNote(ctx context.Context, tx *store.Tx, dataset string, n *note) error {
	p := store.Pattern{Subject: schema.DatasetValue(dataset), Predicate: loadTerm, Label: LoadsLabel}
	if _, err := tx.RemoveMatching(ctx, p); err != nil || n == nil {
		return err
	}
	_, err := tx.Add(n.quad(dataset))
	return err
}

// moveNotes rewrites the origins of all notes for a graph that moves to a folder.
func moveNotes(ctx context.Context, g *Graph, to folder) error {
	return g.update(ctx, func(tx *store.Tx) error {
		notes, err := reader{tx, nil}.notes(ctx)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(notes)) {
			n := to.afterMove(notes[name])
			if n.Origin == notes[name].Origin && n.Home == notes[name].Home {
				continue
			}
			if err := putNote(ctx, tx, name, &n); err != nil {
				return err
			}
		}
		return nil
	})
}
