package paths

import (
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// DefaultHops is the highest number of hops of a path if the query sets none.
const DefaultHops = 6

// ErrQuery is wrapped by the error of a query that is not valid.
var ErrQuery = graph.ErrQuery

// Query says which facts a path may use, which entities it may pass, and in which
// order paths come.
type Query struct {
	// Conditions select the facts; nil means [graph.Happened], the facts that have
	// edges.
	Conditions *graph.Conditions

	Hops int // at most [MaxHops]; 0 means [DefaultHops]
	Rank Rank

	Direction Direction

	Through []schema.Kind // kinds that a path may pass; empty means all. A Group is never passed
	Avoid   []schema.ID   // entities that no path passes
	Via     []schema.ID   // entities that every path passes, in any order
}

// conditions returns the conditions, or the default.
func (q Query) conditions() graph.Conditions {
	if q.Conditions == nil {
		return graph.Happened()
	}
	return *q.Conditions
}

// Direction is the direction of the hops of a path.
type Direction string

// Values of [Direction]. Facts of symmetric verbs have both directions.
const (
	AnyWay   Direction = ""
	Forward  Direction = "forward"  // from the actor to the recipient
	Backward Direction = "backward" // from the recipient to the actor
)

// Path is a path from one entity to another.
type Path struct {
	Hops []Hop

	// Telling is the cost of the path by [ByTelling].
	Telling float64
}

// Hop is one hop of a path, with all its facts in ascending order of cost by
// [ByTelling].
type Hop struct {
	From, To schema.ID
	Steps    []Step
}

// Step is one fact that links both ends of a hop, by its verb or by the predicate of a
// role edge (see [schema.Vocabulary.RoleEdge]).
type Step struct {
	Fact    schema.ID
	Verb    schema.Verb
	Reverse bool // the fact's edge points only from To to From
}
