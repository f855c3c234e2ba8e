package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/entente-kg/entente/schema"
)

// ItemKind is the type of an [Item].
type ItemKind uint8

// The kinds of items.
const (
	Text ItemKind = iota
	List
	Map
	Failed // the value of a key that has an error
)

// Item is a value that a mapping makes: a text, a list, or a mapping in the shape of
// entente's own JSON.
type Item struct {
	Kind      ItemKind
	Text      string
	Line, Col int32
	Field     string   // the field from which a text came; empty for a constant
	Keys      []string // of a mapping
	IsCoded   bool     // of a fact: a code named its verb
	Lacks     []string // the keys of a mapping that have no value in this row
	Items     []*Item  // of a list, or the values of a mapping
	IsPlaced  bool     // of a record: it stands at its own place, not where its row begins
}

// Made is one record that a row makes.
type Made struct {
	Section string // Entity, Source, Fact or Mention
	*Item          // nil if the record could not be made at all
	Errs    []*ValueError
}

// ValueError is an error in one value of a row.
type ValueError struct {
	Key   string // whose value it is
	Value Value
	Err   error
}

func (e *ValueError) Error() string { return e.Err.Error() }

// Unwrap returns the error itself.
func (e *ValueError) Unwrap() error { return e.Err }

// Run applies a mapping to the rows of one part of a file.
type Run struct {
	Mapping *Mapping
	Format  *Format
	File    string // the name of the file, without its extension
	Dataset string // the name of the dataset
	Tally   Tally

	covered map[string]coveredPath // by the path of a field
	path    []byte                 // the path that is being counted
}

// NewRun prepares for the rows of a file.
func (m *Mapping) NewRun(f *Format, file string) *Run {
	return &Run{Mapping: m, Format: f, File: file, Tally: newTally(), covered: make(map[string]coveredPath)}
}

// context is the row, or the node of an "each", for which values are computed.
type context struct {
	run       *Run
	node      *Node
	row       int
	line, col int32
	key       string               // whose value is computed
	isCoded   bool                 // a code named the verb
	status    string               // the status that the code of the verb says
	names     map[entityOf][]Value // of entities of the row, once computed
	top       *Node                // the row itself
}

func (c *context) failAt(v Value, err error) error { return &ValueError{c.key, v, err} }

func (c *context) special(name string) string {
	switch name {
	case "#row":
		return strconv.Itoa(c.row)
	case "#line":
		return strconv.Itoa(int(c.line))
	}
	return c.run.File
}

// NumbersRows reports whether a mapping uses the numbers of rows.
func (m *Mapping) NumbersRows() bool {
	return slices.ContainsFunc(m.fields, func(use fieldUse) bool { return use.field.special == "#row" })
}

// Row calls do for each record that a row makes, with its errors: entities, then
// sources, then facts.
// Number is the number of the row in its file, from 1; isFirst is true for the first
// row of a file, which also makes what is the same for all rows.
func (r *Run) Row(row *Node, number int, isFirst bool, do func(Made)) {
	r.Tally.Rows++
	if r.Mapping.reader == nil || !r.Mapping.reader.Reads(nil) {
		r.countUnmapped(row, make([]string, 0, 8))
	}
	if r.Mapping.reader != nil {
		r.Mapping.reader.Row(r, row, do)
		return
	}
	c := &context{run: r, node: row, top: row, row: number, line: row.Line, col: row.Col, names: make(map[entityOf][]Value)}
	isLeftOut := !r.Mapping.filter.holds(c)
	if isLeftOut {
		r.Tally.LeftOut++
	}
	for _, section := range []struct {
		name  string
		items []*item
	}{{Entity, r.Mapping.entities}, {Source, r.Mapping.sources}, {Fact, r.Mapping.facts}} {
		for _, it := range section.items {
			if it.fields && !isLeftOut || !it.fields && isFirst {
				it.make(c, func(made *Item, errs []*ValueError) {
					if made != nil && it.guessed {
						r.Tally.made[it]++
					}
					if made != nil || len(errs) > 0 {
						do(Made{section.name, made, errs})
					}
				})
			}
		}
	}
}

// make makes the records of an item.
func (it *item) make(c *context, do func(*Item, []*ValueError)) {
	err := it.eachNode(c, func(here *context) {
		if it.filter.holds(here) {
			do(it.record.item(here))
		}
	})
	if err != nil {
		do(nil, []*ValueError{asValueError(err, "each")})
	}
}

// asValueError returns an error of a value as one with the key of the value.
func asValueError(err error, key string) *ValueError {
	if v, ok := err.(*ValueError); ok {
		return v
	}
	v := &ValueError{}
	errors.As(err, &v)
	return &ValueError{key, v.Value, err}
}

// eachNode calls do for the row, or for each node or value of "each".
func (it *item) eachNode(c *context, do func(*context)) error {
	if it.each == nil && it.path == nil {
		here := *c
		do(&here)
		return nil
	}
	nodes, err := it.nodes(c)
	for _, n := range nodes {
		here := *c
		here.node = n
		here.line, here.col = n.Line, n.Col
		do(&here)
	}
	return err
}

