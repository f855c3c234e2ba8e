package paths

import (
	"cmp"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// predicateTable numbers the predicates of edges.
type predicateTable struct {
	verbs     []schema.Verb // sorted, and then the predicates of roles' edges, sorted
	verbCount uint16        // how many are verbs
	relation  []bool        // of each verb
}

func newPredicateTable(vocabulary *schema.Vocabulary) predicateTable {
	t := predicateTable{verbs: vocabulary.Predicates()}
	for _, verb := range vocabulary.Verbs() {
		t.relation = append(t.relation, vocabulary.VerbKind(verb) == schema.Relation)
	}
	t.verbCount = uint16(len(t.relation))
	return t
}

// number is the number of a verb, or of the predicate of a role's edges.
func (t *predicateTable) number(predicate schema.Verb) (n int, ok bool) {
	if n, ok = slices.BinarySearch(t.verbs[:t.verbCount], predicate); ok {
		return n, true
	}
	n, ok = slices.BinarySearch(t.verbs[t.verbCount:], predicate)
	return int(t.verbCount) + n, ok
}

// counts names the predicates of counts, the highest count first.
func (t *predicateTable) counts(facts []int) (list []VerbCount) {
	for verb, n := range facts {
		if n > 0 {
			list = append(list, VerbCount{t.verbs[verb], n})
		}
	}
	slices.SortStableFunc(list, func(a, b VerbCount) int { return cmp.Compare(b.Facts, a.Facts) })
	return list
}
