package gizmo_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

// wantRows runs scripts and compares their rows, sorted, with one line each.
func wantRows(t *testing.T, table map[string]string) {
	t.Helper()
	for script, want := range table {
		rows, err := run(t, script)
		if got := strings.Join(rows, "\n"); err != nil || got != want {
			t.Errorf("%s\ngot  %q, %v\nwant %q", script, got, err, want)
		}
	}
}

// wantErrors runs scripts that have no rows and compares their errors.
func wantErrors(t *testing.T, table map[string]string) {
	t.Helper()
	for script, want := range table {
		rows, err := run(t, script)
		if len(rows) > 0 || err == nil || err.Error() != want {
			t.Errorf("%s\ngot  %q, %v\nwant %s", script, rows, err, want)
		}
	}
}

func TestResults(t *testing.T) {
	wantRows(t, map[string]string{
		`g.V("<person:ely-ratner>").out("<dip:met>").all()`:                                                "id=person:xie-feng",
		`g.V("<person:xie-feng>").out("<dip:met>").getLimit(2); g.emit("more")`:                            "id=person:ely-ratner\nid=person:li-shangfu\nvalue=more",
		`g.V("<person:xie-feng>").out("<dip:met>").getLimit(1); g.V("<person:ely-ratner>").out().count()`:  "id=person:ely-ratner",
		`g.V("<person:ely-ratner>").out("<dip:met>").toArray()`:                                            "value=person:xie-feng",
		`g.V("<person:ely-ratner>").out("<dip:met>").tagArray()`:                                           "id=person:xie-feng",
		`g.V("<person:ely-ratner>").out("<rdfs:label>").toValue()`:                                         "value=Ely Ratner",
		`g.V("<person:ely-ratner>").tag("who").out("<rdfs:label>").tagValue()`:                             "id=Ely Ratner who=person:ely-ratner",
		`g.V("<person:xie-feng>").out("<dip:met>").count()`:                                                "value=3",
		`g.V("<person:ely-ratner>").out("<dip:met>").forEach(function(d) { g.emit({who: d.id}) })`:         "who=person:xie-feng",
		`g.V("<person:xie-feng>").out("<dip:met>").map(2, function(d) { g.emit(1) })`:                      "value=1\nvalue=1",
		`g.V("<person:ely-ratner>").as("a").out("<dip:met>").back("a").save("<rdfs:label>", "name").all()`: "a=person:ely-ratner id=person:ely-ratner name=Ely Ratner",
		`g.emit({list: [1, "<a>", {b: null}], ok: true, half: 0.5})`:                                       `half=0.5 list=[1,"a",{"b":null}] ok=true`,
		`[1, "a", iri("b"), date("2023-07-12")]`:                                                           "value=1\nvalue=2023-07-12\nvalue=a\nvalue=b",
		`g.V("<nobody>").all()`:                                                                            "",
		`null`:                                                                                             "",
		``:                                                                                                 "",
		`g.V("<dip:cancelled>").in("<dip:status>").all(); 5`:                                               "",
		`[String(g.V()), String(lt(1))]`:                                                                   "value=[filter]\nvalue=[path]",
		`verb.met`:                                                                                         "value=dip:met",
		`g.addNamespace("p", "person:"); g.V(g.IRI("p:ely-ratner")).out("<rdfs:label>").all()`:             "id=Ely Ratner",
		`graph.Vertex("<person:ely-ratner>").Out("<dip:met>").All()`:                                       "id=person:xie-feng",
		`"\"2023-07-12\"^^<xsd:date>"`:                                                                     "value=2023-07-12",
	})
}

func TestJSON(t *testing.T) {
	for script, want := range map[string]string{
		`g.emit({who: "<person:a>", n: 3, half: 0.5, ok: true, when: date("2023-07-12"), list: ["a&b"]})`: `{"half":0.5,"list":["a&b"],"n":3,"ok":true,"when":"2023-07-12","who":"person:a"}`,
		`"<person:a>"`: `"person:a"`,
		`3`:            `3`,
		`g.V("<person:ely-ratner>").out("<dip:met>").all()`: `{"id":"person:xie-feng"}`,
	} {
		for row, err := range gizmo.New(memory(t), nil).Run(t.Context(), script, gizmo.Limits{}) {
			got, jsonErr := row.MarshalJSON()
			if err != nil || jsonErr != nil || string(got) != want {
				t.Errorf("%s: %s, %v, %v; want %s", script, got, err, jsonErr, want)
			}
		}
	}
}

