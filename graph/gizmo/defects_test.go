package gizmo_test

import (
	"fmt"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/gizmo"
)

// Rows are right where Cayley loses or mixes them up: CAYLEY.md has the list.
func TestRightWhereCayleyIsNot(t *testing.T) {
	answers(t, map[string]string{
		// pairs of columns
		`g.V("<h:ada>").save("<h:flag>", "f").save("<h:calls>", "c").all()`:                                              "c=oslo f=blue id=ada; c=oslo f=red id=ada; c=riga f=blue id=ada; c=riga f=red id=ada",
		`g.V("<h:ada>").save("<h:flag>", "f").out("<h:calls>").all()`:                                                    "f=blue id=oslo; f=blue id=riga; f=red id=oslo; f=red id=riga",
		`g.V("<h:ada>").save("<h:flag>", "f").out("<h:calls>").count()`:                                                  "value=4",
		`g.V("<h:ada>").save("<h:flag>", "f").toArray().length`:                                                          "value=2",
		`g.V("<h:dot>").saveOpt("<h:name>", "n").saveR("<h:tows>", "by").saveOptR("<h:tows>", "t").all()`:                "by=cay id=dot t=cay",
		`g.V("<h:bly>").followR(g.M().saveR("<h:tows>", "by").saveOptR("<h:tows>", "t")).saveOpt("<h:name>", "n").all()`: "by=ada id=bly n=Bly t=ada",
		`g.V("<h:ada>").and(g.V("<h:ada>").tag("x").or(g.V("<h:ada>").tag("y"))).all()`:                                  "id=ada x=ada; id=ada y=ada",

		// all nodes, and the same node twice
		`g.V().and(g.V()).is("<h:ada>").all()`:                        "id=ada",
		`g.V("<h:ada>", "<h:ada>").all()`:                             "id=ada",
		`g.V("<h:ada>").tag("a").back("a").back("a").back("a").all()`: "a=ada id=ada",

		// counts
		`g.V("<h:nobody>").count()`:                              "value=0",
		`g.V("<h:ada>").out("<h:built>").in("<h:crew>").count()`: "value=0",
		`g.V("<h:dot>").out("<h:tows>").order().count()`:         "value=0",
		`g.V().has("<h:crew>", gt(9)).order().count()`:           "value=2",

		// order
		`g.V().out("<h:crew>").order().toArray().join(" ")`:                     "value=9 10 100",
		`g.V().out("<h:depth>").order().toArray().join(" ")`:                    "value=7.5 12.5",
		`g.V("<h:ada>").save("<h:flag>", "f").order().all()`:                    "f=blue id=ada; f=red id=ada",
		`g.V("<h:bly>", "<h:ada>").save("<h:flag>", "f").order().skip(2).all()`: "f=red id=bly",
		`g.V("<h:ada>", "<h:bly>").order().limit(1).is("<h:bly>").all()`:        "",

		// columns of other paths
		`g.V("<h:ada>", "<h:bly>").except(g.V("<h:ada>").tag("x")).all()`:   "id=bly",
		`g.V().filter(regex("^h:ad", true)).tag("s").out("<h:tows>").all()`: "id=bly s=ada",

		// labels returns the labels of all edges from and to a node
		`g.V("<h:cay>").out("<h:tows>").labels().all()`: "id=log2",
		`g.V("<h:cay>").labels().all()`:                 "id=log1; id=log2",
		`g.V("Ada").labels().all()`:                     "",

		// a text with several lines
		`g.V().filter(like("Cay%")).count()`:   "value=1",
		`g.V().filter(like("Cay%ig")).count()`: "value=1",

		// recursion from several nodes
		`g.V("<h:ada>", "<h:bly>").followRecursive("<h:tows>").all()`:                         "id=bly; id=cay; id=dot",
		`g.V("<h:ada>", "<h:bly>").tag("s").followRecursive("<h:tows>").all()`:                "id=bly s=ada; id=cay s=ada; id=cay s=bly; id=dot s=ada; id=dot s=bly",
		`g.V("<h:ada>").save("<h:flag>", "f").followRecursive("<h:tows>", 1, "d").all()`:      "d=1 f=blue id=bly; d=1 f=red id=bly",
		`g.V("<h:bly>").followRecursive(g.M().both("<h:tows>"), 1).all()`:                     "id=ada; id=cay",
		`g.V("<h:cay>").followRecursive(g.M().tag("by").out("<h:tows>")).all()`:               "by=cay id=dot",
		`g.V().has("<h:built>", gt(date("2000-01-01"))).followRecursive("<h:tows>", 1).all()`: "id=cay",
	})
}

