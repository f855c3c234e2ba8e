package mapping

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
	"gopkg.in/yaml.v3"
)

// expr computes values from a row.
type expr interface {
	eval(c *context) ([]Value, error)
}

// list is the values of several expressions.
type list []expr

func (l list) eval(c *context) (all []Value, err error) {
	for _, e := range l {
		values, failed := e.eval(c)
		if err == nil {
			err = failed
		}
		all = append(all, values...)
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}

// first is the values of the first expression that has any.
type first []expr

func (f first) eval(c *context) ([]Value, error) {
	for _, e := range f {
		if values, err := e.eval(c); err != nil || len(values) > 0 {
			return values, err
		}
	}
	return nil, nil
}

// constantsOf returns the texts without fields that an expression may return as they
// are, apart from texts in lookups.
func constantsOf(e expr) (all []string) {
	switch e := e.(type) {
	case *template:
		if text, ok := e.constant(); ok {
			all = append(all, text)
		}
	case list:
		for _, item := range e {
			all = append(all, constantsOf(item)...)
		}
	case first:
		return constantsOf(list(e))
	case *computed:
		all = constantsOf(e.from)
		if e.fallback != nil {
			all = append(all, constantsOf(e.fallback)...)
		}
	}
	return all
}

// computed is a value with conditions and steps that change its texts, in the order
// of the fields.
type computed struct {
	filter   condition
	from     expr
	scheme   string // cameo or plover: the texts are codes
	digits   int    // the least digits of a code of CAMEO; 0 if codes have their zeros
	match    *regexp.Regexp
	as       string
	split    []string
	lookup   *table
	letters  string // lower, upper or title
	join     *string
	fallback expr // nil for no default
}

// expression reads a value: a text, a list of values, or a mapping with the keys of
// computed values.
func (c *compiler) expression(n *yaml.Node) (expr, error) {
	if text, ok := asReference(n); ok {
		return c.template(n, text)
	}
	switch n.Kind {
	case yaml.ScalarNode:
		return c.scalar(n)
	case yaml.SequenceNode:
		var all list
		for _, item := range n.Content {
			e, err := c.expression(item)
			if err != nil {
				return nil, err
			}
			all = append(all, e)
		}
		return all, nil
	}
	return c.computed(n)
}

// scalar reads a text. A constant is remembered, to be checked.
func (c *compiler) scalar(n *yaml.Node) (expr, error) {
	if isNull(n) {
		return list{}, nil
	}
	t, err := c.template(n, n.Value)
	if err != nil {
		return nil, err
	}
	if word, ok := t.constant(); ok && word != "" {
		c.mapping.words = append(c.mapping.words, wordUse{"", word, c.position(n)})
	}
	return t, nil
}

func (c *compiler) computed(n *yaml.Node) (expr, error) {
	e := &computed{}
	err := c.pairs(n, "a value", func(key, value *yaml.Node) error {
		if !isKeyIn(inValue, key.Value) {
			if isNull(value) {
				return c.fail(key, withHint(errors.New("a text with several fields in braces needs quotes"), `write "{First} {Last}"`))
			}
			return c.unknown(key, "key of a value", keysIn(inValue))
		}
		return c.computedKey(e, key, value)
	})
	if err == nil && e.digits > 0 && e.scheme != schema.CAMEO {
		err = c.failf(n, "digits: is for a value with cameo:")
	}
	if err == nil && e.from == nil {
		err = c.fail(n, withHint(errors.New("a value that says not from what"), `add from: "{COLUMN}"`))
	}
	return e, err
}

func (c *compiler) computedKey(e *computed, key, n *yaml.Node) (err error) {
	switch key.Value {
	case "from", "first", "cameo", "plover":
		if e.from != nil {
			return c.failf(key, "a value has one of from, first, cameo and plover, not two")
		}
		e.from, err = c.origin(e, key.Value, n)
	case "digits":
		if e.digits = strings.Index("  23", n.Value); e.digits < 2 || len(n.Value) != 1 {
			err = c.failf(n, "want 2 or 3 digits: %q", n.Value)
		}
	case "match":
		err = c.matchKey(e, n)
	case "as":
		e.as, err = c.text(n, "a text")
	case "split":
		e.split, err = c.texts(n, "a separator")
		if slices.Contains(e.split, "") {
			err = c.failf(n, "an empty separator")
		}
	case "lookup":
		e.lookup, err = c.lookup(n)
	case "case":
		e.letters = n.Value
		if !slices.Contains(letterCases(), n.Value) {
			err = c.unknown(n, "case", letterCases())
		}
	case "join":
		var text string
		text, err = c.text(n, "a separator")
		e.join = &text
	case "default":
		e.fallback, err = c.expression(n)
	case "if", "unless":
		err = c.addCondition(&e.filter, key.Value, n)
	}
	return err
}

func letterCases() []string { return []string{"lower", "title", "upper"} }

// origin reads what a computed value is made from.
func (c *compiler) origin(e *computed, key string, n *yaml.Node) (expr, error) {
	words := len(c.mapping.words)
	defer func() { c.mapping.words = c.mapping.words[:words] }() // what is changed later is no word yet
	switch key {
	case "first":
		if n.Kind != yaml.SequenceNode {
			return nil, c.failf(n, "want a list of values, not %s", kindName(n))
		}
		l, err := c.expression(n)
		if err != nil {
			return nil, err
		}
		return first(l.(list)), nil
	case "cameo", "plover":
		e.scheme = key
		if n.Kind == yaml.ScalarNode && !strings.Contains(n.Value, "{") && !isCode(key, n.Value) {
			return c.template(n, "{"+n.Value+"}")
		}
	}
	return c.expression(n)
}

var codes = map[string]func() *regexp.Regexp{"cameo": pattern.New(`^[0-9]{2,4}$`), "plover": pattern.New(`^[A-Z]{3,}(/\S+)?$`)}

func isCode(scheme, text string) bool { return codes[scheme]().MatchString(text) }

func (c *compiler) matchKey(e *computed, n *yaml.Node) error {
	text, err := c.text(n, "a regular expression")
	if err != nil {
		return err
	}
	if e.match, err = regexp.Compile(text); err != nil {
		return c.failf(n, "%w", err)
	}
	return nil
}

func (e *computed) eval(c *context) ([]Value, error) {
	if !e.filter.holds(c) {
		return nil, nil
	}
	values, err := e.from.eval(c)
	if err == nil {
		values, err = e.steps(c, values)
	}
	if err != nil || len(values) > 0 || e.fallback == nil {
		return values, err
	}
	return e.fallback.eval(c)
}

func (e *computed) steps(c *context, values []Value) (_ []Value, err error) {
	if e.match != nil {
		values = e.matched(values)
	}
	if len(e.split) > 0 {
		values = e.parts(values)
	}
	if e.lookup != nil {
		if values, err = e.found(c, values); err != nil {
			return nil, err
		}
	}
	for i := range values {
		values[i].Text = inCase(values[i].Text, e.letters)
	}
	if e.join != nil && len(values) > 1 {
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = v.Text
		}
		values[0].Text, values[0].isSaid = strings.Join(texts, *e.join), false
		values = values[:1]
	}
	return values, nil
}

