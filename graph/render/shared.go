package render

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// Shared is the contacts, gatherings, terms of office and facts that several entities
// share. Contacts, Gatherings, Terms and Facts are never nil.
type Shared struct {
	Entities   []Ref           `json:"entities"`
	Contacts   []SharedContact `json:"contacts"`
	Gatherings []SharedContact `json:"gatherings"`
	Terms      []SharedTerm    `json:"terms"`
	Facts      []*Fact         `json:"facts"`
}

// SharedContact is an entity that each of the entities has dealt with.
type SharedContact struct {
	Ref
	Kind    schema.Kind  `json:"kind"`
	Degree  int          `json:"degree"` // the number of entities that it is linked with
	Telling float64      `json:"telling"`
	Links   []SharedLink `json:"links"` // one link for each of the entities
}

// SharedLink is the facts between one of the entities and a contact.
type SharedLink struct {
	From  Ref     `json:"from"`
	Facts []*Fact `json:"facts"`

	more int // how many facts are left out
}

// SharedTerm is a post, institution or country where two of the entities held office at
// the same time. Its days have the form "2023-07-12"; an open bound is empty.
type SharedTerm struct {
	At      Ref          `json:"at"`
	Kind    schema.Kind  `json:"kind"`
	Certain bool         `json:"certain"`
	From    string       `json:"from,omitempty"` // first day of a possible overlap
	To      string       `json:"to,omitempty"`
	Since   string       `json:"certain-from,omitempty"` // first day of the certain overlap
	Until   string       `json:"certain-to,omitempty"`
	Terms   []EntityTerm `json:"terms"` // the term of each of the two

	// Within is an interval in which the terms certainly overlapped at some time, if
	// no single day of the overlap is certain.
	Within *Days `json:"certain-within,omitempty"`
}

// EntityTerm is a term of office of one entity.
type EntityTerm struct {
	Of    Ref     `json:"of"`
	When  When    `json:"when"`           // of all facts together
	Post  *Ref    `json:"post,omitempty"` // the post held there, if the entity was there by a post
	Facts []*Fact `json:"facts"`
}

// SharedFindings is the results of [paths.View.Common], [paths.Overlaps] and
// [paths.Together] for several entities.
type SharedFindings struct {
	Entities   []schema.ID
	Contacts   []paths.Contact
	Gatherings []paths.Contact
	Terms      []paths.Overlap
	Facts      []schema.Fact

	All bool // keep all facts between an entity and a contact, not only the first three
}

// Shared returns what several entities share, with names beside ids.
func (r *Renderer) Shared(ctx context.Context, found SharedFindings) (*Shared, error) {
	var err error
	s, n := &Shared{Terms: []SharedTerm{}}, sharedNamer{renderer: r, all: found.All}
	if n.facts, err = n.read(ctx, found.Contacts, found.Gatherings); err != nil {
		return nil, err
	}
	if s.Entities, err = r.Refs(ctx, found.Entities); err != nil {
		return nil, err
	}
	if s.Contacts, err = n.contacts(ctx, found.Contacts); err != nil {
		return nil, err
	}
	if s.Gatherings, err = n.contacts(ctx, found.Gatherings); err != nil {
		return nil, err
	}
	for _, o := range found.Terms {
		term, err := n.term(ctx, o)
		if err != nil {
			return nil, err
		}
		s.Terms = append(s.Terms, term)
	}
	s.Facts, err = r.Facts(ctx, found.Facts)
	return s, err
}

// sharedNamer converts what entities share.
type sharedNamer struct {
	renderer *Renderer
	all      bool                      // all facts between an entity and a contact
	facts    map[schema.ID]schema.Fact // the facts by which contacts are linked
}

