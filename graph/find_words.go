package graph

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// sharedWords collects the entities that have a word of a name in theirs.
type sharedWords struct {
	name  string
	words []string                        // of the name, the last first
	found map[string]map[schema.ID]string // by word, with a name that has it
}

// minWord is the least length of a Latin word that tells who is meant: initials
// and particles do not.
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

// add notes which words an entity has in one of its names.
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

// initials counts the words of a name that begin as a word of the asked name does,
// the shared word left out.
func (s *sharedWords) initials(shared, name string) (n float64) {
	for other := range strings.FieldsSeq(wordsOf(name)) {
		if other != shared && slices.ContainsFunc(s.words, func(word string) bool { return word != shared && word[0] == other[0] }) {
			n++
		}
	}
	return n
}

// matches lists the entities by how much the words that they share tell: a word
// that few names have counts more, the last word of the name twice, and a word that
// begins as another word of the name does a quarter.
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
