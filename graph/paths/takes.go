package paths

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// takesFact reports whether a fact counts, as [matcher.takes] does, for facts that
// need not link anybody: the direction does not matter.
func (m *matcher) takesFact(f schema.Fact, vocabulary *schema.Vocabulary) (bool, error) {
	d, known := vocabulary.Lookup(f.Verb)
	disputed := f.Disputed()
	switch {
	case !known || !m.isBy(f, vocabulary),
		m.statuses>>statusNumber(f.Status)&1 == 0,
		disputed && m.unlike&arcDisputed != 0,
		!disputed && m.like&arcDisputed != 0,
		uint32(f.Sources()) < m.minSources,
		m.minConfidence > 0 && confidence(f) < m.minConfidence:
		return false, nil
	}
	if m.standings>>standingNumber(m.standing(f))&1 == 0 {
		return false, nil
	}
	from, to, dated, told := schema.Day(0), schema.Day(0), false, false
	for _, claim := range m.claimsIn(f) {
		a, b, ok, err := schema.Hull(claim, d.Kind)
		if err != nil {
			return false, err
		}
		if told = true; ok {
			if !dated {
				from, to, dated = a, b, true
			}
			from, to = min(from, a), max(to, b)
		}
	}
	if !dated && f.Within != nil {
		from, to, dated = f.Within.From, f.Within.To, true
	}
	return told && m.inTime(int32(from), int32(to), dated, d.Kind == schema.Relation), nil
}

// isBy reports whether a fact has one of the verbs, or its roles link by one of the
// predicates.
func (m *matcher) isBy(f schema.Fact, vocabulary *schema.Vocabulary) bool {
	if m.verbs == nil {
		return true
	}
	if n, ok := m.predicate(f.Verb); ok && m.verbs[n] {
		return true
	}
	return !m.main && slices.Contains(m.verbs[m.own:], true) && slices.ContainsFunc(vocabulary.Pairs(f), func(e schema.Edge) bool {
		n, ok := m.predicate(e.Verb)
		return ok && e.Role != "" && m.verbs[n]
	})
}

// confidence is the highest of the evidence that asserts a fact, or of all where
// none does; evidence that gives none has 1.
func confidence(f schema.Fact) (highest float32) {
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

// standing is that of a fact by what the datasets of the query say of it.
func (m *matcher) standing(f schema.Fact) schema.Standing {
	f.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), func(e schema.Evidence) bool { return !m.counts(e.Dataset) })
	return f.Standing()
}

// claimsIn is the dates that each dataset gives a fact, of those that count: that
// assert it, where any does.
func (m *matcher) claimsIn(f schema.Fact) (claims [][]schema.When) {
	asserted := m.standing(f).Asserted()
	for evidence := f.Evidence; len(evidence) > 0; { // it is in the order of datasets
		dataset := evidence[0].Dataset
		end := slices.IndexFunc(evidence, func(e schema.Evidence) bool { return e.Dataset != dataset })
		if end < 0 {
			end = len(evidence)
		}
		part := f
		part.Evidence, evidence = evidence[:end], evidence[end:]
		if m.counts(dataset) && (!asserted || part.Asserted()) {
			claims = append(claims, ownDates(part))
		}
	}
	return claims
}

func (m *matcher) counts(dataset string) bool {
	n, known := slices.BinarySearch(m.View.datasets, dataset)
	return m.datasets == nil || known && m.datasets[n]
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
