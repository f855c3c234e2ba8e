package graph

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// mentionScan finds the facts that refer to entities. It reads the quads of each entity,
// or all quads with the predicates if the entities are many.
type mentionScan struct {
	snapshot   *store.Snapshot
	entities   *idSet
	many       bool
	predicates map[uint64]bool // true for a predicate of evidence, false for a predicate of facts
	evidence   uint64          // the predicate that links a fact with its evidence
}

// quadsPerSearch is about how many quads can be read one after another in the time of a
// search in an index.
const quadsPerSearch = 300

// quadsPerObject is about how many quads can be read one after another in the time in which
// the quads of the next of many objects in ascending order are found.
const quadsPerObject = 40

// fewEntities is how many entities are searched one by one without asking whether that is
// the faster way.
const fewEntities = 64

// mentions returns the condition that facts refer to at least one of some entities: in a
// role, as place or speaker, or by the other predicates of evidence.
func (c candidateFinder) mentions(ctx context.Context, entities *idSet, others ...quad.IRI) (condition, error) {
	m, err := c.mentionsOf(entities, others...)
	if err != nil {
		return condition{}, err
	}
	cost, err := m.cost(ctx)
	return condition{cost: cost, mixed: true, fill: m.fill}, err
}

func (c candidateFinder) mentionsOf(entities *idSet, others ...quad.IRI) (*mentionScan, error) {
	m := &mentionScan{snapshot: c.snapshot, entities: entities, predicates: map[uint64]bool{}}
	for _, role := range c.reader.vocabulary.Roles() { // places are a role here
		if err := m.follow(schema.Term(role), false); err != nil {
			return nil, err
		}
	}
	for _, term := range append(others, schema.SaidByTerm, schema.ViaTerm) {
		if err := m.follow(term, true); err != nil {
			return nil, err
		}
	}
	var err error
	m.evidence, err = c.snapshot.ID(schema.EvidenceTerm)
	return m, err
}

// follow adds a predicate by which facts or their evidence refer to entities.
func (m *mentionScan) follow(term quad.IRI, ofEvidence bool) error {
	id, err := m.snapshot.ID(term)
	if id != 0 {
		m.predicates[id] = ofEvidence
	}
	return err
}

// cost chooses how to read, and returns about how many quads that reads.
func (m *mentionScan) cost(ctx context.Context) (int64, error) {
	if m.entities.count <= fewEntities {
		return m.count(ctx)
	}
	total := int64(0)
	for predicate := range m.predicates {
		n, err := m.snapshot.CountIDs(ctx, [4]uint64{1: predicate})
		if err != nil {
			return 0, err
		}
		total += n
	}
	if m.many = int64(m.entities.count)*quadsPerSearch > total; m.many {
		return total, nil
	}
	return m.count(ctx)
}

// count returns the number of quads whose object is one of a few entities.
func (m *mentionScan) count(ctx context.Context) (total int64, err error) {
	for id := range m.entities.all() {
		n, err := m.snapshot.CountIDs(ctx, [4]uint64{2: id})
		if err != nil {
			return 0, err
		}
		total += n + quadsPerSearch
	}
	return total, nil
}

func (m *mentionScan) fill(ctx context.Context, into *idSet) error {
	evidence := &idSet{}
	add := func(q [4]uint64) {
		if ofEvidence, ok := m.predicates[q[1]]; ofEvidence {
			evidence.add(q[0])
		} else if ok {
			into.add(q[0])
		}
	}
	scan := m.snapshot.NewScan()
	if !m.many {
		for id := range m.entities.all() {
			if err := eachQuad(ctx, scan, [4]uint64{2: id}, add); err != nil {
				return err
			}
		}
		return m.addFactsOf(ctx, evidence, into)
	}
	for predicate := range m.predicates {
		err := eachQuad(ctx, scan, [4]uint64{1: predicate}, func(q [4]uint64) {
			if m.entities.has(q[2]) {
				add(q)
			}
		})
		if err != nil {
			return err
		}
	}
	return m.addFactsOf(ctx, evidence, into)
}

