package match

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// keyClass is a class of keys, by how much entities have in common that share one.
type keyClass uint8

const (
	coarseKey  keyClass = iota // the first consonants of two words
	soundAndIn                 // the sounds of a word, and the first one of another
	strictKey                  // the consonants of two words
	exactKey                   // the sounds of two words, a whole name, an identifier
	initialKey                 // as soundAndIn, for names with initials
	rareKey                    // the consonants of one word that few have
)

// largest is how many entities with one key are compared with each other. Where more
// share a key, those are that share a stricter one as well.
var largest = [...]int{coarseKey: 30, soundAndIn: 30, strictKey: 80, exactKey: 200, initialKey: 400, rareKey: 12}

// blockKey is a key of a name or an identifier of an entity: entities with a key in
// common are candidates.
type blockKey struct {
	hash    uint64
	subject uint32
	class   keyClass
	initial bool // the name has an initial in place of a word
}

// blocker collects the keys of entities.
type blocker struct {
	seed    maphash.Seed
	kind    schema.Kind
	subject int
	keys    []blockKey
}

func (b *blocker) add(class keyClass, key string) { b.addInitial(class, key, false) }

func (b *blocker) addInitial(class keyClass, key string, initial bool) {
	var h maphash.Hash
	h.SetSeed(b.seed)
	_, _ = h.WriteString(string(b.kind))
	_ = h.WriteByte(byte(class))
	_, _ = h.WriteString(key)
	b.keys = append(b.keys, blockKey{h.Sum64(), uint32(b.subject), class, initial})
}

// candidates returns the pairs of subjects that share a key, each as two numbers in one,
// sorted and without repeats. With several entities in Options.Of it returns all pairs.
func (m *matcher) candidates() []uint64 {
	if len(m.options.Of) > 1 {
		return m.allPairs()
	}
	b := &blocker{seed: maphash.MakeSeed()}
	for i, s := range m.subjects {
		b.kind, b.subject = s.entity.Kind, i
		s.addKeys(b)
	}
	slices.SortFunc(b.keys, func(x, y blockKey) int {
		return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.subject, y.subject))
	})
	var pairs []uint64
	many := 1 << 22
	for start := 0; start < len(b.keys); {
		end := start + 1
		for end < len(b.keys) && b.keys[end].hash == b.keys[start].hash {
			end++
		}
		pairs = m.pairBlock(pairs, b.keys[start:end])
		start = end
		if len(pairs) > many {
			pairs = unique(pairs)
			many = max(many, 2*len(pairs))
		}
	}
	return unique(pairs)
}

func unique(pairs []uint64) []uint64 {
	slices.Sort(pairs)
	return slices.Compact(pairs)
}

func (m *matcher) allPairs() (pairs []uint64) {
	for i := range m.subjects {
		for j := i + 1; j < len(m.subjects); j++ {
			pairs = append(pairs, uint64(i)<<32|uint64(j))
		}
	}
	return pairs
}

// pairBlock adds the pairs of a block. Of one that is too large it adds none.
func (m *matcher) pairBlock(pairs []uint64, block []blockKey) []uint64 {
	if len(block) < 2 {
		return pairs
	}
	block = slices.CompactFunc(block, func(x, y blockKey) bool { return x.subject == y.subject })
	class := block[0].class
	if len(block) > largest[class] && len(m.options.Of) == 0 {
		if class == exactKey {
			m.skipped++
		}
		return pairs
	}
	for i, x := range block {
		for _, y := range block[i+1:] {
			if class == initialKey && !x.initial && !y.initial {
				continue
			}
			if len(m.options.Of) == 0 || m.subjects[x.subject].chosen || m.subjects[y.subject].chosen {
				pairs = append(pairs, uint64(x.subject)<<32|uint64(y.subject))
			}
		}
	}
	return pairs
}

// addKeys adds the keys of an entity: of each identifier, and of each name.
func (s *subject) addKeys(b *blocker) {
	for _, id := range s.entity.Identifiers {
		b.add(exactKey, "id "+id)
	}
	for _, n := range s.names {
		b.add(exactKey, "name "+n.folded)
		n.addScriptKeys(b)
		n.addWordKeys(b, yearOf(s.entity.Born))
	}
}

// addScriptKeys adds the keys of names that are read syllable by syllable, of acronyms
// and of countries.
func (n *name) addScriptKeys(b *blocker) {
	add := func(key string) { b.add(exactKey, key) }
	if n.han != "" {
		add("han " + n.han)
	}
	if n.region != "" {
		add("region " + n.region)
	}
	if n.acronym != "" {
		add("acronym " + n.acronym)
	} else if len(n.tokens) == 1 {
		add("acronym " + n.folded)
	}
	if n.korean != "" {
		add("korean " + n.korean)
	}
	if n.hangul != "" {
		add("korean " + hangulKey(n.hangul))
	}
	switch {
	case n.hangul != "":
	case n.syllables != nil:
		for _, key := range syllableKeys(n.syllables) {
			add("han " + key)
		}
	default:
		seen := map[string]bool{}
		for _, reading := range n.readings {
			for _, key := range []string{segmentKey(reading), segmentKey(rotate(reading, len(reading)-1))} {
				if !seen[key] {
					seen[key] = true
					add("han " + key)
				}
			}
		}
	}
}

