package paths

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// NewView reads who is linked with whom: the edges of the graph, and what facts
// that did not happen would have linked, for queries that ask for those. [Views]
// does so no more often than needed.
func NewView(ctx context.Context, g *graph.Graph) (*View, error) {
	s, err := g.Snapshot()
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return build(ctx, s, g.Vocabulary())
}

// builder reads the ids of what it needs side by side, each predicate by itself;
// then it numbers entities and facts by the order of their names, so that equal
// graphs have equal views.
type builder struct {
	snapshot   *store.Snapshot
	vocabulary *schema.Vocabulary
	view       *View

	verbOf   []pair // facts and the numbers of their verbs
	statusOf []pair // facts that did not happen and the numbers of their statuses
	edges    []edgeIDs
	evidence []store.IDs
	sources  []pair // evidence and documents
	stances  []pair // evidence that does not assert, and its number among schema.Stances
	sure     []pair // evidence and the bits of its confidence
	from, to []dated
	roles    [4][]pair // facts and those who play actor, recipient, party, during

	facts *idTable // terms of facts that link somebody
	nodes *idTable
}

type pair struct{ id, of uint64 }

type edgeIDs struct {
	from, to, fact uint64
	flags          uint8
}

type dated struct {
	fact, label uint64
	day         schema.Day
}

var roleNames = [...]schema.Role{schema.RoleActor, schema.RoleRecipient, schema.RoleParty, "during"}

func build(ctx context.Context, s *store.Snapshot, vocabulary *schema.Vocabulary) (*View, error) {
	b := &builder{snapshot: s, vocabulary: vocabulary, view: &View{verbs: vocabulary.Verbs()}}
	b.view.relation = relations(vocabulary)
	if len(b.view.verbs) > math.MaxUint16 {
		return nil, fmt.Errorf("%d verbs, more than %d", len(b.view.verbs), math.MaxUint16)
	}
	for _, step := range []func(context.Context) error{b.read, b.number, b.layOut} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	b.view.generation = s.Generation()
	b.view.measure()
	return b.view, nil
}

// relations tells which verbs hold over a time.
func relations(vocabulary *schema.Vocabulary) (relation []bool) {
	for _, verb := range vocabulary.Verbs() {
		d, _ := vocabulary.Lookup(verb)
		relation = append(relation, d.Kind == schema.Relation)
	}
	return relation
}

