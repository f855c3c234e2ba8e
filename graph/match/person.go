package match

import (
	"fmt"
	"strings"
)

// Similarity is how well two names agree, and why.
type Similarity struct {
	Score float64 // from 0 to 1; not a probability
	Why   string
}

// The scores of names that agree, before anything else is known.
const (
	fullName      = 0.95 // two words or more, all the same
	oneWord       = 0.80 // the only word of both
	otherOrder    = 0.94
	syllableName  = 0.92 // the same syllables in another script
	wadeGilesName = 0.88 // the same syllables in another romanization
	koreanName2   = 0.86 // the same sounds of Korean in another romanization
	otherSyllable = 0.15 // names of which a syllable is another one
)

// comparePersons compares two names of people.
func comparePersons(a, b *name) Similarity {
	s := personWords(a, b)
	switch {
	case a.generation == b.generation:
	case a.generation == "" || b.generation == "":
		s.Score *= 0.75
		s.Why += fmt.Sprintf("; only one is %s", a.generation+b.generation)
	default:
		s.Score *= 0.2
		s.Why += fmt.Sprintf("; one is %s and the other %s", a.generation, b.generation)
	}
	return s
}

func personWords(a, b *name) Similarity {
	if len(a.tokens) == 0 || len(b.tokens) == 0 {
		return Similarity{0, "a name without letters"}
	}
	if a.folded == b.folded {
		if len(a.tokens) == 1 && a.han == "" && a.hangul == "" {
			return Similarity{oneWord, "the same single name"}
		}
		return Similarity{fullName, "the same name"}
	}
	if s, ok := compareSyllables(a, b); ok {
		return s
	}
	return personAlignment(a, b, align(a, b, compareWords))
}

// personAlignment returns the score of an alignment of two names of people.
func personAlignment(a, b *name, al alignment) Similarity {
	if len(al.pairs) == 0 {
		return Similarity{0, "no word in common"}
	}
	sum, weights, least, whole, initials := 0.0, 0.0, 1.0, 0, 0
	worst := sameWord
	for _, p := range al.pairs {
		if a.tokens[p.i].particle && p.ni == 1 || b.tokens[p.j].particle && p.nj == 1 {
			continue
		}
		if worst = max(worst, p.how); p.how == initialOnly {
			initials++
			continue
		}
		whole += max(p.ni, p.nj)
		sum, weights, least = sum+p.similarity, weights+1, min(least, p.similarity)
	}
	if whole == 0 {
		return Similarity{0.1, "only initials in common"}
	}
	score := sum / weights * (0.5 + least/2) * fullName
	why := wordsOf(worst)
	if score >= fullName && !inOrder(al) {
		score, why = otherOrder, "the same words in another order"
	}
	return leftovers(a, b, al, score, why, whole, initials)
}

// leftovers lowers the score of names of which some words have no counterpart.
func leftovers(a, b *name, al alignment, score float64, why string, whole, initials int) Similarity {
	switch {
	case initials > 1:
		score *= 0.88
	case initials == 1 && whole > 1:
		score *= 0.95
	case initials == 1:
		score *= 0.8
	}
	left := len(al.leftA) + len(al.leftB)
	switch {
	case len(al.leftA) > 0 && len(al.leftB) > 0:
		x, y := list(a, al.leftA), list(b, al.leftB)
		return Similarity{score * 0.4, fmt.Sprintf("%s, but %s is not %s", why, x, y)}
	case left == 0:
		if whole == 1 && initials == 0 {
			score *= oneWord / fullName
		}
		return Similarity{score, why}
	case whole+initials == 1:
		return Similarity{score * 0.55, fmt.Sprintf("%s, but only one name of both (%s has no counterpart)", why, list(a, al.leftA)+list(b, al.leftB))}
	}
	for _, i := range al.leftA {
		score *= extraWord(&a.tokens[i])
	}
	for _, j := range al.leftB {
		score *= extraWord(&b.tokens[j])
	}
	return Similarity{score, fmt.Sprintf("%s; only one has %s", why, list(a, al.leftA)+list(b, al.leftB))}
}

// extraWord is the factor for a middle name that only one of two names has.
func extraWord(t *token) float64 {
	if t.initial || isPatronymic(t.latin) {
		return 0.97
	}
	return 0.93
}

func list(n *name, left []int) string {
	var out []string
	for _, i := range left {
		out = append(out, strings.TrimPrefix(n.tokens[i].folded, "@"))
	}
	return strings.Join(out, " ")
}

// inOrder reports whether the words of two names agree in their order.
func inOrder(al alignment) bool {
	for _, p := range al.pairs {
		for _, q := range al.pairs {
			if p.i < q.i && p.j > q.j {
				return false
			}
		}
	}
	return true
}

// wordsOf says in words how names agree whose words agree in a way at worst.
func wordsOf(h how) string {
	switch h {
	case sameWord:
		return "the same words"
	case sameLetters:
		return "the same name in another script"
	case sameSound:
		return "the same name in another spelling"
	case sameSkeleton:
		return "the same consonants in another script"
	case sameGiven:
		return "forms of one given name"
	case initialOnly:
		return "an initial that fits"
	}
	return "similar spelling"
}

// wordFloor is the similarity below which two words are different words.
const wordFloor = 0.74

