package export_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

func nquadsReadings() []reading {
	damage := map[string]edit{
		"a quad dropped":  replaced(`(?m)^<urn:entente:fact:.*dip:party>.*\n`, ""),
		"a text changed":  replaced(`谢锋`, "谢峰"),
		"ends swapped":    replaced(`(?m)^(<urn:entente:person:\S+>) (<\S+dip:called>) (<\S+>)`, "$3 $2 $1"),
		"an id renamed":   replaced(`person:twin-1`, "person:twin-2"),
		"another dataset": replaced(`data:briefings`, "data:reports"),
		"a line cut":      replaced(`> \.\n`, ">\n"),
	}
	return rdfReadings(export.NQuads, wantQuads, damage, "rdf_n3.mjs", "rdf_oxigraph.mjs", "rdf_rdflib.py")
}

func turtleReadings() []reading {
	damage := map[string]edit{
		"a triple dropped":  replaced(`;\n +dip:party [^;.]*;`, ";"),
		"a text changed":    replaced(`谢锋`, "谢峰"),
		"ends swapped":      replaced(`(?m)^(person:\S+) (dip:\S+) (person:\S+) `, "$3 $2 $1 "),
		"an id renamed":     replaced(`person:twin-1`, "person:twin-2"),
		"another namespace": replaced(`<urn:entente:person:>`, "<urn:entente:people:>"),
		"a stop cut":        replaced(` \.\n`, "\n"),
	}
	return rdfReadings(export.Turtle, wantTriples, damage, "rdf_n3.mjs", "rdf_rdflib.py")
}

func trigReadings() []reading {
	damage := map[string]edit{
		"a triple dropped": replaced(`;\n +dip:party [^;.]*;`, ";"),
		"a text changed":   replaced(`谢锋`, "谢峰"),
		"ends swapped":     replaced(`(person:\S+) (dip:called) (\S+)`, "$3 $2 $1"),
		"an id renamed":    replaced(`person:twin-1`, "person:twin-2"),
		"another dataset":  replaced(`data:briefings \{`, "data:reports {"),
		"a brace cut":      replaced(` {\n`, "\n"),
	}
	return rdfReadings(export.TriG, wantQuads, damage, "rdf_n3.mjs", "rdf_rdflib.py")
}

func jsonldReadings() []reading {
	damage := map[string]edit{
		"a triple dropped": replaced(`,"dip:party":[^\]]*\]`, ""),
		"a text changed":   replaced(`谢锋`, "谢峰"),
		"ends swapped":     replaced(`"@id":("person:[^"]*"),"dip:called":\{"@id":("[^"]*")\}`, `"@id":$2,"dip:called":{"@id":$1}`),
		"an id renamed":    replaced(`person:twin-1`, "person:twin-2"),
		"another dataset":  replaced(`"@id":"data:briefings","@graph"`, `"@id":"data:reports","@graph"`),
		"a bracket cut":    replaced(`\n\]}`, "\n}"),
	}
	return rdfReadings(export.JSONLD, wantQuads, damage, "rdf_jsonld.mjs", "rdf_rdflib.py")
}

// rdfReadings returns the rows of a format for scripts that read RDF.
func rdfReadings(f export.Format, want func(*testing.T, export.Selection, export.Options) any, damage map[string]edit, scripts ...string) (rows []reading) {
	for _, script := range scripts {
		library, extension, _ := strings.Cut(strings.TrimPrefix(script, "rdf_"), ".")
		needs := "npm " + library
		if extension == "py" {
			needs = "python " + library
		}
		rows = append(rows, reading{format: f, script: script, needs: needs, want: want, damage: damage})
	}
	return rows
}

// wantTriples returns the triples of a selection, each once: its quads without labels.
func wantTriples(t *testing.T, s export.Selection, o export.Options) any {
	t.Helper()
	quads := wantQuads(t, s, o).(map[string]any)["quads"].([][4]string)
	for i := range quads {
		quads[i][3] = ""
	}
	slices.SortFunc(quads, func(a, b [4]string) int { return slices.Compare(a[:], b[:]) })
	return map[string]any{"quads": slices.Compact(quads)}
}

