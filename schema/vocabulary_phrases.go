package schema

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Phrase is one way to write a verb.
type Phrase struct {
	Text    string // as [Fold] leaves it
	Verb    Verb
	Inverse bool // the subject of the sentence is the object of the fact
}

// phrasebook is every way to write every verb of a vocabulary.
type phrasebook struct {
	byWord map[string]Phrase // by wordKey
	list   []Phrase          // longest first
}

// sort fills in the list.
func (b *phrasebook) sort() {
	for _, p := range b.byWord {
		b.list = append(b.list, p)
	}
	slices.SortFunc(b.list, func(a, b Phrase) int {
		if n := utf8.RuneCountInString(b.Text) - utf8.RuneCountInString(a.Text); n != 0 {
			return n
		}
		return strings.Compare(a.Text, b.Text)
	})
}

// suggest returns up to most texts that a word may be a slip for, one for each verb.
func (b *phrasebook) suggest(word string, most int) []string {
	texts := make([]string, len(b.list))
	for i, p := range b.list {
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

// wordKey is what a verb is looked up by: folded, and with hyphens, underscores
// and spaces alike, so that "holds-post" and "Holds post" are one.
func wordKey(word string) string {
	return strings.Join(strings.FieldsFunc(Fold(word), func(r rune) bool {
		return r == ' ' || r == '-' || r == '_'
	}), "-")
}

// Phrases lists every way to write every verb, ids among them, longest first,
// so that the first to match at a place in a sentence is the right one.
func (v *Vocabulary) Phrases() []Phrase { return slices.Clone(v.phrases.list) }

// Resolve reads a word as people write it, a verb's id or one of its phrases in
// any case. Where inverse is true the word is said from the object's side
// ("sanctioned by"): subject and object change places.
func (v *Vocabulary) Resolve(word string) (verb Verb, inverse, ok bool) {
	p, ok := v.phrases.byWord[wordKey(word)]
	return p.Verb, p.Inverse, ok
}

// Suggest returns up to three words that the one given may be a slip for, at
// most one for each verb, nearest first.
func (v *Vocabulary) Suggest(word string) []string { return v.phrases.suggest(word, 3) }
