// Package foreign lists the formats of other programs that entente reads, and how their
// files are recognized. A format is a mapping that is shipped with the program: in the
// language of package mapping where that can say what the format means, or with a
// [mapping.Reader].
package foreign

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/entente-kg/entente/loaders/foreign/events"
	"github.com/entente-kg/entente/loaders/foreign/extraction"
	"github.com/entente-kg/entente/loaders/foreign/ftm"
	"github.com/entente-kg/entente/loaders/foreign/littlesis"
	"github.com/entente-kg/entente/loaders/foreign/popolo"
	"github.com/entente-kg/entente/loaders/foreign/rdf"
	"github.com/entente-kg/entente/loaders/foreign/wikidata"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// Format is a format of another program.
type Format struct {
	Name  string // the word by which the option From chooses it, such as icews
	Title string // such as "ICEWS event files"

	// Container is the extension, without its dot, of files of the same syntax: csv,
	// json, jsonl, ttl, trig, xml or yaml.
	Container string

	// Sample is the name of a small file of the format in the folder examples/formats.
	Sample string

	// Looks recognizes a file by its name, without the extension of a compressed file, and
	// the text at its beginning; nil if the format must be chosen.
	Looks func(name string, head []byte) bool

	// Mapping returns what reads the rows.
	Mapping func() (*mapping.Mapping, error)

	// Rows returns what reads the rows of a file, by the text at its beginning, in place
	// of Mapping: rows may be at several places in files of one format.
	Rows func(head []byte) (*mapping.Mapping, error)

	// IsDelta recognizes, among the files of the format, those that change the entities of
	// another file; nil for a format without such files.
	IsDelta func(name string, head []byte) bool

	// Grounded returns what reads the rows and holds them to the texts of documents. It is
	// called in place of Mapping, and is nil for a format without quotes.
	Grounded func(*grounding.Texts) (*mapping.Mapping, error)
}

// HeadSize is the number of bytes at the beginning of a file by which it is recognized.
const HeadSize = 64 << 10

// Own is the word that chooses entente's own formats, whatever a file looks like.
const Own = "entente"

// Formats lists the formats, in the order in which they are tried; add a new format here.
func Formats() []Format {
	return []Format{
		{Name: "extraction", Title: "extraction JSON", Container: "json", Sample: "ferry.extraction.json", Looks: extraction.Looks, Grounded: extraction.Mapping},
		{Name: "gdelt", Title: "GDELT events", Container: "csv", Sample: "peace.gdelt.tsv", Looks: events.LooksGDELT, Rows: events.GDELT},
		{Name: "icews", Title: "ICEWS events", Container: "csv", Sample: "talks.icews.tsv", Looks: events.LooksICEWS, Mapping: events.ICEWS},
		{Name: "polecat", Title: "POLECAT events", Container: "csv", Sample: "week.polecat.tsv", Looks: events.LooksPOLECAT, Mapping: events.POLECAT},
		{Name: "ftm", Title: "FollowTheMoney entities", Container: "jsonl", Sample: "suez.ftm.json", Looks: ftm.Looks, Rows: ftm.Rows, IsDelta: ftm.IsDelta},
		{Name: "wikidata", Title: "Wikidata entities", Container: "json", Sample: "adams.wikidata.json", Looks: wikidata.Looks, Rows: wikidata.Rows},
		{Name: "wikidata-lines", Title: "lines of Wikidata entities", Container: "jsonl", Sample: "adams.wikidata.jsonl", Looks: wikidata.LooksLines, Mapping: wikidata.Lines},
		{Name: "littlesis", Title: "LittleSis JSON", Container: "json", Sample: "harbour.littlesis.json", Looks: littlesis.Looks, Rows: littlesis.Rows},
		{Name: "oligrapher", Title: "an Oligrapher map", Container: "json", Sample: "harbour.oligrapher.json", Looks: littlesis.LooksOligrapher, Rows: littlesis.OligrapherRows},
		{Name: "popolo", Title: "Popolo JSON", Container: "json", Sample: "norway.popolo.json", Looks: popolo.Looks, Rows: popolo.Rows},
		{Name: "turtle", Title: "Turtle", Container: "ttl", Sample: "norway.ttl", Looks: hasExtension(".ttl", ".turtle"), Mapping: rdf.Mapping},
		{Name: "trig", Title: "TriG", Container: "trig", Sample: "norway.trig", Looks: hasExtension(".trig"), Mapping: rdf.Mapping},
		{Name: "jsonld", Title: "JSON-LD", Container: "jsonld", Sample: "norway.jsonld", Looks: looksJSONLD, Mapping: rdf.Mapping},
	}
}

// hasExtension recognizes files by the extension of their name.
func hasExtension(all ...string) func(string, []byte) bool {
	return func(name string, _ []byte) bool { return slices.Contains(all, strings.ToLower(path.Ext(name))) }
}

// linkedData matches the beginning of JSON-LD.
var linkedData = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*(\[\s*)?\{\s*"@(context|graph|id|type)"\s*:`)
})

// looksJSONLD recognizes JSON-LD, also under the extension of JSON.
func looksJSONLD(name string, head []byte) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".jsonld" || ext == ".json" && linkedData().Match(head)
}

// Names lists the words that choose a format, sorted.
func Names() []string {
	names := []string{Own}
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return names
}

// Named returns the format of a name.
func Named(name string) (*Format, error) {
	for _, f := range Formats() {
		if f.Name == name {
			return &f, nil
		}
	}
	err := fmt.Errorf("unknown format %q", name)
	return nil, schema.WithHint(err, func() string {
		return strings.TrimSpace(schema.DidYouMean(schema.Nearest(name, Names(), 1)) + " known are " + strings.Join(Names(), ", "))
	})
}

// MappingOf returns what reads a file of the format, by the text at its beginning.
func (f *Format) MappingOf(head []byte) (*mapping.Mapping, error) {
	if f.Rows != nil {
		return f.Rows(head)
	}
	return f.Mapping()
}

// Recognize returns the first format whose files look as a file of a name that begins with
// a text; nil for none.
func Recognize(name string, head []byte) *Format {
	for _, f := range Formats() {
		if f.Looks != nil && f.Looks(name, head) {
			return &f
		}
	}
	return nil
}
