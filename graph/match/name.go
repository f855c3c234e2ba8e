package match

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// name is a name with what is computed from it once.
type name struct {
	text       string // as written
	folded     string // its words, folded, with a space between two
	tokens     []token
	joins      []token // each word with the one after it, as one
	generation string  // Jr, Sr, II and so on
	han        string  // the name in simplified characters, if all of them are Han characters
	hangul     string  // the name, if all its characters are Hangul
	form       string  // of an organization: the kind of its legal form, or empty
	region     string  // of a country: its code, or empty
	acronym    string  // of an organization: the initials of its words
	syllables  []syllable
	readings   []segment // as Chinese
	korean     string    // see [koreanKey]
}

// token is a word of a name.
type token struct {
	folded   string
	latin    string // in Latin letters
	key      string // see [soundKey]
	skeleton string
	bare     bool // of a script without vowels
	foreign  bool // not written in Latin letters
	initial  bool
	particle bool
	generic  bool    // a word that many organizations have
	weight   float64 // of an organization's word
}

// words splits a text into runs of letters, digits and marks, folded. An apostrophe joins
// letters, and so do the dots of an abbreviation such as U.S.
func words(text string) []string {
	folded := strings.Map(func(r rune) rune {
		if r == '\'' || r == 'ʹ' || r == 'ʺ' || r == '"' {
			return -1
		}
		return r
	}, schema.Fold(text))
	folded = joinAbbreviations(folded)
	return strings.FieldsFunc(folded, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != 'ー'
	})
}

// joinAbbreviations removes the dots of abbreviations of single letters: u.s. and j.r.r.
// become us and j r r, since the latter are initials before a name.
func joinAbbreviations(text string) string {
	if !strings.Contains(text, ".") {
		return text
	}
	var out []string
	for _, word := range strings.Fields(text) {
		parts := strings.Split(strings.Trim(word, ".,;()"), ".")
		short := len(parts) > 1
		for _, p := range parts {
			short = short && utf8.RuneCountInString(p) <= 1
		}
		if short && len(out) > 0 {
			word = strings.Join(parts, "")
		}
		out = append(out, word)
	}
	return strings.Join(out, " ")
}

// newName prepares a name of an entity of a kind for comparisons.
func newName(text string, kind schema.Kind) *name {
	n := &name{text: text}
	switch kind {
	case schema.Person:
		preparePerson(n)
	case schema.Country:
		n.region = regionOf(text)
		prepareOrganization(n, kind)
	default:
		prepareOrganization(n, kind)
	}
	var folded []string
	for _, t := range n.tokens {
		folded = append(folded, t.folded)
	}
	n.folded = strings.Join(folded, " ")
	n.joinWords()
	return n
}

// joinWords prepares each two words that follow each other as one word. Long names have
// none.
func (n *name) joinWords() {
	if len(n.tokens) > 6 {
		return
	}
	for i := 0; i+1 < len(n.tokens); i++ {
		t := newToken(n.tokens[i].folded + n.tokens[i+1].folded)
		t.particle = false
		n.joins = append(n.joins, t)
	}
}

// preparePerson removes titles, and finds initials, particles and the generation.
func preparePerson(n *name) {
	all := joinServants(words(n.text))
	for i, word := range all {
		if i > 0 && len(n.tokens) > 0 {
			if g := generations[word]; g != "" && (len(all) > 2 || isNumeral(n.text, word)) && !(word == "xi" && !isNumeral(n.text, word)) {
				n.generation = g
				continue
			}
		}
		if honorifics()[word] && len(n.tokens) == 0 && i+1 < len(all) || postnominals()[word] && len(n.tokens) > 0 {
			continue
		}
		n.addWords(word)
	}
	if len(n.tokens) == 0 { // titles alone
		for _, word := range all {
			n.addWords(word)
		}
	}
	n.findScript()
}

// joinServants writes the Arabic names that mean servant of in one form: Abdul Aziz, Abd
// al-Aziz and Abdelaziz are abdaziz.
func joinServants(all []string) (out []string) {
	for i := 0; i < len(all); i++ {
		word := all[i]
		switch word {
		case "abd", "abdul", "abdel", "abdal", "abdol", "abdur", "abder", "abdus", "abdes", "عبد":
			if i+2 < len(all) && particles()[all[i+1]] {
				i++
			}
			if i+1 < len(all) {
				i++
				if word = "abd" + all[i]; !isLatin(all[i]) {
					word = "عبد" + strings.TrimPrefix(all[i], "ال")
				}
			}
		default:
			word = servant(word)
		}
		out = append(out, word)
	}
	return out
}

// servant removes the article within a word such as abdelaziz.
func servant(word string) string {
	if rest, ok := strings.CutPrefix(word, "عبدال"); ok {
		return "عبد" + rest
	}
	for _, prefix := range []string{"abdul", "abdel", "abdal", "abdol", "abdur", "abder", "abdus", "abdes"} {
		if rest, ok := strings.CutPrefix(word, prefix); ok && len(rest) > 2 {
			return "abd" + rest
		}
	}
	return word
}

// isNumeral reports whether a word is written in capitals in a text that has small letters
// too: XI in Pius XI is a numeral, and Xi in Jinping Xi is a name.
func isNumeral(text, word string) bool {
	return text != strings.ToUpper(text) && slices.Contains(strings.Fields(text), strings.ToUpper(word))
}

// addWords adds a word; the Arabic article becomes a word of its own.
func (n *name) addWords(word string) {
	if rest, ok := strings.CutPrefix(word, "ال"); ok && utf8.RuneCountInString(rest) > 2 {
		n.tokens = append(n.tokens, token{folded: "ال", latin: "al", key: "al", skeleton: "al", bare: true, foreign: true, particle: true})
		word = rest
	}
	n.tokens = append(n.tokens, newToken(word))
}

func newToken(word string) token {
	t := token{folded: word, weight: 1}
	t.latin, t.bare = romanize(word)
	t.foreign = t.latin != word
	t.initial = utf8.RuneCountInString(word) == 1 && !isHan(firstRune(word)) && !isHangul(firstRune(word))
	t.particle = particles()[word] || t.bare && t.latin == "bn"
	if isLatin(t.latin) {
		t.key = soundKey(t.latin)
		t.skeleton = skeleton(t.latin)
	} else {
		t.key, t.skeleton = t.latin, t.latin
	}
	return t
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// isLatin reports whether a folded word has only the letters a to z and digits.
func isLatin(word string) bool {
	for i := range len(word) {
		if b := word[i]; (b < 'a' || b > 'z') && (b < '0' || b > '9') {
			return false
		}
	}
	return word != ""
}

// findScript recognizes names that are read syllable by syllable.
func (n *name) findScript() {
	joined := ""
	for _, t := range n.tokens {
		joined += t.folded
	}
	for _, title := range hanTitles {
		if rest, ok := strings.CutSuffix(joined, title); ok && utf8.RuneCountInString(rest) > 1 {
			joined = rest
		}
	}
	switch {
	case joined == "":
	case all(joined, isHan):
		n.han = simplify(joined)
		n.syllables = chineseName(n.han)
	case all(joined, isHangul):
		n.hangul = joined
		n.syllables = koreanName(joined)
	case all(joined, func(r rune) bool { return 'a' <= r && r <= 'z' }):
		n.readings = chineseReadings(n.tokens)
		n.korean = koreanKey(n.tokens)
	}
}

func all(s string, is func(rune) bool) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !is(r) }) < 0
}