// hangulKey returns the key of a name in Hangul, as [koreanKey] makes it of its
// romanization.
func hangulKey(name string) string {
	chars := []rune(name)
	surname := koreanSyllable(chars[0])[0]
	if known := koreanSurnames[string(chars[0])]; known != "" {
		surname = firstWord(known)
	}
	given := ""
	for _, r := range chars[1:] {
		given += koreanSyllable(r)[0]
	}
	return koreanFold.Replace(surnameKey(surname)) + "-" + koreanFold.Replace(given)
}

// syllableKeys returns keys of a name in Han characters: the consonants of its readings.
func syllableKeys(name []syllable) []string {
	keys := []string{""}
	for i, s := range name {
		var longer []string
		for _, reading := range s {
			if len(longer) > 8 || !han().syllables[reading] {
				continue
			}
			for _, key := range keys {
				longer = append(longer, key+syllableClass(reading))
			}
		}
		if slices.Sort(longer); longer != nil {
			keys = slices.Compact(longer)
		}
		if i > 3 {
			break
		}
	}
	return keys
}

// segmentKey returns the key of a reading of a Latin name.
func segmentKey(s segment) (key string) {
	for _, readings := range s {
		key += syllableClass(readings[0])
	}
	return key
}

// syllableClass returns the initial of a syllable and whether it ends in a nasal.
func syllableClass(s string) string {
	class := string(rune(s[0]))
	switch s[0] {
	case 'z', 'c', 'j', 'q', 'x', 's':
		class = "s"
	case 'b', 'p':
		class = "p"
	case 'd', 't':
		class = "t"
	case 'g', 'k', 'h':
		class = "k"
	}
	if s[len(s)-1] == 'n' || s[len(s)-1] == 'g' {
		class += "n"
	}
	return class + " "
}

// mostKeyWords is how many words of a name make keys.
const mostKeyWords = 5

// keyWord is a word of a name as a part of keys.
type keyWord struct {
	coarse, skeleton, sound, first string
	initial                        bool
}

// keyWords returns the words of a name that make keys.
func (n *name) keyWords() (list []keyWord) {
	for i := range n.tokens {
		t := &n.tokens[i]
		if t.particle || t.generic && len(n.tokens) > 2 || len(list) == mostKeyWords || t.skeleton == "" {
			continue
		}
		w := keyWord{coarse(t.skeleton), t.skeleton, t.key, t.skeleton[:1], t.initial}
		if w.coarse == "" || !isLatin(t.latin) {
			w.coarse, w.skeleton, w.sound = t.folded, t.folded, t.folded
		} else {
			w.first = w.coarse[:1]
		}
		if t.bare {
			w.sound = t.skeleton
		}
		list = append(list, w)
	}
	return list
}

// addWordKeys adds keys of the words of a name: of each two words, of each word with the
// first sound of another one, and of a name of one word.
func (n *name) addWordKeys(b *blocker, born string) {
	list := n.keyWords()
	if len(list) == 1 {
		b.add(strictKey, "1 "+list[0].coarse)
	}
	for i, x := range list {
		if len(x.skeleton) > 2 && len(list) > 1 {
			b.add(rareKey, x.skeleton)
		}
		for j, y := range list {
			if i < j && !x.initial && !y.initial {
				b.addTwo(x, y, born)
			}
			if i == j || y.initial {
				continue
			}
			b.add(soundAndIn, x.first+" "+y.sound)
			b.add(soundAndIn, x.first+" "+y.skeleton+" c")
			if len(list) <= 3 && len(y.skeleton) > 3 {
				b.addSlips(x, y)
			}
			for _, group := range sameNames()[x.sound] {
				b.add(strictKey, fmt.Sprintf("%d %s", group, y.skeleton))
			}
			if x.first != "" {
				b.addInitial(initialKey, x.first+" "+y.coarse, x.initial)
			}
		}
	}
	n.addJoined(b, len(list))
}

// addSlips adds keys of a word with another one of which any consonant is left out, so
// that names share one if they differ by one consonant.
func (b *blocker) addSlips(x, y keyWord) {
	b.add(soundAndIn, "slip "+x.skeleton+" "+y.skeleton)
	for i := range min(len(y.skeleton), 8) {
		b.add(soundAndIn, "slip "+x.skeleton+" "+y.skeleton[:i]+y.skeleton[i+1:])
	}
}

// addTwo adds the keys of two words of a name, and of them with the year of birth.
func (b *blocker) addTwo(x, y keyWord, born string) {
	two := func(x, y string) string { return min(x, y) + " " + max(x, y) }
	b.add(coarseKey, two(x.coarse, y.coarse))
	b.add(strictKey, two(x.skeleton, y.skeleton))
	b.add(exactKey, "2 "+two(x.sound, y.sound))
	if born != "" {
		b.add(exactKey, "3 "+two(x.coarse, y.coarse)+" "+born)
	}
}

// addJoined adds keys of names of two to four words written as fewer words.
func (n *name) addJoined(b *blocker, words int) {
	if len(n.tokens) < 2 || len(n.tokens) > 4 || words < 2 {
		return
	}
	for i := 0; i+1 < len(n.tokens); i++ {
		joined := coarse(skeleton(n.tokens[i].latin + n.tokens[i+1].latin))
		if len(n.tokens) == 2 {
			b.add(strictKey, "1 "+joined)
			continue
		}
		for j := range n.tokens {
			if j != i && j != i+1 && !n.tokens[j].particle && isLatin(n.tokens[j].latin) {
				y := coarse(n.tokens[j].skeleton)
				b.add(coarseKey, min(joined, y)+" "+max(joined, y))
			}
		}
	}
}
