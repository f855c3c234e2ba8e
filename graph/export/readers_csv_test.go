package export_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/csvfile"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func csvReadings() []reading {
	row := func(f export.Format, o export.Options, want func(*testing.T, export.Selection, export.Options) any, damage map[string]edit) reading {
		return reading{format: f, options: o, script: "table.py", needs: "python csv", want: want, text: csvText, damage: damage}
	}
	facts := map[string]edit{
		"a fact dropped":     replaced(`(?m)^2022-11,.*\n`, ""),
		"a denial hidden":    replaced(`,denied,`, ",asserted,"),
		"a name changed":     replaced(`秦刚`, "秦剛"),
		"a formula restored": replaced(`'=`, "="),
		"a quote opened":     replaced(`""`, `"`),
		"a day changed":      replaced(`,2020-12-31,`, ",2020-12-30,"),
	}
	edges := map[string]edit{
		"an edge dropped":  replaced(`(?m)^person:.*\n`, ""),
		"ends swapped":     replaced(`(?m)^(person:xie-feng),([^,]+),`, "$2,$1,"),
		"a plan hidden":    replaced(`,planned,`, ",happened,"),
		"an arrow drawn":   replaced(`,Undirected,`, ",Directed,"),
		"a cell too many":  replaced(`(?m)^(person:[^,]+),`, "$1,,"),
		"a weight doubled": replaced(`,1,fact:`, ",2,fact:"),
	}
	nodes := map[string]edit{
		"a node dropped":  replaced(`(?m)^person:alone,.*\n`, ""),
		"an id renamed":   replaced(`(?m)^person:alone,`, "person:alone2,"),
		"a label changed": replaced(`秦刚`, "秦剛"),
	}
	parts := map[string]edit{
		"an edge dropped":  replaced(`(?m)^fact:.*,actor,.*\n`, ""),
		"a denial hidden":  replaced(`,denies,`, ",asserts,"),
		"an end changed":   replaced(`(?m)^(fact:[^,]+),person:xie-feng,`, "$1,person:alone,"),
		"a role forgotten": replaced(`,mediator,`, ",,"),
	}
	return []reading{
		row(export.CSV, export.Options{}, wantFactRows, facts),
		row(export.CSV, export.Options{Excel: true}, wantFactRows, facts),
		row(export.CSVNodes, export.Options{}, wantNodeRows, nodes),
		row(export.CSVNodes, export.Options{Shape: export.ShapeFacts}, wantNodeRows, nodes),
		row(export.CSVEdges, export.Options{}, wantEdgeRows, edges),
		row(export.CSVEdges, export.Options{Shape: export.ShapeFacts}, wantEdgeRows, parts),
	}
}

// csvText is a text as a cell.
func csvText(s string) string {
	return csvfile.Defuse(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(s))
}

// rows are the rows of a table, without empty cells.
type rows struct {
	Rows []map[string]any `json:"rows"`
}

// wantTable returns elements as rows, with the columns of Gephi.
func wantTable(elements []map[string]any, names map[string]string) rows {
	var all rows
	for _, x := range elements {
		flatten(x)
		untype(x)
		row := map[string]any{}
		for k, v := range x {
			if name, isGephi := names[k]; isGephi {
				k = name
			}
			row[k] = v
		}
		all.Rows = append(all.Rows, row)
	}
	return all
}

func wantNodeRows(t *testing.T, s export.Selection, o export.Options) any {
	all := wantElements(t, s, export.Options{Collapse: o.Shape != export.ShapeFacts})
	return wantTable(all.Nodes, map[string]string{"id": "Id", "label": "Label"})
}

func wantEdgeRows(t *testing.T, s export.Selection, o export.Options) any {
	all := wantElements(t, s, export.Options{Collapse: o.Shape != export.ShapeFacts})
	for _, x := range all.Edges {
		x["Kind"], x["Weight"], x["Type"] = x["id"], 1, "Directed"
		if x["symmetric"] == true {
			x["Type"] = "Undirected"
		}
	}
	return wantTable(all.Edges, map[string]string{"id": "Id", "label": "Label", "source": "Source", "target": "Target"})
}

func wantFactRows(t *testing.T, s export.Selection, o export.Options) any {
	t.Helper()
	var all rows
	words := render.New(s.Graph)
	for _, f := range selected(t, s) {
		all.Rows = append(all.Rows, wantFactRow(t, s, words, f))
	}
	return all
}

// wantFactRow returns the row of a fact.
func wantFactRow(t *testing.T, s export.Selection, words *render.Renderer, f schema.Fact) map[string]any {
	t.Helper()
	w := &elementWanter{t: t, selection: s, words: words, labels: map[schema.ID]string{}}
	a, j := w.attributes(f), w.fact(f)
	flatten(a)
	row := map[string]any{"when": a["date"], "status": a["status"], "standing": a["standing"], "fact": j.Sentence, "verb": a["verb"],
		"first-day": a["first_day"], "last-day": a["last_day"], "topic": f.Topic, "source-count": strconv.Itoa(a["sources"].(int)),
		"sources": a["documents"], "words": a["quotes"], "other-stances": a["other_stances"], "widened": a["widened"],
		"datasets": a["datasets"], "source-key": f.Key, "id": string(f.ID), "at": strings.Join(j.Places(), "; ")}
	join := func(column, text string) {
		before, _ := row[column].(string)
		row[column] = strings.TrimPrefix(before+"; "+text, "; ")
	}
	for _, r := range j.Roles {
		join(string(r.Role), r.Name)
		join("participants", string(r.Role)+" "+string(r.ID))
	}
	for _, l := range j.Links {
		join("linked", string(l.Type)+" "+l.Name)
	}
	for _, stance := range schema.Stances() {
		for _, e := range f.Evidence {
			if e.Stance == stance {
				join("stance", string(stance))
				break
			}
		}
	}
	return present(row)
}
