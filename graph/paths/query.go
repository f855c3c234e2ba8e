package paths

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// DefaultHops is how long a path may be unless the query says.
const DefaultHops = 6

// Query says which edges a path may take. Its zero value takes those of all
// facts that happened.
type Query struct {
	Verbs    []schema.Verb
	Statuses []schema.Status // none: happened
	Hops     int             // most hops; none: [DefaultHops]

	// Since and Until are written dates. A hop must have been possible between
	// the start of Since and the end of Until; undated ones count only with
	// Undated.
	Since, Until string
	Undated      bool

	// Datasets takes only what one of these asserts, or tells where it did not
	// happen, and only the dates that they give.
	Datasets []string
	Avoid    []schema.ID // entities that no path passes
}

// Path is a way from one entity to another.
type Path struct {
	Hops []Hop
}

// Hop is one step of a path, with every fact that makes it, the most telling
// first.
type Hop struct {
	From, To schema.ID
	Steps    []Step
}

// Step is one fact that links both ends of a hop.
type Step struct {
	Fact    schema.ID
	Verb    schema.Verb
	Reverse bool // the fact's edge points from To to From, and only so
}

// matcher is a query made ready.
type matcher struct {
	Query
	since, until schema.Day
	windowed     bool
}

func newMatcher(q Query) (*matcher, error) {
	m := &matcher{Query: q, windowed: q.Since != "" || q.Until != ""}
	if len(q.Statuses) == 0 {
		m.Statuses = []schema.Status{schema.Happened}
	}
	if q.Hops <= 0 {
		m.Hops = DefaultHops
	}
	var err error
	m.since, m.until, err = schema.WindowBetween(q.Since, q.Until)
	return m, err
}

func (m *matcher) takes(f *fact) bool {
	return slices.Contains(m.Statuses, f.status) &&
		(len(m.Verbs) == 0 || slices.Contains(m.Verbs, f.verb)) &&
		(len(m.Datasets) == 0 || slices.ContainsFunc(f.claims, func(c claim) bool { return m.counts(c, f) })) &&
		m.inWindow(f)
}

// counts reports whether the query looks at a dataset's claim: for what
// happened, only those that assert it.
func (m *matcher) counts(c claim, f *fact) bool {
	return (len(m.Datasets) == 0 || slices.Contains(m.Datasets, c.dataset)) && (c.asserts || f.status != schema.Happened)
}

func (m *matcher) inWindow(f *fact) bool {
	if !m.windowed {
		return true
	}
	from, to, dated := f.span(func(c claim) bool { return m.counts(c, f) })
	if !dated {
		return m.Undated
	}
	return from <= m.until && to >= m.since
}

// passes reports whether a path may go through the entity. A group is not the
// same people twice, so none goes through one.
func (m *matcher) passes(id schema.ID) bool {
	return schema.KindOf(id) != schema.Group && !slices.Contains(m.Avoid, id)
}
