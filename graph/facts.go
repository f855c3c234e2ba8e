package graph

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

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
}

// Facts yields the facts that the filter selects, in order of date and then of id;
// undated facts come last. An error is the last pair. An error about the filter wraps
// [ErrQuery] or [schema.ErrDate].
func (g *Graph) Facts(ctx context.Context, f Filter) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) {
		err := g.read(ctx, func(r reader) error {
			p := &factFilter{reader: r, filter: f}
			return p.each(ctx, func(f schema.Fact) bool { return yield(f, nil) })
		})
		if err != nil {
			yield(schema.Fact{}, err)
		}
	}
}

type factFilter struct {
	reader    reader
	filter    Filter
	predicate *factPredicate
	about     []*aboutEntity
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

// each calls fn with the selected facts until it returns false.
func (p *factFilter) each(ctx context.Context, fn func(schema.Fact) bool) (err error) {
	if err := p.prepare(ctx); err != nil {
		return err
	}
	ids, err := p.candidates(ctx)
	if err != nil {
		return err
	}
	if ids, err = p.reader.byDate(ctx, ids); err != nil {
		return err
	}
	read := factTally{}
	for _, id := range ids {
		fact, own, err := p.reader.factAndQuads(ctx, id)
		if err != nil {
			return err
		}
		read.add(fact)
		ok, err := p.match(fact, own)
		if err == nil && ok {
			p.reportThrough(fact)
		}
		if err != nil || ok && !fn(fact) {
			return err
		}
	}
	if err := context.Cause(ctx); err != nil || !p.filter.readsAll() {
		return err
	}
	return p.reader.checkTally(ctx, read)
}

// readsAll reports whether all facts are candidates.
func (f *Filter) readsAll() bool {
	c := &f.Conditions
	return f.Facts == nil && f.With == "" && len(f.About)+len(c.Standings)+len(c.Verbs)+len(c.Statuses) == 0
}

// candidates returns facts by the first condition that an index answers: a superset of
// the selected facts.
func (p *factFilter) candidates(ctx context.Context) ([]schema.ID, error) {
	switch f, c := p.filter, p.filter.Conditions; {
	case f.Facts != nil:
		return f.Facts, nil
	case f.With != "":
		return p.reader.factsWith(ctx, f.With)
	case len(p.about) > 0:
		return p.reader.factsAbout(ctx, p.about[0])
	case len(c.Standings) > 0 && len(c.Datasets) == 0 && !slices.ContainsFunc(c.Standings, schema.Standing.Asserted):
		return union(c.Standings, func(s schema.Standing) ([]schema.ID, error) { // such facts are few
			return p.reader.subjects(ctx, store.Pattern{Predicate: schema.StandingTerm, Object: schema.Term(s)})
		})
	case len(c.Verbs) > 0:
		return union(c.Verbs, func(v schema.Verb) ([]schema.ID, error) { return p.reader.factsOfVerb(ctx, v) })
	case len(c.Statuses) > 0:
		return union(c.Statuses, func(s schema.Status) ([]schema.ID, error) {
			return p.reader.subjects(ctx, store.Pattern{Predicate: schema.StatusTerm, Object: schema.Term(s)})
		})
	}
	return p.reader.subjects(ctx, store.Pattern{Predicate: schema.StatusTerm})
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

// factsOfVerb returns the facts of a verb. For the predicate of a role edge, it
// returns the facts with a participant in one of the roles.
func (r reader) factsOfVerb(ctx context.Context, verb schema.Verb) ([]schema.ID, error) {
	edge, ok := r.vocabulary.RoleEdge(verb)
	if !ok {
		return r.subjects(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(verb)})
	}
	return union(edge.Roles, func(role schema.Role) ([]schema.ID, error) {
		return r.subjects(ctx, store.Pattern{Predicate: schema.Term(role)})
	})
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

// byDate sorts facts by the first day on which they may have begun, undated facts
// last.
func (r reader) byDate(ctx context.Context, ids []schema.ID) ([]schema.ID, error) {
	dates := make(map[schema.ID]string, len(ids))
	for _, id := range ids {
		dates[id] = "undated"
		for q, err := range r.Match(ctx, store.Pattern{Subject: id.Value(), Predicate: schema.FromTerm}) {
			if err != nil {
				return nil, err
			}
			date := quad.ToString(q.Object)
			if isDerived(q) {
				date += " or later" // sorts after the fact that contains it
			}
			dates[id] = min(dates[id], date)
		}
	}
	return slices.SortedFunc(maps.Keys(dates), func(a, b schema.ID) int {
		return cmp.Or(strings.Compare(dates[a], dates[b]), cmp.Compare(a, b))
	}), context.Cause(ctx)
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

// match reports whether the filter selects a fact, where own are the quads whose
// subject is the fact.
func (p *factFilter) match(fact schema.Fact, own []quad.Quad) (bool, error) {
	verdict, err := p.verdict(fact, own)
	switch f := p.filter; {
	case err != nil:
		return false, err
	case verdict == unasserted && f.OnUnasserted != nil:
		f.OnUnasserted(fact)
	case verdict == undated && f.OnUndated != nil:
		f.OnUndated(fact)
	}
	return verdict == counted, nil
}

// verdict decides about a fact by all fields of the filter.
func (p *factFilter) verdict(fact schema.Fact, own []quad.Quad) (verdict, error) {
	v, err := p.predicate.judge(fact, own)
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

// reportThrough calls OnThrough if a fact involves an entity of About through others.
func (p *factFilter) reportThrough(fact schema.Fact) {
	if p.filter.OnThrough == nil {
		return
	}
	if all := p.through(fact); len(all) > 0 {
		p.filter.OnThrough(fact, all)
	}
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
