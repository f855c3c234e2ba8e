package paths

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// matcher is a query made ready for a view.
type matcher struct {
	*View
	rank      Rank
	hops      int
	rows      []*adjacency
	plain     bool // every fact that happened counts, and no other
	statuses  uint8
	standings uint8
	judged    bool   // the standing of facts is to be looked at
	verbs     []bool // by number; nil is all
	main      bool   // no edges of roles
	datasets  []bool // by number; nil is all

	period        graph.Period
	minSources    uint32
	minConfidence float32
	unlike, like  uint8 // flags that facts must not have, and must have
	direction     Direction

	kinds     uint32 // that paths may pass
	avoid     []uint32
	via       []uint32
	from, to  []uint32 // sorted
	light     weight
	remaining int // steps until the context is looked at
}

// matcher checks a query. Errors wrap [ErrQuery], [schema.ErrDate] or
// [graph.ErrNotFound].
func (v *View) matcher(q Query) (*matcher, error) {
	m := &matcher{View: v, rank: q.Rank, hops: q.Hops, direction: q.Direction}
	if err := m.checkSearch(q); err != nil {
		return nil, err
	}
	if err := m.compile(q.conditions()); err != nil {
		return nil, err
	}
	if err := m.checkNodes(q); err != nil {
		return nil, err
	}
	m.light = lightest(m.rank)
	m.plain = m.statuses == 1<<statusNumber(schema.Happened) && m.standings == assertedBits && m.verbs == nil && !m.main && m.datasets == nil && !m.period.HasWindow && !m.period.HasAsOf && m.minSources < 2 && m.minConfidence <= 0 &&
		m.unlike|m.like == 0 && m.direction == AnyWay
	return m, nil
}

func (m *matcher) checkSearch(q Query) error {
	if m.hops == 0 {
		m.hops = DefaultHops
	}
	if m.rank == "" {
		m.rank = ByTelling
	}
	if m.hops < 0 || m.hops > MaxHops {
		return fmt.Errorf("%w: %d hops: want 1 to %d", ErrQuery, m.hops, MaxHops)
	}
	if !slices.Contains([]Direction{AnyWay, Forward, Backward}, q.Direction) {
		return fmt.Errorf("%w: unknown direction %q", ErrQuery, q.Direction)
	}
	return checkRank(m.rank)
}

// compile makes the conditions ready for the rows of the view.
func (m *matcher) compile(c graph.Conditions) (err error) {
	switch {
	case c.MinSources < 0:
		return fmt.Errorf("%w: at least %d sources", ErrQuery, c.MinSources)
	case !(c.MinConfidence >= 0 && c.MinConfidence <= 1): // nor is it NaN
		return fmt.Errorf("%w: confidence %v: want 0 to 1", ErrQuery, c.MinConfidence)
	}
	m.minSources, m.minConfidence = uint32(min(c.MinSources, math.MaxUint32)), float32(c.MinConfidence)
	if m.period, err = c.Period(); err != nil {
		return err
	}
	if m.period.Contained && !m.period.HasWindow {
		return fmt.Errorf("%w: contained, but in no dates", ErrQuery)
	}
	if m.statuses, err = bitsOf("status", c.Statuses, schema.Statuses()); err != nil {
		return err
	}
	if m.standings, err = bitsOf("standing", c.AllowedStandings(), schema.Standings()); err != nil {
		return err
	}
	m.compileDatasets(c.Datasets)
	m.chooseRows()
	if err := m.compileVerbs(c); err != nil {
		return err
	}
	return m.compileDisputed(c.Disputed)
}

// bitsOf is a set of words as bits, of which each stands for one of all words; all
// for none.
func bitsOf[T ~string](what string, words, all []T) (bits uint8, err error) {
	if len(words) == 0 {
		return 1<<len(all) - 1, nil
	}
	for _, w := range words {
		n := slices.Index(all, w)
		if n < 0 {
			return 0, fmt.Errorf("%w: unknown %s %q", ErrQuery, what, w)
		}
		bits |= 1 << n
	}
	return bits, nil
}

// compileDatasets sets the datasets that count.
func (m *matcher) compileDatasets(names []string) {
	if len(names) == 0 {
		return
	}
	m.datasets = make([]bool, len(m.View.datasets))
	for _, name := range names {
		if n, ok := slices.BinarySearch(m.View.datasets, name); ok {
			m.datasets[n] = true
		}
	}
}

// compileDisputed sets the flags that facts must have, and must not have.
func (m *matcher) compileDisputed(d graph.Disputed) error {
	switch d {
	case graph.DisputedToo:
	case graph.DisputedNot:
		m.unlike = arcDisputed
	case graph.DisputedOnly:
		m.like = arcDisputed
	default:
		return fmt.Errorf("%w: unknown way with disputed facts %q", ErrQuery, d)
	}
	return nil
}

// chooseRows finds the rows in which facts may count. What some datasets make of a
// fact may be another standing than all together do.
func (m *matcher) chooseRows() {
	happened := uint8(1) << statusNumber(schema.Happened)
	if m.statuses&happened != 0 && (m.standings&assertedBits != 0 || m.datasets != nil) {
		m.rows = append(m.rows, &m.View.happened)
	}
	if (m.statuses&^happened != 0 || m.standings&^assertedBits != 0) && len(m.others.arcs) > 0 {
		m.rows = append(m.rows, &m.others)
		m.judged = true
	}
	m.judged = m.judged || m.standings != assertedBits
}

