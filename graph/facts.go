package graph

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Filter selects facts. The zero value selects all facts. Every field that is set must
// hold.
type Filter struct {
	Conditions Conditions

	// About selects facts that involve all of these entities: in any role, as place,
	// speaker or topic. A fact that involves a person, institution or post of a
	// country also involves the country. A fact at a place that is located in an
	// entity also involves the entity. The location may be indirect, and any
	// located-in relation counts that a source asserts, whatever its dates. AboutOnly
	// restricts the match to the entities themselves.
	About     []schema.ID
	AboutOnly bool

	// Facts, if not nil, lists facts: only these are selected. An id that is no fact of
	// the graph is an error that wraps [ErrNotFound].
	Facts []schema.ID

	// OnThrough, if set, is called before a selected fact that involves an entity of
	// About only through other entities, with these entities.
	OnThrough func(schema.Fact, []schema.ID)

	// With selects facts that have the entity itself in a role, as place, speaker or
	// source.
	With schema.ID

	// Alongside selects facts that have each of these entities in the same way as
	// With.
	Alongside []schema.ID

	// OnUndated, if set, is called for each fact that is left out only because it has
	// no date.
	OnUndated func(schema.Fact)

	// OnUnasserted, if set, is called for each fact that is left out only because no
	// source asserts it. Conditions with Statuses or MinSources and without Standings
	// leave out such facts.
	OnUnasserted func(schema.Fact)

	// Omitted, if set, counts the facts for which OnUndated and OnUnasserted are, or would
	// be, called. Without these functions, many of the facts need not be read for it.
	Omitted *Omitted
}

// Omitted is how many facts a filter leaves out for only one reason.
type Omitted struct {
	Undated    int // facts without a date
	Unasserted int // facts that no source asserts
}

// Facts yields the facts that the filter selects, in order of date and then of id;
// undated facts come last. An error is the last pair. An error about the filter wraps
// [ErrQuery] or [schema.ErrDate].
func (g *Graph) Facts(ctx context.Context, f Filter) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) {
		left := false
		err := readParts(ctx, g, f, byDate, nil, func(part *factPart[struct{}]) bool {
			return part.each(func(fact schema.Fact) bool {
				if ctx.Err() != nil {
					return false
				}
				left = !yield(fact, nil)
				return !left
			})
		})
		if err == nil && !left {
			err = context.Cause(ctx)
		}
		if err != nil {
			yield(schema.Fact{}, err)
		}
	}
}

type factFilter struct {
	reader    reader
	snapshot  *store.Snapshot
	filter    Filter
	predicate *factPredicate
	about     []*aboutEntity
}

// each calls yield with the selected facts until it returns false, and reports the
// others in between.
func (p *factPart[T]) each(yield func(schema.Fact) bool) bool {
	f := &p.filter
	for i := range p.entries {
		e := &p.entries[i]
		if e.verdict != counted {
			e.report(f)
			continue
		}
		if f.OnThrough != nil && len(e.Through) > 0 {
			f.OnThrough(e.Fact, e.Through)
		}
		if !yield(e.Fact) {
			return false
		}
	}
	return true
}

// prepare compiles the conditions and reads the entities of About.
func (p *factFilter) prepare(ctx context.Context) (err error) {
	if p.predicate, err = p.filter.Conditions.predicate(p.reader.vocabulary); err != nil {
		return err
	}
	for _, id := range p.filter.About {
		subject, err := p.aboutEntity(ctx, id)
		if err != nil {
			return err
		}
		p.about = append(p.about, subject)
	}
	return nil
}

