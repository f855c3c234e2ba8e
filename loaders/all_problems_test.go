package loaders_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// problemsOf reads an input and returns its problems: place, kind, field and value.
func problemsOf(t *testing.T, name, content string) (all []string, rows int) {
	t.Helper()
	dir := folder(t, name, content)
	in, err := loaders.Open(filepath.Join(dir, name), nil)
	errs := []error{err}
	if err == nil {
		r := collect(t, in)
		errs = nil
		for _, row := range r.rows {
			errs = append(errs, row)
		}
		rows = len(errs)
		if r.fatal != nil {
			errs = append(errs, r.fatal)
		}
	}
	for _, err := range errs {
		for _, p := range loaders.Problems(err) {
			place := strings.TrimPrefix(strings.TrimPrefix(p.Pos.String(), dir+"/"), name+":")
			all = append(all, strings.Join([]string{place, string(p.Kind), p.Field, p.Value}, " "))
		}
	}
	return all, rows
}

// Each problem of a row is reported once, in the order of the columns, and nothing
// that only follows from another problem.
func TestAllProblemsOfARow(t *testing.T) {
	const people = "people: [Ann, Bob]\nplaces: [Rome]\nfacts:\n  - "
	const mapping = "people: [Ann, Bob]\nfacts:\n"
	for _, c := range []struct {
		name, content string
		rows          int
		want          []string
	}{
		{"f.csv", "Who,Whom,type,day,date\nAnn,Bob,met,,\n", 0, []string{
			"1:1 unknown-column Who Who", "1:5 unknown-column Whom Whom", "1:19 repeated-column date date"}},
		{"f.csv", "actor,verb,recipient,date,confidence,status\nNobody,mett,Nowhere,2020-99,7,hapened\n", 1, []string{
			"2:1 unknown-name actor Nobody", "2:8 unknown-verb verb mett", "2:13 unknown-name recipient Nowhere", "2:21 bad-date when 2020-99",
			"2:29 wrong-type confidence 7", "2:31 unknown-word status hapened"}},
		{"f.csv", "from,from_kind,to,to_kind,type,quote_start\nAnn,persn,Bob,person,met,first\n", 1, []string{
			"2:1 unknown-name actor Ann", "2:5 unknown-word actor-kind persn", "2:26 wrong-type start first"}},
		{"f.yaml", people + "{fact: Ann met Cid, when: soon, at: Oslo, stance: no, said-by: Rome, because: k, wen: 1}\n", 1, []string{
			"4:20 unknown-name fact Cid", "4:31 bad-date when soon", "4:41 unknown-name at Oslo", "4:55 unknown-word stance no",
			"4:68 wrong-kind said-by Rome", "4:83 unknown-fact-key because k", "4:86 unknown-key wen wen"}},
		{"f.yaml", people + "{fact: Cid met Dan and Eve, evidence: [{quote: [a], source: s}, {stance: no, when: x}]}\n", 1, []string{
			"4:12 unknown-name fact Cid", "4:20 unknown-name fact Dan", "4:28 unknown-name fact Eve", "4:52 wrong-type quote ",
			"4:65 unknown-source source s", "4:78 unknown-word stance no", "4:88 bad-date when x"}},
		{"f.yaml", people + "{verb: met, actor: Ann, recipient: Ann, when: 2020-99}\n", 1, []string{
			"4:12 bad-participants  met", "4:51 bad-date when 2020-99"}},
		{"f.yaml", people + "{verb: mett, actor: Ann, key: k}\n  - {fact: Ann met Bob, because: k}\n", 2, []string{
			"4:12 unknown-verb verb mett", "5:5 rejected-reference  "}},
		{"f.yaml", people + "{fact: Ann met Bob, confidence: 7, key: k}\n  - {fact: Ann met Bob, because: k, when: x}\n", 2, []string{
			"4:37 wrong-type confidence 7", "5:43 bad-date when x"}},
		{"f.yaml", people + "{fact: Ann met Bob, key: k}\n  - {fact: Ann met Cid, key: k}\n", 1, []string{
			"5:20 unknown-name fact Cid", "5:30 repeated-identity key k"}},
		{"f.yaml", "people: [{name: Cid, born: soon, country: Nowhere, nam: x, at: Nothing, posts: [Nil]}, Ann]\nfacts: [Ann met Cid]\n", 4, []string{
			"1:28 bad-date born soon", "1:43 unknown-name country Nowhere", "1:52 unknown-key nam nam",
			"1:64 unknown-name recipient Nothing", "1:81 unknown-name recipient Nil", "2:17 rejected-reference fact Cid"}},
		{"f.yaml", "people: [{born: soon}, {nam: Bob}]\nfacts: [Bob met Bob]\n", 3, []string{
			"1:10 missing-value  ", "1:17 bad-date born soon", "1:25 unknown-key nam nam", "2:9 unknown-name fact Bob", "2:17 unknown-name fact Bob"}},
		{"f.yaml", mapping + "  - {fact: Ann met Bob, source: {publisher: P, published: x}}\nsources: [{key: s, titel: T}]\n", 2, []string{
			"3:33 missing-value source ", "3:59 bad-date published x", "4:20 unknown-key titel titel"}},
		{"f.yaml", "sources: [{key: s, titel: T}]\n" + mapping + "  - {fact: Ann met Bob, source: s}\n", 2, []string{
			"1:20 unknown-key titel titel", "4:33 rejected-reference source s"}},
		{"f.yaml", "peple: [Ann]\nfacs: []\nfacts: [{fact: Ann met Bob, when: [1]}]\n", 1, []string{
			"3:35 wrong-type when ", "1:1 unknown-key peple peple", "2:1 unknown-key facs facs"}},
		{"f.jsonl", `{"verb":"met","actor":["Ann",true],"when":{},"note":"\u0001"}` + "\n" + `{"kind":"Persn","name":["x"]}` + "\n", 2, []string{
			"1:24 unknown-name actor Ann", "1:30 wrong-type actor true", "1:43 wrong-type when ", "1:53 bad-text note \x01", "2:9 unknown-word kind Persn", "2:24 wrong-type name "}},
	} {
		got, rows := problemsOf(t, c.name, c.content)
		if !slices.Equal(got, c.want) || rows != c.rows {
			t.Errorf("%s%d rows\n  %s\nwant %d\n  %s", c.content, rows, strings.Join(got, "\n  "), c.rows, strings.Join(c.want, "\n  "))
		}
	}
}

