package paths

import (
	"errors"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// DefaultHops is the limit for the length of a path where the query has none.
const DefaultHops = 6

// ErrQuery is wrapped by the errors of queries that make no sense.
var ErrQuery = errors.New("bad question")

// Query says which facts a path may use, which entities it may pass, and which
// paths come first.
type Query struct {
	// Conditions say which facts count; nil: [graph.Happened], the facts that have
	// edges.
	Conditions *graph.Conditions

	Hops int // most hops, up to [MaxHops]; none: [DefaultHops]
	Rank Rank

	Direction Direction

	Through []schema.Kind // the kinds that a path may pass; none: all. Never a Group
	Avoid   []schema.ID   // entities that no path passes
	Via     []schema.ID   // entities that every path passes, in any order
}

// conditions are the conditions that facts must fit.
func (q Query) conditions() graph.Conditions {
	if q.Conditions == nil {
		return graph.Happened()
	}
	return *q.Conditions
}

// Direction is the direction of the hops of a path.
type Direction string

// Facts of symmetric verbs go both ways.
const (
	AnyWay   Direction = ""
	Forward  Direction = "forward"  // from whoever acts to whom it is done
	Backward Direction = "backward" // the other way round
)

// Path is a path from one entity to another.
type Path struct {
	Hops []Hop

	// Telling is how little the path tells: what [ByTelling] ranks by.
	Telling float64
}

// Hop is one hop of a path, with every fact that makes it, the most telling first.
type Hop struct {
	From, To schema.ID
	Steps    []Step
}

// Step is one fact that links both ends of a hop. It links them by its verb, or by
// the predicate of a role's edges, for which [schema.Vocabulary.RoleEdge] knows it.
type Step struct {
	Fact    schema.ID
	Verb    schema.Verb
	Reverse bool // the fact's edge points from To to From, and only so
}
