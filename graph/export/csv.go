package export

import (
	"context"
	"io"
	"slices"

	"github.com/entente-kg/entente/graph/csvfile"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// writeCSVFacts writes a row for each fact, with the columns of [render.FactTable].
func writeCSVFacts(ctx context.Context, w io.Writer, s Selection, o Options) error {
	out, err := newTableWriter(w, o)
	if err != nil {
		return err
	}
	filter := s.filter()
	table := render.New(s.Graph).NewFactTable(filter)
	var through []schema.ID
	filter.OnThrough = func(_ schema.Fact, ids []schema.ID) { through = ids }
	out.Texts(table.Columns()...)
	if err := out.End(); err != nil {
		return err
	}
	for f, err := range s.Graph.Facts(ctx, filter) {
		if err != nil {
			return err
		}
		_, row, err := table.Row(ctx, f, through...)
		if err != nil {
			return err
		}
		through = nil
		if err := writeCells(out, row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// writeCells writes a row of texts and whole numbers.
func writeCells(out *csvfile.Writer, row []any) error {
	for _, cell := range row {
		switch v := cell.(type) {
		case int:
			out.Number(v)
		case string:
			out.Text(v)
		}
	}
	return out.End()
}

// newTableWriter returns a writer of CSV. For Excel it begins with a byte order mark.
func newTableWriter(w io.Writer, o Options) (*csvfile.Writer, error) {
	if o.Excel {
		if _, err := io.WriteString(w, csvfile.BOM); err != nil {
			return nil, err
		}
	}
	return csvfile.NewWriter(w), nil
}

// writeCSVNodes writes a row for each node, with the columns of Gephi first.
func writeCSVNodes(ctx context.Context, w io.Writer, s Selection, o Options) error {
	out, err := newTableWriter(w, o)
	if err != nil {
		return err
	}
	e := newElements(s, o)
	columns := e.nodeColumns()
	if err := writeHeader(out, columns, "Id", "Label"); err != nil {
		return err
	}
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
	out, err := newTableWriter(w, o)
	if err != nil {
		return err
	}
	e := newElements(s, o)
	columns := e.edgeColumns()
	symmetric := slices.IndexFunc(columns, func(c column) bool { return c.name == "symmetric" })
	if err := writeHeader(out, columns, "Source", "Target", "Type", "Kind", "Id", "Label", "Weight"); err != nil {
		return err
	}
	for x, err := range e.edges(ctx) {
		if err != nil {
			return err
		}
		direction := "Directed"
		if symmetric >= 0 && x.values[symmetric].text == "true" {
			direction = "Undirected"
		}
		out.Texts(string(x.from), string(x.to), direction, x.id, x.id, x.label)
		out.Number(1)
		if err := writeValues(out, columns, x.values); err != nil {
			return err
		}
	}
	return out.Flush()
}

func writeHeader(out *csvfile.Writer, columns []column, first ...string) error {
	out.Texts(first...)
	for _, c := range columns {
		out.Text(c.name)
	}
	return out.End()
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
