package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/schema"
)

func holdersCommand(a *app) *cobra.Command {
	var asOf string
	o := &office.Options{}
	cmd := &cobra.Command{
		Use:   "holders POST",
		Short: "List who held a post, in order, with handovers, overlaps and gaps",
		Long: `Holders lists who held a post, in order of time, each with the dates and the
evidence of the term, and says between whom there was a handover, who certainly or
possibly held it at the same time, and when nobody is known to have held it.

Terms of one holder that overlap or follow each other at once are one. Where no
fact states a term, it is derived from events that name the post, such as an
appointment or a resignation, and marked so. What no source asserts is listed
apart, as are undated terms: no order can be claimed of them.

--as-of DATE lists who held it at the end of that date, certainly or possibly.
"entente help dates" says what dates mean, and what is certain.`,
		GroupID: "ask",
		Args:    cobra.ExactArgs(1),
		Example: `  entente holders "U.S. Secretary of Defense" --in examples/us-china-2023
  entente holders "Chinese Ambassador to the United States" --as-of 2023-07 --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := parseAsOf(cmd, asOf)
			if err != nil {
				return err
			}
			if o.MinSources < 0 {
				return usagef("--min-sources %d is below zero", o.MinSources)
			}
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error { return a.holders(cmd, g, args[0], day, o) })
		},
	}
	cmd.Flags().StringVar(&asOf, "as-of", "", "only who held it at the end of this `DATE`, certainly or possibly")
	cmd.Flags().StringArrayVar(&o.Datasets, "dataset", nil, "only facts that this `DATASET` claims; repeatable")
	cmd.Flags().IntVar(&o.MinSources, "min-sources", 0, "only facts that at least `N` documents assert")
	rowFlags(cmd)
	return reading(cmd)
}

// parseAsOf is the last day of a date; nil where none is given.
func parseAsOf(cmd *cobra.Command, written string) (*schema.Day, error) {
	if written == "" {
		if changed(cmd, "as-of") {
			return nil, usagef("--as-of is empty")
		}
		return nil, nil
	}
	_, day, err := schema.Window(written)
	if err != nil {
		return nil, usage(fmt.Errorf("--as-of: %w", err))
	}
	return &day, nil
}

func (a *app) holders(cmd *cobra.Command, g *graph.Graph, name string, asOf *schema.Day, o *office.Options) error {
	ctx := cmd.Context()
	if err := knownDatasets(ctx, g, o.Datasets); err != nil {
		return err
	}
	post, err := resolvePost(ctx, g, name)
	if err != nil {
		return err
	}
	history, err := office.Holders(ctx, g, post, o)
	if err != nil {
		return err
	}
	h := &holding{renderer: newRenderer(g), history: history}
	if err := h.fill(ctx, asOf, a.limit(cmd)); err != nil {
		return err
	}
	if h.more > 0 {
		a.warn("%d of %s are shown: %s", len(h.Holders), plural(len(h.Holders)+h.more, "term"), a.forMore())
	}
	return a.printHolding(cmd, h)
}

// resolvePost finds the post of a name. Of what is none, the hint lists the posts.
func resolvePost(ctx context.Context, g *graph.Graph, name string) (schema.ID, error) {
	id, err := g.Resolve(ctx, name)
	if err != nil || schema.KindOf(id) == schema.Post {
		return id, err
	}
	posts, err := postsOf(ctx, g, id)
	if err != nil {
		return "", err
	}
	err = usagef("%q is of kind %s, not a post: %s", name, schema.KindOf(id), id)
	return "", schema.WithHint(err, func() string {
		if len(posts) == 0 {
			return "no post of it is known; entente show " + string(id) + " shows what is"
		}
		return "its posts: " + strings.Join(posts, ", ")
	})
}

// postsOf names the posts that an entity holds or has, up to ten.
func postsOf(ctx context.Context, g *graph.Graph, id schema.ID) (posts []string, err error) {
	r := newRenderer(g)
	for f, err := range g.Facts(ctx, graph.Filter{With: id, Conditions: graph.Conditions{Verbs: []schema.Verb{"post-at", "holds-post"}}}) {
		if err != nil {
			return nil, err
		}
		for _, p := range f.Roles {
			if schema.KindOf(p.ID) != schema.Post {
				continue
			}
			name, err := r.name(ctx, p.ID)
			if err != nil {
				return nil, err
			}
			if text := fmt.Sprintf("%s <%s>", name, p.ID); !slices.Contains(posts, text) {
				posts = append(posts, text)
			}
		}
	}
	slices.Sort(posts)
	if n := len(posts); n > 10 {
		posts = append(posts[:10], fmt.Sprintf("and %d more", n-10))
	}
	return posts, nil
}

// holding is who held a post, with names.
type holding struct {
	renderer *renderer
	history  *office.History
	more     int // terms that are not shown

	Post    jsonRef     `json:"post"`
	AsOf    string      `json:"as-of,omitempty"`
	Holders []*heldTerm `json:"holders"`
	Undated []*heldTerm `json:"undated,omitempty"`
	Apart   []*jsonFact `json:"not-counted,omitempty"` // that no source asserts, or that did not happen
	Events  []*jsonFact `json:"events,omitempty"`      // that name the post beside stated terms
}

// heldTerm is a term of one holder.
type heldTerm struct {
	Of            jsonRef         `json:"of"`
	Held          string          `json:"held,omitempty"` // certainly or possibly, as of a date
	When          jsonWhen        `json:"when"`
	EarliestStart string          `json:"earliest-start,omitempty"` // absent where open, as below
	LatestStart   string          `json:"latest-start,omitempty"`
	EarliestEnd   string          `json:"earliest-end,omitempty"`
	LatestEnd     string          `json:"latest-end,omitempty"`
	Standing      schema.Standing `json:"standing"`          // disputed where some source denies each of its facts
	Derived       bool            `json:"derived,omitempty"` // from events: no fact states the term
	Handovers     []heldEdge      `json:"handovers,omitempty"`
	Overlaps      []heldEdge      `json:"overlaps,omitempty"` // with terms that come after it
	Gap           *jsonDays       `json:"nobody-known-after,omitempty"`
	Facts         []*jsonFact     `json:"facts"`
}

// heldEdge is what a term has to do with a later one.
type heldEdge struct {
	With    jsonRef `json:"with"`
	Certain bool    `json:"certain"`
	jsonDays
	sometime bool // certain, but on no day for sure
	loose    bool // only since a start or an end is not known
}

// fill names all that is asked for.
func (h *holding) fill(ctx context.Context, asOf *schema.Day, limit int) (err error) {
	if h.Post, err = h.renderer.ref(ctx, h.history.Post); err != nil {
		return err
	}
	if h.Holders, err = h.terms(ctx, asOf, limit); err != nil {
		return err
	}
	if h.Undated, err = h.named(ctx, h.history.Undated); err != nil {
		return err
	}
	if asOf != nil {
		h.AsOf = asOf.String()
		return nil
	}
	if h.Apart, err = h.renderer.jsonFacts(ctx, h.history.NotCounted); err != nil {
		return err
	}
	h.Events, err = h.renderer.jsonFacts(ctx, h.history.Events)
	return err
}

// terms names the terms, or those that may have been held on a day.
func (h *holding) terms(ctx context.Context, asOf *schema.Day, limit int) ([]*heldTerm, error) {
	terms := []*heldTerm{}
	gaps := h.history.Gaps()
	for i, t := range h.history.Terms {
		if asOf != nil && !t.Possible(*asOf, *asOf) {
			continue
		}
		if limit > 0 && len(terms) == limit {
			h.more++
			continue
		}
		j, err := h.term(ctx, t)
		if err != nil {
			return nil, err
		}
		if err := h.edges(ctx, j, i); err != nil {
			return nil, err
		}
		for _, gap := range gaps {
			if gap.After == i && asOf == nil {
				j.Gap = daysOf(gap.Window)
			}
		}
		if asOf != nil {
			j.hold(t, *asOf)
		}
		terms = append(terms, j)
	}
	return terms, nil
}

// hold says whether a term certainly lasts to the end of a day: on one on which it may
// be handed over, it may have ended before.
func (j *heldTerm) hold(t office.Term, day schema.Day) {
	j.Held = "possibly"
	if t.Certain(day, day) && !j.handedOver(day) {
		j.Held = "certainly"
	}
}

func (j *heldTerm) handedOver(day schema.Day) bool {
	return slices.ContainsFunc(j.Handovers, func(e heldEdge) bool {
		return e.From == "" || e.From <= day.String()
	})
}

func (h *holding) named(ctx context.Context, terms []office.Term) (list []*heldTerm, err error) {
	for _, t := range terms {
		j, err := h.term(ctx, t)
		if err != nil {
			return nil, err
		}
		list = append(list, j)
	}
	return list, nil
}

func (h *holding) term(ctx context.Context, t office.Term) (j *heldTerm, err error) {
	j = &heldTerm{When: newJSONWhen(t.When, schema.Relation), Standing: schema.StandingAsserted, Derived: t.Derived}
	if t.Disputed {
		j.Standing = schema.StandingDisputed
	}
	if j.Of, err = h.renderer.ref(ctx, t.Holder); err != nil {
		return nil, err
	}
	if !t.Undated {
		j.EarliestStart, j.LatestStart = bound(t.Span.From), bound(t.Span.LatestFrom)
		j.EarliestEnd, j.LatestEnd = bound(t.Span.EarliestTo), bound(t.Span.To)
	}
	j.Facts, err = h.renderer.jsonFacts(ctx, t.Facts)
	return j, err
}

// edges names the later terms with which a term has a handover or an overlap.
func (h *holding) edges(ctx context.Context, j *heldTerm, i int) error {
	t := h.history.Terms[i]
	for k, o := range h.history.Terms {
		if k <= i || o.Holder == t.Holder {
			continue
		}
		relation, days := office.RelationOf(t, o)
		if relation == office.Apart {
			continue
		}
		ref, err := h.renderer.ref(ctx, o.Holder)
		if err != nil {
			return err
		}
		edge := heldEdge{With: ref, Certain: relation == office.Certainly, jsonDays: *daysOf(days)}
		if relation == office.Handover {
			j.Handovers = append(j.Handovers, edge)
			continue
		}
		if together, ok := office.CertainOverlap(t, o); ok {
			edge.sometime = together.From > together.To
		}
		edge.loose = !office.KnownOverlap(t, o)
		j.Overlaps = append(j.Overlaps, edge)
	}
	return nil
}

func daysOf(w office.Window) *jsonDays { return &jsonDays{bound(w.From), bound(w.To)} }

func (r *renderer) jsonFacts(ctx context.Context, facts []schema.Fact) ([]*jsonFact, error) {
	list := []*jsonFact{}
	for _, f := range facts {
		j, err := r.jsonFact(ctx, f)
		if err != nil {
			return nil, err
		}
		list = append(list, j)
	}
	return list, nil
}
