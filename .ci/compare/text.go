package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cayleygraph/quad"
	cayleynquads "github.com/cayleygraph/quad/nquads"
)

// hash returns the FNV-1a hash of the parts, each followed by a space.
func hash(parts ...string) uint32 {
	h := uint32(2166136261)
	for _, part := range parts {
		for i := range len(part) {
			h = (h ^ uint32(part[i])) * 16777619
		}
		h = (h ^ ' ') * 16777619
	}
	return h
}

// text returns a value as the data wrote it. Cayley has datatypes of its own for
// numbers and truth values.
func text(v quad.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case quad.Int:
		return fmt.Sprintf(`"%d"^^<xsd:integer>`, int64(v))
	case quad.Float:
		return fmt.Sprintf(`"%s"^^<xsd:double>`, canonical(float64(v)))
	case quad.Bool:
		return fmt.Sprintf(`"%v"^^<xsd:boolean>`, bool(v))
	case quad.Time:
		return fmt.Sprintf(`"%s"^^<xsd:dateTime>`, time.Time(v).Format(time.RFC3339Nano))
	}
	return v.String()
}

// canonical returns the canonical text of an xsd:double: 6.3E-1.
func canonical(f float64) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'E', -1, 64), "E")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	n, _ := strconv.Atoi(exponent) // digits, by FormatFloat
	return fmt.Sprint(mantissa, "E", n)
}

func hashQuad(q quad.Quad) uint32 {
	return hash(text(q.Subject), text(q.Predicate), text(q.Object), text(q.Label))
}

// value returns a term of N-Quads as a value of Cayley.
func value(term string) (quad.Value, error) {
	q, err := cayleynquads.Parse("<s> <p> " + term + " .")
	return q.Object, err
}

func values(terms []string) ([]quad.Value, error) {
	out := make([]quad.Value, len(terms))
	for i, term := range terms {
		var err error
		if out[i], err = value(term); err != nil {
			return nil, fmt.Errorf("%s: %w", term, err)
		}
	}
	return out, nil
}

// quads parses N-Quads with Cayley's reader.
func quads(lines string) ([]quad.Quad, error) {
	return quad.ReadAll(cayleynquads.NewReader(strings.NewReader(lines), false))
}

const nameTerm = quad.IRI("dip:name")
