package graph

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// sharedWords collects the entities that share a word with a name.
type sharedWords struct {
	name  string
	words []string                        // words of the name, the last word first
	found map[string]map[schema.ID]string // for each word the entities that have it, with a name
}

// minWord is the least length of a Latin word that identifies a person, in letters.
// Initials and particles are shorter.
const minWord = 3

func newSharedWords(name string) *sharedWords {
	s := &sharedWords{name: name, found: map[string]map[schema.ID]string{}}
	for _, word := range strings.Fields(wordsOf(name)) {
		if utf8.RuneCountInString(word) >= minWord || len(word) > 2*utf8.RuneCountInString(word) {
			s.words = append(s.words, word)
			s.found[word] = map[schema.ID]string{}
		}
	}
	slices.Reverse(s.words)
	return s
}

// add records which words an entity's name shares.
func (s *sharedWords) add(id schema.ID, name string) {
	if len(s.words) == 0 {
		return
	}
	for word := range strings.FieldsSeq(wordsOf(name)) {
		if entities, ok := s.found[word]; ok {
			entities[id] = name
		}
	}
}

// has reports whether a name shares a word.
func (s *sharedWords) has(name nameWords) bool {
	for i, word := range name.words {
		if slices.Contains(s.words, string(name.letters[name.start(i):word.end])) {
			return true
		}
	}
	return false
}

// initials counts the words of a name, without the shared word, that begin with the
// same letter as another word to search.
func (s *sharedWords) initials(shared, name string) (n float64) {
	for other := range strings.FieldsSeq(wordsOf(name)) {
		if other != shared && slices.ContainsFunc(s.words, func(word string) bool { return word != shared && word[0] == other[0] }) {
			n++
		}
	}
	return n
}

// matches returns the entities in descending order of weight. A shared word adds the
// inverse of the number of entities that have it, and twice that if it is the last word
// of the name. Each word with a shared initial adds a quarter.
func (s *sharedWords) matches() []Match {
	weight, best := map[schema.ID]float64{}, map[schema.ID]Match{}
	for i, word := range s.words {
		for id, name := range s.found[word] {
			share := 1.0
			if i == 0 {
				share = 2
			}
			weight[id] += share / float64(len(s.found[word]))
			if _, ok := best[id]; !ok {
				best[id] = Match{ID: id, Name: name, Distance: schema.Distance(s.name, name)}
				weight[id] += s.initials(word, name) / 4
			}
		}
	}
	var all []Match
	for _, m := range best {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Match) int {
		return cmp.Or(cmp.Compare(weight[b.ID], weight[a.ID]), cmp.Compare(kindRank(a.ID), kindRank(b.ID)), cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.ID, b.ID))
	})
	return all[:min(maxClose, len(all))]
}
