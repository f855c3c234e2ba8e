package dossier

import (
	"context"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// postView is the terms of a post that facts of the dossier are about, and the terms
// before and after them.
type postView struct {
	Name   string
	Terms  []termView
	Others int // terms that are not shown

	history *render.PostHistory
}

// termView is one term of office.
type termView struct {
	Holder        string
	Date          string // in words
	Marks         []string
	Before, After []text
	Notes         []text // overlaps
	Facts         []*factView
	Selected      bool // a fact of the dossier states the term
}

// addPosts adds the terms of all posts that facts of the dossier state.
func (c *collector) addPosts(ctx context.Context, q Question, facts []schema.Fact) (posts []*postView, err error) {
	o := &office.Options{Datasets: q.Filter.Conditions.Datasets, MinSources: q.Filter.Conditions.MinSources}
	for _, id := range c.postsIn(facts) {
		found, err := office.Holders(ctx, c.graph, id, o)
		if err != nil {
			return nil, err
		}
		p, err := c.post(ctx, found)
		if err != nil {
			return nil, err
		}
		if len(p.Terms) > 0 {
			posts = append(posts, p)
		}
	}
	slices.SortStableFunc(posts, func(a, b *postView) int { return strings.Compare(a.Name, b.Name) })
	return posts, nil
}

// postsIn returns the posts that facts state to be held, sorted.
func (c *collector) postsIn(facts []schema.Fact) (posts []schema.ID) {
	for _, f := range facts {
		for _, p := range f.Roles {
			for _, post := range office.PostsHeld(c.graph.Vocabulary(), f, p.ID) {
				if post != p.ID && schema.KindOf(post) == schema.Post {
					posts = append(posts, post)
				}
			}
		}
	}
	slices.Sort(posts)
	return slices.Compact(posts)
}

// post returns the terms of a post that facts of the dossier state, and their neighbours.
func (c *collector) post(ctx context.Context, found *office.History) (*postView, error) {
	history, err := c.names.PostHistory(ctx, found, nil, 0)
	if err != nil {
		return nil, err
	}
	p := &postView{Name: render.Clean(history.Post.Name), history: history}
	shown := c.shownTerms(found)
	for i, t := range history.Holders {
		if !shown[i] {
			p.Others++
			continue
		}
		v, err := c.term(ctx, t, found.Terms[i].Facts)
		if err != nil {
			return nil, err
		}
		v.Before = neighbours(history.Holders, found.Before(i), "before that ")
		v.After = neighbours(history.Holders, found.After(i), "after that ")
		v.Notes = overlaps(t)
		p.Terms = append(p.Terms, v)
	}
	for i, t := range history.Undated {
		if !c.states(found.Undated[i]) {
			continue
		}
		v, err := c.term(ctx, t, found.Undated[i].Facts)
		if err != nil {
			return nil, err
		}
		v.Marks = append(v.Marks, "when is not known")
		p.Terms = append(p.Terms, v)
	}
	return p, nil
}

// shownTerms returns the indexes of the terms that facts of the dossier state, and of
// the terms before and after them.
func (c *collector) shownTerms(h *office.History) map[int]bool {
	shown := map[int]bool{}
	for i, t := range h.Terms {
		if !c.states(t) {
			continue
		}
		shown[i] = true
		for _, n := range []office.Neighbours{h.Before(i), h.After(i)} {
			for _, k := range n.Terms {
				shown[k] = true
			}
			if n.Gap != nil {
				shown[n.Known] = true
			}
		}
	}
	return shown
}

// states reports whether a fact of the dossier states a term.
func (c *collector) states(t office.Term) bool {
	return slices.ContainsFunc(t.Facts, func(f schema.Fact) bool { return c.facts[f.ID] != nil })
}

// term returns a term with its facts. Facts that the question does not select are added
// as facts outside the selection.
func (c *collector) term(ctx context.Context, t *render.Term, facts []schema.Fact) (v termView, err error) {
	v = termView{Holder: render.Clean(t.Of.Name), Date: termDate(t)}
	if t.Derived {
		v.Marks = append(v.Marks, "derived from events: no fact states the term")
	}
	if t.Standing == schema.StandingDisputed {
		v.Marks = append(v.Marks, "disputed")
	}
	for _, f := range facts {
		view := c.facts[f.ID]
		v.Selected = v.Selected || view != nil
		if view == nil {
			view = c.outside[f.ID]
		}
		if view == nil {
			if view, err = c.factView(ctx, f); err != nil {
				return v, err
			}
			c.outside[f.ID] = view
		}
		v.Facts = append(v.Facts, view)
	}
	return v, nil
}

// termDate returns when a term was, in words.
func termDate(t *render.Term) string {
	w := t.When
	when := schema.When{Written: w.Written, Words: w.Words, Anchor: w.Anchor, FromBy: w.FromBy, ToBy: w.ToBy, Attested: w.Attested}
	return render.Clean(when.InWords(schema.Relation))
}

// neighbours describes who held the post just before or just after a term.
func neighbours(terms []*render.Term, n office.Neighbours, beyond string) (words []text) {
	plain := func(s string) { words = append(words, text{Text: render.Clean(s)}) }
	holder := func(t *render.Term) {
		words = append(words, text{render.Clean(t.Of.Name), true})
		plain(", " + termDate(t))
	}
	switch {
	case n.Several:
		plain("several held it at the same time")
	case n.Gap != nil:
		gap := render.Days{From: dayText(n.Gap.From), To: dayText(n.Gap.To)}
		plain("nobody is known, " + gap.String() + "; " + beyond)
		holder(terms[n.Known])
	case len(n.Terms) == 0:
		plain("not known")
	default:
		for i, k := range n.Terms {
			if i > 0 {
				plain("; or ")
			}
			plain(map[bool]string{true: "certainly ", false: "possibly "}[n.Certain])
			holder(terms[k])
		}
		if n.Handover != (office.Window{}) && len(n.Terms) == 1 {
			days := render.Days{From: dayText(n.Handover.From), To: dayText(n.Handover.To)}
			plain("; handover " + days.String())
		}
	}
	return words
}

// overlaps describes the overlaps of a term with later terms.
func overlaps(t *render.Term) (words []text) {
	for i, o := range t.Overlaps {
		before := "possibly at the same time as "
		if o.Certain {
			before = "certainly at the same time as "
		}
		if i > 0 {
			before = "; " + before
		}
		days := o.Days
		words = append(words, text{before, false}, text{render.Clean(o.With.Name), true}, text{", " + days.String(), false})
	}
	return words
}
