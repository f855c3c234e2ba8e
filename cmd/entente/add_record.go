package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// typedRecord is one record as it is typed at a command line: the keys and values of
// the file formats.
type typedRecord map[string]any

// set sets a key that has a value.
func (r typedRecord) set(key, value string) {
	if value != "" {
		r[key] = value
	}
}

// has reports whether at least one of the keys has a value.
func (r typedRecord) has(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return r[key] != nil })
}

// append appends values to a key.
func (r typedRecord) append(key string, values ...string) {
	if len(values) == 0 {
		return
	}
	old, _ := r[key].([]string)
	r[key] = append(old, values...)
}

// recordReader reads typed records with the loader of files, in an update of a graph:
// names mean what any dataset declares.
type recordReader struct {
	ctx     context.Context
	graph   *graph.Graph
	tx      *graph.Tx
	dataset string
	known   *loaders.Names
	dates   written.Order

	encoding charset.Encoding // of files
}

// typedName is the name under which positions name a typed record.
const typedName = "command line"

// read reads one record: it yields the record, and the document that it describes.
func (r *recordReader) read(record typedRecord) (all []schema.Record, err error) {
	text, err := json.Marshal([]typedRecord{record})
	if err != nil {
		return nil, err
	}
	options := &loaders.Options{Vocabulary: r.graph.Vocabulary(), Known: r.known, Dataset: r.dataset, Dates: r.dates}
	return r.collect(loaders.JSON{Options: options}.Load(r.ctx, typedName, bytes.NewReader(text)))
}

// collect reads all records. The first error is returned without its position, which
// says nothing of a command line.
func (r *recordReader) collect(records iter.Seq2[schema.Record, error]) (all []schema.Record, err error) {
	for record, err := range records {
		if err != nil {
			return nil, r.explain(err)
		}
		all = append(all, unplaced(record))
	}
	return all, nil
}

// explain returns the error of a record with what the graph knows of an unknown name.
func (r *recordReader) explain(err error) error {
	if row := (*schema.RowError)(nil); errors.As(err, &row) {
		err = row.Err
	}
	unknown := (*loaders.NameError)(nil)
	if !errors.As(err, &unknown) {
		return inputError{err}
	}
	near, hint := "", schema.Hint(err)
	if _, err := r.tx.Resolve(unknown.Name); err != nil {
		near = schema.Hint(err)
	}
	if strings.Contains(hint, "is known") {
		return inputError{err}
	}
	kind := "KIND"
	if len(unknown.Kinds) > 0 {
		kind = cmp.Or(unknown.Kinds[0].Prefix(), kind)
	}
	declare := fmt.Sprintf("to declare it: entente add --entity %q --kind %s", unknown.Name, kind)
	return schema.WithHint(inputError{errors.New(unknown.Error())}, func() string {
		return strings.TrimSpace(near + " " + declare)
	})
}

// unplaced returns a record without its position.
func unplaced(record schema.Record) schema.Record {
	switch r := record.(type) {
	case schema.Fact:
		r.Pos = schema.Position{}
		return r
	case schema.Entity:
		r.Pos = schema.Position{}
		return r
	case schema.Document:
		r.Pos = schema.Position{}
		return r
	}
	return record
}

// learn lets names in the record mean the entities that the graph knows by them.
func (r *recordReader) learn(names ...string) error {
	for _, name := range names {
		for _, spelling := range slices.Compact([]string{name, strings.TrimRight(name, ".,;:!")}) {
			matches, err := r.tx.Named(spelling)
			if err != nil {
				return err
			}
			for _, m := range matches {
				r.known.Add(schema.Entity{ID: m.ID, Kind: m.Kind, Label: m.Label, Aliases: []schema.Text{{Value: spelling}}})
			}
		}
	}
	return nil
}

// maxNameWords is how many words of a sentence may be one name.
const maxNameWords = 16

// learnSentence learns the names in a sentence: any words that follow each other may
// be one.
func (r *recordReader) learnSentence(sentence string) error {
	words := strings.Fields(sentence)
	for i := range words {
		for j := i + 1; j <= min(len(words), i+maxNameWords); j++ {
			if err := r.learn(strings.Join(words[i:j], " ")); err != nil {
				return err
			}
		}
	}
	return nil
}

