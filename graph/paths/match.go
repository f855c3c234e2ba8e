package paths

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

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

	windowed, contained, undated bool
	since, until                 int32
	asOf                         int32
	asked                        bool // as of a date

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
	m := &matcher{View: v, rank: q.Rank, hops: q.Hops, undated: q.Undated, contained: q.Contained, direction: q.Direction,
		minSources: uint32(min(max(q.MinSources, 0), math.MaxUint32)), minConfidence: float32(q.MinConfidence)}
	for _, check := range []func(Query) error{m.checkNumbers, m.checkDates, m.checkFacts, m.checkNodes} {
		if err := check(q); err != nil {
			return nil, err
		}
	}
	m.light = lightest(m.rank)
	m.plain = m.statuses == 1<<statusNumber(schema.Happened) && m.standings == assertedBits && m.verbs == nil && !m.main && m.datasets == nil && !m.windowed && !m.asked && m.minSources < 2 && m.minConfidence <= 0 &&
		m.unlike|m.like == 0 && m.direction == AnyWay
	return m, nil
}

func (m *matcher) checkNumbers(q Query) error {
	if m.hops == 0 {
		m.hops = DefaultHops
	}
	if m.rank == "" {
		m.rank = ByTelling
	}
	switch {
	case m.hops < 0 || m.hops > MaxHops:
		return fmt.Errorf("%w: %d hops: want 1 to %d", ErrQuery, m.hops, MaxHops)
	case q.MinSources < 0:
		return fmt.Errorf("%w: at least %d sources", ErrQuery, q.MinSources)
	case !(q.MinConfidence >= 0 && q.MinConfidence <= 1): // nor is it NaN
		return fmt.Errorf("%w: confidence %v: want 0 to 1", ErrQuery, q.MinConfidence)
	}
	return checkRank(m.rank)
}

func (m *matcher) checkDates(q Query) error {
	m.windowed, m.asked = q.Since != "" || q.Until != "", q.AsOf != ""
	since, until, err := schema.WindowBetween(q.Since, q.Until)
	if err != nil {
		return err
	}
	m.since, m.until = int32(since), int32(until)
	if m.asked {
		_, day, err := schema.Window(q.AsOf)
		if err != nil {
			return err
		}
		m.asOf = int32(day)
	}
	if m.contained && !m.windowed {
		return fmt.Errorf("%w: contained, but in no dates", ErrQuery)
	}
	return nil
}

func (m *matcher) checkFacts(q Query) error {
	for _, s := range q.Statuses {
		if !slices.Contains(schema.Statuses(), s) {
			return fmt.Errorf("%w: unknown status %q", ErrQuery, s)
		}
		m.statuses |= 1 << statusNumber(s)
	}
	for _, s := range q.Standings {
		if !slices.Contains(schema.Standings(), s) {
			return fmt.Errorf("%w: unknown standing %q", ErrQuery, s)
		}
		m.standings |= 1 << standingNumber(s)
	}
	m.chooseRows(len(q.Datasets) > 0)
	if err := m.checkVerbs(q); err != nil {
		return err
	}
	if len(q.Datasets) > 0 {
		m.datasets = make([]bool, len(m.View.datasets))
		for _, name := range q.Datasets {
			if n, ok := slices.BinarySearch(m.View.datasets, name); ok {
				m.datasets[n] = true
			}
		}
	}
	switch q.Disputed {
	case DisputedToo:
	case DisputedNot:
		m.unlike = arcDisputed
	case DisputedOnly:
		m.like = arcDisputed
	default:
		return fmt.Errorf("%w: unknown way with disputed facts %q", ErrQuery, q.Disputed)
	}
	if !slices.Contains([]Direction{AnyWay, Forward, Backward}, q.Direction) {
		return fmt.Errorf("%w: unknown direction %q", ErrQuery, q.Direction)
	}
	return nil
}

// chooseRows finds the rows in which facts may count. What some datasets make of a
// fact may be another standing than all together do.
func (m *matcher) chooseRows(someDatasets bool) {
	happened := uint8(1) << statusNumber(schema.Happened)
	m.statuses, m.standings = cmp.Or(m.statuses, happened), cmp.Or(m.standings, assertedBits)
	if m.statuses&happened != 0 && (m.standings&assertedBits != 0 || someDatasets) {
		m.rows = append(m.rows, &m.View.happened)
	}
	if (m.statuses&^happened != 0 || m.standings&^assertedBits != 0) && len(m.others.arcs) > 0 {
		m.rows = append(m.rows, &m.others)
		m.judged = true
	}
	m.judged = m.judged || m.standings != assertedBits
}

// checkVerbs sets the predicates of edges that count.
func (m *matcher) checkVerbs(q Query) error {
	if q.Roles != AllRoles && q.Roles != MainRoles {
		return fmt.Errorf("%w: unknown roles %q", ErrQuery, q.Roles)
	}
	m.main = q.Roles == MainRoles
	if len(q.Verbs) == 0 {
		return nil
	}
	m.verbs = make([]bool, len(m.View.verbs))
	for _, verb := range q.Verbs {
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
	} else if (m.windowed || m.asked) && !m.inTime(a.from, a.to, a.flags&arcDated != 0, a.flags&arcRelation != 0) {
		return false
	}
	if m.minSources > 1 && m.facts[a.fact].sources < m.minSources {
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
		return m.datasets[c.dataset] && (c.flags&claimAsserts != 0 || !asserted(standing))
	})
	if !dated {
		from, to, dated = m.within(a.fact)
	}
	return from, to, dated, n > 0 && m.standings>>standing&1 != 0
}

func (m *matcher) inTime(from, to int32, dated, relation bool) bool {
	switch {
	case !m.windowed && !m.asked:
		return true
	case !dated:
		return m.undated
	case m.asked && (from > m.asOf || relation && to < m.asOf):
		return false
	case m.contained:
		return from >= m.since && to <= m.until
	}
	return !m.windowed || from <= m.until && to >= m.since
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
