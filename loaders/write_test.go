package loaders_test

import (
	"bytes"
	"errors"
	"iter"
	"reflect"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// normal returns all records in stored form, by id.
func normal(t *testing.T, records iter.Seq2[schema.Record, error]) map[schema.ID]schema.Record {
	t.Helper()
	v := schema.DefaultVocabulary()
	all := make(map[schema.ID]schema.Record)
	for record, err := range records {
		if err != nil {
			t.Fatal(err)
		}
		switch r := record.(type) {
		case schema.Entity:
			r.Pos = schema.Position{}
			all[r.ID] = r.Normalize()
		case schema.Document:
			r.Pos = schema.Position{}
			r.Entity = r.Normalize()
			all[r.ID] = r
		case schema.Fact:
			r.Pos = schema.Position{}
			for i := range r.Evidence {
				r.Evidence[i].Dataset = "d"
			}
			r = v.Normalize(r)
			if old, ok := all[r.ID].(schema.Fact); ok {
				r = v.Normalize(v.Merge(old, r))
			}
			all[r.ID] = r
		}
	}
	return all
}

func TestJSONLinesRoundTrip(t *testing.T) {
	in, err := loaders.Open("../examples/us-china-2023", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := normal(t, in.Records(t.Context()))
	var out bytes.Buffer
	err = loaders.WriteJSONLines(&out, func(yield func(schema.Record, error) bool) {
		for _, r := range want {
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	got := normal(t, loaders.JSONLines{}.Load(t.Context(), "d.jsonl", &out))
	if len(got) != len(want) || len(want) < 150 {
		t.Errorf("%d records came back of %d", len(got), len(want))
	}
	for id, w := range want {
		if !reflect.DeepEqual(got[id], w) {
			t.Errorf("%s\n got %+v\nwant %+v", id, got[id], w)
		}
	}
}

// An id that was computed from a title is computed again and marked so.
func TestSourcesRoundTrip(t *testing.T) {
	in, err := loaders.Open(folder(t, "f.yaml", "sources: [{title: Briefing, publisher: Mofa, published: 2023-07}, {title: Report, id: doc:r}]\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := normal(t, in.Records(t.Context()))
	var out bytes.Buffer
	if err := loaders.WriteJSONLines(&out, in.Records(t.Context())); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "sources", normal(t, loaders.JSONLines{}.Load(t.Context(), "d.jsonl", &out)), want)
}

// Sides keep their roles and their order.
func TestSidesRoundTrip(t *testing.T) {
	in, err := loaders.Open(folder(t, "f.yaml", `people: [Dan, Cleo, Bob, Ann]
facts:
  - Dan and Cleo negotiated with Bob and Ann
  - Dan met Ann
  - {verb: met, party: [Cleo, Ann, Dan]}
  - {fact: Ann spoke with Dan and Cleo, mediator: [Dan, Bob]}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := normal(t, in.Records(t.Context()))
	facts := func(yield func(schema.Record, error) bool) {
		for _, r := range want {
			if !yield(r, nil) {
				return
			}
		}
	}
	var out bytes.Buffer
	if err := loaders.WriteJSONLines(&out, facts); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "sides", normal(t, loaders.JSONLines{}.Load(t.Context(), "d.jsonl", &out)), want)
}

func TestErrorsOfTheSequenceAreReturned(t *testing.T) {
	broken := errors.New("broken")
	err := loaders.WriteJSONLines(&bytes.Buffer{}, func(yield func(schema.Record, error) bool) { yield(nil, broken) })
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}
