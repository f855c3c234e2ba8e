package main

import (
	"context"
	"encoding/json"
	"time"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/query"
	cgizmo "github.com/cayleygraph/cayley/query/gizmo"
)

// scripts are questions in Gizmo, for Cayley's own session on each store. The hub is
// the official with the most links; the post has few links.
var scripts = []struct{ name, title, text string }{
	{"gizmo-hub", "who met the hub", `g.V("<person:synth-0>").in("<dip:met>").all()`},
	{"gizmo-1hop", "1 hop from one person", `g.V("<person:synth-300>").out("<dip:met>").all()`},
	{"gizmo-count", "count what points at the hub", `g.emit(g.V("<person:synth-0>").in().count())`},
	{"gizmo-2hop", "2 hops from the hub", `g.V("<person:synth-0>").out("<dip:praised>").out("<dip:praised>").all()`},
	{"gizmo-recursive", "recursive, 3 deep", `g.V("<person:synth-300>").followRecursive(g.M().out("<dip:warned>"), 3, "depth").all()`},
	{"gizmo-save", "`.save` from the hub", `g.V("<person:synth-0>").out("<dip:met>").save("<rdfs:label>", "name").all()`},
	{"gizmo-save-post", "`.save` from a post", `g.V("<post:synth-100>").in("<dip:holds-post>").save("<rdfs:label>", "name").all()`},
	{"gizmo-save-one", "`.save` on one person", `g.V("<person:synth-300>").save("<rdfs:label>", "name").all()`},
	{"gizmo-dates-hub", "`.has` with dates, from the hub", `g.V("<person:synth-0>").in("<dip:actor>").has("<dip:from>", gte(typed("2010-01-01", "xsd:date")), lt(typed("2020-01-01", "xsd:date"))).all()`},
	{"gizmo-dates-post", "`.has` with dates, from a post", `g.V("<post:synth-100>").in("<dip:recipient>").has("<dip:from>", gte(typed("2000-01-01", "xsd:date")), lt(typed("2024-01-01", "xsd:date"))).all()`},
	{"gizmo-dates", "`.has` with dates, one official", `g.V("<person:synth-300>").in("<dip:actor>").has("<dip:from>", gte(typed("2010-01-01", "xsd:date")), lt(typed("2020-01-01", "xsd:date"))).all()`},
	{"gizmo-dates-all", "`.has` with dates, one verb", `g.emit(g.V("<dip:summoned>").in("<rdf:type>").has("<dip:from>", gte(typed("2012-01-01", "xsd:date")), lt(typed("2012-07-01", "xsd:date"))).count())`},
	{"gizmo-back-hub", "filter and back, from the hub", `g.V("<person:synth-0>").tag("hub").out("<dip:praised>").tag("who").out("<rdfs:label>").filter(gte("M")).back("hub").all()`},
	{"gizmo-back-post", "filter and back, from a post", `g.V("<post:synth-100>").tag("post").in("<dip:holds-post>").tag("who").out("<rdfs:label>").filter(gte("A")).back("post").all()`},
	{"gizmo-back-one", "filter and back, one post", `g.V("<post:synth-100>").tag("post").out("<rdfs:label>").filter(gte("A")).back("post").all()`},
	{"gizmo-label", "label context", `g.V("<person:synth-0>").labelContext("<data:synth>").in("<dip:actor>").out("<dip:status>").all()`},
}

const (
	gizmoLimit = 60 * time.Second // for one script
	enough     = 5 * time.Second  // total after which a script is not run again
	quick      = time.Second / 2  // scripts below it are run more often
)

// runScript runs a script and reads all its rows as values.
func runScript(qs cgraph.QuadStore, script string) (answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), gizmoLimit)
	defer cancel()
	return timedRead(func(a *answer) error {
		it, err := cgizmo.NewSession(qs).Execute(ctx, script, query.Options{Collation: query.JSON, Limit: -1})
		if err != nil {
			return err
		}
		defer it.Close()
		for it.Next(ctx) {
			row, err := json.Marshal(it.Result())
			if err != nil {
				return err
			}
			a.Rows++
			a.Digest += hash(string(row))
		}
		return it.Err()
	})
}