func (it *item) nodes(c *context) (nodes []*Node, err error) {
	if it.path != nil {
		return it.path.find(c.node), nil
	}
	values, err := it.each.eval(c)
	for _, v := range values {
		nodes = append(nodes, &Node{Text: v.Text, Line: v.Line, Col: v.Col, Parent: c.node})
	}
	return nodes, err
}

// item returns the mapping that a record makes, without the keys that have no value,
// and the errors of all values.
func (r *record) item(c *context) (*Item, []*ValueError) {
	out := &Item{Kind: Map, Line: c.line, Col: c.col}
	var all []*ValueError
	for _, k := range r.keys {
		v, errs := k.value.make(c, k.name)
		if all = append(all, errs...); v == nil && len(errs) > 0 {
			v = &Item{Kind: Failed, Line: c.line, Col: c.col}
		}
		if v == nil {
			out.Lacks = append(out.Lacks, k.name)
		} else {
			out.Keys, out.Items = append(out.Keys, k.name), append(out.Items, v)
		}
	}
	if r.section == Fact && c.status != "" && !out.has("status") {
		out.Keys, out.Items = append(out.Keys, "status"), append(out.Items, &Item{Text: c.status, Line: c.line, Col: c.col})
	}
	out.IsCoded = c.isCoded
	if r.section == Entity && !out.has("name") && !out.has("id") {
		return nil, all // the row does not name it
	}
	if r.section != Fact && len(out.Keys) == 0 {
		return nil, all
	}
	return out, all
}

func (i *Item) has(key string) bool {
	for _, k := range i.Keys {
		if k == key {
			return true
		}
	}
	return false
}

func (r *record) make(c *context, _ string) (*Item, []*ValueError) {
	out, errs := r.item(c)
	if out == nil || len(out.Keys) == 0 {
		return nil, errs
	}
	return out, errs
}

// makerList is a list of values; each may have none or several.
type makerList struct{ all []maker }

func (l *makerList) make(c *context, key string) (*Item, []*ValueError) {
	out := &Item{Kind: List, Line: c.line, Col: c.col}
	var all []*ValueError
	for _, m := range l.all {
		v, errs := m.make(c, key)
		switch all = append(all, errs...); {
		case v == nil:
		case v.Kind == List:
			out.Items = append(out.Items, v.Items...)
		default:
			out.Items = append(out.Items, v)
		}
	}
	if len(out.Items) == 0 {
		return nil, all
	}
	return out, all
}

// exprMaker makes a text of one value, and a list of several.
type exprMaker struct {
	expr  expr
	names map[string]int // the entities that a value may name, by index; nil for none
}

func (m *exprMaker) make(c *context, key string) (*Item, []*ValueError) {
	c.key = key
	values, err := m.expr.eval(c)
	if key == "verb" && err == nil {
		values, err = c.verbs(m.expr, values)
	}
	if err == nil {
		values, err = m.named(c, values)
	}
	if err != nil {
		return nil, []*ValueError{asValueError(err, key)}
	}
	return itemOf(values), nil
}

func itemOf(values []Value) *Item {
	switch len(values) {
	case 0:
		return nil
	case 1:
		v := values[0]
		return &Item{Text: v.Text, Line: v.Line, Col: v.Col, Field: v.Field}
	}
	out := &Item{Kind: List, Line: values[0].Line, Col: values[0].Col}
	for i := range values {
		out.Items = append(out.Items, itemOf(values[i:i+1]))
	}
	return out
}

// verbs turns codes into verbs, and replaces words that are no verbs by the default.
func (c *context) verbs(e expr, values []Value) ([]Value, error) {
	from, ok := e.(*computed)
	if !ok || from.scheme == "" && from.fallback == nil {
		return values, nil
	}
	for i, v := range values {
		err := error(nil)
		if from.scheme != "" {
			values[i].Text, err = c.verbOfCode(from, v)
		} else if !c.run.Format.Verb(v.Text) {
			err = schema.ErrUnknownVerb
		}
		if err == nil {
			continue
		}
		c.run.unknown(v)
		if from.fallback == nil {
			return nil, c.failAt(v, err)
		}
		return from.fallback.eval(c)
	}
	return values, nil
}

// verbOfCode returns the verb of a code, and notes its status. A code that has only
// the verb of a wider code is counted.
func (c *context) verbOfCode(from *computed, v Value) (string, error) {
	text := v.Text
	if from.scheme == schema.CAMEO {
		text = from.cameo(text)
	}
	coded, err := c.run.Format.Code(from.scheme, text)
	if from.scheme == schema.CAMEO && from.digits == 0 && v.Field != "" && c.run.Tally.Codes.add(v, err) {
		err = withDigits(err)
	}
	if err != nil {
		return "", err
	}
	if coded.ByRoot() {
		count(c.run.Tally.ByRoot, fmt.Sprintf("%s as %s", coded.Code, coded.From), 1)
	}
	c.isCoded, c.status = true, string(coded.Status)
	return string(coded.Verb), nil
}
