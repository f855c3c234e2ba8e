package render

import (
	"context"
	"errors"
	"hash/maphash"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Renderer puts the records of one graph into words. It remembers the names, documents
// and dates that it used last, so use a new Renderer after the graph has changed. It may
// be used by several goroutines at once. Its methods return the errors of the graph; an
// unknown entity or document is no error.
type Renderer struct {
	graph      *graph.Graph
	vocabulary *schema.Vocabulary
	qualifying []schema.Role // the roles of the vocabulary that a sentence has in brackets
	labels     cache[schema.ID, string]
	records    cache[schema.ID, schema.Document]
	documents  cache[schema.ID, Document]
	whens      cache[writtenWhen, *When]
}

// writtenWhen is a date of a fact whose verb has a kind.
type writtenWhen struct {
	schema.When
	kind schema.VerbKind
}

// hashOf returns a hash of a date, for most dates of its only text.
func hashOf(seed maphash.Seed, w writtenWhen) uint64 {
	if len(w.Words)+len(w.Anchor)+len(w.FromBy)+len(w.ToBy) == 0 {
		return maphash.String(seed, w.Written)
	}
	return maphash.Comparable(seed, w)
}

// New returns a Renderer of a graph.
func New(g *graph.Graph) *Renderer {
	r := &Renderer{graph: g, vocabulary: g.Vocabulary(), labels: cache[schema.ID, string]{size: labelSize}, whens: cache[writtenWhen, *When]{hash: hashOf}}
	for _, role := range r.vocabulary.Roles() {
		if role != schema.RoleActor && role != schema.RoleRecipient && role != schema.RoleParty {
			r.qualifying = append(r.qualifying, role)
		}
	}
	return r
}

// Ref is the id of an entity, document or fact, and its name.
type Ref struct {
	ID   schema.ID `json:"id"`
	Name string    `json:"name,omitempty"`
}

// Name returns the label of an entity or document, or the sentence of a fact in
// brackets. The name of an unknown id is the id.
func (r *Renderer) Name(ctx context.Context, id schema.ID) (string, error) {
	if label, ok := r.labels.get(id); ok {
		return label, nil
	}
	if schema.KindOf(id) == schema.KindFact {
		return r.factName(ctx, id)
	}
	label, err := r.graph.Label(ctx, id)
	if err == nil && label == "" { // no label, or none at all
		var e schema.Entity
		e, err = r.Record(ctx, id)
		label = e.Label
	}
	if err == nil {
		r.labels.put(ownID(id), label)
	}
	return label, err
}

// Record reads an entity or a document. The label of an unknown one is its id.
func (r *Renderer) Record(ctx context.Context, id schema.ID) (schema.Entity, error) {
	e, err := r.graph.Entity(ctx, id)
	if errors.Is(err, graph.ErrNotFound) {
		return schema.Entity{ID: id, Kind: schema.KindOf(id), Label: string(id)}, nil
	}
	return e, err
}

func (r *Renderer) factName(ctx context.Context, id schema.ID) (string, error) {
	fact, err := r.graph.Fact(ctx, id)
	if errors.Is(err, graph.ErrNotFound) {
		return string(id), nil
	}
	if err != nil {
		return "", err
	}
	return nameOf(ctx, r, &fact)
}

// nameOf returns the name of a fact, and remembers it.
func nameOf(ctx context.Context, r *Renderer, fact *schema.Fact) (string, error) {
	clause, err := sentence{renderer: r, fact: fact}.clause(ctx)
	if err != nil {
		return "", err
	}
	name := "[" + withMark(clause, fact) + "]"
	r.labels.put(ownID(fact.ID), name)
	return name, nil
}

// Names returns the names of several ids, joined by commas.
func (r *Renderer) Names(ctx context.Context, ids []schema.ID) (string, error) {
	names := make([]string, len(ids))
	for i, id := range ids {
		name, err := r.Name(ctx, id)
		if err != nil {
			return "", err
		}
		names[i] = name
	}
	return strings.Join(names, ", "), nil
}

// Ref returns an id with its name.
func (r *Renderer) Ref(ctx context.Context, id schema.ID) (Ref, error) {
	name, err := r.Name(ctx, id)
	return Ref{id, name}, err
}

// Refs returns ids with their names, in the same order; nil for no ids.
func (r *Renderer) Refs(ctx context.Context, ids []schema.ID) ([]Ref, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	refs := make([]Ref, 0, len(ids))
	for _, id := range ids {
		ref, err := r.Ref(ctx, id)
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return refs, nil
}
