package paths_test

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// claimsOf returns the statement of each dataset about each fact.
func claimsOf(facts []schema.Fact) map[schema.ID]map[string]schema.Fact {
	v := schema.DefaultVocabulary()
	claims := map[schema.ID]map[string]schema.Fact{}
	for _, f := range facts {
		f, dataset := v.Normalize(f), f.Evidence[0].Dataset
		if claims[f.ID] == nil {
			claims[f.ID] = map[string]schema.Fact{}
		}
		if old, ok := claims[f.ID][dataset]; ok {
			f = v.Merge(old, f)
		}
		claims[f.ID][dataset] = f
	}
	return claims
}

// dates returns the days of a fact by some datasets, or by all.
func (o *oracle) dates(f schema.Fact, datasets []string) (from, until schema.Day, dated bool) {
	d, _ := o.vocabulary.Lookup(f.Verb)
	from, until = schema.MaxDay, schema.MinDay
	asserted := ofDatasets(f, datasets).Asserted()
	for name, part := range o.claims[f.ID] {
		if datasets != nil && !slices.Contains(datasets, name) || asserted && part.Standing() == schema.StandingDenied {
			continue
		}
		a, b, ok, _ := schema.Hull(part.Dates(), d.Kind)
		if ok {
			from, until, dated = min(from, a), max(until, b), true
		}
	}
	if !dated && f.Within != nil {
		return f.Within.From, f.Within.To, true
	}
	return from, until, dated
}

// within returns when each fact without a date may have happened: on any day of the
// asserted facts that contain it.
func (o *oracle) within(facts []schema.Fact) {
	byID := map[schema.ID]schema.Fact{}
	for _, f := range facts {
		byID[f.ID] = f
	}
	for i, f := range facts {
		if _, dated, _ := o.vocabulary.Extent(f); dated {
			continue
		}
		disputed := false
		var above func(f schema.Fact, seen map[schema.ID]bool)
		above = func(f schema.Fact, seen map[schema.ID]bool) {
			for _, id := range f.Wholes() {
				whole := byID[id]
				extent, dated, _ := o.vocabulary.AssertedExtent(whole)
				if seen[id] || !whole.Asserted() {
					continue
				}
				seen[id] = true
				disputed = disputed || whole.Disputed()
				switch within := facts[i].Within; {
				case dated && within != nil:
					within.Days = within.Join(extent)
				case dated:
					facts[i].Within = &schema.Within{Days: extent}
				default:
					above(whole, seen)
				}
			}
		}
		above(f, map[schema.ID]bool{})
		if facts[i].Within != nil {
			facts[i].Within.Disputed = disputed
		}
	}
}

// ofDatasets returns the statement of some datasets about a fact, or of all.
func ofDatasets(f schema.Fact, datasets []string) schema.Fact {
	f.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), func(e schema.Evidence) bool {
		return datasets != nil && !slices.Contains(datasets, e.Dataset)
	})
	return f
}
