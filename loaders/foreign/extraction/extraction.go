// Package extraction reads extraction JSON: what a language model or another extractor
// found in the text of a document. A fact enters only if the text supports it, by the
// rules of package grounding.
package extraction

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema/grounding"
	"github.com/entente-kg/entente/schema/pattern"
)

// version rises when the reader makes other records of the same files.
const version = 1

// Mapping returns what reads extractions and holds them to the texts of their documents.
func Mapping(texts *grounding.Texts) (*mapping.Mapping, error) {
	m, err := mapping.ByCode("extraction", version, "", reader{texts})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(m.SHA256 + texts.Sum()))
	m.SHA256 = hex.EncodeToString(sum[:])
	return m, nil
}

var (
	document = pattern.New(`"document"\s*:\s*\{`)
	mentions = pattern.New(`"(mentions|extraction)"\s*:`)
)

// Looks recognizes a file of extractions: JSON with a document, and with mentions or the
// mark of the format.
func Looks(name string, head []byte) bool {
	text := bytes.TrimLeft(head, " \t\r\n")
	if !strings.HasSuffix(strings.ToLower(name), ".json") || len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return false
	}
	return document().Match(text) && mentions().Match(text)
}

// known lists the keys of each object.
var known = map[string][]string{
	"":         {"extraction", "model", "$schema"},
	"document": {"title", "url", "publisher", "author", "published", "language", "sha256", "file"},
	"entities": {"id", "name", "kind", "aliases"},
	"mentions": {"id", "text", "start", "end", "entity", "kind", "form", "same-as"},
	"facts":    {"id", "verb", "quote", "start", "end", "when", "words", "anchor", "status", "stance", "topic", "note", "confidence", "model"},
}

// reader is the [mapping.Reader] of extractions.
type reader struct{ texts *grounding.Texts }

// Reads implements [mapping.Reader].
func (reader) Reads(names []string) bool {
	if len(names) == 3 && names[0] == "facts" && names[1] == "roles" {
		return true
	}
	section := ""
	if len(names) == 2 {
		section = names[0]
	} else if len(names) != 1 {
		return false
	}
	return slices.Contains(known[section], names[len(names)-1])
}

// Row implements [mapping.Reader]. A row is a whole extraction.
func (r reader) Row(run *mapping.Run, row *mapping.Node, do func(mapping.Made)) {
	x := newReading(run, row)
	if err := x.open(r.texts); err != nil {
		do(mapping.Made{Section: mapping.Fact, Errs: []*mapping.ValueError{err}})
		return
	}
	var facts []mapping.Made
	for f := range row.All("facts") {
		facts = append(facts, x.fact(f))
	}
	for _, e := range x.declared {
		do(mapping.Made{Section: mapping.Entity, Item: e})
	}
	for _, f := range facts {
		do(f)
	}
}
