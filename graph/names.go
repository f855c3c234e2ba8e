package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// decisions is the name of the dataset that keeps what was decided about who is
// who. Nothing is loaded into it.
const decisions = "decisions"

// byNameTerm says that a dataset's id was taken for the entity of that id in
// other datasets because the names agree.
const byNameTerm = quad.IRI("dip:by-name")

// ErrConflict is wrapped where two datasets make one id from one name but what
// they know of it disagrees.
var ErrConflict = errors.New("conflict")

// byName lists the staged entities that other datasets know by an id which one
// side made from a name, and refuses those about which they disagree.
func (s *stage) byName(ctx context.Context, r reader) ([]ByName, error) {
	var found []ByName
	for _, id := range slices.Sorted(maps.Keys(s.entities)) {
		own, err := r.own(ctx, id)
		if err != nil {
			return nil, err
		}
		own = slices.DeleteFunc(own, func(q quad.Quad) bool { return q.Label == s.label })
		mine, theirs := schema.DecodeEntity(id, s.entities[id]), schema.DecodeEntity(id, own)
		if theirs.Kind == "" || !mine.FromName && !theirs.FromName {
			continue
		}
		match := ByName{ID: id, Label: mine.Label, Datasets: datasetsOf(own)}
		if err := s.compatible(mine, own, match); err != nil {
			return nil, err
		}
		found = append(found, match)
	}
	s.report.ByName = found
	return found, nil
}

func datasetsOf(quads []quad.Quad) []string {
	var names []string
	for _, q := range quads {
		if name, ok := schema.DatasetName(q.Label); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// compatible is an error where a dataset knows the entity otherwise.
func (s *stage) compatible(mine schema.Entity, own []quad.Quad, match ByName) error {
	if s.options.StrictNames {
		return fmt.Errorf("%v: %w: %s is an id made from a name, and stands in %s too",
			s.places[mine.ID], ErrConflict, mine.ID, strings.Join(match.Datasets, ", "))
	}
	for _, dataset := range match.Datasets {
		label := schema.DatasetValue(dataset)
		of := slices.DeleteFunc(slices.Clone(own), func(q quad.Quad) bool { return q.Label != label })
		if what, a, b := disagreement(mine, schema.DecodeEntity(mine.ID, of)); what != "" {
			err := fmt.Errorf("%v: %w: %s has %s %s in %s and %s in %s", s.places[mine.ID], ErrConflict, mine.ID, what, a, s.dataset, b, dataset)
			return schema.WithHint(err, func() string { return "if they are two, give one of them an id of its own" })
		}
	}
	return nil
}

// disagreement names the first thing known of both that differs.
func disagreement(a, b schema.Entity) (what, ours, theirs string) {
	switch {
	case a.Country != "" && b.Country != "" && a.Country != b.Country:
		return "country", string(a.Country), string(b.Country)
	case a.Born != "" && b.Born != "" && !mayBeSame(a.Born, b.Born):
		return "birth", a.Born, b.Born
	}
	for _, x := range a.Identifiers {
		for _, y := range b.Identifiers {
			if scheme(x) == scheme(y) && x != y {
				return "identifier", x, y
			}
		}
	}
	return "", "", ""
}

// mayBeSame reports whether two written dates can be one day: 1964 and
// 1964-04-05 can.
func mayBeSame(a, b string) bool {
	x, errX := schema.When{Written: a}.Span(schema.Interaction)
	y, errY := schema.When{Written: b}.Span(schema.Interaction)
	if err := cmp.Or(errX, errY); err != nil {
		return a == b
	}
	return x.Possible(y.From, y.To)
}

func scheme(identifier string) string {
	scheme, _, _ := strings.Cut(identifier, ":")
	return scheme
}

// decide records which ids of the dataset were taken for others' by name, and
// forgets what was recorded before.
func (t transaction) decide(ctx context.Context, s *stage, named []ByName) error {
	label := schema.DatasetValue(decisions)
	old, err := t.collect(ctx, store.Pattern{Predicate: byNameTerm, Object: s.label, Label: label})
	if err != nil {
		return err
	}
	want := &quadSet{has: make(map[quad.Quad]bool)}
	for _, n := range named {
		want.add(quad.Quad{Subject: n.ID.Value(), Predicate: byNameTerm, Object: s.label, Label: label})
	}
	fresh, stale := want.without(old)
	return t.change(s, stale, fresh)
}
