package graph

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// ErrCycle is wrapped if an acyclic relation would lead back to its start.
var ErrCycle = errors.New("leads back to itself")

// checkCycles searches for a cycle through the loaded edges of acyclic relations.
func (c *changeSet) checkCycles() error {
	walks := map[schema.Verb]*cycleSearch{}
	for _, d := range c.transaction.datasets {
		for _, edge := range d.acyclic {
			if walks[edge.Verb] == nil {
				walks[edge.Verb] = &cycleSearch{changes: c, verb: edge.Verb, onPath: map[quad.Value]bool{}}
			}
			if err := walks[edge.Verb].searchFrom(edge.From.Value()); err != nil {
				return err
			}
		}
	}
	return nil
}

// cycleSearch searches the edges of one relation depth first. It follows each edge
// once over all starts: otherwise long chains would need quadratic time.
type cycleSearch struct {
	changes *changeSet
	verb    schema.Verb
	onPath  map[quad.Value]bool // the nodes reached, and whether each is still on the path
	path    []pathNode
}

// pathNode is a node on the path of a search, with the neighbours left to visit.
type pathNode struct {
	at   quad.Value
	next []quad.Value
}

func (w *cycleSearch) searchFrom(start quad.Value) error {
	if _, met := w.onPath[start]; met {
		return nil
	}
	err := w.enter(start)
	for err == nil && len(w.path) > 0 {
		top := &w.path[len(w.path)-1]
		if len(top.next) == 0 {
			w.onPath[top.at] = false
			w.path = w.path[:len(w.path)-1]
			continue
		}
		next := top.next[0]
		top.next = top.next[1:]
		if onPath, met := w.onPath[next]; !met {
			err = w.enter(next)
		} else if onPath {
			err = w.cycle(next)
		}
	}
	return err
}

func (w *cycleSearch) enter(at quad.Value) error {
	w.onPath[at] = true
	node := pathNode{at: at}
	for q, err := range w.changes.reader.Match(w.changes.ctx, store.Pattern{Subject: at, Predicate: schema.Term(w.verb)}) {
		if err != nil {
			return err
		}
		node.next = append(node.next, q.Object)
	}
	w.path = append(w.path, node)
	return nil
}

// cycle returns an error at the first loaded edge of the cycle that closes at a node
// of the path. It returns nil if the graph had all edges of the cycle before the load.
func (w *cycleSearch) cycle(back quad.Value) error {
	start := slices.IndexFunc(w.path, func(node pathNode) bool { return node.at == back })
	leads := map[quad.Value]quad.Value{w.path[len(w.path)-1].at: back}
	for i := start; i+1 < len(w.path); i++ {
		leads[w.path[i].at] = w.path[i+1].at
	}
	for _, d := range w.changes.transaction.datasets {
		for _, edge := range d.acyclic {
			if edge.Verb == w.verb && leads[edge.From.Value()] == edge.To.Value() {
				return &schema.RowError{Pos: edge.pos, Kind: schema.Circle, Err: fmt.Errorf("%s %s %s: %w", edge.From, edge.Verb, edge.To, ErrCycle)}
			}
		}
	}
	return nil
}
