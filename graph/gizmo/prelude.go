package gizmo

import (
	"strings"
	"unicode"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"github.com/entente-kg/entente/schema"
)

// entity is a path that starts at the entity of a name.
func (c *call) entity() goja.Value {
	v := c.nodeOf(c.take())
	c.end()
	return c.built(c.nodes(c.vm.ToValue(v)))
}

// called is what an entity is called, as a string.
func (c *call) called() goja.Value {
	v := c.nodeOf(c.take())
	c.end()
	iri, _ := v.(quad.IRI)
	label, err := c.runner.label(c.ctx, schema.ID(iri))
	if err != nil {
		c.fail("%w", err)
	}
	return c.vm.ToValue(label)
}

// nodeOf is the one node that a name or an id stands for.
func (c *call) nodeOf(x any) quad.Value {
	if iri, ok := x.(quad.IRI); ok && iri != "" {
		return c.node(iri)
	}
	name, ok := x.(string)
	switch {
	case !ok || strings.TrimSpace(name) == "":
		c.failArg("a name or an IRI", x)
	case unbracketed(name):
		c.fail("argument %d %q is a text; for the id write %q", c.next, name, "<"+name+">")
	}
	if iri, ok := quad.StringToValue(name).(quad.IRI); ok {
		return c.node(iri)
	}
	ids, err := c.runner.opts.Find(c.ctx, name)
	switch {
	case err != nil:
		c.fail("%w", err)
	case len(ids) == 0:
		c.fail("no entity is called %q", name)
	case len(ids) > 1:
		c.fail("%q may be %s; write one of them, as in g.V(%q)", name, list(ids), "<"+ids[0]+">")
	}
	return ids[0].Value()
}

func list[T ~string](words []T) string {
	text := make([]string, len(words))
	for i, w := range words {
		text[i] = string(w)
	}
	return strings.Join(text, ", ")
}

// verbs is the object verb: each property is a verb of the vocabulary, as a
// path along its edges that is also taken for its predicate.
type verbs struct{ *run }

// Get finds holds-post as holdsPost, holds_post and "holds-post".
func (o verbs) Get(key string) goja.Value {
	switch key {
	case "toString", "valueOf", "toJSON", "constructor", "then", "length":
		return nil
	}
	c := &call{run: o.run, name: "verb"}
	v, ok := o.lookup(key)
	if !ok {
		c.fail("%w %q%s", schema.ErrUnknownVerb, key, o.hint(key))
	}
	iri := schema.Term(v)
	m := c.native(c.cayley, "M").(*goja.Object)
	m = c.native(m, "out", c.vm.ToValue(iri)).(*goja.Object)
	return c.built(&box{native: m, verb: iri, steps: 1, at: ids})
}

func (o verbs) lookup(key string) (schema.Verb, bool) {
	for _, v := range []schema.Verb{schema.Verb(key), schema.Verb(hyphenated(key))} {
		if o.runner.opts.Vocabulary.IsPredicate(v) {
			return v, true
		}
	}
	return "", false
}

func (o verbs) hint(key string) string {
	vocabulary := o.runner.opts.Vocabulary
	var near []string
	for _, phrase := range vocabulary.SuggestPredicates(strings.ReplaceAll(hyphenated(key), "-", " ")) {
		if found, _ := vocabulary.ResolvePredicates(phrase); len(found) > 0 {
			near = append(near, "verb."+camel(string(found[0])))
		}
	}
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

func (o verbs) Has(key string) bool {
	_, ok := o.lookup(key)
	return ok
}

func (o verbs) Keys() []string {
	var keys []string
	for _, v := range o.runner.opts.Vocabulary.Predicates() {
		keys = append(keys, camel(string(v)))
	}
	return keys
}

func (verbs) Set(string, goja.Value) bool { return false }

func (verbs) Delete(string) bool { return false }

// hyphenated spells holdsPost and holds_post holds-post.
func hyphenated(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '_':
			r = '-'
		case unicode.IsUpper(r) && i > 0:
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// camel spells holds-post holdsPost.
func camel(s string) string {
	words := strings.Split(s, "-")
	for i, w := range words[1:] {
		if w != "" {
			words[i+1] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "")
}