// together runs functions side by side, no more than there are processors.
func together(ctx context.Context, tasks []func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	next := make(chan func(context.Context) error, len(tasks))
	for _, task := range tasks {
		next <- task
	}
	close(next)
	for range min(runtime.GOMAXPROCS(0), len(tasks)) {
		wg.Go(func() {
			for task := range next {
				if err := task(ctx); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// parts runs fn over equal parts of n things side by side.
func parts(ctx context.Context, n int, fn func(low, high int) error) error {
	const least = 1 << 12
	count := max(1, min(4*runtime.GOMAXPROCS(0), n/least))
	var tasks []func(context.Context) error
	for i := range count {
		tasks = append(tasks, func(ctx context.Context) error {
			if err := context.Cause(ctx); err != nil {
				return err
			}
			return fn(i*n/count, (i+1)*n/count)
		})
	}
	return together(ctx, tasks)
}

// number names entities and facts, and numbers them in the order of their names.
func (b *builder) number(ctx context.Context) error {
	others, err := b.pairOthers(ctx)
	if err != nil {
		return err
	}
	verbs := newIDTable()
	for _, v := range b.verbOf {
		verbs.set(v.id, uint32(v.of))
	}
	b.edges = slices.DeleteFunc(b.edges, func(e edgeIDs) bool { // a link between facts may be named like a verb
		_, ok := verbs.get(e.fact)
		return !ok
	})
	b.edges = append(b.edges, others...)
	if len(b.edges) >= secondRows/2 {
		return fmt.Errorf("%d links, more than a view can hold", len(b.edges))
	}
	return together(ctx, []func(context.Context) error{
		func(ctx context.Context) error {
			ids := make([]uint64, 0, 2*len(b.edges))
			for _, e := range b.edges {
				ids = append(ids, e.from, e.to)
			}
			return b.numberNodes(ctx, sortedSet(ids))
		},
		func(ctx context.Context) error {
			ids := make([]uint64, 0, len(b.edges))
			for _, e := range b.edges {
				ids = append(ids, e.fact)
			}
			return b.numberFacts(ctx, sortedSet(ids), verbs)
		},
	})
}

// sortBy is a list in the order of some buckets, and within each as compare has it,
// which is done on all processors; and where each bucket begins.
func sortBy[T any](ctx context.Context, list []T, buckets int, bucket func(*T) uint32, compare func(x, y T) int) (sorted []T, start []uint32, err error) {
	start = make([]uint32, buckets+2)
	for i := range list {
		start[bucket(&list[i])+2]++
	}
	for i := 2; i < len(start); i++ {
		start[i] += start[i-1]
	}
	sorted = make([]T, len(list))
	for i := range list {
		at := &start[bucket(&list[i])+1]
		sorted[*at] = list[i]
		*at++
	}
	return sorted, start[:buckets+1], parts(ctx, buckets, func(low, high int) error {
		for i := low; i < high; i++ {
			slices.SortFunc(sorted[start[i]:start[i+1]], compare)
		}
		return nil
	})
}

func sortedSet(ids []uint64) []uint64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// pairOthers links those who are involved in what did not happen.
func (b *builder) pairOthers(ctx context.Context) ([]edgeIDs, error) {
	if len(b.statusOf) == 0 {
		return nil, nil
	}
	type other struct {
		fact schema.Fact
		term uint64
	}
	byTerm := make(map[uint64]*other, len(b.statusOf))
	for _, s := range b.statusOf {
		byTerm[s.id] = &other{term: s.id}
	}
	for _, v := range b.verbOf {
		if o := byTerm[v.id]; o != nil {
			o.fact.Verb = b.view.verbs[v.of]
		}
	}
	var ids []uint64
	for _, pairs := range b.roles {
		for _, p := range pairs {
			ids = append(ids, p.of)
		}
	}
	ids = sortedSet(ids)
	names, err := b.terms(ctx, ids)
	if err != nil {
		return nil, err
	}
	terms := make(map[schema.ID]uint64, len(ids))
	for i, name := range names {
		terms[schema.ID(name)] = ids[i]
	}
	for i, pairs := range b.roles {
		for _, p := range pairs {
			at, _ := slices.BinarySearch(ids, p.of)
			o := byTerm[p.id]
			o.fact.Roles = append(o.fact.Roles, schema.Participant{Role: roleNames[i], ID: schema.ID(names[at])})
		}
	}
	var edges []edgeIDs
	for _, s := range b.statusOf {
		o := byTerm[s.id]
		for _, e := range b.vocabulary.Pairs(o.fact) {
			edges = append(edges, edgeIDs{terms[e.From], terms[e.To], o.term, arcForward})
		}
	}
	return edges, nil
}

// terms names IRIs of sorted ids, on all processors.
func (b *builder) terms(ctx context.Context, ids []uint64) ([]string, error) {
	names := make([]string, len(ids))
	err := parts(ctx, len(ids), func(low, high int) error {
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

func (b *builder) numberNodes(ctx context.Context, ids []uint64) error {
	names, err := b.terms(ctx, ids)
	if err != nil {
		return err
	}
	order := make([]int32, len(ids))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int { return strings.Compare(names[x], names[y]) })
	v, all := b.view, strings.Builder{}
	b.nodes = newIDTable()
	v.nameEnds, v.kinds = make([]uint32, len(ids)), make([]uint8, len(ids))
	for n, i := range order {
		all.WriteString(names[i])
		v.nameEnds[n] = uint32(all.Len())
		v.kinds[n] = kindNumber(schema.KindOf(schema.ID(names[i])))
		b.nodes.set(ids[i], uint32(n))
	}
	if v.names = all.String(); all.Len() > math.MaxUint32 {
		return errors.New("ids of 4 GB, more than a view can hold")
	}
	return nil
}

func (b *builder) numberFacts(ctx context.Context, ids []uint64, verbs *idTable) error {
	names, err := b.terms(ctx, ids)
	if err != nil {
		return err
	}
	type hashed struct {
		hash [16]byte
		id   uint64
		verb uint32
	}
	rows := make([]hashed, len(ids))
	err = parts(ctx, len(ids), func(low, high int) error {
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
	rows, _, err = sortBy(ctx, rows, 1<<digits,
		func(row *hashed) uint32 { return uint32(binary.BigEndian.Uint16(row.hash[:])) >> (16 - digits) },
		func(x, y hashed) int { return bytes.Compare(x.hash[:], y.hash[:]) })
	if err != nil {
		return err
	}
	b.view.facts = make([]factRow, len(ids)+1)
	b.facts = newIDTable()
	happened := statusNumber(schema.Happened)
	for n, row := range rows {
		b.view.facts[n] = factRow{hash: row.hash, verb: uint16(row.verb), status: happened}
		b.facts.set(row.id, uint32(n))
	}
	for _, s := range b.statusOf {
		if n, ok := b.facts.get(s.id); ok {
			b.view.facts[n].status = uint8(s.of)
		}
	}
	return b.layClaims(ctx)
}
