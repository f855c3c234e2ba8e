package loaders_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// The order of dates counts for all items of a file, wherever the key is, also in a
// file that is read in blocks.
func TestOrderOfALargeFile(t *testing.T) {
	t.Parallel()
	for _, file := range []struct{ name, head, item, end string }{
		{"f.yaml", "people: [Ann, Bob]\nfacts:\n", "  - {fact: Ann met Bob, when: %02d/%02d/%d, quote: %s}\n", "dates: dmy\n"},
		{"f.json", "{\"people\": [\"Ann\", \"Bob\"], \"facts\": [\n\"Ann met Bob\"", ",\n{\"fact\": \"Ann met Bob\", \"when\": \"%02d/%02d/%d\", \"quote\": \"%s\"}", "],\n\"dates\": \"dmy\"}\n"},
	} {
		var text strings.Builder
		text.WriteString(file.head)
		want := make(map[string]string)
		for i := range 6000 {
			day, month, year := 1+i%12, 1+i/12%12, 1500+i/144
			fmt.Fprintf(&text, file.item, day, month, year, strings.Repeat("x", 60))
			want[fmt.Sprintf("%d-%02d-%02d", year, month, day)] = fmt.Sprintf("%02d/%02d/%d", day, month, year)
		}
		text.WriteString(file.end)
		r := mustRead(t, file.name, text.String())
		for _, f := range r.facts {
			if words, ok := want[f.When.Written]; f.When.Dated() && (!ok || words != f.When.Words) {
				t.Fatalf("%s: %+v", file.name, f.When)
			}
			delete(want, f.When.Written)
		}
		if len(want) > 0 {
			t.Errorf("%s: %d dates are not read", file.name, len(want))
		}
	}
}

// A fact has the same id however its date is written, and what is EDTF has no words.
func TestWordsAreNoIdentity(t *testing.T) {
	t.Parallel()
	ids := make(map[schema.ID]bool)
	for _, date := range []string{"2023-07-12", "12 July 2023", "2023/7/12", "12/07/2023", "Wed, Jul 12 2023", "2023-07-12T10:00Z", "le 12 juillet 2023"} {
		text := "people: [Ann, Bob]\nfacts:\n  - {fact: Ann met Bob, when: '" + date + "'}\n"
		r := clean(t, open(t, filepath.Join(folder(t, "f.yaml", text), "f.yaml"), &loaders.Options{Dates: written.DMY}))
		f := schema.DefaultVocabulary().Normalize(r.facts[0])
		ids[f.ID] = true
		if (f.When.Words == "") != (date == "2023-07-12") || f.When.Written != "2023-07-12" {
			t.Errorf("%q is %+v", date, f.When)
		}
	}
	if len(ids) != 1 {
		t.Errorf("the ids are %v", ids)
	}
}

// Words that are written stay, and bounds without a date have none.
func TestWordsOfDates(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]schema.When{
		"when: July 2023, words: last summer":                     {Written: "2023-07", Words: "last summer"},
		"since: spring 2015, until: 5 May 2017":                   {Written: "2015-04~/2017-05-05", Words: "spring 2015 to 5 May 2017"},
		"since: 2015, until: 5 May 2017":                          {Written: "2015/2017-05-05", Words: "2015 to 5 May 2017"},
		"since: 2015, until: present":                             {Written: "2015/..", Words: "2015 to present"},
		"until: 5 May 2017":                                       {Written: "/2017-05-05", Words: "until 5 May 2017"},
		"since: late 2015":                                        {Written: "2015/", Words: "late 2015"},
		"from-by: 5 May 2017":                                     {FromBy: "2017-05-05"},
		"when: 2015/, to-by: May 2018":                            {Written: "2015/", ToBy: "2018-05"},
		"when: 2015-2018":                                         {Written: "2015/2018", Words: "2015-2018"},
		"when: July 2016, attested: true":                         {Written: "2016-07", Words: "July 2016", Attested: true},
		"when: 2016-08, words: last August, anchor: 13 July 2017": {Written: "2016-08", Words: "last August", Anchor: "2017-07-13"},
	} {
		r := mustRead(t, "f.yaml", "people: [Ann, Bob]\nfacts:\n  - {fact: Ann advises Bob, "+keys+"}\n")
		if got := r.facts[0].When; got != want {
			t.Errorf("%s: %+v, want %+v", keys, got, want)
		}
	}
}

// A key without a value is no date.
func TestNoDates(t *testing.T) {
	t.Parallel()
	r := mustRead(t, "f.yaml", "people: [{name: Ann, born: }, {name: Bob, born: ''}]\nsources: [{title: Paper, published: }]\nfacts:\n  - {fact: Ann met Bob, when: }\n")
	for _, e := range r.entities {
		if e.Born != "" {
			t.Errorf("%s was born %q", e.Label, e.Born)
		}
	}
	if r.facts[0].When.Dated() || len(r.documents) == 0 || r.documents[0].Published.Dated() {
		t.Errorf("%+v, %+v", r.facts[0].When, r.documents)
	}
}
