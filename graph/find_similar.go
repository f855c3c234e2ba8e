package graph

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// similarNames compares the names of a graph with one name. Several goroutines may use
// it.
type similarNames struct {
	name  nameWords
	limit int // the greatest distance of a similar name, in edits
}

func newSimilarNames(folded string) *similarNames {
	return &similarNames{splitName(nil, nil, folded), max(1, utf8.RuneCountInString(folded)/4)}
}

// distance returns the smallest distance of the name from another name, or from about
// as many consecutive words of it, in edits. A hyphen separates words, and the spaces
// between words do not count. Above the limit, the value is only known to exceed it.
func (s *similarNames) distance(other nameWords) int {
	best := s.within(other, 0, len(other.words), s.limit)
	for n := max(1, len(s.name.words)-1); n <= len(s.name.words)+1; n++ {
		for i := 0; i+n <= len(other.words) && best > 0; i++ {
			best = min(best, s.within(other, i, i+n, best-1))
		}
	}
	return best
}

// within returns the distance of the name from consecutive words of another name. If
// their lengths or their letters alone show that it exceeds atMost, it returns a greater
// number.
func (s *similarNames) within(other nameWords, from, to, atMost int) int {
	a, b := s.name.join(0, len(s.name.words)), other.join(from, to)
	extra := a.runes - b.runes
	if max(extra, -extra) > s.limit {
		return s.limit + 1
	}
	if max(a.runes, b.runes) <= comparedRunes {
		lost := a.counts.minus(b.counts)
		if max(lost, lost-extra) > atMost { // an edit adds and removes at most one letter
			return atMost + 1
		}
	}
	return schema.Distance(string(s.name.letters[:a.end]), string(other.letters[other.start(from):b.end]))
}

// comparedRunes is how many runes of a name [schema.Distance] compares. It ignores what
// longer names have beyond these.
const comparedRunes = 64

// nameWords is the words of a name: runs of letters, digits and marks.
type nameWords struct {
	letters []byte // the words without anything between them
	words   []nameWord
}

// nameWord is one word, or consecutive words without the spaces between them.
type nameWord struct {
	end    int // where it ends in the letters
	runes  int // its length
	counts runeCounts
}

// runeCounts is how often each of 32 sets of runes occurs, which are the runes with
// equal numbers modulo 32: eight numbers of a byte in each part.
type runeCounts [4]uint64

func (c *runeCounts) add(r rune) { c[r/8%4] += 1 << (r % 8 * 8) }

func (c *runeCounts) join(other runeCounts) {
	for i, part := range other {
		c[i] += part
	}
}

// minus returns how many runes c has beyond the other counts. No number may exceed 127.
func (c runeCounts) minus(other runeCounts) (extra int) {
	const high, ones = 0x8080808080808080, 0x0101010101010101
	for i, part := range other {
		differences := (c[i] | high) - part // of each byte, plus 128
		positive := differences & high >> 7 * 127 & differences
		extra += int(positive * ones >> 56)
	}
	return extra
}

// splitName returns the words of a folded name. It appends letters and words to the
// slices, which may be empty.
func splitName(letters []byte, words []nameWord, name string) nameWords {
	inWord := false
	for _, r := range name {
		if !isWordRune(r) {
			inWord = false
			continue
		}
		if !inWord {
			words, inWord = append(words, nameWord{}), true
		}
		letters = utf8.AppendRune(letters, r)
		word := &words[len(words)-1]
		word.end, word.runes = len(letters), word.runes+1
		word.counts.add(r)
	}
	return nameWords{letters, words}
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// start returns where a word starts in the letters.
func (w nameWords) start(i int) int {
	if i == 0 {
		return 0
	}
	return w.words[i-1].end
}

// join returns consecutive words as one.
func (w nameWords) join(from, to int) (joined nameWord) {
	joined.end = w.start(to)
	for _, word := range w.words[from:to] {
		joined.runes += word.runes
		joined.counts.join(word.counts)
	}
	return joined
}

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
