package export_test

import (
	"fmt"
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
	var rows []reading
	for _, r := range []reading{
		{script: "rdf_n3.mjs", needs: "npm n3"},
		{script: "rdf_oxigraph.mjs", needs: "npm oxigraph"},
		{script: "rdf_rdflib.py", needs: "python rdflib"},
	} {
		r.format, r.want, r.damage = export.NQuads, wantQuads, damage
		rows = append(rows, r)
	}
	return rows
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
	if s.Filter != nil {
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
	for f, err := range s.Graph.Facts(t.Context(), *s.Filter) {
		if err != nil {
			t.Fatal(err)
		}
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
		return fmt.Sprintf(`"%v"^^<%s>`, float64(v), absolute("xsd:double"))
	case quad.TypedString:
		return `"` + string(v.Value) + `"^^<` + absolute(string(v.Type)) + ">"
	}
	return fmt.Sprintf("%T %v", v, v)
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
