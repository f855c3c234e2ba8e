package export

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"sync"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/csvfile"
	"github.com/entente-kg/entente/graph/render"
)

// writeCSVFacts writes a row for each fact, with the columns of [render.FactTable].
func writeCSVFacts(ctx context.Context, w io.Writer, s Selection, o Options) error {
	filter := s.filter()
	words := render.New(s.Graph)
	table := words.NewFactTable(filter)
	if err := writeHeader(w, o, table.Columns()); err != nil {
		return err
	}
	var rows csvBuffers
	out := bufio.NewWriterSize(w, 64<<10)
	for row, err := range graph.MapFactRows(ctx, s.Graph, filter, func(facts []graph.Selected) ([]csvRow, error) {
		if err := words.Prepare(ctx, facts); err != nil {
			return nil, err
		}
		return rows.ofFacts(ctx, table.NewRow(), facts)
	}) {
		if err == nil {
			_, err = out.Write(row.bytes)
		}
		if err != nil {
			return err
		}
		rows.used(row.part)
	}
	return out.Flush()
}

// csvRow is a row of CSV in the memory of a part.
type csvRow struct {
	bytes []byte
	part  *csvPart
}

// csvPart is rows of CSV in memory, in the order in which they were made.
type csvPart struct {
	*csvfile.Writer
	unused int // rows that are not written yet
}

// ofFacts returns a row for each fact.
func (b *csvBuffers) ofFacts(ctx context.Context, row *render.FactRow, facts []graph.Selected) ([]csvRow, error) {
	ends := make([]int, 0, len(facts))
	out, err := fillRows(b, facts, func(out *csvfile.Writer, f *graph.Selected) error {
		if err := row.Set(ctx, f); err != nil {
			return err
		}
		cells, err := row.Cells()
		if err != nil {
			return err
		}
		out.Texts(cells...)
		err = out.End()
		ends = append(ends, len(out.Bytes()))
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, part, from := make([]csvRow, len(facts)), &csvPart{out, len(facts)}, 0
	for i, end := range ends {
		rows[i], from = csvRow{out.Bytes()[from:end], part}, end
	}
	return rows, nil
}

// used records that a row is written. The memory of its part is used again after the last
// one.
func (b *csvBuffers) used(part *csvPart) {
	if part.unused--; part.unused == 0 {
		part.Reset()
		b.free.Put(part.Writer)
	}
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

// csvBuffers is rows of CSV in memory that are used again once they are written.
type csvBuffers struct{ free sync.Pool }

// fillRows returns rows of CSV, of which write writes one for each item.
func fillRows[T any](b *csvBuffers, items []T, write func(*csvfile.Writer, *T) error) (*csvfile.Writer, error) {
	out, ok := b.free.Get().(*csvfile.Writer)
	if !ok {
		out = csvfile.NewWriter(nil)
	}
	for i := range items {
		if err := write(out, &items[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// write writes rows.
func (b *csvBuffers) write(w io.Writer, parts iter.Seq2[*csvfile.Writer, error]) error {
	for part, err := range parts {
		if err == nil {
			_, err = w.Write(part.Bytes())
		}
		if err != nil {
			return err
		}
		part.Reset()
		b.free.Put(part)
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
	var rows csvBuffers
	return rows.write(w, mapEdges(ctx, e, func(edges []*edge) (*csvfile.Writer, error) {
		return fillRows(&rows, edges, func(out *csvfile.Writer, item **edge) error {
			x, direction := *item, "Directed"
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
