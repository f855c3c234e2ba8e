// Package match proposes pairs of entities of a graph that may be one, from their names
// and from what facts say about them. It changes nothing.
//
// # Rule
//
// Names are compared word by word, in any order and script ([Names]); the best pair of
// names gives the first score. What else agrees raises it: an agreement of weight w
// leaves 1−w of what lacks to 1. What disagrees multiplies it by a factor below 1. Each
// [Reason] says which. Identifiers that agree raise it to 0.97 at least, and to 0.90 if
// no names agree. Entities with different numbers in a register that gives each entity
// one number never score above 0.30.
//
// A score orders pairs. It is not a probability.
package match

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/progress"
)

// Threshold is the score from which pairs are proposed. It was chosen with the names in
// testdata/names.txt before other data was looked at.
const Threshold = 0.80

// Options select the pairs that [Pairs] returns. The zero value selects all pairs from
// [Threshold] on.
type Options struct {
	// Of lists entities. With one, only pairs of this entity are returned. With
	// several, all pairs among these are returned, whatever their score and kind.
	Of []schema.ID

	Kinds    []schema.Kind // only entities of these kinds; empty for all but documents
	Datasets []string      // only entities that one of these datasets declares; empty for all
	Above    float64       // the least score; 0 for Threshold
}

// Pair is two entities that may be one.
type Pair struct {
	A, B    Side
	Score   float64
	Reasons []Reason // the names first, then what agrees, then what disagrees
}

// Side is one entity of a pair.
type Side struct {
	Entity   schema.Entity
	Name     string   // the name that was compared
	Datasets []string // the datasets that declare it
}

// Result is the pairs that were found, the highest score first.
type Result struct {
	Pairs    []Pair
	Entities int // entities that were compared
	Compared int // pairs whose names were compared

	// Skipped counts names, or parts of names, that more than 200 entities share. These
	// are compared only where a stricter or rarer part of the name, or the name with the
	// year of birth, or an identifier agrees.
	Skipped int
}

// DefaultKinds returns the kinds of entities that are compared without [Options].Kinds.
func DefaultKinds() []schema.Kind {
	return slices.DeleteFunc(schema.Kinds(), func(k schema.Kind) bool { return k == schema.Doc })
}

// Pairs finds the pairs of entities that may be one. It compares the names of entities
// that share keys of their names or an identifier, and reads the facts of those whose
// names agree. Errors are those of reading the graph.
func Pairs(ctx context.Context, g *graph.Graph, o *Options) (*Result, error) {
	if o == nil {
		o = &Options{}
	}
	s, err := g.Snapshot()
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close() }() // reads only
	m := &matcher{graph: g.At(s), snapshot: s, options: o}
	if err := m.readEntities(ctx); err != nil {
		return nil, err
	}
	candidates := m.candidates()
	scored, err := m.compareNames(ctx, candidates)
	if err != nil {
		return nil, err
	}
	return m.weigh(ctx, scored)
}

// matcher is one search for pairs.
type matcher struct {
	graph    *graph.Graph
	snapshot *graph.Snapshot
	options  *Options
	subjects []*subject
	byName   map[string]int // how many entities have a folded name

	compared, skipped int
}

// subject is an entity with its prepared names.
type subject struct {
	entity schema.Entity
	names  []*name
	chosen bool // listed in Options.Of
	known  *knowledge
}

// mostNames is how many names of an entity are compared.
const mostNames = 40

// readEntities reads the entities that the options select.
func (m *matcher) readEntities(ctx context.Context) error {
	kinds := m.options.Kinds
	if len(kinds) == 0 {
		kinds = DefaultKinds()
	}
	m.byName = map[string]int{}
	task := progress.Begin(ctx, "reading names", "entities", 0)
	defer task.End()
	for e, err := range m.graph.Entities(ctx, m.options.Datasets...) {
		if err != nil {
			return err
		}
		chosen := slices.Contains(m.options.Of, e.ID)
		if !chosen && (!slices.Contains(kinds, e.Kind) || len(m.options.Of) > 1) {
			continue
		}
		m.subjects = append(m.subjects, newSubject(e, chosen))
		task.Add(1)
	}
	for _, s := range m.subjects {
		seen := map[string]bool{}
		for _, n := range s.names {
			if !seen[n.folded] {
				seen[n.folded] = true
				m.byName[string(s.entity.Kind)+" "+n.folded]++
			}
		}
	}
	return nil
}

