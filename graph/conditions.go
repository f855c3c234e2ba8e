package graph

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// ErrQuery is wrapped by the error of a query or of conditions that are not valid.
var ErrQuery = errors.New("bad question")

// Conditions select facts. Every field that is set must hold, for at least one of its
// values; an empty list is not set. [Graph.Facts], the searches of graph/paths,
// overlaps and meetings use the same conditions.
type Conditions struct {
	// Verbs are verbs of facts, or predicates of role edges. Such a predicate matches
	// facts whose roles make such an edge, or would if the fact had happened.
	Verbs []schema.Verb
	Roles Roles

	// Statuses are statuses of asserted facts. Facts of other standings are selected
	// only with Standings.
	Statuses []schema.Status

	// Standings are computed from the evidence of all datasets, or of Datasets if set.
	// If empty, all standings are selected, or with Statuses or MinSources
	// [schema.AssertedStandings].
	Standings []schema.Standing
	Disputed  Disputed

	// Since and Until are written dates. A fact is selected if it may have been going
	// on in the closed interval from the start of Since to the end of Until, or with
	// Contained if the whole fact lies in it. The days of a fact are from the first to
	// the last day that its evidence allows. If a dataset asserts the fact, the days
	// of datasets that deny it are ignored. A fact without a date has the days of the
	// facts that contain it, see [schema.Fact.Within]. Facts without any days are
	// selected only with Undated.
	Since, Until string
	Contained    bool

	// AsOf is a written date: facts are selected by their state at its end. An event
	// may have happened by then; a relation may have held then.
	AsOf    string
	Undated bool

	// Datasets selects facts that at least one of the datasets claims. The standing
	// and the dates of a fact are computed from the evidence of these datasets only,
	// but the facts that contain it keep theirs.
	Datasets []string

	// MinSources is the least number of documents that assert the fact, in all
	// datasets; see [schema.Fact.Sources].
	MinSources int

	// MinConfidence is the least value of the highest confidence among the evidence
	// that asserts the fact, in all datasets, or among all its evidence if none
	// asserts it. Evidence without a confidence has 1.
	MinConfidence float64
}

// Happened returns the conditions for facts that happened or hold and that at least
// one source asserts: the facts that have edges in the graph.
func Happened() Conditions { return Conditions{Statuses: []schema.Status{schema.Happened}} }

// Roles says whether the edges that mediators, hosts and other roles make count,
// besides the edges of verbs.
type Roles string

// Values of [Roles].
const (
	AllRoles  Roles = ""
	MainRoles Roles = "main" // only edges of verbs
)

// Disputed says whether disputed facts are selected, which one source asserts and
// another denies.
type Disputed string

// Values of [Disputed].
const (
	DisputedToo  Disputed = ""
	DisputedNot  Disputed = "out"
	DisputedOnly Disputed = "only"
)

// AllowedStandings returns the standings to select, after defaults; none means all.
func (c Conditions) AllowedStandings() []schema.Standing {
	if len(c.Standings) == 0 && (len(c.Statuses) > 0 || c.MinSources > 0) {
		return schema.AssertedStandings()
	}
	return c.Standings
}

// verdict is the decision of a predicate about a fact, with the reason.
type verdict uint8

const (
	rejected   verdict = iota
	undated            // rejected only because it has no date
	unasserted         // rejected only because no source asserts it
	counted
)

// factPredicate is the compiled form of conditions, and the only code that decides
// whether a fact is selected, except that graph/paths compiles the same conditions for
// its compressed rows.
type factPredicate struct {
	conditions Conditions
	standings  []schema.Standing
	period     Period
	vocabulary *schema.Vocabulary
}

// Check returns an error for values that no fact can match or that are not defined:
// unknown statuses, standings, Roles and Disputed, numbers out of range, and Contained
// without Since and Until. It does not check Verbs, Datasets and dates. Errors wrap
// [ErrQuery].
func (c Conditions) Check() error {
	switch {
	case c.Roles != AllRoles && c.Roles != MainRoles:
		return fmt.Errorf("%w: unknown roles %q", ErrQuery, c.Roles)
	case !slices.Contains([]Disputed{DisputedToo, DisputedNot, DisputedOnly}, c.Disputed):
		return fmt.Errorf("%w: unknown way with disputed facts %q", ErrQuery, c.Disputed)
	case c.MinSources < 0:
		return fmt.Errorf("%w: at least %d sources", ErrQuery, c.MinSources)
	case !(c.MinConfidence >= 0 && c.MinConfidence <= 1): // it may be NaN
		return fmt.Errorf("%w: confidence %v: want 0 to 1", ErrQuery, c.MinConfidence)
	case c.Contained && c.Since == "" && c.Until == "":
		return fmt.Errorf("%w: contained needs a date: since or until", ErrQuery)
	}
	if err := checkWords("status", c.Statuses, schema.Statuses()); err != nil {
		return err
	}
	return checkWords("standing", c.Standings, schema.Standings())
}

// checkWords returns an error for the first word that is not among the known words.
func checkWords[T ~string](what string, words, known []T) error {
	for _, w := range words {
		if !slices.Contains(known, w) {
			return fmt.Errorf("%w: unknown %s %q", ErrQuery, what, w)
		}
	}
	return nil
}

// checkVerbs returns an error for the first verb that is neither a verb nor a
// predicate of role edges of the vocabulary. Errors wrap [schema.ErrUnknownVerb].
func (c Conditions) checkVerbs(v *schema.Vocabulary) error {
	for _, verb := range c.Verbs {
		_, isVerb := v.Lookup(verb)
		if _, isRoleEdge := v.RoleEdge(verb); !isVerb && !isRoleEdge {
			return fmt.Errorf("%w %q", schema.ErrUnknownVerb, verb)
		}
	}
	return nil
}

