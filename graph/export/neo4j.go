package export

import (
	"bufio"
	"context"
	"encoding/csv"
	"io"
	"strings"
	"unicode"
)

// neo4jSeparator separates the items of a list in the CSV files for Neo4j, which has no
// escape for it. In texts this control character becomes U+FFFD.
const neo4jSeparator = "\x1f"

// neo4jReadMe is the file that says how to import the others.
const neo4jReadMe = `Import into a new database of Neo4j 5, in the folder of these files:

neo4j-admin database import full --nodes=nodes.csv --relationships=relationships.csv --array-delimiter=U+001F --multiline-fields=true neo4j

Every node has the label Entente. A relationship of a fact that did not happen, or that no
source asserts, has a type that begins with UNESTABLISHED_. A fact that links several pairs
of entities is a relationship for each: count those with pair = 1.
`

// writeNeo4j writes nodes.csv and relationships.csv with the headers of Neo4j's import,
// and how to import them. Line breaks in texts stay.
func writeNeo4j(ctx context.Context, to folder, s Selection, o Options) error {
	w, err := to.create("IMPORT.txt")
	if err == nil {
		_, err = io.WriteString(w, neo4jReadMe)
	}
	if err != nil {
		return err
	}
	e := newElements(s, o)
	if w, err = to.create("nodes.csv"); err != nil {
		return err
	}
	if err := e.neo4jNodes(ctx, w); err != nil {
		return err
	}
	if w, err = to.create("relationships.csv"); err != nil {
		return err
	}
	if err := e.neo4jRelationships(ctx, w); err != nil {
		return err
	}
	e.noteUnlinked(o)
	return nil
}

func (e *elements) neo4jNodes(ctx context.Context, w io.Writer) error {
	columns := e.nodeColumns()
	out := newNeo4jWriter(w, append([]string{"id:ID", "name"}, neo4jHeaders(columns)...), ":LABEL")
	for n, err := range e.nodes(ctx) {
		if err != nil {
			return err
		}
		labels := strings.Join(e.neo4jLabels(n), neo4jSeparator)
		if err := out.write([]string{string(n.id), n.label}, columns, n.values, labels); err != nil {
			return err
		}
	}
	return out.close()
}

func (e *elements) neo4jRelationships(ctx context.Context, w io.Writer) error {
	columns := e.edgeColumns()
	out := newNeo4jWriter(w, append([]string{":START_ID", ":END_ID", "id", "name"}, neo4jHeaders(columns)...), ":TYPE")
	for x, err := range e.edges(ctx) {
		if err != nil {
			return err
		}
		if err := out.write([]string{string(x.from), string(x.to), x.id, x.label}, columns, x.values, e.neo4jType(x)); err != nil {
			return err
		}
	}
	return out.close()
}

// neo4jLabels returns the labels of a node: Entente and its kind. A fact has the kind
// Fact, and a third label: Established or Unestablished.
func (e *elements) neo4jLabels(n *node) []string {
	labels := []string{"Entente", n.values[columnIndex(e.nodeColumns(), "entity_kind")].text}
	if labels[1] != "Fact" {
		return labels
	}
	if n.values[columnIndex(e.nodeColumns(), "established")].text == "true" {
		return append(labels, "Established")
	}
	return append(labels, "Unestablished")
}

// neo4jType returns the type of the relationship of an edge: its predicate, or the
// relation of a fact that is a node, as MET or WAS_HOST_TO.
func (e *elements) neo4jType(x *edge) string {
	if !e.collapsed {
		return upperSnake(x.label)
	}
	columns := e.edgeColumns()
	name := upperSnake(x.values[columnIndex(columns, "predicate")].text)
	if x.values[columnIndex(columns, "established")].text != "true" {
		return "UNESTABLISHED_" + name
	}
	return name
}

// columnIndex returns the index of a column by its name.
func columnIndex(columns []column, name string) int {
	for i, c := range columns {
		if c.name == name {
			return i
		}
	}
	panic("no column " + name)
}

// upperSnake returns words in capitals, joined by underscores.
func upperSnake(words string) string {
	fields := strings.FieldsFunc(words, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.ToUpper(strings.Join(fields, "_"))
}

// neo4jHeaders returns the headers of columns, with their types.
func neo4jHeaders(columns []column) []string {
	types := map[valueType]string{listType: ":string[]", integerType: ":long", booleanType: ":boolean", dateType: ":date"}
	headers := make([]string, len(columns))
	for i, c := range columns {
		headers[i] = c.name + types[c.kind]
	}
	return headers
}

// neo4jWriter writes one CSV file for Neo4j.
type neo4jWriter struct {
	buffer *bufio.Writer
	csv    *csv.Writer
}

func newNeo4jWriter(w io.Writer, headers []string, last string) *neo4jWriter {
	buffer := bufio.NewWriterSize(w, 1<<16)
	out := &neo4jWriter{buffer, csv.NewWriter(buffer)}
	out.csv.Write(append(headers, last)) // an error is returned by close
	return out
}

// write writes a row: the first cells, the values of the columns, and the last cell.
func (w *neo4jWriter) write(row []string, columns []column, values []value, last string) error {
	for i, v := range values {
		if columns[i].kind != listType {
			row = append(row, v.text)
			continue
		}
		items := make([]string, len(v.list))
		for i, item := range v.list {
			items[i] = neo4jText(item)
		}
		row = append(row, strings.Join(items, neo4jSeparator))
	}
	for i := range row {
		if i < len(row)-len(values) || columns[i-len(row)+len(values)].kind != listType {
			row[i] = neo4jText(row[i])
		}
	}
	return w.csv.Write(append(row, last))
}

// neo4jText replaces the characters that a cell cannot have.
func neo4jText(s string) string { return strings.ReplaceAll(withoutNUL(s), neo4jSeparator, "\ufffd") }

func (w *neo4jWriter) close() error {
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return err
	}
	return w.buffer.Flush()
}
