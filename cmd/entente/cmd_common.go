package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

func commonCommand(a *app) *cobra.Command {
	flags := &conditionFlags{}
	cmd := &cobra.Command{
		Use:   "common NAME OTHER...",
		Short: "Show what entities share: contacts, gatherings, terms of office, facts",
		Long: `Common shows what two entities or more share, each with its evidence:

  contacts    whom all of them have dealt with, by which facts each. Those who have
              dealt with few come first, countries and institutions that everybody
              deals with last. A group is not the same people twice, and is none.
  gatherings  the same, of gatherings
  terms       posts, institutions and countries where they held office at the same
              time, by themselves or by a post there: certainly, or only possibly
              where the sources leave open when a term began or ended. Terms of one
              holder that overlap or follow each other at once count once. The day,
              month or year in which one holder of a post follows another is a
              handover and no time together (entente help dates). In JSON and CSV
              from and to are days on which they may have been together; certain-from
              and certain-to those on which they certainly were, and certain-within
              those on some of which they were
  facts       in which all of them have part

--direction says which way the facts go from the entities to a contact; --through
and --avoid leave out contacts and places of terms.`,
		GroupID: "ask",
		Args:    cobra.MinimumNArgs(2),
		Example: `  entente common "Xie Feng" "Li Shangfu" --in examples/us-china-2023
  entente common "Lloyd Austin" "Ely Ratner" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error {
				q, err := flags.query(cmd.Context(), g)
				if err != nil {
					return err
				}
				ids, err := resolveSeveral(cmd.Context(), g, args)
				if err != nil {
					return err
				}
				return withView(cmd.Context(), g, func(g *graph.Graph, v *paths.View) error { return a.common(cmd, g, v, ids, q) })
			})
		},
	}
	flags.register(cmd)
	rowFlags(cmd)
	cmd.Flags().Lookup("rows").Usage = "most contacts, gatherings, terms and facts each; --all for all"
	cmd.Flags().Lookup("all").Usage = "all rows, and all facts of each"
	return reading(cmd)
}

func (a *app) common(cmd *cobra.Command, g *graph.Graph, view *paths.View, ids []schema.ID, q paths.Query) (err error) {
	ctx := cmd.Context()
	all, _ := cmd.Flags().GetBool("all")
	s := &shares{app: a, cmd: cmd, renderer: newRenderer(g), all: all || a.config.Format != "table", Contacts: []sharedContact{},
		Gatherings: []sharedContact{}, Terms: []sharedTerm{}, Facts: []*jsonFact{}}
	if s.Entities, err = s.renderer.refs(ctx, ids); err != nil {
		return err
	}
	contacts, err := view.Common(ctx, ids, q)
	if err != nil && !errors.Is(err, graph.ErrNotFound) { // who has no dealings may still have part in something
		return err
	}
	if err := s.addContacts(ctx, contacts); err != nil {
		return err
	}
	overlaps, err := paths.Overlaps(ctx, g, view, ids, q)
	if err != nil {
		return err
	}
	if err := s.addTerms(ctx, overlaps); err != nil {
		return err
	}
	facts, err := paths.Together(ctx, g, view, ids, q)
	if err != nil {
		return err
	}
	if s.Facts, err = s.facts(ctx, capped(s, facts, "fact")); err != nil {
		return err
	}
	return a.printShares(cmd, s)
}

// shares is what some entities have in common, with names.
type shares struct {
	app      *app
	cmd      *cobra.Command
	renderer *renderer
	all      bool // facts of each

	Entities   []jsonRef       `json:"entities"`
	Contacts   []sharedContact `json:"contacts"`
	Gatherings []sharedContact `json:"gatherings"`
	Terms      []sharedTerm    `json:"terms"`
	Facts      []*jsonFact     `json:"facts"`
}

type sharedContact struct {
	jsonRef
	Kind    schema.Kind  `json:"kind"`
	Degree  int          `json:"degree"`
	Telling float64      `json:"telling"`
	Links   []sharedLink `json:"links"`
}

// sharedLink is the facts between one of the entities and a contact.
type sharedLink struct {
	From  jsonRef     `json:"from"`
	Facts []*jsonFact `json:"facts"`

	more int // facts that are not shown
}

type sharedTerm struct {
	At      jsonRef     `json:"at"`
	Kind    schema.Kind `json:"kind"`
	Certain bool        `json:"certain"`
	From    string      `json:"from,omitempty"` // absent where open, as below
	To      string      `json:"to,omitempty"`
	Since   string      `json:"certain-from,omitempty"`
	Until   string      `json:"certain-to,omitempty"`
	Terms   []ownTerm   `json:"terms"`

	// Within is the days on some of which they were certainly together, where no day
	// is certain by itself.
	Within *jsonDays `json:"certain-within,omitempty"`
}

func (j *sharedTerm) within(o paths.Overlap) {
	if j.Certain {
		j.Within = &jsonDays{bound(o.Span.EarliestTo), bound(o.Span.LatestFrom)}
	}
}

// ownTerm is the term of one of the entities.
type ownTerm struct {
	Of    jsonRef     `json:"of"`
	When  jsonWhen    `json:"when"`           // of all facts together
	Post  *jsonRef    `json:"post,omitempty"` // by which it was there
	Facts []*jsonFact `json:"facts"`
}

// capped tells what it leaves out.
func capped[T any](s *shares, items []T, noun string) []T {
	limit := s.app.limit(s.cmd)
	if limit == 0 || len(items) <= limit {
		return items
	}
	s.app.warn("%d of %s are shown: %s", limit, plural(len(items), noun), s.app.forMore())
	return items[:limit]
}

func (s *shares) addContacts(ctx context.Context, found []paths.Contact) error {
	var people, gatherings []paths.Contact
	for _, c := range found {
		if c.Kind == schema.Gathering {
			gatherings = append(gatherings, c)
		} else {
			people = append(people, c)
		}
	}
	for _, part := range []struct {
		found []paths.Contact
		into  *[]sharedContact
	}{{capped(s, people, "contact"), &s.Contacts}, {capped(s, gatherings, "gathering"), &s.Gatherings}} {
		for _, c := range part.found {
			named, err := s.contact(ctx, c)
			if err != nil {
				return err
			}
			*part.into = append(*part.into, named)
		}
	}
	return nil
}

func (s *shares) contact(ctx context.Context, c paths.Contact) (j sharedContact, err error) {
	j = sharedContact{Kind: c.Kind, Degree: c.Degree, Telling: c.Telling}
	if j.jsonRef, err = s.renderer.ref(ctx, c.ID); err != nil {
		return j, err
	}
	for _, h := range c.Links {
		link := sharedLink{}
		if link.From, err = s.renderer.ref(ctx, h.From); err != nil {
			return j, err
		}
		steps := h.Steps
		if !s.all && len(steps) > shownFacts {
			link.more, steps = len(steps)-shownFacts, steps[:shownFacts]
		}
		for _, step := range steps {
			f, err := s.renderer.graph.Fact(ctx, step.Fact)
			if err != nil {
				return j, err
			}
			named, err := s.linked(ctx, link.From, j.jsonRef, step, f)
			if err != nil {
				return j, err
			}
			link.Facts = append(link.Facts, named)
		}
		j.Links = append(j.Links, link)
	}
	return j, nil
}

// linked is a fact that links one of the entities with a contact. One that does so
// by a role is shown by that.
func (s *shares) linked(ctx context.Context, from, to jsonRef, step paths.Step, f schema.Fact) (*jsonFact, error) {
	j, err := s.renderer.jsonFact(ctx, f)
	if err != nil {
		return nil, err
	}
	if j.Predicate = step.Verb; step.Verb == f.Verb {
		return j, nil
	}
	if step.Reverse {
		from, to = to, from
	}
	of, err := s.renderer.of(ctx, f, step.Verb)
	j.byRole = from.Name + " " + s.renderer.phrase(step.Verb) + " " + to.Name + " " + of
	return j, err
}

func (s *shares) addTerms(ctx context.Context, found []paths.Overlap) error {
	for _, o := range capped(s, found, "term") {
		j := sharedTerm{Kind: schema.KindOf(o.At), Certain: o.Certain(), From: bound(o.Span.From), To: bound(o.Span.To)}
		if from, to, ok := o.Days(); ok {
			j.Since, j.Until = bound(from), bound(to)
		} else {
			j.within(o)
		}
		var err error
		if j.At, err = s.renderer.ref(ctx, o.At); err != nil {
			return err
		}
		for _, t := range o.Terms {
			own, err := s.term(ctx, t)
			if err != nil {
				return err
			}
			j.Terms = append(j.Terms, own)
		}
		s.Terms = append(s.Terms, j)
	}
	return nil
}

func (s *shares) term(ctx context.Context, t paths.Term) (own ownTerm, err error) {
	own.When = newJSONWhen(t.When, schema.Relation)
	if own.Of, err = s.renderer.ref(ctx, t.Holder); err != nil {
		return own, err
	}
	if t.Post != "" {
		post, err := s.renderer.ref(ctx, t.Post)
		if err != nil {
			return own, err
		}
		own.Post = &post
	}
	own.Facts, err = s.facts(ctx, t.Facts)
	return own, err
}

func (s *shares) facts(ctx context.Context, facts []schema.Fact) ([]*jsonFact, error) {
	list := []*jsonFact{}
	for _, f := range facts {
		j, err := s.renderer.jsonFact(ctx, f)
		if err != nil {
			return nil, err
		}
		list = append(list, j)
	}
	return list, nil
}

// bound is a day, nothing where it is open.
func bound(d schema.Day) string {
	if d == schema.MinDay || d == schema.MaxDay {
		return ""
	}
	return d.String()
}
