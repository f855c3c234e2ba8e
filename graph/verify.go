package graph

import (
	"context"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/progress"
)

// Verification is the result of a check of the whole graph.
type Verification struct {
	Quads    int64 // without the notes of loads
	Terms    int64
	Facts    int
	Edges    int    // including edges of roles
	Digest   string // see [Digest]; of all quads if there are problems of the store
	Problems []string

	// Outdated is the number of facts that lack only all edges of their roles, or
	// their standing, or both, since an older version of the program did not derive
	// them. It is also reported as a problem: queries of such a graph miss these
	// facts.
	Outdated int

	// Dangling are facts that refer to a fact that no dataset states any more, because
	// its dataset was removed or changed. They are not damage.
	Dangling []schema.ID
}

// Verify checks the store and both directions of every index, decodes every fact, and
// compares the derived quads with the facts.
func (g *Graph) Verify(ctx context.Context) (Verification, error) {
	stored, err := g.store.Verify(ctx)
	v := Verification{Quads: stored.Quads, Terms: stored.Terms, Digest: stored.Digest, Problems: stored.Problems}
	if err != nil || len(v.Problems) > 0 {
		return v, err
	}
	err = g.withSnapshot(ctx, func(s *store.Snapshot) (err error) {
		if v.Digest, err = digestOfFacts(ctx, s, stored.Digest); err != nil {
			return err
		}
		c := &verifier{reader: readerOf(g, s), snapshot: s, facts: s.NewIDSet(), labels: s.NewIDSet(),
			derived: store.NewIDValues(s), following: store.NewIDValues(s), hasher: store.NewQuadHasher(), found: &v}
		return c.verify(ctx)
	})
	return v, err
}

// verifier is one call of [Graph.Verify].
type verifier struct {
	reader
	snapshot *store.Snapshot
	hasher   *store.QuadHasher
	facts    store.IDSet // all facts
	labels   store.IDSet // all labels of quads

	// The sums of the hashes of each fact's derived quads, as they are stored, and as
	// they follow from the fact.
	derived, following store.IDValues

	found *Verification
}

func (c *verifier) verify(ctx context.Context) error {
	v := c.found
	notes, err := c.snapshot.Count(ctx, store.Pattern{Label: LoadsLabel})
	if err != nil {
		return err
	}
	v.Quads -= notes
	keys, err := countKeyTerms(ctx, c.snapshot)
	if err != nil {
		return err
	}
	v.Terms -= keys
	if err := c.collectFacts(ctx); err != nil {
		return err
	}
	var facts factsCheck
	err = inParallel(func() error { return c.readDerived(ctx) }, func() (err error) {
		facts, err = c.readFacts(ctx)
		return err
	})
	if err != nil {
		return err
	}
	suspects, err := c.suspects(ctx, facts)
	if err != nil {
		return err
	}
	wholes := newWholes(c.reader)
	for _, id := range suspects {
		if err := c.verifyFact(ctx, id, wholes, v); err != nil {
			return err
		}
	}
	slices.Sort(v.Dangling)
	if v.Outdated > 0 {
		v.problem("edges of roles or standings of %d facts are missing, as an older version left them out: load the datasets again, or rebuild the graph", v.Outdated)
	}
	if err := c.verifyDatasets(ctx, v); err != nil {
		return err
	}
	return c.verifyLabels(ctx)
}

// collectFacts collects the facts: the subjects of statuses.
func (c *verifier) collectFacts(ctx context.Context) error {
	for q, err := range c.snapshot.MatchIDs(ctx, store.Pattern{Predicate: schema.StatusTerm}) {
		if err != nil {
			return err
		}
		c.facts.Put(q[0])
	}
	c.found.Facts = int(c.facts.Count())
	return nil
}

// readDerived collects the labels of all quads, and sums up what is derived.
func (c *verifier) readDerived(ctx context.Context) error {
	hashes, err := c.hasher.Terms(ctx, c.snapshot)
	if err != nil {
		return err
	}
	isFact := func(label uint64) bool {
		c.labels.Put(label)
		return c.facts.Has(label)
	}
	return store.EachLabelled(ctx, c.snapshot, isFact, func(q store.IDs) {
		*c.derived.Place(q[3]) += hashes.Of(q)
		if q[0] != q[3] {
			c.found.Edges++
		}
	})
}

