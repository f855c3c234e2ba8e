package schema

import (
	"slices"

	"github.com/cayleygraph/quad"
)

// Days is a closed interval of days.
type Days struct{ From, To Day }

// Join returns the smallest interval that contains both.
func (d Days) Join(other Days) Days { return Days{min(d.From, other.From), max(d.To, other.To)} }

// String returns the interval as it is written: "2015-03-01/2015-03-05", with
// ".." for an open or unknown end.
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

// Within is when an undated fact may have happened: the days of the facts of
// which it is part, according to the sources that assert them.
type Within struct {
	Days
	Disputed bool // a source denies one of these facts
}

// Wholes returns the facts of which a fact is part: facts in the role during, and
// facts that a link of type part-of refers to.
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

// Extent returns the days that the evidence of a fact allows. If any evidence
// asserts the fact, denials are left out. An undated fact has the days of its
// wholes. The result is false for a fact without any days. Errors wrap [ErrDate].
func (v *Vocabulary) Extent(f Fact) (Days, bool, error) {
	from, to, dated, err := Hull(f.Dates(), v.VerbKind(f.Verb))
	if err != nil || dated || f.Within == nil {
		return Days{from, to}, dated, err
	}
	return f.Within.Days, true, nil
}

// AssertedExtent returns the days that the asserting evidence of a fact allows.
// They bound the undated facts that are part of it.
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

// withinQuads returns the days of an undated fact's wholes as quads.
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

// DecodeWithin reads the days of a fact's wholes from the quads whose subject is the
// fact; nil if there are none. Quads of datasets, whose label is not the fact, are
// ignored.
func DecodeWithin(quads []quad.Quad) *Within {
	days, disputed := Days{MaxDay, MinDay}, false
	for _, q := range quads {
		if q.Label != q.Subject {
			continue
		}
		switch q.Predicate {
		case FromTerm:
			days.From, _ = DayOf(q.Object)
		case ToTerm:
			days.To, _ = DayOf(q.Object)
		case WithinTerm:
			disputed = true
		}
	}
	if days.From > days.To {
		return nil
	}
	return &Within{Days: days, Disputed: disputed}
}
