package schema

import (
	"strings"
	"sync/atomic"
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
	if folded, ok := foldLetters(name); ok {
		return folded
	}
	return foldAny(name)
}

// foldAny folds a name of any characters.
func foldAny(name string) string {
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

// letterFolds has how letters below its length fold, once they have occurred. Of these
// scripts no letter changes how the next one folds.
var letterFolds [0x700]atomic.Pointer[string]

// foldLetters folds a name of ASCII, letters without marks of their own, and common
// punctuation, letter by letter. It returns false if there is anything else.
func foldLetters(name string) (string, bool) {
	folded := make([]byte, 0, len(name))
	space := false
	for _, r := range name {
		if r == ' ' || '\t' <= r && r <= '\r' {
			space = len(folded) > 0
			continue
		}
		before := len(folded)
		if space {
			folded = append(folded, ' ')
		}
		switch {
		case 'A' <= r && r <= 'Z':
			folded = append(folded, byte(r)+'a'-'A')
		case r == '`':
			folded = append(folded, '\'')
		case r < utf8.RuneSelf:
			folded = append(folded, byte(r))
		case r < rune(len(letterFolds)):
			letter := foldLetter(r)
			if letter == "" {
				return "", false
			}
			folded = append(folded, letter...)
		case '\u4e00' <= r && r <= '\u9fff' || '\uac00' <= r && r <= '\ud7a3': // Chinese and Korean
			folded = utf8.AppendRune(folded, r)
		case strings.ContainsRune("\u2018\u2019\u201c\u201d\u2013\u2014", r):
			folded = append(folded, byte(foldRune(r)))
		default:
			return "", false
		}
		space = space && len(folded) == before
	}
	return string(folded), true
}

// foldLetter folds one letter or quote. It returns nothing for other characters.
func foldLetter(r rune) string {
	known := letterFolds[r].Load()
	if known == nil {
		known = new(string)
		if r == '\u00ab' || r == '\u00bb' || unicode.In(r, unicode.Lu, unicode.Ll, unicode.Lt, unicode.Lo) {
			*known = foldAny(string(r))
		}
		letterFolds[r].Store(known)
	}
	return *known
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
