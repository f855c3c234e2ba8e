package paths

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
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

// read reads the ids of everything that the view is made of.
func (b *builder) read(ctx context.Context) error {
	verbOf := make([][]pair, len(b.view.verbs))
	edges := make([][]edgeIDs, len(b.view.verbs))
	tasks := []func(context.Context) error{
		func(ctx context.Context) error { return b.pairs(ctx, schema.SourceTerm, &b.sources) },
		func(ctx context.Context) error { return b.dates(ctx, schema.FromTerm, &b.from) },
		func(ctx context.Context) error { return b.dates(ctx, schema.ToTerm, &b.to) },
		b.readEvidence, b.readStances, b.readConfidence, b.readOthers,
	}
	for i, verb := range b.view.verbs {
		d, _ := b.vocabulary.Lookup(verb)
		tasks = append(tasks,
			func(ctx context.Context) error {
				return b.match(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(verb)}, func(q store.IDs) error {
					verbOf[i] = append(verbOf[i], pair{q[0], uint64(i)})
					return nil
				})
			},
			func(ctx context.Context) (err error) {
				edges[i], err = b.readEdges(ctx, verb, d.Symmetric)
				return err
			})
	}
	err := together(ctx, tasks)
	b.verbOf, b.edges = slices.Concat(verbOf...), slices.Concat(edges...)
	return err
}

