package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// postHeld is a term of an entity in a post, with who held the post before and after.
type postHeld struct {
	Post        jsonRef     `json:"post"`
	Term        *heldTerm   `json:"term"`
	Predecessor *neighbours `json:"predecessor,omitempty"` // absent where nothing is known
	Successor   *neighbours `json:"successor,omitempty"`

	rows [][]any // of those who came before and after, a row for each fact
}

// neighbours is who held a post just before or after a term.
type neighbours struct {
	Certain  bool        `json:"certain"`
	Holders  []*heldTerm `json:"holders"` // several where it is not known which of them
	Handover *jsonDays   `json:"handover,omitempty"`
	Gap      *jsonDays   `json:"nobody-known,omitempty"` // nobody is known on these days
	Nearest  *heldTerm   `json:"nearest,omitempty"`      // and beyond them this holder
	Several  bool        `json:"several-held-it,omitempty"`
}

// postsHeld finds the terms of an entity in posts, from all facts in which it has part.
func (r *renderer) postsHeld(ctx context.Context, id schema.ID, facts []schema.Fact) (list []*postHeld, err error) {
	list = []*postHeld{}
	var posts []schema.ID
	for _, f := range facts {
		for _, post := range office.PostsHeld(r.graph.Vocabulary(), f, id) {
			if post != id {
				posts = append(posts, post)
			}
		}
	}
	slices.Sort(posts)
	for _, post := range slices.Compact(posts) {
		history, err := office.Holders(ctx, r.graph, post, nil)
		if err != nil {
			return nil, err
		}
		h := &holding{renderer: r, history: history}
		for i, t := range history.Terms {
			if t.Holder != id {
				continue
			}
			p, err := h.held(ctx, i)
			if err != nil {
				return nil, err
			}
			if p.Predecessor != nil || p.Successor != nil {
				list = append(list, p)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *postHeld) int { return strings.Compare(a.Term.LatestStart, b.Term.LatestStart) })
	return list, nil
}

// held is one term with who came before and after.
func (h *holding) held(ctx context.Context, i int) (p *postHeld, err error) {
	p = &postHeld{}
	if p.Post, err = h.renderer.ref(ctx, h.history.Post); err != nil {
		return nil, err
	}
	if p.Term, err = h.term(ctx, h.history.Terms[i]); err != nil {
		return nil, err
	}
	before, after := h.history.Before(i), h.history.After(i)
	if p.Predecessor, err = h.neighbours(ctx, before); err != nil {
		return nil, err
	}
	if p.Successor, err = h.neighbours(ctx, after); err != nil {
		return nil, err
	}
	if err := h.rowsOf(ctx, p, "predecessor", before); err != nil {
		return nil, err
	}
	return p, h.rowsOf(ctx, p, "successor", after)
}

// rowsOf adds a row for each fact of those who came before or after.
func (h *holding) rowsOf(ctx context.Context, p *postHeld, part string, n office.Neighbours) error {
	t := newFactAnswer()
	for _, i := range n.Terms {
		for _, f := range h.history.Terms[i].Facts {
			if err := t.addFact(ctx, h.renderer, f); err != nil {
				return err
			}
		}
	}
	word := "possible "
	if n.Certain {
		word = "certain "
	}
	for _, row := range t.table.rows {
		p.rows = append(p.rows, append([]any{word + part}, row...))
	}
	return nil
}

func (h *holding) neighbours(ctx context.Context, n office.Neighbours) (j *neighbours, err error) {
	if len(n.Terms) == 0 && n.Gap == nil && !n.Several {
		return nil, nil
	}
	j = &neighbours{Certain: n.Certain, Holders: []*heldTerm{}, Several: n.Several}
	for _, i := range n.Terms {
		t, err := h.term(ctx, h.history.Terms[i])
		if err != nil {
			return nil, err
		}
		j.Holders = append(j.Holders, t)
	}
	if n.Handover != (office.Window{}) {
		j.Handover = daysOf(n.Handover)
	}
	if n.Gap != nil {
		j.Gap = daysOf(*n.Gap)
		j.Nearest, err = h.term(ctx, h.history.Terms[n.Known])
	}
	return j, err
}

// writePosts writes who came before and after, with the evidence of both terms.
func (p *profile) writePosts(b *strings.Builder) {
	if len(p.posts) == 0 {
		return
	}
	b.WriteString("\nWho came before and after\n")
	for _, post := range p.posts {
		fmt.Fprintf(b, "  %s, %s%s\n", render.Clean(post.Post.Name), render.Clean(post.Term.When.Text), render.Clean(post.Term.marks()))
		post.Term.writeEvidence(b, "      ")
		post.Predecessor.writeText(b, "predecessor", "before that")
		post.Successor.writeText(b, "successor", "after that")
	}
}

// writeText writes one side of a term; nothing where nothing is known.
func (n *neighbours) writeText(b *strings.Builder, name, beyond string) {
	line := func(text string) { fmt.Fprintf(b, "    %-11s  %s\n", name, render.Clean(text)) }
	switch {
	case n == nil:
	case n.Several:
		line("none: several held it at the same time")
	case n.Gap != nil:
		line("nobody is known " + span(n.Gap.From, n.Gap.To) + "; " + beyond + " " + n.Nearest.title())
		n.Nearest.writeEvidence(b, "        ")
	default:
		word := "possibly "
		if n.Certain {
			word = "certainly "
		}
		for _, t := range n.Holders {
			text := word + t.title()
			if n.Handover != nil && len(n.Holders) == 1 {
				text += "; handover " + dayWords(*n.Handover)
			}
			line(text)
			t.writeEvidence(b, "        ")
		}
	}
}

// title is who held a post, and when.
func (j *heldTerm) title() string { return j.Of.Name + ", " + j.When.Text + j.marks() }