// compareWords compares two words of names of people; 0 if they are different words.
func compareWords(a, b *token) (float64, how) {
	switch {
	case a.folded == b.folded:
		return 1, sameWord
	case a.initial || b.initial:
		if a.initial != b.initial && a.latin != "" && b.latin != "" && sameInitial(a.latin, b.latin) {
			return 0.8, initialOnly
		}
		return 0, 0
	case a.particle || b.particle:
		return 0, 0
	case a.latin == b.latin:
		return 0.98, sameLetters
	case !isLatin(a.latin) || !isLatin(b.latin):
		return compareForeign(a, b)
	case a.bare || b.bare:
		return compareSkeletons(a, b)
	case a.key == b.key:
		if a.foreign != b.foreign {
			return 0.97, sameLetters
		}
		if len(a.key) < 3 {
			return 0.8, sameSound // as Li and Lee
		}
		return 0.96, sameSound
	}
	similarity := soundSimilarity(a, b)
	if otherGender(a, b) {
		similarity = min(similarity, 0.76)
	}
	if similarity < 0.93 && sameGivenName(a.key, b.key) {
		return 0.93, sameGiven
	}
	if similarity < wordFloor {
		return 0, 0
	}
	return similarity, likeSpelling
}

func sameInitial(a, b string) bool {
	x, y := soundKey(a), soundKey(b)
	return a[0] == b[0] || x != "" && y != "" && x[0] == y[0]
}

// soundSimilarity compares the sounds of two words, short ones more strictly.
func soundSimilarity(a, b *token) float64 {
	longest := max(len(a.key), len(b.key))
	if longest <= 3 && !a.foreign && !b.foreign {
		return 0
	}
	if min(len(a.key), len(b.key))*2 < longest {
		return 0
	}
	cost := soundDistance(a.key, b.key)
	if longest <= 4 {
		cost *= 2
	}
	return max(0, 1-cost/float64(longest))
}

// otherGender reports whether two words differ only by an ending that makes the name of a
// woman of the name of a man, as in Mario and Maria.
func otherGender(a, b *token) bool {
	const devanagari = 0x900 // from here on, scripts do not write such endings as Latin does
	if firstRune(a.folded) >= devanagari || firstRune(b.folded) >= devanagari {
		return false
	}
	x, y := a.key, b.key
	if !strings.HasSuffix(x, "a") {
		x, y = y, x
	}
	stem, ok := strings.CutSuffix(x, "a")
	rest, begins := strings.CutPrefix(y, stem)
	return ok && begins && len(stem) > 1 && (rest == "" || rest == "o" || rest == "e" || rest == "as" || rest == "us")
}

// compareSkeletons compares words of which one has no vowels. Inside of it, the letter for
// a long u may be a v.
func compareSkeletons(a, b *token) (float64, how) {
	s, h := compareConsonants(a, b, a.skeleton, b.skeleton)
	for _, t := range []*token{a, b} {
		if t.bare && len(t.latin) > 2 && strings.Contains(t.latin[1:], "u") {
			other := skeleton(t.latin[:1] + strings.ReplaceAll(t.latin[1:], "u", "v"))
			x, y := a.skeleton, b.skeleton
			if t == a {
				x = other
			} else {
				y = other
			}
			if s2, h2 := compareConsonants(a, b, x, y); s2 > s {
				s, h = s2, h2
			}
		}
	}
	return s, h
}

func compareConsonants(a, b *token, skeletonA, skeletonB string) (float64, how) {
	x, y := trimH(skeletonA), trimH(skeletonB)
	longest := max(len(x), len(y))
	if longest == 0 {
		return 0, 0
	}
	cost := soundDistance(x, y)
	if x == y {
		return []float64{0.8, 0.8, 0.92, 0.95, 0.97}[min(longest, 4)] - otherVowels(a, b), sameSkeleton
	}
	if longest < 3 || cost/float64(longest) > 0.25 {
		return 0, 0
	}
	return 0.96 - 0.8*cost/float64(longest), sameSkeleton
}

// otherVowels returns how much the long vowels speak against two words with the same
// consonants: محمود has a long u that محمد has not.
func otherVowels(a, b *token) (against float64) {
	if a.bare == b.bare {
		return 0
	}
	if b.bare {
		a, b = b, a
	}
	written, _ := slots(a.latin)
	spoken, long := slots(b.latin)
	if len(written) != len(spoken) {
		return 0
	}
	for i := 1; i < len(written)-1; i++ {
		switch w := written[i]; {
		case strings.Contains(w, "u") && !strings.ContainsAny(spoken[i], "ou"), strings.Contains(w, "i") && !strings.ContainsAny(spoken[i], "ie"):
			against += 0.2
		case w == "" && long[i]:
			against += 0.15
		}
	}
	return min(against, 0.4)
}

func trimH(s string) string {
	if len(s) > 1 {
		return strings.TrimSuffix(s, "h")
	}
	return s
}

// compareForeign compares words in scripts without a romanization.
func compareForeign(a, b *token) (float64, how) {
	x, y := []rune(a.folded), []rune(b.folded)
	if s := jaroWinkler(x, y); s > 0.93 && min(len(x), len(y)) > 4 {
		return s, likeSpelling
	}
	return 0, 0
}
