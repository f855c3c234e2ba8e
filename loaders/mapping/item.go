package mapping

import (
	"errors"
	"slices"

	"github.com/entente-kg/entente/schema"
	"gopkg.in/yaml.v3"
)

var errNothing = errors.New("a mapping that makes neither entities nor facts")

// item is an entity, a source or a fact that a row makes.
type item struct {
	each    expr // nil for once in each row
	path    *path
	filter  condition
	record  *record
	guessed bool // a value of it has [GuessMark]
	fields  bool // it has values of the row; false for an item that is the same for all rows
}

// record is the keys of an item, or of a mapping within it.
type record struct {
	section string
	keys    []recordKey
}

type recordKey struct {
	name   string
	value  maker
	fields []*field // of the value
}

// maker makes the value of a key.
type maker interface {
	make(c *context, key string) (*Item, []*ValueError)
}

// item reads an item. Defaults are keys for a fact that lacks them; nil for none.
func (c *compiler) item(n *yaml.Node, section string, defaults *yaml.Node) (*item, error) {
	it := &item{record: &record{section: section}}
	before := len(c.mapping.fields)
	defer func() { c.scope = scope{} }()
	if n.Kind == yaml.MappingNode {
		if err := c.itemKeys(n, it); err != nil {
			return nil, err
		}
	}
	has := make(map[string]bool)
	err := c.pairs(n, "the keys of a "+section, func(key, value *yaml.Node) error {
		has[key.Value] = true
		c.addGuesses(key, value, it)
		if isKeyIn(inItem, key.Value) {
			return nil
		}
		return c.recordKey(it.record, key, value)
	})
	if err == nil && defaults != nil {
		err = c.pairs(defaults, "keys of a fact", func(key, value *yaml.Node) error {
			if has[key.Value] {
				return nil
			}
			return c.recordKey(it.record, key, value)
		})
	}
	it.fields = it.each != nil || it.path != nil || len(c.mapping.fields) > before
	return it, err
}

// entities lists the entities of the row to which a record refers.
func (r *record) entities() (all []entityOf) {
	for _, k := range r.keys {
		all = append(all, entitiesOf(k.value)...)
	}
	return all
}

func entitiesOf(m maker) (all []entityOf) {
	switch m := m.(type) {
	case entityOf:
		return []entityOf{m}
	case *record:
		return m.entities()
	case *exprMaker:
		for _, text := range constantsOf(m.expr) {
			if i, ok := m.names[text]; ok {
				all = append(all, entityOf(i))
			}
		}
	case *makerList:
		for _, item := range m.all {
			all = append(all, entitiesOf(item)...)
		}
	}
	return all
}

// itemKeys reads the keys of an item that are not of entente's own format.
func (c *compiler) itemKeys(n *yaml.Node, it *item) error {
	for i := 0; i < len(n.Content); i += 2 {
		if key, value := n.Content[i], n.Content[i+1]; key.Value == "each" {
			if err := c.each(value, it); err != nil {
				return err
			}
		}
	}
	for i := 0; i < len(n.Content); i += 2 {
		if key := n.Content[i].Value; key == "if" || key == "unless" {
			if err := c.addCondition(&it.filter, key, n.Content[i+1]); err != nil {
				return err
			}
		}
	}
	return nil
}

// each reads the nodes, or the values, for each of which an item is made.
func (c *compiler) each(n *yaml.Node, it *item) (err error) {
	if n.Kind == yaml.MappingNode {
		it.each, err = c.expression(n)
		return err
	}
	text, err := c.text(n, "a path, or a value with split")
	if err != nil {
		return err
	}
	p, err := parsePath(text)
	if err == nil {
		err = p.checkPlaces()
	}
	if err != nil {
		return c.fail(n, err)
	}
	it.path, c.scope = &p, scope{p.steps}
	return nil
}

func (c *compiler) recordKey(r *record, key, value *yaml.Node) error {
	c.mapping.sections = append(c.mapping.sections, sectionUse{r.section, key.Value, c.position(key)})
	before, fields := len(c.mapping.words), len(c.mapping.fields)
	v, err := c.value(value, r.section, key.Value)
	if err != nil {
		return err
	}
	for i := range c.mapping.words[before:] {
		if w := &c.mapping.words[before+i]; w.key == "" {
			w.key = key.Value
		}
	}
	k := recordKey{name: key.Value, value: v}
	for _, use := range c.mapping.fields[fields:] {
		k.fields = append(k.fields, use.field)
	}
	r.keys = append(r.keys, k)
	return nil
}