// wantQuads returns the quads of a selection as the scripts rdf_*.mjs and rdf_*.py print
// them: all quads of the graph, or those of the facts, their evidence, and the entities
// to which these lead.
func wantQuads(t *testing.T, s export.Selection, o export.Options) any {
	t.Helper()
	snapshot, err := s.Graph.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer snapshot.Close()
	var all []quad.Quad
	for q, err := range snapshot.Match(t.Context(), store.Pattern{}) {
		if err != nil {
			t.Fatal(err)
		}
		if q.Label != graph.LoadsLabel {
			all = append(all, q)
		}
	}
	if !isWhole(s) {
		all = quadsOf(t, s, all)
	}
	quads := [][4]string{}
	for _, q := range all {
		quads = append(quads, [4]string{termText(q.Subject), termText(q.Predicate), termText(q.Object), termText(q.Label)})
	}
	return map[string]any{"quads": quads}
}

// quadsOf returns those quads that are about the selected facts.
func quadsOf(t *testing.T, s export.Selection, all []quad.Quad) (kept []quad.Quad) {
	t.Helper()
	about, entities := map[quad.Value]bool{}, map[quad.Value]bool{}
	for _, id := range s.Entities {
		entities[id.Value()] = true
	}
	for _, f := range selected(t, s) {
		about[f.ID.Value()] = true
		for _, e := range f.Evidence {
			about[e.ID.Value()] = true
		}
	}
	isKept := func(q quad.Quad) bool { return about[q.Subject] || about[q.Label] }
	for _, q := range all {
		if isKept(q) {
			entities[q.Subject], entities[q.Object] = true, true
		}
	}
	for _, q := range all {
		iri, _ := q.Subject.(quad.IRI)
		kind := schema.KindOf(schema.ID(iri))
		_, stated := schema.DatasetName(q.Label)
		if isKept(q) || stated && entities[q.Subject] && kind != "" && kind != schema.KindFact {
			kept = append(kept, q)
		}
	}
	return kept
}

// termText writes a term as in N-Quads, without escapes. All blank nodes are "_:b": the
// graph has one.
func termText(v quad.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case quad.IRI:
		return "<" + absolute(string(v)) + ">"
	case quad.BNode:
		return "_:b"
	case quad.String:
		return `"` + string(v) + `"`
	case quad.LangString:
		return `"` + string(v.Value) + `"@` + strings.ToLower(v.Lang)
	case quad.Bool:
		return fmt.Sprintf(`"%t"^^<%s>`, v, absolute("xsd:boolean"))
	case quad.Int:
		return fmt.Sprintf(`"%d"^^<%s>`, v, absolute("xsd:integer"))
	case quad.Float:
		return `"` + double(float64(v)) + `"^^<` + absolute("xsd:double") + ">"
	case quad.TypedString:
		return `"` + string(v.Value) + `"^^<` + absolute(string(v.Type)) + ">"
	}
	return fmt.Sprintf("%T %v", v, v)
}

// double is a number between 0 and 1 in the canonical form of xsd:double.
func double(f float64) string {
	exponent := 0
	for ; f != 0 && f < 1; f *= 10 {
		exponent--
	}
	digits := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(digits, ".") {
		digits += ".0"
	}
	return digits + "E" + strconv.Itoa(exponent)
}

// absolute is the IRI that a short one stands for.
func absolute(iri string) string {
	prefix, local, _ := strings.Cut(iri, ":")
	switch prefix {
	case "rdf":
		return "http://www.w3.org/1999/02/22-rdf-syntax-ns#" + local
	case "rdfs":
		return "http://www.w3.org/2000/01/rdf-schema#" + local
	case "skos":
		return "http://www.w3.org/2004/02/skos/core#" + local
	case "xsd":
		return "http://www.w3.org/2001/XMLSchema#" + local
	case "http", "https", "urn":
		return iri
	}
	return "urn:entente:" + iri
}
