package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema/nquads"
)

// lines is the syntax of N-Quads.
func lines() store.Syntax {
	return store.Syntax{
		Term: func(dst []byte, t nquads.Term) ([]byte, error) { return nquads.AppendTerm(dst, t), nil },
		Subject: func(dst []byte, quads []store.TextQuad) []byte {
			for _, q := range quads {
				for _, part := range q {
					if part.Kind != nquads.None {
						dst = append(append(dst, part.Bytes...), ' ')
					}
				}
				dst = append(dst, ".\n"...)
			}
			return dst
		},
	}
}

func orderedText(ctx context.Context, s *store.Snapshot, x store.Syntax) (string, error) {
	var out strings.Builder
	for text, err := range s.OrderedText(ctx, x) {
		if err != nil {
			return out.String(), err
		}
		out.Write(text)
	}
	return out.String(), nil
}

// wantOrdered sorts the quads of a snapshot by their encoded terms, and writes them.
func wantOrdered(t *testing.T, s *store.Snapshot) string {
	t.Helper()
	type encoded struct {
		quad  quad.Quad
		terms [4][]byte
	}
	var all []encoded
	for q, err := range s.Match(t.Context(), store.Pattern{}) {
		if err != nil {
			t.Fatal(err)
		}
		e := encoded{quad: q}
		for i, d := range quad.Directions {
			if v := q.Get(d); v != nil {
				e.terms[i], _ = rdf.AppendTerm(nil, v)
			}
		}
		e.terms[0] = quadfile.TermKey(e.terms[0]) // long subjects are in the order of the dictionary
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b encoded) int { return slices.CompareFunc(a.terms[:], b.terms[:], bytes.Compare) })
	var out bytes.Buffer
	w := nquads.NewWriter(&out)
	for _, e := range all {
		if err := w.Write(e.quad); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// anyQuad is a random quad of few subjects and all kinds of terms.
func anyQuad(r *rand.Rand) quad.Quad {
	n := r.IntN(60)
	subject := []quad.Value{quad.IRI(fmt.Sprintf("person:%d", n)), quad.BNode(fmt.Sprintf("b%d", n)), quad.IRI("http://example.org/" + strings.Repeat("x", 500+n))}[r.IntN(3)]
	object := []quad.Value{
		quad.IRI(fmt.Sprintf("fact:%d", n)), quad.BNode("b1"), quad.String(strings.Repeat("谢\n", n)), quad.Int(n - 30), quad.Float(float64(n) / 7),
		quad.LangString{Value: quad.String(fmt.Sprint(n)), Lang: "de-AT"}, quad.LangString{Value: "a\x00b", Lang: "en"}, quad.Bool(n%2 == 0),
		quad.TypedString{Value: "2023-07-12", Type: "xsd:date"}, quad.Time(time.Unix(int64(n), 0)),
	}[r.IntN(10)]
	label := []quad.Value{nil, quad.IRI("data:a"), quad.BNode("g"), quad.IRI(fmt.Sprintf("fact:%d", n))}[r.IntN(4)]
	return quad.Quad{Subject: subject, Predicate: quad.IRI(fmt.Sprintf("dip:p%d", n%5)), Object: object, Label: label}
}

// The text has all quads in order, whatever was added and removed by how many
// transactions, and on any number of processors.
func TestOrderedText(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 15))
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	for round := range 6 {
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			for range 40 << round {
				if _, err := tx.Add(anyQuad(r)); err != nil {
					return err
				}
				if _, err := tx.Remove(anyQuad(r)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		snapshot := snapshotOf(t, s)
		want := wantOrdered(t, snapshot)
		for _, processors := range []int{1, 2, 8} {
			before := runtime.GOMAXPROCS(processors)
			got, err := orderedText(t.Context(), snapshot, lines())
			runtime.GOMAXPROCS(before)
			if err != nil || got != want {
				t.Fatalf("round %d, %d processors: %v\n%d bytes, want %d", round, processors, err, len(got), len(want))
			}
		}
	}
}

// What RDF does not allow is an error that has the quad, unless its label is left out.
func TestOrderedTextRefusesWhatRDFDoesNotAllow(t *testing.T) {
	s, p, label := quad.IRI("person:a"), quad.IRI("dip:p"), quad.IRI("data:d")
	for want, q := range map[string]quad.Quad{
		`the text "a\xff" is not UTF-8 in the quad <person:a>`:   {Subject: s, Predicate: p, Object: quad.String("a\xff"), Label: label},
		`' ' cannot stand in the IRI "x:a b" in the quad <x:a b`: {Subject: quad.IRI("x:a b"), Predicate: p, Object: s, Label: label},
		`"1:2" is not an absolute IRI in the quad`:               {Subject: s, Predicate: p, Object: quad.IRI("1:2"), Label: label},
		`"a b" cannot be the label of a blank node`:              {Subject: s, Predicate: p, Object: quad.BNode("a b"), Label: label},
		`"-" is no language tag`:                                 {Subject: s, Predicate: p, Object: quad.LangString{Value: "x", Lang: "-"}, Label: label},
		`cannot stand in the IRI "x:<"`:                          {Subject: s, Predicate: p, Object: quad.TypedString{Value: "x", Type: "x:<"}, Label: label},
		`only an IRI can be a predicate`:                         {Subject: s, Predicate: quad.BNode("p"), Object: s, Label: label},
		`no literal can be a label`:                              {Subject: s, Predicate: p, Object: s, Label: quad.String("d")},
		`no literal can be a subject in the quad "s"`:            {Subject: quad.String("s"), Predicate: p, Object: s, Label: label},
	} {
		db := openStore(t, t.TempDir(), &store.Options{NoSync: true})
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.AddAll([]quad.Quad{{Subject: s, Predicate: p, Object: s}, q})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		snapshot := snapshotOf(t, db)
		if _, err := orderedText(t.Context(), snapshot, lines()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
		x := lines()
		x.Omit = q.Label
		if _, err := orderedText(t.Context(), snapshot, x); err != nil && q.Subject.String()[0] != '"' {
			t.Errorf("left out: %v", err)
		}
	}
}

// A loop that is left, a context that ends and an error of the syntax leave no
// goroutine behind.
func TestOrderedTextEnds(t *testing.T) {
	db := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		for i := range 20_000 {
			if _, err := tx.Add(quad.MakeIRI(fmt.Sprintf("person:%d", i), "dip:p", "person:0", "")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	snapshot := snapshotOf(t, db)
	before := runtime.NumGoroutine()
	for text, err := range snapshot.OrderedText(t.Context(), lines()) {
		if err != nil || len(text) == 0 {
			t.Error(err)
		}
		break
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	errEnd, errSyntax := errors.New("ended"), errors.New("no such syntax")
	parts := 0
	for _, err := range snapshot.OrderedText(ctx, lines()) {
		if parts++; parts == 2 {
			cancel(errEnd)
		}
		if err != nil && !errors.Is(err, errEnd) {
			t.Error(err)
		}
	}
	if parts > 10 {
		t.Errorf("%d parts after the context has ended", parts)
	}
	x := lines()
	x.Term = func(dst []byte, t nquads.Term) ([]byte, error) { return dst, errSyntax }
	if _, err := orderedText(t.Context(), snapshot, x); !errors.Is(err, errSyntax) {
		t.Errorf("error %v", err)
	}
	for range 500 { // one that has done its work may not have ended yet
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}
