package match

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// prepareOrganization removes legal forms and finds the words that count.
func prepareOrganization(n *name, kind schema.Kind) {
	all := words(n.text)
	if kind == schema.Institution || kind == schema.Group {
		all, n.form = withoutForm(all)
	}
	n.acronym = acronymOf(all)
	for i, word := range withRegions(all) {
		if glue()[word] && len(all) > 1 && (utf8.RuneCountInString(word) > 1 || i > 0) {
			continue
		}
		if same, ok := concepts()[word]; ok {
			word = same
		}
		t := newToken(word)
		t.initial, t.particle = false, false
		t.weight = 1
		if t.generic = generic()[word]; t.generic {
			t.weight = 0.5
		}
		if word == "affairs" {
			t.weight = 0.1
		}
		n.tokens = append(n.tokens, t)
	}
	if joined := strings.Join(all, ""); joined != "" && strings.IndexFunc(joined, func(r rune) bool { return !isHan(r) }) < 0 {
		n.han = simplify(joined)
		if utf8.RuneCountInString(n.han) <= 4 && kind == schema.Place {
			n.syllables = chineseName(n.han)
		}
	}
}

// withoutForm removes legal forms from the words of a name, unless nothing is left.
func withoutForm(all []string) (rest []string, form string) {
	for i := 0; i < len(all); {
		n := 0
		for _, f := range forms()[all[i]] {
			if len(f.words) > n && i+len(f.words) <= len(all) && slices.Equal(f.words, all[i:i+len(f.words)]) {
				n = len(f.words)
				if form == "" || form == "inc" {
					form = f.form
				}
			}
		}
		if n == 0 {
			rest = append(rest, all[i])
			n = 1
		}
		i += n
	}
	if len(rest) == 0 {
		return all, ""
	}
	return rest, form
}

// acronymOf returns the initials of at least three words that count.
func acronymOf(all []string) string {
	var out strings.Builder
	n := 0
	for _, word := range all {
		if !glue()[word] {
			r, _ := utf8.DecodeRuneInString(word)
			out.WriteRune(r)
			n++
		}
	}
	if n < 3 {
		return ""
	}
	return out.String()
}

// compareOrganizations compares names of institutions, posts, places and so on. By sound,
// words agree that are spelled in another way; else they must be nearly the same.
func compareOrganizations(a, b *name, bySound bool) Similarity {
	if len(a.tokens) == 0 || len(b.tokens) == 0 {
		return Similarity{0, "a name without letters"}
	}
	if a.folded == b.folded || a.han != "" && a.han == b.han {
		return withForms(a, b, Similarity{fullName, "the same name"})
	}
	if a.acronym != "" && a.acronym == b.folded || b.acronym != "" && b.acronym == a.folded {
		if utf8.RuneCountInString(a.acronym+b.acronym) > 3 {
			return Similarity{0.82, "one is the initials of the other"}
		}
		return Similarity{0.75, "one is the initials of the other, which are few"}
	}
	if a.han != "" && b.han != "" {
		return compareHanTitles(a.han, b.han)
	}
	if a.syllables != nil && b.syllables == nil && spelledBy(b.tokens, a.syllables) || b.syllables != nil && a.syllables == nil && spelledBy(a.tokens, b.syllables) {
		return Similarity{syllableName, fmt.Sprintf("%s is read as %s", a.text, b.text)}
	}
	if x, y := numbersOf(a), numbersOf(b); x != y {
		if x != "" && y != "" {
			return Similarity{0.1, fmt.Sprintf("other numbers, %s and %s", x, y)}
		}
		s := organizationWords(a, b, bySound)
		return Similarity{s.Score * 0.7, s.Why + "; only one has the number " + x + y}
	}
	return withForms(a, b, organizationWords(a, b, bySound))
}

// withForms lowers the score of names with legal forms that differ.
func withForms(a, b *name, s Similarity) Similarity {
	if a.form != "" && b.form != "" && a.form != b.form {
		return Similarity{s.Score * 0.93, s.Why + "; other legal forms"}
	}
	return s
}

func numbersOf(n *name) string {
	var out []string
	for _, t := range n.tokens {
		if strings.IndexFunc(t.folded, unicode.IsDigit) >= 0 {
			out = append(out, t.folded)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// compareHanTitles compares names in Han characters: one may be a part of the other.
func compareHanTitles(a, b string) Similarity {
	if len(a) > len(b) {
		a, b = b, a
	}
	x, y := []rune(a), []rune(b)
	if len(x) >= 3 && strings.Contains(b, a) {
		return Similarity{0.55 + 0.3*float64(len(x))/float64(len(y)), "one name contains the other"}
	}
	if s := jaroWinkler(x, y); len(x) > 4 && s > 0.9 {
		return Similarity{s * 0.85, "nearly the same characters"}
	}
	return Similarity{0.1, "other characters"}
}

// organizationWords returns the share of the words that two names have in common.
func organizationWords(a, b *name, bySound bool) Similarity {
	compare := compareStrictly
	if bySound {
		compare = compareWords
	}
	al := align(a, b, compare)
	common, total, worst := 0.0, 0.0, sameWord
	for _, p := range al.pairs {
		weight := a.tokens[p.i].weight
		common += 2 * weight * p.similarity
		total += 2 * weight
		worst = max(worst, p.how)
	}
	if common == 0 {
		return Similarity{0, "no word in common"}
	}
	score, why := 1.0, wordsOf(worst)
	onlyA, onlyB := weigh(a, al.leftA, &score), weigh(b, al.leftB, &score)
	score *= fullName * common / (total + onlyA + onlyB)
	x, y := list(a, al.leftA), list(b, al.leftB)
	switch {
	case x != "" && y != "":
		return Similarity{score * 0.75, fmt.Sprintf("%s, but %s is not %s", why, x, y)}
	case x+y != "":
		why += "; only one has " + x + y
	case !inOrder(al):
		score, why = min(score, otherOrder), why+", in another order"
	}
	return Similarity{score, why}
}

// weigh returns the weight of words that only one name has. A word that makes another
// post or place of the same words halves the score.
func weigh(n *name, left []int, score *float64) (sum float64) {
	for _, i := range left {
		sum += n.tokens[i].weight
		if telling()[n.tokens[i].folded] {
			*score *= 0.5
		}
	}
	return sum
}

// compareStrictly compares two words of a name of an organization; 0 if they are
// different words.
func compareStrictly(a, b *token) (float64, how) {
	if a.folded == b.folded {
		return 1, sameWord
	}
	if a.generic || b.generic {
		return 0, 0 // words that are known are themselves
	}
	if strings.HasPrefix(a.folded, "@") || strings.HasPrefix(b.folded, "@") {
		return 0, 0 // countries
	}
	if !a.foreign && !b.foreign && min(len(a.folded), len(b.folded)) < 5 && a.key != b.key {
		return 0, 0
	}
	s, h := compareWords(a, b)
	if h == likeSpelling && !a.foreign && !b.foreign && s < 0.86 || h == initialOnly || h == sameGiven {
		return 0, 0
	}
	return s, h
}

// Names compares two names of entities of one kind.
func Names(a, b string, kind schema.Kind) Similarity {
	return compareNames(newName(a, kind), newName(b, kind), kind)
}

func compareNames(a, b *name, kind schema.Kind) Similarity {
	switch kind {
	case schema.Person:
		return comparePersons(a, b)
	case schema.Country:
		return compareCountries(a, b)
	case schema.Place, schema.Group:
		return compareOrganizations(a, b, true)
	}
	return compareOrganizations(a, b, false)
}
