package gizmo

import (
	"fmt"
	"strconv"
	"time"

	"github.com/cayleygraph/quad"
)

// wireRow is a row as it is sent from a child to its parent.
type wireRow struct {
	Cells  map[string]wireValue `json:"c"`
	Single bool                 `json:"v,omitempty"`
	Names  map[quad.IRI]string  `json:"n,omitempty"`
}

// wireValue is the value of a cell: its kind and its content.
type wireValue struct {
	Kind string               `json:"k,omitempty"`
	Text string               `json:"s,omitempty"`
	Of   string               `json:"x,omitempty"` // language or type of a string
	List []wireValue          `json:"l,omitempty"`
	Map  map[string]wireValue `json:"m,omitempty"`
}

func (r Row) encode() wireRow {
	w := wireRow{Cells: make(map[string]wireValue, len(r.cells)), Single: r.single, Names: r.names}
	for column, cell := range r.cells {
		w.Cells[column] = encodeValue(cell)
	}
	return w
}

func (w wireRow) decode() (Row, error) {
	r := Row{cells: make(map[string]any, len(w.Cells)), single: w.Single, names: w.Names}
	for column, cell := range w.Cells {
		v, err := cell.decode()
		if err != nil {
			return Row{}, err
		}
		r.cells[column] = v
	}
	return r, nil
}

// Kinds of values.
const (
	wireNothing = ""
	wireIRI     = "iri"
	wireBlank   = "blank"
	wireString  = "text"
	wireLang    = "lang"
	wireTyped   = "typed"
	wireInt     = "int"
	wireFloat   = "float"
	wireBool    = "bool"
	wireTime    = "time"
	wireList    = "list"
	wireMap     = "map"
)

func encodeValue(v any) wireValue {
	switch v := v.(type) {
	case quad.IRI:
		return wireValue{Kind: wireIRI, Text: string(v)}
	case quad.BNode:
		return wireValue{Kind: wireBlank, Text: string(v)}
	case quad.String:
		return wireValue{Kind: wireString, Text: string(v)}
	case quad.LangString:
		return wireValue{Kind: wireLang, Text: string(v.Value), Of: v.Lang}
	case quad.TypedString:
		return wireValue{Kind: wireTyped, Text: string(v.Value), Of: string(v.Type)}
	case quad.Int:
		return wireValue{Kind: wireInt, Text: strconv.FormatInt(int64(v), 10)}
	case quad.Float:
		return wireValue{Kind: wireFloat, Text: strconv.FormatFloat(float64(v), 'g', -1, 64)}
	case quad.Bool:
		return wireValue{Kind: wireBool, Text: strconv.FormatBool(bool(v))}
	case quad.Time:
		return wireValue{Kind: wireTime, Text: time.Time(v).Format(time.RFC3339Nano)}
	case []any:
		list := make([]wireValue, len(v))
		for i, item := range v {
			list[i] = encodeValue(item)
		}
		return wireValue{Kind: wireList, List: list}
	case map[string]any:
		object := make(map[string]wireValue, len(v))
		for key, item := range v {
			object[key] = encodeValue(item)
		}
		return wireValue{Kind: wireMap, Map: object}
	}
	return wireValue{}
}

func (w wireValue) decode() (any, error) {
	switch w.Kind {
	case wireNothing:
		return nil, nil
	case wireIRI:
		return quad.IRI(w.Text), nil
	case wireBlank:
		return quad.BNode(w.Text), nil
	case wireString:
		return quad.String(w.Text), nil
	case wireLang:
		return quad.LangString{Value: quad.String(w.Text), Lang: w.Of}, nil
	case wireTyped:
		return quad.TypedString{Value: quad.String(w.Text), Type: quad.IRI(w.Of)}, nil
	case wireInt:
		n, err := strconv.ParseInt(w.Text, 10, 64)
		return quad.Int(n), err
	case wireFloat:
		f, err := strconv.ParseFloat(w.Text, 64)
		return quad.Float(f), err
	case wireBool:
		b, err := strconv.ParseBool(w.Text)
		return quad.Bool(b), err
	case wireTime:
		t, err := time.Parse(time.RFC3339Nano, w.Text)
		return quad.Time(t), err
	case wireList:
		return w.decodeList()
	case wireMap:
		return w.decodeObject()
	}
	return nil, fmt.Errorf("a value of the kind %q", w.Kind)
}

func (w wireValue) decodeList() (any, error) {
	list := make([]any, len(w.List))
	for i, item := range w.List {
		v, err := item.decode()
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	return list, nil
}

func (w wireValue) decodeObject() (any, error) {
	object := make(map[string]any, len(w.Map))
	for key, item := range w.Map {
		v, err := item.decode()
		if err != nil {
			return nil, err
		}
		object[key] = v
	}
	return object, nil
}
