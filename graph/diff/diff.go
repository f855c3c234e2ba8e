// Package diff lists what a load changes in a graph: facts, entities, documents, and
// what is known about datasets. To see it without a change of the graph, load into a copy
// ([graph.Copy]).
package diff

import (
	"context"
	"errors"
	"iter"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// What is what a change is about.
type What string

// The values of [What].
const (
	Dataset   What = "dataset"   // the fields of a dataset, such as its title and its input
	Entity    What = "entity"    // what one dataset says of an entity
	Document  What = "document"  // what one dataset says of a document
	Name      What = "name"      // the name of an entity that a dataset uses and others declare
	Fact      What = "fact"      // a fact with the evidence of all datasets
	Statement What = "statement" // a statement of RDF that is not part of a fact
	Match     What = "match"     // an id made from a name, which several datasets share
)

// Kinds lists the values of [What] in the order of a list of changes.
func Kinds() []What { return []What{Dataset, Entity, Document, Name, Fact, Statement, Match} }

// Action is how something changes.
type Action string

// The values of [Action].
const (
	Added   Action = "added"
	Removed Action = "removed"
	Changed Action = "changed"
)

// Change is one difference between two states of a graph.
type Change struct {
	Input   string    `json:"input,omitempty"` // the path of the input that makes the change, if there are several
	Action  Action    `json:"action"`
	What    What      `json:"what"`
	Dataset string    `json:"dataset,omitempty"` // that says it; empty for facts
	ID      schema.ID `json:"id,omitempty"`      // of a fact, in the later state if it has the fact
	Name    string    `json:"name"`
	Kind    string    `json:"kind,omitempty"` // of an entity
	Also    []string  `json:"also,omitempty"` // other datasets that declare what was added or removed, in the later state
	Fields  []Field   `json:"fields,omitempty"`

	// Before and After are a fact in the earlier and in the later state.
	Before *render.Fact `json:"before,omitempty"`
	After  *render.Fact `json:"after,omitempty"`

	// Same says why a changed fact is taken for the same one although its id is another:
	// see [Same]. Empty if the id is the same.
	Same Same `json:"same,omitempty"`
}

// Field is one field of what changes. Before is empty in what was added, After in what was
// removed.
type Field struct {
	Name   string `json:"field"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Difference is two states of a graph: before and after a load. It must be closed.
type Difference struct {
	Before, After *graph.Graph

	// Bare, if set, leaves the names, fields and facts out of the next changes, which is
	// faster where they are only counted. It may be set while changes are read.
	Bare bool

	before, after *graph.Snapshot
}

// Commit commits a staged dataset to a graph, as [graph.Graph.Commit] does, and returns the
// states before and after. After an error, the difference is nil.
func Commit(ctx context.Context, g *graph.Graph, s *graph.Staged) (*Difference, graph.Report, error) {
	before, err := g.Snapshot()
	if err != nil {
		return nil, s.Report(), err
	}
	d := &Difference{Before: g.At(before), before: before}
	report, err := g.Commit(ctx, s)
	if err == nil {
		d.after, err = g.Snapshot()
	}
	if err != nil {
		return nil, report, errors.Join(err, d.Close())
	}
	d.After = g.At(d.after)
	return d, report, nil
}

// Close releases both states.
func (d *Difference) Close() error {
	err := d.before.Close()
	if d.after != nil {
		err = errors.Join(err, d.after.Close())
	}
	return err
}

// Changes yields all changes: of datasets, entities, documents, facts, statements and
// matches, in this order. Facts that only the earlier state has come last among the facts.
// There is no change exactly if both states have the same quads. An error is the last pair.
func (d *Difference) Changes(ctx context.Context) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		stopped := errors.New("stopped")
		l := &lister{Difference: d, words: [2]*render.Renderer{render.New(d.Before), render.New(d.After)}}
		l.yield = func(c Change) error {
			if !yield(c, nil) {
				return stopped
			}
			return nil
		}
		if err := l.list(ctx); err != nil && err != stopped {
			yield(Change{}, err)
		}
	}
}

// lister lists the changes between two states.
type lister struct {
	*Difference
	words [2]*render.Renderer // of the earlier and of the later state
	yield func(Change) error
	touched
}

// The places of the earlier and the later state in pairs.
const (
	earlier = 0
	later   = 1
)

func (l *lister) list(ctx context.Context) error {
	if err := l.find(ctx, l.Difference); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{l.listDatasets, l.listEntities, l.listDocuments, l.listFacts, l.listStatements, l.listMatches} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// states returns the snapshots of the earlier and the later state.
func (d *Difference) states() [2]*graph.Snapshot { return [2]*graph.Snapshot{d.before, d.after} }
