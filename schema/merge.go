package schema

import (
	"cmp"
	"slices"
)

// Merge joins what two datasets state about one fact; both facts are normalized
// and have the same id. The result has the links and the evidence of both. Its
// date is the wider one, or the date of the only fact that is asserted. Its
// participants have the order of the first dataset by name. The order of merging
// does not matter.
func (v *Vocabulary) Merge(a, b Fact) Fact {
	switch {
	case a.Asserted() == b.Asserted():
		a.When = widest(v.VerbKind(a.Verb), a.When, b.When)
	case b.Asserted():
		a.When = b.When
	}
	if compareOrders(b, a) < 0 {
		a.Roles = b.Roles
	}
	a.Links = sortedSet(slices.Concat(a.Links, b.Links), compareLinks)
	a.Evidence = sortEvidence(slices.Concat(a.Evidence, b.Evidence))
	return a
}

// widest returns the date that covers the most time. Any dated value comes before
// an undated one.
func widest(kind VerbKind, whens ...When) When {
	return slices.MaxFunc(whens, func(a, b When) int {
		if a == b {
			return 0
		}
		return cmp.Or(compareBool(a.Dated(), b.Dated()), cmp.Compare(a.width(kind), b.width(kind)), compareWhens(a, b))
	})
}

func (w When) width(kind VerbKind) Day {
	span, _ := w.Span(kind)
	return span.To - span.From
}

func compareWhens(a, b When) int {
	return cmp.Or(cmp.Compare(a.Written, b.Written), cmp.Compare(a.Words, b.Words), cmp.Compare(a.Anchor, b.Anchor),
		cmp.Compare(a.FromBy, b.FromBy), cmp.Compare(a.ToBy, b.ToBy), compareBool(a.Attested, b.Attested))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
