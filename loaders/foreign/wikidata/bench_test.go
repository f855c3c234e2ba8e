package wikidata_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkLines reads lines with the shape of entities in a dump: the statements of the
// real item, and labels, descriptions and pages in 300 languages.
func BenchmarkLines(b *testing.B) {
	path, size := generated(b, 40)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		w, err := read(b, path, "wikidata-lines")
		if err != nil || len(w.rows) > 0 || len(w.facts) != 40*181 {
			b.Fatal(err, w.rows, len(w.facts))
		}
	}
}

// generated writes n entities with the shape of the real item, one a line.
func generated(b *testing.B, n int) (path string, size int64) {
	b.Helper()
	data, err := os.ReadFile(shared)
	if err != nil {
		b.Skip("Q7747.json is absent")
	}
	var doc struct{ Entities map[string]map[string]any }
	if err := json.Unmarshal(data, &doc); err != nil {
		b.Fatal(err)
	}
	e := doc.Entities["Q7747"]
	labels, descriptions, pages := map[string]any{}, map[string]any{}, map[string]any{}
	for i := range 300 {
		lang := fmt.Sprintf("l%c%c", 'a'+i/26, 'a'+i%26)
		labels[lang] = map[string]any{"language": lang, "value": "Имя Q7747 " + lang}
		descriptions[lang] = map[string]any{"language": lang, "value": "описание Q7747"}
		pages[lang+"wiki"] = map[string]any{"site": lang + "wiki", "title": "Имя Q7747", "badges": []any{}}
	}
	e["labels"], e["descriptions"], e["sitelinks"] = labels, descriptions, pages
	line, err := json.Marshal(e)
	if err != nil {
		b.Fatal(err)
	}
	var all strings.Builder
	for i := range n {
		all.WriteString(strings.ReplaceAll(string(line), "Q7747", fmt.Sprintf("Q%d", 50000000+i)))
		all.WriteByte('\n')
	}
	path = filepath.Join(b.TempDir(), "x.jsonl")
	if err := os.WriteFile(path, []byte(all.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	return path, int64(all.Len())
}
