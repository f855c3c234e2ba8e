package store_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// A SubjectReader finds the quads that Match finds, whatever was added and removed by how
// many transactions, and in whatever order and how often it is asked.
func TestSubjectReaderAgreesWithMatch(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 16))
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	for round := range 7 {
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
		checkSubjectReader(t, snapshotOf(t, s), r)
	}
}

func checkSubjectReader(t *testing.T, s *store.Snapshot, r *rand.Rand) {
	t.Helper()
	subjects, reader := subjectsOf(t, s), s.SubjectReader()
	limited := s.SubjectReader().Sharing(reader)
	p1, err := s.ID(quad.IRI("dip:p1"))
	if err != nil {
		t.Fatal(err)
	}
	const many = 12
	limited.Restrict(many, p1)
	for range 3 {
		ids := slices.Clone(subjects)
		r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		ids = ids[:1+r.IntN(len(ids))]
		if err := reader.Read(ids, p1); err != nil {
			t.Fatal(err)
		}
		if err := limited.Read(ids, 0); err != nil {
			t.Fatal(err)
		}
		for i, id := range ids {
			want, linked := quadsOf(t, s, id), []uint64{}
			for _, q := range want {
				if object, err := s.ID(q.Object); q.Predicate == quad.IRI("dip:p1") && !slices.Contains(linked, object) {
					if linked = append(linked, object); err != nil {
						t.Fatal(err)
					}
				}
			}
			slices.Sort(linked)
			all := slices.Clone(want)
			for _, object := range linked {
				all = append(all, quadsOf(t, s, object)...)
			}
			checkTexts(t, reader, i, all) // before Quads decodes them
			if own, both := reader.Quads(i); !slices.Equal(own, want) || !slices.Equal(both, all) {
				t.Fatalf("subject %d: %d quads and %d with objects, want %d and %d", id, len(own), len(both), len(want), len(all))
			}
			few := slices.DeleteFunc(slices.Clone(want), func(q quad.Quad) bool { return q.Predicate != quad.IRI("dip:p1") })
			if len(want) > many {
				few = nil
			}
			if own, _ := limited.Quads(i); !slices.Equal(own, few) {
				t.Fatalf("subject %d with %d quads: %d quads of one predicate, want %d", id, len(want), len(own), len(few))
			}
		}
	}
}

// checkTexts checks that the numbers of quads stand for their terms.
func checkTexts(t *testing.T, reader *store.SubjectReader, i int, want []quad.Quad) {
	t.Helper()
	var texts store.Texts
	texts.Use(reader)
	_, all := reader.AppendNumbers(nil, i)
	for k, q := range all {
		for n, term := range []quad.Value{want[k].Subject, want[k].Predicate, want[k].Object, want[k].Label} {
			iri, _ := term.(quad.IRI)
			if got := texts.Value(q[n]); got != term || texts.ID(q[n]) != schema.ID(iri) || term != nil && texts.Text(q[n]) != schema.TextOf(term) {
				t.Fatalf("number %d is %v, want %v", q[n], got, term)
			}
		}
	}
}

// A SubjectReader reads no more bytes than it may, ends with its context, and can be used
// again after either error.
func TestSubjectReaderIsBounded(t *testing.T) {
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	r := rand.New(rand.NewPCG(3, 16))
	for range 100 {
		add(t, s, anyQuad(r))
	}
	snapshot := snapshotOf(t, s)
	ids, reader := subjectsOf(t, snapshot), snapshot.SubjectReader()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for range 2 {
		if err := reader.ReadContext(ended, ids, 0); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v after the context ended", err)
		}
		reader.MaxBytes(20)
		if err := reader.Read(ids, 0); !errors.Is(err, store.ErrLarge) {
			t.Errorf("error %v of a batch of more than 20 bytes", err)
		}
		reader.MaxBytes(0)
		if err := reader.Read(ids, 0); err != nil || reader.Bytes() <= 20 {
			t.Errorf("%d bytes, error %v", reader.Bytes(), err)
		}
		for i, id := range ids {
			if own, _ := reader.Quads(i); !slices.Equal(own, quadsOf(t, snapshot, id)) {
				t.Fatalf("subject %d: %v", id, own)
			}
		}
	}
}

// IDs finds the ids that ID finds, of IRIs that are there, twice there or not there.
func TestIDsAgreeWithID(t *testing.T) {
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	r := rand.New(rand.NewPCG(4, 16))
	for range 200 {
		add(t, s, anyQuad(r))
	}
	snapshot := snapshotOf(t, s)
	iris := []quad.IRI{"", "none", "dip:p1", "dip:p1", quad.IRI(strings.Repeat("x", 600))}
	for range 50 {
		if q := anyQuad(r); q.Subject != nil {
			if iri, ok := q.Subject.(quad.IRI); ok {
				iris = append(iris, iri)
			}
		}
	}
	for n := range len(iris) {
		ids, err := snapshot.IDs(iris[:n])
		if err != nil {
			t.Fatal(err)
		}
		for i, id := range ids {
			if want, err := snapshot.ID(iris[i]); err != nil || id != want {
				t.Errorf("%s has the id %d, want %d, %v", iris[i], id, want, err)
			}
		}
	}
}

// A transaction reads the quads of subjects as they were before its changes, and knows the
// ids of old and new terms.
func TestTransactionReadsSubjects(t *testing.T) {
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	old := quad.Quad{Subject: quad.IRI("dip:s"), Predicate: quad.IRI("dip:p"), Object: quad.String("old"), Label: quad.IRI("data:d")}
	fresh := old
	fresh.Object = quad.String("fresh")
	add(t, s, old)
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		subject, err := tx.ID(old.Subject)
		if err != nil || subject == 0 {
			t.Error(subject, err)
		}
		if id, err := tx.ID(fresh.Object); id != 0 || err != nil {
			t.Error("a term without a quad has an id", id, err)
		}
		if _, err := tx.Add(fresh); err != nil {
			return err
		}
		if id, err := tx.ID(fresh.Object); id == 0 || err != nil {
			t.Error("a new term has no id", err)
		}
		reader := tx.SubjectReader()
		if err := reader.Read([]uint64{subject}, 0); err != nil {
			return err
		}
		if own, _ := reader.Quads(0); !slices.Equal(own, []quad.Quad{old}) {
			t.Error(own)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// subjectsOf returns the ids of all subjects, and of a term that is none.
func subjectsOf(t *testing.T, s *store.Snapshot) (ids []uint64) {
	t.Helper()
	for q, err := range s.MatchIDs(t.Context(), store.Pattern{}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, q[0])
	}
	slices.Sort(ids)
	return append(slices.Compact(ids), 0)
}

// quadsOf returns the quads of a subject.
func quadsOf(t *testing.T, s *store.Snapshot, id uint64) (quads []quad.Quad) {
	t.Helper()
	subject, err := s.Term(id)
	if err != nil || subject == nil {
		return nil
	}
	for ids, err := range s.MatchIDs(t.Context(), store.Pattern{Subject: subject}) {
		if err != nil {
			t.Fatal(err)
		}
		q, err := s.Quad(ids)
		if err != nil {
			t.Fatal(err)
		}
		quads = append(quads, q)
	}
	return quads
}
