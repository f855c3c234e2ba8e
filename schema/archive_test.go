package schema_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

func TestDayOfAnArchivedCopy(t *testing.T) {
	for _, c := range []struct{ address, on, made string }{
		{"https://web.archive.org/web/20230712233015/https://example.org/", "", "2023-07-12"},
		{"https://web.archive.org/web/20230712233015if_/https://example.org/", "", "2023-07-12"},
		{"https://web.archive.org/web/20230712233015/https://example.org/", "2023-07", "2023-07"},
		{"https://archive.ph/2023.07.12-101010/https://example.org/", "", "2023-07-12"},
		{"https://arquivo.pt/wayback/20230712101010/https://example.org/", "", "2023-07-12"},
		{"https://web.archive.org/web/2023/https://example.org/", "", ""},           // the nearest copy
		{"https://web.archive.org/web/20230712/https://example.org/", "", ""},       // the nearest copy
		{"https://web.archive.org/web/20231399101010/https://example.org/", "", ""}, // no day
		{"https://example.org/20230712233015/page", "", ""},                         // no archive
		{"https://web.archive.org.example.org/web/20230712233015/x", "", ""},        // no archive
		{"https://archive.ph/AbCdE", "2023-07-14", "2023-07-14"},
	} {
		if got := (schema.Archive{URL: c.address, On: c.on}).Made(); got != c.made {
			t.Errorf("%s on %q: made %q, want %q", c.address, c.on, got, c.made)
		}
	}
}

func TestCheckCopies(t *testing.T) {
	const wayback = "https://web.archive.org/web/20230712233015/https://example.org/"
	for _, c := range []struct {
		what     string
		archived schema.Archive
		accessed string
		want     error
	}{
		{"nothing", schema.Archive{}, "", nil},
		{"an address", schema.Archive{URL: "https://archive.ph/x"}, "2023~", nil},
		{"the day of the address", schema.Archive{URL: wayback, On: "2023-07-12"}, "", nil},
		{"the next day, east of Greenwich", schema.Archive{URL: wayback, On: "2023-07-13"}, "", nil},
		{"the month of the address", schema.Archive{URL: wayback, On: "2023-07"}, "", nil},
		{"an archive of files", schema.Archive{URL: "urn:box:17", On: "1999"}, "", nil},
		{"another day", schema.Archive{URL: wayback, On: "2023-07-14"}, "", schema.ErrDate},
		{"another year", schema.Archive{URL: wayback, On: "2022"}, "", schema.ErrDate},
		{"a day alone", schema.Archive{On: "2023-07-14"}, "", schema.ErrEntity},
		{"no address", schema.Archive{URL: "the archive"}, "", schema.ErrEntity},
		{"no host", schema.Archive{URL: "https:"}, "", schema.ErrEntity},
		{"a script", schema.Archive{URL: "javascript:alert(1)"}, "", schema.ErrEntity},
		{"no day", schema.Archive{URL: wayback, On: "2023-02-30"}, "", schema.ErrDate},
		{"no day of access", schema.Archive{}, "yesterday", schema.ErrDate},
	} {
		d := schema.Document{Archived: c.archived, Accessed: c.accessed}
		if err := schema.CheckDocument(d); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: got %v, want %v", c.what, err, c.want)
		}
	}
}

func TestCopies(t *testing.T) {
	d := schema.Document{URL: "https://example.org/", Archived: schema.Archive{URL: "https://perma.cc/x", On: "2023"},
		Entity: schema.Entity{Identifiers: []string{"Q5", "archive:https://a.example.org/", "archive:box 3", "https://perma.cc/x", "https://archive.ph/y"}}}
	original, copies, rest := d.Copies()
	want := []schema.Archive{{URL: "https://perma.cc/x", On: "2023"}, {URL: "https://a.example.org/"}, {URL: "https://archive.ph/y"}}
	if original != d.URL || !slices.Equal(copies, want) || !slices.Equal(rest, []string{"Q5", "archive:box 3"}) {
		t.Errorf("got %q, %v, %q", original, copies, rest)
	}
	d = schema.Document{URL: "https://web.archive.org/web/2023/x"}
	if original, copies, _ := d.Copies(); original != "" || len(copies) != 1 {
		t.Errorf("of a document at an archive: got %q, %v", original, copies)
	}
}

// The day of the copy is of the datasets that have its address, whatever others say.
func TestCopiesOfSeveralDatasets(t *testing.T) {
	archived := func(dataset, address, on string) schema.Document {
		return schema.Document{Entity: schema.Entity{ID: "doc:x", Kind: schema.Doc, Label: "X"}, Archived: schema.Archive{URL: address, On: on}, Accessed: on}
	}
	var quads []quad.Quad
	for dataset, d := range map[string]schema.Document{
		"a": archived("a", "https://one", "2021"), "b": archived("b", "https://two", ""), "c": archived("c", "https://two", "2023")} {
		own, err := schema.DefaultVocabulary().Encode(dataset, d)
		if err != nil {
			t.Fatal(err)
		}
		quads = append(quads, own...)
	}
	if !schema.HasConflicts(quads) {
		t.Error("the datasets differ, but have no conflict")
	}
	for range 20 {
		if got := schema.DecodeDocument("doc:x", quads).Archived; got != (schema.Archive{URL: "https://two", On: "2023"}) {
			t.Fatalf("got %+v", got)
		}
	}
}

func TestLater(t *testing.T) {
	for _, c := range [][3]string{{"", "", ""}, {"2023", "", "2023"}, {"", "2023", "2023"}, {"2023-05", "2023", "2023"}, {"2024-01-01", "2023", "2024-01-01"}, {"2023~", "2023", "2023~"}} {
		if got := schema.Later(c[0], c[1]); got != c[2] {
			t.Errorf("Later(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
		if got := schema.Later(c[1], c[0]); got != c[2] {
			t.Errorf("Later(%q, %q) = %q, want %q", c[1], c[0], got, c[2])
		}
	}
}