// read reads the facts by which contacts are linked, and the names in them, together.
func (n sharedNamer) read(ctx context.Context, lists ...[]paths.Contact) (map[schema.ID]schema.Fact, error) {
	var ids []schema.ID
	for _, c := range slices.Concat(lists...) {
		for _, link := range c.Links {
			for _, step := range n.shown(link.Steps) {
				ids = append(ids, step.Fact)
			}
		}
	}
	slices.Sort(ids)
	return readFacts(ctx, n.renderer, slices.Compact(ids))
}

// shown returns the first steps of a link, or all.
func (n sharedNamer) shown(steps []paths.Step) []paths.Step {
	if n.all {
		return steps
	}
	return steps[:min(shownFacts, len(steps))]
}

func (n sharedNamer) contacts(ctx context.Context, found []paths.Contact) ([]SharedContact, error) {
	list := make([]SharedContact, len(found))
	return list, inParts(len(found), func(from, to int) (err error) {
		for i := from; i < to && err == nil; i++ {
			list[i], err = n.contact(ctx, found[i])
		}
		return err
	})
}

func (n sharedNamer) contact(ctx context.Context, c paths.Contact) (j SharedContact, err error) {
	j = SharedContact{Kind: c.Kind, Degree: c.Degree, Telling: c.Telling}
	if j.Ref, err = n.renderer.Ref(ctx, c.ID); err != nil {
		return j, err
	}
	for _, h := range c.Links {
		link := SharedLink{}
		if link.From, err = n.renderer.Ref(ctx, h.From); err != nil {
			return j, err
		}
		steps := n.shown(h.Steps)
		link.more = len(h.Steps) - len(steps)
		for _, step := range steps {
			named, err := n.linkingFact(ctx, link.From, j.Ref, step, n.facts[step.Fact])
			if err != nil {
				return j, err
			}
			link.Facts = append(link.Facts, named)
		}
		j.Links = append(j.Links, link)
	}
	return j, nil
}

// linkingFact returns a fact that links one of the entities with a contact. For the edge
// of a role it adds the sentence of that edge.
func (n sharedNamer) linkingFact(ctx context.Context, from, to Ref, step paths.Step, f schema.Fact) (*Fact, error) {
	j, err := n.renderer.Fact(ctx, f)
	if err != nil {
		return nil, err
	}
	if j.Predicate = step.Verb; step.Verb == f.Verb {
		return j, nil
	}
	if step.Reverse {
		from, to = to, from
	}
	of, err := sentence{renderer: n.renderer, fact: &f}.ofRoleEdge(ctx, step.Verb)
	j.byRole = from.Name + " " + n.renderer.phrase(step.Verb) + " " + to.Name + " " + of
	return j, err
}

func (n sharedNamer) term(ctx context.Context, o paths.Overlap) (j SharedTerm, err error) {
	j = SharedTerm{Kind: schema.KindOf(o.At), Certain: o.Certain(), From: dayText(o.Span.From), To: dayText(o.Span.To)}
	if from, to, ok := o.Days(); ok {
		j.Since, j.Until = dayText(from), dayText(to)
	} else if j.Certain {
		j.Within = &Days{dayText(o.Span.EarliestTo), dayText(o.Span.LatestFrom)}
	}
	if j.At, err = n.renderer.Ref(ctx, o.At); err != nil {
		return j, err
	}
	for _, t := range o.Terms {
		own, err := n.ownTerm(ctx, t)
		if err != nil {
			return j, err
		}
		j.Terms = append(j.Terms, own)
	}
	return j, nil
}

func (n sharedNamer) ownTerm(ctx context.Context, t paths.Term) (own EntityTerm, err error) {
	own.When = newWhen(t.When, schema.Relation)
	if own.Of, err = n.renderer.Ref(ctx, t.Holder); err != nil {
		return own, err
	}
	if t.Post != "" {
		post, err := n.renderer.Ref(ctx, t.Post)
		if err != nil {
			return own, err
		}
		own.Post = &post
	}
	own.Facts, err = n.renderer.Facts(ctx, t.Facts)
	return own, err
}
