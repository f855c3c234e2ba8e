package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// candidateFinder finds the candidates of a filter: a set that contains every fact that
// the filter selects or reports as left out. The indexes of the store answer most
// conditions with such a set of ids. The smallest set and those that are worth their
// reading are intersected.
type candidateFinder struct{ *factFilter }

// condition is a set of ids that contains every fact that meets one condition of a
// filter.
type condition struct {
	cost  int64 // about how many quads fill reads
	mixed bool  // the set may contain ids of subjects that are not facts
	fill  func(ctx context.Context, into *idSet) error
}

// quadsPerFact is about how many quads can be read as ids while one fact is read and
// decoded.
const quadsPerFact = 200

// intersect returns the candidates, for the conditions that indexes answer.
func (c candidateFinder) intersect(ctx context.Context, list []condition) (*idSet, error) {
	if !slices.ContainsFunc(list, func(next condition) bool { return !next.mixed }) {
		facts, err := c.matching(ctx, store.Pattern{Predicate: schema.StatusTerm})
		if err != nil {
			return nil, err
		}
		list = append(list, facts)
	}
	slices.SortStableFunc(list, func(a, b condition) int { return cmp.Compare(a.cost, b.cost) })
	var found *idSet
	for len(list) > 0 && (found == nil || list[0].cost <= quadsPerFact*int64(found.count)) {
		n := similar(list)
		sets, err := setsOf(ctx, list[:n])
		if err != nil {
			return nil, err
		}
		for _, set := range sets {
			if found == nil {
				found = set
			} else {
				found.keep(set)
			}
		}
		list = list[n:]
	}
	return found, nil
}

// similarCost is how many times as much as another set one may cost that is read beside it.
const similarCost = 4

// similar returns how many of the first sets are read at the same time: those that cost
// not much more than the first. Whether the others are worth their reading depends on how
// many facts these leave.
func similar(list []condition) int {
	n := slices.IndexFunc(list, func(next condition) bool { return next.cost > similarCost*max(list[0].cost, 1) })
	if n < 0 {
		return len(list)
	}
	return n
}

func (c condition) set(ctx context.Context) (*idSet, error) {
	set := &idSet{}
	return set, c.fill(ctx, set)
}

// setsOf returns the sets of conditions, which are read at the same time.
func setsOf(ctx context.Context, list []condition) ([]*idSet, error) {
	sets, errs := make([]*idSet, len(list)), make([]error, len(list))
	var working sync.WaitGroup
	for i, next := range list {
		working.Go(func() { sets[i], errs[i] = next.set(ctx) })
	}
	working.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return sets, nil
}

// facts returns all facts.
func (c candidateFinder) facts(ctx context.Context) (*idSet, error) {
	all, err := c.matching(ctx, store.Pattern{Predicate: schema.StatusTerm})
	if err != nil {
		return nil, err
	}
	return all.set(ctx)
}