// addFactsOf adds the facts that have any of the pieces of evidence.
func (m *mentionScan) addFactsOf(ctx context.Context, evidence, into *idSet) error {
	if evidence.count == 0 || m.evidence == 0 {
		return nil
	}
	total, err := m.snapshot.CountIDs(ctx, [4]uint64{1: m.evidence})
	if err != nil {
		return err
	}
	if int64(evidence.count)*quadsPerObject > total {
		return eachQuad(ctx, m.snapshot.NewScan(), [4]uint64{1: m.evidence}, func(q [4]uint64) {
			if evidence.has(q[2]) {
				into.add(q[0])
			}
		})
	}
	return store.EachObject(ctx, m.snapshot, slices.Collect(evidence.all()), func(_ int, quads [][4]uint64) {
		for _, q := range quads {
			if q[1] == m.evidence {
				into.add(q[0])
			}
		}
	})
}

// concerning returns the condition that facts are about an entity.
func (c candidateFinder) concerning(ctx context.Context, s *aboutEntity) (condition, error) {
	members := &idSet{}
	for _, ids := range []map[schema.ID]bool{s.ids, s.placed} {
		for id := range ids {
			n, err := c.snapshot.ID(id.Value())
			if err != nil {
				return condition{}, err
			}
			if n != 0 {
				members.add(n)
			}
		}
	}
	found, err := c.mentions(ctx, members)
	if err != nil {
		return condition{}, err
	}
	topics, count, err := c.stored(ctx, store.Pattern{Predicate: schema.TopicTerm})
	mentions := found.fill
	found.cost += count
	found.fill = func(ctx context.Context, into *idSet) error {
		if err := mentions(ctx, into); err != nil || len(topics) == 0 {
			return err
		}
		return c.fillNamed(ctx, topics[0], s, into)
	}
	return found, err
}

// fillNamed adds the facts whose topic contains a name of an entity.
func (c candidateFinder) fillNamed(ctx context.Context, topics [4]uint64, s *aboutEntity, into *idSet) error {
	texts := &idSet{}
	scan := c.snapshot.NewScan()
	if err := eachQuad(ctx, scan, topics, func(q [4]uint64) { texts.add(q[2]) }); err != nil {
		return err
	}
	ids, named := slices.Collect(texts.all()), &idSet{}
	i := 0
	for value, err := range c.snapshot.Terms(ctx, ids) {
		if err != nil {
			return err
		}
		if topic, ok := value.(quad.String); ok && s.named(string(topic)) {
			named.add(ids[i])
		}
		i++
	}
	if named.count == 0 {
		return nil
	}
	return eachQuad(ctx, scan, topics, func(q [4]uint64) {
		if named.has(q[2]) {
			into.add(q[0])
		}
	})
}

// windowScan finds the facts that may meet a period: a dataset gives a first day and a
// last day that fit. It reads all first and last days of the graph, each in one pass.
type windowScan struct {
	candidateFinder
	from, to [4]uint64   // patterns of the quads with first and with last days
	first    schema.Days // the days on which a fact may begin
	last     schema.Days // the days on which it may end
}

// ofDates returns the condition on dates.
func (c candidateFinder) ofDates(ctx context.Context) ([]condition, error) {
	p := &c.predicate.period
	if !p.HasWindow && !p.HasAsOf {
		return nil, nil
	}
	w := &windowScan{candidateFinder: c, first: schema.Days{From: schema.MinDay, To: min(p.Until, p.AsOf)}, last: schema.Days{From: p.Since, To: schema.MaxDay}}
	if p.Contained {
		w.first.From, w.last.To = p.Since, p.Until
	}
	cost := int64(0)
	for _, days := range []struct {
		pattern *[4]uint64
		term    store.Pattern
	}{{&w.from, store.Pattern{Predicate: schema.FromTerm}}, {&w.to, store.Pattern{Predicate: schema.ToTerm}}} {
		patterns, count, err := c.stored(ctx, days.term)
		if err != nil {
			return nil, err
		}
		for _, p := range patterns {
			*days.pattern = p
		}
		cost += count
	}
	return []condition{{cost: cost, mixed: true, fill: w.fill}}, nil
}

// reportsUndated reports whether the filter selects, reports or counts facts without a
// date, though it has a condition on dates.
func (f *Filter) reportsUndated() bool {
	return f.Conditions.Undated || f.OnUndated != nil || f.Omitted != nil
}

