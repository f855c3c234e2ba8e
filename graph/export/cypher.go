package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
)

// cypherBatch is the number of nodes or relationships that are read before statements
// are written for them.
const cypherBatch = 500

// writeCypher writes a script that makes the nodes and relationships in an empty
// database. Statements make up to [cypherBatch] nodes of one label, or relationships of
// one type.
func writeCypher(ctx context.Context, w io.Writer, s Selection, o Options) error {
	out := &cypherWriter{Writer: bufio.NewWriterSize(w, 1<<16), elements: newElements(s, o)}
	out.WriteString("// A relationship of a fact that did not happen, or that no source asserts, has a type\n" +
		"// that begins with UNESTABLISHED_. Memgraph: CREATE CONSTRAINT ON (n:Entente) ASSERT n.id IS UNIQUE;\n" +
		"CREATE CONSTRAINT entente_id IF NOT EXISTS FOR (n:Entente) REQUIRE n.id IS UNIQUE;\n")
	if err := out.nodes(ctx); err != nil {
		return err
	}
	if err := out.relationships(ctx); err != nil {
		return err
	}
	out.elements.noteUnlinked(o)
	return out.Flush()
}

// cypherWriter writes statements. Errors of the writer are returned by Flush.
type cypherWriter struct {
	*bufio.Writer
	elements *elements
	batch    map[string][]string // rows of the batch, by labels or type
	order    []string            // the keys of batch, by first use
	rows     int
}

func (w *cypherWriter) nodes(ctx context.Context) error {
	columns := w.elements.nodeColumns()
	flush := func() {
		w.flushBatch(func(labels string) string { return "CREATE (n" + labels + ") SET n = row" })
	}
	for n, err := range w.elements.nodes(ctx) {
		if err != nil {
			return err
		}
		labels := ""
		for _, l := range w.elements.neo4jLabels(n) {
			labels += ":" + cypherName(l)
		}
		properties := cypherProperties([]string{"id", string(n.id), "name", n.label}, columns, n.values)
		w.add(labels, properties, flush)
	}
	flush()
	return nil
}

func (w *cypherWriter) relationships(ctx context.Context) error {
	columns := w.elements.edgeColumns()
	flush := func() {
		w.flushBatch(func(name string) string {
			return "MATCH (a:Entente {id: row.source}), (b:Entente {id: row.target}) CREATE (a)-[r:" + cypherName(name) + "]->(b) SET r = row.values"
		})
	}
	for x, err := range w.elements.edges(ctx) {
		if err != nil {
			return err
		}
		properties := cypherProperties([]string{"id", x.id, "name", x.label}, columns, x.values)
		row := fmt.Sprintf("{source: %s, target: %s, values: %s}", cypherString(string(x.from)), cypherString(string(x.to)), properties)
		w.add(w.elements.neo4jType(x), row, flush)
	}
	flush()
	return nil
}

// add adds a row to the batch, and calls flush once the batch is full.
func (w *cypherWriter) add(key, row string, flush func()) {
	if w.batch == nil {
		w.batch = make(map[string][]string)
	}
	if len(w.batch[key]) == 0 {
		w.order = append(w.order, key)
	}
	w.batch[key] = append(w.batch[key], row)
	if w.rows++; w.rows >= cypherBatch {
		flush()
	}
}

// flushBatch writes a statement for each key of the batch.
func (w *cypherWriter) flushBatch(clause func(key string) string) {
	for _, key := range w.order {
		w.WriteString("UNWIND [\n  ")
		w.WriteString(strings.Join(w.batch[key], ",\n  "))
		w.WriteString("\n] AS row\n" + clause(key) + ";\n")
	}
	w.batch, w.order, w.rows = nil, nil, 0
}

// cypherProperties returns a map literal of pairs of names and texts, and the values
// that are not empty.
func cypherProperties(pairs []string, columns []column, values []value) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, ", %s: %s", pairs[i], cypherString(pairs[i+1]))
	}
	for i, v := range values {
		if !v.isEmpty() {
			fmt.Fprintf(&b, ", %s: %s", columns[i].name, v.cypher(columns[i].kind))
		}
	}
	return "{" + strings.TrimPrefix(b.String(), ", ") + "}"
}

// cypher returns the value as a literal.
func (v value) cypher(kind valueType) string {
	switch kind {
	case integerType, booleanType:
		return v.text
	case dateType:
		return "date(" + cypherString(v.text) + ")"
	case listType:
		items := make([]string, len(v.list))
		for i, item := range v.list {
			items[i] = cypherString(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return cypherString(v.text)
}

// cypherName quotes a name.
func cypherName(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// cypherString quotes a string. Control characters are escaped.
func cypherString(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		switch {
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || r == '\u0085' || r == '\u2028' || r == '\u2029':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}
