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
	Verbs    []schema.Verb
	Statuses []schema.Status

	// About picks facts that these entities take part in, in any role, as place,
	// speaker or topic. A country also has part in what its people, institutions
	// and posts do. All of them must have part.
	About []schema.ID

	// With picks facts that have the entity itself in a role, as place, speaker
	// or source.
	With schema.ID

	// Since and Until are written dates; a fact is picked where it may have
	// been going on between the start of Since and the end of Until. Undated
	// facts are picked only with Undated.
	Since, Until string
	Undated      bool

	Datasets   []string
	MinSources int

	// OnUndated, if set, is called for each fact that was left out only because
	// it has no date.
	OnUndated func(schema.Fact)
}

// window is the days of Since and Until.
func (f Filter) window() (since, until schema.Day, err error) {
	since, until = schema.MinDay, schema.MaxDay
	if f.Since != "" {
		if since, _, err = schema.Window(f.Since); err != nil {
			return since, until, err
		}
	}
	if f.Until != "" {
		_, until, err = schema.Window(f.Until)
	}
	return since, until, err
}

// Facts yields the facts that the filter picks, in order of date and then of id,
// undated ones last. An error is the last pair; those of dates wrap
// [schema.ErrDate].
func (g *Graph) Facts(ctx context.Context, f Filter) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) {
		errStop := errors.New("stop")
		err := g.view(ctx, func(r reader) error {
			p := &picker{reader: r, filter: f, countries: map[schema.ID]schema.ID{}}
			var err error
			if p.since, p.until, err = f.window(); err != nil {
				return err
			}
			if err := p.readTopics(ctx); err != nil {
				return err
			}
			ids, err := p.candidates(ctx)
			if err != nil {
				return err
			}
			for _, id := range ids {
				fact, ok, err := p.pick(ctx, id)
				if err != nil {
					return err
				}
				if ok && !yield(fact, nil) {
					return errStop
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(schema.Fact{}, err)
		}
	}
}

type picker struct {
	reader
	filter       Filter
	since, until schema.Day
	topics       map[schema.ID][]string // folded names of what the facts are to be about
	countries    map[schema.ID]schema.ID
}

func (p *picker) readTopics(ctx context.Context) error {
	p.topics = make(map[schema.ID][]string)
	for _, id := range p.filter.About {
		own, err := p.own(ctx, id)
		if err != nil {
			return err
		}
		e := schema.DecodeEntity(id, own)
		names := []string{schema.Fold(e.Label)}
		for _, a := range e.Aliases {
			names = append(names, schema.Fold(a.Value))
		}
		p.topics[id] = slices.DeleteFunc(names, func(s string) bool { return s == "" })
	}
	return nil
}

// candidates are the facts of the rarest condition that an index answers.
func (p *picker) candidates(ctx context.Context) ([]schema.ID, error) {
	if p.filter.With != "" {
		return p.candidatesWith(ctx)
	}
	if len(p.filter.Verbs) == 0 {
		ids, err := p.subjects(ctx, store.Pattern{Predicate: schema.StatusTerm})
		if err != nil {
			return nil, err
		}
		return p.byDate(ctx, ids)
	}
	var ids []schema.ID
	for _, verb := range p.filter.Verbs {
		more, err := p.subjects(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(verb)})
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	return p.byDate(ctx, ids)
}

// candidatesWith follows what points at the entity: facts, and evidence to the
// facts that it is of.
func (p *picker) candidatesWith(ctx context.Context) ([]schema.ID, error) {
	subjects, err := p.subjects(ctx, store.Pattern{Object: p.filter.With.Value()})
	if err != nil {
		return nil, err
	}
	var facts []schema.ID
	for _, id := range subjects {
		switch {
		case schema.KindOf(id) == schema.KindFact:
			facts = append(facts, id)
		case schema.IsEvidence(id):
			of, err := p.subjects(ctx, store.Pattern{Predicate: schema.EvidenceTerm, Object: id.Value()})
			if err != nil {
				return nil, err
			}
			facts = append(facts, of...)
		}
	}
	return p.byDate(ctx, facts)
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
			dates[id] = min(dates[id], quad.ToString(q.Object))
		}
	}
	return slices.SortedFunc(maps.Keys(dates), func(a, b schema.ID) int {
		return cmp.Or(strings.Compare(dates[a], dates[b]), cmp.Compare(a, b))
	}), nil
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

func (p *picker) pick(ctx context.Context, id schema.ID) (schema.Fact, bool, error) {
	fact, err := p.fact(ctx, id)
	if err != nil {
		return fact, false, err
	}
	f := p.filter
	if len(f.Verbs) > 0 && !slices.Contains(f.Verbs, fact.Verb) ||
		len(f.Statuses) > 0 && !slices.Contains(f.Statuses, fact.Status) ||
		fact.Sources() < f.MinSources || !p.inDatasets(fact) {
		return fact, false, nil
	}
	for _, about := range f.About {
		ok, err := p.isAbout(ctx, fact, about)
		if err != nil || !ok {
			return fact, false, err
		}
	}
	ok, err := p.inWindow(fact)
	return fact, ok, err
}

func (p *picker) inDatasets(fact schema.Fact) bool {
	return len(p.filter.Datasets) == 0 || slices.ContainsFunc(fact.Evidence, func(e schema.Evidence) bool {
		return slices.Contains(p.filter.Datasets, e.Dataset)
	})
}

// inWindow also asks the dates of single pieces of evidence: one source may know
// an end that another does not.
func (p *picker) inWindow(fact schema.Fact) (bool, error) {
	if p.filter.Since == "" && p.filter.Until == "" {
		return true, nil
	}
	kind := schema.Interaction
	if d, ok := p.vocabulary.Lookup(fact.Verb); ok {
		kind = d.Kind
	}
	dated := false
	for _, when := range append([]schema.When{fact.When}, whens(fact)...) {
		span, err := when.Span(kind)
		if err != nil {
			return false, err
		}
		dated = dated || when.Dated()
		if when.Dated() && span.Possible(p.since, p.until) {
			return true, nil
		}
	}
	if !dated && !p.filter.Undated && p.filter.OnUndated != nil {
		p.filter.OnUndated(fact)
	}
	return !dated && p.filter.Undated, nil
}

func whens(fact schema.Fact) []schema.When {
	var all []schema.When
	for _, e := range fact.Evidence {
		all = append(all, e.When)
	}
	return all
}

// isAbout reports whether the entity has part in the fact.
func (p *picker) isAbout(ctx context.Context, fact schema.Fact, about schema.ID) (bool, error) {
	topic := " " + schema.Fold(fact.Topic) + " "
	for _, name := range p.topics[about] {
		if strings.Contains(topic, " "+name+" ") {
			return true, nil
		}
	}
	for _, id := range involved(fact) {
		if id == about {
			return true, nil
		}
		if schema.KindOf(about) != schema.Country {
			continue
		}
		country, err := p.country(ctx, id)
		if err != nil || country == about {
			return err == nil, err
		}
	}
	return false, nil
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

func (p *picker) country(ctx context.Context, id schema.ID) (schema.ID, error) {
	if country, ok := p.countries[id]; ok || id == "" {
		return country, nil
	}
	for q, err := range p.Match(ctx, store.Pattern{Subject: id.Value(), Predicate: schema.CountryTerm}) {
		if err != nil {
			return "", err
		}
		if iri, ok := q.Object.(quad.IRI); ok {
			p.countries[id] = schema.ID(iri)
		}
	}
	return p.countries[id], nil
}