// factsCheck is what readFacts finds in some facts or in all.
type factsCheck struct {
	ids      []uint64
	sums     []uint64 // of the hashes of what follows from each
	count    int
	dangling []schema.ID
	within   []schema.ID // facts whose days may follow from other facts
	err      error       // why a fact cannot be read
}

// readFacts decodes all facts, and sums up what follows from each.
func (c *verifier) readFacts(ctx context.Context) (all factsCheck, err error) {
	task := progress.Begin(ctx, "checking facts", "facts", int64(c.found.Facts))
	defer task.End()
	m := &factMapper[factsCheck]{facts: &factFilter{reader: c.reader, snapshot: c.snapshot}, snapshot: c.snapshot, stored: c.facts,
		fn: func(part []Selected) (factsCheck, error) { return c.readPart(ctx, part) }}
	all.err = m.run(ctx, func(p *factPart[factsCheck]) bool {
		part := &p.result
		for i, id := range part.ids {
			*c.following.Place(id) = part.sums[i]
		}
		all.count += len(part.ids)
		all.dangling, all.within = append(all.dangling, part.dangling...), append(all.within, part.within...)
		task.Add(int64(len(part.ids)))
		return true
	})
	return all, context.Cause(ctx)
}

func (c *verifier) readPart(ctx context.Context, part []Selected) (found factsCheck, err error) {
	for i := range part {
		fact, sum := &part[i].Fact, uint64(0)
		isDangling, err := c.isDangling(ctx, fact)
		if err != nil {
			return found, err
		}
		if isDangling {
			found.dangling = append(found.dangling, fact.ID)
		}
		for _, q := range c.vocabulary.Derived(*fact) {
			sum += c.hasher.Of(q)
		}
		if fact.Within != nil || !fact.When.Dated() && len(fact.Wholes()) > 0 {
			found.within = append(found.within, fact.ID)
		}
		found.ids, found.sums = append(found.ids, part[i].id), append(found.sums, sum)
	}
	return found, nil
}

// suspects returns the facts that [reader.verifyFact] must look at: those from which
// something else follows than is stored, and those whose days may follow from other
// facts. If some fact cannot be read, these are all facts.
func (c *verifier) suspects(ctx context.Context, facts factsCheck) ([]schema.ID, error) {
	if facts.err != nil || facts.count != c.found.Facts {
		return c.subjects(ctx, store.Pattern{Predicate: schema.StatusTerm})
	}
	c.found.Dangling = facts.dangling
	suspects := facts.within
	for id := range c.facts.All() {
		if c.derived.At(id) == c.following.At(id) {
			continue
		}
		term, err := c.snapshot.Term(id)
		if err != nil {
			return nil, err
		}
		iri, _ := term.(quad.IRI)
		suspects = append(suspects, schema.ID(iri))
	}
	slices.Sort(suspects)
	return slices.Compact(suspects), nil
}

func (v *Verification) problem(format string, args ...any) {
	v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
}

func (r reader) verifyFact(ctx context.Context, id schema.ID, wholes *wholeDates, v *Verification) error {
	fact, err := r.fact(ctx, id)
	if err != nil {
		v.problem("%v", err)
		return context.Cause(ctx)
	}
	isDangling, err := r.isDangling(ctx, &fact)
	if err != nil {
		return err
	}
	if isDangling && !slices.Contains(v.Dangling, id) {
		v.Dangling = append(v.Dangling, id)
	}
	if fact.Within, err = wholes.within(ctx, fact); err != nil {
		v.problem("%s: when it may have happened: %v", id, err)
		return context.Cause(ctx)
	}
	want := setOf(r.vocabulary.Derived(fact))
	have, err := r.collect(ctx, store.Pattern{Label: id.Value()})
	if err != nil {
		return err
	}
	for _, q := range have {
		if !want[q] {
			v.problem("%s %v does not follow from its fact", derivedName(q), q)
		}
		delete(want, q)
	}
	if len(want) > 0 && r.predatesRoleEdges(fact, want) {
		v.Outdated++
		return nil
	}
	for q := range want {
		v.problem("%s %v is missing", derivedName(q), q)
	}
	return nil
}

