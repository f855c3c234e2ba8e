package gizmo

import (
	"context"
	"maps"
	"slices"
	"strings"

	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// collectKnown collects the predicates and the dip: words that a graph may have.
func (r *Runner) collectKnown() {
	v := r.opts.Vocabulary
	r.knownPredicates = maps.Clone(objectKinds)
	for _, verb := range v.Predicates() {
		r.knownPredicates[schema.Term(verb)] = kindID
	}
	for _, role := range v.Roles() {
		r.knownPredicates[schema.Term(role)] = kindID
	}
	for _, link := range schema.LinkTypes() {
		r.knownPredicates[schema.Term(link)] = kindID
	}
	r.knownNodes = maps.Clone(r.knownPredicates)
	addWords(r, schema.Statuses())
	addWords(r, schema.Standings())
	addWords(r, schema.Stances())
	addWords(r, schema.Methods())
	addWords(r, schema.Kinds())
	r.knownNodes["dip:Dataset"] = 0
}

func addWords[T ~string](r *Runner, all []T) {
	for _, word := range all {
		r.knownNodes[schema.Term(word)] = 0
	}
}

func prefixOf(iri quad.IRI) string {
	prefix, _, ok := strings.Cut(string(iri), ":")
	if !ok {
		return ""
	}
	return prefix
}

func localOf(iri quad.IRI) string {
	_, local, ok := strings.Cut(string(iri), ":")
	if !ok {
		return string(iri)
	}
	return local
}

// isGraphID reports whether an id is of an entity, a fact, a piece of evidence or
// a dataset.
func isGraphID(iri quad.IRI) bool {
	_, isDataset := schema.DatasetName(iri)
	return schema.KindOf(schema.ID(iri)) != "" || schema.IsEvidence(schema.ID(iri)) || isDataset
}

// hint suggests known ids for a word: the id that it exactly means, or similar
// ones.
func (r *Runner) hint(word string, known map[quad.IRI]valueKinds) string {
	if exactly := r.exactHint(word, known); exactly != "" {
		return exactly
	}
	return didYouMean(r.nearestIDs(word, known))
}

func didYouMean(quoted []string) string {
	if len(quoted) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(quoted, " or ") + "?"
}

func (r *Runner) exactHint(word string, known map[quad.IRI]valueKinds) string {
	if word == "" {
		return ""
	}
	verb, inverse, ok := r.opts.Vocabulary.Resolve(word)
	switch {
	case ok && inverse:
		return "; write verb." + camelCase(string(verb)) + ", which it is from the other side"
	case ok:
		return "; write verb." + camelCase(string(verb)) + ` or "` + schema.Term(verb).String() + `"`
	}
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, iri := range slices.Sorted(maps.Keys(known)) {
			if same(localOf(iri), word) {
				return `; write "` + iri.String() + `"`
			}
		}
	}
	return ""
}

// nearestIDs returns up to three known ids, in quotes, whose local names are
// similar to a word.
func (r *Runner) nearestIDs(word string, known map[quad.IRI]valueKinds) []string {
	full := make(map[string]string)
	for iri := range known {
		full[localOf(iri)] = `"` + iri.String() + `"`
	}
	near := schema.Nearest(word, slices.Sorted(maps.Keys(full)), 3)
	for i, local := range near {
		near[i] = full[local]
	}
	return near
}

// predicateUsed reports whether an edge has the predicate.
func (r *Runner) predicateUsed(ctx context.Context, predicate quad.IRI) (bool, error) {
	ref, err := r.qs.ValueOf(predicate)
	if err != nil || ref == nil {
		return false, err
	}
	size, err := r.qs.QuadIteratorSize(ctx, quad.Predicate, ref)
	return size.Value > 0, err
}

// nodeStored reports whether the graph has a node. It is true if the store
// returns an error.
func (r *Runner) nodeStored(v quad.Value) bool {
	ref, err := r.qs.ValueOf(v)
	if err != nil || ref == nil {
		return err != nil
	}
	name, err := r.qs.NameOf(ref)
	return err != nil || name != nil
}

// similarIDs returns ids in quotes that are similar to an unknown one: the same
// name with another kind, or similar names of its kind. Facts and evidence have
// none, since their ids are hashes.
func (r *Runner) similarIDs(ctx context.Context, iri quad.IRI) []string {
	var near []string
	for _, kind := range schema.Kinds() {
		other := quad.IRI(kind.Prefix() + ":" + localOf(iri))
		if r.nodeStored(other) {
			near = append(near, `"`+other.String()+`"`)
		}
	}
	class := schema.Term(schema.KindOf(schema.ID(iri)))
	if _, ok := schema.DatasetName(iri); ok {
		class = "dip:Dataset"
	}
	if _, known := r.knownNodes[class]; len(near) > 0 || !known {
		return near
	}
	all, err := cpath.StartPath(r.qs, class).In(schema.TypeTerm).Iterate(ctx).Limit(maxNames).AllValues(r.qs)
	if err != nil {
		return nil // the caller reports that the id is unknown
	}
	known := make(map[quad.IRI]valueKinds)
	for _, v := range all {
		if other, ok := v.(quad.IRI); ok {
			known[other] = kindID
		}
	}
	return r.nearestIDs(localOf(iri), known)
}
