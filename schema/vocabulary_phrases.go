package schema

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Phrase is one way to write a verb.
type Phrase struct {
	Text    string // folded by [Fold]
	Verb    Verb
	Inverse bool // the subject of the sentence is the object of the fact
}

// phrasebook contains all phrases of all verbs of a vocabulary.
type phrasebook struct {
	byWord map[string]Phrase // by the wordKey of their text
	list   func() []Phrase   // longest first; sorted at the first call
}

// sorted returns all phrases, longest first.
func (b *phrasebook) sorted() []Phrase {
	list := slices.Collect(maps.Values(b.byWord))
	slices.SortFunc(list, func(a, b Phrase) int {
		if n := utf8.RuneCountInString(b.Text) - utf8.RuneCountInString(a.Text); n != 0 {
			return n
		}
		return strings.Compare(a.Text, b.Text)
	})
	return list
}

// suggest returns up to most phrases of which a word may be a misspelling, one
// for each verb.
func (b *phrasebook) suggest(word string, most int) []string {
	texts := make([]string, len(b.byWord))
	for i, p := range b.list() {
		texts[i] = p.Text
	}
	var words []string
	seen := make(map[Verb]bool)
	for _, text := range Nearest(word, texts, len(texts)) {
		verb := b.byWord[wordKey(text)].Verb
		if !seen[verb] && len(words) < most {
			seen[verb] = true
			words = append(words, text)
		}
	}
	return words
}

// wordKey returns the key under which a phrase is looked up: folded, with hyphens
// in place of underscores and spaces, so that "holds-post" and "Holds post" are
// equal.
func wordKey(word string) string {
	folded := []byte(Fold(word))
	key, gap := folded[:0], false
	for _, b := range folded {
		if b == ' ' || b == '-' || b == '_' {
			gap = len(key) > 0
			continue
		}
		if gap {
			key, gap = append(key, '-'), false
		}
		key = append(key, b)
	}
	return string(key)
}

// Phrases lists all phrases of all verbs and the verbs' ids, longest first, so
// that the first match in a sentence is the longest.
func (v *Vocabulary) Phrases() []Phrase { return slices.Clone(v.phrases.list()) }

// Resolve resolves a word to a verb by its id or one of its phrases, in any case.
// If inverse is true, the phrase has the object of the fact as its subject
// ("sanctioned by").
func (v *Vocabulary) Resolve(word string) (verb Verb, inverse, ok bool) {
	p, ok := v.phrases.byWord[wordKey(word)]
	return p.Verb, p.Inverse, ok
}

// Suggest returns the phrase that says a word in the past, or else up to three phrases
// of which the word may be a misspelling, nearest first, one for each verb.
func (v *Vocabulary) Suggest(word string) []string {
	if past := v.tense(word); past != "" {
		return []string{past}
	}
	return v.phrases.suggest(word, 3)
}
