package gizmo

import (
	"strings"
	"unicode"

	"github.com/dop251/goja"

	"github.com/entente-kg/entente/schema"
)

// verbObject is the object verb. Each property is a verb of the vocabulary: a
// path along its edges that can also be used as its predicate.
type verbObject struct{ run *run }

// Get returns the verb holds-post for holdsPost, holds_post and "holds-post".
func (o verbObject) Get(key string) goja.Value {
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
	return c.wrap(&wrapper{native: m, verb: iri, steps: 1, kinds: kindID})
}

func (o verbObject) lookup(key string) (schema.Verb, bool) {
	for _, v := range []schema.Verb{schema.Verb(key), schema.Verb(hyphenCase(key))} {
		if o.run.runner.opts.Vocabulary.IsPredicate(v) {
			return v, true
		}
	}
	return "", false
}

// verbHint suggests verbs for an unknown word.
func verbHint(vocabulary *schema.Vocabulary, word string) string {
	var near []string
	for _, phrase := range vocabulary.SuggestPredicates(strings.ReplaceAll(hyphenCase(word), "-", " ")) {
		if found, _ := vocabulary.ResolvePredicates(phrase); len(found) > 0 {
			near = append(near, "verb."+camelCase(string(found[0])))
		}
	}
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

func (o verbObject) Has(key string) bool {
	_, ok := o.lookup(key)
	return ok
}

func (o verbObject) Keys() []string {
	var keys []string
	for _, v := range o.run.runner.opts.Vocabulary.Predicates() {
		keys = append(keys, camelCase(string(v)))
	}
	return keys
}

func (verbObject) Set(string, goja.Value) bool { return false }

func (verbObject) Delete(string) bool { return false }

// hyphenCase returns holds-post for holdsPost and holds_post.
func hyphenCase(s string) string {
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

// camelCase returns holdsPost for holds-post.
func camelCase(s string) string {
	words := strings.Split(s, "-")
	for i, w := range words[1:] {
		if w != "" {
			words[i+1] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "")
}
