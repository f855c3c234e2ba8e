package paths

import (
	"fmt"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

func (p *plan) checkNodes(q Query) error {
	for _, k := range q.Through {
		n := kindNumber(k)
		if n == 0 {
			return fmt.Errorf("%w: unknown kind %q", ErrQuery, k)
		}
		p.kinds |= kindBit(n)
	}
	if len(q.Through) == 0 {
		p.kinds = ^uint32(0)
	}
	p.kinds &^= kindBit(groupKind)
	for _, id := range q.Avoid {
		if n, ok := p.view.entities.find(id); ok {
			p.avoid = append(p.avoid, n)
		}
	}
	for _, id := range q.Via {
		n, err := p.view.nodeOf(id)
		if err != nil {
			return err
		}
		if !slices.Contains(p.via, n) {
			p.via = append(p.via, n)
		}
	}
	if len(p.via) > maxVia {
		return fmt.Errorf("%w: a path via %d entities: want at most %d", ErrQuery, len(p.via), maxVia)
	}
	return nil
}

// maxVia is the highest number of via nodes: a label has one bit for each.
const maxVia = 6

// nodeOf returns the node of an entity. The error wraps [graph.ErrNotFound].
func (v *View) nodeOf(id schema.ID) (uint32, error) {
	n, ok := v.entities.find(id)
	if !ok {
		return 0, fmt.Errorf("%s: %w among dealings", id, graph.ErrNotFound)
	}
	return n, nil
}

// ends sets the ends of paths. An entity that no fact links is ignored, unless no
// entity of its side is linked.
func (p *plan) ends(from, to []schema.ID) error {
	for _, side := range []struct {
		ids   []schema.ID
		nodes *[]uint32
	}{{from, &p.from}, {to, &p.to}} {
		if len(side.ids) == 0 {
			return fmt.Errorf("%w: a path needs two ends", ErrQuery)
		}
		var unknown error
		for _, id := range side.ids {
			n, err := p.view.nodeOf(id)
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
	for _, n := range p.from {
		if containsNode(p.to, n) {
			return fmt.Errorf("%w: %s is at both ends", ErrQuery, p.view.entities.id(n))
		}
	}
	return nil
}

// containsNode reports whether a sorted list contains a node. Most lists have one or
// two nodes.
func containsNode(nodes []uint32, node uint32) bool {
	if len(nodes) < 8 {
		return slices.Contains(nodes, node)
	}
	_, ok := slices.BinarySearch(nodes, node)
	return ok
}
