package gizmo

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// learn lists the predicates and the dip: words that a graph may have.
func (r *Runner) learn() {
	v := r.opts.Vocabulary
	r.predicates = maps.Clone(objects)
	for _, verb := range v.Predicates() {
		r.predicates[schema.Term(verb)] = ids
	}
	for _, role := range v.Roles() {
		r.predicates[schema.Term(role)] = ids
	}
	for _, link := range schema.LinkTypes() {
		r.predicates[schema.Term(link)] = ids
	}
	r.words = maps.Clone(r.predicates)
	words(r, schema.Statuses())
	words(r, schema.Standings())
	words(r, schema.Stances())
	words(r, schema.Methods())
	words(r, schema.Kinds())
	r.words["dip:Dataset"] = 0
}

func words[T ~string](r *Runner, all []T) {
	for _, word := range all {
		r.words[schema.Term(word)] = 0
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

// isThing tells ids of entities, facts, evidence and datasets.
func isThing(iri quad.IRI) bool {
	_, isDataset := schema.DatasetName(iri)
	return schema.KindOf(schema.ID(iri)) != "" || schema.IsEvidence(schema.ID(iri)) || isDataset
}

// hint says how to write the one of the known ids that a word stands for, or may.
func (r *Runner) hint(word string, known map[quad.IRI]sorts) string {
	if exactly := r.exactly(word, known); exactly != "" {
		return exactly
	}
	return didYouMean(r.nearest(word, known))
}

func didYouMean(quoted []string) string {
	if len(quoted) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(quoted, " or ") + "?"
}

func (r *Runner) exactly(word string, known map[quad.IRI]sorts) string {
	if word == "" {
		return ""
	}
	verb, inverse, ok := r.opts.Vocabulary.Resolve(word)
	switch {
	case ok && inverse:
		return "; write verb." + camel(string(verb)) + ", which it is from the other side"
	case ok:
		return "; write verb." + camel(string(verb)) + ` or "` + schema.Term(verb).String() + `"`
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

// nearest quotes up to three of the known ids whose words are close to one.
func (r *Runner) nearest(word string, known map[quad.IRI]sorts) []string {
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

// used reports whether some edge has the predicate.
func (r *Runner) used(ctx context.Context, predicate quad.IRI) (bool, error) {
	ref, err := r.qs.ValueOf(predicate)
	if err != nil || ref == nil {
		return false, err
	}
	size, err := r.qs.QuadIteratorSize(ctx, quad.Predicate, ref)
	return size.Value > 0, err
}

// stored reports whether the graph has a node; true where it cannot tell.
func (r *Runner) stored(v quad.Value) bool {
	ref, err := r.qs.ValueOf(v)
	if err != nil || ref == nil {
		return err != nil
	}
	name, err := r.qs.NameOf(ref)
	return err != nil || name != nil
}

// nearIDs quotes ids that one may be a slip for: the same name with another
// kind, or names close to it among those of its kind. Facts and evidence, whose
// ids are made of letters drawn at random, have none.
func (r *Runner) nearIDs(ctx context.Context, iri quad.IRI) []string {
	var near []string
	for _, kind := range schema.Kinds() {
		other := quad.IRI(kind.Prefix() + ":" + localOf(iri))
		if r.stored(other) {
			near = append(near, `"`+other.String()+`"`)
		}
	}
	class := schema.Term(schema.KindOf(schema.ID(iri)))
	if _, ok := schema.DatasetName(iri); ok {
		class = "dip:Dataset"
	}
	if _, known := r.words[class]; len(near) > 0 || !known {
		return near
	}
	all, err := path.StartPath(r.qs, class).In(schema.TypeTerm).Iterate(ctx).Limit(maxNames).AllValues(r.qs)
	if err != nil {
		return nil // there is an error to report already
	}
	known := make(map[quad.IRI]sorts)
	for _, v := range all {
		if other, ok := v.(quad.IRI); ok {
			known[other] = ids
		}
	}
	return r.nearest(localOf(iri), known)
}
