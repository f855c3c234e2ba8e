package export

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/csvfile"
	"github.com/entente-kg/entente/graph/render"
)

// writeCSVFacts writes a row for each fact, with the columns of [render.FactTable].
func writeCSVFacts(ctx context.Context, w io.Writer, s Selection, o Options) error {
	filter := s.filter()
	table := render.New(s.Graph).NewFactTable(filter)
	if err := writeHeader(w, o, table.Columns()); err != nil {
		return err
	}
	return writeParts(w, graph.MapFacts(ctx, s.Graph, filter, func(facts []graph.Selected) ([]byte, error) {
		return csvRows(facts, func(out *csvfile.Writer, f graph.Selected) error {
			_, cells, err := table.Cells(ctx, f.Fact, f.Through...)
			if err != nil {
				return err
			}
			out.Texts(cells...)
			return out.End()
		})
	}))
}

// writeHeader writes the names of the columns, for Excel after a byte order mark.
func writeHeader(w io.Writer, o Options, columns []string) error {
	if o.Excel {
		if _, err := io.WriteString(w, csvfile.BOM); err != nil {
			return err
		}
	}
	out := csvfile.NewWriter(w)
	out.Texts(columns...)
	return errors.Join(out.End(), out.Flush())
}

// csvRows returns rows of CSV, of which write writes one for each item.
func csvRows[T any](items []T, write func(*csvfile.Writer, T) error) ([]byte, error) {
	var text bytes.Buffer
	out := csvfile.NewWriter(&text)
	for _, item := range items {
		if err := write(out, item); err != nil {
			return nil, err
		}
	}
	err := out.Flush()
	return text.Bytes(), err
}

// writeParts writes the parts of a text.
func writeParts(w io.Writer, parts iter.Seq2[[]byte, error]) error {
	for part, err := range parts {
		if err == nil {
			_, err = w.Write(part)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeCSVNodes writes a row for each node, with the columns of Gephi first.
func writeCSVNodes(ctx context.Context, w io.Writer, s Selection, o Options) error {
	e := newElements(s, o)
	columns := e.nodeColumns()
	if err := writeHeader(w, o, columnNames(columns, "Id", "Label")); err != nil {
		return err
	}
	out := csvfile.NewWriter(w)
	for n, err := range e.nodes(ctx) {
		if err != nil {
			return err
		}
		out.Texts(string(n.id), n.label)
		if err := writeValues(out, columns, n.values); err != nil {
			return err
		}
	}
	return out.Flush()
}

// writeCSVEdges writes a row for each edge, with the columns of Gephi first.
//
// Gephi draws edges that differ in Kind apart, and joins all others between the same two
// nodes: it adds their weights and keeps the attributes of one. Kind is the id of the
// edge, since edges with one predicate may differ in all that matters: a denied fact
// would become part of an asserted one. An edge without a direction is Undirected, so
// that no arrow says who met whom.
func writeCSVEdges(ctx context.Context, w io.Writer, s Selection, o Options) error {
	e := newElements(s, o)
	columns := e.edgeColumns()
	symmetric := slices.IndexFunc(columns, func(c column) bool { return c.name == "symmetric" })
	if err := writeHeader(w, o, columnNames(columns, "Source", "Target", "Type", "Kind", "Id", "Label", "Weight")); err != nil {
		return err
	}
	return writeParts(w, mapEdges(ctx, e, func(edges []*edge) ([]byte, error) {
		return csvRows(edges, func(out *csvfile.Writer, x *edge) error {
			direction := "Directed"
			if symmetric >= 0 && x.values[symmetric].text == "true" {
				direction = "Undirected"
			}
			out.Texts(string(x.from), string(x.to), direction, x.id, x.id, x.label)
			out.Number(1)
			return writeValues(out, columns, x.values)
		})
	}))
}

// columnNames returns the first names, then those of the columns.
func columnNames(columns []column, names ...string) []string {
	for _, c := range columns {
		names = append(names, c.name)
	}
	return names
}

// writeValues writes the values of the columns and ends the row.
func writeValues(out *csvfile.Writer, columns []column, values []value) error {
	for i, v := range values {
		switch columns[i].kind {
		case integerType, booleanType, dateType:
			out.Verbatim(v.text)
		default:
			out.Text(v.String())
		}
	}
	return out.End()
}
