package render

import (
	"context"

	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// Path is a path, a path in order of time, or a tree of paths, with names beside ids and
// the facts of each hop.
type Path struct {
	Hops    []Hop   `json:"hops"`
	Telling float64 `json:"telling,omitempty"` // its cost by [paths.ByTelling]; lower is more informative
	Certain *bool   `json:"certain,omitempty"` // of a path in order: every reading of the dates keeps the order

	More bool `json:"more,omitempty"` // set on the last path of a list if there are more paths
	Cut  bool `json:"cut,omitempty"`  // set on the last path of a list if the search was cut short

	Approximate bool  `json:"approximate,omitempty"` // of a tree: a tree of lower cost may exist
	Missing     []Ref `json:"missing,omitempty"`     // of a tree: entities that nothing connects with the others
	tree        bool
}

// Hop is two entities and the facts that link them, the most telling first.
type Hop struct {
	From  Ref    `json:"from"`
	To    Ref    `json:"to"`
	Days  *Days  `json:"days,omitempty"` // of a path in order: the days on which the hop can be taken
	Facts []Step `json:"facts"`
}

// Step is a fact that links the two entities of a hop.
type Step struct {
	*Fact
	Reverse bool `json:"reverse"` // the fact points from To to From

	fact schema.Fact
}

// Path returns a path with names beside ids and the facts of its hops. The graph of the
// Renderer must be of the same moment as the path: see [paths.Finder.Graph].
func (r *Renderer) Path(ctx context.Context, p paths.Path) (*Path, error) {
	hops, err := r.hops(ctx, p.Hops)
	return &Path{Hops: hops, Telling: p.Telling}, err
}

// Tree returns a tree as [Renderer.Path] does a path.
func (r *Renderer) Tree(ctx context.Context, t paths.Tree) (*Path, error) {
	missing, err := r.Refs(ctx, t.Missing)
	if err != nil {
		return nil, err
	}
	hops, err := r.hops(ctx, t.Hops)
	return &Path{Hops: hops, Telling: t.Telling, Missing: missing, tree: true}, err
}

// Journey returns a path in order of time as [Renderer.Path] does, with the days of each
// hop.
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

// certainty returns "certain" or "possible" for a path in order; empty for other paths.
func (p *Path) certainty() string {
	switch {
	case p.Certain == nil:
		return ""
	case *p.Certain:
		return "certain"
	}
	return "possible"
}
