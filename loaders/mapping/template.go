package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// template is a text in which the fields in braces are replaced by their values:
// "Ambassador to {country}". Two braces stand for one.
type template struct {
	parts []part
	field string // the only field of a template that is nothing else; empty for others
}

// part is a piece of literal text, or a field.
type part struct {
	literal string
	field   *field // nil for literal text
}

// field is a value of the row: {name}, {name?} if it may be missing, or {a|b} for the
// first of several that is there.
type field struct {
	text     string // as written, without the braces
	optional bool
	paths    []*path
	special  string  // "#row", "#line" or "#file"; empty for a path
	cover    []*path // the paths from the row
}

// specials lists the fields that every row has.
func specials() []string { return []string{"#row", "#line", "#file"} }

// template reads a text with fields in braces.
func (c *compiler) template(n *yaml.Node, text string) (*template, error) {
	t := &template{}
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			t.parts = append(t.parts, part{literal: literal.String()})
			literal.Reset()
		}
	}
	for rest := text; rest != ""; {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			literal.WriteString(rest)
			break
		}
		literal.WriteString(rest[:i])
		rest = rest[i:]
		if len(rest) > 1 && rest[1] == rest[0] {
			literal.WriteByte(rest[0])
			rest = rest[2:]
			continue
		}
		name, after, closed := strings.Cut(rest[1:], "}")
		if rest[0] == '}' || !closed {
			return nil, c.fail(n, withHint(fmt.Errorf("a brace without its pair: %q", text), "write {{ or }} for a brace that is text"))
		}
		f, err := c.field(n, name)
		if err != nil {
			return nil, err
		}
		flush()
		t.parts, rest = append(t.parts, part{field: f}), after
	}
	flush()
	if len(t.parts) == 1 && t.parts[0].field != nil {
		t.field = t.parts[0].field.text
	}
	return t, nil
}

func (c *compiler) field(n *yaml.Node, text string) (*field, error) {
	f := &field{text: text}
	name := strings.TrimSpace(text)
	if strings.HasPrefix(name, "#") && !beginsWithKey(name) {
		for _, s := range specials() {
			if s == name {
				f.special = name
				c.mapping.fields = append(c.mapping.fields, fieldUse{f, c.position(n)})
				return f, nil
			}
		}
		return nil, c.fail(n, unknownWord("field", name, append(specials(), keyStep)))
	}
	if before, ok := strings.CutSuffix(name, "?"); ok {
		f.optional, name = true, before
	}
	if strings.TrimSpace(name) == "" {
		return nil, c.fail(n, errors.New("braces without the name of a field"))
	}
	alternatives := strings.Split(name, "|")
	for _, a := range alternatives {
		p, err := parsePath(strings.TrimSpace(a))
		if err == nil && p.isWholeParent() {
			err = wholeParentError(p.text)
		}
		if err != nil {
			return nil, c.fail(n, err)
		}
		f.paths = append(f.paths, &p)
		f.cover = append(f.cover, c.scope.below(&p))
	}
	c.mapping.fields = append(c.mapping.fields, fieldUse{f, c.position(n)})
	return f, nil
}

// constant returns the text of a template without fields.
func (t *template) constant() (string, bool) {
	switch {
	case len(t.parts) == 0:
		return "", true
	case len(t.parts) == 1 && t.parts[0].field == nil:
		return t.parts[0].literal, true
	}
	return "", false
}

// scope is the path of an "each", from the row.
type scope struct{ steps []step }

// below returns the path from the row for a path from the nodes of a scope.
func (s scope) below(p *path) *path {
	if p.absolute || len(s.steps) == 0 {
		return p
	}
	full := *p
	up := min(p.up, len(s.steps))
	full.up = p.up - up
	full.steps = append(append([]step(nil), s.steps[:len(s.steps)-up]...), p.steps...)
	return &full
}

// Value is one value that an expression makes, and the place from which it came.
type Value struct {
	Text      string
	Line, Col int32
	Field     string // the field from which it came; empty for a constant
	isSaid    bool   // the mapping has the whole text, as a constant or in a table
}

// eval returns the texts of a template: none if a field is missing that is not
// optional, and several if a field has several values.
func (t *template) eval(c *context) ([]Value, error) {
	out := []Value{{Line: c.line, Col: c.col, isSaid: true}}
	var several *field
	for _, p := range t.parts {
		if p.field == nil {
			for i := range out {
				out[i].Text += p.literal
			}
			continue
		}
		values := p.field.values(c)
		switch {
		case len(values) == 0 && p.field.optional:
			continue
		case len(values) == 0:
			return nil, nil
		case len(values) > 1 && several != nil:
			return nil, c.failAt(values[0], fmt.Errorf("both {%s} and {%s} have several values", several.text, p.field.text))
		}
		if len(values) > 1 {
			several = p.field
		}
		out = insert(out, values)
	}
	if len(t.parts) > 1 {
		for i := range out {
			out[i].Text = strings.Join(strings.Fields(out[i].Text), " ")
		}
	}
	return slices.DeleteFunc(out, func(v Value) bool { return v.Text == "" }), nil
}

// insert appends values to texts, of which at most one list has several.
func insert(texts, values []Value) (out []Value) {
	for _, t := range texts {
		for _, v := range values {
			joined := v
			joined.Text, joined.isSaid = t.Text+v.Text, false
			if t.Field != "" {
				joined.Field, joined.Line, joined.Col = t.Field, t.Line, t.Col
			}
			out = append(out, joined)
		}
	}
	return out
}

// values returns the values of a field that are not empty.
func (f *field) values(c *context) (out []Value) {
	if f.special != "" {
		return []Value{{Text: c.special(f.special), Line: c.line, Col: c.col, Field: f.text}}
	}
	if whole := c.node.childrenNamed(f.text); f.optional && len(whole) > 0 { // a column whose name ends with "?"
		return whole[0].values(f.text)
	}
	for _, p := range f.paths {
		for _, n := range p.find(c.node) {
			out = append(out, p.values(n, out)...)
		}
		if len(out) > 0 {
			c.run.Tally.found[f.text] = true
			return out
		}
	}
	c.run.Tally.tried[f.text] = true
	f.noteAbove(c)
	return nil
}

// values returns the value of a node, unless it is empty.
func (n *Node) values(field string) []Value {
	if text := n.Value(); text != "" {
		return []Value{{Text: text, Line: n.Line, Col: n.Col, Field: field}}
	}
	return nil
}
