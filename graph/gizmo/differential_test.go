package gizmo_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/query"
	cgizmo "github.com/cayleygraph/cayley/query/gizmo"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/gizmo"
)

// commonScripts are scripts that Cayley itself answers correctly.
var commonScripts = []string{
	`g.V("<person:xie-feng>").out("<dip:met>").all()`,
	`g.V("<person:xie-feng>").out("<dip:met>").out("<dip:met>").all()`,
	`g.V("<person:xie-feng>", "<person:ely-ratner>").tag("from").out("<dip:met>").all()`,
	`g.V("<person:xie-feng>").out().all()`,
	`g.V("<person:xie-feng>").in().all()`,
	`g.V("<person:xie-feng>").both().all()`,
	`g.V("<person:xie-feng>").both("<dip:met>", "how").all()`,
	`g.V("<person:ely-ratner>").out(["<dip:met>", "<dip:visited>"], ["a", "b"]).all()`,
	`g.V("<person:ely-ratner>").out(g.V("<dip:met>", "<dip:visited>"), "how").all()`,
	`g.V("<person:ely-ratner>").out(null, "how").all()`,
	`g.V().all()`,
	`g.Vertex().getLimit(3)`,
	`g.V().limit(4).all()`,
	`g.V().order().skip(3).limit(4).all()`,
	`g.V().has("<dip:status>", "<dip:happened>").all()`,
	`g.V().has("<dip:status>", "<dip:happened>", "<dip:refused>").all()`,
	`g.V().has("<dip:topic>").all()`,
	`g.V("<person:ely-ratner>").hasR("<dip:met>").all()`,
	`g.V().hasR("<dip:met>", "<person:xie-feng>").all()`,
	`g.V().has("<rdfs:label>", gt("F"), lt("Lz")).all()`,
	`g.V().filter(regex("^Li ")).all()`,
	`g.V().filter(regex("^person:", true)).all()`,
	`g.V().filter(like("%ely%")).all()`,
	`g.V().out("<dip:confidence>").filter(gte(0.5)).all()`,
	`g.V("<person:xie-feng>").save("<rdfs:label>", "name").all()`,
	`g.V("<person:xie-feng>").save("<rdfs:label>").all()`,
	`g.V("<person:xie-feng>").saveOpt("<nothing>", "none").all()`,
	`g.V("<person:xie-feng>").saveR("<dip:party>", "fact").all()`,
	`g.V("<person:xie-feng>").saveOptR("<dip:mediator>", "fact").all()`,
	`g.V("<person:xie-feng>").saveInPredicates("p").all()`,
	`g.V("<person:xie-feng>").saveOutPredicates("p").all()`,
	`g.V("<person:xie-feng>").inPredicates().all()`,
	`g.V("<person:xie-feng>").outPredicates().all()`,
	`g.V("<person:xie-feng>").labels().all()`,
	`g.V("<person:xie-feng>").labelContext("<data:test>").out().all()`,
	`g.V("<person:xie-feng>").labelContext(g.V(), "fact").out("<dip:met>").labelContext(null).out("<rdfs:label>").all()`,
	`g.V("<person:xie-feng>").tag("a", "b").out("<dip:met>").back("a").out("<rdfs:label>").all()`,
	`g.V().tag("start").out("<dip:visited>").back("start").in("<dip:met>").all()`,
	`var m = g.M().out("<dip:met>").out("<dip:visited>"); g.V("<person:xie-feng>").follow(m).all()`,
	`var m = g.Morphism().Out("<dip:met>").Out("<dip:visited>"); graph.V("<person:li-hui>").FollowR(m).All()`,
	`g.V("<person:xie-feng>").followRecursive("<dip:met>").all()`,
	`g.V("<person:xie-feng>").followRecursive(g.M().out("<dip:met>"), 2, "depth").all()`,
	`g.V("<person:xie-feng>").out("<dip:met>").and(g.V("<person:ely-ratner>").out("<dip:visited>")).all()`,
	`g.V("<person:xie-feng>").out("<dip:met>").union(g.V("<person:ely-ratner>").out("<dip:visited>")).all()`,
	`g.V("<person:xie-feng>").out("<dip:met>").except(g.V("<person:ely-ratner>")).all()`,
	`g.V("<person:xie-feng>").both("<dip:met>").unique().all()`,
	`g.V("<person:xie-feng>").is("<person:xie-feng>").all()`,
	`g.V(iri("person:xie-feng")).all()`,
	`g.V("Xie Feng", str("Li Hui"), lang("a", "en"), typed("2023-07-12", "xsd:date"), 0.5).in().all()`,
	`g.V("<person:xie-feng>").out("<dip:met>").forEach(function(d) { g.emit(d) })`,
	`g.V("<person:xie-feng>").tag("x").out("<dip:met>").forEach(2, function(d) { g.emit(d.x) })`,
	`g.emit(g.V("<person:xie-feng>").out("<dip:met>").toArray())`,
	`g.emit(g.V("<person:xie-feng>").tag("x").out("<dip:met>").tagArray(2))`,
	`g.emit(g.V("<person:ely-ratner>").out("<dip:met>").toValue())`,
	`g.emit(g.V("<person:ely-ratner>").tag("x").out("<dip:met>").tagValue())`,
	`g.emit(g.V("<person:xie-feng>").out("<dip:met>").count())`,
	`g.addNamespace("who", "person:"); g.V(g.IRI("who:xie-feng")).out("<dip:met>").all()`,
	`g.V("<nobody>").out("<dip:met>").all()`,
	`g.M().out("<dip:met>").all()`,
}