func TestPrelude(t *testing.T) {
	wantRows(t, map[string]string{
		`entity("Xie Feng").out(verb.met).has("<rdfs:label>", "Li Hui").all()`:  "id=person:li-hui",
		`entity("<person:ely-ratner>").follow(verb.met).all()`:                  "id=person:xie-feng",
		`entity("xie  FENG").toValue()`:                                         "value=person:xie-feng",
		`g.V("<person:ely-ratner>").out([verb.met, verb.visited], "how").all()`: "how=dip:met id=person:xie-feng\nhow=dip:visited id=person:li-hui",
		`entity("Ely Ratner").followRecursive(verb.visited).all()`:              "id=person:li-hui",
		`entity("Li Hui").followR(verb.visited).all()`:                          "id=person:ely-ratner",
		`[verb.holdsPost, verb.holds_post, verb["holds-post"]]`:                 "value=dip:holds-post\nvalue=dip:holds-post\nvalue=dip:holds-post",
		`"met" in verb && !("mett" in verb) && Object.keys(verb).length > 1`:    "value=true",
	})
	wantErrors(t, map[string]string{
		`entity("Xie Fen").all()`: `query:1:7: entity: no entity is called "Xie Fen"; the nearest names are Xie Feng`,
		`entity("Li")`:            `query:1:7: entity: "Li" may be person:li-hui, person:li-shangfu; write one of them, as in g.V("<person:li-hui>")`,
		`entity(3)`:               `query:1:7: entity: argument 1 must be a name or an IRI; got 3`,
		`g.V().out(verb.mett)`:    `query:1:16: verb: unknown verb "mett"; did you mean verb.met?`,
	})
}

func TestFind(t *testing.T) {
	find := func(_ context.Context, name string) ([]schema.ID, error) {
		switch name {
		case "one":
			return []schema.ID{"person:ely-ratner"}, nil
		case "bad":
			return nil, errNone
		}
		return nil, nil
	}
	r := gizmo.New(memory(t), &gizmo.Options{Find: find})
	rows, err := collect(t.Context(), r, `entity("one").toValue()`, gizmo.Limits{})
	if err != nil || !slices.Equal(rows, []string{"value=person:ely-ratner"}) {
		t.Error(rows, err)
	}
	if _, err := collect(t.Context(), r, `entity("bad")`, gizmo.Limits{}); !errors.Is(err, errNone) {
		t.Error(err)
	}
	if _, err := collect(t.Context(), r, `entity("none")`, gizmo.Limits{}); err == nil || err.Error() != `query:1:7: entity: no entity is called "none"` {
		t.Error(err)
	}
}

func TestDates(t *testing.T) {
	met := `g.V().has("<rdf:type>", verb.met)`
	when := `.out("<dip:when>").all()`
	wantRows(t, map[string]string{
		met + `.has("<dip:from>", gte(date("2023-06-15")))` + when:                              "id=2023-07-12",
		met + `.has("<dip:from>", gt(date("2023-06-01")), lte(date("2023-07-12")))` + when:      "id=2023-07-12",
		met + `.has("<dip:to>", lt(date("2023-06-30")))` + when:                                 "id=../2021",
		met + `.has("<dip:from>", date("2023-07-12"))` + when:                                   "id=2023-07-12",
		met + `.follow(between("2023-06-15", "2023-07-31"))` + when:                             "id=2023-06\nid=2023-07-12",
		met + `.follow(between("2019", "2020"))` + when:                                         "id=../2021",
		met + `.follow(between(date("2023-07-12"), date("2023-07-12")))` + when:                 "id=2023-07-12",
		met + `.follow(between("2023-06"))` + when:                                              "id=2023-06",
		met + `.follow(between("2023-06/2023-07"))` + when:                                      "id=2023-06\nid=2023-07-12",
		met + `.follow(between("2022-01-01", null))` + when:                                     "id=2023-06\nid=2023-07-12",
		met + `.follow(between(null, "2022-01-01"))` + when:                                     "id=../2021",
		met + `.follow(between("..", ".."))` + when:                                             "id=../2021\nid=2023-06\nid=2023-07-12",
		`g.V("<person:xie-feng>", date("2023-06-30"), 7).filter(gte(date("2023-01-01"))).all()`: "id=2023-06-30",
		`g.V("<person:xie-feng>", date("2023-06-30")).filter(lt(date("2024-01-01"))).all()`:     "id=2023-06-30",
		`g.V().has("<dip:confidence>", gt(0)).has("<dip:confidence>", lte(1)).count()`:          "value=5",
	})
}

