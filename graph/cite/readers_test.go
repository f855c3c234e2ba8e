package cite_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/cite"
	"github.com/entente-kg/entente/schema"
)

// scripts is the folder of the scripts that read, and of their packages.
const scripts = "../../.ci/readers"

// readBy returns what a script with a package of npm reads of files with some contents,
// nil for each file that it refuses.
func readBy(t *testing.T, script, pkg string, contents ...string) (values [][]map[string]any) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(scripts, "node_modules", pkg)); err != nil {
		t.Skipf("npm's %s is not installed: npm ci --ignore-scripts in .ci/readers", pkg)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: Debian's nodejs has it")
	}
	args := []string{filepath.Join(scripts, script)}
	if _, err := os.Stat(args[0]); err != nil { // read, so that a cached result is not used after a change
		t.Fatal(err)
	}
	for i, content := range contents {
		path := filepath.Join(t.TempDir(), fmt.Sprint(i))
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	out, err := exec.CommandContext(t.Context(), node, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(out) {
		var answer struct {
			Value []map[string]any
			Error string
		}
		if err := json.Unmarshal(line, &answer); err != nil {
			t.Fatal(err)
		}
		values = append(values, answer.Value)
	}
	if len(values) != len(contents) {
		t.Fatalf("%d answers, want %d", len(values), len(contents))
	}
	return values
}

// damaged returns a text with each of some edits: pairs of an old and a new text.
func damaged(t *testing.T, text string, edits ...string) (all []string) {
	t.Helper()
	for i := 0; i < len(edits); i += 2 {
		edited := strings.Replace(text, edits[i], edits[i+1], 1)
		if edited == text {
			t.Errorf("the edit %q finds nothing to change", edits[i])
		}
		all = append(all, edited)
	}
	return all
}

// hostileDocuments is the bibliography of testdata/hostile.yaml, with its documents by
// citation key.
func hostileDocuments(t *testing.T) (*cite.Bibliography, map[string]schema.Document) {
	t.Helper()
	g := loaded(t, "testdata/hostile.yaml")
	documents := map[string]schema.Document{}
	b := bibliography(t, g)
	for _, r := range b.References {
		d, err := g.Document(t.Context(), r.Document.ID)
		if err != nil {
			t.Fatal(err)
		}
		documents[r.Key] = d
	}
	return b, documents
}

// wantCSL is what a document must be read as from CSL-JSON.
func wantCSL(id any, d schema.Document) map[string]any {
	first, _, _ := strings.Cut(d.Label, " ")
	want := map[string]any{"id": id, "title": d.Label, "type": "document", "note": remarks[first][0], "annote": remarks[first][1]}
	set := func(key, value string) {
		if value != "" {
			want[key] = value
		}
	}
	set("publisher", d.Publisher)
	set("language", d.Language)
	set("archive_location", d.Archived.URL)
	if d.Author != "" {
		want["author"] = []any{map[string]any{"literal": d.Author}}
	}
	switch first {
	case "Costs":
		want["URL"], want["type"], want["archive"] = d.URL, "webpage", "web.archive.org"
	case "--dashes---":
		want["archive"] = "archive.ph"
	case "@article{fake,":
		want["DOI"] = "10.1000/xyz_123"
	case "NASA":
		want["DOI"], want["ISBN"] = "10.5555/abc", "978-3-16-148410-0"
	case "hostile.yaml":
		want["type"] = "dataset"
	}
	dates := map[string]any{ // by hand
		"2023-07-12": []any{2023., 7., 12.}, "2024-02-05": []any{2024., 2., 5.}, "1999-02": []any{1999., 2.}}
	for key, written := range map[string]string{"issued": d.Published.Written, "accessed": d.Accessed} {
		switch written {
		case "":
		case "2023~", "1950~":
			want[key] = map[string]any{"date-parts": []any{[]any{map[string]any{"2023~": 2023., "1950~": 1950.}[written]}}, "circa": true}
		case "2023-06/2023-08":
			want[key] = map[string]any{"date-parts": []any{[]any{2023., 6.}, []any{2023., 8.}}}
		case "2023/..":
			want[key] = map[string]any{"literal": "2023 or later"}
		case "../2021":
			want[key] = map[string]any{"literal": "by 2021"}
		default:
			want[key] = map[string]any{"date-parts": []any{dates[written]}}
		}
	}
	return want
}

// The official schema of CSL allows the references, and each field is as in the graph.
func TestCSLByItsSchema(t *testing.T) {
	b, documents := hostileDocuments(t)
	text := written(t, b, cite.CSL, cite.Options{})
	files := append([]string{text, written(t, b, cite.CSL, cite.Options{Facts: true})},
		damaged(t, text, `"type": "webpage"`, `"type": "website"`, `"circa": true`, `"about": true`, `"literal": "2023 or later"`, `"literal": 2023`)...)
	for i, items := range readBy(t, "cite_csl.mjs", "ajv", files...) {
		if i > 1 {
			if items != nil {
				t.Errorf("damage %d is not noticed", i)
			}
			continue
		}
		if len(items) != len(documents) {
			t.Fatalf("%d items, want %d", len(items), len(documents))
		}
		for _, item := range items {
			d := documents[item["id"].(string)]
			delete(item, "custom")
			if want := wantCSL(item["id"], d); !reflect.DeepEqual(item, want) {
				t.Errorf("%s: %v,\nwant %v", d.ID, item, want)
			}
		}
	}
}

// remarks are the note and the annotation of each document of testdata/hostile.yaml whose
// title begins with a word, by hand.
var remarks = map[string][2]string{
	"Costs":          {"archived 2023-07-14 at https://web.archive.org/web/20230714081500/https://example.org/a_b?x=1&y=2; cited at p. 3", "asserts 1 fact"},
	"--dashes---":    {"archived at https://archive.ph/AbC; cited at p. 3; denies 1 fact, asserts none", "denies 1 fact, asserts none; no address is recorded besides the copy's"},
	"RTL":            {"cited at p. 3", "asserts 1 fact; no address is recorded"},
	"@article{fake,": {"cited at p. 3", "asserts 1 fact"},
	"NASA":           {"cited at p. 3", "asserts 1 fact"},
	"}":              {"cited at p. 3", "asserts 1 fact; no address is recorded"},
	"hostile.yaml":   {"cited at line 19", "asserts 1 fact; a file of the dataset hostile, whose rows name no source"},
	"中国新闻：外交部“例行”记者会": {"cited at p. 3", "asserts 1 fact (1 planned); no address is recorded"},
}

// wantBib is what a document must be read as from BibTeX or BibLaTeX.
func wantBib(hasDates bool, d schema.Document) map[string]any {
	want := map[string]any{"title": d.Label}
	set := func(key, value string) {
		if value != "" {
			want[key] = value
		}
	}
	set("author", d.Author)
	set("language", d.Language)
	set("archiveurl", d.Archived.URL)
	if d.Label[0] == 'C' {
		want["archivedate"] = "2023-07-14"
	}
	first, _, _ := strings.Cut(d.Label, " ")
	set("note", remarks[first][0])
	set(map[bool]string{false: "annote", true: "annotation"}[hasDates], remarks[first][1])
	set("urldate", d.Accessed)
	if strings.HasPrefix(d.URL, "http") {
		set("url", d.URL)
	}
	set("doi", map[string]string{"doi:10.1000/xyz_123": "10.1000/xyz_123"}[d.URL])
	if d.Label == "NASA and iPhone in The USA" {
		want["doi"], want["isbn"] = "10.5555/abc", "978-3-16-148410-0"
	}
	if hasDates {
		set("organization", d.Publisher)
		set("date", strings.TrimSuffix(d.Published.Written, "~"))
		return want
	}
	set("howpublished", d.Publisher)
	year := map[string][]string{"2023-07-12": {"2023", "7", "12"}, "1999-02": {"1999", "2"}, "2023~": {"about 2023, ±1 year"}, "1950~": {"about 1950, ±1 year"},
		"2023-06/2023-08": {"between 2023-06 and 2023-08"}, "2023/..": {"2023 or later"}, "../2021": {"by 2021"}}[d.Published.Written]
	for i, value := range year {
		want[[]string{"year", "month", "day"}[i]] = value
	}
	return want
}

// The parser of Better BibTeX for Zotero reads each field as it is in the graph. It reads
// the ~ of an approximate date in BibLaTeX as a space.
func TestBibTeXByItsParser(t *testing.T) {
	b, documents := hostileDocuments(t)
	bibtex := written(t, b, cite.BibTeX, cite.Options{})
	files := append([]string{bibtex, written(t, b, cite.BibLaTeX, cite.Options{})},
		damaged(t, bibtex, `\&`, "&amp;", "{{NASA", "{NASA}, {", `\textbackslash{}`, `\`, "archive.ph", "archive.org")...)
	for i, entries := range readBy(t, "cite_bib.mjs", "@retorquere/bibtex-parser", files...) {
		differs := bibDiffers(i == 1, entries, documents)
		if i <= 1 && len(differs) > 0 {
			t.Errorf("file %d: %s", i, strings.Join(differs, "\n"))
		}
		if i > 1 && len(differs) == 0 {
			t.Errorf("damage %d is not noticed", i)
		}
	}
}

func bibDiffers(hasDates bool, entries []map[string]any, documents map[string]schema.Document) (differs []string) {
	if len(entries) != len(documents) {
		return []string{"another number of entries"}
	}
	for _, entry := range entries {
		d := documents[entry["key"].(string)]
		want := wantBib(hasDates, d)
		want["key"], want["type"] = entry["key"], "misc"
		if hasDates && strings.HasPrefix(d.URL, "http") {
			want["type"] = "online"
		}
		if !reflect.DeepEqual(entry, want) {
			differs = append(differs, fmt.Sprintf("%s: %v,\nwant %v", d.ID, entry, want))
		}
	}
	return differs
}

// Pandoc reads all three formats. It makes quotation marks curly, with narrow spaces
// between, and leaves out braces without a partner in BibTeX.
func TestPandoc(t *testing.T) {
	pandoc, err := exec.LookPath("pandoc")
	if err != nil {
		t.Skip("pandoc is not installed: Debian's pandoc has it")
	}
	b, documents := hostileDocuments(t)
	plain := strings.NewReplacer("\u202f", " ", "“", "", "”", "", "‘", "", "’", "", "'", "", `"`, "", "`", "")
	unpaired := regexp.MustCompile(`^} | {$`)
	for format, f := range map[string]cite.Format{"csljson": cite.CSL, "bibtex": cite.BibTeX, "biblatex": cite.BibLaTeX} {
		command := exec.CommandContext(t.Context(), pandoc, "--from", format, "--to", "csljson")
		command.Stdin = strings.NewReader(written(t, b, f, cite.Options{}))
		out, err := command.Output()
		if err != nil {
			t.Fatal(err)
		}
		var items []map[string]any
		if err := json.NewDecoder(bytes.NewReader(out)).Decode(&items); err != nil || len(items) != len(documents) {
			t.Fatalf("%s: %v, %d items, want %d", format, err, len(items), len(documents))
		}
		for _, item := range items {
			d := documents[item["id"].(string)]
			got, want := plain.Replace(item["title"].(string)), plain.Replace(d.Label)
			if f != cite.CSL {
				got, want = strings.TrimSpace(got), unpaired.ReplaceAllString(want, "")
			}
			if got != want {
				t.Errorf("%s: title %q, want %q", format, got, want)
			}
			if url, _ := item["URL"].(string); strings.HasPrefix(d.URL, "http") && url != d.URL {
				t.Errorf("%s: URL %q, want %q", format, url, d.URL)
			}
			if publisher, _ := item["publisher"].(string); publisher != d.Publisher {
				t.Errorf("%s: publisher %q, want %q", format, publisher, d.Publisher)
			}
		}
	}
}
