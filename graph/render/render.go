package render

import (
	"context"
	"errors"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Renderer puts the records of one graph into words. It keeps the names and
// documents that it has read, so one Renderer serves one answer: a Renderer made
// before a load may show the names from before it. It is not for several goroutines
// at once. Errors are those of the graph.
type Renderer struct {
	graph     *graph.Graph
	labels    map[schema.ID]string
	documents map[schema.ID]schema.Document
}

// New is a Renderer of a graph, or of a graph as of one moment ([graph.Graph.At]).
func New(g *graph.Graph) *Renderer {
	return &Renderer{g, map[schema.ID]string{}, map[schema.ID]schema.Document{}}
}

// Ref is an id and the name of what has it.
type Ref struct {
	ID   schema.ID `json:"id"`
	Name string    `json:"name,omitempty"`
}

// Name is the label of an entity, or the sentence of a fact in brackets. What the
// graph does not have goes by its id.
func (r *Renderer) Name(ctx context.Context, id schema.ID) (string, error) {
	if schema.KindOf(id) == schema.KindFact {
		return r.factName(ctx, id)
	}
	if label, ok := r.labels[id]; ok {
		return label, nil
	}
	e, err := r.readEntity(ctx, id)
	if err == nil {
		r.labels[id] = e.Label
	}
	return e.Label, err
}

// readEntity reads an entity; what the graph does not have is an entity with its id alone.
func (r *Renderer) readEntity(ctx context.Context, id schema.ID) (schema.Entity, error) {
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
	clause, err := sentence{r, fact}.clause(ctx)
	return "[" + withMark(clause, fact) + "]", err
}

// Names is the names of several, with commas between them.
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

// Ref is an id with its name.
func (r *Renderer) Ref(ctx context.Context, id schema.ID) (Ref, error) {
	name, err := r.Name(ctx, id)
	return Ref{id, name}, err
}

// Refs is each id with its name, in the order of the ids; nil where there are none.
func (r *Renderer) Refs(ctx context.Context, ids []schema.ID) ([]Ref, error) {
	var refs []Ref
	for _, id := range ids {
		ref, err := r.Ref(ctx, id)
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return refs, nil
}
