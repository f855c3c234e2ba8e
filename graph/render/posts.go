package render

import (
	"context"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/schema"
)

// PostHeld is a term of an entity in a post, with its predecessor and its successor.
type PostHeld struct {
	Post        Ref              `json:"post"`
	Term        *Term            `json:"term"`
	Predecessor *AdjacentHolders `json:"predecessor,omitempty"` // nil if nothing is known
	Successor   *AdjacentHolders `json:"successor,omitempty"`

	rows [][]any // one row for each fact of predecessors and successors
}

// AdjacentHolders is the holders of a post just before or just after a term.
type AdjacentHolders struct {
	Certain  bool    `json:"certain"`
	Holders  []*Term `json:"holders"` // several candidates if the sources leave the order open
	Handover *Days   `json:"handover,omitempty"`
	Gap      *Days   `json:"nobody-known,omitempty"` // days on which no holder is known
	Nearest  *Term   `json:"nearest,omitempty"`      // the holder beyond the gap
	Several  bool    `json:"several-held-it,omitempty"`
}

// postsHeld returns the terms of the entity in posts for which a predecessor or a
// successor is known, by their starts. The facts must include all facts about posts of the
// entity.
func (r profileReader) postsHeld(ctx context.Context, facts map[schema.ID]schema.Fact) (list []*PostHeld, err error) {
	list = []*PostHeld{}
	for _, post := range r.postsIn(facts) {
		history, err := office.Holders(ctx, r.renderer.graph, post, nil)
		if err != nil {
			return nil, err
		}
		for i, t := range history.Terms {
			if t.Holder != r.id {
				continue
			}
			held, err := postNamer{r.renderer, history}.held(ctx, i)
			if err != nil {
				return nil, err
			}
			if held.Predecessor != nil || held.Successor != nil {
				list = append(list, held)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *PostHeld) int { return strings.Compare(a.Term.LatestStart, b.Term.LatestStart) })
	return list, nil
}

// postsIn returns the posts that the entity held by the given facts, sorted.
func (r profileReader) postsIn(facts map[schema.ID]schema.Fact) (posts []schema.ID) {
	for _, f := range facts {
		for _, post := range office.PostsHeld(r.renderer.graph.Vocabulary(), f, r.id) {
			if post != r.id {
				posts = append(posts, post)
			}
		}
	}
	slices.Sort(posts)
	return slices.Compact(posts)
}

// held returns a term with its predecessor and its successor.
func (p postNamer) held(ctx context.Context, i int) (held *PostHeld, err error) {
	held = &PostHeld{}
	if held.Post, err = p.renderer.Ref(ctx, p.history.Post); err != nil {
		return nil, err
	}
	if held.Term, err = p.term(ctx, p.history.Terms[i]); err != nil {
		return nil, err
	}
	before, after := p.history.Before(i), p.history.After(i)
	if held.Predecessor, err = p.neighbours(ctx, before); err != nil {
		return nil, err
	}
	if held.Successor, err = p.neighbours(ctx, after); err != nil {
		return nil, err
	}
	if err := p.addRows(ctx, held, "predecessor", before); err != nil {
		return nil, err
	}
	return held, p.addRows(ctx, held, "successor", after)
}

// addRows adds one row for each fact of the predecessors or the successors.
func (p postNamer) addRows(ctx context.Context, held *PostHeld, part string, n office.Neighbours) error {
	list := p.renderer.NewFactList(graph.Filter{})
	for _, i := range n.Terms {
		for _, f := range p.history.Terms[i].Facts {
			if err := list.Add(ctx, f); err != nil {
				return err
			}
		}
	}
	word := "possible "
	if n.Certain {
		word = "certain "
	}
	for _, row := range list.Table.Rows {
		held.rows = append(held.rows, append([]any{word + part}, row...))
	}
	return nil
}

// neighbours returns the holders just before or just after a term; nil if nothing is
// known.
func (p postNamer) neighbours(ctx context.Context, n office.Neighbours) (j *AdjacentHolders, err error) {
	if len(n.Terms) == 0 && n.Gap == nil && !n.Several {
		return nil, nil
	}
	j = &AdjacentHolders{Certain: n.Certain, Holders: []*Term{}, Several: n.Several}
	for _, i := range n.Terms {
		t, err := p.term(ctx, p.history.Terms[i])
		if err != nil {
			return nil, err
		}
		j.Holders = append(j.Holders, t)
	}
	if n.Handover != (office.Window{}) {
		j.Handover = windowDays(n.Handover)
	}
	if n.Gap != nil {
		j.Gap = windowDays(*n.Gap)
		j.Nearest, err = p.term(ctx, p.history.Terms[n.Known])
	}
	return j, err
}
