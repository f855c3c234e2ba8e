package export_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/piprate/json-gold/ld"

	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/schema/nquads"
)

// addTerms adds parts of terms: texts, IRIs and language tags.
func addTerms(f *testing.F) {
	for _, text := range []string{hostile, strings.Repeat("谢\"\\", 3000), "</script>]]>-->", "=cmd|' /C calc'!A0", "\x00\x01\t\r\n\x7f\u0085\u2028\ufeff", "'''\"\"\"", `\u0041\n`} {
		f.Add(text, "person:xie-feng", "en-US")
		f.Add(text, "xsd:date", "")
		f.Add(text, "urn:entente:person:a", "zh")
	}
	for _, iri := range []string{
		"person:a.", "person:-a", "person:", "person:a/b#c?d", "person:谢锋", "person:a%20b", "person://a", "data:d/_:b", "data:text/plain,x", "x", "rdf:type",
		"http://example.org/\u00e9?a=b&c=d#e", "mailto:a@b", "_:b", "dip:a~b", "dip:a(b)", "urn:entente:x", "@type", "@vocab:x", "http://www.w3.org/2001/XMLSchema#integer",
		"rdf:JSON", "rdf:HTML", "xsd:boolean", "xsd:integer",
	} {
		f.Add("1", iri, "")
	}
}

// terms returns the valid terms that can be made of the parts.
func terms(text, iri, lang string) (all []nquads.Term) {
	for _, t := range []nquads.Term{
		{Kind: nquads.IRI, Text: []byte(iri)}, {Kind: nquads.Blank, Text: []byte(lang)}, {Kind: nquads.Literal, Text: []byte(text)},
		{Kind: nquads.Literal, Text: []byte(text), Lang: []byte(lang)}, {Kind: nquads.Literal, Text: []byte(text), Datatype: []byte(iri)},
	} {
		if t.Check() == nil {
			all = append(all, t)
		}
	}
	return all
}

// object reads the object of a line of N-Quads.
func object(t *testing.T, line string) nquads.Term {
	t.Helper()
	r := nquads.NewReader(strings.NewReader(line), "in.nq")
	s, err := r.Read()
	if err != nil {
		t.Fatalf("%v: %q", err, line)
	}
	s.Object.Text = bytes.Clone(s.Object.Text)
	if _, err := r.Read(); !errors.Is(err, io.EOF) {
		t.Fatalf("more than one line: %q", line)
	}
	return s.Object
}

// written is a term as N-Quads with lower-case language tags, for comparisons.
func written(t nquads.Term) string {
	t.Lang = bytes.ToLower(t.Lang)
	return string(nquads.AppendTerm(nil, t))
}

// expandName replaces a prefixed name at the end of a term by its IRI.
func expandName(t *testing.T, term string) string {
	at := 0
	if term[0] == '"' {
		if at = strings.LastIndex(term, `"^^`) + 3; at < 3 {
			return term
		}
	}
	if name := term[at:]; name[0] != '<' && name[0] != '_' {
		prefix, local, _ := strings.Cut(name, ":")
		for _, p := range nquads.Prefixes() {
			if p.Name == prefix {
				return term[:at] + "<" + p.Namespace + local + ">"
			}
		}
		t.Fatalf("no prefix of %q is declared", name)
	}
	return term
}

// A term of Turtle, once its prefix is expanded, is the same term of N-Quads: what
// both have in common is all that is written.
func FuzzTurtleTerm(f *testing.F) {
	addTerms(f)
	f.Fuzz(func(t *testing.T, text, iri, lang string) {
		for _, want := range terms(text, iri, lang) {
			turtle, err := export.AppendTurtleTerm(nil, want)
			if err != nil {
				t.Fatal(err)
			}
			got := object(t, "<a:s> <a:p> "+expandName(t, string(turtle))+" .")
			if written(got) != written(want) {
				t.Errorf("%q was read as %q by %s", written(want), written(got), turtle)
			}
		}
	})
}

// rewritten are the datatypes whose texts json-gold rewrites.
var rewritten = map[string]bool{"http://www.w3.org/2001/XMLSchema#double": true, "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON": true}

// A term of JSON-LD is read as the same term by a processor of JSON-LD. The file can
// stand in the element of a page that embeds it.
func FuzzJSONTerm(f *testing.F) {
	addTerms(f)
	f.Fuzz(func(t *testing.T, text, iri, lang string) {
		for _, want := range terms(text, iri, lang) {
			term, err := export.AppendJSONTerm(nil, want)
			if err != nil {
				t.Fatal(err)
			}
			value := string(term)
			if want.Kind != nquads.Literal {
				value = `{"@id":` + value + `}`
			}
			if strings.ContainsAny(value, "<\n") {
				t.Errorf("%q is not safe in a page", value)
			}
			got := object(t, processed(t, `{"@context":{`+export.JSONPrefixes()+`},"@graph":[{"@id":"a:s","a:p":`+value+`}]}`))
			if want.Kind == nquads.Blank && got.Kind == nquads.Blank { // the processor renames it
				continue
			}
			if written(got) != written(want) && !rewritten[nquads.Expand(quad.IRI(want.Datatype))] {
				t.Errorf("%q was read as %q by %s", written(want), written(got), value)
			}
		}
	})
}

// processed is a document of JSON-LD as N-Quads, by json-gold.
func processed(t *testing.T, document string) string {
	t.Helper()
	var tree any
	if err := json.Unmarshal([]byte(document), &tree); err != nil {
		t.Fatalf("%v: %s", err, document)
	}
	options := ld.NewJsonLdOptions("")
	options.Format = "application/n-quads"
	lines, err := ld.NewJsonLdProcessor().ToRDF(tree, options)
	if err != nil {
		t.Fatalf("%v: %s", err, document)
	}
	return lines.(string)
}
