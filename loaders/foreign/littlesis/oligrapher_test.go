package littlesis_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/foreign/foreigntest"
	"github.com/entente-kg/entente/loaders/foreign/littlesis"
	"github.com/entente-kg/entente/schema"
)

const sampleMap = "../../../examples/formats/harbour.oligrapher.json"

func TestLooksOligrapher(t *testing.T) {
	for text, want := range map[string]bool{
		`{"nodes":{},"edges":{"1":{"id":1,"node1_id":2,"node2_id":3`:                                    true,
		`{"graph":{"nodes":{"2":{"name":"A","x":1,"y":2,"scale":1`:                                      true,
		`{"id":4,"graph_data":{"nodes":{"2":{"id":2,"display":{"x":1,"y":2,"scale":1,"name":"A"}}}}}`:   true,
		`{"nodes":[{"id":"a","name":"A"}],"edges":[{"node1_id":"a","node2_id":"b"}]}`:                   true,
		`{"nodes":[{"id":"a","label":"A","x":1,"y":2,"size":3}],"edges":[{"source":"a","target":"b"}]}`: false,
		`{"nodes":{"a":{"name":"A"}},"edges":{}}`:                                                       false,
		`{"graph":{"nodes":["a"],"edges":{"1":{"node1_id":1,"node2_id":2}}}}`:                           false,
		`{"nodes":{},"edges":{}}`: false, `[]`: false, ``: false, `{"edges":1}`: false, `{"edges":{"node1_id":1}}`: false,
	} {
		if got := littlesis.LooksOligrapher("x.json", []byte(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
	foreigntest.LeavesOtherFiles(t, littlesis.LooksOligrapher, ".json", ".oligrapher.")
}

func TestSampleMap(t *testing.T) {
	r, err := foreigntest.Read(t, sampleMap, "")
	if err != nil || len(r.Rows) > 0 || r.Format != "oligrapher" {
		t.Fatal(err, r.Rows, r.Format)
	}
	want := []string{
		"linked-with person:littlesis/7001 institution:littlesis/7003",
		"linked-with person:littlesis/7001 thing:d/pL0_harb",
		"owns institution:littlesis/7006 institution:littlesis/7003",
	}
	if got := foreigntest.Shown(r.Facts); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if quill := r.Entity("person:littlesis/7001"); quill.Label != "Ada Quill" || quill.Description != "Chair of Harbour Bank" || !slices.Equal(quill.Identifiers, []string{"littlesis:7001"}) {
		t.Errorf("got %+v", quill)
	}
	if pier := r.Entity("thing:d/pL0_harb"); pier.Kind != schema.Thing || len(pier.Identifiers) != 0 {
		t.Errorf("got %+v", pier)
	}
	if r.Unmapped["captions"] != 1 || r.Unmapped["/annotations/list/text"] != 1 || r.Unmapped["/attributes/settings/private"] != 0 {
		t.Errorf("left out: %v", r.Unmapped)
	}
	foreigntest.RoundTrip(t, sampleMap)
}

// A map has the same facts in each of its forms: by key or as lists, with the values of the
// drawing apart or not, alone or in what is stored.
func TestForms(t *testing.T) {
	node := `"7":{"id":7,"name":"A","url":"https://littlesis.org/person/7-A"},"x_1":{"id":"x_1","name":"B","url":"https://b.example"}`
	edge := `"e1":{"id":"e1","node1_id":7,"node2_id":"x_1","label":"friend","arrow":"1->2"}`
	for _, text := range []string{
		`{"nodes":{` + node + `},"edges":{` + edge + `}}`,
		`{"graph":{"edges":{` + edge + `},"nodes":{` + node + `}}}`,
		`{"id":3,"graph_data":{"nodes":{` + node + `},"edges":{` + edge + `},"captions":{}}}`,
		`{"nodes":[{"id":7,"name":"A","url":"https://littlesis.org/person/7-A"},{"id":"x_1","name":"B","url":"https://b.example"}],"edges":[{"id":"e1","node1_id":7,"node2_id":"x_1","label":"friend"}]}`,
		`{"nodes":{"7":{"display":{"name":"A","url":"https://littlesis.org/person/7-A"}},"x_1":{"id":"x_1","display":{"name":"B","url":"https://b.example"}}},"edges":{"e1":{"node1_id":7,"node2_id":"x_1","display":{"label":"friend"}}}}`,
	} {
		r, err := foreigntest.ReadText(t, "x.json", text, "")
		if err != nil || len(r.Rows) > 0 || len(r.Facts) != 1 || len(r.Entities) != 2 {
			t.Errorf("%s: %v %v %v", text, err, r.Rows, r.Entities)
			continue
		}
		f := r.Facts[0]
		if got := foreigntest.Shown(r.Facts)[0]; got != "linked-with person:littlesis/7 thing:d/x_1" || f.Topic != "friend" || f.Key != "e1" {
			t.Errorf("%s: %s about %s, key %s", text, got, f.Topic, f.Key)
		}
		if b := r.Entity("thing:d/x_1"); !slices.Equal(b.Identifiers, []string{"website:https://b.example"}) {
			t.Errorf("%s: %+v", text, b)
		}
	}
}

// An arrow gives the direction, and a label of LittleSis its verb; other labels are topics.
func TestEdges(t *testing.T) {
	page := `,"url":"https://littlesis.org/relationships/55"`
	for _, c := range []struct{ edge, want string }{
		{`"label":"Owner","arrow":"1->2"` + page, "owns 1 2 |  |  | littlesis:55"},
		{`"label":"Owner (past)","arrow":"1->2","dash":true` + page, "owns 1 2 |  | ended on an unknown day | littlesis:55"},
		{`"label":"Owner","arrow":"2->1"` + page, "owns 2 1 |  |  | littlesis:55"},
		{`"label":"Owner"`, "linked-with 1 2 | Owner |  | e"},
		{`"label":"School"` + page, "linked-with 1 2 |  |  | littlesis:55"}, // no body studies
		{`"label":"Member"` + page, "member-of 1 2 |  |  | littlesis:55"},
		{`"label":"Donation/Grant"` + page, "paid 1 2 |  |  | littlesis:55"},
		{`"label":"Parent Org"` + page, "part-of 1 2 |  |  | littlesis:55"},
		{`"label":"Professional"` + page, "associate-of 1 2 |  |  | littlesis:55"},
		{`"label":"CEO"` + page, "linked-with 1 2 | CEO |  | littlesis:55"},
		{`"label":"$2,600","arrow":"left"`, "linked-with 2 1 | $2,600 |  | e"},
		{`"label":"right","arrow":"right"`, "linked-with 1 2 | right |  | e"},
		{`"label":"both","arrow":"both"`, "linked-with 1 2 | both | arrows in both directions | e"},
		{`"label":"","arrow":false,"dash":false`, "linked-with 1 2 |  |  | e"},
		{`"label":null,"arrow":null,"dash":true`, "linked-with 1 2 |  | a dashed line | e"},
	} {
		text := `{"nodes":{"1":{"name":"A","url":"https://littlesis.org/org/1-A"},"2":{"name":"B","url":"https://littlesis.org/org/2"}},"edges":{"e":{"node1_id":1,"node2_id":2,` + c.edge + `}}}`
		r, err := foreigntest.ReadText(t, "x.json", text, "")
		if err != nil || len(r.Rows) > 0 || len(r.Facts) != 1 {
			t.Errorf("%s: %v %v", c.edge, err, r.Rows)
			continue
		}
		f := r.Facts[0]
		got := string(f.Verb)
		for _, p := range f.Roles {
			got += " " + strings.TrimPrefix(string(p.ID), "institution:littlesis/")
		}
		if got = fmt.Sprintf("%s | %s | %s | %s", got, f.Topic, f.Evidence[0].Note, f.Key); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.edge, got, c.want)
		}
	}
}

func TestMalformedMaps(t *testing.T) {
	nodes := func(n string) string { return "{\"edges\":{},\"nodes\": {\n" + n + "}}" }
	edges := func(e string) string { return "{\"nodes\":{},\"edges\": {\n" + e + "}}" }
	foreigntest.Malformed(t, "x.json", "oligrapher", []foreigntest.Bad{
		{Text: ``, Want: "is empty"}, {Text: `{`, Want: "ends too early"}, {Text: `{"nodes": {`, Want: "ends too early"}, {Text: `{"nodes": {"1": {"id": 1}}, "edges": {`, Want: "ends too early"},
		{Text: `{"nodes": {]}`, Want: "not JSON"}, {Text: `{"nodes": {"1": {"id": 1}}`, Want: "ends too early"}, {Text: `{"nodes": {"1": {"id": 1 "name": 2}}}`, Want: "not JSON"},
		{Text: `{"nodes": {}, "edges": {}} x`, Want: "more after the value"}, {Text: `{'nodes': {}}`, Want: "not JSON"}, {Text: `{"nodes": {"1": {"name": "\x"}}}`, Want: "not JSON"},
		{Text: "{\"nodes\": {\"1\": {\"name\": \"\xff\"}}}", Want: "not UTF-8"}, {Text: "{\"nodes\": {\"1\": {\"name\": \"\x00\"}}}", Want: "is binary"},
		{Text: nodes(`"1": 7`), Want: "2:6: a node or an edge that is not an object"}, {Text: nodes(`"1": "A"`), Want: "2:6: a node or an edge that is not an object"},
		{Text: nodes(`"1": {}`), Want: "2:6: a node or an edge that is not an object"}, {Text: `{"nodes": [1]}`, Want: "1:12: a node or an edge that is not an object"},
		{Text: `{"nodes": ["A"], "edges": []}`, Want: "1:12: a node or an edge that is not an object"}, {Text: `{"nodes": [{}], "edges": []}`, Want: "1:12: a node or an edge that is not an object"},
		{Text: nodes(`"1": {"id": 1}`), Want: "2:6: a node without a name"}, {Text: nodes(`"1": {"id": 1, "name": ""}`), Want: "a node without a name"},
		{Text: nodes(`"1": {"id": 1, "name": " "}`), Want: "a node without a name"}, {Text: nodes(`"1": {"id": 1, "name": null}`), Want: "a node without a name"},
		{Text: `{"nodes": [{"name": "A"}], "edges": []}`, Want: "1:12: a node without an id"}, {Text: nodes(`"1": {"id": 1, "display": {"x": 1}}`), Want: "2:6: a node without a name"},
		{Text: nodes(`"1": {"name": "A\u0007"}`), Want: "control character"}, {Text: nodes(`"1": {"name": "` + strings.Repeat("x", 20_000) + `"}`), Want: "2:"},
		{Text: nodes(`"` + strings.Repeat("x", 600) + `": {"name": "A"}`), Want: "bad id"}, {Text: nodes(`"a b": {"name": "A"}`), Want: "2:"}, {Text: nodes(`"<x>": {"name": "A"}`), Want: "2:"},
		{Text: edges(`"1": 7`), Want: "2:6: a node or an edge that is not an object"}, {Text: edges(`"1": {}`), Want: "2:6: a node or an edge that is not an object"},
		{Text: edges(`"1": {"id": 1}`), Want: "2:6: an edge without both of its nodes"}, {Text: edges(`"1": {"node1_id": 1}`), Want: "2:6: an edge without both of its nodes"},
		{Text: edges(`"1": {"node2_id": 1}`), Want: "2:6: an edge without both of its nodes"}, {Text: edges(`"1": {"node1_id": 1, "node2_id": ""}`), Want: "2:6: an edge without both of its nodes"},
		{Text: edges(`"1": {"node1_id": 1, "node2_id": null}`), Want: "2:6: an edge without both of its nodes"}, {Text: edges(`"1": {"node1_id": {"a": 1}, "node2_id": 2}`), Want: "2:6: an edge without both of its nodes"},
		{Text: `{"nodes": [], "edges": [{"node1_id": 1}]}`, Want: "1:25: an edge without both of its nodes"}, {Text: edges(`"1": {"node1_id": 1, "node2_id": 1}`), Want: "2:6: "},
		{Text: edges(`"1": {"node1_id": "a b", "node2_id": 1}`), Want: "2:"}, {Text: edges(`"1": {"node1_id": 1, "node2_id": 2, "url": "x\u0007y"}`), Want: "2:"},
		{Text: edges(`"1": {"node1_id": 1, "node2_id": 2, "label": "a\u0007"}`), Want: "2:"},
	})
}

func FuzzOligrapher(f *testing.F) {
	data, err := os.ReadFile(sampleMap)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add(`{"nodes":[{"id":"a","name":"A"}],"edges":[{"node1_id":"a","node2_id":"b"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		littlesis.LooksOligrapher("x.json", []byte(text))
		foreigntest.CheckErrors(t, "x.json", text, "oligrapher")
	})
}
