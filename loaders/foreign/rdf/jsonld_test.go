package rdf_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/foreign/rdf"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/turtle"
)

func statements(text string, contexts rdf.Contexts) (out []string, err error) {
	for s, err := range rdf.JSONLD.Statements(text, contexts) {
		if err != nil {
			return nil, err
		}
		out = append(out, strings.TrimSpace(string(turtle.AppendNQuads(nil, s))))
	}
	return out, nil
}

// Statements of JSON-LD are those of the W3C's algorithm; blank nodes keep their labels.
func TestJSONLD(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"@id": "http://a", "http://b": "c"}`, `<http://a> <http://b> "c" .`},
		{`{"@id": "_:x", "http://b": {"@id": "_:y"}}`, `_:x <http://b> _:y .`},
		{`{"http://b": "_:no"}`, `_:anon-b0 <http://b> "_:no" .`},
		{`{"@id": "http://g", "@graph": [{"@id": "http://a", "http://b": {"@value": "x", "@language": "en"}}]}`, `<http://a> <http://b> "x"@en <http://g> .`},
		{`{"@context": {"n": "http://n"}, "@id": "http://a", "n": [true, 5]}`, `<http://a> <http://n> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> . | <http://a> <http://n> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .`},
		{`{"@context": "https://schema.org/", "@id": "http://a", "@type": "Person", "sameAs": "http://b"}`, `<http://a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/Person> . | <http://a> <http://schema.org/sameAs> <http://b> .`},
		{`{"@context": "http://given/", "@id": "http://a", "n": "x"}`, `<http://a> <http://given#n> "x" .`},
		{`{"@context": "http://other/", "@id": "http://a", "n": "x"}`, `<http://a> <http://any#n> "x" .`},
		{`{"@id": "http://a", "unknown": "x"}`, ``},
		{`[]`, ``}, {`{}`, ``},
	} {
		got, err := statements(c.text, rdf.Contexts{"http://given/": []byte(`{"@context": {"n": "http://given#n"}}`), "": []byte(`{"@context": {"n": "http://any#n"}}`)})
		if joined := strings.Join(got, " | "); err != nil || joined != c.want {
			t.Errorf("%s\n got %s %v\nwant %s", c.text, joined, err, c.want)
		}
	}
	if got := fmt.Sprint(rdf.Unmapped(`{"@id": "http://a", "b": "x", "c": [1, 2]}`, nil)); got != "map[b:1 c:2]" {
		t.Errorf("keys without a meaning: %s", got)
	}
}

