// Package jsonschema writes JSON Schemas of the files that entente reads, so that
// editors complete and check them: datasets, records, mappings and files of verbs.
//
// The keys, verbs, kinds and other words come from the parser and from a vocabulary.
// A schema refuses nothing that the parser accepts, but for wrong words in defaults that
// no fact uses, and that of extractions. It accepts some of what the parser refuses, such as names that nothing
// declares.
//
// The schemas are of draft-07, which editors read best, and have no keyword that draft
// 2020-12 reads differently.
package jsonschema

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/keys"
	"github.com/entente-kg/entente/schema"
)

// File is a kind of file that has a schema.
type File string

// The kinds of files.
const (
	Dataset File = "dataset" // YAML, or JSON that is one object
	Records File = "records" // an array of records, or the record of one JSON line
	Mapping File = "mapping"
	Verbs   File = "verbs"

	// Extraction is what a model found in a text. Its schema refuses more than the reader
	// does, such as keys that are not known: programs write such files, and not people.
	Extraction File = "extraction"
)

// Files lists the kinds of files.
func Files() []File { return []File{Dataset, Records, Mapping, Verbs, Extraction} }

// Write writes the schema of a kind of file, with the words of a vocabulary. The
// version is a comment in the schema. Equal arguments give equal bytes.
func Write(w io.Writer, of File, v *schema.Vocabulary, version string) error {
	if of == Extraction {
		return writeExtraction(w, v, version)
	}
	n, err := schemaOf(of, v)
	if err != nil {
		return err
	}
	n.Dialect, n.ID = "http://json-schema.org/draft-07/schema#", "https://github.com/entente-kg/entente/schema/"+string(of)+".json"
	n.Comment = comment(of, version)
	text, err := unescaped(n)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", " "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err = io.WriteString(w, withoutControls(out.String()))
	return err
}

func comment(of File, version string) string {
	return "Written by entente schema " + string(of) + ", version " + version + "."
}

//go:embed extraction.json
var extraction string

// writeExtraction writes the schema of extractions, with the words of a vocabulary.
func writeExtraction(w io.Writer, v *schema.Vocabulary, version string) error {
	words := wordsOf(v)
	text := extraction
	for _, part := range []struct {
		name  string
		value any
	}{
		{"$comment", comment(Extraction, version)},
		{"kind", choice("kind", kinds(), oneOf(kindTexts()))},
		{"verb", verbNode(words)},
	} {
		value, err := unescaped(part.value)
		if err != nil {
			return err
		}
		text = strings.Replace(text, `"`+part.name+`": "WORDS"`, `"`+part.name+`": `+string(value), 1)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", " "); err != nil {
		return err
	}
	_, err := io.WriteString(w, withoutControls(strings.TrimSpace(out.String())+"\n"))
	return err
}

// withoutControls escapes the control characters that JSON may have as they are.
func withoutControls(text string) string {
	var b strings.Builder
	for _, r := range text {
		if 0x7F <= r && r <= 0x9F {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func schemaOf(of File, v *schema.Vocabulary) (*node, error) {
	switch of {
	case Dataset:
		return dataset(v)
	case Records:
		return records(v), nil
	case Mapping:
		return mappingFile(v)
	case Verbs:
		return verbsFile()
	}
	var known []string
	for _, f := range Files() {
		known = append(known, string(f))
	}
	return nil, fmt.Errorf("unknown schema %q: want %s", of, strings.Join(known, ", "))
}

// dataset returns the schema of a file of one mapping. What a file with verbs of its own
// says of entities and facts is not checked, since their keys and words may be its own.
func dataset(v *schema.Vocabulary) (*node, error) {
	w := wordsOf(v)
	own, err := verbsSections()
	if err != nil {
		return nil, err
	}
	for _, s := range own {
		s.KeysLike = notes()
	}
	n := section(v, keys.Dataset)
	n.If, n.Else = hasOwnVerbs(), &node{}
	for _, k := range keys.Of(v, keys.Dataset) {
		if k.Shape == keys.Entities || k.Shape == keys.Facts {
			i := slices.IndexFunc(n.Keys, func(m member) bool { return m.name == k.Name })
			n.Else.Keys = append(n.Else.Keys, n.Keys[i])
			n.Keys[i].node = (&node{Type: types{"array", "null"}}).described(k.Note)
		}
	}
	n.Title = "Dataset of entente"
	n.Description = "Entities, sources and facts in YAML, or in JSON that is one object. entente help format explains it."
	n.Definitions = slices.Concat(shapes(w), sections(v, w), verbsDefinitions(own))
	return n, nil
}

// hasOwnVerbs is the condition that a dataset has a key of a file of verbs.
func hasOwnVerbs() *node {
	n := &node{}
	for _, key := range schema.VerbsKeys() {
		n.Any = append(n.Any, &node{Required: []string{key}})
	}
	return n
}

// records returns the schema of an array of records, and of one record.
func records(v *schema.Vocabulary) *node {
	w := wordsOf(v)
	n := ref("record")
	n = &node{Type: types{"array", "object", "string"}, Items: ref("record"), If: &node{Not: &node{Type: types{"array"}}}, Then: n}
	n.Title = "Records of entente"
	n.Description = "An array of entities, sources and facts in JSON, or one of them as a line of JSON lines. entente help format explains it."
	n.Definitions = append(slices.Concat(shapes(w), sections(v, w)), member{"record", record()})
	return n
}

// record returns the schema of one record: its keys say what it is.
func record() *node {
	isDocument := has("kind", &node{Type: types{"string"}, Pattern: `^ *(?:` + anyCase(string(schema.Doc)) + "|" + anyCase(schema.Doc.Prefix()) + `) *$`})
	isFact := &node{Any: []*node{{Required: []string{"fact"}}, {Required: []string{"verb"}}}}
	isWrapped := has("source", isMapping())
	isWrapped.MaxKeys = 1
	isSource := &node{Any: []*node{isDocument, {Required: []string{"title"}, Not: &node{Required: []string{"kind"}}}}}
	notRecord := &node{KeyNames: &node{Pattern: "^_", PatternError: "Neither an entity, a source nor a fact: an entity has kind and name, a source has title, a fact has fact or verb."}}
	ofMapping := &node{If: isFact, Then: ref("fact"), Else: &node{
		If: isWrapped, Then: &node{Keys: members{{"source", ref("source")}}}, Else: &node{
			If: isSource, Then: ref("source"), Else: &node{
				If: &node{Required: []string{"kind"}}, Then: &node{All: []*node{ref("entity"), {Keys: members{{"kind", present("An entity needs a kind.")}}}}}, Else: notRecord,
			}}}}
	return &node{Type: types{"object", "string"}, Pattern: mayHaveValue, PatternError: "A sentence is missing.", If: isMapping(), Then: ofMapping, Else: ref("sentence")}
}
