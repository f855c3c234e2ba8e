package rdf

import (
	"bytes"

	"github.com/cayleygraph/quad"
)

// Interval is the terms between two bounds of the same kind and datatype. With
// one nil bound it ends with the terms that compare with the other bound: the
// terms from a date on are all dates. With two nil bounds it is all terms.
//
// IRIs, blank nodes and strings are ordered by their bytes, numbers and times by
// value, other literals by their text.
type Interval struct {
	Low, High         quad.Value
	LowOpen, HighOpen bool // the bound itself is excluded
}

// All reports whether the interval is all terms.
func (i Interval) All() bool { return i.Low == nil && i.High == nil }

// emptyInterval is an interval without terms: no term can be above 0 and at most
// 0.
var emptyInterval = Interval{Low: quad.Int(0), High: quad.Int(0), LowOpen: true}

// Range returns the interval as a range of encoded terms.
func (i Interval) Range() (Range, error) {
	r, err := Between(i.Low, i.High)
	if i.LowOpen && i.Low != nil {
		r.Low = append(r.Low, 0)
	}
	if i.HighOpen && i.High != nil {
		r.High = r.High[:max(len(r.High)-1, 0)]
	}
	return r, err
}

// Intersect returns the terms of both intervals.
func (i Interval) Intersect(o Interval) (Interval, error) {
	a, err := i.Range()
	if err != nil {
		return i, err
	}
	b, err := o.Range()
	if err != nil {
		return i, err
	}
	both := a.Intersect(b)
	if both.High != nil && bytes.Compare(both.Low, both.High) >= 0 {
		return emptyInterval, nil
	}
	if !bytes.Equal(both.Low, a.Low) {
		i.Low, i.LowOpen = o.Low, o.LowOpen
	}
	if !bytes.Equal(both.High, a.High) {
		i.High, i.HighOpen = o.High, o.HighOpen
	}
	return i, nil
}