// value reads the value of a key: an expression, a list, or a mapping of keys of
// entente's own format.
func (c *compiler) value(n *yaml.Node, section, key string) (maker, error) {
	inner := nested(section, key)
	if _, isReference := asReference(n); isReference || n.Kind == yaml.ScalarNode {
		if i, ok := c.mapping.names[n.Value]; ok && n.Kind == yaml.ScalarNode && !isWord(key) {
			return entityOf(i), nil
		}
		return c.expressionOf(n, key)
	}
	if n.Kind == yaml.SequenceNode {
		list := &makerList{}
		for _, c0 := range n.Content {
			v, err := c.value(c0, section, key)
			if err != nil {
				return nil, err
			}
			list.all = append(list.all, v)
		}
		return list, nil
	}
	if inner != "" && !c.isExpression(n) {
		r := &record{section: inner}
		err := c.pairs(n, article(inner), func(k, v *yaml.Node) error { return c.recordKey(r, k, v) })
		return r, err
	}
	return c.expressionOf(n, key)
}

// isWord reports whether the value of a key is a word or a text that names no entity.
func isWord(key string) bool {
	return slices.Contains([]string{"verb", "kind", "status", "stance", "method", "actor-kind", "recipient-kind", "at-kind", "name", "id", "key", "source-key", "quote", "topic", "when", "since", "until",
		"note", "locator", "description", "title", "born", "aliases", "identifiers", "words", "anchor", "from-by", "to-by", "attested", "confidence", "duration", "count", "start", "end", "published", "url", "language", "sha256"}, key)
}

// isExpression reports whether a mapping has a key of computed values.
func (c *compiler) isExpression(n *yaml.Node) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if key := n.Content[i].Value; isKeyIn(inValue, key) && key != "if" && key != "unless" {
			return true
		}
	}
	return false
}

// expressionOf reads the value of a key as an expression. Where the key may refer to
// entities, so may texts of the expression.
func (c *compiler) expressionOf(n *yaml.Node, key string) (maker, error) {
	e, err := c.expression(n)
	if err != nil {
		return nil, err
	}
	m := &exprMaker{expr: e}
	if !isWord(key) {
		m.names = c.mapping.names
	}
	return m, nil
}

// Check checks a mapping against entente's own format: its keys, and the constants
// that are verbs, kinds and other known words.
func (m *Mapping) Check(f *Format) error {
	for _, s := range m.sections {
		if !slices.Contains(f.Keys[s.section], s.key) {
			return &Error{s.pos, unknownWord("key of "+article(s.section), s.key, append(f.Keys[s.section], keysIn(inItem)...))}
		}
	}
	for _, w := range m.words {
		if err := f.Word(w.key, w.word); err != nil {
			return &Error{w.pos, err}
		}
	}
	return nil
}

func article(section string) string {
	if section == Entity || section == Alias || section == Archived {
		return "an " + section
	}
	if section == Evidence {
		return section
	}
	return "a " + section
}

// BindColumns returns the names that the mapping uses for the columns of a table.
// Upper and lower case, spaces, hyphens and underscores make no difference. A column
// that the mapping uses and the table lacks is an error.
func (m *Mapping) BindColumns(header []string) ([]string, error) {
	names := slices.Clone(header)
	byKey := make(map[string]int)
	for i, h := range header {
		if _, again := byKey[columnKey(h)]; !again {
			byKey[columnKey(h)] = i
		}
	}
	for _, use := range m.fields {
		f, missing := use.field, ""
		for _, p := range f.paths {
			if p.isKey {
				return nil, noKeyInTable(use.pos)
			}
			name := p.column()
			if name == "" || slices.Contains(names, name) || slices.Contains(header, f.text) {
				missing = ""
				break
			}
			if i, ok := byKey[columnKey(name)]; ok {
				names[i], missing = name, ""
				break
			}
			missing = name
		}
		if missing != "" && !f.optional {
			return nil, &Error{use.pos, schema.WithHint(unknownColumn(missing), func() string { return columnHint(missing, header) })}
		}
	}
	return names, nil
}
