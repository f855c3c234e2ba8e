package match

import (
	"slices"
	"strings"
)

// syllable is the spellings that one syllable of a name may have.
type syllable []string

// wadeGiles returns the spellings of a syllable of Hanyu Pinyin in Wade-Giles, without
// apostrophes and umlauts, and customary ones. The correspondences are those of the
// romanization table for Chinese of the Library of Congress (1998).
func wadeGiles(syllable string) (spellings []string) {
	switch syllable {
	case "zhi", "chi":
		return []string{"chih"}
	case "shi":
		return []string{"shih"}
	case "ri":
		return []string{"jih"}
	case "zi", "ci":
		return []string{"tzu", "tsu"}
	case "si":
		return []string{"ssu", "szu"}
	case "er":
		return []string{"erh"}
	case "yi":
		return []string{"i"}
	case "you":
		return []string{"yu"}
	case "ying":
		return []string{"ing"}
	}
	n := 1
	if strings.HasPrefix(syllable, "zh") || strings.HasPrefix(syllable, "ch") || strings.HasPrefix(syllable, "sh") {
		n = 2
	}
	if strings.ContainsRune("aeo", rune(syllable[0])) {
		return nil
	}
	initial, final := syllable[:n], syllable[n:]
	if wade, ok := wadeInitials[initial]; ok {
		initial = wade
	}
	for _, f := range wadeFinals(syllable[:n], final) {
		if spelling := initial + f; spelling != syllable {
			spellings = append(spellings, spelling)
		}
	}
	return spellings
}

var wadeInitials = map[string]string{"b": "p", "d": "t", "g": "k", "j": "ch", "q": "ch", "x": "hs", "zh": "ch", "z": "ts", "c": "ts", "r": "j"}

// wadeFinals returns the spellings of a final of Hanyu Pinyin after an initial.
func wadeFinals(initial, final string) []string {
	labial := strings.ContainsAny(initial, "jqxy") && initial != "zh"
	switch {
	case final == "v":
		return []string{"u", "yu"}
	case final == "ve" || labial && final == "ue":
		return []string{"ueh"}
	case final == "ian":
		return []string{"ien"}
	case final == "ie":
		return []string{"ieh"}
	case final == "ong":
		return []string{"ung"}
	case final == "iong":
		return []string{"iung"}
	case final == "uo" && strings.Contains("d t n l z c s r zh ch", initial):
		return []string{"o", "uo"}
	case final == "e" && strings.Contains("g k h", initial):
		return []string{"o", "e"}
	case final == "e":
		return []string{"e", "eh"}
	case final == "an" && initial == "y":
		return []string{"en", "an"}
	case final == "ui" && strings.Contains("g k", initial):
		return []string{"uei", "ui"}
	}
	return []string{final}
}

// chineseName returns the syllables of a name in Han characters, the family name first.
func chineseName(text string) (name []syllable) {
	chars := []rune(text)
	for i := 0; i < len(chars); i++ {
		if i == 0 && len(chars) > 2 {
			if read, ok := doubleSurnames[string(chars[:2])]; ok {
				for reading := range strings.FieldsSeq(read) {
					name = append(name, spellingsOf([]string{reading}, false))
				}
				i = 1
				continue
			}
		}
		read := readings(chars[i])
		if surname, ok := surnames[string(chars[i])]; ok && i == 0 {
			read = append(strings.Fields(surname), read...)
		}
		if len(read) == 0 {
			return nil
		}
		name = append(name, spellingsOf(read, i == 0))
	}
	return name
}

// spellingsOf returns the spellings of readings: Hanyu Pinyin, Wade-Giles and, for family
// names, customary ones.
func spellingsOf(read []string, surname bool) (all syllable) {
	for _, reading := range read {
		all = append(all, reading)
		if strings.Contains(reading, "v") {
			all = append(all, strings.ReplaceAll(reading, "v", "u"), strings.ReplaceAll(reading, "v", "yu"))
		}
		all = append(all, wadeGiles(reading)...)
		if surname {
			all = append(all, strings.Fields(surnameSpellings[reading])...)
		}
	}
	return all
}

