package match

import "strings"

// soundRules are replacements at the start of the rest of a word, longest first. Capital
// letters are sounds: S is sh, C is ch, Z is zh, J is j as in John, X is kh.
var soundRules = []struct{ from, to string }{
	{"schtsch", "S"}, {"tsch", "C"}, {"dsch", "J"}, {"shch", "S"}, {"sjtj", "S"},
	{"sch", "S"}, {"tch", "C"}, {"dzh", "J"}, {"tsj", "C"},
	{"sh", "S"}, {"sj", "S"}, {"cz", "C"}, {"ch", "C"}, {"zh", "Z"}, {"zj", "Z"}, {"kh", "X"}, {"gh", "g"}, {"ph", "f"}, {"th", "t"}, {"dh", "d"},
	{"bh", "b"}, {"rh", "r"}, {"wh", "v"}, {"ck", "k"}, {"cc", "k"}, {"ts", "c"}, {"tz", "c"}, {"dj", "J"}, {"sz", "s"}, {"tj", "C"}, {"dt", "t"},
	{"ou", "u"}, {"oo", "u"}, {"ee", "i"}, {"ie", "i"}, {"ei", "e"}, {"ey", "e"}, {"ai", "e"}, {"ay", "e"}, {"ae", "a"}, {"oe", "o"}, {"ue", "u"},
	{"w", "v"}, {"q", "k"}, {"x", "ks"}, {"y", "i"},
}

// soundKey returns a key of a Latin word that spellings of the same sounds share: those
// of several romanizations (Yevgeny, Evgenii), and variants of one language (Meier,
// Maier). It is our own; it does not follow a published algorithm.
func soundKey(word string) string {
	word = startOf(word)
	key := make([]byte, 0, len(word))
	for i := 0; i < len(word); {
		to, n := soundAt(word, i)
		i += n
		for _, b := range []byte(to) {
			if len(key) == 0 || key[len(key)-1] != b || b >= '0' && b <= '9' {
				key = append(key, b)
			}
		}
	}
	return string(key)
}

// startOf rewrites the beginning of a word: ye and je are e, and x is s.
func startOf(word string) string {
	switch {
	case strings.HasPrefix(word, "ye") && len(word) > 3:
		return word[1:]
	case strings.HasPrefix(word, "ie") && len(word) > 3:
		return word[1:]
	case strings.HasPrefix(word, "x"):
		return "s" + word[1:]
	}
	return word
}

// soundAt returns the sound at a position of a word, and how many letters it has.
func soundAt(word string, i int) (sound string, n int) {
	rest := word[i:]
	next := byte(0)
	if len(rest) > 1 {
		next = rest[1]
	}
	switch b := rest[0]; {
	case b == 'c' && next != 'h' && next != 'k' && next != 'c' && next != 'z':
		if next == 'e' || next == 'i' || next == 'y' {
			return "s", 1
		}
		return "k", 1
	case strings.HasPrefix(rest, "qu"):
		if len(rest) > 2 && strings.IndexByte("ei", rest[2]) >= 0 {
			return "k", 2
		}
		return "kv", 2
	case strings.HasPrefix(rest, "ch") && len(rest) > 2 && strings.IndexByte("rlt", rest[2]) >= 0:
		return "k", 2
	case strings.HasPrefix(rest, "yo") && i > 0 && !isVowel(word[i-1]):
		return "e", 2 // ё after a consonant
	case b == 'j' && i > 0 && !isVowel(next):
		return "i", 1 // at the end, or before a consonant
	case b == 'j' && i > 0 && !isVowel(word[i-1]):
		return "i", 1
	case (rest == "eh" || rest == "ah") && len(word) > 4:
		return "a", 2
	case rest == "enka":
		return "enko", 4 // Belarusian
	case b == 'h' && i > 0 && isVowel(word[i-1]) && !isVowel(next):
		return "", 1
	}
	for _, rule := range soundRules {
		if strings.HasPrefix(rest, rule.from) {
			return rule.to, len(rule.from)
		}
	}
	return rest[:1], 1
}

func isVowel(b byte) bool {
	return b == 'a' || b == 'e' || b == 'i' || b == 'o' || b == 'u' || b == 'y'
}

// skeleton returns the consonants of a Latin word as sounds, with an a for a vowel at its
// beginning: what a word keeps in a script without vowels. An h at the end is silent.
func skeleton(word string) string {
	word = startOf(word)
	out := make([]byte, 0, len(word))
	for i := 0; i < len(word); {
		sound, n := soundAt(word, i)
		if word[i] == 'h' && i+1 < len(word) {
			sound, n = "h", 1
		}
		for _, b := range []byte(sound) {
			switch {
			case isVowel(b) && len(out) == 0:
				out = append(out, 'a')
			case !isVowel(b) && (len(out) == 0 || out[len(out)-1] != b):
				out = append(out, b)
			}
		}
		i += n
	}
	return string(out)
}

// slots returns the vowels after each consonant of the skeleton of a word, and before the
// first: short and long ones, where a long one has two letters.
func slots(word string) (vowels []string, long []bool) {
	word = startOf(word)
	vowels, long = []string{""}, []bool{false}
	last := byte(0)
	for i := 0; i < len(word); {
		sound, n := soundAt(word, i)
		if word[i] == 'h' && i+1 < len(word) {
			sound, n = "h", 1
		}
		end := len(vowels) - 1
		for _, b := range []byte(sound) {
			if isVowel(b) {
				vowels[end] += string(b)
				long[end] = long[end] || n == 2
				continue
			}
			if b != last {
				vowels, long = append(vowels, ""), append(long, false)
				end++
			}
			last = b
		}
		i += n
	}
	return vowels, long
}

// coarse returns the first four classes of consonants of a skeleton: what spellings of
// one word nearly always share.
func coarse(skeleton string) string {
	var out [4]byte
	n := 0
	for i := 0; i < len(skeleton) && n < len(out); i++ {
		class := classOf(skeleton[i])
		if class == 0 || n > 0 && out[n-1] == class {
			continue
		}
		out[n] = class
		n++
	}
	return string(out[:n])
}

// classOf returns the class of a sound; 0 for one that spellings leave out.
func classOf(b byte) byte {
	switch b {
	case 'h':
		return 0
	case 'b', 'p', 'f', 'v':
		return 'p'
	case 'd', 't':
		return 't'
	case 'g', 'k', 'q', 'X':
		return 'k'
	case 's', 'z', 'c', 'S', 'Z', 'C', 'J', 'j':
		return 's'
	case 'm', 'n':
		return 'n'
	}
	return b
}
