package paths_test

import (
	"cmp"
	"math"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// oracle answers the questions of a view from the facts alone, by trying everything.
type oracle struct {
	vocabulary *schema.Vocabulary
	steps      map[schema.ID][]oracleStep
	claims     map[schema.ID]map[string]schema.Fact // for each fact, the statement of each dataset
	degree     map[schema.ID]map[schema.ID]bool
	newest     schema.Day
	days       []schema.Day // days on which hops are tried
}

// oracleStep is a fact as seen from one of its two entities.
type oracleStep struct {
	to                schema.ID
	fact              schema.Fact
	verb              schema.Verb // or the predicate of a role's edges
	role              bool        // it is of a role
	forward, backward bool
	relation          bool
	from, until       schema.Day
	dated             bool
}

func newOracle(facts []schema.Fact) *oracle {
	o := &oracle{vocabulary: schema.DefaultVocabulary(), steps: map[schema.ID][]oracleStep{}, degree: map[schema.ID]map[schema.ID]bool{}, newest: schema.MinDay}
	all := merged(facts)
	o.claims = claimsOf(facts)
	o.within(all)
	for _, f := range all {
		took := f.Status == schema.Happened && f.Asserted()
		d, _ := o.vocabulary.Lookup(f.Verb)
		type ends struct {
			a, b schema.ID
			verb schema.Verb
			role bool
		}
		ways := map[ends]bool{}
		for _, e := range o.vocabulary.Pairs(f) {
			ways[ends{e.From, e.To, e.Verb, e.Role != ""}] = true
		}
		from, until, dated := o.dates(f, nil)
		if took && dated && len(ways) > 0 {
			last := until
			if last == schema.MaxDay {
				last = from
			}
			o.newest = max(o.newest, last)
		}
		for w := range ways {
			back := ends{w.b, w.a, w.verb, w.role}
			s := oracleStep{fact: f, verb: w.verb, role: w.role, relation: d.Kind == schema.Relation, from: from, until: until, dated: dated}
			s.to, s.forward, s.backward = w.b, true, ways[back]
			o.steps[w.a] = append(o.steps[w.a], s)
			if !ways[back] {
				s.to, s.forward, s.backward = w.a, false, true
				o.steps[w.b] = append(o.steps[w.b], s)
			}
			if took {
				o.know(w.a, w.b)
				o.know(w.b, w.a)
			}
		}
	}
	return o
}

// knows reports whether facts link an entity on each side and all via entities.
func (o *oracle) knows(from, to []schema.ID, q paths.Query) bool {
	idle := func(id schema.ID) bool { return len(o.steps[id]) == 0 }
	busy := func(id schema.ID) bool { return !idle(id) }
	return slices.ContainsFunc(from, busy) && slices.ContainsFunc(to, busy) && !slices.ContainsFunc(q.Via, idle)
}

func (o *oracle) know(a, b schema.ID) {
	if o.degree[a] == nil {
		o.degree[a] = map[schema.ID]bool{}
	}
	o.degree[a][b] = true
}

// conditions returns the conditions of a query.
func conditions(q paths.Query) graph.Conditions {
	if q.Conditions == nil {
		return graph.Happened()
	}
	return *q.Conditions
}

func (o *oracle) takes(q paths.Query, s oracleStep) bool {
	f, c := s.fact, conditions(q)
	if len(c.Statuses) > 0 && !slices.Contains(c.Statuses, f.Status) {
		return false
	}
	if len(c.Verbs) > 0 && !slices.Contains(c.Verbs, s.verb) || c.Roles == graph.MainRoles && s.role {
		return false
	}
	if q.Direction == paths.Forward && !s.forward || q.Direction == paths.Backward && !s.backward {
		return false
	}
	if c.Disputed == graph.DisputedNot && f.Disputed() || c.Disputed == graph.DisputedOnly && !f.Disputed() {
		return false
	}
	if f.Sources() < c.MinSources {
		return false
	}
	sure := -1.0
	for _, e := range f.Evidence {
		if !f.Asserted() || e.Stance == schema.Asserts {
			sure = max(sure, cmp.Or(e.Confidence, 1))
		}
	}
	if sure < c.MinConfidence {
		return false
	}
	part := ofDatasets(f, c.Datasets)
	standings := c.Standings
	if len(standings) == 0 {
		standings = schema.AssertedStandings()
		if len(c.Statuses) == 0 && c.MinSources == 0 {
			standings = schema.Standings()
		}
	}
	if len(part.Evidence) == 0 || !slices.Contains(standings, part.Standing()) {
		return false
	}
	from, until, dated := o.dates(f, c.Datasets)
	windowed := c.Since != "" || c.Until != ""
	if !dated && (windowed || c.AsOf != "") {
		return c.Undated
	}
	since, to, _ := schema.WindowBetween(c.Since, c.Until)
	if c.AsOf != "" {
		_, day, _ := schema.Window(c.AsOf)
		if from > day || s.relation && until < day {
			return false
		}
	}
	if c.Contained {
		return from >= since && until <= to
	}
	return !windowed || from <= to && until >= since
}

// sums are the four costs of a path: hops, telling, age and sources.
type sums [4]int

func (s sums) plus(o sums) sums { return sums{s[0] + o[0], s[1] + o[1], s[2] + o[2], s[3] + o[3]} }

func (s sums) compare(o sums, rank paths.Rank) int {
	order := map[paths.Rank][]int{
		paths.ByTelling: {1, 2, 3, 0}, paths.ByHops: {0, 1, 2, 3}, paths.ByRecent: {2, 1, 3, 0}, paths.BySources: {3, 1, 2, 0},
	}[cmp.Or(rank, paths.ByTelling)]
	for _, i := range order {
		if s[i] != o[i] {
			return cmp.Compare(s[i], o[i])
		}
	}
	return 0
}

func (o *oracle) weigh(s oracleStep) sums {
	telling, age := 256, 1<<15-1
	if s.relation {
		telling += 256
	}
	if s.role {
		telling += 128
	}
	if s.dated {
		age = min(max(int(o.newest)-int(s.until), 0), age)
	} else {
		telling += 256
	}
	return sums{1, telling, age, 255 / min(s.fact.Sources(), 255)}
}

func (o *oracle) passing(id schema.ID) sums {
	n := len(o.degree[id])
	if n < 2 {
		return sums{}
	}
	whole := int(math.Log2(float64(n)))
	low := 1 << whole
	telling := 256*whole + 256*(n-low)/low
	switch schema.KindOf(id) {
	case schema.Country:
		telling *= 4
	case schema.Institution, schema.Gathering:
		telling *= 2
	}
	return sums{0, telling, 0, 0}
}

// hop returns the cheapest step between two entities that a query allows, and all
// steps: facts with the predicates by which they link the two.
func (o *oracle) hop(q paths.Query, a, b schema.ID) (best sums, facts []string, ok bool) {
	for _, s := range o.steps[a] {
		if s.to != b || !o.takes(q, s) {
			continue
		}
		if w := o.weigh(s); !ok || w.compare(best, q.Rank) < 0 {
			best, ok = w, true
		}
		facts = append(facts, stepText(s.fact.ID, s.verb))
	}
	slices.Sort(facts)
	return best, slices.Compact(facts), ok
}

func stepText(fact schema.ID, verb schema.Verb) string { return string(fact) + " " + string(verb) }

func stepTexts(h paths.Hop) (texts []string) {
	for _, s := range h.Steps {
		texts = append(texts, stepText(s.Fact, s.Verb))
	}
	slices.Sort(texts)
	return texts
}

// together returns the facts of a query that involve two entities.
func (o *oracle) together(facts []schema.Fact, q paths.Query, a, b schema.ID) (all []schema.ID) {
	for _, f := range merged(facts) {
		has := func(id schema.ID) bool {
			return slices.ContainsFunc(f.Roles, func(p schema.Participant) bool { return p.ID == id })
		}
		if !has(a) || !has(b) {
			continue
		}
		d, _ := o.vocabulary.Lookup(f.Verb)
		from, until, dated := o.dates(f, nil)
		by := func(verb schema.Verb, role bool) bool {
			return o.takes(q, oracleStep{fact: f, verb: verb, role: role, relation: d.Kind == schema.Relation, from: from, until: until, dated: dated})
		}
		if by(f.Verb, false) || slices.ContainsFunc(o.vocabulary.Pairs(f), func(e schema.Edge) bool { return e.Role != "" && by(e.Verb, true) }) {
			all = append(all, f.ID)
		}
	}
	return unique(all)
}

func (o *oracle) passes(q paths.Query, id schema.ID) bool {
	k := schema.KindOf(id)
	return k != schema.Group && (len(q.Through) == 0 || slices.Contains(q.Through, k)) && !slices.Contains(q.Avoid, id)
}

// oraclePath is a path and its cost.
type oraclePath struct {
	nodes []schema.ID
	cost  sums
}

// paths returns all paths that a query allows, best first.
func (o *oracle) paths(from, to []schema.ID, q paths.Query) (all []oraclePath) {
	var extend func(p oraclePath)
	extend = func(p oraclePath) {
		last := p.nodes[len(p.nodes)-1]
		if slices.Contains(to, last) {
			for _, via := range q.Via {
				if !slices.Contains(p.nodes, via) {
					return
				}
			}
			all = append(all, p)
			return
		}
		if len(p.nodes)-1 == cmp.Or(q.Hops, paths.DefaultHops) {
			return
		}
		tried := map[schema.ID]bool{}
		for _, s := range o.steps[last] {
			if tried[s.to] || slices.Contains(p.nodes, s.to) || slices.Contains(from, s.to) {
				continue
			}
			tried[s.to] = true
			w, _, ok := o.hop(q, last, s.to)
			end := slices.Contains(to, s.to)
			if !ok || !end && !o.passes(q, s.to) {
				continue
			}
			if !end {
				w = w.plus(o.passing(s.to))
			}
			extend(oraclePath{append(slices.Clone(p.nodes), s.to), p.cost.plus(w)})
		}
	}
	for _, id := range from {
		extend(oraclePath{nodes: []schema.ID{id}})
	}
	slices.SortStableFunc(all, func(a, b oraclePath) int { return a.cost.compare(b.cost, q.Rank) })
	return all
}
