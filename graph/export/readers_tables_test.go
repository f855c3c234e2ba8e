package export_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/schema"
)

func tableReadings() []reading {
	return []reading{
		{format: export.SQLite, script: "sqlite.py", needs: "program sqlite3", want: wantDatabase, text: withoutNUL, damage: map[string]edit{
			"a name changed":     replaced(`秦刚`, "秦剛"),
			"a standing changed": replaced(`refusedasserted`, "refuseddisputed"),
			"a reference broken": replaced(`person:xie-feng`, "person:xie-fenh"),
			"the file cut":       func(data []byte) ([]byte, bool) { return data[:len(data)/2], true },
		}},
		{format: export.Parquet, script: "parquet.mjs", needs: "npm hyparquet", want: wantTables, text: withoutBOM, damage: map[string]edit{
			"a file cut":      inFile("facts.parquet", func(data []byte) ([]byte, bool) { return data[:len(data)/2], true }),
			"a name changed":  inFile("entities.parquet", replaced(`Cuba`, "Cubb")),
			"a table emptied": inFile("edges.parquet", func([]byte) ([]byte, bool) { return nil, true }),
			"evidence cut":    inFile("evidence.parquet", func(data []byte) ([]byte, bool) { return data[:len(data)-1], true }),
		}},
	}
}

// withoutBOM leaves out the byte order mark at the beginning of a text, which hyparquet
// does not return.
func withoutBOM(s string) string { return strings.TrimPrefix(s, "\ufeff") }

// neo4jText replaces the separator of lists too.
func neo4jText(s string) string { return strings.ReplaceAll(withoutNUL(s), "\x1f", "\ufffd") }

func withoutNUL(s string) string { return strings.ReplaceAll(s, "\x00", "\ufffd") }

// wantDatabase returns the rows of the tables and views of SQLite, where truth is 1.
func wantDatabase(t *testing.T, s export.Selection, o export.Options) any {
	w := &tableWanter{elementWanter: newTableWanter(t, s), tables: tableRows{}}
	w.fill(o)
	w.addViews()
	for _, rows := range w.tables {
		for _, row := range rows {
			for k, v := range row {
				if b, ok := v.(bool); ok {
					row[k] = map[bool]int{true: 1}[b]
				}
			}
		}
	}
	return w.tables
}

// wantTables returns the rows of all tables.
func wantTables(t *testing.T, s export.Selection, o export.Options) any {
	w := &tableWanter{elementWanter: newTableWanter(t, s), tables: tableRows{}}
	w.fill(o)
	return w.tables
}

type tableRows map[string][]map[string]any

// tableWanter computes tables from the facts and entities of a graph.
type tableWanter struct {
	*elementWanter
	tables   tableRows
	entities map[schema.ID]schema.Entity
}

func newTableWanter(t *testing.T, s export.Selection) *elementWanter {
	return newElementWanter(t, s)
}

func (w *tableWanter) add(table string, row map[string]any) {
	for k, v := range row {
		if id, ok := v.(schema.ID); ok {
			row[k] = string(id)
		}
		if v == nil {
			delete(row, k)
		}
	}
	w.tables[table] = append(w.tables[table], present(row))
}

