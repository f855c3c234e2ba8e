package grounding

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// word is a word of a normalized text.
type word struct {
	part
	text   string
	folded string // in lower case
}

// wordsOf returns the words of a normalized text: letters, digits and marks, with
// apostrophes and hyphens between them.
func wordsOf(text string) (words []word) {
	begin := -1
	end := func(at int) {
		if begin >= 0 {
			w := strings.TrimRight(text[begin:at], "'-")
			words = append(words, word{part{begin, begin + len(w)}, w, strings.ToLower(w)})
			begin = -1
		}
	}
	for i, r := range text {
		switch {
		case isOfWord(r):
			if begin < 0 {
				begin = i
			}
		case begin >= 0 && (r == '\'' || r == '-'):
		default:
			end(i)
		}
	}
	end(len(text))
	return words
}

// titles are words that do not tell one name from another.
var titles = strings.Fields(`mr mrs ms miss dr sir prof professor president vice prime minister secretary ambassador general colonel
	captain lieutenant admiral senator governor chairman chairwoman chancellor king queen prince princess the of and de la for von van al
	deputy assistant foreign defense defence state former speaker director spokesman spokeswoman chief`)

// shareName reports whether a mention has a word of a name, titles left out.
func shareName(mention, name string) bool {
	own := nameWords(mention)
	return slices.ContainsFunc(nameWords(name), func(w string) bool { return slices.Contains(own, w) }) ||
		schema.Fold(mention) == schema.Fold(name)
}

func nameWords(name string) (words []string) {
	for _, w := range wordsOf(schema.Fold(normalize(name).text)) {
		w.folded = strings.TrimSuffix(w.folded, "'s")
		if !slices.Contains(titles, w.folded) && (len([]rune(w.folded)) > 1 || strings.IndexFunc(w.folded, isUnspaced) >= 0) {
			words = append(words, w.folded)
		}
	}
	return words
}

// irregular are pasts whose letters differ from those of their verbs.
var irregular = map[string]string{"met": "meet", "held": "hold", "spoke": "speak", "said": "say", "told": "tell", "gave": "give", "sent": "send",
	"left": "leave", "took": "take", "went": "go", "flew": "fly", "shook": "shake", "led": "lead", "began": "begin", "built": "build", "bought": "buy",
	"purchase": "buy", "sold": "sell", "fought": "fight", "struck": "strike", "shot": "shoot", "wrote": "write", "won": "win", "sought": "seek",
	"sat": "sit", "ran": "run", "withdrew": "withdraw", "broke": "break", "refusal": "refus", "refusals": "refus", "invitation": "invit", "visit": "visit"}

// endings are endings of verbs and of nouns that are made of verbs, the longest first.
var endings = []string{"ations", "ation", "ments", "ment", "ances", "ance", "ions", "ings", "ing", "ion", "als", "ied", "ies", "ed", "er", "or", "al", "es", "s", "e", "y"}

// stem returns what a word in lower case is made of.
func stem(w string) string {
	w = strings.TrimSuffix(w, "'s")
	if base, ok := irregular[w]; ok {
		return base
	}
	for _, ending := range endings {
		if s, ok := strings.CutSuffix(w, ending); ok && len(s) >= 3 {
			if n := len(s); n > 3 && s[n-1] == s[n-2] && !strings.ContainsRune("aeiousl", rune(s[n-1])) {
				s = s[:n-1]
			}
			return s
		}
	}
	return w
}

// isSentenceEnd reports whether a sentence ends after the sign at a place.
func isSentenceEnd(text string, at int) bool {
	switch text[at] {
	case '!', '?', '\n':
		return true
	case '.':
		if at+1 < len(text) && !strings.ContainsRune(` "'`, rune(text[at+1])) {
			return false
		}
		before := text[max(0, at-8):at] // longer than any short form
		before = before[strings.LastIndexAny(before, " .\"'(")+1:]
		isShort := len(before) <= 1 || slices.Contains([]string{"Mr", "Mrs", "Ms", "Dr", "Lt", "Col", "Gen", "Sen", "Rep", "Gov", "Adm", "Capt", "No", "St", "Jan", "Feb", "Aug", "Sept", "Oct", "Nov", "Dec"}, before)
		return !isShort || at+1 == len(text)
	}
	return false
}

// mostOfSentence is the number of bytes before and after a quote that count as its
// sentence.
const mostOfSentence = 2000

// sentence returns the part of a text from the begin of the sentence in which a part
// begins to the end of the one in which it ends.
func sentence(text string, p part) part {
	first, last := max(0, p.from-mostOfSentence), min(len(text), p.to+mostOfSentence)
	for p.from > first && !isSentenceEnd(text, p.from-1) {
		p.from--
	}
	for p.to < last && !isSentenceEnd(text, p.to-1) {
		p.to++
	}
	for p.from > 0 && !utf8.RuneStart(text[p.from]) {
		p.from--
	}
	for p.to < len(text) && !utf8.RuneStart(text[p.to]) {
		p.to++
	}
	for p.from < p.to && unicode.IsSpace(rune(text[p.from])) {
		p.from++
	}
	return p
}