func TestSameAsCayley(t *testing.T) {
	for _, script := range commonScripts {
		qs := memory(t)
		want, err := runCayley(t.Context(), qs, script)
		if err != nil {
			t.Fatalf("%s: %v", script, err)
		}
		got, err := wrapped(t.Context(), qs, script)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q, %v\nwant %q", script, got, err, want)
		}
	}
}

// runCayley runs a script in Cayley's own session.
func runCayley(ctx context.Context, qs cgraph.QuadStore, script string) ([]string, error) {
	it, err := cgizmo.NewSession(qs).Execute(ctx, script, query.Options{Collation: query.Raw, Limit: -1})
	if err != nil {
		return nil, err
	}
	var rows []string
	for it.Next(ctx) {
		r := it.Result().(*cgizmo.Result)
		if r.Meta {
			continue
		}
		if r.Tags != nil {
			rows = append(rows, tagged(qs, r.Tags))
		} else {
			rows = append(rows, rowText(r.Val))
		}
	}
	slices.Sort(rows)
	return rows, it.Err()
}

func tagged(qs cgraph.QuadStore, tags map[string]cgraph.Ref) string {
	cells := make(map[string]any)
	for tag, ref := range tags {
		if v, err := qs.NameOf(ref); err == nil && v != nil {
			cells[tag] = v.String()
		}
	}
	return fmt.Sprint(cells)
}

// trimmed removes the angle brackets of the ids in an emitted value.
func trimmed(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = trimmed(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = trimmed(v[key])
		}
	case string:
		return strings.Trim(v, "<>")
	}
	return v
}

// rowText formats what Cayley emits as [gizmo.Row] does.
func rowText(v any) string {
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err == nil {
		b, err = json.Marshal(trimmed(v))
	}
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func wrapped(ctx context.Context, qs cgraph.QuadStore, script string) ([]string, error) {
	var rows []string
	for row, err := range gizmo.New(qs, nil).Run(ctx, script, gizmo.Limits{}) {
		if err != nil {
			return nil, err
		}
		b, err := row.MarshalJSON()
		if err != nil {
			return nil, err
		}
		text := string(b)
		if !strings.Contains(script, "emit") {
			text = values(row)
		}
		rows = append(rows, text)
	}
	slices.Sort(rows)
	return rows, nil
}

func values(row gizmo.Row) string {
	cells := make(map[string]any)
	for _, column := range row.Columns() {
		cells[column] = quad.StringOf(row.Value(column))
	}
	return fmt.Sprint(cells)
}

// orderedScripts are common scripts whose rows depend on the order of the store,
// which is also the order of order().
var orderedScripts = []string{
	`g.V().order().skip(3).limit(4).all()`,
	`g.Vertex().getLimit(3)`,
	`g.V().limit(4).all()`,
	`g.V("<person:xie-feng>").tag("x").out("<dip:met>").forEach(2, function(d) { g.emit(d.x) })`,
	`g.emit(g.V("<person:xie-feng>").out("<dip:met>").toArray())`,
	`g.emit(g.V("<person:xie-feng>").tag("x").out("<dip:met>").tagArray(2))`,
}
