package gizmo

import (
	"strings"
	"unicode"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"github.com/entente-kg/entente/schema"
)

// entity is a path that starts at the entity of a name.
func startAtEntity(c *call) goja.Value {
	v := c.resolver.entity(c.args.take())
	c.args.end()
	return c.wrap(c.paths.start(c.vm.ToValue(v)))
}

// called is what an entity is called, as a string.
func entityName(c *call) goja.Value {
	v := c.resolver.entity(c.args.take())
	c.args.end()
	iri, _ := v.(quad.IRI)
	label, err := c.run.runner.label(c.run.ctx, schema.ID(iri))
	if err != nil {
		c.args.fail("%w", err)
	}
	return c.vm.ToValue(label)
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
type verbs struct{ run *run }

// Get finds holds-post as holdsPost, holds_post and "holds-post".
func (o verbs) Get(key string) goja.Value {
	switch key {
	case "toString", "valueOf", "toJSON", "constructor", "then", "length":
		return nil
	}
	c := o.run.call("verb", nil)
	v, ok := o.lookup(key)
	if !ok {
		c.args.fail("%w %q%s", schema.ErrUnknownVerb, key, verbHint(o.run.runner.opts.Vocabulary, key))
	}
	iri := schema.Term(v)
	m := c.engine.callG("M").(*goja.Object)
	m = c.engine.call(m, "out", c.vm.ToValue(iri)).(*goja.Object)
	return c.wrap(&box{native: m, verb: iri, steps: 1, at: ids})
}

func (o verbs) lookup(key string) (schema.Verb, bool) {
	for _, v := range []schema.Verb{schema.Verb(key), schema.Verb(hyphenated(key))} {
		if o.run.runner.opts.Vocabulary.IsPredicate(v) {
			return v, true
		}
	}
	return "", false
}

// verbHint proposes verbs for a word that is none.
func verbHint(vocabulary *schema.Vocabulary, word string) string {
	var near []string
	for _, phrase := range vocabulary.SuggestPredicates(strings.ReplaceAll(hyphenated(word), "-", " ")) {
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
	for _, v := range o.run.runner.opts.Vocabulary.Predicates() {
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
