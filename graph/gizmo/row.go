package gizmo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	cgizmo "github.com/cayleygraph/cayley/query/gizmo"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Row is one result of a script. Its columns are the node as id and the tagged
// and saved values for all and getLimit, the properties of an emitted object, or
// a single value without a name.
type Row struct {
	cells  map[string]any // a quad.Value, nil, or a []any or map[string]any of them
	single bool           // one value, in valueColumn
	names  map[quad.IRI]string
}

// valueColumn is the column of a value without a name.
const valueColumn = "value"

// Columns returns the sorted names of the row's columns. The column of a value
// without a name is "value".
func (r Row) Columns() []string { return slices.Sorted(maps.Keys(r.cells)) }

// Value returns the graph value in a column, or nil if the column is missing or
// holds a list or an object.
func (r Row) Value(column string) quad.Value {
	v, _ := r.cells[column].(quad.Value)
	return v
}

// Name returns the name of the entity in a column. It is empty for other values,
// and if the run was not asked for names.
func (r Row) Name(column string) string {
	iri, _ := r.cells[column].(quad.IRI)
	return r.names[iri]
}

// Text returns the value in a column as readable text: person:xie-feng,
// 2023-07-12, a string without quotes, a list or an object as JSON. It is empty
// if the column is missing.
func (r Row) Text(column string) string {
	switch v := r.cells[column].(type) {
	case nil:
		return ""
	case quad.Value:
		return valueText(v)
	default:
		b, err := marshal(jsonReady(v))
		if err != nil {
			return err.Error()
		}
		return string(b)
	}
}

// IDs returns the ids in all columns, by name of the column, and in lists and objects.
// A null has no id. The error of any other value wraps [graph.ErrQuery].
func (r Row) IDs() (ids []schema.ID, err error) {
	for _, column := range r.Columns() {
		if ids, err = appendIDs(ids, r.cells[column]); err != nil {
			return nil, fmt.Errorf("%w (in column %s)", err, column)
		}
	}
	return ids, nil
}

// appendIDs appends the ids in a cell.
func appendIDs(ids []schema.ID, cell any) (_ []schema.ID, err error) {
	switch v := cell.(type) {
	case nil:
	case quad.IRI:
		ids = append(ids, schema.ID(v))
	case []any:
		for _, item := range v {
			if ids, err = appendIDs(ids, item); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if ids, err = appendIDs(ids, v[key]); err != nil {
				return nil, err
			}
		}
	default:
		return nil, fmt.Errorf("%w: %v is not an id", graph.ErrQuery, v)
	}
	return ids, nil
}

// MarshalJSON encodes the row as a JSON object, or as its value if that has no
// name. Ids, dates and strings are JSON strings with the text of [Row.Text];
// numbers and booleans are JSON numbers and booleans.
func (r Row) MarshalJSON() ([]byte, error) {
	if r.single {
		return marshal(jsonReady(r.cells[valueColumn]))
	}
	return marshal(jsonReady(r.cells))
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// jsonReady replaces graph values by values that JSON has.
func jsonReady(v any) any {
	switch v := v.(type) {
	case quad.Value:
		return valueJSON(v)
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = jsonReady(item)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, item := range v {
			object[key] = jsonReady(item)
		}
		return object
	}
	return v
}

func valueText(v quad.Value) string {
	switch v := v.(type) {
	case quad.IRI:
		return string(v)
	case quad.String:
		return string(v)
	case quad.LangString:
		return string(v.Value)
	case quad.TypedString:
		return string(v.Value)
	case quad.Time:
		return time.Time(v).Format(time.RFC3339Nano)
	case quad.Int, quad.Float, quad.Bool:
		return fmt.Sprint(v.Native())
	}
	return quad.StringOf(v)
}

func valueJSON(v quad.Value) any {
	switch v := v.(type) {
	case quad.Int:
		return int64(v)
	case quad.Float:
		if f := float64(v); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f
		}
	case quad.Bool:
		return bool(v)
	}
	return valueText(v)
}

// rowOf returns the row of a result of Cayley's session.
func (q *run) rowOf(result any) (Row, error) {
	r, ok := result.(*cgizmo.Result)
	if !ok {
		return Row{}, fmt.Errorf("query: unexpected result %T", result)
	}
	if row, ok := r.Val.(*Row); ok {
		return q.addNames(*row)
	}
	row := Row{cells: make(map[string]any, len(r.Tags))}
	for tag, ref := range r.Tags {
		v, err := q.runner.qs.NameOf(ref)
		if err != nil {
			return Row{}, err
		}
		if v != nil {
			row.cells[tag] = v
		}
	}
	return q.addNames(row)
}

// maxCachedNames bounds how many names a run keeps.
const maxCachedNames = 100_000

// addNames adds the names of the entities in a row, if the run was asked for
// names.
func (q *run) addNames(row Row) (Row, error) {
	if !q.runner.opts.Names {
		return row, nil
	}
	for _, cell := range row.cells {
		iri, ok := cell.(quad.IRI)
		if !ok || !slices.Contains(schema.Kinds(), schema.KindOf(schema.ID(iri))) {
			continue
		}
		name, known := q.names[iri]
		if !known {
			var err error
			if name, err = q.runner.label(q.ctx, schema.ID(iri)); err != nil {
				return row, err
			}
			if q.names == nil || len(q.names) == maxCachedNames {
				q.names = make(map[quad.IRI]string)
			}
			q.names[iri] = name
		}
		if name == string(iri) {
			continue
		}
		if row.names == nil {
			row.names = make(map[quad.IRI]string)
		}
		row.names[iri] = name
	}
	return row, nil
}

// emittedRow returns the row of a value that a script emits.
func emittedRow(v any) *Row {
	if object, ok := v.(map[string]any); ok {
		return &Row{cells: object}
	}
	return &Row{cells: map[string]any{valueColumn: v}, single: true}
}
