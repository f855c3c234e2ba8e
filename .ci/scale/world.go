package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// synth makes a world as JSON lines.
func (b *bench) synth(file string, facts, seed int) error {
	_, err := b.run("synth", "--facts", strconv.Itoa(facts), "--seed", strconv.Itoa(seed), "-o", file)
	return err
}

// entry is one line of JSON lines: an entity, a source or a fact.
type entry map[string]any

// entries yields the lines of a file.
func entries(file string) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		in, err := os.Open(file)
		if err != nil {
			yield(nil, err)
			return
		}
		defer in.Close()
		for d := json.NewDecoder(bufio.NewReaderSize(in, 1<<20)); ; {
			var e entry
			if err := d.Decode(&e); errors.Is(err, io.EOF) {
				return
			} else if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// The columns of the tables that csvFolder writes.
var (
	entityColumns = []string{"id", "kind", "name", "aliases", "country", "born"}
	sourceColumns = []string{"id", "title", "publisher", "published"}
	factColumns   = []string{"verb", "actor", "recipient", "party", "during", "answers", "when", "at", "topic", "status", "source-key",
		"source", "quote", "locator", "stance", "method", "confidence", "said-by", "via"}
)

// csvFolder converts JSON lines into a folder of three tables. A fact has one row for
// each piece of evidence, so the facts of both are equal, or with firstOnly one row of
// its first; languages of names are left out.
func csvFolder(file, dir string, firstOnly bool) error {
	tables := map[string]*table{}
	for name, columns := range map[string][]string{"entities": entityColumns, "sources": sourceColumns, "facts": factColumns} {
		t, err := newTable(filepath.Join(dir, name+".csv"), columns)
		if err != nil {
			return err
		}
		tables[name] = t
	}
	var err error
	for e, readErr := range entries(file) {
		if err = readErr; err == nil {
			err = writeRows(tables, e, firstOnly)
		}
		if err != nil {
			break
		}
	}
	for _, t := range tables {
		err = errors.Join(err, t.close())
	}
	return err
}

func writeRows(tables map[string]*table, e entry, firstOnly bool) error {
	switch {
	case e["source"] != nil:
		return tables["sources"].write(e["source"].(map[string]any))
	case e["kind"] != nil:
		return tables["entities"].write(e)
	}
	evidence, _ := e["evidence"].([]any)
	delete(e, "evidence")
	for _, one := range evidence {
		if err := tables["facts"].write(e, one.(map[string]any)); err != nil {
			return err
		}
		if firstOnly {
			break
		}
	}
	return nil
}

// table writes a CSV file.
type table struct {
	file    *os.File
	columns []string
	*csv.Writer
}

func newTable(file string, columns []string) (*table, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	t := &table{f, columns, csv.NewWriter(f)}
	return t, t.Write(columns)
}

// write writes one row of the values of several entries.
func (t *table) write(parts ...map[string]any) error {
	row := make([]string, len(t.columns))
	for _, part := range parts {
		for key, value := range part {
			i := slices.Index(t.columns, key)
			if i < 0 {
				return fmt.Errorf("no column for %q", key)
			}
			row[i] = cell(value)
		}
	}
	return t.Write(row)
}

func (t *table) close() error {
	t.Flush()
	return errors.Join(t.Error(), t.file.Close())
}

// cell returns a value as the text of a cell: the values of a list with bars between.
func cell(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case map[string]any: // a name with its language
		return cell(v["value"])
	case []any:
		var texts []string
		for _, one := range v {
			texts = append(texts, cell(one))
		}
		return strings.Join(texts, "|")
	}
	return fmt.Sprint(value)
}

// yamlFile converts JSON lines into YAML in block style, as people write it.
func yamlFile(file, to string) error {
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	w, section := bufio.NewWriter(f), ""
	for e, readErr := range entries(file) {
		if err = readErr; err != nil {
			break
		}
		name, item := "facts", map[string]any(e)
		switch {
		case e["source"] != nil:
			name, item = "sources", e["source"].(map[string]any)
		case e["kind"] != nil:
			name = "entities"
		}
		if name != section {
			section = name
			fmt.Fprintf(w, "%s:\n", section)
		}
		writeYAML(w, item, "  ")
	}
	return errors.Join(err, w.Flush(), f.Close())
}

// writeYAML writes a mapping as an item of a list.
func writeYAML(w io.Writer, item map[string]any, indent string) {
	lead := indent + "- "
	for _, key := range sortedKeys(item) {
		value := item[key]
		if list, ok := value.([]any); ok && key == "evidence" {
			fmt.Fprintf(w, "%s%s:\n", lead, key)
			for _, one := range list {
				writeYAML(w, one.(map[string]any), indent+"    ")
			}
		} else {
			text, _ := json.Marshal(value) // what was decoded from JSON can be encoded
			fmt.Fprintf(w, "%s%s: %s\n", lead, key, text)
		}
		lead = indent + "  "
	}
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// change copies JSON lines, and changes one word in the quotes of every nth fact.
func change(from, to string, nth int) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	w, facts := bufio.NewWriterSize(out, 1<<20), 0
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		line := lines.Text()
		if strings.Contains(line, `"verb"`) {
			if facts++; facts%nth == 0 {
				line = strings.Replace(line, "source 1 has it", "source 1 had it", 1)
			}
		}
		w.WriteString(line)
		w.WriteByte('\n')
	}
	return errors.Join(lines.Err(), w.Flush(), out.Close())
}

// parse reads the records of an input, and does nothing with them.
func parse(ctx context.Context, input string) error {
	in, err := loaders.Open(input, nil)
	if err != nil {
		return err
	}
	facts := 0
	for r, err := range in.Records(ctx) {
		if err != nil {
			return err
		}
		if _, ok := r.(schema.Fact); ok {
			facts++
		}
	}
	fmt.Println(facts, "facts")
	return nil
}

// bytesOf returns the size of a file, or of the files of a folder.
func bytesOf(path string) (size int64) {
	_ = filepath.WalkDir(path, func(_ string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				size += info.Size()
			}
		}
		return nil
	})
	return size
}
