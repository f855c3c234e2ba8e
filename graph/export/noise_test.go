package export_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// noise is a graph whose names, topics and quotes are random rows of pieces that mean
// something in some format.
func noise(t *testing.T, seed uint64, pieces []string) *graph.Graph {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 15))
	text := func(forbidden string) string {
		for {
			var b strings.Builder
			for range 1 + r.IntN(6) {
				b.WriteString(pieces[r.IntN(len(pieces))])
			}
			if s := b.String(); strings.TrimSpace(s) != "" && !strings.ContainsAny(s, forbidden) {
				return s
			}
		}
	}
	var records []schema.Record
	person := func(i int) schema.ID { return schema.ID(fmt.Sprintf("person:%03d%s", i/2, oddIDs()[i%len(oddIDs())])) }
	const people = 60
	for i := range people {
		records = append(records, schema.Entity{ID: person(i), Kind: schema.Person, Label: text("\n\r\u2028\u2029"), Description: text("")})
	}
	records = append(records, schema.Document{Entity: schema.Entity{ID: "doc:x", Kind: schema.Doc, Label: text("\n\r\u2028\u2029")}})
	for i := range people {
		stance := schema.Stances()[r.IntN(4)]
		records = append(records, schema.Fact{Verb: "told", Topic: text(""), Status: schema.Statuses()[r.IntN(5)], Key: fmt.Sprint(i),
			Roles:    []schema.Participant{{Role: schema.RoleActor, ID: person(i)}, {Role: schema.RoleRecipient, ID: person((i + 1 + r.IntN(people-1)) % people)}},
			Evidence: []schema.Evidence{{Source: "doc:x", Quote: text(""), Note: text(""), Stance: stance}}})
	}
	return loadRecords(t, records)
}

// loadRecords is a temporary graph of records.
func loadRecords(t *testing.T, records []schema.Record) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	report, err := g.Load(t.Context(), "noise", func(yield func(schema.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}, nil)
	if err != nil || report.Rejected > 0 {
		t.Fatalf("%+v %v", report, err)
	}
	return g
}

// oddIDs are ends of ids with all characters that an id may have besides letters and
// digits, with letters that differ only in case, and with scripts of both directions.
// There is no double slash: rdflib 6.1 makes one of two when it reads JSON-LD.
func oddIDs() []string {
	return []string{"a", "A", "-._~", "/:@", "(),+'", "..", "é", "e\u0301", "谢", "ж", "ع", "א", "𝒳", "'", "end", "__proto__"}
}

// signs are pieces that end a string, begin markup, or mean a character in some format.
func signs() []string {
	return append(strings.Split("\"'`<>&;:,|#%$@!?*_~^=+-/\\()[]{}\t\n 0aN", ""),
		"\r\n", "\r", "]]>", "</script>", "-->", "<!--", "<br>", "&amp;", "&#10;", "&quot;", "#quot;", "#35;", "\\n", "\\N", "\\u0041", "{{", "}}", "[[", "]]", "end",
		"\u2028", "\u00a0", "\u200b", "\ufeff", "\u202e", "\u2066", "\u200f", "é", "e\u0301", "谢", "ж", "ع", "א", "👩🏽‍🚀", "𝒳", "; ", "''", `""`)
}

// controls are the control characters, and others that XML cannot hold.
func controls() []string {
	pieces := []string{"a", "b", "\ufffe", "\uffff", "\ufffd", "\u0085"}
	for c := range rune(0xa0) {
		if c < ' ' || c >= 0x7f {
			pieces = append(pieces, string(c))
		}
	}
	return pieces
}
