package graph

import (
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// Conditions say which facts count. Each condition that is set must hold, by any
// one of its values; an empty list sets none. [Graph.Facts], the searches of
// graph/paths, overlaps and meetings follow the same conditions.
type Conditions struct {
	// Verbs are verbs of facts, and predicates of roles' edges: such a predicate
	// matches facts whose roles make such an edge, or would had they happened.
	Verbs []schema.Verb
	Roles Roles

	// Statuses are statuses of facts that at least one source asserts; facts of
	// other standings count only with Standings.
	Statuses []schema.Status

	// Standings are by the evidence of all datasets, or of Datasets. None: all, or
	// with Statuses or MinSources [schema.AssertedStandings].
	Standings []schema.Standing
	Disputed  Disputed

	// Since and Until are written dates. A fact counts that may have been going on
	// between the start of Since and the end of Until, or with Contained one that
	// lies between them as a whole: by the first and the last day that its evidence
	// allows. A dataset that denies the fact gives no days where another one asserts
	// it. A fact without a date has the days of the facts that it is part of, see
	// [schema.Fact.Within]. Undated facts count only with Undated.
	Since, Until string
	Contained    bool

	// AsOf is a written date: facts as they were at its end. An event counts that
	// may have happened by then, a relation that may have held then.
	AsOf    string
	Undated bool

	// Datasets are those of which one must claim the fact. Its standing is what
	// their evidence makes of it, and only the dates that they give count, and those
	// of the facts that it is part of.
	Datasets []string

	// MinSources is how many documents must assert the fact, over all datasets; see
	// [schema.Fact.Sources].
	MinSources int

	// MinConfidence is what the surest evidence that asserts the fact must reach,
	// over all datasets, or any evidence where none asserts it. Evidence that gives
	// no confidence has 1.
	MinConfidence float64
}

// Happened are the conditions of facts that happened or hold, as at least one
// source asserts: of those that have edges.
func Happened() Conditions { return Conditions{Statuses: []schema.Status{schema.Happened}} }

// Roles says which edges of facts count: those of their verbs alone, or also those
// that mediators, hosts and other roles make.
type Roles string

// Edges of roles count unless conditions say otherwise.
const (
	AllRoles  Roles = ""
	MainRoles Roles = "main" // edges of the verb itself alone
)

// Disputed says whether facts count that some source asserts and some denies.
type Disputed string

// Disputed facts count like others unless conditions say otherwise.
const (
	DisputedToo  Disputed = ""
	DisputedNot  Disputed = "out"
	DisputedOnly Disputed = "only"
)

// AllowedStandings are the standings that a fact may have, after defaults; none: all.
func (c Conditions) AllowedStandings() []schema.Standing {
	if len(c.Standings) == 0 && (len(c.Statuses) > 0 || c.MinSources > 0) {
		return schema.AssertedStandings()
	}
	return c.Standings
}

// verdict is whether a fact counts, and why not.
type verdict uint8

const (
	rejected   verdict = iota
	undated            // it would count had it a date
	unasserted         // it would count did a source assert it
	counted
)

// factPredicate is conditions made ready. It decides for all of the program whether a
// fact counts; graph/paths compiles the same conditions for its compressed rows.
type factPredicate struct {
	conditions Conditions
	standings  []schema.Standing
	period     Period
	vocabulary *schema.Vocabulary
}

// predicate reads the dates of conditions. Errors wrap [schema.ErrDate].
func (c Conditions) predicate(v *schema.Vocabulary) (*factPredicate, error) {
	period, err := c.Period()
	return &factPredicate{c, c.AllowedStandings(), period, v}, err
}

// judge decides about a fact; own are the quads of which the fact is the subject.
// Errors wrap [schema.ErrDate].
func (p *factPredicate) judge(f schema.Fact, own []quad.Quad) (verdict, error) {
	if !p.admitsWhole(f) {
		return rejected, nil
	}
	in, dated := true, true
	if p.period.HasWindow || p.period.HasAsOf || len(p.conditions.Datasets) > 0 {
		days, err := daysByDataset(own)
		if err != nil || !p.isClaimed(days) {
			return rejected, err
		}
		f.Evidence = p.countedEvidence(f.Evidence)
		var extent schema.Days
		extent, dated = p.extent(f, days)
		in = p.period.Admits(extent, dated, p.vocabulary.VerbKind(f.Verb) == schema.Relation)
	}
	switch {
	case len(p.standings) > 0 && !slices.Contains(p.standings, f.Standing()):
		if in && len(p.conditions.Standings) == 0 {
			return unasserted, nil
		}
		return rejected, nil
	case in:
		return counted, nil
	case !dated:
		return undated, nil
	}
	return rejected, nil
}

// admitsWhole reports whether a fact fits the conditions that regard the evidence
// of all datasets, or none.
func (p *factPredicate) admitsWhole(f schema.Fact) bool {
	c := &p.conditions
	return (len(c.Statuses) == 0 || slices.Contains(c.Statuses, f.Status)) &&
		(len(c.Verbs) == 0 || p.isBy(f)) &&
		(c.MinSources <= 0 || f.Sources() >= c.MinSources) &&
		(c.MinConfidence <= 0 || highestConfidence(f) >= float32(c.MinConfidence)) &&
		(c.Disputed == DisputedToo || f.Disputed() == (c.Disputed == DisputedOnly))
}

// isBy reports whether a fact is of one of the verbs, or its roles make edges of
// one of these predicates.
func (p *factPredicate) isBy(f schema.Fact) bool {
	verbs := p.conditions.Verbs
	if slices.Contains(verbs, f.Verb) {
		return true
	}
	isRoleEdge := func(v schema.Verb) bool { _, ok := p.vocabulary.RoleEdge(v); return ok }
	if p.conditions.Roles == MainRoles || !slices.ContainsFunc(verbs, isRoleEdge) {
		return false
	}
	return slices.ContainsFunc(p.vocabulary.Pairs(f), func(e schema.Edge) bool { return e.Role != "" && slices.Contains(verbs, e.Verb) })
}

// highestConfidence is the highest of the evidence that asserts a fact, or of all where
// none does; evidence that gives none has 1.
func highestConfidence(f schema.Fact) (highest float32) {
	asserted := f.Asserted()
	for _, e := range f.Evidence {
		switch {
		case asserted && e.Stance != schema.Asserts:
		case e.Confidence == 0:
			return 1
		default:
			highest = max(highest, float32(e.Confidence))
		}
	}
	return highest
}

// hasDataset reports whether a dataset counts.
func (p *factPredicate) hasDataset(dataset string) bool {
	return len(p.conditions.Datasets) == 0 || slices.Contains(p.conditions.Datasets, dataset)
}

// isClaimed reports whether a dataset that counts claims a fact.
func (p *factPredicate) isClaimed(days []claimedDays) bool {
	return len(p.conditions.Datasets) == 0 || slices.ContainsFunc(days, func(d claimedDays) bool { return p.hasDataset(d.dataset) })
}

// countedEvidence is the evidence of the datasets that count.
func (p *factPredicate) countedEvidence(evidence []schema.Evidence) []schema.Evidence {
	if len(p.conditions.Datasets) == 0 {
		return evidence
	}
	return slices.DeleteFunc(slices.Clone(evidence), func(e schema.Evidence) bool { return !p.hasDataset(e.Dataset) })
}

// claimedDays are the first and the last day that one dataset gives a fact.
type claimedDays struct {
	dataset string
	schema.Days
	dated bool
}

// daysByDataset reads the days of a fact from its own quads: one for each dataset
// that claims it. Errors wrap [schema.ErrDate].
func daysByDataset(own []quad.Quad) (list []claimedDays, err error) {
	for _, q := range own {
		name, ok := schema.DatasetName(q.Label)
		if !ok {
			continue
		}
		i := slices.IndexFunc(list, func(d claimedDays) bool { return d.dataset == name })
		if i < 0 {
			i, list = len(list), append(list, claimedDays{dataset: name})
		}
		switch q.Predicate {
		case schema.FromTerm:
			list[i].From, err = schema.DayOf(q.Object)
			list[i].dated = true
		case schema.ToTerm:
			list[i].To, err = schema.DayOf(q.Object)
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// extent is the first and the last day that the datasets that count allow a fact,
// whose evidence is theirs: but for those that deny it, where another asserts it.
func (p *factPredicate) extent(f schema.Fact, list []claimedDays) (days schema.Days, dated bool) {
	asserted := f.Asserted()
	for _, d := range list {
		switch {
		case !d.dated || !p.hasDataset(d.dataset) || asserted && denies(f.Evidence, d.dataset):
		case dated:
			days = days.Join(d.Days)
		default:
			days, dated = d.Days, true
		}
	}
	if !dated && f.Within != nil {
		return f.Within.Days, true
	}
	return days, dated
}

// denies reports whether a dataset has evidence that denies a fact, and none that
// asserts it.
func denies(evidence []schema.Evidence, dataset string) (denies bool) {
	for _, e := range evidence {
		switch {
		case e.Dataset != dataset:
		case e.Stance == schema.Asserts:
			return false
		case e.Stance == schema.Denies:
			denies = true
		}
	}
	return denies
}
