// Package foreigntest is what the tests of formats of other programs share. Only tests
// import it.
package foreigntest

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/schema"
)

// Dataset is the name of the dataset of every file that is read.
const Dataset = "d"

// Records is what was read of a file.
type Records struct {
	Format    string // as which the file was read, if it was recognized
	Entities  []schema.Entity
	Documents []schema.Document
	Facts     []schema.Fact
	Rows      []*loaders.RowError
	LeftOut   int            // rows
	Unmapped  map[string]int // values of fields that are left out
}

// Entity returns the entity of an id; its zero value if there is none.
func (r *Records) Entity(id schema.ID) schema.Entity {
	for _, e := range r.Entities {
		if e.ID == id {
			return e
		}
	}
	return schema.Entity{}
}

// FirstError returns the error of the file, or else that of the first bad row; nil for none.
func (r *Records) FirstError(err error) error {
	if err == nil && len(r.Rows) > 0 {
		return r.Rows[0]
	}
	return err
}

// Read reads a file, as a format or, without one, as what it looks like. The error is one
// after which reading could not go on.
func Read(t testing.TB, path, from string) (r Records, err error) {
	t.Helper()
	in, err := loaders.Open(path, &loaders.Options{Dataset: Dataset, From: from})
	if err != nil {
		return r, err
	}
	if len(in.Recognized) == 1 {
		r.Format = in.Recognized[0].Format.Name
	}
	for record, err := range in.Records(t.Context()) {
		row, isRow := err.(*loaders.RowError)
		switch rec := record.(type) {
		case schema.Entity:
			r.Entities = append(r.Entities, rec)
		case schema.Document:
			r.Documents = append(r.Documents, rec)
		case schema.Fact:
			r.Facts = append(r.Facts, rec)
		}
		if isRow {
			r.Rows = append(r.Rows, row)
		} else if err != nil {
			return r, err
		}
	}
	r.LeftOut, r.Unmapped = in.Tally.LeftOut, in.Tally.Unmapped
	return r, nil
}

// ReadText reads a text as a file of a name.
func ReadText(t testing.TB, name, text, from string) (Records, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(t, path, from)
}

// Shown lists facts in words: their date, verb and participants, sorted.
func Shown(facts []schema.Fact) (all []string) {
	for _, f := range facts {
		text := f.When.Written + " " + string(f.Verb)
		for _, p := range f.Roles {
			text += " " + string(p.ID)
		}
		all = append(all, strings.TrimSpace(text))
	}
	slices.Sort(all)
	return all
}

// RoundTrip loads a file, exports the graph as N-Quads, and loads these into a new graph,
// which must be the same. Rows that cannot be read are left out.
func RoundTrip(t *testing.T, path string) {
	t.Helper()
	before, digest := nquads(t, path)
	exported := filepath.Join(t.TempDir(), "exported.nq")
	if err := os.WriteFile(exported, before, 0o600); err != nil {
		t.Fatal(err)
	}
	after, again := nquads(t, exported)
	if !bytes.Equal(before, after) || len(before) == 0 {
		t.Errorf("%s: another graph after its export of %d bytes", path, len(before))
	}
	if digest != again {
		t.Errorf("%s: digest %s, after an export %s", path, digest, again)
	}
}

// nquads loads a file into a graph, and returns the graph as N-Quads and its digest.
func nquads(t *testing.T, path string) (quads []byte, digest string) {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	in, err := loaders.Open(path, &loaders.Options{Dataset: Dataset})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.LoadInput(t.Context(), in, &graph.LoadOptions{MaxErrors: -1}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := export.Write(t.Context(), &out, export.NQuads, export.Selection{Graph: g}, export.Options{}); err != nil {
		t.Fatal(err)
	}
	verified, err := g.Verify(t.Context())
	if err != nil || verified.Digest == "" {
		t.Fatal(err, verified.Digest)
	}
	return out.Bytes(), verified.Digest
}

// LeavesOtherFiles tests that a format recognizes no file of the project's examples and
// tests with an extension, but for those whose names contain a mark.
func LeavesOtherFiles(t *testing.T, looks func(string, []byte) bool, extension, mark string) {
	t.Helper()
	n := 0
	for _, root := range []string{"../../../examples", "../../testdata", "../../../cmd/entente/testdata"} {
		err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != extension || strings.Contains(path, mark) {
				return err
			}
			data, err := os.ReadFile(filepath.Join(root, path))
			if n++; looks(path, data[:min(len(data), foreign.HeadSize)]) {
				t.Errorf("%s is recognized", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 5 {
		t.Errorf("%d files were tried", n)
	}
}

// Bad is a malformed text, and a part of its error: the place or the words. The words may
// leave out the field, as {/persons/name}.
type Bad struct{ Text, Want string }

// field is the field that an error names.
var field = regexp.MustCompile(`\{[A-Za-z0-9_/]*\}: `)

// Malformed tests that each of at least 40 texts is an error with its file.
func Malformed(t *testing.T, name, from string, all []Bad) {
	t.Helper()
	if len(all) < 40 {
		t.Errorf("%d malformed texts, want 40", len(all))
	}
	for _, c := range all {
		r, err := ReadText(t, name, c.Text, from)
		if err = r.FirstError(err); err == nil {
			t.Errorf("%.120s\nno error, want %s", c.Text, c.Want)
			continue
		}
		got := err.Error()
		if !strings.Contains(got, c.Want) && !strings.Contains(field.ReplaceAllString(got, ""), c.Want) || !strings.Contains(got, name) {
			t.Errorf("%.120s\n got %s\nwant %s", c.Text, got, c.Want)
		}
	}
}

// CheckErrors tests that the errors of a text say their places, and that any other error
// says its file, or one of other words.
func CheckErrors(t *testing.T, name, text, from string, others ...string) {
	t.Helper()
	r, err := ReadText(t, name, text, from)
	for _, row := range r.Rows {
		if row.Pos.Line < 1 || row.Err == nil {
			t.Fatalf("row error %+v", row)
		}
	}
	if err != nil && !slices.ContainsFunc(append(others, name), func(word string) bool { return strings.Contains(err.Error(), word) }) {
		t.Fatalf("an error without its file: %v", err)
	}
}
