package graph

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Filter picks facts. Its zero value picks all; each field that is set must
// hold, by any one of its values.
type Filter struct {
	// Verbs picks facts of these verbs, and for the predicate of a role's edges
	// those whose roles make such an edge, or would had they happened.
	Verbs []schema.Verb

	// Statuses picks facts of these statuses that at least one source asserts; of
	// other standings only with Standings.
	Statuses []schema.Status

	// Standings picks facts of these standings; none: all, or with Statuses or
	// MinSources [schema.AssertedStandings].
	Standings []schema.Standing

	// About picks facts that these entities take part in, in any role, as place,
	// speaker or topic. All of them must have part. A country also has part in what
	// its people, institutions and posts do; and a place, a country or what is of
	// one in what happens where something lies that is located in it, directly or
	// through others, by any located-in relation that some source asserts, whatever
	// its dates. AboutOnly keeps to the entities themselves.
	About     []schema.ID
	AboutOnly bool

	// OnThrough, if set, is called before a fact that is picked where one of About
	// has part in it only by way of others: with these.
	OnThrough func(schema.Fact, []schema.ID)

	// With picks facts that have the entity itself in a role, as place, speaker
	// or source.
	With schema.ID

	// Alongside picks facts that have all of these so, besides.
	Alongside []schema.ID

	// Since and Until are written dates; a fact is picked where it may have been
	// going on between the start of Since and the end of Until: from the earliest
	// to the latest day that its evidence allows, denials left out. A fact without a
	// date that is part of others may have happened on all their days, see
	// [schema.Fact.Within]. Undated facts are picked only with Undated.
	Since, Until string

	// AsOf is a written date: facts as they were at its end. An event is picked
	// that may have happened by then, a relation that may have held then.
	AsOf    string
	Undated bool

	// Datasets picks facts that any of these claims; only the dates that they
	// give count then, and those of the facts that a fact is part of; the standing is
	// what their evidence makes of it.
	Datasets []string

	// MinSources picks facts that at least so many documents assert, over all
	// datasets; of Standings that none asserts, facts of which so many say anything.
	MinSources int

	// OnUndated, if set, is called for each fact that was left out only because
	// it has no date.
	OnUndated func(schema.Fact)

	// OnUnasserted, if set, is called for each fact that was left out only because
	// no source asserts it, where Statuses or MinSources are given and Standings are
	// not.
	OnUnasserted func(schema.Fact)
}

// Facts yields the facts that the filter picks, in order of date and then of id,
// undated ones last. An error is the last pair; those of dates wrap
// [schema.ErrDate].
func (g *Graph) Facts(ctx context.Context, f Filter) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) {
		err := g.view(ctx, func(r reader) error {
			p := &picker{reader: r, filter: f}
			return p.each(ctx, func(f schema.Fact) bool { return yield(f, nil) })
		})
		if err != nil {
			yield(schema.Fact{}, err)
		}
	}
}

type picker struct {
	reader
	filter       Filter
	since, until schema.Day
	asOf         schema.Day
	about        []*subject
}

// each calls fn with the facts that are picked until it returns false.
func (p *picker) each(ctx context.Context, fn func(schema.Fact) bool) (err error) {
	if p.since, p.until, err = schema.WindowBetween(p.filter.Since, p.filter.Until); err != nil {
		return err
	}
	if p.filter.AsOf != "" {
		if _, p.asOf, err = schema.Window(p.filter.AsOf); err != nil {
			return err
		}
	}
	for _, id := range p.filter.About {
		subject, err := p.subject(ctx, id)
		if err != nil {
			return err
		}
		p.about = append(p.about, subject)
	}
	ids, err := p.candidates(ctx)
	if err != nil {
		return err
	}
	if ids, err = p.byDate(ctx, ids); err != nil {
		return err
	}
	read := tally{}
	for _, id := range ids {
		fact, err := p.fact(ctx, id)
		if err != nil {
			return err
		}
		read.add(fact)
		ok, err := p.picks(ctx, fact)
		if err == nil && ok {
			p.tellThrough(fact)
		}
		if err != nil || ok && !fn(fact) {
			return err
		}
	}
	if err := context.Cause(ctx); err != nil || !p.filter.readsAll() {
		return err
	}
	return p.checkTally(ctx, read)
}

// readsAll reports whether all facts are candidates.
func (f *Filter) readsAll() bool {
	return f.With == "" && len(f.About)+len(f.Standings)+len(f.Verbs)+len(f.Statuses) == 0
}

// candidates are the facts of the first condition that an index answers; every
// fact that is picked is among them.
func (p *picker) candidates(ctx context.Context) ([]schema.ID, error) {
	switch f := p.filter; {
	case f.With != "":
		return p.factsWith(ctx, f.With)
	case len(p.about) > 0:
		return p.factsAbout(ctx, p.about[0])
	case len(f.Standings) > 0 && len(f.Datasets) == 0 && !slices.ContainsFunc(f.Standings, schema.Standing.Asserted):
		return union(f.Standings, func(s schema.Standing) ([]schema.ID, error) { // few facts are such
			return p.subjects(ctx, store.Pattern{Predicate: schema.StandingTerm, Object: schema.Term(s)})
		})
	case len(f.Verbs) > 0:
		return union(f.Verbs, func(v schema.Verb) ([]schema.ID, error) { return p.factsBy(ctx, v) })
	case len(f.Statuses) > 0:
		return union(f.Statuses, func(s schema.Status) ([]schema.ID, error) {
			return p.subjects(ctx, store.Pattern{Predicate: schema.StatusTerm, Object: schema.Term(s)})
		})
	}
	return p.subjects(ctx, store.Pattern{Predicate: schema.StatusTerm})
}

