package paths

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// datesOf returns the dates that datasets state for a fact, or all datasets if none is
// named. If a dataset asserts the fact, datasets that deny it are left out.
func datesOf(f schema.Fact, datasets []string) (dates []schema.When) {
	f.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), func(e schema.Evidence) bool {
		return len(datasets) > 0 && !slices.Contains(datasets, e.Dataset)
	})
	asserted := f.Asserted()
	for evidence := f.Evidence; len(evidence) > 0; { // sorted by dataset
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

// ownDates returns the dates of one dataset's evidence. The fact has the widest date
// of all datasets; the dataset's own date has the same start.
func ownDates(part schema.Fact) []schema.When {
	dates := part.Dates()
	if slices.ContainsFunc(dates[1:], func(w schema.When) bool { return w.Start() == part.When.Start() }) {
		return dates[1:]
	}
	return dates
}
