package nquads_test

import (
	"math"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	peer "github.com/cayleygraph/quad/nquads"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

func TestWrite(t *testing.T) {
	subject, label := schema.ID("person:谢锋").Value(), schema.DatasetValue("d")
	for _, test := range []struct {
		quad quad.Quad
		want string
	}{
		{quad.Quad{Subject: subject, Predicate: schema.Term("met"), Object: schema.ID("fact:x").Value()},
			`<urn:entente:person:谢锋> <urn:entente:dip:met> <urn:entente:fact:x> .`},
		{quad.Quad{Subject: subject, Predicate: schema.LabelTerm, Object: quad.String("a \"b\"\n\\\t\x01"), Label: label},
			`<urn:entente:person:谢锋> <http://www.w3.org/2000/01/rdf-schema#label> "a \"b\"\n\\\t\u0001" <urn:entente:data:d> .`},
		{quad.Quad{Subject: quad.BNode("b"), Predicate: quad.IRI("http://example.org/p"), Object: quad.LangString{Value: "谢", Lang: "zh"}},
			`_:b <http://example.org/p> "谢"@zh .`},
		{quad.Quad{Subject: subject, Predicate: schema.FromTerm, Object: schema.Day(0).Date()},
			`<urn:entente:person:谢锋> <urn:entente:dip:from> "1970-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .`},
		{quad.Quad{Subject: subject, Predicate: schema.StartTerm, Object: quad.Int(7)},
			`<urn:entente:person:谢锋> <urn:entente:dip:start> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .`},
		{quad.Quad{Subject: subject, Predicate: schema.ConfidenceTerm, Object: quad.Float(0.05)},
			`<urn:entente:person:谢锋> <urn:entente:dip:confidence> "5.0E-2"^^<http://www.w3.org/2001/XMLSchema#double> .`},
		{quad.Quad{Subject: subject, Predicate: schema.ConfidenceTerm, Object: quad.Float(math.Inf(-1))},
			`<urn:entente:person:谢锋> <urn:entente:dip:confidence> "-INF"^^<http://www.w3.org/2001/XMLSchema#double> .`},
		{quad.Quad{Subject: subject, Predicate: schema.ConfidenceTerm, Object: quad.Float(-1234.5)},
			`<urn:entente:person:谢锋> <urn:entente:dip:confidence> "-1.2345E3"^^<http://www.w3.org/2001/XMLSchema#double> .`},
		{quad.Quad{Subject: quad.IRI("x:a b<"), Predicate: schema.AttestedTerm, Object: quad.Bool(true)},
			`<x:a\u0020b\u003C> <urn:entente:dip:attested> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .`},
	} {
		var out strings.Builder
		w := nquads.NewWriter(&out)
		if err := w.Write(test.quad); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if out.String() != test.want+"\n" {
			t.Errorf("got  %swant %s", out.String(), test.want)
		}
		if _, err := peer.ParseRaw(test.want); err != nil {
			t.Errorf("Cayley's reader: %v: %s", err, test.want)
		}
	}
}

func TestWriteRefusesWhatHasNoForm(t *testing.T) {
	if err := nquads.NewWriter(&strings.Builder{}).Write(quad.Quad{Subject: nil}); err == nil {
		t.Error("a quad without a subject was written")
	}
}