// learnAll learns the names of all entities of the graph, for a file.
func (r *recordReader) learnAll() error {
	for e, err := range r.graph.Entities(r.ctx) {
		if err != nil {
			return err
		}
		r.known.Add(e)
	}
	return nil
}

// quoteID puts an id in angle brackets, as sentences and roles have ids.
func quoteID(value string) string {
	if schema.CheckID(schema.ID(value)) == nil {
		return "<" + value + ">"
	}
	return value
}

// cite sets the source of a fact: a document of the graph by its id, title or address,
// or a new one that its web address or the other values describe.
func (r *recordReader) cite(record typedRecord, source string, described typedRecord) error {
	found, err := r.documents(source, described)
	switch {
	case err != nil:
		return err
	case len(found) == 1:
		r.known.Add(found[0].Entity)
		record["source"] = "<" + string(found[0].ID) + ">"
		if described.has("archived", "archived-on", "accessed") {
			described["id"], described["title"] = string(found[0].ID), found[0].Label
			record["source"] = described
		}
		return nil
	case len(found) > 1:
		var ids []string
		for _, d := range found {
			ids = append(ids, string(d.ID))
		}
		return schema.WithHint(fmt.Errorf("%w %q: %s", graph.ErrAmbiguous, source, strings.Join(ids, " or ")), func() string {
			return "write one of the ids after --source"
		})
	case isAddress(source) && described["url"] == nil:
		described.set("url", source)
	case len(described) == 0:
		return r.unknownSource(source)
	}
	described.set("title", source)
	record["source"] = described
	return nil
}

// documents returns the documents of the graph that go by a name and do not contradict
// the description.
func (r *recordReader) documents(name string, described typedRecord) (all []schema.Document, err error) {
	matches, err := r.tx.Named(name)
	if err != nil {
		return nil, err
	}
	for _, m := range matches {
		if m.Kind != schema.Doc {
			continue
		}
		d, err := r.graph.Document(r.ctx, m.ID)
		if err != nil {
			return nil, err
		}
		agrees := true
		for key, has := range map[string]string{"publisher": d.Publisher, "author": d.Author, "published": d.Published.Written, "url": d.URL, "language": d.Language} {
			want, _ := described[key].(string)
			if key == "published" {
				want = r.edtf(want)
			}
			agrees = agrees && (want == "" || has == "" || want == has)
		}
		if agrees {
			all = append(all, d)
		}
	}
	return all, nil
}

// edtf returns a date in EDTF, or a text that is no date as it is.
func (r *recordReader) edtf(date string) string {
	d, err := written.Parse(date, written.Options{Order: r.dates})
	if when, wrong := d.When(schema.Interaction); err == nil && wrong == nil {
		return when.Written
	}
	return date
}

// isAddress reports whether a source is a web address, which declares a document by
// itself.
func isAddress(source string) bool {
	u, err := url.Parse(source)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// unknownSource is the error of a source that is not in the graph, with advice.
func (r *recordReader) unknownSource(source string) error {
	err := fmt.Errorf("no document of the graph has the id, title or address %q: %w", source, graph.ErrNotFound)
	hint := "to declare it, say what it is: --publisher NAME, --published DATE or --url URL"
	if _, near := r.tx.Resolve(source); near != nil {
		hint = strings.TrimSpace(schema.Hint(near) + " " + hint)
	}
	return schema.WithHint(err, func() string { return hint })
}

// readFile reads the records of a file or folder. Each error is passed to reject.
func (r *recordReader) readFile(path string, reject func(error)) (all []schema.Record, err error) {
	in, err := loaders.Open(path, &loaders.Options{Vocabulary: r.graph.Vocabulary(), Known: r.known, Dataset: r.dataset, Dates: r.dates, Encoding: r.encoding})
	if err != nil {
		return nil, err
	}
	if in.Source().IsText {
		return nil, usagef("--file reads no N-Quads: load %s as a dataset of its own", path)
	}
	rejected := 0
	for record, err := range in.Records(r.ctx) {
		if row := (*schema.RowError)(nil); errors.As(err, &row) {
			rejected++
			reject(err)
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, record)
	}
	if rejected > 0 {
		return nil, fmt.Errorf("%s: nothing was added: %w", shownPlace(path),
			rejection{errors.New(phrase.Counted(rejected, "row is bad", "rows are bad")), graph.ErrRejected})
	}
	return all, nil
}