// conditions returns the conditions of the filter that indexes answer.
func (c candidateFinder) conditions(ctx context.Context) ([]condition, error) {
	var list []condition
	f := &c.filter
	if f.Facts != nil {
		list = append(list, condition{cost: 1, fill: c.listed})
	}
	for _, of := range []func(context.Context) ([]condition, error){c.ofEntities, c.ofWords, c.ofClaims, c.ofDates} {
		more, err := of(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// listed adds the facts of the filter's own list.
func (c candidateFinder) listed(_ context.Context, into *idSet) error {
	for _, id := range c.filter.Facts {
		n, err := c.snapshot.ID(id.Value())
		if err == nil && n == 0 {
			err = fmt.Errorf("%w: %s", ErrNotFound, id)
		}
		if err != nil {
			return err
		}
		into.add(n)
	}
	return nil
}

// ofEntities returns the conditions on entities.
func (c candidateFinder) ofEntities(ctx context.Context) (list []condition, err error) {
	ids := slices.Clone(c.filter.Alongside)
	if c.filter.With != "" {
		ids = append(ids, c.filter.With)
	}
	for _, id := range ids {
		entity := &idSet{}
		if n, err := c.snapshot.ID(id.Value()); err != nil {
			return nil, err
		} else if n != 0 {
			entity.add(n)
		}
		mentions, err := c.mentions(ctx, entity, schema.SourceTerm)
		if err != nil {
			return nil, err
		}
		list = append(list, mentions)
	}
	for _, s := range c.about {
		about, err := c.concerning(ctx, s)
		if err != nil {
			return nil, err
		}
		list = append(list, about)
	}
	return list, nil
}

// ofWords returns the conditions on verbs, statuses and standings.
func (c candidateFinder) ofWords(ctx context.Context) (list []condition, err error) {
	add := func(patterns []store.Pattern) {
		if len(patterns) > 0 && err == nil {
			var next condition
			next, err = c.matching(ctx, patterns...)
			list = append(list, next)
		}
	}
	conditions := &c.filter.Conditions
	add(c.verbPatterns())
	add(patternsOf(schema.StatusTerm, conditions.Statuses))
	if conditions.Disputed == DisputedOnly {
		add(patternsOf(schema.StandingTerm, []schema.Standing{schema.StandingDisputed}))
	}
	standings := conditions.Standings
	if c.filter.OnUnasserted == nil && c.filter.Omitted == nil {
		standings = conditions.AllowedStandings()
	}
	if len(conditions.Datasets) == 0 { // the stored standing is by the evidence of all datasets
		add(patternsOf(schema.StandingTerm, standings))
	}
	return list, err
}

// verbPatterns returns the patterns of facts with one of the verbs. For the predicate of
// a role edge, these are the facts with a participant in one of its roles.
func (c candidateFinder) verbPatterns() (patterns []store.Pattern) {
	for _, verb := range c.filter.Conditions.Verbs {
		edge, ok := c.reader.vocabulary.RoleEdge(verb)
		if !ok {
			patterns = append(patterns, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(verb)})
			continue
		}
		for _, role := range edge.Roles {
			patterns = append(patterns, store.Pattern{Predicate: schema.Term(role)})
		}
	}
	return patterns
}

// patternsOf returns the patterns of quads with a predicate and one of the words.
func patternsOf[T ~string](predicate quad.IRI, words []T) (patterns []store.Pattern) {
	for _, word := range words {
		patterns = append(patterns, store.Pattern{Predicate: predicate, Object: schema.Term(word)})
	}
	return patterns
}

// matching returns the subjects of the quads that match any of the patterns.
func (c candidateFinder) matching(ctx context.Context, patterns ...store.Pattern) (condition, error) {
	all, cost, err := c.stored(ctx, patterns...)
	return condition{cost: cost, fill: func(ctx context.Context, into *idSet) error {
		for _, p := range all {
			err := eachQuad(ctx, c.snapshot.NewScan(), p, func(q [4]uint64) { into.add(q[0]) })
			if err != nil {
				return err
			}
		}
		return nil
	}}, err
}

// stored returns the patterns of predicate and object as ids, without patterns that have
// terms that are not stored, and the number of quads that match them.
func (c candidateFinder) stored(ctx context.Context, patterns ...store.Pattern) (list [][4]uint64, count int64, err error) {
	for _, p := range patterns {
		ids, known := [4]uint64{}, true
		for i, term := range []quad.Value{1: p.Predicate, 2: p.Object} {
			if term == nil {
				continue
			}
			if ids[i], err = c.snapshot.ID(term); err != nil {
				return nil, 0, err
			}
			known = known && ids[i] != 0
		}
		if !known {
			continue
		}
		n, err := c.snapshot.CountIDs(ctx, ids)
		if err != nil {
			return nil, 0, err
		}
		list, count = append(list, ids), count+n
	}
	return list, count, nil
}

// ofClaims returns the conditions on datasets and on the number of sources.
func (c candidateFinder) ofClaims(ctx context.Context) (list []condition, err error) {
	if names := c.filter.Conditions.Datasets; len(names) > 0 {
		status, count, err := c.stored(ctx, store.Pattern{Predicate: schema.StatusTerm})
		if err != nil {
			return nil, err
		}
		list = append(list, condition{cost: count, fill: func(ctx context.Context, into *idSet) error { return c.fillClaimed(ctx, status, into) }})
	}
	if least := c.filter.Conditions.MinSources; least > 1 {
		evidence, count, err := c.stored(ctx, store.Pattern{Predicate: schema.EvidenceTerm})
		if err != nil {
			return nil, err
		}
		list = append(list, condition{cost: count, fill: func(ctx context.Context, into *idSet) error { return c.fillBacked(ctx, evidence, least, into) }})
	}
	return list, nil
}

// datasetIDs returns the ids of the labels of the filter's datasets.
func (c candidateFinder) datasetIDs() (ids []uint64, err error) {
	for _, name := range c.filter.Conditions.Datasets {
		id, err := c.snapshot.ID(schema.DatasetValue(name))
		if err != nil {
			return nil, err
		}
		if id != 0 {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// fillClaimed adds the facts that the filter's datasets claim: each dataset states the
// status of its facts.
func (c candidateFinder) fillClaimed(ctx context.Context, status [][4]uint64, into *idSet) error {
	labels, err := c.datasetIDs()
	if err != nil || len(status) == 0 {
		return err
	}
	return eachQuad(ctx, c.snapshot.NewScan(), status[0], func(q [4]uint64) {
		if slices.Contains(labels, q[3]) {
			into.add(q[0])
		}
	})
}

// mostCounted is the largest number of pieces of evidence that fillBacked counts.
const mostCounted = 8

// fillBacked adds the facts that have at least a number of pieces of evidence, without
// which they cannot have as many sources.
func (c candidateFinder) fillBacked(ctx context.Context, evidence [][4]uint64, least int, into *idSet) error {
	if len(evidence) == 0 {
		return nil
	}
	with := make([]*idSet, min(least, mostCounted)) // with[n] are the facts with more than n pieces
	for i := range with {
		with[i] = &idSet{}
	}
	with[len(with)-1] = into
	return eachQuad(ctx, c.snapshot.NewScan(), evidence[0], func(q [4]uint64) {
		for _, set := range with {
			if set.add(q[0]) {
				return
			}
		}
	})
}

// idScan is the interface of a scan of a [store.Snapshot] by ids.
type idScan interface {
	Begin(pattern [4]uint64)
	Next(ctx context.Context) ([][4]uint64, error)
}

// eachQuad calls fn with each quad that matches a pattern of ids, in which 0 matches
// anything.
func eachQuad(ctx context.Context, scan idScan, pattern [4]uint64, fn func([4]uint64)) error {
	scan.Begin(pattern)
	for {
		block, err := scan.Next(ctx)
		if err != nil || len(block) == 0 {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		for _, q := range block {
			fn(q)
		}
	}
}