func newSubject(e schema.Entity, chosen bool) *subject {
	s := &subject{entity: e, chosen: chosen}
	seen := map[string]bool{}
	add := func(text string) {
		n := newName(text, e.Kind)
		if key := n.folded + n.generation + n.form; !seen[key] && len(n.tokens) > 0 && len(s.names) < mostNames {
			seen[key] = true
			s.names = append(s.names, n)
		}
	}
	add(e.Label)
	for _, alias := range e.Aliases {
		add(alias.Value)
	}
	return s
}

// scoredPair is two subjects with the names that agree best.
type scoredPair struct {
	a, b         int
	nameA, nameB *name
	names        Similarity
}

// weakNames is the score of names below which only an identifier makes a pair.
const weakNames = 0.5

// compareNames compares the names of candidates on all processors, and keeps those whose
// names or identifiers agree.
func (m *matcher) compareNames(ctx context.Context, candidates []uint64) (found []scoredPair, err error) {
	task := progress.Begin(ctx, "comparing names", "pairs", int64(len(candidates)))
	defer task.End()
	const part = 4096
	parts := make([][]scoredPair, (len(candidates)+part-1)/part)
	next := make(chan int)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := range next {
				chunk := candidates[i*part : min(len(candidates), (i+1)*part)]
				parts[i] = m.compareChunk(chunk)
				task.Add(int64(len(chunk)))
			}
		})
	}
	for i := range parts {
		if context.Cause(ctx) != nil {
			break
		}
		next <- i
	}
	close(next)
	all.Wait()
	m.compared = len(candidates)
	return slices.Concat(parts...), context.Cause(ctx)
}

func (m *matcher) compareChunk(chunk []uint64) (found []scoredPair) {
	for _, c := range chunk {
		p := scoredPair{a: int(c >> 32), b: int(c & 0xffffffff)}
		a, b := m.subjects[p.a], m.subjects[p.b]
		p.nameA, p.nameB, p.names = bestNames(a, b)
		if p.names.Score >= weakNames || len(m.options.Of) > 1 || shareIdentifier(a, b) {
			found = append(found, p)
		}
	}
	return found
}

// bestNames returns the names of two entities that agree best.
func bestNames(a, b *subject) (x, y *name, best Similarity) {
	best.Score = -1
	if a.entity.Kind != b.entity.Kind {
		return first(a), first(b), Similarity{0, "a " + string(a.entity.Kind) + " is not a " + string(b.entity.Kind)}
	}
	for _, p := range a.names {
		for _, q := range b.names {
			if s := compareNames(p, q, a.entity.Kind); s.Score > best.Score {
				x, y, best = p, q, s
			}
			if best.Score >= 0.97 {
				return x, y, best
			}
		}
	}
	if x == nil {
		return first(a), first(b), Similarity{0, "a name without letters"}
	}
	return x, y, best
}

func first(s *subject) *name {
	if len(s.names) > 0 {
		return s.names[0]
	}
	return &name{text: s.entity.Label}
}

// weigh reads what is known of the entities of pairs, scores them, and sorts them.
func (m *matcher) weigh(ctx context.Context, pairs []scoredPair) (*Result, error) {
	if err := m.readKnowledge(ctx, pairs); err != nil {
		return nil, err
	}
	least := m.options.Above
	if least == 0 {
		least = Threshold
	}
	if len(m.options.Of) > 1 {
		least = m.options.Above
	}
	r := &Result{Entities: len(m.subjects), Compared: m.compared, Skipped: m.skipped}
	for _, p := range pairs {
		if pair := m.judge(p); pair.Score >= least {
			r.Pairs = append(r.Pairs, pair)
		}
	}
	slices.SortFunc(r.Pairs, func(x, y Pair) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.A.Entity.ID, y.A.Entity.ID), cmp.Compare(x.B.Entity.ID, y.B.Entity.ID))
	})
	return r, nil
}
