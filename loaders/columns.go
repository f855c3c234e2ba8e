package loaders

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/loaders/sniff"
	"github.com/entente-kg/entente/schema"
)

// tablePlan is the meaning of each column of a table, and the parser method that
// reads a row.
type tablePlan struct {
	columns []column
	read    func(p *parser, n *node)
	unread  []string     // the names of columns that are not read; nil unless columns are renamed
	mapped  *mappedTable // the mapping that reads the rows instead; usually nil
}

type column struct {
	key             string // the key in the other formats
	list            bool   // values separated by bars
	describesSource bool   // describes the source of the row
	ignored         bool   // not read: the name of the column begins with "_"
}

// The column names of other tools, and the key that each stands for.
var (
	factColumns = map[string]string{
		"subject": "actor", "from": "actor", "source-name": "actor", "from-name": "actor",
		"object": "recipient", "target": "recipient", "to": "recipient", "target-name": "recipient", "to-name": "recipient",
		"predicate": "verb", "type": "verb", "relation": "verb", "relationship": "verb", "action": "verb", "interaction": "verb",
		"parties": "party", "participants": "party", "sentence": "fact",
		"date": "when", "event-date": "when", "day": "when",
		"start": "since", "start-date": "since", "begin": "since", "from-date": "since",
		"end": "until", "end-date": "until", "to-date": "until",
		"quote-start": "start", "quote-end": "end",
		"place": "at", "location": "at", "where": "at", "id": "source-key", "event-id": "source-key",
		"subject-kind": "actor-kind", "subject-type": "actor-kind", "from-kind": "actor-kind", "from-type": "actor-kind",
		"source-kind": "actor-kind", "source-type": "actor-kind",
		"object-kind": "recipient-kind", "object-type": "recipient-kind", "to-kind": "recipient-kind", "to-type": "recipient-kind",
		"target-kind": "recipient-kind", "target-type": "recipient-kind", "place-kind": "at-kind", "place-type": "at-kind", "location-kind": "at-kind", "location-type": "at-kind",
		"speaker": "said-by",
	}
	sourceColumns = map[string]string{
		"source": "title", "title": "title", "source-document": "title", "source-title": "title", "doc": "title",
		"document": "title", "reference": "title", "citation": "title", "url": "url", "source-url": "url", "link": "url",
		"publisher": "publisher", "author": "author", "published": "published", "language": "language",
		"archived": "archived", "archived-url": "archived", "archive-url": "archived", "archived-on": "archived-on", "archived-date": "archived-on",
		"archive-date": "archived-on", "accessed": "accessed", "accessed-on": "accessed", "access-date": "accessed", "retrieved": "accessed",
	}
	entityColumns = map[string]string{
		"label": "name", "type": "kind", "alias": "aliases", "aka": "aliases", "also-known-as": "aliases",
		"birth-date": "born", "founded": "born", "identifier": "identifiers",
	}
	// columnsMeant are names that say what people mean, without being a name of a column.
	columnsMeant = map[string]string{
		"who": "actor", "person": "actor", "by": "actor", "whom": "recipient", "with": "recipient", "with-whom": "recipient",
		"what": "verb", "did": "verb", "event": "verb", "verb-phrase": "verb", "did-what": "verb", "when-was-it": "when", "year": "when",
		"city": "place", "venue": "place", "reason": "topic", "about": "topic", "subject-matter": "topic", "evidence": "quote", "text": "quote",
	}
	documentColumns = map[string]string{"link": "url", "date": "published", "identifier": "identifiers", "type": "kind",
		"archived-url": "archived", "archive-url": "archived", "archived-date": "archived-on", "archive-date": "archived-on",
		"accessed-on": "accessed", "access-date": "accessed", "retrieved": "accessed"}
)

// foldedNames returns names of columns as they are compared.
func foldedNames(header []string) []string {
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = strings.NewReplacer(" ", "-", "_", "-").Replace(schema.Fold(h))
	}
	return names
}

