package schema

import (
	"slices"

	"github.com/cayleygraph/quad"
)

// Days are a first and a last day, both included.
type Days struct{ From, To Day }

// Join is the days from the first to the last of both.
func (d Days) Join(other Days) Days { return Days{min(d.From, other.From), max(d.To, other.To)} }

// String is the days as an interval is written: "2015-03-01/2015-03-05", with ".."
// for an end that is open or unknown.
func (d Days) String() string {
	from, to := d.From.String(), d.To.String()
	if d.From == MinDay {
		from = ".."
	}
	if d.To == MaxDay {
		to = ".."
	}
	if from == to {
		return from
	}
	return from + "/" + to
}

// Within is when a fact that has no date of its own may have happened: the days of
// the facts that it is part of, as far as sources assert them.
type Within struct {
	Days
	Disputed bool // some source denies one of those facts
}

// Wholes are the facts that a fact is part of: those it happened during, and those
// that it is linked to as part of.
func (f Fact) Wholes() []ID {
	var ids []ID
	for _, id := range f.With(RoleDuring) {
		if KindOf(id) == KindFact {
			ids = append(ids, id)
		}
	}
	for _, l := range f.Links {
		if l.Type == PartOf {
			ids = append(ids, l.Fact)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Extent is the first and the last day that a fact's evidence allows, that which
// denies it left out where some asserts it; without a date of its own, those of its
// wholes. It is false for a fact that has neither. Errors wrap [ErrDate].
func (v *Vocabulary) Extent(f Fact) (Days, bool, error) {
	from, to, dated, err := Hull(f.Dates(), v.VerbKind(f.Verb))
	if err != nil || dated || f.Within == nil {
		return Days{from, to}, dated, err
	}
	return f.Within.Days, true, nil
}

// AssertedExtent is the first and the last day that the evidence which asserts a
// fact allows: what it says of the facts that are part of it.
func (v *Vocabulary) AssertedExtent(f Fact) (Days, bool, error) {
	var dates []When
	for _, e := range f.Evidence {
		if e.Stance == Asserts {
			dates = append(dates, e.When)
		}
	}
	from, to, dated, err := Hull(dates, v.VerbKind(f.Verb))
	return Days{from, to}, dated, err
}

// withinQuads are the days of a fact's wholes, where it has no date of its own.
func withinQuads(f Fact) []quad.Quad {
	if f.Within == nil {
		return nil
	}
	id := f.ID.Value()
	quads := []quad.Quad{
		{Subject: id, Predicate: FromTerm, Object: f.Within.From.Date(), Label: id},
		{Subject: id, Predicate: ToTerm, Object: f.Within.To.Date(), Label: id},
	}
	if f.Within.Disputed {
		quads = append(quads, quad.Quad{Subject: id, Predicate: WithinTerm, Object: Term(StandingDisputed), Label: id})
	}
	return quads
}

// DecodeWithin reads the days of a fact's wholes from its derived quads; nil where
// they have none.
func DecodeWithin(derived []quad.Quad) *Within {
	within := Within{Days: Days{MaxDay, MinDay}}
	for _, q := range derived {
		switch q.Predicate {
		case FromTerm:
			within.From, _ = DayOf(q.Object)
		case ToTerm:
			within.To, _ = DayOf(q.Object)
		case WithinTerm:
			within.Disputed = true
		}
	}
	if within.From > within.To {
		return nil
	}
	return &within
}