// union returns the ids that fn finds for each item.
func union[T any](items []T, fn func(T) ([]schema.ID, error)) ([]schema.ID, error) {
	var all []schema.ID
	for _, item := range items {
		ids, err := fn(item)
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	return all, nil
}

// factsWith returns the facts that refer to an entity, directly or in their evidence.
func (r reader) factsWith(ctx context.Context, id schema.ID) ([]schema.ID, error) {
	subjects, err := r.subjects(ctx, store.Pattern{Object: id.Value()})
	if err != nil {
		return nil, err
	}
	return union(subjects, func(id schema.ID) ([]schema.ID, error) {
		switch {
		case schema.KindOf(id) == schema.KindFact:
			return []schema.ID{id}, nil
		case schema.IsEvidence(id):
			return r.subjects(ctx, store.Pattern{Predicate: schema.EvidenceTerm, Object: id.Value()})
		}
		return nil, nil
	})
}

// subjects returns the subjects of the matching quads, sorted, without repeats.
func (r reader) subjects(ctx context.Context, pattern store.Pattern) ([]schema.ID, error) {
	var ids []schema.ID
	for q, err := range r.Match(ctx, pattern) {
		if err != nil {
			return nil, err
		}
		if iri, ok := q.Subject.(quad.IRI); ok {
			ids = append(ids, schema.ID(iri))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// verdict decides about a fact by all fields of the filter. It calls days for what
// daysByDataset returns.
func (p *factFilter) verdict(fact schema.Fact, days func() ([]claimedDays, error)) (verdict, error) {
	v, err := p.predicate.judge(fact, days)
	if err != nil || v == rejected || !p.involves(fact) {
		return rejected, err
	}
	return v, nil
}

// involves reports whether a fact involves all entities that the filter names.
func (p *factFilter) involves(fact schema.Fact) bool {
	f := p.filter
	if f.With != "" || len(f.Alongside) > 0 {
		ids := mentioned(fact)
		if f.With != "" && !slices.Contains(ids, f.With) || slices.ContainsFunc(f.Alongside, func(id schema.ID) bool { return !slices.Contains(ids, id) }) {
			return false
		}
	}
	return !slices.ContainsFunc(p.about, func(s *aboutEntity) bool {
		_, ok := s.hasPart(p.reader.vocabulary, fact)
		return !ok
	})
}

// through returns the entities through which a fact involves the entities of About.
func (p *factFilter) through(fact schema.Fact) []schema.ID {
	var all []schema.ID
	for _, s := range p.about {
		through, _ := s.hasPart(p.reader.vocabulary, fact)
		all = append(all, through...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// involved returns the entities of a fact, including places and speakers.
func involved(fact schema.Fact) []schema.ID {
	var ids []schema.ID
	for _, r := range fact.Roles {
		ids = append(ids, r.ID)
	}
	for _, e := range fact.Evidence {
		ids = append(append(append(ids, e.At...), e.SaidBy), e.Via...)
	}
	return ids
}

// mentioned returns the entities and the sources of a fact.
func mentioned(fact schema.Fact) []schema.ID {
	ids := involved(fact)
	for _, e := range fact.Evidence {
		ids = append(ids, e.Source)
	}
	return ids
}

// Timeline returns the facts that the filter selects, in the order of [SortByTime]. It
// keeps all facts in memory, unlike [Graph.Facts], and returns the same errors.
func (g *Graph) Timeline(ctx context.Context, f Filter) (facts []schema.Fact, err error) {
	facts = []schema.Fact{}
	for fact, err := range g.Facts(ctx, f) {
		if err != nil {
			return nil, err
		}
		facts = append(facts, fact)
	}
	return facts, SortByTime(g.Vocabulary(), facts)
}

// SortByTime sorts facts by the first day that their evidence allows, then by the last,
// then parts after the facts that contain them, then by id. Undated facts come last, and
// facts with an open start first. Errors wrap [schema.ErrDate].
func SortByTime(v *schema.Vocabulary, facts []schema.Fact) error {
	list := make([]timedFact, len(facts))
	for i := range facts {
		days, ok, err := v.Extent(facts[i])
		if err != nil {
			return err
		}
		if !ok {
			days = schema.Days{From: schema.MaxDay, To: schema.MaxDay}
		}
		list[i] = timedFact{days, len(facts[i].Wholes()) > 0, facts[i].ID, i}
	}
	slices.SortFunc(list, timedFact.compare)
	sorted := make([]schema.Fact, len(facts))
	for i := range list {
		sorted[i] = facts[list[i].at]
	}
	copy(facts, sorted)
	return nil
}

// timedFact is what decides about the place of a fact in the order of time.
type timedFact struct {
	days   schema.Days
	isPart bool
	id     schema.ID
	at     int // its position before it is sorted
}

func (f timedFact) compare(g timedFact) int {
	switch {
	case f.days != g.days:
		return cmp.Or(cmp.Compare(f.days.From, g.days.From), cmp.Compare(f.days.To, g.days.To))
	case f.isPart != g.isPart && g.isPart:
		return -1
	case f.isPart != g.isPart:
		return 1
	}
	return cmp.Or(cmp.Compare(f.id, g.id), cmp.Compare(f.at, g.at))
}

// Windowed reports whether the filter has a condition on dates.
func (f Filter) Windowed() bool {
	c := &f.Conditions
	return c.Since != "" || c.Until != "" || c.AsOf != ""
}

// Certain reports whether a fact that the filter selects meets its dates under every
// reading of the fact's dates. It is false if only some reading does, if the fact is
// disputed or not asserted, and if the fact has no date. Errors wrap [schema.ErrDate].
func (g *Graph) Certain(fact schema.Fact, f Filter) (bool, error) {
	c := &f.Conditions
	if len(c.Datasets) > 0 {
		fact.Evidence = slices.Clone(fact.Evidence)
		fact.Evidence = slices.DeleteFunc(fact.Evidence, func(e schema.Evidence) bool { return !slices.Contains(c.Datasets, e.Dataset) })
	}
	if fact.Standing() != schema.StandingAsserted {
		return false, nil
	}
	since, until, err := schema.WindowBetween(c.Since, c.Until)
	if err != nil {
		return false, err
	}
	kind := g.Vocabulary().VerbKind(fact.Verb)
	spans, err := spansOf(fact, kind)
	if err != nil || len(spans) == 0 {
		return false, err
	}
	for _, s := range spans {
		if !s.Certain(since, until) {
			return false, nil
		}
		if c.AsOf == "" {
			continue
		}
		_, day, err := schema.Window(c.AsOf)
		if err != nil {
			return false, err
		}
		if kind == schema.Relation && !s.Certain(day, day) || kind == schema.Interaction && s.To > day {
			return false, nil
		}
	}
	return true, nil
}

// spansOf returns the dates of a fact's evidence. If there are none, it returns the
// days of the facts that contain the fact, unless one of them is disputed.
func spansOf(fact schema.Fact, kind schema.VerbKind) (spans []schema.Span, err error) {
	for _, e := range fact.Evidence {
		if e.Stance == schema.Denies || !e.When.Dated() {
			continue
		}
		span, err := e.When.Span(kind)
		if err != nil {
			return nil, err
		}
		spans = append(spans, span)
	}
	if within := fact.Within; len(spans) == 0 && within != nil && !within.Disputed {
		spans = append(spans, schema.Span{From: within.From, LatestFrom: within.To, EarliestTo: within.From, To: within.To})
	}
	return spans, nil
}
