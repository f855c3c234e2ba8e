package diff

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/fnv"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Same is why two facts with different ids are taken for one fact that changed.
type Same string

// The values of [Same]. Only a key of the source is certain.
const (
	SameKey   Same = "source key"            // both have the same key of the source, which no other fact has, and a participant in common
	SameSides Same = "verb and participants" // a guess: both have the same verb and participants, and the nearest dates
	SameQuote Same = "source and quote"      // a guess: no other fact has the same quote of the same document
)

// Certain reports whether it is no guess that the facts are the same.
func (s Same) Certain() bool { return s == "" || s == SameKey }

// pairing pairs facts that only the earlier state has with facts that only the later state
// has. Each fact is in one pair at most.
type pairing struct {
	there      [2]store.IDSet // the facts of the earlier and of the later state
	gone, came []candidate
	pairs      map[uint64]pair // by the fact that came
	used       map[uint64]bool
}

type pair struct {
	gone uint64
	same Same
}

// candidate is a fact that only one state has. Hashes stand for texts, so that many
// candidates need little memory.
type candidate struct {
	id                uint64
	key, sides, quote uint64 // 0 for none
	rest              uint64 // the topic and the status
	day               schema.Day
}

// findPairs pairs the facts that came with the facts that are gone.
func (l *lister) findPairs(ctx context.Context) (p *pairing, err error) {
	p = &pairing{pairs: map[uint64]pair{}, used: map[uint64]bool{}}
	if p.there, err = l.findFacts(ctx); err != nil {
		return nil, err
	}
	only := func(state, other int) func(uint64) bool {
		return func(id uint64) bool { return p.there[state].Has(id) && !p.there[other].Has(id) }
	}
	if !l.anyFact(only(earlier, later)) || !l.anyFact(only(later, earlier)) {
		return p, nil
	}
	for state, list := range []*[]candidate{&p.gone, &p.came} {
		if err := l.eachPart(l.facts, only(state, 1-state), func(ids []uint64) error { return l.addCandidates(ctx, state, ids, list) }); err != nil {
			return nil, err
		}
	}
	if err := l.pairByKey(ctx, p); err != nil {
		return nil, err
	}
	p.pairBySides()
	p.pairByQuote()
	return p, nil
}

// findFacts returns all facts of both states.
func (l *lister) findFacts(ctx context.Context) (there [2]store.IDSet, err error) {
	for state, s := range l.states() {
		there[state] = l.after.NewIDSet()
		for q, err := range s.MatchIDs(ctx, graph.Pattern{Predicate: schema.StatusTerm}) {
			if err != nil {
				return there, err
			}
			there[state].Put(q[0])
		}
	}
	return there, nil
}

// anyFact reports whether a function accepts a fact with changed quads.
func (l *lister) anyFact(accept func(uint64) bool) bool {
	for id := range l.facts.All() {
		if accept(id) {
			return true
		}
	}
	return false
}

// addCandidates reads facts of one state as candidates.
func (l *lister) addCandidates(ctx context.Context, state int, ids []uint64, list *[]candidate) error {
	facts, err := l.readFacts(ctx, ids)
	if err != nil {
		return err
	}
	g := []*graph.Graph{l.Before, l.After}[state]
	for i, id := range ids {
		*list = append(*list, newCandidate(g, id, &facts[state][i]))
	}
	return nil
}

func newCandidate(g *graph.Graph, id uint64, f *schema.Fact) candidate {
	c := candidate{id: id, rest: hash(f.Topic, string(f.Status), f.Key)}
	if f.Key != "" {
		c.key = hash(f.Key)
	}
	parts := []string{string(f.Verb)}
	for _, r := range f.Roles {
		parts = append(parts, string(r.Role)+" "+string(r.ID))
	}
	slices.Sort(parts[1:])
	c.sides = hash(parts...)
	for _, e := range f.Evidence {
		if e.Quote == "" || e.Source == "" {
			continue
		}
		if h := hash(string(e.Source), e.Quote); c.quote == 0 || h < c.quote {
			c.quote = h
		}
	}
	c.day = schema.MaxDay
	if span, err := f.When.Span(g.Vocabulary().VerbKind(f.Verb)); err == nil && f.When.Dated() {
		c.day = span.From
	}
	return c
}

