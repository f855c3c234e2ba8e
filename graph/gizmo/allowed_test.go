package gizmo_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

// Scripts that can match something are not refused.
func TestValuesOfTheRightSort(t *testing.T) {
	wantRows(t, map[string]string{
		`g.V().has("<dip:confidence>", 1, 0.5).count()`:                                        "value=5",
		`g.V().out("<dip:confidence>").is(1).count()`:                                          "value=0",
		`g.V().has("<dip:from>", regex("^2023-07")).out("<dip:when>").all()`:                   "id=2023-07-12",
		`g.V().out("<dip:to>").filter(lt(date("2023-01-01"))).all()`:                           "id=2021-12-31",
		`g.V(date("2023-07-12")).hasR("<dip:from>").all()`:                                     "id=2023-07-12",
		`g.V("2023-07-12").in("<dip:when>").out("<dip:status>").all()`:                         "id=dip:happened",
		`g.V().has("<dip:when>", gt("2023"), lt("2024")).count()`:                              "value=3",
		`g.V().out(["<dip:from>", "<dip:when>"]).filter(gt("2023-1")).count()`:                 "value=0",
		`g.V().has("<dip:status>", regex("refused", true)).out("<dip:when>").all()`:            "id=2023-06",
		`g.V().has("<dip:attested>", true).count()`:                                            "value=0",
		`g.V("<dip:cancelled>").in("<dip:status>").count()`:                                    "value=0",
		`g.V("<person:li-hui>").saveOpt("<dip:born>", "born").saveOpt("<foreign>", "f").all()`: "id=person:li-hui",
		`g.V("<person:li-hui>").tag("a").or(g.V("<person:ely-ratner>").tag("a")).all()`:        "a=person:ely-ratner id=person:ely-ratner\na=person:li-hui id=person:li-hui",
		`edges("Xie Feng", ["met", verb.visited, "<dip:visited>"]).count()`:                    "value=3",
		`edges("Ely Ratner", "Paid a visit to", "Li Hui").out("<dip:when>").all()`:             "id=2023-06-18",
	})
}

// A predicate that the vocabulary does not have is allowed if the graph has it.
func TestPredicateOfAnotherVocabulary(t *testing.T) {
	label := schema.DatasetValue("test")
	qs := memstore.New(append(quads(),
		quad.Make(quad.IRI("person:li-hui"), quad.IRI("dip:winked-at"), quad.IRI("person:xie-feng"), quad.IRI("fact:a")),
		quad.Make(quad.IRI("data:test"), quad.IRI("dip:about-title"), "A test", label))...)
	defer qs.Close()
	r := gizmo.New(qs, nil)
	for _, script := range []string{
		`g.V("<person:li-hui>").out("<dip:winked-at>").all()`,
		`edges("Li Hui", "<dip:winked-at>").all()`,
		`g.V("<data:test>").save("<dip:about-title>", "title").saveOpt("<dip:about-licence>", "licence").all()`,
	} {
		if rows, err := collect(t.Context(), r, script, gizmo.Limits{}); err != nil || len(rows) != 1 {
			t.Errorf("%s: %q, %v", script, rows, err)
		}
	}
}

// Every predicate that any package writes is known.
func TestPredicatesAreKnown(t *testing.T) {
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	known := 0
	for _, name := range append(files, "../../schema/terms.go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(lit.Value)
			if !regexp.MustCompile(`^(dip|rdfs?|skos):[a-z][\w-]*$`).MatchString(text) {
				return true
			}
			known++
			if _, err := run(t, `g.V("<person:li-hui>").saveOpt("<`+text+`>", "x").all()`); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return true
		})
	}
	if known < 45 {
		t.Errorf("only %d predicates", known)
	}
}

