package gizmo_test

import (
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/voc/xsd"

	"github.com/entente-kg/entente/graph/gizmo"
)

// harbour is a graph of two logs: four ships tow each other and call at two
// ports. Both logs say that bly calls at oslo.
func harbour() (quads []quad.Quad) {
	add := func(line string, object quad.Value) {
		w := strings.Fields(line)
		q := quad.Quad{Subject: quad.IRI("h:" + w[0]), Predicate: quad.IRI("h:" + w[1]), Object: object}
		if object == nil {
			q.Object = quad.IRI("h:" + w[2])
			q.Label = quad.IRI("h:" + w[3])
		}
		quads = append(quads, q)
	}
	for _, line := range []string{
		"ada calls oslo log1", "ada calls riga log2", "bly calls oslo log1", "bly calls oslo log2", "cay calls riga log2",
		"ada tows bly log1", "bly tows cay log1", "cay tows dot log2",
	} {
		add(line, nil)
	}
	for line, object := range map[string]quad.Value{
		"ada name": quad.String("Ada"), "bly name": quad.String("Bly"), "cay name": quad.String("Cay\nBrig"),
		"ada crew": quad.Int(9), "bly crew": quad.Int(10), "cay crew": quad.Int(100),
		"oslo depth": quad.Float(12.5), "riga depth": quad.Float(7.5),
		"ada built": day("1990-05-01"), "bly built": day("2001-01-01"),
	} {
		add(line, object)
	}
	for _, flag := range []string{"blue", "red"} {
		add("ada flag", quad.String(flag))
	}
	add("bly flag", quad.String("red"))
	return quads
}

func day(text string) quad.Value {
	return quad.TypedString{Value: quad.String(text), Type: xsd.Prefix + "date"}
}

// answers compares the result of each script over the harbour: its sorted rows
// without "h:", or its error.
func answers(t *testing.T, cases map[string]string) {
	t.Helper()
	r := gizmo.New(snapshotOf(t, harbour()), nil)
	for script, want := range cases {
		rows, err := collect(t.Context(), r, script, gizmo.Limits{})
		got := strings.ReplaceAll(strings.Join(rows, "; "), "h:", "")
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", script, got, want)
		}
	}
}

// Each method of paths returns its result.
func TestSteps(t *testing.T) {
	answers(t, map[string]string{
		`g.V("<h:ada>").all()`:                                                                         "id=ada",
		`g.Vertex(iri("h:ada")).All()`:                                                                 "id=ada",
		`graph.V("<h:ada>").Out("<h:calls>").All()`:                                                    "id=oslo; id=riga",
		`g.V("<h:nobody>").all()`:                                                                      "",
		`g.V("<h:bly>").out("<h:calls>").all()`:                                                        "id=oslo; id=oslo",
		`g.V("<h:cay>").out().all()`:                                                                   "id=100; id=Cay\nBrig; id=dot; id=riga",
		`g.V("<h:cay>").in(null, "how").all()`:                                                         "how=tows id=bly",
		`g.V("<h:bly>").both("<h:tows>").all()`:                                                        "id=ada; id=cay",
		`g.V("<h:cay>").out(["<h:tows>", "<h:calls>"], ["a", "b"]).all()`:                              "a=calls b=calls id=riga; a=tows b=tows id=dot",
		`g.V("<h:ada>").out(g.V("<h:tows>", "<h:crew>").tag("p")).all()`:                               "id=9 p=crew; id=bly p=tows",
		`g.V("<h:oslo>").in("<h:calls>").unique().all()`:                                               "id=ada; id=bly",
		`g.V().is("<h:ada>", "<h:dot>").all()`:                                                         "id=ada; id=dot",
		`g.V().has("<h:flag>", "red").all()`:                                                           "id=ada; id=bly",
		`g.V().has("<h:flag>").all()`:                                                                  "id=ada; id=ada; id=bly",
		`g.V().has("<h:crew>", gt(9), lte(100)).all()`:                                                 "id=bly; id=cay",
		`g.V().hasR("<h:tows>", "<h:cay>").all()`:                                                      "id=dot",
		`g.V().has("<h:flag>", "red").has("<h:tows>", "<h:cay>").all()`:                                "id=bly",
		`g.V().out("<h:crew>").filter(lt(100)).all()`:                                                  "id=10; id=9",
		`g.V().out("<h:depth>").filter(gte(7.5), lt(12.5)).all()`:                                      "id=7.5",
		`g.V().has("<h:built>", lt(date("2000-01-01"))).all()`:                                         "id=ada",
		`g.V("<h:oslo>").in("<h:calls>").filter(gt(iri("h:b"))).unique().all()`:                        "id=bly",
		`g.V().filter(regex("^B")).all()`:                                                              "id=Bly",
		`g.V().filter(regex("^h:[ab]", true)).all()`:                                                   "id=ada; id=bly; id=built",
		`g.V().filter(like("h:?ly")).all()`:                                                            "id=bly",
		`g.V("<h:ada>").tag("s").out("<h:tows>").as("t").all()`:                                        "id=bly s=ada t=bly",
		`g.V().tag("s").out("<h:tows>").is("<h:cay>").back("s").all()`:                                 "id=bly s=bly",
		`g.V().tag("a").out("<h:tows>").tag("b").has("<h:flag>").back("a").all()`:                      "a=ada b=bly id=ada",
		`g.V("<h:ada>").except(g.V("<h:ada>")).all()`:                                                  "",
		`g.V("<h:ada>", "<h:bly>", "<h:cay>").except(g.V("<h:bly>")).difference(g.V("<h:cay>")).all()`: "id=ada",
		`g.V("<h:ada>").out("<h:calls>").and(g.V("<h:cay>").out("<h:calls>")).all()`:                   "id=riga",
		`g.V("<h:ada>").out("<h:tows>").or(g.V("<h:cay>").out("<h:tows>")).all()`:                      "id=bly; id=dot",
		`var m = g.M().out("<h:tows>").out("<h:tows>"); g.V("<h:ada>").follow(m).all()`:                "id=cay",
		`var m = g.M().out("<h:tows>").out("<h:tows>"); g.V("<h:dot>").followR(m).all()`:               "id=bly",
		`var p = g.V("<h:ada>"), q = p.out("<h:tows>"); g.emit(p.toValue() + q.toValue())`:             "value=ada><bly",
	})
}

