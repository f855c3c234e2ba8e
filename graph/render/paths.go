package render

import (
	"context"

	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// Path is a path, a path in order of time or a tree of paths, with the names of all
// entities and the facts of each hop, in the shape in which commands write it as
// JSON.
type Path struct {
	Hops    []Hop   `json:"hops"`
	Telling float64 `json:"telling,omitempty"` // its cost by rank telling; see [paths.Path]
	Certain *bool   `json:"certain,omitempty"` // of a path in order: no reading of the dates undoes it

	More bool `json:"more,omitempty"` // of the last path of a list: the list leaves others out
	Cut  bool `json:"cut,omitempty"`  // of the last path of a list: the search was cut, and there may be others

	Approximate bool  `json:"approximate,omitempty"` // of a tree: there may be one that tells more
	Missing     []Ref `json:"missing,omitempty"`     // of a tree: entities that nothing connects with the others
	tree        bool
}

// Hop is two entities and the facts that link them, the most telling first.
type Hop struct {
	From  Ref    `json:"from"`
	To    Ref    `json:"to"`
	Days  *Days  `json:"days,omitempty"` // of a path in order: when it can be taken
	Facts []Step `json:"facts"`
}

// Step is a fact that links the two entities of a hop.
type Step struct {
	*Fact
	Reverse bool `json:"reverse"` // the fact points from To to From

	fact schema.Fact
}

// Path names what a path passes and reads the facts of its hops, with their evidence.
// So that these facts are still there, the graph has to be as of the moment of the
// view that found the path ([graph.Graph.At]).
func (r *Renderer) Path(ctx context.Context, p paths.Path) (*Path, error) {
	hops, err := r.hops(ctx, p.Hops)
	return &Path{Hops: hops, Telling: p.Telling}, err
}

// Tree is [Renderer.Path] of a tree.
func (r *Renderer) Tree(ctx context.Context, t paths.Tree) (*Path, error) {
	missing, err := r.Refs(ctx, t.Missing)
	if err != nil {
		return nil, err
	}
	hops, err := r.hops(ctx, t.Hops)
	return &Path{Hops: hops, Telling: t.Telling, Missing: missing, tree: true}, err
}

// Journey is [Renderer.Path] of a path in order of time, with the days of each hop.
func (r *Renderer) Journey(ctx context.Context, j paths.Journey) (*Path, error) {
	hops, err := r.hops(ctx, j.Hops)
	if err != nil {
		return nil, err
	}
	for i, days := range j.Days {
		d := &Days{}
		if days.From != schema.MinDay {
			d.From = days.From.String()
		}
		if days.To != schema.MaxDay {
			d.To = days.To.String()
		}
		hops[i].Days = d
	}
	return &Path{Hops: hops, Certain: &j.Certain}, nil
}

func (r *Renderer) hops(ctx context.Context, found []paths.Hop) (hops []Hop, err error) {
	for _, h := range found {
		hop := Hop{}
		if hop.From, err = r.Ref(ctx, h.From); err != nil {
			return nil, err
		}
		if hop.To, err = r.Ref(ctx, h.To); err != nil {
			return nil, err
		}
		for _, s := range h.Steps {
			step, err := r.step(ctx, s)
			if err != nil {
				return nil, err
			}
			hop.Facts = append(hop.Facts, step)
		}
		hops = append(hops, hop)
	}
	return hops, nil
}

func (r *Renderer) step(ctx context.Context, s paths.Step) (Step, error) {
	fact, err := r.graph.Fact(ctx, s.Fact)
	if err != nil {
		return Step{}, err
	}
	j, err := r.Fact(ctx, fact)
	if err != nil {
		return Step{}, err
	}
	j.Predicate = s.Verb
	return Step{j, s.Reverse, fact}, nil
}

// certainty says whether a path in order is certain; empty for other paths.
func (p *Path) certainty() string {
	switch {
	case p.Certain == nil:
		return ""
	case *p.Certain:
		return "certain"
	}
	return "possible"
}