// A row with several problems is one error: a line for each, and the first hint.
func TestErrorOfARowWithSeveralProblems(t *testing.T) {
	r := read(t, "f.yaml", "people: [Ann, Bob]\nfacts: [{fact: Ann mett Bob, when: soon}]\n")
	if len(r.rows) != 1 || len(r.rows[0].More) != 1 {
		t.Fatalf("got %v", r.rows)
	}
	lines := strings.Split(r.rows[0].Error(), "\n")
	if len(lines) != 2 || !strings.HasSuffix(lines[0], `f.yaml:2:20: unknown verb "mett"`) || !strings.Contains(lines[1], `f.yaml:2:36: bad date "soon"`) {
		t.Errorf("got %q", lines)
	}
	if schema.Hint(r.rows[0]) != `did you mean "met"?` {
		t.Errorf("hint %q", schema.Hint(r.rows[0]))
	}
}

// Problems beyond the number that is kept in memory are passed on in parts: each once.
func TestManyProblemsArePassedOnInParts(t *testing.T) {
	const rows = 52_000
	var text strings.Builder
	text.WriteString("actor,verb,recipient,when,actor-kind,recipient-kind\n")
	for i := range rows {
		text.WriteString([]string{"Ann,mett,Bob,2020,Person,Person\n", "Ann,met,Bob,soon,Person,Persn\n"}[i%2])
	}
	name := filepath.Join(t.TempDir(), "many.csv")
	if err := os.WriteFile(name, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, most := range []int{rows + 1, 50_500} {
		in, err := loaders.Open(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		seen := make(map[int]int)
		for record, err := range in.Records(t.Context()) {
			row := (*schema.RowError)(nil)
			if err == nil {
				continue // Ann and Bob
			}
			if !errors.As(err, &row) {
				t.Fatalf("%v, %v", record, err)
			}
			if seen[row.Pos.Line]++; len(seen) == most {
				break
			}
		}
		if len(seen) != min(most, rows) {
			t.Fatalf("problems in %d rows, want %d", len(seen), min(most, rows))
		}
		for line, n := range seen {
			if n != 1 || line < 2 {
				t.Fatalf("line %d has %d problems", line, n)
			}
		}
	}
}