// predicate compiles the conditions. Errors wrap [ErrQuery], [schema.ErrUnknownVerb]
// or [schema.ErrDate].
func (c Conditions) predicate(v *schema.Vocabulary) (*factPredicate, error) {
	if err := cmp.Or(c.Check(), c.checkVerbs(v)); err != nil {
		return nil, err
	}
	period, err := c.Period()
	return &factPredicate{c, c.AllowedStandings(), period, v}, err
}

// judge decides about a fact. If it needs what daysByDataset returns, it calls read. Errors
// wrap [schema.ErrDate].
func (p *factPredicate) judge(f schema.Fact, read func() ([]claimedDays, error)) (verdict, error) {
	if !p.admitsWhole(f) {
		return rejected, nil
	}
	in, dated := true, true
	if p.period.HasWindow || p.period.HasAsOf || len(p.conditions.Datasets) > 0 {
		days, err := read()
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

// admitsWhole checks the conditions that do not depend on Datasets.
func (p *factPredicate) admitsWhole(f schema.Fact) bool {
	c := &p.conditions
	return (len(c.Statuses) == 0 || slices.Contains(c.Statuses, f.Status)) &&
		(len(c.Verbs) == 0 || p.isBy(f)) &&
		(c.MinSources <= 0 || f.Sources() >= c.MinSources) &&
		(c.MinConfidence <= 0 || highestConfidence(f) >= float32(c.MinConfidence)) &&
		(c.Disputed == DisputedToo || f.Disputed() == (c.Disputed == DisputedOnly))
}

// isBy reports whether a fact has one of the verbs, or roles that make an edge of one
// of them.
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

// highestConfidence returns the highest confidence of the evidence that asserts a
// fact, or of all its evidence if none does. Evidence without a confidence has 1.
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

// hasDataset reports whether the conditions include a dataset.
func (p *factPredicate) hasDataset(dataset string) bool {
	return len(p.conditions.Datasets) == 0 || slices.Contains(p.conditions.Datasets, dataset)
}

// isClaimed reports whether an included dataset claims a fact.
func (p *factPredicate) isClaimed(days []claimedDays) bool {
	return len(p.conditions.Datasets) == 0 || slices.ContainsFunc(days, func(d claimedDays) bool { return p.hasDataset(d.dataset) })
}

// countedEvidence returns the evidence of the included datasets.
func (p *factPredicate) countedEvidence(evidence []schema.Evidence) []schema.Evidence {
	if len(p.conditions.Datasets) == 0 {
		return evidence
	}
	return slices.DeleteFunc(slices.Clone(evidence), func(e schema.Evidence) bool { return !p.hasDataset(e.Dataset) })
}

// claimedDays is the closed interval of days that one dataset states for a fact.
type claimedDays struct {
	dataset string
	schema.Days
	dated bool
}

// daysByDataset reads the days of a fact from its own quads, one entry for each
// dataset that claims it. Errors wrap [schema.ErrDate].
func daysByDataset[T comparable](terms schema.Terms[T], own [][4]T) (list []claimedDays, err error) {
	for _, q := range own {
		name, ok := schema.DatasetName(terms.ID(q[3]).Value())
		if !ok {
			continue
		}
		i := slices.IndexFunc(list, func(d claimedDays) bool { return d.dataset == name })
		if i < 0 {
			i, list = len(list), append(list, claimedDays{dataset: name})
		}
		switch terms.ID(q[1]).Value() {
		case schema.FromTerm:
			list[i].From, err = schema.DayOf(terms.Value(q[2]))
			list[i].dated = true
		case schema.ToTerm:
			list[i].To, err = schema.DayOf(terms.Value(q[2]))
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// extent returns the closed interval of days that the included datasets allow, for a
// fact with only their evidence. If one asserts the fact, the days of datasets that
// deny it are ignored.
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

// denies reports whether a dataset denies a fact and has no evidence that asserts it.
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

// Period is the parsed dates of [Conditions].
type Period struct {
	Since, Until schema.Day // the closed interval; all days if neither date is set
	AsOf         schema.Day // the last possible day if not set

	HasWindow bool // Since or Until is set
	HasAsOf   bool
	Contained bool
	Undated   bool
}

// Period parses the dates. Errors wrap [schema.ErrDate].
func (c Conditions) Period() (p Period, err error) {
	p = Period{AsOf: schema.MaxDay, HasWindow: c.Since != "" || c.Until != "", HasAsOf: c.AsOf != "", Contained: c.Contained, Undated: c.Undated}
	if p.Since, p.Until, err = schema.WindowBetween(c.Since, c.Until); err == nil && p.HasAsOf {
		_, p.AsOf, err = schema.Window(c.AsOf)
	}
	return p, err
}

// Admits reports whether a fact meets the period, where days are the closed interval
// in which it may have been going on. A relation holds over a time; other facts happen
// once.
func (p *Period) Admits(days schema.Days, dated, relation bool) bool {
	switch {
	case !p.HasWindow && !p.HasAsOf:
		return true
	case !dated:
		return p.Undated
	case p.HasAsOf && (days.From > p.AsOf || relation && days.To < p.AsOf):
		return false
	case p.Contained:
		return days.From >= p.Since && days.To <= p.Until
	}
	return days.From <= p.Until && days.To >= p.Since
}

// Bound is a condition on the values of a predicate of facts.
type Bound struct {
	Predicate quad.IRI
	AtMost    bool // the value is at most Day, or else at least Day
	Day       schema.Day
}

// Bounds returns the window as conditions on the days that a dataset states for a
// fact, for queries over quads.
func (p *Period) Bounds() []Bound {
	return []Bound{{schema.FromTerm, true, p.Until}, {schema.ToTerm, false, p.Since}}
}
