package sniff

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Advice that several kinds share.
const (
	mapAdvice      = "entente map FILE > mapping.yaml writes a first mapping for it, and load reads it with --map mapping.yaml"
	entitiesAdvice = "download entities.ftm.json of the same dataset, which has the facts; or entente map FILE writes a first mapping for this one"
	eventsAdvice   = "download the file of events (.export.CSV.zip) of the same time"
	linesAdvice    = "write one entity a line: jq -c "
)

// lookalike is a kind of file of a program of which entente reads other files.
type lookalike struct {
	columns []string       // names that the header of a table has
	text    *regexp.Regexp // what matches the beginning of another file
	kind    Kind
}

// key matches the beginning of an object of JSON that has some key at its top.
func key(names string) *regexp.Regexp { return regexp.MustCompile(`^\s*\{\s*"(?:` + names + `)"\s*:`) }

// lookalikes are compiled at the first use, so that no start pays for them.
var lookalikes = sync.OnceValue(func() []lookalike {
	return []lookalike{
		{columns: []string{"canonical_id", "entity_id", "schema", "prop", "value"}, kind: Kind{"a table of statements of OpenSanctions", entitiesAdvice}},
		{columns: []string{"schema", "name", "countries", "sanctions"}, kind: Kind{"a table of targets of OpenSanctions, without links between entities", entitiesAdvice}},
		{columns: []string{"sort_name", "group", "chamber", "term"}, kind: Kind{"a table of terms of EveryPolitician", "download its Popolo JSON (ep-popolo-v1.0.json), which has the posts and dates; or entente map FILE writes a first mapping for this one"}},
		{columns: []string{"event_id_cnty", "sub_event_type", "actor1"}, kind: Kind{"a table of events of ACLED", mapAdvice}},
		{columns: []string{"DATE", "NUMARTS", "CAMEOEVENTIDS"}, kind: Kind{"a file of the Global Knowledge Graph of GDELT, which has no events", eventsAdvice}},
		{text: regexp.MustCompile(`^\d{14}-T?\d+\t\d{14}\t`), kind: Kind{"a file of the Global Knowledge Graph of GDELT, which has no events", eventsAdvice}},
		{text: regexp.MustCompile(`^\d+\t\d{14}\t\d{14}\t\d\t`), kind: Kind{"a file of mentions of GDELT, which has no events", eventsAdvice}},
		{text: regexp.MustCompile(`^\d+([,;])\d{8}([,;])\d{6}[,;]\d{4}[,;]`), kind: Kind{"a table like that of GDELT events, but not with tabs", "download the file again: a spreadsheet has changed its tabs and perhaps its codes"}},
		{text: regexp.MustCompile(`^\s*\{\s*"head"\s*:\s*\{\s*"(vars|link)"`), kind: Kind{"the result of a SPARQL query", "load the entities themselves: https://www.wikidata.org/wiki/Special:EntityData/Q42.json of each; or map the result: entente map FILE"}},
		{text: key("searchinfo"), kind: Kind{"the answer of a search of Wikidata", "load the entities themselves: https://www.wikidata.org/wiki/Special:EntityData/Q42.json of each"}},
		{text: regexp.MustCompile(`^\s*\{[^{\[]*"schema"\s*:\s*"[A-Z][A-Za-z]+"[^{]*"properties"\s*:\s*\{[^\n]*\n\s`), kind: Kind{"an entity of FollowTheMoney on several lines", linesAdvice + ". FILE > entity.ftm.json"}},
		{text: regexp.MustCompile(`^\s*\{\s*"id"\s*:\s*"[^"]*",\s*\n(?s:.*)"schema"\s*:\s*"[A-Z][A-Za-z]+",\s*\n`), kind: Kind{"an entity of FollowTheMoney on several lines", linesAdvice + ". FILE > entity.ftm.json"}},
		{text: regexp.MustCompile(`^\s*\[\s*\{\s*"id"\s*:[^{\[]*"schema"\s*:\s*"[A-Z]`), kind: Kind{"a list of entities of FollowTheMoney", linesAdvice + "'.[]' FILE > entities.ftm.json"}},
		{text: regexp.MustCompile(`^\s*\{[^\[]*"results"\s*:\s*\[\s*\{[^{\[]*"schema"\s*:\s*"[A-Z]`), kind: Kind{"the answer of a search for entities of FollowTheMoney", linesAdvice + "'.results[]' FILE > entities.ftm.json"}},
		{text: regexp.MustCompile(`^\s*\{[^{\[]*"title"[^{]*"resources"\s*:\s*\[`), kind: Kind{"the index of a dataset of OpenSanctions", "download the resource entities.ftm.json that it names"}},
		{text: key("canonical_id"), kind: Kind{"a file of statements of OpenSanctions", entitiesAdvice}},
		{text: key("DATA_SOURCE"), kind: Kind{"a file of entities for Senzing", entitiesAdvice}},
		{text: regexp.MustCompile(`^\s*\{\s*"type"\s*:\s*"FeatureCollection"`), kind: Kind{"GeoJSON", mapAdvice}},
		{text: regexp.MustCompile(`^\s*\{\s*"(nodes|vertices)"\s*:\s*\[`), kind: Kind{"a network of nodes and edges", "write its edges as a table with the columns source, verb and target; or " + mapAdvice}},
		{text: regexp.MustCompile(`^\s*\{\s*"(error|errors|message|detail)"\s*:`), kind: Kind{"an error that a server sent in place of the file", "read the message in it, and download the file again"}},
		{text: regexp.MustCompile(`^version https://git-lfs\.github\.com/spec/`), kind: Kind{"a pointer of Git LFS, without the file", "git lfs pull fetches the file"}},
		{text: regexp.MustCompile(`^\s*<\?xml[^>]*>\s*<Error>`), kind: Kind{"an error that a server sent in place of the file", "read the message in it, and download the file again"}},
		{text: regexp.MustCompile(`^\s*(<\?xml[^>]*>\s*)?<rdf:RDF`), kind: Kind{"RDF in XML", "convert it to Turtle: rapper -i rdfxml -o turtle FILE > FILE.ttl"}},
		{text: regexp.MustCompile(`(?i)^\s*(404 |403 )?(not found|forbidden|access denied|too many requests|unauthorized|internal server error)\W*$`), kind: Kind{"an error that a server sent in place of the file", "download the file again"}},
	}
})

// Lookalike returns the kind of a file that is not of any format, but of a program of
// which entente reads other files, by the text at its beginning; false for any other.
func Lookalike(head []byte) (Kind, bool) {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	header := columnsOf(string(line))
	for _, l := range lookalikes() {
		if l.text != nil && l.text.Match(head) || l.text == nil && !slices.ContainsFunc(l.columns, func(name string) bool { return !slices.Contains(header, name) }) {
			return l.kind, true
		}
	}
	return Kind{}, false
}

// nested matches an entity of FollowTheMoney within another one.
var nested = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`"properties"\s*:\s*\{[^\n]*"[A-Za-z]+"\s*:\s*\[\s*\{\s*"[a-z]+"\s*:`)
})

// Nested returns the kind of a file of FollowTheMoney whose entities are within others;
// false for any other file. Its links have no lines of their own.
func Nested(head []byte) (Kind, bool) {
	return Kind{"a file of nested entities (targets.nested.json), whose links have no lines of their own", entitiesAdvice}, nested().Match(head)
}

// columnsOf returns the names in the header of a table.
func columnsOf(line string) []string {
	names := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",;\t", r) })
	for i, name := range names {
		names[i] = strings.Trim(name, "\" \r\ufeff")
	}
	return names
}
