package store_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

func asText(t testing.TB, quads []quad.Quad) []byte {
	t.Helper()
	var b bytes.Buffer
	w := nquads.NewWriter(&b)
	for _, q := range quads {
		if err := w.Write(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestAddNQuads stores quads as values and as text, and compares the stores.
func TestAddNQuads(t *testing.T) {
	w := newWorld(31)
	var quads []quad.Quad
	for range 12_000 {
		quads = append(quads, w.quad())
	}
	text := asText(t, quads)
	byValue, byText := openStore(t, t.TempDir(), nil), openStore(t, t.TempDir(), nil)
	update(t, byValue, func(tx *store.Tx) error {
		_, err := tx.AddAll(quads)
		return err
	})
	update(t, byText, func(tx *store.Tx) error {
		want, err := tx.AddAll(quads[:500])
		if err != nil {
			return err
		}
		n, err := tx.AddNQuads(iotest.HalfReader(bytes.NewReader(text)), "quads.nq")
		if total, _ := tx.Count(t.Context(), store.Pattern{}); total != n+int64(want) {
			t.Errorf("%d quads were new, then %d, and there are %d", want, n, total)
		}
		return err
	})
	a, b := digestOf(t, byValue), digestOf(t, byText)
	if a != b {
		t.Errorf("digest %s by value, %s by text", a, b)
	}
}

func update(t testing.TB, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func digestOf(t testing.TB, s *store.Store) string {
	t.Helper()
	v, err := s.Verify(t.Context())
	if err != nil || len(v.Problems) > 0 {
		t.Fatal(v, err)
	}
	return v.Digest
}

// TestAddNQuadsBadLine expects the position of the first bad line, with every
// line ending and wherever chunks of the text begin.
func TestAddNQuadsBadLine(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		lines := strings.Repeat("<urn:a:s> <urn:a:p> \"text\" ."+end, 60_000)
		text := "# comment" + end + lines + "<urn:a:s> <urn:a:p> bad ." + end + lines
		s := openStore(t, t.TempDir(), nil)
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.AddNQuads(strings.NewReader(text), "bad.nq")
			return err
		})
		row := (*schema.RowError)(nil)
		if !errors.As(err, &row) || row.Pos != (schema.Position{File: "bad.nq", Line: 60_002, Col: 21}) {
			t.Errorf("line ends %q: %v", end, err)
		}
	}
	long := "<urn:a:s> <urn:a:p> \"" + strings.Repeat("x", nquads.MaxLine) + "\" .\n"
	s := openStore(t, t.TempDir(), nil)
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.AddNQuads(strings.NewReader("<urn:a:s> <urn:a:p> <urn:a:o> .\n"+long), "long.nq")
		return err
	})
	if !errors.Is(err, nquads.ErrSyntax) || !strings.Contains(err.Error(), "2") {
		t.Error(err)
	}
}
