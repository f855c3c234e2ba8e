package nquads_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	peer "github.com/cayleygraph/quad/nquads"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

const someLines = "<a:s> <a:p> \"\\u00e9\\t\"@en _:g .\r\n# c\n_:b <a:p> \"1\"^^<a:t> .\r<a:s> <a:p> <a:o\\u0041> .\r\r\n" +
	"<rdf:type> <a:p> <a:o> .\n<urn:entente:dip:met> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \"\" <a:g> .\n<a:s> <a:p> \"\xff\" ."

// value converts a term to a quad value, without shortening IRIs.
func value(t nquads.Term) quad.Value {
	switch {
	case t.Kind == nquads.None:
		return nil
	case t.Kind == nquads.IRI:
		return quad.IRI(t.Text)
	case t.Kind == nquads.Blank:
		return quad.BNode(t.Text)
	case len(t.Lang) > 0:
		return quad.LangString{Value: quad.String(t.Text), Lang: string(t.Lang)}
	case len(t.Datatype) > 0:
		return quad.TypedString{Value: quad.String(t.Text), Type: quad.IRI(t.Datatype)}
	}
	return quad.String(t.Text)
}

func quadOf(s nquads.Statement) quad.Quad {
	return quad.Quad{Subject: value(s.Subject), Predicate: value(s.Predicate), Object: value(s.Object), Label: value(s.Label)}
}

// one reads a text of one statement; ok is false for any other text.
func one(text []byte) (q quad.Quad, ok bool) {
	r := nquads.NewReader(bytes.NewReader(text), "in.nq")
	s, err := r.Read()
	if err != nil {
		return q, false
	}
	q = quadOf(s)
	_, err = r.Read()
	return q, errors.Is(err, io.EOF)
}

// Every statement that can be read is the same after writing and reading.
func FuzzRoundTrip(f *testing.F) {
	for line := range strings.Lines(someLines) {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		q, ok := one(line)
		if !ok {
			return
		}
		again, ok := one(written(t, q))
		if !ok || expanded(again) != expanded(q) {
			t.Fatalf("%#v\nbecame %#v\nby %s", q, again, written(t, q))
		}
	})
}

// expanded returns a quad with absolute IRIs, as they are written.
func expanded(q quad.Quad) quad.Quad {
	for _, d := range quad.Directions {
		switch v := q.Get(d).(type) {
		case quad.IRI:
			q.Set(d, quad.IRI(nquads.Expand(v)))
		case quad.TypedString:
			v.Type = quad.IRI(nquads.Expand(v.Type))
			q.Set(d, v)
		}
	}
	return q
}

func written(t *testing.T, q quad.Quad) []byte {
	var b bytes.Buffer
	w := nquads.NewWriter(&b)
	if err := errors.Join(w.Write(q), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// misread reports whether Cayley's reader included brackets in an IRI, as it does
// if there is no space between two IRIs.
func misread(p quad.Quad) bool {
	for _, d := range quad.Directions {
		if iri, ok := p.Get(d).(quad.IRI); ok && strings.ContainsAny(string(iri), "<>") {
			return true
		}
	}
	return false
}

// A valid line that Cayley's reader accepts has the same result in both readers.
func FuzzPeer(f *testing.F) {
	for line := range strings.Lines(someLines) {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		q, ok := one(line)
		if !ok || bytes.ContainsAny(line, "\r\n") {
			return
		}
		if p, ok := askPeer(line); ok && !misread(p) && p != q {
			t.Fatalf("%q\n  ours %#v\nCayley %#v", line, q, p)
		}
	})
}

// askPeer reads a line with Cayley's reader, which may panic.
func askPeer(line []byte) (q quad.Quad, ok bool) {
	defer func() { ok = ok && recover() == nil }()
	q, err := peer.NewReader(bytes.NewReader(line), false).ReadQuad()
	return q, err == nil
}

// Chunks of any size, from reads of any size, contain the lines of the whole
// input.
func FuzzChunks(f *testing.F) {
	f.Add([]byte(someLines), uint8(9), uint8(1))
	f.Add([]byte("\r\r\n\n\r"), uint8(1), uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, size, read uint8) {
		want, bad := readAll(t, bytes.NewReader(data))
		chunks := nquads.NewChunks(&smallReads{bytes.NewReader(data), int(read%7) + 1}, "in.nq")
		var got []string
		gotBad := 0
		for {
			chunk, err := chunks.Next(make([]byte, 0, int(size)+1))
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			for r := chunk.Reader("in.nq"); ; {
				s, err := r.Read()
				if errors.Is(err, io.EOF) {
					break
				}
				row := (*schema.RowError)(nil)
				switch {
				case errors.As(err, &row):
					got, gotBad = append(got, err.Error()), gotBad+1
				case err != nil:
					t.Fatal(err)
				default:
					got = append(got, text(s))
				}
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") || bad != gotBad {
			t.Errorf("whole %q\nin chunks %q", want, got)
		}
	})
}

// smallReads limits the size of each read.
type smallReads struct {
	r io.Reader
	n int
}

func (s *smallReads) Read(b []byte) (int, error) { return s.r.Read(b[:min(len(b), s.n)]) }
