package graph

import (
	"context"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Verification is the result of a check of the whole graph.
type Verification struct {
	Quads    int64 // without the notes of loads
	Terms    int64
	Facts    int
	Edges    int    // including edges of roles
	Digest   string // of all quads without the notes of loads; independent of their order
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
	stored, err := g.store.VerifyWithout(ctx, store.Pattern{Label: LoadsLabel})
	v := Verification{Quads: stored.Quads, Terms: stored.Terms, Digest: stored.Digest, Problems: stored.Problems}
	if err != nil || len(v.Problems) > 0 {
		return v, err
	}
	err = g.read(ctx, func(r reader) error {
		ids, err := r.subjects(ctx, store.Pattern{Predicate: schema.StatusTerm})
		if err != nil {
			return err
		}
		v.Facts = len(ids)
		notes, err := r.quads.(counter).Count(ctx, store.Pattern{Label: LoadsLabel})
		if err != nil {
			return err
		}
		v.Quads -= notes
		wholes := newWholes(r)
		for _, id := range ids {
			if err := r.verifyFact(ctx, id, wholes, &v); err != nil {
				return err
			}
		}
		if v.Outdated > 0 {
			v.problem("edges of roles or standings of %d facts are missing, as an older version left them out: load the datasets again, or rebuild the graph", v.Outdated)
		}
		if err := r.verifyDatasets(ctx, &v); err != nil {
			return err
		}
		return r.verifyLabels(ctx, &v)
	})
	return v, err
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
	if err := r.verifyReferences(ctx, fact, v); err != nil {
		return err
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
		if isEdge(q) {
			v.Edges++
		}
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

func (r reader) verifyReferences(ctx context.Context, f schema.Fact, v *Verification) error {
	for _, id := range references(f) {
		if schema.KindOf(id) != schema.KindFact {
			continue
		}
		isStated, err := r.has(ctx, store.Pattern{Subject: id.Value(), Predicate: schema.StatusTerm})
		if err != nil {
			return err
		}
		if !isStated && !slices.Contains(v.Dangling, f.ID) {
			v.Dangling = append(v.Dangling, f.ID)
		}
	}
	return nil
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
func (r reader) verifyLabels(ctx context.Context, v *Verification) error {
	snapshot, ok := r.quads.(*store.Snapshot)
	if u, is := r.quads.(unordered); is {
		snapshot, ok = u.Snapshot, true
	}
	if !ok {
		return nil
	}
	for label, err := range snapshot.Labels(ctx) {
		if err != nil {
			return err
		}
		there, err := r.hasDatasetOf(ctx, label)
		if err != nil {
			return err
		}
		if !there {
			v.problem("quads are labelled %v, which is neither a dataset, nor a graph of one, nor a fact", label)
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