func (w *tableWanter) fill(o export.Options) {
	w.entities = map[schema.ID]schema.Entity{}
	for e, err := range w.selection.Graph.Entities(w.t.Context()) {
		if err != nil {
			w.t.Fatal(err)
		}
		w.entities[e.ID] = e
	}
	for _, f := range selected(w.t, w.selection) {
		w.addFact(f)
		w.addPairs(f)
	}
	for _, x := range w.all.Edges {
		row := map[string]any{}
		for _, k := range []string{"id", "fact", "source", "target", "predicate", "role", "symmetric", "pair", "pairs"} {
			row[k] = x[k]
		}
		w.add("edges", row)
	}
	for id := range w.used {
		if country := w.entities[id].Country; country != "" {
			w.used[country] = true
		}
	}
	for id, e := range w.entities {
		if w.used[id] || isWhole(w.selection) || slices.Contains(w.selection.Entities, id) {
			w.addRecord(e)
		}
	}
	sets, err := w.selection.Graph.Datasets(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, d := range sets {
		w.add("datasets", map[string]any{"name": d.Name, "title": d.About["title"], "license": d.About["license"], "sha256": d.Input,
			"facts": d.Facts, "entities": d.Entities, "documents": d.Documents})
	}
}

// use marks an entity as part of the selection.
func (w *tableWanter) use(id schema.ID) schema.ID {
	w.used[id] = true
	return id
}

func (w *tableWanter) addFact(f schema.Fact) {
	row := w.attributes(f)
	for _, list := range []string{"places", "documents", "quotes", "other_stances", "datasets"} {
		delete(row, list)
	}
	row["id"], row["sentence"] = string(f.ID), w.fact(f).Sentence
	w.add("facts", row)
	for i, p := range f.Roles {
		to := "other_fact"
		if schema.KindOf(p.ID) != schema.KindFact {
			to = "entity"
			w.use(p.ID)
		}
		w.add("participants", map[string]any{"fact": f.ID, "position": i, "role": string(p.Role), to: p.ID})
	}
	for i, l := range f.Links {
		w.add("links", map[string]any{"fact": f.ID, "position": i, "type": string(l.Type), "other_fact": l.Fact})
	}
	f.Evidence = slices.Concat(f.Sides())
	for i, e := range f.Evidence {
		w.addEvidence(f, i, e)
	}
}

func (w *tableWanter) addEvidence(f schema.Fact, i int, e schema.Evidence) {
	when := w.fact(f).Evidence[i].When
	row := map[string]any{"id": e.ID, "fact": f.ID, "dataset": e.Dataset, "stance": string(e.Stance), "document": w.use(e.Source), "quote": e.Quote,
		"locator": e.Locator, "said_by": w.use(e.SaidBy), "method": string(e.Method), "note": e.Note, "date": when.Text, "first_day": when.From, "last_day": when.To,
		"duration": e.Duration, "count": e.Count}
	if e.Confidence > 0 {
		row["confidence"] = e.Confidence
	}
	if e.End > 0 {
		row["start"], row["end"] = e.Start, e.End
	}
	w.add("evidence", row)
	for _, at := range e.At {
		w.add("evidence_places", map[string]any{"evidence": e.ID, "place": w.use(at)})
	}
	for n, via := range e.Via {
		w.add("evidence_via", map[string]any{"evidence": e.ID, "position": n, "entity": w.use(via)})
	}
}

func (w *tableWanter) addRecord(e schema.Entity) {
	w.add("entities", map[string]any{"id": e.ID, "kind": string(e.Kind), "label": e.Label, "country": e.Country, "born": e.Born, "description": e.Description})
	w.add("names", map[string]any{"entity": e.ID, "position": 0, "name": e.Label})
	for i, a := range e.Aliases {
		w.add("names", map[string]any{"entity": e.ID, "position": i + 1, "name": a.Value, "language": a.Lang})
	}
	for _, identifier := range e.Identifiers {
		w.add("identifiers", map[string]any{"entity": e.ID, "identifier": identifier})
	}
	if e.Kind != schema.Doc {
		return
	}
	d, err := w.selection.Graph.Document(w.t.Context(), e.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	words, err := w.words.Document(w.t.Context(), e.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	row := map[string]any{"id": e.ID, "title": d.Label, "publisher": d.Publisher, "author": d.Author, "url": d.URL, "sha256": d.SHA256, "language": d.Language}
	if p := words.Published; p != nil {
		row["published"], row["published_first_day"], row["published_last_day"] = p.Text, p.From, p.To
	}
	if a := words.Archived; a != nil {
		row["archived"], row["archived_on"] = a.URL, a.On.Text
	}
	if words.Accessed != nil {
		row["accessed"] = words.Accessed.Text
	}
	w.add("documents", row)
}

// addViews adds the rows of the views.
func (w *tableWanter) addViews() {
	facts, documents := byID(w.tables["facts"]), byID(w.tables["documents"])
	for _, e := range w.tables["edges"] {
		f := facts[e["fact"].(string)]
		if f["established"] != true {
			continue
		}
		row := map[string]any{"source_label": w.labels[schema.ID(e["source"].(string))], "target_label": w.labels[schema.ID(e["target"].(string))]}
		copyKeys(row, e, "id", "fact", "source", "target", "predicate", "role", "symmetric", "pair", "pairs")
		copyKeys(row, f, "date", "first_day", "last_day", "standing", "sources", "sentence")
		w.add("established_edges", row)
	}
	stances := map[any]map[any]int{}
	for _, v := range w.tables["evidence"] {
		f := facts[v["fact"].(string)]
		row := map[string]any{"fact_date": f["date"]}
		copyKeys(row, f, "sentence", "standing")
		copyKeys(row, v, "fact", "stance", "quote", "locator", "dataset")
		if id, ok := v["document"].(string); ok {
			copyKeys(row, documents[id], "title", "publisher", "published", "url")
		}
		if id, ok := v["said_by"].(string); ok {
			row["said_by"] = w.labels[schema.ID(id)]
		}
		w.add("quotes", row)
		if stances[v["fact"]] == nil {
			stances[v["fact"]] = map[any]int{}
		}
		stances[v["fact"]][v["stance"]]++
	}
	for _, f := range w.tables["facts"] {
		if f["standing"] == "disputed" {
			row := map[string]any{"asserting": stances[f["id"]]["asserts"], "denying": stances[f["id"]]["denies"]}
			copyKeys(row, f, "id", "sentence", "date")
			w.add("contradictions", row)
		}
	}
}

func byID(rows []map[string]any) map[string]map[string]any {
	all := map[string]map[string]any{}
	for _, row := range rows {
		all[row["id"].(string)] = row
	}
	return all
}

func copyKeys(to, from map[string]any, keys ...string) {
	for _, k := range keys {
		if v, ok := from[k]; ok {
			to[k] = v
		}
	}
}

func neo4jReadings() []reading {
	files := map[string]edit{
		"a name changed":  inFile("nodes.csv", replaced(`秦刚`, "秦剛")),
		"a node dropped":  inFile("nodes.csv", replaced(`(?m)^person:xie-feng,.*\n`, "")),
		"a denial hidden": inFile("relationships.csv", replaced(`UNESTABLISHED_`, "")),
		"a quote opened":  inFile("relationships.csv", replaced(`""`, `"`)),
		"a list divided":  inFile("nodes.csv", replaced("\x1f", "; ")),
		"a day changed":   inFile("relationships.csv", replaced(`,2020-12-31,`, ",2020-12-30,")),
	}
	return []reading{
		{format: export.Neo4j, script: "neo4j.py", needs: "python csv", want: wantNeo4j, text: neo4jText, damage: files},
		{format: export.Neo4j, options: export.Options{Shape: export.ShapeFacts}, script: "neo4j.py", needs: "python csv", want: wantNeo4j, text: neo4jText, damage: map[string]edit{
			"a name changed":  files["a name changed"],
			"a list divided":  files["a list divided"],
			"a denial hidden": inFile("relationships.csv", replaced(`DENIED_BY`, "SOURCE")),
		}},
		{format: export.Cypher, script: "cypher.mjs", needs: "npm @neo4j-cypher/antlr4", want: wantNeo4j, damage: cypherDamage()},
		{format: export.Cypher, options: export.Options{Shape: export.ShapeFacts}, script: "cypher.mjs", needs: "npm @neo4j-cypher/antlr4", want: wantNeo4j, damage: cypherDamage()},
	}
}

func cypherDamage() map[string]edit {
	return map[string]edit{
		"a name changed":  replaced(`秦刚`, "秦剛"),
		"a string opened": replaced(`\\'`, `'`),
		"an id renamed":   replaced(`\{source: '`, "{source: 'x"),
		"a day changed":   replaced(`2020-12-31`, "2020-12-30"),
	}
}

// wantNeo4j returns nodes with labels, and relationships with types.
func wantNeo4j(t *testing.T, s export.Selection, o export.Options) any {
	o.Collapse = o.Shape != export.ShapeFacts
	want := wantElements(t, s, o).each(func(x map[string]any) {
		x["name"] = x["label"]
		delete(x, "label")
	})
	for _, n := range want.Nodes {
		kind := n["entity_kind"].(string)
		n["labels"] = []string{"Entente", kind}
		if kind == "Fact" && n["established"] == true {
			n["labels"] = []string{"Entente", "Established", "Fact"}
		} else if kind == "Fact" {
			n["labels"] = []string{"Entente", "Fact", "Unestablished"}
		} else if kind < "Entente" {
			n["labels"] = []string{kind, "Entente"}
		}
	}
	snake := regexp.MustCompile(`[^\pL\pN]+`)
	for _, x := range want.Edges {
		name, ok := x["predicate"].(string)
		if !ok {
			name = x["name"].(string)
		}
		name = strings.ToUpper(strings.Trim(snake.ReplaceAllString(name, "_"), "_"))
		if ok && x["established"] != true {
			name = "UNESTABLISHED_" + name
		}
		x["type"] = name
	}
	return want
}
