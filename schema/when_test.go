package schema_test

import (
	"errors"
	"testing"

	"github.com/entente-kg/entente/schema"
)

func TestSpan(t *testing.T) {
	const open, never = "0000-01-01", "9999-12-31"
	for _, test := range []struct {
		when                             schema.When
		kind                             schema.VerbKind
		from, latestFrom, earliestTo, to string
	}{
		{schema.When{}, schema.Interaction, open, never, open, never},
		{schema.When{Written: "2023"}, schema.Interaction, "2023-01-01", "2023-12-31", "2023-01-01", "2023-12-31"},
		{schema.When{Written: "2024-02"}, schema.Interaction, "2024-02-01", "2024-02-29", "2024-02-01", "2024-02-29"},
		{schema.When{Written: "2023-07-12"}, schema.Interaction, "2023-07-12", "2023-07-12", "2023-07-12", "2023-07-12"},
		{schema.When{Written: "2023-06/2023-07"}, schema.Interaction, "2023-06-01", "2023-07-31", "2023-06-01", "2023-07-31"},
		{schema.When{Written: "2023-06/2023-07"}, schema.Relation, "2023-06-01", "2023-06-30", "2023-07-01", "2023-07-31"},
		{schema.When{Written: "2023~"}, schema.Interaction, "2022-01-01", "2024-12-31", "2022-01-01", "2024-12-31"},
		{schema.When{Written: "2023-07-12?"}, schema.Interaction, "2023-07-11", "2023-07-13", "2023-07-11", "2023-07-13"},
		{schema.When{Written: "../2021"}, schema.Interaction, open, "2021-12-31", open, "2021-12-31"},
		{schema.When{Written: "../2021"}, schema.Relation, open, "2021-12-31", "2021-01-01", "2021-12-31"}, // began at an unknown time, not "always"
		{schema.When{Written: "/2021"}, schema.Relation, open, "2021-12-31", "2021-01-01", "2021-12-31"},
		{schema.When{Written: "2023/2023-06-15"}, schema.Relation, "2023-01-01", "2023-06-15", "2023-06-15", "2023-06-15"},
		{schema.When{Written: "2023-06-15/2023"}, schema.Relation, "2023-06-15", "2023-06-15", "2023-06-15", "2023-12-31"},
		{schema.When{Written: "2018/", ToBy: "2018-05"}, schema.Relation, "2018-01-01", "2018-05-31", "2018-01-01", "2018-05-31"},
		{schema.When{Written: "2023-05/.."}, schema.Relation, "2023-05-01", "2023-05-31", never, never},
		{schema.When{Written: "2018/"}, schema.Relation, "2018-01-01", "2018-12-31", "2018-01-01", never},
		{schema.When{Written: "2022-08", Attested: true}, schema.Relation, open, "2022-08-31", "2022-08-01", never},
		{schema.When{FromBy: "2023-05"}, schema.Relation, open, "2023-05-31", open, never},
		{schema.When{Written: "2018/", ToBy: "2020"}, schema.Relation, "2018-01-01", "2018-12-31", "2018-01-01", "2020-12-31"},
	} {
		span, err := test.when.Span(test.kind)
		if err != nil {
			t.Errorf("%+v: %v", test.when, err)
		}
		got := [4]string{span.From.String(), span.LatestFrom.String(), span.EarliestTo.String(), span.To.String()}
		if want := [4]string{test.from, test.latestFrom, test.earliestTo, test.to}; got != want {
			t.Errorf("%+v as %s:\n got %v\nwant %v", test.when, test.kind, got, want)
		}
	}
}

func TestBadDates(t *testing.T) {
	for _, written := range []string{"23", "2023-13", "2023-02-30", "2023-7-1", "July 2023", "2023~?", "2023/2022", "/", "../..",
		"..", "2023/2024/2025", "2023-07-12T10:00", "0000", "２０２３", " 2023", "2023-06/x", "-2023", "2023-W10"} {
		for _, kind := range []schema.VerbKind{schema.Interaction, schema.Relation} {
			if _, err := (schema.When{Written: written}).Span(kind); !errors.Is(err, schema.ErrDate) {
				t.Errorf("%q: error %v", written, err)
			}
		}
	}
	for _, when := range []schema.When{{FromBy: "x"}, {ToBy: "x"}, {Anchor: "2023-07"}, {Written: "2023", ToBy: "2022"}} {
		if _, err := when.Span(schema.Relation); !errors.Is(err, schema.ErrDate) {
			t.Errorf("%+v: error %v", when, err)
		}
	}
}

