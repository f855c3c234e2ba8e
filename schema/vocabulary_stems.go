package schema

import (
	"slices"
	"strings"
)

// wordEndings are endings of verbs and of nouns that are made of verbs, the longest
// first.
var wordEndings = []string{"ations", "ation", "itions", "ition", "ments", "ment", "ances", "ance", "ions", "ion", "ings", "ing", "ures", "ure", "ers", "ors", "als", "ies", "ied",
	"ed", "er", "or", "al", "es", "s", "y", "e"}

// minStem is the least number of letters of a stem.
const minStem = 4

// stemmer finds out what words are made of.
type stemmer struct{ bases map[string]string } // the infinitives of irregular pasts

func newStemmer() *stemmer {
	s := &stemmer{make(map[string]string, len(pasts))}
	for base, past := range pasts {
		s.bases[past] = base
	}
	return s
}

// stems returns what a word may be made of: "negotiations", "negotiating" and
// "negotiated" have a stem in common, and so have "shook" and "shaking".
func (s *stemmer) stems(word string) []string {
	all := infinitives(word)
	if base, irregular := s.bases[word]; irregular {
		all = append(all, base)
	}
	for _, ending := range wordEndings {
		if stem, ok := strings.CutSuffix(word, ending); ok && len(stem) >= minStem {
			all = append(all, stem)
			if n := len(stem); stem[n-1] == stem[n-2] {
				all = append(all, stem[:n-1])
			}
		}
	}
	for i, w := range all {
		all[i] = strings.TrimSuffix(w, "e")
	}
	return all
}

// isForm reports whether a word has one of some stems.
func (s *stemmer) isForm(word string, wanted []string) bool {
	_, irregular := s.bases[word]
	if !irregular && !slices.ContainsFunc(wanted, func(w string) bool { return w != "" && w[0] == word[0] }) {
		return false
	}
	return slices.ContainsFunc(s.stems(word), func(stem string) bool { return slices.Contains(wanted, stem) })
}
