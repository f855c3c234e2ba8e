package paths

import (
	"fmt"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

func (m *matcher) checkNodes(q Query) error {
	for _, k := range q.Through {
		n := kindNumber(k)
		if n == 0 {
			return fmt.Errorf("%w: unknown kind %q", ErrQuery, k)
		}
		m.kinds |= kindBit(n)
	}
	if len(q.Through) == 0 {
		m.kinds = ^uint32(0)
	}
	m.kinds &^= kindBit(groupKind)
	for _, id := range q.Avoid {
		if n, ok := m.node(id); ok {
			m.avoid = append(m.avoid, n)
		}
	}
	for _, id := range q.Via {
		n, err := m.known(id)
		if err != nil {
			return err
		}
		if !slices.Contains(m.via, n) {
			m.via = append(m.via, n)
		}
	}
	if len(m.via) > maxVia {
		return fmt.Errorf("%w: a path via %d entities: want at most %d", ErrQuery, len(m.via), maxVia)
	}
	return nil
}

// maxVia bounds the entities that a path must pass: a search remembers which of
// them it has passed.
const maxVia = 6

func (v *View) known(id schema.ID) (uint32, error) {
	n, ok := v.node(id)
	if !ok {
		return 0, fmt.Errorf("%s: %w among dealings", id, graph.ErrNotFound)
	}
	return n, nil
}

// ends sets from where to where paths go. Those that take part in nothing count for
// nothing, unless they are all of a side.
func (m *matcher) ends(from, to []schema.ID) error {
	for _, side := range []struct {
		ids   []schema.ID
		nodes *[]uint32
	}{{from, &m.from}, {to, &m.to}} {
		if len(side.ids) == 0 {
			return fmt.Errorf("%w: a path needs two ends", ErrQuery)
		}
		var unknown error
		for _, id := range side.ids {
			n, err := m.known(id)
			if err != nil {
				unknown = err
				continue
			}
			*side.nodes = append(*side.nodes, n)
		}
		if len(*side.nodes) == 0 {
			return unknown
		}
		slices.Sort(*side.nodes)
		*side.nodes = slices.Compact(*side.nodes)
	}
	for _, n := range m.from {
		if isOne(m.to, n) {
			return fmt.Errorf("%w: %s is at both ends", ErrQuery, m.id(n))
		}
	}
	return nil
}

// isOne looks for a node in a sorted list, which mostly has one or two.
func isOne(nodes []uint32, node uint32) bool {
	if len(nodes) < 8 {
		return slices.Contains(nodes, node)
	}
	_, ok := slices.BinarySearch(nodes, node)
	return ok
}
