package paths

import (
	"cmp"
	"slices"
	"sort"

	"github.com/entente-kg/entente/schema"
)

// entityTable is the ids of all nodes, sorted. A node is the index of its entity.
type entityTable struct {
	names string   // the ids, concatenated
	ends  []uint32 // the end of each id in names
	kinds []uint8  // the kind of each node, by kindNumber
}

func (t *entityTable) id(node uint32) schema.ID {
	from := uint32(0)
	if node > 0 {
		from = t.ends[node-1]
	}
	return schema.ID(t.names[from:t.ends[node]])
}

// find returns the node of an entity; ok is false if no fact links the entity.
func (t *entityTable) find(id schema.ID) (node uint32, ok bool) {
	i := sort.Search(len(t.ends), func(i int) bool { return t.id(uint32(i)) >= id })
	return uint32(i), i < len(t.ends) && t.id(uint32(i)) == id
}

// ranked returns the entities of nodes in descending order of score.
func (t *entityTable) ranked(nodes []uint32, scores []float64) []Central {
	nodes = slices.SortedFunc(slices.Values(nodes), func(a, b uint32) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b))
	})
	list := make([]Central, len(nodes))
	for i, node := range nodes {
		id := t.id(node)
		list[i] = Central{id, schema.KindOf(id), scores[node]}
	}
	return list
}

// kindNumber numbers the kinds from 1; 0 means no kind.
func kindNumber(k schema.Kind) uint8 {
	return uint8(slices.Index(schema.Kinds(), k) + 1)
}

// kindBit returns a set with one kind.
func kindBit(kind uint8) uint32 { return 1 << kind }

var groupKind = kindNumber(schema.Group)