// planColumns reads the header of a table. The names may differ from those that are
// written there.
func (t *tableReader) planColumns(header, written []string) (tablePlan, error) {
	names := foldedNames(header)
	p, name := t.planFor(names)
	i := &item{source: t.source}
	seen := make(map[string]int)
	for at, n := range names {
		i.field = header[at]
		p.columns = append(p.columns, column{ignored: true})
		if strings.HasPrefix(header[at], "_") {
			continue
		}
		cell := t.fieldPlace(at)
		cell.value = header[at]
		more := ""
		if len(i.errs) == 0 { // once is enough
			more = "; or " + t.mapHint()
		}
		col, err := t.readColumn(at, n, header, name, seen, more)
		if err != nil {
			i.add(&positionedError{t.source.position(cell), &fault{error: err, field: header[at], value: header[at]}})
			continue
		}
		p.columns[at] = col
	}
	if p.read == nil && !slices.ContainsFunc(i.errs, mayBeVerb) {
		i.field = ""
		i.add(&positionedError{t.source.position(t.fieldPlace(0)), faultOf(schema.MissingColumn, withHint(
			fmt.Errorf("no column for the verb: %q", shorten(strings.Join(written, string(t.csv.Comma)))), t.verbHint(header, written)))})
	}
	return p, i.take().err()
}

// verbHint returns advice about a table without a column for the verb. Names of columns
// that are not read begin with "_".
func (t *tableReader) verbHint(header, written []string) string {
	var renames []string
	isVerb := false
	for i, n := range foldedNames(written) {
		meant := cmp.Or(columnsMeant[n], map[bool]string{true: "verb"}[factColumns[n] == "verb"])
		if strings.HasPrefix(header[i], "_") && meant != "" && meant != "place" {
			renames = append(renames, "--map "+strconv.Quote(written[i]+"="+meant))
			isVerb = isVerb || meant == "verb"
		}
	}
	advice := "name a column verb, type or predicate, or fact for whole sentences; a table of entities has kind and name"
	if isVerb {
		advice = "add " + strings.Join(renames, " ")
	}
	return advice + "; or " + t.mapHint()
}

// mapHint says which command writes a mapping for the table.
func (t *tableReader) mapHint() string {
	return fmt.Sprintf("entente map %s writes a mapping for the table as it is", t.source.path)
}

// mayBeVerb reports whether an error is an unknown column, which may be the missing
// column of the verb.
func mayBeVerb(e *positionedError) bool { return schema.ProblemKindOf(e.err) == schema.UnknownColumn }

// readColumn returns the meaning of column at, whose folded name is n. More is further
// advice about a column that has none.
func (t *tableReader) readColumn(at int, n string, header []string, name func(string) (column, bool), seen map[string]int, more string) (column, error) {
	if n == "" {
		return column{}, faultf(schema.MissingColumn, "column %d has no name", at+1)
	}
	col, ok := name(n)
	if !ok {
		return col, faultOf(schema.UnknownColumn, schema.WithHint(fmt.Errorf("unknown column: %q", header[at]),
			func() string {
				if meant := columnsMeant[n]; meant != "" {
					return fmt.Sprintf("did you mean %q? then rename the column, or add --map %q", meant, header[at]+"="+meant) + more
				}
				return t.columnHint(n)
			}))
	}
	if first, ok := seen[col.id()]; ok {
		return col, faultf(schema.RepeatedColumn, "two columns with the same meaning: %q and %q", header[first], header[at])
	}
	seen[col.id()] = at
	return col, nil
}

func (c column) id() string {
	if c.describesSource {
		return "source " + c.key
	}
	return c.key
}

// planFor finds out from the column names whether the rows are facts, entities or
// sources. It returns how to read a row, and a function that reads a column name.
func (t *tableReader) planFor(names []string) (tablePlan, func(string) (column, bool)) {
	has := func(any ...string) bool {
		return slices.ContainsFunc(any, func(n string) bool { return slices.Contains(names, n) })
	}
	sides := has("target", "object", "to", "recipient", "subject", "actor", "from", "party", "parties", "participants")
	switch {
	case has("fact", "sentence", "verb", "predicate", "relation", "relationship", "action", "interaction"), sides && has("type"):
		edges := has("target", "target-name") && !has("subject", "actor", "from")
		return tablePlan{read: (*parser).fact}, func(n string) (column, bool) { return t.factColumn(n, edges) }
	case has("kind", "type") && has("name", "label"):
		return tablePlan{read: func(p *parser, n *node) { p.entity(n, "") }}, t.entityColumn
	case has("title") && !sides:
		return tablePlan{read: func(p *parser, n *node) { p.document(n, false) }}, documentColumn
	}
	return tablePlan{}, func(n string) (column, bool) { return t.factColumn(n, has("target")) }
}