// A recursion ends where its path ends: Cayley stops after 50 steps.
func TestLongRecursion(t *testing.T) {
	var chain []quad.Quad
	for i := range 80 {
		chain = append(chain, quad.MakeIRI(fmt.Sprint("h:n", i), "h:next", fmt.Sprint("h:n", i+1), ""))
	}
	r := gizmo.New(snapshotOf(t, chain), nil)
	for _, script := range []string{`g.V("<h:n0>").followRecursive("<h:next>").count()`, `g.V("<h:n0>").followRecursive("<h:next>", -1).count()`} {
		if rows, err := collect(t.Context(), r, script, gizmo.Limits{}); err != nil || rows[0] != "value=80" {
			t.Errorf("%s: %q, %v", script, rows, err)
		}
	}
}

// Scripts that Cayley would silently answer wrongly are errors.
func TestRefusedWhereCayleyIsWrong(t *testing.T) {
	answers(t, map[string]string{
		`g.V().limit(0).all()`:                                                     "query:1:12: limit: 0 rows are not an answer; write -1 for all rows",
		`g.V().getLimit(0)`:                                                        "query:1:15: getLimit: 0 rows are not an answer; write -1 for all rows",
		`g.V().tag("a").out().limit(1).back("a").all()`:                            `query:1:35: back: cannot walk limit backwards, to "a"`,
		`g.V().tag("a").out().skip(1).back("a").all()`:                             `query:1:34: back: cannot walk skip backwards, to "a"`,
		`g.V().tag("a").out().unique().back("a").all()`:                            `query:1:35: back: cannot walk unique backwards, to "a"`,
		`g.V().tag("a").out().or(g.V()).back("a").all()`:                           `query:1:36: back: cannot walk or backwards, to "a"`,
		`g.V().tag("a").followRecursive("<h:tows>").back("a").all()`:               `query:1:48: back: cannot walk followRecursive backwards, to "a"`,
		`g.V().tag("a").out().labelContext("<h:log1>").in().back("a").all()`:       `query:1:56: back: cannot walk labelContext backwards, to "a"`,
		`g.V().labelContext("<h:log1>").tag("a").out().back("a").all()`:            `query:1:51: back: cannot walk labelContext backwards, to "a"`,
		`g.V().followR(g.M().out().unique()).all()`:                                `query:1:14: followR: cannot walk unique backwards`,
		`g.V().followR(g.M().out().labelContext("<h:log1>").out()).all()`:          `query:1:14: followR: cannot walk labelContext backwards`,
		`g.V().followRecursive(g.M().out("<h:tows>").limit(1)).all()`:              `query:1:22: followRecursive: cannot follow limit again and again`,
		`g.V().followRecursive(g.M().follow(g.M().out("<h:tows>").skip(1))).all()`: `query:1:22: followRecursive: cannot follow skip again and again`,
		`g.V().labelContext("<h:log1>").follow(g.M().out()).all()`:                 "query:1:38: follow: " + noContext,
		`g.V().labelContext("<h:log1>").followR(g.M().out()).all()`:                "query:1:39: followR: " + noContext,
		`g.V().labelContext("<h:log1>").followRecursive("<h:tows>").all()`:         "query:1:47: followRecursive: " + noContext,
	})
}

const noContext = "a label context does not apply inside a followed path; write out the steps of that path, or end the context with labelContext(null)"
