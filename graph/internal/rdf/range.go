package rdf

import (
	"bytes"

	"github.com/cayleygraph/quad"
)

// Range is the encoded terms from Low, included, to High, excluded. A nil bound
// is open.
type Range struct {
	Low, High []byte
}

// Contains reports whether an encoded term lies in the range.
func (r Range) Contains(term []byte) bool {
	return bytes.Compare(term, r.Low) >= 0 && (r.High == nil || bytes.Compare(term, r.High) < 0)
}

// Intersect returns the terms of both ranges.
func (r Range) Intersect(o Range) Range {
	if bytes.Compare(o.Low, r.Low) > 0 {
		r.Low = o.Low
	}
	if r.High == nil || o.High != nil && bytes.Compare(o.High, r.High) < 0 {
		r.High = o.High
	}
	return r
}

// PrefixRange returns the range of the terms whose encoded form begins with a
// prefix.
func PrefixRange(prefix []byte) Range {
	high := bytes.Clone(prefix)
	for i := len(high) - 1; i >= 0; i-- {
		if high[i]++; high[i] != 0 {
			return Range{prefix, high[:i+1]}
		}
	}
	return Range{Low: prefix}
}

// ComparableRange returns the range of the terms that compare with a value: terms
// of the same kind and, for typed strings, of the same datatype. The argument term
// is the encoded form of the value.
func ComparableRange(v quad.Value, term []byte) Range {
	if t, ok := Canonical(v).(quad.TypedString); ok {
		return PrefixRange(appendEscaped([]byte{byte(KindTyped)}, string(t.Type)))
	}
	r := PrefixRange(term[:1])
	if Kind(term[0]) == KindFloat { // nothing compares with not-a-number
		r.High = append([]byte{byte(KindFloat)}, bytes.Repeat([]byte{0xff}, 8)...)
	}
	return r
}

// Between returns the range from low to high, both included. With one nil bound
// the range ends with the terms that compare with the other bound.
func Between(low, high quad.Value) (r Range, err error) {
	if low != nil {
		if r.Low, err = AppendTerm(nil, low); err != nil {
			return r, err
		}
		r.High = ComparableRange(low, r.Low).High
	}
	if high != nil {
		term, err := AppendTerm(nil, high)
		if err != nil {
			return r, err
		}
		if low == nil {
			r.Low = ComparableRange(high, term).Low
		}
		r.High = append(term, 0)
	}
	return r, nil
}
