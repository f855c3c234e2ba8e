package dossier

import (
	"cmp"
	"slices"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// summaryView is the summary of a dossier.
type summaryView struct {
	Facts, Documents, Entities string
	Period                     string
	Open                       string // how many facts have an open beginning or end
	Subjects                   []*entityView
	Claims                     []claimCount
	Contested                  []*factView // disputed, denied, doubted or hearsay
	Unhappened                 []*factView // asserted, and planned, refused, cancelled or hypothetical
	Undated                    []*factView
	LeftOut                    []string
}

// claimCount is the number of facts of one standing and status. Standing and Status are
// the values of the filters that select them.
type claimCount struct {
	Words, Means     string
	Standing, Status string
	Facts            int
}

// summary sums up the facts of a dossier.
func (c *collector) summary(q Question, s *selection, facts []*factView) summaryView {
	v := summaryView{
		Facts: counted(len(facts), "fact", "facts"), Documents: counted(len(c.sources), "document", "documents"), Entities: counted(len(c.entities), "entity", "entities"),
		Claims: countClaims(facts), LeftOut: leftOut(q, s),
	}
	v.Period, v.Open = period(facts)
	for _, f := range facts {
		switch {
		case f.fact.Standing != schema.StandingAsserted:
			v.Contested = append(v.Contested, f)
		case f.fact.Status != schema.Happened:
			v.Unhappened = append(v.Unhappened, f)
		}
		if !f.dated() {
			v.Undated = append(v.Undated, f)
		}
	}
	for _, id := range q.Entities {
		if e := c.entities[id]; e != nil {
			v.Subjects = append(v.Subjects, e)
		}
	}
	return v
}

// countClaims counts the facts by standing and status, in display order.
func countClaims(facts []*factView) (counts []claimCount) {
	for _, standing := range schema.Standings() {
		for _, status := range schema.Statuses() {
			n := 0
			for _, f := range facts {
				if f.fact.Standing == standing && f.fact.Status == status {
					n++
				}
			}
			if n == 0 {
				continue
			}
			claimed, means := statusClaims()[status], standingClaims()[standing]
			c := claimCount{Words: means.Short, Means: means.Means, Standing: string(standing), Status: string(status), Facts: n}
			if status != schema.Happened || standing == schema.StandingAsserted {
				c.Words, c.Means = claimed.Short, claimed.Means+"; "+means.Means
			}
			if status != schema.Happened && standing != schema.StandingAsserted {
				c.Words = means.Short + "; " + claimed.Short
			}
			counts = append(counts, c)
		}
	}
	return counts
}

// period returns the first and the last day of all facts in words, and how many facts
// have an open beginning or end.
func period(facts []*factView) (words, open string) {
	first, last, begins, ends := "", "", 0, 0
	for _, f := range facts {
		if !f.dated() {
			continue
		}
		for _, day := range []string{f.days.From, f.days.To} {
			if day != "" && (first == "" || day < first) {
				first = day
			}
			last = max(last, day)
		}
		if f.days.From == "" {
			begins++
		}
		if f.days.To == "" {
			ends++
		}
	}
	switch {
	case first == "":
		words = "No fact has a date."
	case first == last:
		words = "All dates are " + first + "."
	default:
		words = "Known days run from " + first + " to " + last + "."
	}
	var list []string
	if begins > 0 {
		list = append(list, counted(begins, "fact has no known first day", "facts have no known first day"))
	}
	if ends > 0 {
		list = append(list, counted(ends, "fact has no known last day", "facts have no known last day"))
	}
	for i, s := range list {
		open += map[bool]string{true: "; ", false: ""}[i > 0] + s
	}
	return words, open + map[bool]string{true: ".", false: ""}[open != ""]
}

// leftOut says what the question left out.
func leftOut(q Question, s *selection) (words []string) {
	for id := range s.found {
		delete(s.undated, id)
		delete(s.unasserted, id)
		delete(s.beside, id)
	}
	if n := len(s.undated); n > 0 {
		words = append(words, counted(n, "fact fits but has no date, and is left out.", "facts fit but have no date, and are left out."))
	}
	if n := len(s.unasserted); n > 0 {
		words = append(words, counted(n, "fact that no source asserts is left out.", "facts that no source asserts are left out."))
	}
	if q.Scope == Between {
		words = append(words, "Facts that are no hop of these paths are left out.")
		if n := len(s.beside); n > 0 {
			words = append(words, counted(n, "fact between the ends of a hop does not fit the question, for example because it did not happen or no source asserts it, and is left out.",
				"facts between the ends of a hop do not fit the question, for example because they did not happen or no source asserts them, and are left out."))
		}
		if s.more {
			words = append(words, "There are more paths than those shown.")
		}
	}
	return words
}

// option is a choice of a filter, and the number of its facts.
type option struct {
	Value, Label string
	Facts        int
}

// filterView is the choices of the filters.
type filterView struct {
	Groups, Verbs, Kinds, Statuses, Standings, Sources, Entities []option
}

// filters returns the choices that facts of the dossier have.
func (c *collector) filters(facts []*factView, sources []*sourceView) (v filterView) {
	verbs, groups, kinds := map[schema.Verb]int{}, map[string]int{}, map[schema.Kind]int{}
	statuses, standings := map[schema.Status]int{}, map[schema.Standing]int{}
	for _, f := range facts {
		verbs[f.fact.Verb]++
		statuses[f.fact.Status]++
		standings[f.fact.Standing]++
		if group := c.group(f.fact.Verb); group != "" {
			groups[group]++
		}
		for _, kind := range kindsIn(f.fact) {
			kinds[kind]++
		}
	}
	v.Verbs = options(verbs, c.graph.Vocabulary().Phrase)
	v.Groups = options(groups, func(s string) string { return s })
	v.Kinds = options(kinds, func(k schema.Kind) string { return kindTitles()[k] })
	v.Statuses = options(statuses, func(s schema.Status) string { return statusClaims()[s].Short })
	v.Standings = options(standings, func(s schema.Standing) string { return standingClaims()[s].Short })
	for _, s := range sources {
		if s.Facts > 0 {
			v.Sources = append(v.Sources, option{string(s.id), s.Text, s.Facts})
		}
	}
	for _, e := range c.entities {
		v.Entities = append(v.Entities, option{string(e.id), e.Name, e.Facts})
	}
	slices.SortFunc(v.Entities, func(a, b option) int { return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value)) })
	return v
}

// options returns the keys of a map as choices, by their labels.
func options[T ~string](counts map[T]int, label func(T) string) (list []option) {
	for value, n := range counts {
		list = append(list, option{string(value), render.Clean(label(value)), n})
	}
	slices.SortFunc(list, func(a, b option) int { return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value)) })
	return list
}

// group returns the group of a verb; empty for none.
func (c *collector) group(verb schema.Verb) string {
	if d, ok := c.graph.Vocabulary().Lookup(verb); ok {
		return d.Group
	}
	return ""
}

// kindsIn returns the kinds of the entities that a fact names.
func kindsIn(f *render.Fact) (kinds []schema.Kind) {
	for _, id := range namedIn(f) {
		kinds = append(kinds, schema.KindOf(id))
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
