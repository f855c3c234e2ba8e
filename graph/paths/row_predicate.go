package paths

import (
	"fmt"
	"math"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// rowPredicate is [graph.Conditions] and a direction, compiled to the numbers in the
// arcs and rows of a view.
type rowPredicate struct {
	facts *factTable

	matchesHappened bool   // the facts of the happened adjacency match, and no others
	statuses        uint8  // one bit for each status
	standings       uint8  // one bit for each standing
	checksStanding  bool   // the rows may have facts of other statuses or standings
	verbs           []bool // by number; nil means all
	firstRole       uint16 // the first predicate of a role edge
	verbsOnly       bool   // no role edges
	datasets        []bool // by number; nil means all
	period          graph.Period

	minSources              uint32
	minConfidence           float32
	withoutFlags, withFlags uint8 // flags that arcs must not have, and must have
	direction               Direction
}

// compile compiles conditions. Errors wrap [ErrQuery], [schema.ErrDate] or
// [schema.ErrUnknownVerb].
func (r *rowPredicate) compile(v *View, c graph.Conditions, d Direction) (err error) {
	if err := c.Check(); err != nil {
		return err
	}
	r.facts, r.direction = &v.facts, d
	r.minSources, r.minConfidence = uint32(min(c.MinSources, math.MaxUint32)), float32(c.MinConfidence)
	if r.period, err = c.Period(); err != nil {
		return err
	}
	r.compileStandings(c)
	r.compileDatasets(c.Datasets)
	if err := r.compileVerbs(&v.predicates, c); err != nil {
		return err
	}
	r.compileDisputed(c.Disputed)
	r.matchesHappened = !r.checksStanding && r.verbs == nil && !r.verbsOnly && r.datasets == nil && !r.period.HasWindow && !r.period.HasAsOf &&
		r.minSources < 2 && r.minConfidence <= 0 && r.withoutFlags|r.withFlags == 0 && d == AnyWay
	return nil
}

// compileStandings sets the statuses and the standings that match.
func (r *rowPredicate) compileStandings(c graph.Conditions) {
	r.statuses = bitsOf(c.Statuses, schema.Statuses())
	r.standings = bitsOf(c.AllowedStandings(), schema.Standings())
	r.checksStanding = r.statuses != 1<<statusNumber(schema.Happened) || r.standings != assertedBits
}

// bitsOf returns a set of words, with one bit for each word of all. Without words, it
// is the set of all.
func bitsOf[T ~string](words, all []T) (bits uint8) {
	if len(words) == 0 {
		return 1<<len(all) - 1
	}
	for _, w := range words {
		bits |= 1 << slices.Index(all, w)
	}
	return bits
}

// compileDatasets sets the selected datasets.
func (r *rowPredicate) compileDatasets(names []string) {
	if len(names) == 0 {
		return
	}
	r.datasets = make([]bool, len(r.facts.datasets))
	for _, name := range names {
		if n, ok := slices.BinarySearch(r.facts.datasets, name); ok {
			r.datasets[n] = true
		}
	}
}

// compileDisputed sets the flags that arcs must have, and must not have.
func (r *rowPredicate) compileDisputed(d graph.Disputed) {
	switch d {
	case graph.DisputedNot:
		r.withoutFlags = arcDisputed
	case graph.DisputedOnly:
		r.withFlags = arcDisputed
	}
}

// compileVerbs sets the predicates of edges that match.
func (r *rowPredicate) compileVerbs(table *predicateTable, c graph.Conditions) error {
	r.verbsOnly, r.firstRole = c.Roles == graph.MainRoles, table.verbCount
	if len(c.Verbs) == 0 {
		return nil
	}
	r.verbs = make([]bool, len(table.verbs))
	for _, verb := range c.Verbs {
		n, ok := table.number(verb)
		if !ok {
			return fmt.Errorf("%w %q", schema.ErrUnknownVerb, verb)
		}
		r.verbs[n] = true
	}
	if r.verbsOnly && !slices.Contains(r.verbs[:r.firstRole], true) {
		return fmt.Errorf("%w: all verbs are predicates of roles, and the edges of roles are excluded", ErrQuery)
	}
	return nil
}

// matches reports whether an arc matches, as seen from the node that a path leaves, or
// with back from the node that it reaches.
func (r *rowPredicate) matches(a *arc, back bool) bool {
	if r.matchesHappened {
		return true
	}
	if r.verbs != nil && !r.verbs[a.verb] || r.verbsOnly && a.verb >= r.firstRole || r.statuses>>(a.flags>>statusShift)&1 == 0 ||
		a.flags&r.withoutFlags != 0 || a.flags&r.withFlags != r.withFlags {
		return false
	}
	if r.direction != AnyWay {
		want := arcForward
		if (r.direction == Backward) != back {
			want = arcBackward
		}
		if a.flags&want == 0 {
			return false
		}
	}
	if r.datasets != nil {
		from, to, dated, ok := r.claimedDays(a)
		if !ok || !r.inPeriod(from, to, dated, a.flags&arcRelation != 0) {
			return false
		}
	} else if r.checksStanding && r.standings>>r.facts.rows[a.fact].standing&1 == 0 {
		return false
	} else if (r.period.HasWindow || r.period.HasAsOf) && !r.inPeriod(a.from, a.to, a.flags&arcDated != 0, a.flags&arcRelation != 0) {
		return false
	}
	if r.minSources > 0 && r.facts.rows[a.fact].sources < r.minSources {
		return false
	}
	return r.minConfidence <= 0 || r.facts.rows[a.fact].confidence >= r.minConfidence
}

// claimedDays returns the closed interval of a fact by the selected datasets. ok is
// false if none of them claims the fact, or if the fact's standing by their evidence
// does not match.
func (r *rowPredicate) claimedDays(a *arc) (from, to int32, dated, ok bool) {
	claims, all, n := r.facts.claimsOf(a.fact), uint16(0), 0
	for _, c := range claims {
		if r.datasets[c.dataset] {
			all |= c.flags
			n++
		}
	}
	standing := standing(all)
	from, to, dated = hullOf(claims, func(c claim) bool {
		return r.datasets[c.dataset] && (!c.onlyDenies() || !asserted(standing))
	})
	if !dated {
		from, to, dated = r.facts.within(a.fact)
	}
	return from, to, dated, n > 0 && r.standings>>standing&1 != 0
}

func (r *rowPredicate) inPeriod(from, to int32, dated, relation bool) bool {
	return r.period.Admits(schema.Days{From: schema.Day(from), To: schema.Day(to)}, dated, relation)
}
