package loaders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

func (v valueReader) kind(n *node) schema.Kind {
	t := v.text(n)
	k, ok := schema.ParseKind(t.value)
	if !ok && t.isSet() {
		v.item.failWith(t, faultOf(schema.UnknownWord, unknownWord("kind", t.value, func() []string {
			var all []string
			for _, k := range schema.Kinds() {
				all = append(all, string(k))
			}
			return all
		})))
	}
	return k
}

// date reads a date and returns it in EDTF.
func (v valueReader) date(n *node) string { return v.dateWith(n, written.Options{Order: v.dates}) }

// birthday reads a date of birth, whose year must have four digits.
func (v valueReader) birthday(n *node) string {
	return v.dateWith(n, written.Options{Order: v.dates, FullYears: true})
}

func (v valueReader) dateWith(n *node, o written.Options) string {
	t := v.text(n)
	d, err := written.Parse(t.value, o)
	if err != nil {
		v.item.failWith(t, err)
		return ""
	}
	when, err := d.When(schema.Interaction)
	if err != nil {
		v.item.failWith(t, err)
	}
	return when.Written
}

func (v valueReader) aliases(n *node) []schema.Text {
	items := []*node{n}
	if n.kind == listNode {
		items = n.items
	}
	var all []schema.Text
	for _, item := range items {
		alias := schema.Text{}
		if item.kind == mapNode {
			v.entries(item, "an alias", func(key text, value *node) bool {
				switch key.value {
				case "value":
					alias.Value = v.name(value)
				case "lang":
					alias.Lang = v.text(value).value
				default:
					return false
				}
				return true
			}, aliasKeys)
		} else {
			alias.Value = v.name(item)
		}
		if alias.Value != "" {
			all = append(all, alias)
		}
	}
	return all
}

func aliasKeys() []string { return []string{"lang", "value"} }

func (v valueReader) checkID(t text, id schema.ID, kind schema.Kind) {
	if !strings.Contains(string(id), ":") {
		v.item.failWith(t, suggestID(fmt.Errorf("%w: %q has no kind before it", schema.ErrID, id), kind, string(id)))
		return
	}
	if err := schema.CheckID(id); err != nil {
		_, local, _ := strings.Cut(string(id), ":")
		v.item.failWith(t, suggestID(err, kind, local))
	} else if got := schema.KindOf(id); got != kind {
		v.item.fail(schema.BadID, t, "the id of a %s begins with %q: %q", kind, kind.Prefix()+":", id)
	}
}

// suggestID adds the hint of an id that is made of the written text.
func suggestID(err error, kind schema.Kind, written string) error {
	id := schema.MakeID(kind, written)
	if id == "" {
		return err
	}
	return withHint(err, fmt.Sprintf("write %s", id))
}

func textValues(texts []text) []string {
	var all []string
	for _, t := range texts {
		all = append(all, t.value)
	}
	return all
}

// checkWord checks a constant of a mapping that must be a known word.
func (p *parser) checkWord(key, word string) error {
	check := func(known []string) error {
		if slices.Contains(known, strings.ToLower(word)) {
			return nil
		}
		return unknownWord(key, word, func() []string { return known })
	}
	switch key {
	case "verb":
		if _, _, ok := p.vocabulary.Resolve(word); !ok {
			return unknownVerb(p.vocabulary, word)
		}
	case "kind", "actor-kind", "recipient-kind", "at-kind":
		if _, ok := schema.ParseKind(word); !ok {
			return unknownWord("kind", word, func() []string { return asTexts(schema.Kinds()) })
		}
	case "status":
		return check(asTexts(schema.Statuses()))
	case "stance":
		return check(asTexts(schema.Stances()))
	case "method":
		return check(asTexts(schema.Methods()))
	case "review":
		return check(asTexts(schema.ReviewStates()))
	}
	return nil
}

func asTexts[T ~string](words []T) []string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return texts
}
