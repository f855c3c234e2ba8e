package store_test

import (
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema/nquads"
)

// FuzzOpen opens a damaged file. Each four bytes of edits are a position, within
// the first 16 MiB, and the bits to change there; cut is the number of bytes
// missing at the end.
func FuzzOpen(f *testing.F) {
	was, w := smallStore(f), newWorld(17)
	path := filepath.Join(f.TempDir(), "damaged.db")
	f.Add([]byte{0, 0, 9, 1}, uint16(0))
	f.Add([]byte{0, 32, 10, 255, 0, 48, 8, 3}, uint16(0))
	f.Add([]byte{}, uint16(5000))
	f.Fuzz(func(t *testing.T, edits []byte, cut uint16) {
		bad := slices.Clone(was.file)
		for ; len(edits) >= 4; edits = edits[4:] {
			at := binary.BigEndian.Uint32(edits) >> 8
			bad[int(at)%len(bad)] ^= edits[3]
		}
		if err := os.WriteFile(path, bad[:len(bad)-int(cut)%len(bad)], 0o644); err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(uint64(cut), 1))
		if err := examine(t, path, was, world{rng, w.nodes, w.predicates, w.objects, w.labels}); errors.Is(err, errUnnoticed) {
			t.Fatal(err)
		}
	})
}

// smallStore returns a store of some quads without long terms, with a level.
func smallStore(t testing.TB) sound {
	dir := t.TempDir()
	s := openStore(t, dir, store.Tight(0, 0, 40, store.Options{NoSync: true}))
	was := sound{m: model{}, ever: model{}}
	for part := range 2 {
		var quads []quad.Quad
		for i := range 60 {
			quads = append(quads, someQuad(part*60+i))
		}
		add(t, s, quads...)
		for _, q := range quads {
			was.m[q], was.ever[q] = true, true
		}
	}
	was.digest = digestOf(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if was.file, err = os.ReadFile(filepath.Join(dir, "graph.db")); err != nil {
		t.Fatal(err)
	}
	return was
}

// FuzzAddNQuads stores a text with AddNQuads and its quads with AddAll: the same
// quads must be new.
func FuzzAddNQuads(f *testing.F) {
	f.Add("<a:s> <a:p> \"\\u00e9\"@en _:g .\r\n# c\n_:b <a:p> \"01\"^^<http://www.w3.org/2001/XMLSchema#integer> .")
	f.Add("<urn:entente:dip:met> <a:p> <a:o> .\r\r\n<a:s> <a:p> \"\xff\" .")
	f.Add("<a:s> <a:p> \"1.0\"^^<http://www.w3.org/2001/XMLSchema#double> .\n<a:s> <a:p> \"x\"^^<http://www.w3.org/2001/XMLSchema#string> .")
	s := openStore(f, f.TempDir(), &store.Options{NoSync: true})
	f.Fuzz(func(t *testing.T, text string) {
		quads, bad := quadsIn(t, text)
		undo := errors.New("undo")
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			want, err := tx.AddAll(quads)
			if err != nil {
				return err
			}
			again, err := tx.AddNQuads(strings.NewReader(text), "in.nq")
			if (err != nil) != bad || again != 0 {
				t.Errorf("as text %d more are new (%v), bad lines: %v", again, err, bad)
			}
			for _, q := range quads {
				if _, err := tx.Remove(q); err != nil {
					return err
				}
			}
			n, err := tx.AddNQuads(strings.NewReader(text), "in.nq")
			if (err != nil) != bad || n != int64(want) && !bad {
				t.Errorf("as values %d are new, as text %d (%v)", want, n, err)
			}
			for _, q := range quads {
				if has, err := tx.Has(q); (err != nil || !has) && !bad {
					t.Errorf("%v is not there: %v", q, err)
				}
			}
			return undo
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
	})
}

// quadsIn reads the quads before the first bad line.
func quadsIn(t *testing.T, text string) (quads []quad.Quad, bad bool) {
	r := nquads.NewReader(strings.NewReader(text), "in.nq")
	for {
		s, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return quads, false
		case errors.Is(err, nquads.ErrSyntax):
			return quads, true
		case err != nil:
			t.Fatal(err)
		}
		quads = append(quads, quad.Quad{Subject: valueOf(s.Subject), Predicate: valueOf(s.Predicate),
			Object: valueOf(s.Object), Label: valueOf(s.Label)})
	}
}

func valueOf(t nquads.Term) quad.Value {
	iri := func(b []byte) quad.IRI {
		prefix, rest := nquads.Abbreviate(b)
		return quad.IRI(prefix + string(rest))
	}
	switch {
	case t.Kind == nquads.None:
		return nil
	case t.Kind == nquads.IRI:
		return iri(t.Text)
	case t.Kind == nquads.Blank:
		return quad.BNode(t.Text)
	case len(t.Lang) > 0:
		return quad.LangString{Value: quad.String(t.Text), Lang: string(t.Lang)}
	case len(t.Datatype) > 0:
		return quad.TypedString{Value: quad.String(t.Text), Type: iri(t.Datatype)}
	}
	return quad.String(t.Text)
}