// fill adds the facts that may meet the period, and those that may have no date if the
// filter asks for these.
func (w *windowScan) fill(ctx context.Context, into *idSet) error {
	ends, dated := &idSet{}, &idSet{}
	var firstErr, lastErr error
	var working sync.WaitGroup
	working.Go(func() { lastErr = w.scan(ctx, w.to, w.last, func(q [4]uint64) { ends.add(q[0]) }, nil) })
	firstErr = w.begun(ctx, into, dated)
	working.Wait()
	if firstErr != nil || lastErr != nil {
		return cmp.Or(firstErr, lastErr)
	}
	into.keep(ends)
	if !w.filter.reportsUndated() {
		return nil
	}
	facts, err := w.facts(ctx)
	if err != nil {
		return err
	}
	facts.drop(dated)
	into.join(facts)
	disputed, err := w.matching(ctx, patternsOf(schema.StandingTerm, []schema.Standing{schema.StandingDisputed})...)
	if err != nil {
		return err
	}
	return disputed.fill(ctx, into) // a denial may have their only date, which does not count
}

// begun adds the facts that may begin in time, and the facts that have a day which
// counts.
func (w *windowScan) begun(ctx context.Context, into, dated *idSet) error {
	labels, err := w.datasetIDs()
	if err != nil {
		return err
	}
	var others func([4]uint64)
	if w.filter.reportsUndated() {
		all := len(w.filter.Conditions.Datasets) == 0
		others = func(q [4]uint64) {
			if all || q[3] == q[0] || slices.Contains(labels, q[3]) { // a fact labels its derived days
				dated.add(q[0])
			}
		}
	}
	return w.scan(ctx, w.from, w.first, func(q [4]uint64) { into.add(q[0]) }, others)
}

// scan calls fn with the quads whose object is one of the days, and every with all quads
// unless it is nil.
func (w *windowScan) scan(ctx context.Context, pattern [4]uint64, days schema.Days, fn, every func([4]uint64)) error {
	if pattern[1] == 0 {
		return nil
	}
	wanted, err := w.idsOf(ctx, days)
	if err != nil {
		return err
	}
	last, in := uint64(0), false
	return eachQuad(ctx, w.snapshot.NewScan(), pattern, func(q [4]uint64) {
		if q[2] != last {
			last, in = q[2], wanted.has(q[2])
		}
		if in {
			fn(q)
		}
		if every != nil {
			every(q)
		}
	})
}

// idsOf returns the ids of days.
func (w *windowScan) idsOf(ctx context.Context, days schema.Days) (*idSet, error) {
	set := &idSet{}
	for ids, err := range w.snapshot.IDsBetween(ctx, days.From.Date(), days.To.Date()) {
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			set.add(id)
		}
	}
	return set, nil
}

// countsUndated reports whether the undated facts that the filter leaves out need only
// be counted, and the indexes decide about all other conditions.
func (c candidateFinder) countsUndated() bool {
	f, conditions, period := &c.filter, &c.filter.Conditions, &c.predicate.period
	isRoleEdge := func(v schema.Verb) bool { _, ok := c.reader.vocabulary.RoleEdge(v); return ok }
	return f.Omitted != nil && f.OnUndated == nil && (period.HasWindow || period.HasAsOf) && !conditions.Undated &&
		f.Facts == nil && f.With == "" && len(f.Alongside)+len(f.About)+len(conditions.Datasets) == 0 &&
		conditions.MinSources <= 0 && conditions.MinConfidence <= 0 && conditions.Disputed == DisputedToo &&
		!slices.ContainsFunc(conditions.Verbs, isRoleEdge)
}

// countUndated returns how many of some facts without a day the filter leaves out only
// for that reason.
func (c candidateFinder) countUndated(ctx context.Context, undated *idSet) (int, error) {
	conditions := &c.filter.Conditions
	for _, patterns := range [][]store.Pattern{{{Predicate: schema.StatusTerm}}, c.verbPatterns(),
		patternsOf(schema.StatusTerm, conditions.Statuses), patternsOf(schema.StandingTerm, conditions.AllowedStandings())} {
		if len(patterns) == 0 || undated.count == 0 {
			continue
		}
		next, err := c.matching(ctx, patterns...)
		if err != nil {
			return 0, err
		}
		set, err := next.set(ctx)
		if err != nil {
			return 0, err
		}
		undated.keep(set)
	}
	return undated.count, nil
}
