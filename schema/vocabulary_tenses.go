package schema

import "strings"

// pasts are the past forms of verbs that are not regular, by their infinitives. Phrases
// of a vocabulary are in the past.
var pasts = map[string]string{
	"be": "was", "beat": "beat", "become": "became", "begin": "began", "break": "broke", "bring": "brought", "build": "built", "buy": "bought",
	"come": "came", "cut": "cut", "fall": "fell", "fight": "fought", "find": "found", "forgive": "forgave", "get": "got", "give": "gave", "go": "went",
	"have": "had", "hold": "held", "keep": "kept", "lead": "led", "leave": "left", "lose": "lost", "make": "made", "meet": "met", "pay": "paid", "put": "put",
	"run": "ran", "say": "said", "see": "saw", "seek": "sought", "sell": "sold", "send": "sent", "shake": "shook", "shoot": "shot", "sit": "sat", "speak": "spoke",
	"strike": "struck", "take": "took", "teach": "taught", "tell": "told", "think": "thought", "win": "won", "withdraw": "withdrew", "write": "wrote",
}

// inThePast returns what a phrase in the present may be in the past: "meets with" is
// "met with", "visiting" is "visited".
func inThePast(phrase string) (all []string) {
	first, rest, _ := strings.Cut(phrase, " ")
	if rest != "" {
		rest = " " + rest
	}
	for _, base := range infinitives(first) {
		if past, irregular := pasts[base]; irregular {
			all = append(all, past+rest)
			continue
		}
		for _, past := range regularPasts(base) {
			all = append(all, past+rest)
		}
	}
	return all
}

// infinitives returns the words of which a word may be a form.
func infinitives(word string) []string {
	all := []string{word}
	if stem, ok := strings.CutSuffix(word, "ing"); ok && len(stem) > 2 {
		all = append(all, stem, stem+"e")
		if n := len(stem); stem[n-1] == stem[n-2] {
			all = append(all, stem[:n-1])
		}
	}
	if stem, ok := strings.CutSuffix(word, "ies"); ok {
		all = append(all, stem+"y")
	}
	if stem, ok := strings.CutSuffix(word, "es"); ok {
		all = append(all, stem)
	}
	if stem, ok := strings.CutSuffix(word, "s"); ok {
		all = append(all, stem)
	}
	return all
}

func regularPasts(base string) []string {
	n := len(base)
	switch {
	case n < 2:
		return nil
	case base[n-1] == 'e':
		return []string{base + "d"}
	case base[n-1] == 'y':
		return []string{base[:n-1] + "ied", base + "ed"}
	}
	return []string{base + "ed", base + base[n-1:] + "ed"}
}

// tense returns a phrase of the vocabulary that says a word in the past; empty if there
// is none.
func (v *Vocabulary) tense(word string) string {
	for _, past := range inThePast(Fold(word)) {
		for _, with := range []string{"", " with"} {
			if _, _, ok := v.Resolve(past + with); ok {
				return past + with
			}
		}
	}
	return ""
}
