package spool_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph/internal/spool"
	"github.com/entente-kg/entente/schema"
)

// Groups are the same whether values are in memory or in files.
func TestSpool(t *testing.T) {
	for _, most := range []int{0, 1, 100, 5000, 1 << 20} {
		rng := rand.New(rand.NewPCG(1, 2))
		s := spool.New(func(f schema.Fact) string { return string(f.ID) }, 7, most)
		want := make(map[schema.ID][]schema.Fact)
		for i := range 3000 {
			f := schema.Fact{
				ID: schema.ID(fmt.Sprintf("fact:%03d", rng.IntN(700))), Key: fmt.Sprint(i), When: schema.When{Written: "2023-07"},
				Roles: []schema.Participant{{Role: "actor", ID: "person:谢锋"}}, Pos: schema.Position{File: "f.csv", Line: i},
				Evidence: []schema.Evidence{{ID: "evidence:x", Quote: "a\nb", Confidence: 0.25, Via: []schema.ID{"doc:1"}}},
			}
			want[f.ID] = append(want[f.ID], f)
			if err := s.Add(f); err != nil {
				t.Fatal(err)
			}
		}
		var before schema.ID
		groups := 0
		for group, err := range s.Groups() {
			if err != nil {
				t.Fatal(err)
			}
			id := group[0].ID
			if id <= before || !reflect.DeepEqual(group, want[id]) {
				t.Fatalf("after %s: %v, want %v", before, group, want[id])
			}
			before, groups = id, groups+1
		}
		if groups != len(want) {
			t.Errorf("%d values in memory: %d of %d groups", most, groups, len(want))
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A reader may stop at any group.
func TestStop(t *testing.T) {
	s := spool.New(func(v string) string { return v }, 1, 2)
	for _, v := range []string{"b", "a", "c", "a"} {
		if err := s.Add(v); err != nil {
			t.Fatal(err)
		}
	}
	for group, err := range s.Groups() {
		if err != nil || !slices.Equal(group, []string{"a", "a"}) {
			t.Errorf("got %q, %v", group, err)
		}
		break
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
