package paths

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/progress"
)

// NewView builds the view of a graph as it is now. Facts without edges in the graph,
// such as planned ones, are included for queries that ask for them. Unlike [Open], it
// does not use the view's file, and gives no access to evidence.
func NewView(ctx context.Context, g *graph.Graph) (*View, error) {
	s, err := g.Snapshot()
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return build(ctx, s, g.Vocabulary())
}

// builder builds a view. It reads the ids of each predicate in a task of its own. It
// numbers entities and facts in the order of their names, so that equal graphs have
// equal views.
type builder struct {
	snapshot   *store.Snapshot
	vocabulary *schema.Vocabulary
	view       *View

	verbOf         []idPair // fact, number of its verb
	edgelessFacts  []idPair // fact without edges in the graph, number of its status
	edges          []edgeEntry
	evidence       []store.IDs
	sources        []idPair // evidence, document
	stances        []idPair // evidence that does not assert, index of its stance in schema.Stances
	confidences    []idPair // evidence, bits of its confidence
	from, to       []datedFact
	disputedWholes []uint64      // facts whose days are derived from disputed facts, sorted
	roles          []schema.Role // roles from which edges follow
	rolePlayers    [][]idPair    // for each role: fact, participant

	facts *idTable // term ids of facts that link entities, and their numbers
	nodes *idTable
}

type idPair struct{ id, of uint64 }

type edgeEntry struct {
	from, to, fact uint64
	verb           uint16
	flags          uint8
}

type datedFact struct {
	fact, label uint64
	day         schema.Day
}

// derived reports whether a date is derived from the facts that contain the fact.
func (d datedFact) derived() bool { return d.label == d.fact }