// matched returns the parts of texts that a regular expression finds: its first
// group, or the text of "as".
func (e *computed) matched(values []Value) (out []Value) {
	for _, v := range values {
		at := e.match.FindStringSubmatchIndex(v.Text)
		if at == nil {
			continue
		}
		template := e.as
		if template == "" {
			template = "${" + string(rune('0'+min(e.match.NumSubexp(), 1))) + "}"
		}
		v.Text, v.isSaid = strings.TrimSpace(string(e.match.ExpandString(nil, template, v.Text, at))), false
		if v.Text != "" {
			out = append(out, v)
		}
	}
	return out
}

func (e *computed) parts(values []Value) (out []Value) {
	for _, v := range values {
		text := v.Text
		for _, separator := range e.split[1:] {
			text = strings.ReplaceAll(text, separator, e.split[0])
		}
		for piece := range strings.SplitSeq(text, e.split[0]) {
			if piece = strings.TrimSpace(piece); piece != "" {
				v.Text = piece
				out = append(out, v)
			}
		}
	}
	return out
}

func inCase(text, letters string) string {
	switch letters {
	case "lower":
		return strings.ToLower(text)
	case "upper":
		return strings.ToUpper(text)
	case "title":
		return titled(text)
	}
	return text
}

// titled begins each word with a capital letter, and goes on in small ones.
func titled(text string) string {
	words := strings.Fields(strings.ToLower(text))
	for i, w := range words {
		first := []rune(w)[0]
		words[i] = strings.ToUpper(string(first)) + strings.TrimPrefix(w, string(first))
	}
	return strings.Join(words, " ")
}