// union collects what fn finds for each of the items.
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

// factsBy are the facts of a verb, or with players of the roles that a predicate
// is of.
func (r reader) factsBy(ctx context.Context, verb schema.Verb) ([]schema.ID, error) {
	edge, ok := r.vocabulary.RoleEdge(verb)
	if !ok {
		return r.subjects(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(verb)})
	}
	return union(edge.Roles, func(role schema.Role) ([]schema.ID, error) {
		return r.subjects(ctx, store.Pattern{Predicate: schema.Term(role)})
	})
}

// isBy reports whether a fact is of one of some verbs, or its roles make edges of
// one of these predicates.
func (r reader) isBy(f schema.Fact, verbs []schema.Verb) bool {
	if slices.Contains(verbs, f.Verb) {
		return true
	}
	if !slices.ContainsFunc(verbs, func(v schema.Verb) bool { _, ok := r.vocabulary.RoleEdge(v); return ok }) {
		return false
	}
	return slices.ContainsFunc(r.vocabulary.Pairs(f), func(e schema.Edge) bool { return e.Role != "" && slices.Contains(verbs, e.Verb) })
}

// factsWith follows what points at an entity: facts, and evidence to the facts
// that it is of.
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

// byDate sorts facts by the day they began or may have begun, undated ones last.
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
				date += " or later" // after the fact that it is part of
			}
			dates[id] = min(dates[id], date)
		}
	}
	return slices.SortedFunc(maps.Keys(dates), func(a, b schema.ID) int {
		return cmp.Or(strings.Compare(dates[a], dates[b]), cmp.Compare(a, b))
	}), context.Cause(ctx)
}

// subjects returns the subjects of what matches, sorted, each once.
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

func (p *picker) picks(ctx context.Context, fact schema.Fact) (bool, error) {
	f := p.filter
	if len(f.Verbs) > 0 && !p.isBy(fact, f.Verbs) ||
		len(f.Statuses) > 0 && !slices.Contains(f.Statuses, fact.Status) ||
		fact.Sources() < f.MinSources || f.With != "" && !slices.Contains(mentioned(fact), f.With) {
		return false, nil
	}
	for _, id := range f.Alongside {
		if !slices.Contains(mentioned(fact), id) {
			return false, nil
		}
	}
	for _, s := range p.about {
		if _, ok := s.hasPart(p.vocabulary, fact); !ok {
			return false, nil
		}
	}
	if len(f.Datasets) > 0 {
		claimed, err := p.fact(ctx, fact.ID, f.Datasets...)
		if errors.Is(err, ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		fact = claimed
	}
	in, dated, err := p.inWindow(fact)
	switch standings := f.standings(); {
	case len(standings) > 0 && !slices.Contains(standings, fact.Standing()):
		if in && len(f.Standings) == 0 && f.OnUnasserted != nil {
			f.OnUnasserted(fact)
		}
		return false, err
	case err == nil && !in && !dated && f.OnUndated != nil:
		f.OnUndated(fact)
	}
	return in, err
}

// standings are those of the facts that the filter picks; none: all.
func (f *Filter) standings() []schema.Standing {
	if len(f.Standings) == 0 && (len(f.Statuses) > 0 || f.MinSources > 0) {
		return schema.AssertedStandings()
	}
	return f.Standings
}

// tellThrough says by way of whom the fact is about what was asked for.
func (p *picker) tellThrough(fact schema.Fact) {
	if p.filter.OnThrough == nil {
		return
	}
	var all []schema.ID
	for _, s := range p.about {
		through, _ := s.hasPart(p.vocabulary, fact)
		all = append(all, through...)
	}
	if len(all) > 0 {
		slices.Sort(all)
		p.filter.OnThrough(fact, slices.Compact(all))
	}
}

// inWindow reports whether a fact lies in the dates that are asked for, and
// whether it has any itself, where they matter.
func (p *picker) inWindow(fact schema.Fact) (in, dated bool, err error) {
	if p.filter.Since == "" && p.filter.Until == "" && p.filter.AsOf == "" {
		return true, true, nil
	}
	holds := p.vocabulary.VerbKind(fact.Verb) == schema.Relation
	days, dated, err := p.vocabulary.Extent(fact)
	if err != nil || dated {
		then := p.filter.AsOf == "" || days.From <= p.asOf && (!holds || days.To >= p.asOf)
		return then && days.From <= p.until && days.To >= p.since, true, err
	}
	return p.filter.Undated, false, nil
}

// involved lists who and what has part in a fact, places and speakers included.
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

// mentioned also lists its sources.
func mentioned(fact schema.Fact) []schema.ID {
	ids := involved(fact)
	for _, e := range fact.Evidence {
		ids = append(ids, e.Source)
	}
	return ids
}
