package match

import (
	"fmt"
	"strings"
)

// compareSyllables compares names that are read syllable by syllable; ok is false if
// neither of them is one.
func compareSyllables(a, b *name) (s Similarity, ok bool) {
	switch {
	case a.han != "" && b.han != "", a.hangul != "" && b.hangul != "":
		return compareCharacters(a.han+a.hangul, b.han+b.hangul), true
	case a.syllables != nil && b.syllables != nil:
		return Similarity{0.3, "names in two scripts that cannot be compared"}, true
	case b.syllables != nil:
		a, b = b, a
	}
	if a.syllables != nil {
		if b.tokens[0].foreign || !isLatin(b.tokens[0].latin) {
			return Similarity{0.2, "names in two scripts that cannot be compared"}, true
		}
		if spelledBy(b.tokens, a.syllables) {
			return Similarity{syllableName, fmt.Sprintf("%s is read as %s", a.text, b.text)}, true
		}
		return compareUnread(a, b), true
	}
	if a.korean != "" && b.korean != "" {
		if a.korean == b.korean {
			return Similarity{koreanName2, "spellings of one Korean name"}, !sameTokens(a, b)
		}
		if a.readings == nil || b.readings == nil {
			return Similarity{otherSyllable, "Korean names of other syllables"}, true
		}
	}
	if len(a.readings) > 0 && len(b.readings) > 0 && !sameTokens(a, b) {
		if sameReading(a.readings, b.readings) {
			return Similarity{wadeGilesName, "the same syllables of Chinese"}, true
		}
		return Similarity{otherSyllable, "Chinese names of other syllables"}, true
	}
	return s, false
}

// compareUnread compares a name in Han characters or Hangul with a Latin one that is not
// its reading. The Latin name may follow another dialect or language, of which only
// family names are known.
func compareUnread(a, b *name) Similarity {
	s := Similarity{otherSyllable, fmt.Sprintf("%s is not read as %s", a.text, b.text)}
	first, last := b.tokens[0].latin, b.tokens[len(b.tokens)-1].latin
	switch {
	case len(b.readings) > 0 || b.korean != "" && a.hangul != "":
	case spells(first, a.syllables[:1]) || spells(last, a.syllables[:1]):
		s = Similarity{0.55, fmt.Sprintf("the family name of %s is read as in %s, the rest is not", a.text, b.text)}
	case a.han != "":
		s = Similarity{0.3, "Han characters that may have another reading, as in Japanese"}
	}
	return s
}

// sameTokens reports whether two names have the same words in any order, or the same
// letters.
func sameTokens(a, b *name) bool {
	if strings.ReplaceAll(a.folded, " ", "") == strings.ReplaceAll(b.folded, " ", "") {
		return true
	}
	if len(a.tokens) != len(b.tokens) {
		return false
	}
	left := map[string]int{}
	for _, t := range a.tokens {
		left[t.folded]++
	}
	for _, t := range b.tokens {
		if left[t.folded]--; left[t.folded] < 0 {
			return false
		}
	}
	return true
}

// compareCharacters compares names in Han characters, or in Hangul.
func compareCharacters(a, b string) Similarity {
	if a == b {
		return Similarity{fullName, "the same characters, in another form"}
	}
	return Similarity{otherSyllable, "other characters"}
}
