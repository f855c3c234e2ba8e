package paths

import (
	"cmp"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// predicateTable numbers the predicates of edges.
type predicateTable struct {
	verbs     []schema.Verb // verbs, sorted, then predicates of role edges, sorted
	verbCount uint16        // number of verbs
	relation  []bool        // whether each verb is a relation
}

func newPredicateTable(vocabulary *schema.Vocabulary) predicateTable {
	t := predicateTable{verbs: vocabulary.Predicates()}
	for _, verb := range vocabulary.Verbs() {
		t.relation = append(t.relation, vocabulary.VerbKind(verb) == schema.Relation)
	}
	t.verbCount = uint16(len(t.relation))
	return t
}

// number returns the number of a verb or of the predicate of a role edge.
func (t *predicateTable) number(predicate schema.Verb) (n int, ok bool) {
	if n, ok = slices.BinarySearch(t.verbs[:t.verbCount], predicate); ok {
		return n, true
	}
	n, ok = slices.BinarySearch(t.verbs[t.verbCount:], predicate)
	return int(t.verbCount) + n, ok
}

// counts returns the nonzero counts with their predicates, in descending order.
func (t *predicateTable) counts(facts []int) (list []VerbCount) {
	for verb, n := range facts {
		if n > 0 {
			list = append(list, VerbCount{t.verbs[verb], n})
		}
	}
	slices.SortStableFunc(list, func(a, b VerbCount) int { return cmp.Compare(b.Facts, a.Facts) })
	return list
}