// The known kinds of the objects of predicates are the kinds that package schema
// writes.
func TestObjectsAreAsWritten(t *testing.T) {
	v := schema.DefaultVocabulary()
	when := schema.When{Written: "2023-06", Words: "in June", Anchor: "2023-07-01", FromBy: "2023-06-02", ToBy: "2023-06-03", Attested: true}
	f := v.Normalize(schema.Fact{
		Verb: "met", When: when, Status: schema.Happened, Topic: "talks", Key: "1",
		Roles: []schema.Participant{{Role: schema.RoleParty, ID: "person:a"}, {Role: schema.RoleParty, ID: "person:b"}},
		Links: []schema.Link{{Type: schema.Because, Fact: "fact:b"}},
		Evidence: []schema.Evidence{{
			Dataset: "test", Stance: schema.Asserts, Source: "doc:a", Quote: "q", Locator: "1", Start: 1, End: 2, SaidBy: "person:a",
			Via: []schema.ID{"person:b", "person:c"}, Method: schema.Curated, Confidence: 0.5, Note: "n", When: when,
			At: []schema.ID{"place:a"}, Duration: "1 h", Count: "2",
		}},
	})
	e := schema.Entity{
		ID: "doc:a", Kind: schema.Doc, Label: "A", Aliases: []schema.Text{{Value: "B"}, {Value: "C", Lang: "fr"}},
		Country: "country:us", Born: "1960", Identifiers: []string{"x:1"}, Description: "d", FromName: true,
	}
	d := schema.Document{Entity: e, Publisher: "p", Author: "a", Published: when, URL: "u", SHA256: "00", Language: "en"}
	var all []quad.Quad
	for _, r := range []schema.Record{f, d} {
		quads, err := v.Encode("test", r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, quads...)
	}
	qs := memstore.New(all...)
	defer qs.Close()
	r := gizmo.New(qs, nil)
	var seen []quad.Value
	for _, q := range all {
		seen = append(seen, q.Predicate)
		script := `g.V().has("` + q.Predicate.String() + `", ` + literal(q.Object) + `).all()`
		if rows, err := collect(t.Context(), r, script, gizmo.Limits{}); err != nil || len(rows) == 0 {
			t.Errorf("%s: %q, %v", script, rows, err)
		}
	}
	slices.SortFunc(seen, func(a, b quad.Value) int { return strings.Compare(a.String(), b.String()) })
	if n := len(slices.Compact(seen)); n < 38 {
		t.Errorf("only %d predicates", n)
	}
}

// literal returns a value as a script writes it.
func literal(v quad.Value) string {
	switch v := v.(type) {
	case quad.Int, quad.Float:
		return strings.Trim(strings.SplitN(v.String(), "^^", 2)[0], `"`)
	case quad.Bool:
		return "true"
	case quad.String:
		return strconv.Quote(string(v))
	}
	return strconv.Quote(v.String())
}

// Names are looked up as they are stored, and similar names are suggested.
func TestNames(t *testing.T) {
	v := schema.DefaultVocabulary()
	var all []quad.Quad
	for _, e := range []schema.Entity{
		{ID: "place:pentagon", Kind: schema.Place, Label: "The Pentagon", Aliases: []schema.Text{{Value: "Puzzle Palace"}}},
		{ID: "doc:pentagan", Kind: schema.Doc, Label: "Pentagan"},
		{ID: "doc:pentagoon", Kind: schema.Doc, Label: "Pentagoon"},
		{ID: "group:pentagon-officials", Kind: schema.Group, Label: "Pentagon officials"},
		{ID: "person:antony-blinken", Kind: schema.Person, Label: "Antony Blinken"},
	} {
		encoded, err := v.Encode("test", e)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, encoded...)
	}
	qs := memstore.New(all...)
	defer qs.Close()
	r := gizmo.New(qs, nil)
	for script, want := range map[string]string{
		`entity("Pentagon").all()`:      "id=place:pentagon",
		`entity("the  PENTAGON").all()`: "id=place:pentagon",
		`entity("puzzle palace").all()`: "id=place:pentagon",
		`entity("Pentagn").all()`:       `query:1:7: entity: no entity is called "Pentagn"; the nearest names are The Pentagon, Pentagan`,
		`entity("the Pentagen")`:        `query:1:7: entity: no entity is called "the Pentagen"; the nearest names are The Pentagon, Pentagan, Pentagoon`,
		`entity("Puzzle Palac")`:        `query:1:7: entity: no entity is called "Puzzle Palac"; the nearest names are The Pentagon`,
		`entity("Blinken")`:             `query:1:7: entity: no entity is called "Blinken"; the nearest names are Antony Blinken`,
		`entity("Nobody")`:              `query:1:7: entity: no entity is called "Nobody"`,
		`g.V("<person:antony-blinke>")`: `query:1:4: V: argument 1: the graph has no <person:antony-blinke>; did you mean "<person:antony-blinken>"?`,
	} {
		rows, err := collect(t.Context(), r, script, gizmo.Limits{})
		got := strings.Join(rows, "\n")
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", script, got, want)
		}
	}
}
