package jsonschema

import (
	"bytes"
	"encoding/json"
)

// node is a JSON Schema, of the keywords that draft-07 and draft 2020-12 have alike.
// Only editors read the keywords enumDescriptions, errorMessage and patternErrorMessage;
// validators ignore them.
type node struct {
	Dialect     string `json:"$schema,omitempty"`
	ID          string `json:"$id,omitempty"`
	Comment     string `json:"$comment,omitempty"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Ref         string `json:"$ref,omitempty"`

	Type    types    `json:"type,omitempty"`
	Enum    []any    `json:"enum,omitempty"`
	EnumTip []string `json:"enumDescriptions,omitempty"`

	Pattern      string `json:"pattern,omitempty"`
	PatternError string `json:"patternErrorMessage,omitempty"`
	Error        string `json:"errorMessage,omitempty"`
	MinLength    int    `json:"minLength,omitempty"`
	MaxLength    int    `json:"maxLength,omitempty"`

	Minimum *int `json:"minimum,omitempty"`
	Above   *int `json:"exclusiveMinimum,omitempty"`
	Maximum *int `json:"maximum,omitempty"`

	Items    *node `json:"items,omitempty"`
	MinItems int   `json:"minItems,omitempty"`
	Unique   bool  `json:"uniqueItems,omitempty"`

	MinKeys   int      `json:"minProperties,omitempty"`
	MaxKeys   int      `json:"maxProperties,omitempty"`
	Required  []string `json:"required,omitempty"`
	Keys      members  `json:"properties,omitempty"`
	KeysLike  members  `json:"patternProperties,omitempty"`
	OtherKeys *node    `json:"additionalProperties,omitempty"`
	KeyNames  *node    `json:"propertyNames,omitempty"`

	All  []*node `json:"allOf,omitempty"`
	Any  []*node `json:"anyOf,omitempty"`
	One  []*node `json:"oneOf,omitempty"`
	Not  *node   `json:"not,omitempty"`
	If   *node   `json:"if,omitempty"`
	Then *node   `json:"then,omitempty"`
	Else *node   `json:"else,omitempty"`

	Examples    []any   `json:"examples,omitempty"`
	Definitions members `json:"definitions,omitempty"`

	isNothing bool // the schema false, which accepts no value
}

// types are the types that a value may have.
type types []string

// MarshalJSON implements [json.Marshaler]: one type is a text, several are a list.
func (t types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return unescaped(t[0])
	}
	return unescaped([]string(t))
}

// nothing is the schema that accepts no value.
func nothing() *node { return &node{isNothing: true} }

// anything is the schema that accepts every value.
func anything() *node { return &node{} }

// ref refers to a definition of the same schema.
func ref(definition string) *node { return &node{Ref: "#/definitions/" + definition} }

// described returns a copy of a node with a description. In draft-07 what stands beside
// a reference does not count.
func (n *node) described(text string) *node {
	if n.Ref != "" {
		return &node{Description: text, All: []*node{n}}
	}
	fresh := *n
	fresh.Description = text
	return &fresh
}

// plain is a node without its method.
type plain node

// MarshalJSON implements [json.Marshaler].
func (n *node) MarshalJSON() ([]byte, error) {
	if n.isNothing {
		return []byte("false"), nil
	}
	return unescaped((*plain)(n))
}

// member is a name and a schema.
type member struct {
	name string
	node *node
}

// members is a JSON object of schemas, in the order of the slice.
type members []member

// MarshalJSON implements [json.Marshaler].
func (m members) MarshalJSON() ([]byte, error) {
	out := []byte("{")
	for i, entry := range m {
		if i > 0 {
			out = append(out, ',')
		}
		name, err := unescaped(entry.name)
		if err != nil {
			return nil, err
		}
		value, err := entry.node.MarshalJSON()
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	return append(out, '}'), nil
}

// unescaped encodes a value as JSON, with the characters <, > and & as they are.
func unescaped(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// The types of values. A text may be written as a number, and null stands for no
// value.
var (
	scalar     = types{"string", "number", "null"}
	filledText = types{"string", "number"}
)

func integer(i int) *int { return &i }