// derivedName returns a word for a derived quad in messages.
func derivedName(q quad.Quad) string {
	switch {
	case isEdge(q):
		return "edge"
	case q.Predicate == schema.StandingTerm:
		return "standing"
	}
	return "date"
}

// predatesRoleEdges reports whether the missing derived quads of a fact are exactly
// the quads that older versions did not derive: all edges of its roles, its standing, or
// both.
func (r reader) predatesRoleEdges(f schema.Fact, missing map[quad.Quad]bool) bool {
	f.Within = nil
	older := false
	for _, q := range r.vocabulary.Derived(f) {
		if q.Predicate == schema.StandingTerm {
			older = older || missing[q]
		}
	}
	for _, e := range r.vocabulary.Edges(f) {
		if missing[e.Quad()] != (e.Role != "") {
			return false
		}
		older = older || e.Role != ""
	}
	return older
}

// isDangling reports whether a fact refers to a fact that no dataset states.
func (r reader) isDangling(ctx context.Context, f *schema.Fact) (dangles bool, err error) {
	eachReference(f, func(id schema.ID) bool {
		if schema.KindOf(id) == schema.KindFact {
			var isStated bool
			isStated, err = r.has(ctx, store.Pattern{Subject: id.Value(), Predicate: schema.StatusTerm})
			dangles = err == nil && !isStated
		}
		return err == nil && !dangles
	})
	return dangles, err
}

// verifyDatasets compares the contents of each dataset with its stated counts.
func (r reader) verifyDatasets(ctx context.Context, v *Verification) error {
	sets, err := r.subjects(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: datasetType})
	if err != nil {
		return err
	}
	for _, set := range sets {
		labels, err := r.labelsOf(ctx, set.Value())
		if err != nil {
			return err
		}
		have, err := countsOf(ctx, r.quads.(counter), labels)
		if err != nil {
			return err
		}
		stated, err := r.statedCounts(ctx, set.Value())
		if err != nil {
			return err
		}
		for i, term := range countTerms {
			if !have.agreesWith(stated, i) {
				v.problem("dataset %v says that %v is %v, and it is %d", set, term, stated[term], have.values()[i])
			}
		}
	}
	return nil
}

// statedCounts returns the counts that a dataset states.
func (r reader) statedCounts(ctx context.Context, label quad.IRI) (map[quad.IRI]quad.Value, error) {
	stated := map[quad.IRI]quad.Value{}
	for _, term := range countTerms {
		for q, err := range r.Match(ctx, store.Pattern{Subject: label, Predicate: term, Label: label}) {
			if err != nil {
				return nil, err
			}
			stated[term] = q.Object
		}
	}
	return stated, nil
}

// verifyLabels reports labels that belong to no dataset and no fact.
func (c *verifier) verifyLabels(ctx context.Context) error {
	for id := range c.labels.Without(c.facts).All() {
		if id == 0 {
			continue // no label
		}
		label, err := c.snapshot.Term(id)
		if err != nil {
			return err
		}
		there, err := c.hasDatasetOf(ctx, label)
		if err != nil {
			return err
		}
		if !there {
			c.found.problem("quads are labelled %v, which is neither a dataset, nor a graph of one, nor a fact", label)
		}
	}
	return nil
}

// hasDatasetOf reports whether the dataset, graph or fact of a label exists.
func (r reader) hasDatasetOf(ctx context.Context, label quad.Value) (bool, error) {
	if fact, ok := schema.FactOf(label); ok {
		return r.has(ctx, store.Pattern{Subject: fact.Value(), Predicate: schema.StatusTerm})
	}
	if label == LoadsLabel {
		return true, nil
	}
	dataset, _, isGraph := schema.GraphOf(label)
	own := schema.DatasetValue(dataset)
	switch {
	case isGraph:
		return r.has(ctx, store.Pattern{Subject: label, Predicate: schema.GraphTerm, Label: own})
	case dataset == decisions:
		return true, nil
	}
	return r.has(ctx, store.Pattern{Subject: own, Predicate: schema.TypeTerm, Object: datasetType})
}
