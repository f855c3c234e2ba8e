package loaders_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// The archived copy and the day of access are the same in every format.
func TestArchivedInAllFormats(t *testing.T) {
	want := schema.Document{Archived: schema.Archive{URL: "https://archive.ph/x", On: "2023-07-14"}, Accessed: "2024-02"}
	for name, content := range map[string]string{
		"a.yaml":  "sources: [{title: T, archived: {url: 'https://archive.ph/x', on: 14 July 2023}, accessed: Feb 2024}]",
		"b.yaml":  "sources: [{title: T, archived: 'https://archive.ph/x', archived-on: 2023-07-14, accessed: 2024-02}]",
		"c.yaml":  "people: [Ann, Bob]\nfacts: [{fact: Ann met Bob, source: {title: T, archived: {url: 'https://archive.ph/x', on: 2023-07-14}, accessed: 2024-02}}]",
		"d.json":  `{"sources": [{"title": "T", "archived": {"url": "https://archive.ph/x", "on": "2023/07/14"}, "accessed": "2024-02"}]}`,
		"e.jsonl": `{"source": {"title": "T", "archived": "https://archive.ph/x", "archived-on": "2023-07-14", "accessed": "2024-02"}}`,
		"f.csv":   "title,Archived URL,archive_date,retrieved\nT,https://archive.ph/x,14 July 2023,Feb 2024\n",
		"g.csv":   "subject,subject_kind,verb,object,object_kind,source,archived,archived-on,accessed\nAnn,Person,met,Bob,Person,T,https://archive.ph/x,2023-07-14,2024-02\n",
	} {
		r := read(t, name, content)
		if len(r.rows) > 0 || r.fatal != nil || len(r.documents) == 0 {
			t.Errorf("%s: %v %v, %d documents", name, r.rows, r.fatal, len(r.documents))
			continue
		}
		if d := r.documents[0]; d.Archived != want.Archived || d.Accessed != want.Accessed {
			t.Errorf("%s: got %+v, accessed %q", name, d.Archived, d.Accessed)
		}
		var lines bytes.Buffer
		if err := loaders.WriteJSONLines(&lines, func(yield func(schema.Record, error) bool) { yield(r.documents[0], nil) }); err != nil {
			t.Fatal(err)
		}
		if d := read(t, "again.jsonl", lines.String()).documents[0]; d.Archived != want.Archived || d.Accessed != want.Accessed {
			t.Errorf("%s, written and read: got %+v, accessed %q", name, d.Archived, d.Accessed)
		}
	}
}

// Rows that cite one source keep the last day of access; another archived copy makes the
// source another one, as other details do.
func TestArchivedOfOneSourceInSeveralRows(t *testing.T) {
	const head = "subject,subject_kind,verb,object,object_kind,when,source,archived,accessed\n"
	for _, order := range []string{"Ann,Person,met,Bob,Person,2023,T,,2024-02\nAnn,Person,met,Bob,Person,2022,T,https://archive.ph/x,2024-05\n",
		"Ann,Person,met,Bob,Person,2022,T,https://archive.ph/x,2024-05\nAnn,Person,met,Bob,Person,2023,T,,2024-02\n"} {
		r := read(t, "a.csv", head+order)
		if len(r.rows) > 0 || len(r.documents) != 1 || r.documents[0].Accessed != "2024-05" || r.documents[0].Archived.URL != "https://archive.ph/x" {
			t.Errorf("got %v, %+v", r.rows, r.documents)
		}
	}
	r := read(t, "a.csv", head+"Ann,Person,met,Bob,Person,2023,T,https://archive.ph/x,\nAnn,Person,met,Bob,Person,2022,T,https://archive.ph/y,\n")
	if len(r.rows) != 1 || r.rows[0].Kind != schema.RepeatedIdentity {
		t.Errorf("two copies of one source: got %v", r.rows)
	}
}

func TestWrongArchivedCopies(t *testing.T) {
	for content, want := range map[string]string{
		"sources: [{title: T, archived: {url: 'https://a', when: 2023}}]":                  `unknown key of an archived copy: "when"`,
		"sources: [{title: T, archived: {url: 'https://a', on: 03/04/2023}}]":              "",
		"sources: [{title: T, archived: {url: 'https://a', on: 2023}, archived-on: 2024}]": "two days of one archived copy: 2023 and 2024",
		"sources: [{title: T, archived: {url: {url: 'https://a'}}}]":                       "want text, not a mapping",
		"sources: [{title: T, archived: nowhere, accessed: soon}]":                         "",
		"sources: [{title: T, archived: [a, b]}]":                                          "want text, not a list",
		"sources: [{title: T, accessed: soon}]":                                            "",
	} {
		r := read(t, "a.yaml", content)
		if strings.Contains(content, "nowhere") && (len(r.rows) != 1 || len(r.rows[0].More) != 1 || r.rows[0].Field != "archived" || r.rows[0].More[0].Field != "accessed") {
			t.Errorf("%s: got %+v, want two problems", content, r.rows)
		}
		if len(r.rows) != 1 || want != "" && r.rows[0].Err.Error() != want {
			t.Errorf("%s: got %v, want %s", content, r.rows, want)
		}
	}
}
