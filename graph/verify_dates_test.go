package graph_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Verify names a missing date of a part, and does not count it as outdated.
func TestVerifyNamesAMissingDateOfAPart(t *testing.T) {
	dir := t.TempDir()
	g, records := open(t, dir), chain(2)
	load(t, g, "a", records...)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	part := records[len(records)-1].(schema.Fact).ID.Value()
	s, err := store.Open(filepath.Join(dir, graph.File), nil)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.RemoveMatching(t.Context(), store.Pattern{Subject: part, Predicate: schema.ToTerm, Label: part})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	v, err := open(t, dir).Verify(t.Context())
	if err != nil || v.Outdated != 0 || len(v.Problems) != 1 || !strings.HasPrefix(v.Problems[0], "date ") {
		t.Errorf("%v, %d outdated: %q", err, v.Outdated, v.Problems)
	}
}