func TestDateErrors(t *testing.T) {
	wantErrors(t, map[string]string{
		`date("2023-02-30")`:                    `query:1:5: date: bad date "2023-02-30": want YYYY-MM-DD`,
		`date("2023-07")`:                       `query:1:5: date: "2023-07" is not a single day; write between("2023-07") for the whole period`,
		`date("../2021")`:                       `query:1:5: date: "../2021" is not a single day; write between("../2021") for the whole period`,
		`date(2023)`:                            `query:1:5: date: argument 1 must be a date such as "2023-07-01"; got 2023`,
		`gte("2023-07-12")`:                     `query:1:4: gte: the string "2023-07-12" compares with no date of the graph; write date("2023-07-01")`,
		`lt("2023-07-12T10:00:00Z")`:            `query:1:3: lt: the string "2023-07-12T10:00:00Z" compares with no date of the graph; write date("2023-07-01")`,
		`gt(new Date(0))`:                       `query:1:3: gt: a JavaScript Date compares with no date of the graph; write date("1970-01-01")`,
		`lt(true)`:                              `query:1:3: lt: cannot compare with "True"^^<xsd:boolean>`,
		`lt(typed("2023", "xsd:gYear"))`:        `query:1:3: lt: cannot compare with "2023"^^<xsd:gYear>, only with dates, numbers, strings and IRIs`,
		`g.V().has("<dip:from>", "2023-07-12")`: `query:1:10: has: argument 2 is "2023-07-12", and <dip:from> holds dates: write date("2023-07-01")`,
		`g.V().has("<dip:to>", gte(2023))`:      `query:1:10: has: argument 2: <dip:to> holds dates: compare with date("2023-07-01")`,
		`g.V().has("<dip:to>", new Date(0))`:    `query:1:10: has: argument 2 is a JavaScript Date, which equals no date of the graph; write date("1970-01-01")`,
		`between("2023-07", "2023-06")`:         `query:1:8: between: 2023-07-01 comes after 2023-06-30`,
		`between()`:                             `query:1:8: between: argument 1 must be a date such as "2023-07-01", "2023-07" or "2023", or null for an open end; got nothing`,
		`between("July", null)`:                 `query:1:8: between: bad date "July": write 2023, 2023-07, 2023-07-12, 2023~ or two of them with a / between`,
	})
}