// compileVerbs sets the predicates of edges that count.
func (m *matcher) compileVerbs(c graph.Conditions) error {
	if c.Roles != graph.AllRoles && c.Roles != graph.MainRoles {
		return fmt.Errorf("%w: unknown roles %q", ErrQuery, c.Roles)
	}
	m.main = c.Roles == graph.MainRoles
	if len(c.Verbs) == 0 {
		return nil
	}
	m.verbs = make([]bool, len(m.View.verbs))
	for _, verb := range c.Verbs {
		n, ok := m.predicate(verb)
		if !ok {
			return fmt.Errorf("%w %q", schema.ErrUnknownVerb, verb)
		}
		m.verbs[n] = true
	}
	if m.main && !slices.Contains(m.verbs[:m.own], true) {
		return fmt.Errorf("%w: the verbs are predicates of roles alone, and the edges of roles are left out", ErrQuery)
	}
	return nil
}

// passes reports whether a path may go through a node: not through one of its
// own ends, nor through a group, since a group is not the same people twice.
func (m *matcher) passes(node uint32) bool {
	return m.kinds&kindBit(m.View.kinds[node]) != 0 && !slices.Contains(m.avoid, node) && !isOne(m.from, node) && !isOne(m.to, node)
}

// bit is the set of a node that paths must pass, empty for others.
func (m *matcher) bit(node uint32) uint8 {
	if i := slices.Index(m.via, node); i >= 0 {
		return 1 << i
	}
	return 0
}

// takes reports whether a fact counts, seen from the node that a path leaves, or
// with back from the one that it comes to.
func (m *matcher) takes(a *arc, back bool) bool {
	if m.plain {
		return true
	}
	if m.verbs != nil && !m.verbs[a.verb] || m.main && a.verb >= m.own || m.statuses>>(a.flags>>statusShift)&1 == 0 ||
		a.flags&m.unlike != 0 || a.flags&m.like != m.like {
		return false
	}
	if m.direction != AnyWay {
		want := arcForward
		if (m.direction == Backward) != back {
			want = arcBackward
		}
		if a.flags&want == 0 {
			return false
		}
	}
	if m.datasets != nil {
		from, to, dated, ok := m.told(a)
		if !ok || !m.inTime(from, to, dated, a.flags&arcRelation != 0) {
			return false
		}
	} else if m.judged && m.standings>>m.facts[a.fact].standing&1 == 0 {
		return false
	} else if (m.period.HasWindow || m.period.HasAsOf) && !m.inTime(a.from, a.to, a.flags&arcDated != 0, a.flags&arcRelation != 0) {
		return false
	}
	if m.minSources > 0 && m.facts[a.fact].sources < m.minSources {
		return false
	}
	return m.minConfidence <= 0 || m.facts[a.fact].confidence >= m.minConfidence
}

// told is when a fact was, by the datasets of the query; ok is false where none
// of them claims it, or its standing by what they say is not one of the query's.
func (m *matcher) told(a *arc) (from, to int32, dated, ok bool) {
	claims, all, n := m.claimsOf(a.fact), uint16(0), 0
	for _, c := range claims {
		if m.datasets[c.dataset] {
			all |= c.flags
			n++
		}
	}
	standing := standing(all)
	from, to, dated = hullOf(claims, func(c claim) bool {
		return m.datasets[c.dataset] && (!c.denies() || !asserted(standing))
	})
	if !dated {
		from, to, dated = m.within(a.fact)
	}
	return from, to, dated, n > 0 && m.standings>>standing&1 != 0
}

func (m *matcher) inTime(from, to int32, dated, relation bool) bool {
	return m.period.Admits(schema.Days{From: schema.Day(from), To: schema.Day(to)}, dated, relation)
}

// hop is what the i-th neighbour of some rows costs to reach; ok is false where
// no fact between them counts.
func (m *matcher) hop(a *adjacency, i uint32, back bool) (w weight, ok bool) {
	arcs := a.arcs[a.first[i]:a.first[i+1]]
	best := infinite
	for k := range arcs {
		if !m.takes(&arcs[k], back) {
			continue
		}
		if w := m.weigh(m.rank, &arcs[k]); w < best {
			best = w
		}
		if m.rank == ByTelling { // they are sorted by this
			break
		}
	}
	return best, best != infinite
}

// any reports whether a fact counts between a node and the i-th of some rows.
func (m *matcher) any(a *adjacency, i uint32, back bool) bool {
	if m.plain {
		return true
	}
	arcs := a.arcs[a.first[i]:a.first[i+1]]
	for k := range arcs {
		if m.takes(&arcs[k], back) {
			return true
		}
	}
	return false
}

// linksOf is how many neighbours of a node there are to look at.
func (m *matcher) linksOf(node uint32) (n int) {
	for _, rows := range m.rows {
		n += int(rows.start[node+1] - rows.start[node])
	}
	return n
}

// tick looks at the context now and then.
func (m *matcher) tick(ctx context.Context, steps int) error {
	if m.remaining -= steps; m.remaining > 0 {
		return nil
	}
	m.remaining = 1 << 14
	return context.Cause(ctx)
}

// path names nodes and finds the facts between them.
func (m *matcher) path(nodes []uint32, total weight) Path {
	p := Path{Telling: total.telling(m.rank)}
	for i, to := range nodes[1:] {
		p.Hops = append(p.Hops, Hop{From: m.id(nodes[i]), To: m.id(to), Steps: m.steps(nodes[i], to)})
	}
	return p
}

func (m *matcher) steps(from, to uint32) (steps []Step) {
	for _, rows := range m.rows {
		arcs := rows.between(from, to)
		for i := range arcs {
			if m.takes(&arcs[i], false) {
				steps = append(steps, m.step(&arcs[i]))
			}
		}
	}
	return steps
}

func (m *matcher) step(a *arc) Step {
	return Step{m.factID(a.fact), m.View.verbs[a.verb], a.flags&arcForward == 0}
}
