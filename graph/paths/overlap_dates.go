package paths

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// datesOf is the dates that some datasets, or all where none is named, give a fact.
// Those that deny it are left out where another asserts it.
func datesOf(f schema.Fact, datasets []string) (dates []schema.When) {
	f.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), func(e schema.Evidence) bool {
		return len(datasets) > 0 && !slices.Contains(datasets, e.Dataset)
	})
	asserted := f.Asserted()
	for evidence := f.Evidence; len(evidence) > 0; { // it is in the order of datasets
		dataset := evidence[0].Dataset
		end := slices.IndexFunc(evidence, func(e schema.Evidence) bool { return e.Dataset != dataset })
		if end < 0 {
			end = len(evidence)
		}
		part := f
		part.Evidence, evidence = evidence[:end], evidence[end:]
		if !asserted || part.Standing() != schema.StandingDenied {
			dates = append(dates, ownDates(part)...)
		}
	}
	return dates
}

// ownDates are those of a dataset's evidence. The fact has the widest date of all
// datasets; this one's own begins alike.
func ownDates(part schema.Fact) []schema.When {
	dates := part.Dates()
	if slices.ContainsFunc(dates[1:], func(w schema.When) bool { return w.Start() == part.When.Start() }) {
		return dates[1:]
	}
	return dates
}
