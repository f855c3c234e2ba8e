package schema

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold normalizes the spelling of a name: NFKC, case folding, quotes and dashes
// unified, runs of spaces reduced to one. It removes diacritics of Latin, Greek
// and Cyrillic letters and the vowel points of Arabic and Hebrew. Marks that are
// letters of their script (Devanagari vowels, kana voicing) stay.
func Fold(name string) string {
	if isASCII(name) {
		return foldASCII(name)
	}
	// After an invalid byte the next letter would not be decomposed.
	s := norm.NFKC.String(strings.ToValidUTF8(name, "\ufffd"))
	s = cases.Fold().String(s)
	s = stripMarks(norm.NFD.String(s))
	s = strings.Map(foldRune, norm.NFC.String(s))
	s = ligatures.Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

func foldASCII(name string) string {
	folded := make([]byte, 0, len(name))
	space := false
	for i := range len(name) {
		b := name[i]
		switch {
		case b == ' ' || '\t' <= b && b <= '\r':
			space = len(folded) > 0
			continue
		case 'A' <= b && b <= 'Z':
			b += 'a' - 'A'
		case b == '`':
			b = '\''
		}
		if space {
			folded = append(folded, ' ')
			space = false
		}
		folded = append(folded, b)
	}
	return string(folded)
}

// NameKey returns the key under which a name is looked up: folded, without a
// leading "the".
func NameKey(name string) string {
	folded := Fold(name)
	if rest, ok := strings.CutPrefix(folded, "the "); ok && rest != "" {
		return rest
	}
	return folded
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func stripMarks(s string) string {
	var base rune
	return strings.Map(func(r rune) rune {
		if !unicode.Is(unicode.Mn, r) {
			base = r
			return r
		}
		if unicode.In(base, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew) {
			return -1
		}
		return r
	}, s)
}

func foldRune(r rune) rune {
	switch {
	case unicode.Is(unicode.Pd, r) || r == '\u2212':
		return '-'
	case strings.ContainsRune("\u2018\u2019\u02bc\u00b4`\u02bb", r):
		return '\''
	case strings.ContainsRune("\u201c\u201d\u201e\u00ab\u00bb", r):
		return '"'
	case unicode.Is(unicode.Cf, r):
		return -1
	case '\uab70' <= r && r <= '\uabbf': // Cherokee letters fold to their capitals
		return r - '\uab70' + '\u13a0'
	case '\u13f8' <= r && r <= '\u13fd':
		return r - 8
	}
	return r
}

var ligatures = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th",
	"æ", "ae", "œ", "oe", "ı", "i", "ħ", "h")