// Columns, counts and the values that scripts see.
func TestColumnsAndCounts(t *testing.T) {
	answers(t, map[string]string{
		`g.V().save("<h:crew>", "crew").all()`:                                                                  "crew=10 id=bly; crew=100 id=cay; crew=9 id=ada",
		`g.V("<h:ada>", "<h:dot>").saveOpt("<h:crew>", "crew").all()`:                                           "crew=9 id=ada; id=dot",
		`g.V("<h:dot>").save(iri("h:crew")).all()`:                                                              "",
		`g.V("<h:cay>").save("<h:crew>").all()`:                                                                 "<crew>=100 id=cay",
		`g.V("<h:dot>").saveR("<h:tows>", "by").all()`:                                                          "by=cay id=dot",
		`g.V("<h:ada>", "<h:dot>").saveOptR("<h:tows>", "by").all()`:                                            "by=cay id=dot; id=ada",
		`g.V("<h:dot>").saveInPredicates("p").all()`:                                                            "id=dot p=tows",
		`g.V("<h:riga>").saveOutPredicates("p").all()`:                                                          "id=riga p=depth",
		`g.V("<h:bly>").inPredicates().all()`:                                                                   "id=tows",
		`g.V("<h:cay>").outPredicates().all()`:                                                                  "id=calls; id=crew; id=name; id=tows",
		`g.V("<h:bly>").labels().all()`:                                                                         "id=log1; id=log2",
		`g.V("<h:ada>").labelContext("<h:log2>").out("<h:calls>").all()`:                                        "id=riga",
		`g.V("<h:bly>").labelContext("<h:log2>").out().labelContext(null).out().all()`:                          "id=12.5",
		`g.V("<h:bly>").labelContext(g.V(), "log").out("<h:calls>").all()`:                                      "id=oslo log=log1; id=oslo log=log2",
		`g.V("<h:bly>").labelContext("<h:log2>").saveOpt("<h:tows>", "t").all()`:                                "id=bly",
		`g.V("<h:oslo>").labelContext("<h:log2>").saveR("<h:calls>", "by").all()`:                               "by=bly id=oslo",
		`g.V("<h:ada>").tag("a").labelContext("<h:log1>").out("<h:calls>").back("a").all()`:                     "a=ada id=ada",
		`g.V("<h:ada>").tag("a").labelContext("<h:log1>").out().back("a").follow(g.M().out("<h:calls>")).all()`: "a=ada id=oslo; a=ada id=oslo; a=ada id=riga; a=ada id=riga",
		`g.V("<h:ada>").followRecursive("<h:tows>", "far").all()`:                                               "far=1 id=bly; far=2 id=cay; far=3 id=dot",
		`g.V("<h:ada>").followRecursive(g.M().out("<h:tows>"), 2).all()`:                                        "id=bly; id=cay",
		`g.V("<h:dot>").followRecursive(g.V().in("<h:tows>")).all()`:                                            "id=ada; id=bly; id=cay",
		`g.V().has("<h:crew>").count()`:                                                                         "value=3",
		`g.V().has("<h:flag>").count() + 1`:                                                                     "value=4",
		`g.V().has("<h:crew>").limit(2).count()`:                                                                "value=2",
		`g.V().has("<h:crew>").skip(2).count()`:                                                                 "value=1",
		`g.V().has("<h:crew>").skip(1).limit(1).count()`:                                                        "value=1",
		`g.V("<h:ada>").out("<h:tows>").toValue()`:                                                              "value=bly",
		`var v = g.V("<h:ada>").tag("s").out("<h:tows>").tagValue(); v.s + v.id`:                                "value=ada><bly",
		`var v = g.V("<h:ada>").toValue(); g.V(v).out("<h:tows>").all()`:                                        "id=bly",
		`g.V().has("<h:crew>").toArray(2).length`:                                                               "value=2",
		`g.V("<h:ada>").out("<h:calls>").forEach(function(d) { g.emit(d.id) })`:                                 "value=oslo; value=riga",
		`g.V("<h:ada>").out("<h:calls>").order().forEach(1, function(d) { g.emit(d.id) })`:                      "value=oslo",
		`g.V("<h:ada>").out("<h:calls>").order().getLimit(1)`:                                                   "id=oslo",
		`g.addNamespace("p", "h:"); g.V(g.IRI("p:ada")).out("<h:tows>").all()`:                                  "id=bly",
		`g.addDefaultNamespaces(); g.IRI("rdf:type")`:                                                           "value=http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
		`g.V({id: "<h:ada>"}).all()`:                                                                            "query:1:4: V: argument 1 must be an IRI, a string, a number or a boolean; got an object",
		`g.V().filter(/ada/).all()`:                                                                             "query:1:13: filter: argument 1 must be a filter: lt, lte, gt, gte, regex or like; got an object",
		`g.V().filter(regex(iri("ada"))).all()`:                                                                 "query:1:19: regex: regexps are not allowed on IRIs",
	})
}
