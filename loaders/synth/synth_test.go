package synth_test

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

func TestRecordsAreSoundAndTheSameEachTime(t *testing.T) {
	v := schema.DefaultVocabulary()
	known := make(map[schema.ID]bool)
	facts := make(map[schema.ID]bool)
	busy := make(map[schema.ID]int)
	var first, second []schema.Record
	for r := range synth.Records(5000, 7) {
		first = append(first, r)
		switch r := r.(type) {
		case schema.Entity:
			known[r.ID] = true
			if err := schema.CheckEntity(r); err != nil {
				t.Error(err)
			}
		case schema.Document:
			known[r.ID] = true
		case schema.Fact:
			if err := v.Check(r); err != nil {
				t.Error(err)
			}
			facts[v.Normalize(r).ID] = true
			for _, p := range r.Roles {
				busy[p.ID]++
				if !known[p.ID] {
					t.Errorf("%s is not declared", p.ID)
				}
			}
		}
	}
	for r := range synth.Records(5000, 7) {
		second = append(second, r)
	}
	if !reflect.DeepEqual(first, second) {
		t.Error("the same numbers made other facts")
	}
	if len(facts) != 5000 {
		t.Errorf("%d facts", len(facts))
	}
	if busy["person:synth-0"] < 20*busy["person:synth-400"] {
		t.Errorf("the busiest has part in %d, one in the crowd in %d", busy["person:synth-0"], busy["person:synth-400"])
	}
}

// Every entity that a fact refers to is declared, in worlds of any size.
func TestWhatFactsNameIsDeclared(t *testing.T) {
	for facts := range 250 {
		known := make(map[schema.ID]bool)
		for r := range synth.Records(facts, 7) {
			switch r := r.(type) {
			case schema.Entity:
				known[r.ID] = true
			case schema.Fact:
				for _, p := range r.Roles {
					if !known[p.ID] {
						t.Fatalf("%d facts: %s is not declared", facts, p.ID)
					}
				}
			}
		}
	}
}

// A world contains all the variety of real data.
func TestVariety(t *testing.T) {
	seen := make(map[string]int)
	for r := range synth.Records(5000, 7) {
		f, ok := r.(schema.Fact)
		if !ok {
			continue
		}
		seen[string(f.Verb)]++
		for _, p := range f.Roles {
			seen[string(schema.KindOf(p.ID))]++
		}
		for _, e := range f.Evidence {
			seen[string(e.Stance)]++
			seen[string(e.Method)]++
		}
		if len(f.With(schema.RoleParty)) > 2 {
			seen["many-sided"]++
		}
		if len(f.Links) > 0 {
			seen["linked"]++
		}
		if f.Disputed() {
			seen["disputed"]++
		}
	}
	for _, what := range []string{"met", "visited", "summoned", "accepted", "refused", "holds-post", "post-at", "part-of", "works-at",
		"Person", "Post", "Institution", "Country", "Place", "Gathering", "denies", "doubts", "hearsay", "model", "many-sided", "linked", "disputed"} {
		if seen[what] < 8 {
			t.Errorf("%s: %d", what, seen[what])
		}
	}
}

// TestTheSameOnEveryMachine pins the world of a seed, so that trials can be
// compared. A change must be in the change log.
func TestTheSameOnEveryMachine(t *testing.T) {
	h := sha256.New()
	if err := loaders.WriteJSONLines(h, synth.Records(500, 7)); err != nil {
		t.Fatal(err)
	}
	if got, want := hex.EncodeToString(h.Sum(nil)[:8]), "fb96660ff5210a35"; got != want {
		t.Errorf("the world's digest is %s, was %s", got, want)
	}
}

func TestSmallWorlds(t *testing.T) {
	for n := range 5 {
		facts := 0
		for r, err := range synth.Records(n, 1) {
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := r.(schema.Fact); ok {
				facts++
			}
		}
		if facts != n {
			t.Errorf("%d facts, want %d", facts, n)
		}
	}
}
