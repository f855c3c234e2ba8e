package office_test

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/schema"
)

// stateTerm is a term of office from the Office of the Historian of the United
// States (HistoryAtState, pocom): chiefs of mission and principal officers.
type stateTerm struct {
	Person  string `xml:"person-id"`
	Started string `xml:"started>date"`
	Ended   string `xml:"ended>date"`
}

// date is the term as a date; a side that the source leaves out is unknown.
func (s stateTerm) date() string {
	start, end := strings.TrimSpace(s.Started), strings.TrimSpace(s.Ended)
	if start == "" && end == "" {
		return ""
	}
	return start + "/" + end
}

// stateOffices reads the terms of each post.
func stateOffices(t *testing.T) map[string][]stateTerm {
	t.Helper()
	const folder = "../../../shared/data/state"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the data of HistoryAtState is not here: " + folder)
	}
	posts := map[string][]stateTerm{}
	for _, pattern := range []string{"missions/*.xml", "principals/*.xml"} {
		names, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range names {
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var file struct {
				Chiefs     []stateTerm `xml:"chiefs>chief"`
				Principals []stateTerm `xml:"principals>principal"`
			}
			if err := xml.Unmarshal(body, &file); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			posts[strings.TrimSuffix(filepath.Base(name), ".xml")] = append(file.Chiefs, file.Principals...)
		}
	}
	return posts
}

// corners are the outermost readings of a term, on days from 1 to 4,000,000: an
// unknown end may be any day.
func (s stateTerm) corners(t *testing.T) (all [][2]int64) {
	side := func(date string) (first, last int64) {
		if date = strings.TrimSpace(date); date == "" {
			return 1, 4_000_000
		}
		from, to, err := schema.Window(date)
		if err != nil {
			t.Fatal(err)
		}
		return int64(from) + 1_000_000, int64(to) + 1_000_000
	}
	from, latestFrom := side(s.Started)
	earliestTo, to := side(s.Ended)
	for _, a := range []int64{from, min(latestFrom, to)} {
		for _, b := range []int64{max(earliestTo, from), to} {
			all = append(all, [2]int64{a, max(a, b)})
		}
	}
	return all
}

// The relations of real terms of office agree with their days.
func TestTermsOfHistoryAtState(t *testing.T) {
	seen := map[office.Relation]int{}
	for post, list := range stateOffices(t) {
		for i, a := range list {
			for _, b := range list[i+1:] {
				if a.Person == b.Person || a.date() == "" || b.date() == "" {
					continue
				}
				all, some := true, false
				for _, x := range a.corners(t) {
					for _, y := range b.corners(t) {
						all = all && x[0] < y[1] && y[0] < x[1]
						some = some || x[0] <= y[1] && y[0] <= x[1]
					}
				}
				edge := a.Ended != "" && b.Started != "" && (strings.HasPrefix(a.Ended, b.Started) || strings.HasPrefix(b.Started, a.Ended)) ||
					b.Ended != "" && a.Started != "" && (strings.HasPrefix(b.Ended, a.Started) || strings.HasPrefix(a.Started, b.Ended))
				want := office.Apart
				switch {
				case all:
					want = office.Certainly
				case edge:
					want = office.Handover
				case some:
					want = office.Possibly
				}
				got, _ := office.RelationOf(term(t, schema.ID("person:"+a.Person), "post:p", a.date()), term(t, schema.ID("person:"+b.Person), "post:p", b.date()))
				if got != want {
					t.Errorf("%s: %s %s and %s %s: %v, not %v", post, a.Person, a.date(), b.Person, b.date(), got, want)
				}
				seen[got]++
			}
		}
	}
	t.Log(seen)
	if seen[office.Apart] < 5000 || seen[office.Handover] < 20 || seen[office.Possibly] < 5 || seen[office.Certainly] < 5 {
		t.Errorf("%v", seen)
	}
}

func TestSecretariesOfState(t *testing.T) {
	var facts []schema.Fact
	for _, s := range stateOffices(t)["secretary"] {
		facts = append(facts, held(s.Person, s.date()))
	}
	h := historyOf(t, facts)
	find := func(person schema.ID) int {
		for i, term := range h.Terms {
			if term.Holder == person {
				return i
			}
		}
		t.Fatalf("%s is no Secretary of State", person)
		return 0
	}
	for _, test := range []struct{ person, before, after string }{
		{"kerry-john-forbes", "certainly clinton-hillary-rodham", "nobody from 2017-01-21 to 2017-01-31, then tillerson-rex-w"},
		{"clinton-hillary-rodham", "certainly rice-condoleezza", "certainly kerry-john-forbes"},
		{"albright-madeleine-korbel", "nobody from 1997-01-18 to 1997-01-22, then christopher-warren-minor", "certainly powell-colin-luther"},
		{"rubio-marco", "certainly blinken-antony-j", ""},
	} {
		i := find(schema.ID("person:" + test.person))
		if before, after := neighbourText(h, h.Before(i)), neighbourText(h, h.After(i)); before != test.before || after != test.after {
			t.Errorf("%s: after %q and before %q", test.person, before, after)
		}
	}
	on := day(t, "2013-02-01")
	var certain []schema.ID
	for _, term := range h.Terms {
		if term.Certain(on, on) {
			certain = append(certain, term.Holder)
		}
	}
	if len(certain) != 2 {
		t.Errorf("on the day of a handover it was held by %v", certain)
	}
}
