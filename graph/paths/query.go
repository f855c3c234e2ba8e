package paths

import (
	"errors"

	"github.com/entente-kg/entente/schema"
)

// DefaultHops is how long a path may be unless the query says.
const DefaultHops = 6

// ErrQuery is wrapped by the errors of questions that make no sense.
var ErrQuery = errors.New("bad question")

// Query says which facts a path may take, whom it may pass, and which paths come
// first. Its zero value takes those of all facts that happened, as at least one source
// asserts.
type Query struct {
	Verbs    []schema.Verb // or predicates of roles' edges; none: all
	Roles    Roles
	Statuses []schema.Status // none: happened

	// Standings are those that a fact may have: by the evidence of all sources, or
	// with Datasets by theirs. None: [schema.AssertedStandings].
	Standings []schema.Standing

	Hops int // most hops, up to [MaxHops]; none: [DefaultHops]
	Rank Rank

	// Since and Until are written dates. A fact must have been possible between
	// the start of Since and the end of Until, or with Contained lie between them
	// as a whole, by the first and the last day that its evidence allows.
	Since, Until string
	Contained    bool

	// AsOf is a written date: the graph as it was at its end. An event counts
	// that may have happened by then, a relation that may have held then.
	AsOf string

	// Undated takes undated facts too where one of these dates is given.
	Undated bool

	// Datasets takes only what one of these asserts, or with Standings what they say
	// otherwise, and only the dates that they give.
	Datasets      []string
	MinSources    int     // documents that assert the fact, over all datasets; see [schema.Fact.Sources]
	MinConfidence float64 // of the evidence that asserts it; evidence that gives none has 1
	Disputed      Disputed
	Direction     Direction

	Through []schema.Kind // the kinds that a path may pass; none: all. Never a Group
	Avoid   []schema.ID   // entities that no path passes
	Via     []schema.ID   // entities that every path passes, in any order
}

// Roles says which edges of facts count: those of their verbs alone, or also those
// that mediators, hosts and other roles make.
type Roles string

// Edges of roles count unless the query says.
const (
	AllRoles  Roles = ""
	MainRoles Roles = "main" // only whom the verb itself links
)

// Disputed says what to do with facts that some source asserts and some denies.
type Disputed string

// Disputed facts are taken like others unless the query says.
const (
	DisputedToo  Disputed = ""
	DisputedNot  Disputed = "out"
	DisputedOnly Disputed = "only"
)

// Direction is which way the hops of a path go.
type Direction string

// Facts of symmetric verbs go both ways.
const (
	AnyWay   Direction = ""
	Forward  Direction = "forward"  // from whoever acts to whom it is done
	Backward Direction = "backward" // the other way round
)

// Path is a way from one entity to another.
type Path struct {
	Hops []Hop

	// Telling is how little the path tells: what [ByTelling] ranks by.
	Telling float64
}

// Hop is one step of a path, with every fact that makes it, the most telling
// first.
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
