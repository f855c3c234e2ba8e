package jsonschema_test

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/keys"
	"github.com/entente-kg/entente/schema"
)

// generator makes random records, right and wrong.
type generator struct {
	*rand.Rand
	vocabulary *schema.Vocabulary
	dates      []string
}

func pick[T any](g *generator, list ...T) T { return list[g.IntN(len(list))] }

// mapping returns some keys of a section with random values.
func (g *generator) mapping(s keys.Section, must ...string) map[string]any {
	m := make(map[string]any)
	all := keys.Of(g.vocabulary, s)
	for _, k := range all {
		if slices.Contains(must, k.Name) || g.IntN(len(all)) < 3 {
			m[k.Name] = g.value(k)
		}
	}
	if g.IntN(20) == 0 {
		m[pick(g, "_note", "x", "wen")] = "y"
	}
	return m
}

// value returns a value of a key, which is of another shape now and then.
func (g *generator) value(k keys.Key) any {
	if g.IntN(25) == 0 {
		return pick[any](g, nil, "", " ", 7, true, false, []any{}, []any{nil}, map[string]any{}, "x\ny", "a\u0007", "éa", "Ｘ", "0", -1)
	}
	switch k.Shape {
	case keys.Date, keys.Day:
		return pick(g, g.dates...)
	case keys.Truth:
		return pick[any](g, true, "yes", "FALSE", "", nil)
	case keys.Count:
		return pick[any](g, 0, 3, "4", "+5", "-0")
	case keys.Share:
		return pick[any](g, 1, 0.5, "0.25", "1e-1", "0x1p-2", 2)
	case keys.Language:
		return pick(g, "en", "zh-Hant", " fr ", "english language")
	case keys.Address:
		return pick(g, "https://a.example/b", "HTTP://A", "doi:10.1/x", "urn:a:b", "ftp://x", "a.example")
	case keys.Digest:
		return strings.Repeat(pick(g, "aB", "1F", "zz"), 32)
	case keys.Kind:
		return g.spelled(pick(g, "Person", "Country", "Document", "doc", "Post", "Persn"))
	case keys.Verb:
		return g.phrase()
	case keys.Status:
		return g.spelled(string(pick(g, schema.Statuses()...)))
	case keys.Stance:
		return g.spelled(string(pick(g, schema.Stances()...)))
	case keys.Method:
		return g.spelled(string(pick(g, schema.Methods()...)))
	case keys.Review:
		return g.spelled(string(pick(g, schema.ReviewStates()...)))
	case keys.Order:
		return g.spelled(pick(g, "dmy", "mdy", "ymd"))
	case keys.ID:
		return pick(g, "person:ann", "doc:a.b", "place:Ö", "elf:x", "person:a b", "", "post:x", "country:china")
	case keys.Sentence:
		return g.sentence()
	case keys.Reference:
		return g.name()
	case keys.References, keys.FactKeys, keys.Texts:
		return pick[any](g, g.name(), []any{g.name(), g.name()}, []any{g.name()})
	case keys.Aliases:
		return pick[any](g, "A", []any{"B", g.mapping(keys.Alias)}, g.mapping(keys.Alias))
	case keys.Copy:
		return pick[any](g, "https://web.archive.org/web/2023/x", g.mapping(keys.Archived))
	case keys.Citation:
		return pick[any](g, "times", 12, g.mapping(keys.Source, "title"))
	case keys.Claims:
		return pick[any](g, g.mapping(keys.Evidence), []any{g.mapping(keys.Evidence), g.mapping(keys.Evidence, "source")})
	case keys.Posts:
		return []any{pick[any](g, "Envoy", g.mapping(keys.Post, "post"))}
	case keys.Verbs:
		return []any{map[string]any{"widens": "met", "_note": "x"}}
	case keys.Roles:
		return []any{map[string]any{"id": "winker", "common": true}}
	case keys.Sets:
		return map[string]any{"guests": pick[any](g, "Person", []any{"Person", "Group"})}
	case keys.Widest:
		return map[string]any{"winks": []any{"met"}}
	case keys.Codes:
		return map[string]any{"ours": map[string]any{"A": "met - meets"}}
	case keys.Values:
		return g.mapping(keys.Defaults)
	case keys.About:
		return map[string]any{"title": "T", "x": 7}
	case keys.Facts:
		return g.list(func() any { return pick[any](g, g.sentence(), g.fact(), g.fact()) })
	case keys.Sources:
		return g.list(func() any { return pick[any](g, "Times", g.mapping(keys.Source, "title", "key")) })
	case keys.Entities:
		return g.list(func() any { return pick[any](g, g.name(), g.mapping(keys.Entity, "name")) })
	}
	return pick[any](g, "text", "Two words", 12, "times")
}

func (g *generator) list(item func() any) []any {
	var all []any
	for range 1 + g.IntN(3) {
		all = append(all, item())
	}
	return all
}

func (g *generator) fact() map[string]any {
	if g.IntN(2) == 0 {
		return g.mapping(keys.Fact, "fact")
	}
	return g.mapping(keys.Fact, "verb", "actor", "recipient")
}

// phrase returns a phrase of a verb, more often one between people.
func (g *generator) phrase() string {
	if g.IntN(3) > 0 {
		return g.spelled(pick(g, "met", "called", "spoke by phone with", "told", "relative-of", "was praised by"))
	}
	return g.spelled(pick(g, g.vocabulary.Phrases()...).Text)
}

func (g *generator) name() string {
	if g.IntN(4) > 0 {
		return pick(g, "Ann", "ann", "Bob Ray", "Cy", "<person:ann>")
	}
	return pick(g, "Ann", "ann", "Bob Ray", "China", "<person:ann>", "<key:k>", "<ann>", "<elf:x>", "<Ann", "the China", "Envoy", "Pentagon", "times", "<place:pentagon>")
}

func (g *generator) sentence() string {
	end := pick(g, "", ".", " ", "!", " .")
	return g.name() + pick(g, " ", "  ", "\t") + g.phrase() + pick(g, " "+g.name(), " "+g.name()+" and Cy", "", " each other") + end
}

// spelled returns a word in another spelling that means the same, or nearly.
func (g *generator) spelled(word string) string {
	switch g.IntN(9) {
	case 0:
		return strings.ToUpper(word)
	case 1:
		return " " + word + " "
	case 2:
		return strings.ReplaceAll(word, " ", "-")
	case 3:
		return strings.ReplaceAll(word, "-", " ")
	case 4:
		return strings.ReplaceAll(word, "e", "é")
	case 5:
		return strings.ReplaceAll(word, " ", "_")
	case 6:
		return strings.Replace(word, " ", "-", 1)
	}
	return word
}

// declare adds the names of random records to a dataset.
func (g *generator) declare(dataset map[string]any) {
	for list, names := range map[string][]any{"people": {"Ann", "Bob Ray", "Cy"}, "countries": {"China"}, "posts": {"Envoy"}, "places": {"Pentagon"}, "sources": {map[string]any{"key": "times", "title": "Times"}}} {
		more, isList := dataset[list].([]any)
		if _, has := dataset[list]; isList || !has {
			dataset[list] = append(slices.Clip(more), names...)
		}
	}
}