// factColumn reads a column name of a table of facts. In a table with a column
// "target", the column "source" is the actor, not the document.
func (t *tableReader) factColumn(name string, edges bool) (column, bool) {
	if edges && name == "source" {
		return column{key: "actor", list: true}, true
	}
	if part, ok := sourceColumns[name]; ok {
		return column{key: part, describesSource: true}, true
	}
	key := name
	if k, ok := factColumns[name]; ok {
		key = k
	}
	if !slices.Contains(t.parser.knownFactKeys(), key) || key == "evidence" || key == "source" {
		return column{}, false
	}
	return column{key: key, list: t.isList(key)}, true
}

// isList reports whether a fact may have several values under a key.
func (t *tableReader) isList(key string) bool {
	_, isRole := t.parser.vocabulary.Role(schema.Role(key))
	return isRole || isSide(schema.Role(key)) || key == "at" || key == "via" ||
		slices.Contains(schema.LinkTypes(), schema.LinkType(key))
}

func (t *tableReader) entityColumn(name string) (column, bool) {
	key := name
	if k, ok := entityColumns[name]; ok {
		key = k
	}
	_, isField := entityFields[key]
	if key == "posts" || !slices.Contains(t.parser.entityKeys(), key) {
		return column{}, false
	}
	return column{key: key, list: !isField || key == "aliases" || key == "identifiers"}, true
}

func documentColumn(name string) (column, bool) {
	key := name
	if k, ok := documentColumns[name]; ok {
		key = k
	}
	_, ok := sourceFields[key]
	return column{key: key, list: key == "aliases" || key == "identifiers"}, ok
}

func (t *tableReader) columnHint(name string) string {
	known := slices.Concat(t.parser.knownFactKeys(), slices.Collect(maps.Keys(factColumns)), slices.Collect(maps.Keys(sourceColumns)),
		entityFields.names(), slices.Collect(maps.Keys(entityColumns)))
	slices.Sort(known)
	known = slices.DeleteFunc(slices.Compact(known), func(k string) bool { return k == name })
	if near := schema.Nearest(name, known, 3); len(near) > 0 {
		return schema.DidYouMean(near)
	}
	return "\"entente help format\" lists the columns; one whose name begins with \"_\" is left out"
}

// separatorRows returns the number of rows before the header that only say the
// separator.
func separatorRows(text string) int {
	if declared, _ := sniff.SeparatorLine(text); declared != 0 {
		return 1
	}
	return 0
}

// header reads the first rows of a table, and returns the last of them.
func (t *tableReader) header(rows int) (header []string, err error) {
	for range rows {
		if header, err = t.csv.Read(); err != nil {
			return nil, t.syntaxError(err, 0)
		}
	}
	return header, t.checkColumns(header)
}

// checkColumns refuses a header of very many columns. The reader has read it.
func (t *tableReader) checkColumns(header []string) error {
	if len(header) <= maxColumns {
		return nil
	}
	at := schema.Position{File: t.source.path, Line: 1}
	return &positionedError{at, faultf(schema.TooLarge, "a table of %d columns, more than %d", len(header), maxColumns)}
}

// noHeader is the error of a table whose first row is not its header; nil if it may be
// one. The reader has read the first row alone.
func (t *tableReader) noHeader(first []string) error {
	at := t.fieldPlace(0)
	fail := func(err error) error { return &positionedError{t.source.position(at), err} }
	if text := strings.Join(first, ""); strings.Contains(strings.TrimRight(text, "\r"), "\r") && !strings.Contains(text, "\n") {
		return fail(faultOf(schema.BadSyntax, withHint(errors.New("the lines end with a carriage return alone, as on old Macs"), "save the file with the line ends of Windows or Unix")))
	}
	known := func(row []string) (n int) {
		_, read := t.planFor(foldedNames(row))
		for _, name := range foldedNames(row) {
			if _, ok := read(name); ok || columnsMeant[name] != "" {
				n++
			}
		}
		return n
	}
	next := func() ([]string, bool) {
		row, err := t.csv.Read()
		return row, err == nil
	}
	if what, advice := sniff.Header(first, known, next); what != "" {
		return fail(faultOf(schema.UnknownColumn, withHint(fmt.Errorf("%s: %q", what, shorten(strings.Join(first, string(t.csv.Comma)))), advice)))
	}
	return nil
}
