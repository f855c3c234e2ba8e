package render

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/schema"
)

// PostHistory is the terms of all holders of a post.
type PostHistory struct {
	Post       Ref     `json:"post"`
	AsOf       string  `json:"as-of,omitempty"` // the day asked for, as "2023-07-12"
	Holders    []*Term `json:"holders"`
	Undated    []*Term `json:"undated,omitempty"`
	NotCounted []*Fact `json:"not-counted,omitempty"` // facts that no source asserts, or that did not happen
	Events     []*Fact `json:"events,omitempty"`      // events that name the post, beside stated terms

	Omitted int `json:"-"` // how many terms the limit left out of Holders
}

// Term is a term of one holder of a post. Its days have the form "2023-07-12"; an open
// bound is empty.
type Term struct {
	Of            Ref             `json:"of"`
	Held          string          `json:"held,omitempty"` // "certainly" or "possibly", on the day asked for
	When          When            `json:"when"`
	EarliestStart string          `json:"earliest-start,omitempty"`
	LatestStart   string          `json:"latest-start,omitempty"`
	EarliestEnd   string          `json:"earliest-end,omitempty"`
	LatestEnd     string          `json:"latest-end,omitempty"`
	Standing      schema.Standing `json:"standing"`          // disputed if each of its facts has a source that denies it
	Derived       bool            `json:"derived,omitempty"` // derived from events: no fact states the term
	Handovers     []TermRelation  `json:"handovers,omitempty"`
	Overlaps      []TermRelation  `json:"overlaps,omitempty"` // with later terms
	Gap           *Days           `json:"nobody-known-after,omitempty"`
	Facts         []*Fact         `json:"facts"`
}

// TermRelation is a handover to a later term or an overlap with it. Days is when.
type TermRelation struct {
	With    Ref  `json:"with"` // the holder of the later term
	Certain bool `json:"certain"`
	Days
	noCertainDay  bool // the overlap is certain, but no day of it is
	boundsUnknown bool // an overlap is possible only because a start or an end is unknown
}

// PostHistory returns the terms of a post with their handovers, overlaps and gaps. If
// asOf is not nil, it returns only the terms that may have lasted to the end of that
// day. It returns at most limit dated terms; 0 is no limit.
func (r *Renderer) PostHistory(ctx context.Context, found *office.History, asOf *schema.Day, limit int) (*PostHistory, error) {
	h, p := &PostHistory{}, postNamer{r, found}
	var err error
	if h.Post, err = r.Ref(ctx, found.Post); err != nil {
		return nil, err
	}
	if h.Holders, h.Omitted, err = p.terms(ctx, asOf, limit); err != nil {
		return nil, err
	}
	if h.Undated, err = p.undated(ctx); err != nil {
		return nil, err
	}
	if asOf != nil {
		h.AsOf = asOf.String()
		return h, nil
	}
	if h.NotCounted, err = r.Facts(ctx, found.NotCounted); err != nil {
		return nil, err
	}
	h.Events, err = r.Facts(ctx, found.Events)
	return h, err
}

// postNamer converts the terms of one post.
type postNamer struct {
	renderer *Renderer
	history  *office.History
}

// terms returns the dated terms, or only the terms that may have lasted to the end of a
// day, and the number of terms that the limit leaves out.
func (p postNamer) terms(ctx context.Context, asOf *schema.Day, limit int) (terms []*Term, omitted int, err error) {
	terms = []*Term{}
	gaps := p.history.Gaps()
	for i, t := range p.history.Terms {
		if asOf != nil && !t.Possible(*asOf, *asOf) {
			continue
		}
		if limit > 0 && len(terms) == limit {
			omitted++
			continue
		}
		j, err := p.term(ctx, t)
		if err != nil {
			return nil, 0, err
		}
		if err := p.addRelations(ctx, j, i); err != nil {
			return nil, 0, err
		}
		for _, gap := range gaps {
			if gap.After == i && asOf == nil {
				j.Gap = windowDays(gap.Window)
			}
		}
		if asOf != nil {
			j.setHeld(t, *asOf)
		}
		terms = append(terms, j)
	}
	return terms, omitted, nil
}

// undated returns the terms without dates.
func (p postNamer) undated(ctx context.Context) (list []*Term, err error) {
	for _, t := range p.history.Undated {
		j, err := p.term(ctx, t)
		if err != nil {
			return nil, err
		}
		list = append(list, j)
	}
	return list, nil
}

func (p postNamer) term(ctx context.Context, t office.Term) (j *Term, err error) {
	j = &Term{When: newWhen(t.When, schema.Relation), Standing: schema.StandingAsserted, Derived: t.Derived}
	if t.Disputed {
		j.Standing = schema.StandingDisputed
	}
	if j.Of, err = p.renderer.Ref(ctx, t.Holder); err != nil {
		return nil, err
	}
	if !t.Undated {
		j.EarliestStart, j.LatestStart = dayText(t.Span.From), dayText(t.Span.LatestFrom)
		j.EarliestEnd, j.LatestEnd = dayText(t.Span.EarliestTo), dayText(t.Span.To)
	}
	j.Facts, err = p.renderer.Facts(ctx, t.Facts)
	return j, err
}

// addRelations adds the handovers of a term to later terms, and the overlaps with them.
func (p postNamer) addRelations(ctx context.Context, j *Term, i int) error {
	t := p.history.Terms[i]
	for k, o := range p.history.Terms {
		if k <= i || o.Holder == t.Holder {
			continue
		}
		relation, days := office.RelationOf(t, o)
		if relation == office.Apart {
			continue
		}
		ref, err := p.renderer.Ref(ctx, o.Holder)
		if err != nil {
			return err
		}
		edge := TermRelation{With: ref, Certain: relation == office.Certainly, Days: *windowDays(days)}
		if relation == office.Handover {
			j.Handovers = append(j.Handovers, edge)
			continue
		}
		if together, ok := office.CertainOverlap(t, o); ok {
			edge.noCertainDay = together.From > together.To
		}
		edge.boundsUnknown = !office.KnownOverlap(t, o)
		j.Overlaps = append(j.Overlaps, edge)
	}
	return nil
}

// setHeld sets Held for a day. A term does not certainly last to the end of a day on
// which the post may be handed over.
func (j *Term) setHeld(t office.Term, day schema.Day) {
	j.Held = "possibly"
	if t.Certain(day, day) && !j.handedOver(day) {
		j.Held = "certainly"
	}
}

func (j *Term) handedOver(day schema.Day) bool {
	return slices.ContainsFunc(j.Handovers, func(e TermRelation) bool {
		return e.From == "" || e.From <= day.String()
	})
}