func hash(parts ...string) uint64 {
	h := fnv.New64a()
	var length [8]byte
	for _, part := range parts {
		binary.LittleEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	return max(h.Sum64(), 1)
}

// groups calls fn with the facts that are gone and the facts that came, as far as they are
// in no pair, for each hash that both have.
func (p *pairing) groups(of func(*candidate) uint64, fn func(gone, came []*candidate)) {
	byHash := map[uint64][]*candidate{}
	for i := range p.gone {
		if c := &p.gone[i]; of(c) != 0 && !p.used[c.id] {
			byHash[of(c)] = append(byHash[of(c)], c)
		}
	}
	var order []uint64
	came := map[uint64][]*candidate{}
	for i := range p.came {
		c := &p.came[i]
		if _, paired := p.pairs[c.id]; paired || byHash[of(c)] == nil {
			continue
		}
		if came[of(c)] == nil {
			order = append(order, of(c))
		}
		came[of(c)] = append(came[of(c)], c)
	}
	for _, h := range order {
		fn(byHash[h], came[h])
	}
}

func (p *pairing) join(gone, came *candidate, same Same) {
	p.pairs[came.id], p.used[gone.id] = pair{gone.id, same}, true
}

// mostPaired is how many facts of the same verb and participants may be gone, or may have
// come, and still be paired. Of more, no pair would mean anything.
const mostPaired = 32

// pairBySides pairs facts with the same verb and participants: those first whose topic and
// status agree, then those whose dates are nearest.
func (p *pairing) pairBySides() {
	type choice struct {
		gone, came *candidate
		other      int
		days       int64
	}
	p.groups(func(c *candidate) uint64 { return c.sides }, func(gone, came []*candidate) {
		if max(len(gone), len(came)) > mostPaired {
			return
		}
		var choices []choice
		for _, a := range gone {
			for _, b := range came {
				c := choice{gone: a, came: b, days: max(int64(a.day)-int64(b.day), int64(b.day)-int64(a.day))}
				if a.rest != b.rest {
					c.other = 1
				}
				choices = append(choices, c)
			}
		}
		slices.SortStableFunc(choices, func(a, b choice) int { return cmp.Or(cmp.Compare(a.other, b.other), cmp.Compare(a.days, b.days)) })
		for _, c := range choices {
			if _, paired := p.pairs[c.came.id]; !paired && !p.used[c.gone.id] {
				p.join(c.gone, c.came, SameSides)
			}
		}
	})
}

// pairByQuote pairs facts with the same quote of the same document, if no other fact that
// is gone or came has it.
func (p *pairing) pairByQuote() {
	p.groups(func(c *candidate) uint64 { return c.quote }, func(gone, came []*candidate) {
		if len(gone) == 1 && len(came) == 1 {
			p.join(gone[0], came[0], SameQuote)
		}
	})
}

// pairByKey pairs facts with the same key of the source, if no other fact of either state
// has the key, and they have a participant in common.
func (l *lister) pairByKey(ctx context.Context, p *pairing) (err error) {
	p.groups(func(c *candidate) uint64 { return c.key }, func(gone, came []*candidate) {
		if err != nil || len(gone) != 1 || len(came) != 1 {
			return
		}
		same := false
		if same, err = l.haveSameKey(ctx, gone[0].id, came[0].id); same && err == nil {
			p.join(gone[0], came[0], SameKey)
		}
	})
	return err
}

func (l *lister) haveSameKey(ctx context.Context, gone, came uint64) (bool, error) {
	facts, err := l.readFacts(ctx, []uint64{gone, came})
	if err != nil {
		return false, err
	}
	was, is := facts[earlier][0], facts[later][1]
	common := slices.ContainsFunc(was.Roles, func(p schema.Participant) bool {
		return slices.ContainsFunc(is.Roles, func(q schema.Participant) bool { return p.ID == q.ID })
	})
	if was.Key != is.Key || !common {
		return false, nil
	}
	for _, s := range l.states() {
		subjects := map[quad.Value]bool{}
		for q, err := range s.Match(ctx, graph.Pattern{Predicate: schema.KeyTerm, Object: quad.String(was.Key)}) {
			if err != nil {
				return false, err
			}
			subjects[q.Subject] = true
		}
		if len(subjects) != 1 {
			return false, nil
		}
	}
	return true, nil
}