func (b *builder) match(ctx context.Context, p store.Pattern, fn func(store.IDs) error) error {
	for q, err := range b.snapshot.MatchIDs(ctx, p) {
		if err == nil {
			err = fn(q)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) pairs(ctx context.Context, predicate quad.IRI, into *[]pair) error {
	return b.match(ctx, store.Pattern{Predicate: predicate}, func(q store.IDs) error {
		*into = append(*into, pair{q[0], q[2]})
		return nil
	})
}

// readEdges reads those of a verb; of two that are each other's mirror image one
// is enough.
func (b *builder) readEdges(ctx context.Context, verb schema.Verb, symmetric bool) (edges []edgeIDs, err error) {
	flags := arcForward
	if symmetric {
		flags |= arcBackward
	}
	err = b.match(ctx, store.Pattern{Predicate: schema.Term(verb)}, func(q store.IDs) error {
		if q[3] != 0 && (!symmetric || q[0] < q[2]) {
			edges = append(edges, edgeIDs{q[0], q[2], q[3], flags})
		}
		return nil
	})
	return edges, err
}

func (b *builder) readEvidence(ctx context.Context) error {
	return b.match(ctx, store.Pattern{Predicate: schema.EvidenceTerm}, func(q store.IDs) error {
		b.evidence = append(b.evidence, q)
		return nil
	})
}

func (b *builder) readStances(ctx context.Context) error {
	for i, stance := range schema.Stances() {
		if stance == schema.Asserts {
			continue
		}
		err := b.match(ctx, store.Pattern{Predicate: schema.StanceTerm, Object: schema.Term(stance)}, func(q store.IDs) error {
			b.stances = append(b.stances, pair{q[0], uint64(i)})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// objects calls fn with the quads of a predicate and their objects, which come
// in order, so that each is looked up once.
func (b *builder) objects(ctx context.Context, predicate quad.IRI, fn func(store.IDs, quad.Value) error) error {
	var last uint64
	var value quad.Value
	return b.match(ctx, store.Pattern{Predicate: predicate}, func(q store.IDs) error {
		if q[2] != last {
			last = q[2]
			for v, err := range b.snapshot.Terms(ctx, []uint64{last}) {
				if err != nil {
					return err
				}
				value = v
			}
		}
		return fn(q, value)
	})
}

func (b *builder) readConfidence(ctx context.Context) error {
	return b.objects(ctx, schema.ConfidenceTerm, func(q store.IDs, value quad.Value) error {
		confidence, _ := value.Native().(float64)
		b.sure = append(b.sure, pair{q[0], uint64(math.Float32bits(float32(confidence)))})
		return nil
	})
}

func (b *builder) dates(ctx context.Context, predicate quad.IRI, into *[]dated) error {
	var last quad.Value
	var day schema.Day
	return b.objects(ctx, predicate, func(q store.IDs, value quad.Value) (err error) {
		if value != last {
			last = value
			day, err = schema.DayOf(value)
		}
		*into = append(*into, dated{q[0], q[3], day})
		return err
	})
}

// readOthers reads who is involved in what was planned, refused, cancelled or
// supposed: such facts have no edges in the graph.
func (b *builder) readOthers(ctx context.Context) error {
	b.facts = newIDTable()
	for i, status := range schema.Statuses() {
		if status == schema.Happened {
			continue
		}
		err := b.match(ctx, store.Pattern{Predicate: schema.StatusTerm, Object: schema.Term(status)}, func(q store.IDs) error {
			b.statusOf = append(b.statusOf, pair{q[0], uint64(i)})
			b.facts.set(q[0], 0)
			return nil
		})
		if err != nil {
			return err
		}
	}
	if len(b.statusOf) == 0 {
		return nil
	}
	for i, role := range roleNames {
		err := b.match(ctx, store.Pattern{Predicate: schema.Term(role)}, func(q store.IDs) error {
			if _, ok := b.facts.get(q[0]); ok {
				b.roles[i] = append(b.roles[i], pair{q[0], q[2]})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// number names entities and facts, and numbers them in the order of their names.
func (b *builder) number(ctx context.Context) error {
	others, err := b.pairOthers(ctx)
	if err != nil {
		return err
	}
	known := newIDTable()
	for _, v := range b.verbOf {
		known.set(v.id, 0)
	}
	b.edges = slices.DeleteFunc(b.edges, func(e edgeIDs) bool { // a link between facts may be named like a verb
		_, ok := known.get(e.fact)
		return !ok
	})
	b.edges = append(b.edges, others...)
	ids, facts := make([]uint64, 0, 2*len(b.edges)), make([]uint64, 0, len(b.edges))
	for _, e := range b.edges {
		ids, facts = append(ids, e.from, e.to), append(facts, e.fact)
	}
	ids, facts = sortedSet(ids), sortedSet(facts)
	if len(b.edges) > math.MaxUint32/2 {
		return fmt.Errorf("%d links, more than a view can hold", len(b.edges))
	}
	if err := b.numberNodes(ctx, ids); err != nil {
		return err
	}
	return b.numberFacts(ctx, facts)
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

func (b *builder) numberFacts(ctx context.Context, ids []uint64) error {
	names, err := b.terms(ctx, ids)
	if err != nil {
		return err
	}
	type hashed struct {
		hash [16]byte
		id   uint64
	}
	rows := make([]hashed, len(ids))
	for i, name := range names {
		hash, ok := schema.FactHash(schema.ID(name))
		if !ok {
			return fmt.Errorf("%w: an edge is labelled %q", store.ErrDamaged, name)
		}
		rows[i] = hashed{hash, ids[i]}
	}
	slices.SortFunc(rows, func(x, y hashed) int { return bytes.Compare(x.hash[:], y.hash[:]) })
	b.view.facts = make([]factRow, len(ids)+1)
	b.facts = newIDTable()
	happened := statusNumber(schema.Happened)
	for n, row := range rows {
		b.view.facts[n] = factRow{hash: row.hash, status: happened}
		b.facts.set(row.id, uint32(n))
	}
	for _, v := range b.verbOf {
		if n, ok := b.facts.get(v.id); ok {
			b.view.facts[n].verb = uint16(v.of)
		}
	}
	for _, s := range b.statusOf {
		if n, ok := b.facts.get(s.id); ok {
			b.view.facts[n].status = uint8(s.of)
		}
	}
	return b.layClaims(ctx)
}

// layClaims collects what each dataset says of each fact.
func (b *builder) layClaims(ctx context.Context) error {
	labels, err := b.nameDatasets(ctx)
	if err != nil {
		return err
	}
	places := newIDTable() // of evidence
	list := make([]testimony, 0, len(b.evidence))
	for _, q := range b.evidence {
		if fact, ok := b.facts.get(q[0]); ok {
			places.set(q[2], uint32(len(list)))
			list = append(list, testimony{fact: fact, dataset: labels[q[3]], asserts: true, confidence: 1})
		}
	}
	for _, s := range b.sources {
		if i, ok := places.get(s.id); ok {
			list[i].source = s.of
		}
	}
	denies := uint64(slices.Index(schema.Stances(), schema.Denies))
	for _, s := range b.stances {
		if i, ok := places.get(s.id); ok {
			list[i].asserts, list[i].denies = false, s.of == denies
		}
	}
	for _, s := range b.sure {
		if i, ok := places.get(s.id); ok {
			list[i].confidence = math.Float32frombits(uint32(s.of))
		}
	}
	slices.SortFunc(list, func(x, y testimony) int {
		return cmp.Or(cmp.Compare(x.fact, y.fact), cmp.Compare(x.dataset, y.dataset), cmp.Compare(x.source, y.source))
	})
	b.view.sum(list)
	for _, d := range b.from {
		if c := b.claim(labels, d); c != nil {
			if c.flags&claimDated == 0 {
				c.from, c.to = int32(d.day), int32(schema.MinDay)
			}
			c.flags |= claimDated
			c.from = min(c.from, int32(d.day))
		}
	}
	for _, d := range b.to {
		if c := b.claim(labels, d); c != nil {
			c.to = max(c.to, int32(d.day))
		}
	}
	return nil
}

func (b *builder) claim(labels map[uint64]uint16, d dated) *claim {
	fact, ok := b.facts.get(d.fact)
	if !ok {
		return nil
	}
	all := b.view.claimsOf(fact)
	for i := range all {
		if all[i].dataset == labels[d.label] {
			return &all[i]
		}
	}
	return nil
}

// nameDatasets numbers the datasets in the order of their names, by the ids of
// their labels.
func (b *builder) nameDatasets(ctx context.Context) (map[uint64]uint16, error) {
	var ids []uint64
	for _, q := range b.evidence {
		if n := len(ids); n == 0 || ids[n-1] != q[3] {
			ids = append(ids, q[3])
		}
	}
	ids = sortedSet(ids)
	names, err := b.terms(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(ids) > math.MaxUint16 {
		return nil, fmt.Errorf("%d datasets, more than %d", len(ids), math.MaxUint16)
	}
	for i := range names {
		names[i], _ = schema.DatasetName(quad.IRI(names[i]))
	}
	b.view.datasets = slices.Sorted(slices.Values(names))
	numbers := make(map[uint64]uint16, len(ids))
	for i, name := range names {
		n, _ := slices.BinarySearch(b.view.datasets, name)
		numbers[ids[i]] = uint16(n)
	}
	return numbers, nil
}

// testimony is a piece of evidence.
type testimony struct {
	source          uint64
	fact            uint32
	confidence      float32
	dataset         uint16
	asserts, denies bool
}

// sum makes claims, and what is known of whole facts, of evidence that is sorted
// by fact and dataset.
func (v *View) sum(list []testimony) {
	at := 0
	var sources []uint64
	for n := range v.facts {
		row := &v.facts[n]
		row.claims = uint32(len(v.claims))
		sources = sources[:0]
		var asserted, denied bool
		var sure, anyone float32
		for ; at < len(list) && int(list[at].fact) == n; at++ {
			t := list[at]
			if len(v.claims) == int(row.claims) || v.claims[len(v.claims)-1].dataset != t.dataset {
				v.claims = append(v.claims, claim{dataset: t.dataset})
			}
			anyone = max(anyone, t.confidence)
			if t.asserts {
				v.claims[len(v.claims)-1].flags |= claimAsserts
				asserted, sure = true, max(sure, t.confidence)
			}
			denied = denied || t.denies
			if !slices.Contains(sources, t.source) {
				sources = append(sources, t.source)
			}
		}
		row.sources, row.confidence = uint32(len(sources)), sure
		if !asserted {
			row.confidence = anyone
		}
		if asserted && denied {
			row.disputed = 1
		}
	}
}

// measure adds up what the view takes.
func (v *View) measure() {
	v.bytes = 0
	for _, s := range v.sections() {
		v.bytes += int64(len(s.bytes()))
	}
}

// layOut puts the edges in rows.
func (b *builder) layOut(ctx context.Context) (err error) {
	v := b.view
	happened := statusNumber(schema.Happened)
	v.newest = math.MinInt32
	for n := range v.facts[:v.Facts()] {
		if from, to, dated := v.hull(uint32(n)); dated && v.facts[n].status == happened {
			if to == int32(schema.MaxDay) {
				to = from
			}
			v.newest = max(v.newest, to)
		}
	}
	var all [2][]link
	for _, e := range b.edges {
		from, _ := b.nodes.get(e.from)
		to, _ := b.nodes.get(e.to)
		fact, _ := b.facts.get(e.fact)
		i := 0
		if v.facts[fact].status != happened {
			i = 1
		}
		all[i] = append(all[i], link{from, to, fact, e.flags})
	}
	if v.happened, err = v.rows(ctx, all[0]); err == nil {
		v.others, err = v.rows(ctx, all[1])
	}
	return err
}

// hull is the first and the last day that any claim of a fact allows that counts:
// one that asserts it, or any where it did not happen.
func (v *View) hull(fact uint32) (from, to int32, dated bool) {
	return hullOf(v.claimsOf(fact), func(c claim) bool {
		return c.flags&claimAsserts != 0 || v.facts[fact].status != statusNumber(schema.Happened)
	})
}

func hullOf(claims []claim, counts func(claim) bool) (from, to int32, dated bool) {
	from, to = int32(schema.MaxDay), int32(schema.MinDay)
	for _, c := range claims {
		if c.flags&claimDated != 0 && counts(c) {
			from, to, dated = min(from, c.from), max(to, c.to), true
		}
	}
	return from, to, dated
}

// link is an edge between two nodes.
type link struct {
	from, to, fact uint32
	flags          uint8
}

// seen is a link as one of its ends sees it.
type seen struct {
	to     uint32
	weight weight
	arc    arc
}

// rows sorts links by either end.
func (v *View) rows(ctx context.Context, links []link) (a adjacency, err error) {
	n := v.Nodes()
	start := make([]uint32, n+2)
	for _, l := range links {
		start[l.from+2]++
		start[l.to+2]++
	}
	for i := 2; i < len(start); i++ {
		start[i] += start[i-1]
	}
	list := make([]seen, 2*len(links))
	place := func(at, to, fact uint32, flags uint8) {
		arc := v.arcOf(fact)
		arc.flags |= flags
		list[start[at+1]] = seen{to, v.weigh(ByTelling, &arc), arc}
		start[at+1]++
	}
	for _, l := range links {
		place(l.from, l.to, l.fact, l.flags)
		place(l.to, l.from, l.fact, mirror(l.flags))
	}
	err = parts(ctx, n, func(low, high int) error {
		for node := low; node < high; node++ {
			slices.SortFunc(list[start[node]:start[node+1]], func(x, y seen) int {
				return cmp.Or(cmp.Compare(x.to, y.to), cmp.Compare(x.weight, y.weight), cmp.Compare(x.arc.fact, y.arc.fact))
			})
		}
		return nil
	})
	a.start = make([]uint32, n+1)
	a.near, a.first, a.arcs = make([]uint32, 0, len(list)), make([]uint32, 0, len(list)+1), make([]arc, 0, len(list))
	for node := range n {
		last := len(a.near)
		for _, s := range list[start[node]:start[node+1]] {
			switch {
			case len(a.near) == last || a.near[len(a.near)-1] != s.to:
				a.near, a.first = append(a.near, s.to), append(a.first, uint32(len(a.arcs)))
				a.arcs = append(a.arcs, s.arc)
			case a.arcs[len(a.arcs)-1].fact == s.arc.fact:
				a.arcs[len(a.arcs)-1].flags |= s.arc.flags
			default:
				a.arcs = append(a.arcs, s.arc)
			}
		}
		a.start[node+1] = uint32(len(a.near))
	}
	a.first = append(a.first, uint32(len(a.arcs)))
	a.near, a.first, a.arcs = slices.Clip(a.near), slices.Clip(a.first), slices.Clip(a.arcs)
	return a, err
}

// mirror is the direction as the other end sees it.
func mirror(flags uint8) uint8 {
	return flags&arcForward<<1 | flags&arcBackward>>1
}

// arcOf is what an arc says of its fact, without a direction.
func (v *View) arcOf(fact uint32) arc {
	row := &v.facts[fact]
	a := arc{fact: fact, verb: row.verb, sources: uint8(min(row.sources, math.MaxUint8)), flags: row.status << statusShift}
	var dated bool
	if a.from, a.to, dated = v.hull(fact); dated {
		a.flags |= arcDated
	}
	if v.relation[row.verb] {
		a.flags |= arcRelation
	}
	if row.disputed != 0 {
		a.flags |= arcDisputed
	}
	return a
}