// Each malformed text is an error at its place, and a context that is not there is named,
// with the flag that gives it.
func TestMalformedJSONLD(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, `1:1: not JSON: EOF`},
		{`{`, `1:1: not JSON: unexpected EOF`},
		{"{\n\"a\" 1}", `2:5: not JSON: invalid character '1'`},
		{`{"a": 1}}`, `1:9: not JSON: more after the value`},
		{`{"a": 1} {}`, `not JSON: more after`},
		{`{a: 1}`, `1:2: not JSON`},
		{`[1,]`, `1:4: not JSON`},
		{`{"@context": "http://x/c"}`, `1:14: the context "http://x/c" is not known, and nothing is fetched`},
		{"{\"@context\":\n [{}, \"http://x/c\"]}", `2:7: the context "http://x/c" is not known`},
		{`{"@context": "c.jsonld"}`, `1:14: the context "c.jsonld" is not known`},
		{`{"@context": "file:///etc/passwd"}`, `1:14: the context "file:///etc/passwd" is not known`},
		{`{"@context": {"@version": 1.1, "@import": "http://x/c"}}`, `the context "http://x/c" is not known`},
		{`{"@context": {"a": {"@id": "http://a", "@context": "http://x/c"}}, "a": {"@id": "http://b"}}`, `the context "http://x/c" is not known`},
		{`{"@context": "http://bad/"}`, `the context of http://bad/ is not JSON`},
		{`{"@context": "http://empty/"}`, `not JSON-LD: invalid remote context`},
		{`{"@context": "http://loop/"}`, `not JSON-LD: recursive context inclusion`},
		{`{"@context": 5}`, `not JSON-LD: invalid local context`},
		{`{"@context": {"@vocab": 5}}`, `not JSON-LD: invalid vocab mapping`},
		{`{"@context": {"@base": 5}}`, `not JSON-LD: invalid base IRI`},
		{`{"@context": {"@language": 5}}`, `not JSON-LD: invalid default language`},
		{`{"@context": {"@version": 2}}`, `not JSON-LD: invalid @version`},
		{`{"@context": {"a": 5}, "a": 1}`, `not JSON-LD: invalid term definition`},
		{`{"@context": {"a": {"@id": 5}}, "a": 1}`, `not JSON-LD: invalid IRI mapping`},
		{`{"@context": {"a": {"@id": "http://a", "@type": 5}}, "a": 1}`, `not JSON-LD: invalid type mapping`},
		{`{"@context": {"a": {"@id": "http://a", "@type": "x y"}}, "a": 1}`, ``},
		{`{"@context": {"a": {"@id": "http://a", "@container": "x"}}, "a": 1}`, `not JSON-LD: invalid container mapping`},
		{`{"@context": {"a": {"@id": "http://a", "@language": 5}}, "a": 1}`, `not JSON-LD: invalid language mapping`},
		{`{"@context": {"a": {"@reverse": 5}}, "a": 1}`, `not JSON-LD: invalid IRI mapping`},
		{`{"@context": {"a": "b:c", "b": "a:d"}, "a": 1}`, `not JSON-LD: cyclic IRI mapping`},
		{`{"@context": {"@type": "http://t"}}`, `not JSON-LD: keyword redefinition`},
		{`{"@id": 5}`, `not JSON-LD: invalid @id value`},
		{`{"@id": ["a"]}`, `not JSON-LD: invalid @id value`},
		{`{"@type": 5}`, `not JSON-LD: invalid type value`},
		{`{"http://a": {"@value": {}}}`, `not JSON-LD: invalid value object value`},
		{`{"http://a": {"@value": "x", "@id": "y"}}`, `not JSON-LD: invalid value object`},
		{`{"http://a": {"@value": "x", "@language": 5}}`, `not JSON-LD: invalid language-tagged string`},
		{`{"http://a": {"@value": 1, "@language": "en"}}`, `not JSON-LD: invalid language-tagged value`},
		{`{"http://a": {"@value": "x", "@type": 5}}`, `not JSON-LD: invalid type`},
		{`{"http://a": {"@list": 1, "@set": 2}}`, `not JSON-LD: invalid set or list object`},
		{`{"@reverse": 5}`, `not JSON-LD: invalid @reverse value`},
		{`{"@index": 5}`, `not JSON-LD: invalid @index value`},
		{`{"@graph": [{"@id": 5}]}`, `not JSON-LD: invalid @id value`},
		{`{"@id": "rel", "http://a": "x"}`, `1:9: the IRI "rel" is relative`},
		{`{"@id": "_:a b", "http://a": "x"}`, `"a b" cannot be the label of a blank node`},
		{`{"http://a": {"@value": "x", "@language": "e n"}}`, ``},
	} {
		got, err := statements(c.text, rdf.Contexts{"http://bad/": []byte(`{`), "http://empty/": []byte(`{}`), "http://loop/": []byte(`{"@context": "http://loop/"}`)})
		if c.want == "" {
			continue // json-gold is more lenient here; it must not panic
		}
		at := (*turtle.Error)(nil)
		if !errors.As(err, &at) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n got %v %s\nwant %s", c.text, err, got, c.want)
		}
	}
	_, err := statements(`{"@context": "http://x/c"}`, nil)
	if hint := schema.Hint(err); !strings.Contains(hint, "--context http://x/c=FILE") {
		t.Errorf("hint %q", hint)
	}
}

// FuzzJSONLD reads texts: whatever they are, it ends with statements that N-Quads allow,
// or with an error at its place.
func FuzzJSONLD(f *testing.F) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "formats", "norway.jsonld"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add(`{"@context": {"a": {"@id": "http://a", "@container": "@list"}}, "a": [1, {"@value": "x"}], "@graph": [{"@id": "_:b"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		_, err := statements(text, nil)
		if at := (*turtle.Error)(nil); err != nil && (!errors.As(err, &at) || at.Line < 1) {
			t.Fatalf("an error without its place: %v", err)
		}
	})
}
