package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
	"gopkg.in/yaml.v3"
)

// Mapping says which records the rows of a file make.
type Mapping struct {
	Name      string        // the path of its file, for messages
	SHA256    string        // of its bytes, in hexadecimal
	Rows      *RowPath      // where the rows are
	Columns   []string      // the names of columns, if the file has no header
	Separator rune          // of the columns of a table; 0 for the most frequent one
	Skip      int           // lines before the table
	Dates     written.Order // of the numbers in dates such as 03/04/2015
	About     []Pair
	Renames   []Rename // of a table of entente's own format, for which the mapping has nothing else

	filter   condition
	lookups  map[string]*table
	entities []*item
	names    map[string]int // the entities that have a name in the mapping, by index
	sources  []*item
	facts    []*item
	fields   []fieldUse
	words    []wordUse
	sections []sectionUse
	guesses  []Guess
	reader   Reader // makes all records; nil if the mapping says them
}

// Pair is a key and its text.
type Pair struct{ Key, Text string }

// fieldUse is a field and where the mapping uses it.
type fieldUse struct {
	field *field
	pos   schema.Position
}

// wordUse is a constant and the key whose value it is.
type wordUse struct {
	key, word string
	pos       schema.Position
}

// sectionUse is a key of entente's own format that a section uses.
type sectionUse struct {
	section, key string
	pos          schema.Position
}

// compiler turns YAML into a mapping.
type compiler struct {
	document
	mapping *Mapping
	scope   scope // of the item that is being read
}

// Parse reads a mapping. The name is for error messages. Errors are [*Error], with
// positions in the mapping.
func Parse(name string, data []byte) (*Mapping, error) {
	sum := sha256.Sum256(data)
	c := &compiler{document: document{name: name}}
	c.mapping = &Mapping{Name: name, SHA256: hex.EncodeToString(sum[:]), Rows: &RowPath{}, names: make(map[string]int), lookups: make(map[string]*table)}
	root, err := c.read(data)
	if err == nil {
		err = c.top(root)
	}
	if err != nil {
		return nil, err
	}
	c.mapping.settle()
	c.mapping.sortGuesses()
	return c.mapping, nil
}

// settle finds the items that are the same for all rows: what has no field, and
// refers only to entities that have none.
func (m *Mapping) settle() {
	for changed := true; changed; {
		changed = false
		for _, it := range slices.Concat(m.entities, m.sources, m.facts) {
			if !it.fields && slices.ContainsFunc(it.record.entities(), func(e entityOf) bool { return m.entities[e].fields }) {
				it.fields, changed = true, true
			}
		}
	}
}

func (c *compiler) position(n *yaml.Node) schema.Position {
	return schema.Position{File: c.name, Line: n.Line, Col: n.Column}
}

// top reads the whole mapping: what items use first, then the items.
func (c *compiler) top(root *yaml.Node) error {
	values := make(map[string]*yaml.Node)
	err := c.pairs(root, "a mapping with rows, entities and facts", func(key, value *yaml.Node) error {
		if !isKeyIn(inMapping, key.Value) {
			return c.unknown(key, "key of a mapping", keysIn(inMapping))
		}
		values[key.Value] = value
		if !slices.Contains([]string{"entities", "sources", "facts"}, key.Value) {
			c.addGuesses(key, value, nil)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, key := range []string{"rows", "columns", "separator", "skip", "dates", "about", "lookups", "if", "unless", "entities", "sources", "facts"} {
		if value := values[key]; value != nil {
			if err := c.topKey(key, value, values["defaults"]); err != nil {
				return err
			}
		}
	}
	if len(c.mapping.entities)+len(c.mapping.sources)+len(c.mapping.facts) == 0 {
		return c.fail(root, withHint(errNothing, "add facts: or entities:"))
	}
	return nil
}

func (c *compiler) topKey(key string, n, defaults *yaml.Node) (err error) {
	m := c.mapping
	switch key {
	case "rows":
		m.Rows, err = c.rowPath(n)
	case "columns":
		m.Columns, err = c.texts(n, "a list of names")
	case "separator":
		m.Separator, err = c.separator(n)
	case "skip":
		m.Skip, err = c.wholeNumber(n)
	case "dates":
		if m.Dates, err = written.ParseOrder(n.Value); err != nil {
			err = c.fail(n, err)
		}
	case "about":
		err = c.pairs(n, "a mapping of texts", func(key, value *yaml.Node) error {
			text, err := c.text(value, "a text")
			m.About = append(m.About, Pair{key.Value, text})
			return err
		})
	case "lookups":
		err = c.pairs(n, "a mapping of names to tables", func(key, value *yaml.Node) (err error) {
			m.lookups[key.Value], err = c.table(value)
			return err
		})
	case "if", "unless":
		err = c.addCondition(&m.filter, key, n)
	case "entities":
		err = c.entities(n)
	case "sources":
		m.sources, err = c.items(n, Source, nil)
	case "facts":
		m.facts, err = c.items(n, Fact, defaults)
	}
	return err
}

func (c *compiler) separator(n *yaml.Node) (rune, error) {
	text, err := c.text(n, "one character")
	if text == "tab" || text == `\t` {
		text = "\t"
	}
	r, size := utf8.DecodeRuneInString(text)
	if err == nil && (size != len(text) || size != 1 || strings.ContainsRune("\"\r\n", r)) {
		err = c.failf(n, `want one character, or tab: %q`, text)
	}
	return r, err
}

func (c *compiler) wholeNumber(n *yaml.Node) (int, error) {
	i, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || i < 0 {
		return 0, c.failf(n, "want a whole number, 0 or more, not %s", kindName(n))
	}
	return i, nil
}

// entities reads the entities of a row: one, a list, or a mapping of the names by
// which other items refer to them.
func (c *compiler) entities(n *yaml.Node) (err error) {
	isOne := n.Kind == yaml.MappingNode && slices.ContainsFunc(n.Content, func(k *yaml.Node) bool { return k.Value == "kind" })
	if n.Kind != yaml.MappingNode || isOne {
		c.mapping.entities, err = c.items(n, Entity, nil)
		return err
	}
	for i := 0; i < len(n.Content); i += 2 {
		c.mapping.names[n.Content[i].Value] = i / 2
	}
	return c.pairs(n, "entities", func(key, value *yaml.Node) error {
		it, err := c.item(value, Entity, nil)
		c.mapping.entities = append(c.mapping.entities, it)
		return err
	})
}

// items reads a list of items, or one.
func (c *compiler) items(n *yaml.Node, section string, defaults *yaml.Node) (all []*item, err error) {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	for _, node := range nodes {
		it, err := c.item(node, section, defaults)
		if err != nil {
			return nil, err
		}
		all = append(all, it)
	}
	return all, nil
}
