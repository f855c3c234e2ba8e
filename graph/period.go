package graph

import (
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// Period is the dates of [Conditions] as days.
type Period struct {
	Since, Until schema.Day // all days, where neither date is given
	AsOf         schema.Day // the last day where no date is given

	HasWindow bool // Since or Until is given
	HasAsOf   bool
	Contained bool
	Undated   bool
}

// Period reads the dates. Errors wrap [schema.ErrDate].
func (c Conditions) Period() (p Period, err error) {
	p = Period{AsOf: schema.MaxDay, HasWindow: c.Since != "" || c.Until != "", HasAsOf: c.AsOf != "", Contained: c.Contained, Undated: c.Undated}
	if p.Since, p.Until, err = schema.WindowBetween(c.Since, c.Until); err == nil && p.HasAsOf {
		_, p.AsOf, err = schema.Window(c.AsOf)
	}
	return p, err
}

// Admits reports whether a fact counts that was going on between some days, at
// most, if it is dated. A relation holds over a time, other facts happen once.
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
	AtMost    bool // else at least
	Day       schema.Day
}

// Bounds are the window as conditions on the days that a dataset gives a fact, for
// queries over quads.
func (p *Period) Bounds() []Bound {
	return []Bound{{schema.FromTerm, true, p.Until}, {schema.ToTerm, false, p.Since}}
}