func TestOverlap(t *testing.T) {
	june, _, _ := schema.Window("2023-06")
	_, july, _ := schema.Window("2023-07")
	for _, test := range []struct {
		written           string
		kind              schema.VerbKind
		possible, certain bool
	}{
		{"2023-06-18", schema.Interaction, true, true}, {"2023-06/2023-07", schema.Interaction, true, true},
		{"2023", schema.Interaction, true, false}, {"2023-05-31", schema.Interaction, false, false},
		{"2023-05/2023-07", schema.Interaction, true, false}, {"../2023-07-12", schema.Interaction, true, false},
		{"2023-07-31/..", schema.Interaction, true, false}, {"2023-08/..", schema.Interaction, false, false},
		{"2018/..", schema.Relation, true, true}, {"2018/", schema.Relation, true, false}, {"2018/2023-06", schema.Relation, true, true},
		{"2023-07/2024", schema.Relation, true, true}, {"2023/2024", schema.Relation, true, false}, {"../2022", schema.Relation, false, false},
	} {
		span, err := schema.When{Written: test.written}.Span(test.kind)
		if err != nil {
			t.Fatal(err)
		}
		if possible, certain := span.Possible(june, july), span.Certain(june, july); possible != test.possible || certain != test.certain {
			t.Errorf("%s as %s: possible %v, certain %v", test.written, test.kind, possible, certain)
		}
	}
}

func TestWhenString(t *testing.T) {
	for want, when := range map[string]schema.When{
		"undated": {}, "2023-07": {Written: "2023-07"}, "last August": {Words: "last August", Anchor: "2023-07-13"},
		"at least 2022-08": {Written: "2022-08", Attested: true}, "from by 2023": {FromBy: "2023"}, "2018/ to by 2020": {Written: "2018/", ToBy: "2020"},
	} {
		if got := when.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func FuzzSpan(f *testing.F) {
	for _, s := range []string{"2023", "2023-07-12", "2023~", "../2021", "2018/", "2023-05/..", "9999/..", "0001~"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, written string) {
		for _, kind := range []schema.VerbKind{schema.Interaction, schema.Relation} {
			span, err := schema.When{Written: written}.Span(kind)
			if err == nil && (span.From > span.To || span.LatestFrom < span.From || span.LatestFrom > span.To || span.EarliestTo < span.From || span.EarliestTo > span.To || span.From < schema.MinDay || span.To > schema.MaxDay) {
				t.Errorf("%q as %s spans %+v", written, kind, span)
			}
		}
	})
}

func TestWidened(t *testing.T) {
	for _, test := range []struct {
		when            schema.When
		event, relation string
	}{
		{schema.When{}, "", ""},
		{schema.When{Written: "2018"}, "", ""},
		{schema.When{Written: "2018~"}, "about 2018, ±1 year", "about 2018, ±1 year"},
		{schema.When{Written: "../2018"}, "by 2018 at the latest", "began by 2018 at the latest"},
		{schema.When{Written: "../2018-05?"}, "by about 2018-05, ±1 month, at the latest",
			"began by about 2018-05, ±1 month, at the latest; ended about 2018-05, ±1 month"},
		{schema.When{Written: "2018/.."}, "2018 or later", ""},
		{schema.When{Written: "2018-05-06%/"}, "about 2018-05-06, ±1 day, or later", "began about 2018-05-06, ±1 day; end not known"},
		{schema.When{Written: "2018~/2020~"}, "from about 2018, ±1 year; to about 2020, ±1 year", "began about 2018, ±1 year; ended about 2020, ±1 year"},
		{schema.When{Written: "2018", Attested: true}, "", ""},
		{schema.When{FromBy: "2018", ToBy: "2020"}, "began by 2018 at the latest; ended by 2020 at the latest", "began by 2018 at the latest; ended by 2020 at the latest"},
	} {
		for kind, want := range map[schema.VerbKind]string{schema.Interaction: test.event, schema.Relation: test.relation} {
			if got := test.when.Widened(kind); got != want {
				t.Errorf("%+v as %s: %q, not %q", test.when, kind, got, want)
			}
		}
	}
}