func TestEdges(t *testing.T) {
	quotes := `.out("<dip:evidence>").out("<dip:quote>").all()`
	all := "id=had met before\nid=met at the Pentagon\nid=met once"
	wantRows(t, map[string]string{
		`edges("Xie Feng", verb.met)` + quotes:                                                                                  all,
		`edges("<person:xie-feng>", "<dip:met>")` + quotes:                                                                      all,
		`edges(null, verb.met, "Xie Feng")` + quotes:                                                                            all,
		`edges("Xie Feng")` + quotes:                                                                                            all,
		`edges("Ely Ratner", null, "Li Hui")` + quotes:                                                                          "id=came",
		`edges("Li Hui", null, "Ely Ratner")` + quotes:                                                                          "",
		`edges("Ely Ratner", [verb.met, verb.visited])` + quotes:                                                                "id=came\nid=met at the Pentagon",
		`edges(["Xie Feng", "Ely Ratner"], null, ["Li Hui", "Li Shangfu"])` + quotes:                                            "id=came\nid=had met before\nid=met once",
		`edges(entity("Xie Feng"), verb.met, entity("Ely Ratner"))` + quotes:                                                    "id=met at the Pentagon",
		`edges(g.V("<person:xie-feng>").out(verb.met), verb.visited)` + quotes:                                                  "id=came",
		`edges("Ely Ratner", verb.visited, g.V("<person:xie-feng>").out(verb.met))` + quotes:                                    "id=came",
		`edges("<nobody>")` + quotes:                                                                                            "",
		`edges("Xie Feng", verb.praised)` + quotes:                                                                              "",
		`edges("Xie Feng", "met", "Ely Ratner")` + quotes:                                                                       "id=met at the Pentagon",
		`edges("Xie Feng", ["Held talks with"], null)` + quotes:                                                                 all,
		`edges("Xie Feng", verb.met, "Ely Ratner").out("<dip:evidence>").save("<dip:quote>","quote").out("<dip:source>").all()`: "id=doc:article quote=met at the Pentagon",
		`edges("Xie Feng").follow(between("2023-07")).out("<dip:when>").all()`:                                                  "id=2023-07-12",
		`edges("Xie Feng").tag("f").out("<dip:when>").back("f").out("<dip:status>").unique().count()`:                           "value=1",
		`entity("Ely Ratner").labelContext(g.V(), "fact").out(verb.met).tagArray().length`:                                      "value=1",
	})
	wantErrors(t, map[string]string{
		`edges()`:                              `query:1:6: edges: name at least one end of the edges`,
		`edges(g.V().out(), null, g.V().in())`: `query:1:6: edges: one of the two ends must be a name or an IRI; both are paths`,
		`edges(3)`:                             `query:1:6: edges: argument 1 must be a name or an IRI; got 3`,
		`edges("Xie Feng").back("x")`:          `query:1:23: back: nothing on this path is tagged "x"`,
		`g.V().followR(g.M().follow(edges("Xie Feng")))`: `query:1:14: followR: cannot walk edges backwards`,
	})
}

func TestLabelOfAnEdge(t *testing.T) {
	rows, err := run(t, `entity("Ely Ratner").labelContext(g.V(), "fact").out(verb.met).all()`)
	if err != nil || len(rows) != 1 || !regexp.MustCompile(`^fact=fact:\w+ id=person:xie-feng$`).MatchString(rows[0]) {
		t.Fatal(rows, err)
	}
}

// Every example of the help runs, and the help names all methods and functions.
func TestHelp(t *testing.T) {
	examples := 0
	for line := range strings.Lines(gizmo.Help) {
		script, indented := strings.CutPrefix(strings.TrimRight(line, "\n"), "  ")
		if !indented || !strings.HasSuffix(script, ")") || regexp.MustCompile(`^( |\w+   )`).MatchString(script) {
			continue
		}
		examples++
		if rows, err := run(t, script); err != nil || len(rows) == 0 {
			t.Errorf("%s: %d rows, %v", script, len(rows), err)
		}
	}
	if examples < 14 {
		t.Errorf("only %d examples", examples)
	}
	script := `Object.getOwnPropertyNames(Object.getPrototypeOf(g.V())).concat(Object.keys(globalThis))`
	rows, err := run(t, script)
	if err != nil || len(rows) < 80 {
		t.Fatal(rows, err)
	}
	for _, row := range rows {
		name := strings.TrimPrefix(row, "value=")
		synonym := slices.Contains([]string{"graph", "toString", "union", "intersect", "difference", "map"}, name)
		if !synonym && name[0] >= 'a' && !regexp.MustCompile(`\b`+name+`\b`).MatchString(gizmo.Help) {
			t.Errorf("the help lacks %s", name)
		}
	}
}

func Example() {
	qs := memoryStore()
	r := gizmo.New(qs, nil)
	script := `edges("Xie Feng", verb.met, "Ely Ratner").out("<dip:evidence>").save("<dip:quote>", "quote").all()`
	for row, err := range r.Run(context.Background(), script, gizmo.Limits{Rows: 10}) {
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(row.Text("quote"))
	}
	// Output: met at the Pentagon
}