// spells reports whether letters are the syllables of a name one after the other.
func spells(letters string, name []syllable) bool {
	if len(name) == 0 {
		return letters == ""
	}
	for _, spelling := range name[0] {
		if rest, ok := strings.CutPrefix(letters, spelling); ok && spells(rest, name[1:]) {
			return true
		}
	}
	return false
}

// spelledBy reports whether the tokens of a Latin name are the syllables of another name,
// with the family name first or last.
func spelledBy(tokens []token, name []syllable) bool {
	if len(tokens) == 0 || len(name) == 0 {
		return false
	}
	var letters strings.Builder
	for _, t := range tokens {
		letters.WriteString(t.latin)
	}
	last := tokens[len(tokens)-1].latin
	whole := letters.String()
	return spells(whole, name) || spells(last+strings.TrimSuffix(whole, last), name)
}

// segment is the syllables of Hanyu Pinyin that a part of a Latin name may be: one set
// for each syllable.
type segment [][]string

// segments returns the ways to read a token as syllables of Hanyu Pinyin, or as one
// syllable of Wade-Giles.
func segments(token string) (all []segment) {
	if wade := han().fromWade[token]; len(wade) > 0 {
		all = append(all, segment{wade})
	}
	for _, split := range splitPinyin(token, 3) {
		s := segment{}
		for _, part := range split {
			s = append(s, []string{part})
		}
		all = append(all, s)
	}
	return all
}

// splitPinyin returns the ways to divide letters into at most n syllables.
func splitPinyin(letters string, n int) (all [][]string) {
	if letters == "" {
		return [][]string{nil}
	}
	if n == 0 {
		return nil
	}
	for end := 1; end <= min(6, len(letters)); end++ {
		if s := letters[:end]; han().syllables[s] {
			for _, rest := range splitPinyin(letters[end:], n-1) {
				all = append(all, append([]string{s}, rest...))
			}
		}
	}
	return all
}

// chineseReadings returns the ways to read a Latin name as Chinese; none if it cannot be
// a Chinese name of two to four syllables.
func chineseReadings(tokens []token) (all []segment) {
	if len(tokens) < 2 || len(tokens) > 4 {
		return nil
	}
	all = []segment{nil}
	for i, t := range tokens {
		var longer []segment
		parts := segments(t.latin)
		if customary := han().bySpelling[t.latin]; customary != nil && (i == 0 || i == len(tokens)-1) {
			parts = append(parts, segment{customary})
		}
		for _, part := range parts {
			for _, head := range all {
				if len(head)+len(part) <= 4 && len(longer) < 16 {
					longer = append(longer, append(slices.Clone(head), part...))
				}
			}
		}
		if all = longer; all == nil {
			return nil
		}
	}
	return slices.DeleteFunc(all, func(s segment) bool { return !hasSurname(s[0]) && !hasSurname(s[len(s)-1]) })
}

func hasSurname(readings []string) bool {
	return slices.ContainsFunc(readings, func(r string) bool { return initialSurnames()[r] })
}

// sameReading reports whether two names have a reading in common, in either order of
// family and given name.
func sameReading(a, b []segment) bool {
	for _, x := range a {
		for _, y := range b {
			if agree(x, y) || len(y) > 1 && (agree(x, rotate(y, 1)) || agree(x, rotate(y, len(y)-1))) {
				return true
			}
		}
	}
	return false
}

func rotate(s segment, n int) segment { return append(slices.Clone(s[n:]), s[:n]...) }

func agree(x, y segment) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !slices.ContainsFunc(x[i], func(s string) bool { return slices.Contains(y[i], s) }) {
			return false
		}
	}
	return true
}
