package graph

import (
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

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