// linkingRoles returns the roles from which edges of facts follow.
func linkingRoles(vocabulary *schema.Vocabulary) []schema.Role {
	roles := []schema.Role{schema.RoleActor, schema.RoleRecipient, schema.RoleParty, "during"}
	for _, role := range vocabulary.Roles() {
		d, _ := vocabulary.Role(role)
		for _, rule := range d.Edges {
			roles = append(append(roles, role), rule.Others...)
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

func build(ctx context.Context, s *store.Snapshot, vocabulary *schema.Vocabulary) (*View, error) {
	b := &builder{snapshot: s, vocabulary: vocabulary, view: &View{predicates: newPredicateTable(vocabulary)}, roles: linkingRoles(vocabulary)}
	task := progress.Begin(ctx, "preparing the graph for paths", "", 0)
	defer task.End()
	b.rolePlayers = make([][]idPair, len(b.roles))
	if len(b.view.predicates.verbs) > math.MaxUint16 {
		return nil, fmt.Errorf("%d verbs, more than %d", len(b.view.predicates.verbs), math.MaxUint16)
	}
	for _, step := range []func(context.Context) error{b.readIDs, b.numberTerms, b.buildRows} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	b.view.generation = s.Generation()
	b.view.measure()
	return b.view, nil
}

// numberTerms looks up the names of entities and facts, and numbers them in the order
// of their names.
func (b *builder) numberTerms(ctx context.Context) error {
	others, err := b.linksOfEdgelessFacts(ctx)
	if err != nil {
		return err
	}
	verbs := newIDTable()
	err = eachRange(ctx, len(b.verbOf), func(low, high int) {
		for _, v := range b.verbOf[low:high] {
			verbs.set(v.id, uint32(v.of))
		}
	})
	if err != nil {
		return err
	}
	edges := b.edges[:0]
	err = eachRange(ctx, len(b.edges), func(low, high int) {
		for _, e := range b.edges[low:high] {
			if _, ok := verbs.get(e.fact); ok { // the predicate of a link between facts may equal a verb's
				edges = append(edges, e)
			}
		}
	})
	if err != nil {
		return err
	}
	if b.edges = append(edges, others...); len(b.edges) > math.MaxUint32/2 {
		return fmt.Errorf("%d links, more than a view can hold", len(b.edges))
	}
	b.nodes, b.facts = newIDTable(), newIDTable()
	mark := func(fn func(e *edgeEntry)) error {
		return eachRange(ctx, len(b.edges), func(low, high int) {
			for i := low; i < high; i++ {
				fn(&b.edges[i])
			}
		})
	}
	return runParallel(ctx, []func(context.Context) error{
		func(ctx context.Context) error {
			err := mark(func(e *edgeEntry) {
				b.nodes.set(e.from, 0)
				b.nodes.set(e.to, 0)
			})
			if err != nil {
				return err
			}
			return b.numberNodes(ctx)
		},
		func(ctx context.Context) error {
			if err := mark(func(e *edgeEntry) { b.facts.set(e.fact, 0) }); err != nil {
				return err
			}
			return b.numberFacts(ctx, verbs)
		},
	})
}

func sortedSet(ids []uint64) []uint64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// linksOfEdgelessFacts returns the links of facts that have no edges in the graph.
func (b *builder) linksOfEdgelessFacts(ctx context.Context) ([]edgeEntry, error) {
	if len(b.edgelessFacts) == 0 {
		return nil, nil
	}
	numbers, facts := newIDTable(), make([]schema.Fact, len(b.edgelessFacts))
	for i, s := range b.edgelessFacts {
		numbers.set(s.id, uint32(i))
	}
	err := eachRange(ctx, len(b.verbOf), func(low, high int) {
		for _, v := range b.verbOf[low:high] {
			if i, ok := numbers.get(v.id); ok {
				facts[i].Verb = b.view.predicates.verbs[v.of]
			}
		}
	})
	if err != nil {
		return nil, err
	}
	involved := newIDTable()
	for _, pairs := range b.rolePlayers {
		for _, p := range pairs {
			involved.set(p.of, 0)
		}
	}
	ids := involved.ids()
	names, err := b.iriNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	terms := make(map[schema.ID]uint64, len(ids))
	for i, name := range names {
		terms[schema.ID(name)] = ids[i]
		involved.set(ids[i], uint32(i))
	}
	for i, pairs := range b.rolePlayers {
		err := eachRange(ctx, len(pairs), func(low, high int) {
			for _, p := range pairs[low:high] {
				n, _ := numbers.get(p.id)
				at, _ := involved.get(p.of)
				facts[n].Roles = append(facts[n].Roles, schema.Participant{Role: b.roles[i], ID: schema.ID(names[at])})
			}
		})
		if err != nil {
			return nil, err
		}
	}
	var edges []edgeEntry
	err = eachRange(ctx, len(facts), func(low, high int) {
		for i := low; i < high; i++ {
			facts[i].Roles = withoutRepeats(facts[i].Roles)
			for _, e := range b.vocabulary.Pairs(facts[i]) {
				verb, _ := b.view.predicates.number(e.Verb)
				edges = append(edges, edgeEntry{terms[e.From], terms[e.To], b.edgelessFacts[i].id, uint16(verb), arcForward})
			}
		}
	})
	return edges, err
}

// withoutRepeats sorts participants and removes duplicates from several datasets.
func withoutRepeats(roles []schema.Participant) []schema.Participant {
	slices.SortFunc(roles, func(a, b schema.Participant) int { return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.ID, b.ID)) })
	return slices.Compact(roles)
}

// iriNames looks up the IRIs of sorted ids, in parallel.
func (b *builder) iriNames(ctx context.Context, ids []uint64) ([]string, error) {
	names := make([]string, len(ids))
	err := runRanges(ctx, len(ids), func(low, high int) error {
		at := low
		for value, err := range b.snapshot.Terms(ctx, ids[low:high]) {
			if err != nil {
				return err
			}
			iri, ok := value.(quad.IRI)
			if !ok {
				return fmt.Errorf("%w: %v is part of an edge", store.ErrDamaged, value)
			}
			names[at] = string(iri)
			at++
		}
		return nil
	})
	return names, err
}

func (b *builder) numberNodes(ctx context.Context) error {
	ids := b.nodes.ids()
	names, err := b.iriNames(ctx, ids)
	if err != nil {
		return err
	}
	order, sample := make([]int32, len(ids)), []string(nil)
	for i := range order {
		if order[i] = int32(i); i%1024 == 0 {
			sample = append(sample, names[i])
		}
	}
	slices.Sort(sample)
	order, _, err = sortIntoBuckets(ctx, order, len(sample)+1, func(i *int32) uint32 {
		n, _ := slices.BinarySearch(sample, names[*i])
		return uint32(n)
	}, func(x, y int32) int { return strings.Compare(names[x], names[y]) })
	if err != nil {
		return err
	}
	v, all := b.view, strings.Builder{}
	v.entities.ends, v.entities.kinds = make([]uint32, len(ids)), make([]uint8, len(ids))
	err = eachRange(ctx, len(order), func(low, high int) {
		for n := low; n < high; n++ {
			i := order[n]
			all.WriteString(names[i])
			v.entities.ends[n] = uint32(all.Len())
			v.entities.kinds[n] = kindNumber(schema.KindOf(schema.ID(names[i])))
			b.nodes.set(ids[i], uint32(n))
		}
	})
	if err != nil {
		return err
	}
	if v.entities.names = all.String(); all.Len() > math.MaxUint32 {
		return errors.New("ids of 4 GB, more than a view can hold")
	}
	return nil
}

func (b *builder) numberFacts(ctx context.Context, verbs *idTable) error {
	ids := b.facts.ids()
	names, err := b.iriNames(ctx, ids)
	if err != nil {
		return err
	}
	type hashed struct {
		hash [16]byte
		id   uint64
		verb uint32
	}
	rows := make([]hashed, len(ids))
	err = runRanges(ctx, len(ids), func(low, high int) error {
		for i := low; i < high; i++ {
			hash, ok := schema.FactHash(schema.ID(names[i]))
			if !ok {
				return fmt.Errorf("%w: an edge is labelled %q", store.ErrDamaged, names[i])
			}
			verb, _ := verbs.get(ids[i])
			rows[i] = hashed{hash, ids[i], verb}
		}
		return nil
	})
	if err != nil {
		return err
	}
	digits := min(16, bits.Len(uint(len(rows))/8))
	rows, _, err = sortIntoBuckets(ctx, rows, 1<<digits,
		func(row *hashed) uint32 { return uint32(binary.BigEndian.Uint16(row.hash[:])) >> (16 - digits) },
		func(x, y hashed) int { return bytes.Compare(x.hash[:], y.hash[:]) })
	if err != nil {
		return err
	}
	b.view.facts.rows = make([]factRow, len(ids)+1)
	happened := statusNumber(schema.Happened)
	err = eachRange(ctx, len(rows), func(low, high int) {
		for n := low; n < high; n++ {
			row := &rows[n]
			b.view.facts.rows[n] = factRow{hash: row.hash, verb: uint16(row.verb), status: happened}
			b.facts.set(row.id, uint32(n))
		}
	})
	if err != nil {
		return err
	}
	for _, s := range b.edgelessFacts {
		if n, ok := b.facts.get(s.id); ok {
			b.view.facts.rows[n].status = uint8(s.of)
		}
	}
	err = b.addClaims(ctx)
	b.evidence, b.sources, b.stances, b.confidences, b.from, b.to, b.disputedWholes = nil, nil, nil, nil, nil, nil, nil // they are as large as the view
	return err
}
