package match

import (
	"strings"
	"sync"
)

// The letters of a Hangul syllable in the order of Unicode, with the spellings that each
// has in names: Revised Romanization (2000), McCune-Reischauer without its marks, and
// those that families chose.
var (
	koreanInitials = spellings("g k|kk k g|n|d t|tt t|r l n|m|b p|pp p|s sh|ss s||j ch|jj j ch|ch|k|t|p|h")
	koreanVowels   = spellings("a ah|ae ai e ay|ya yah|yae|eo o u uh ur eu|e ae|yeo yo you yu yuh|ye|o oh|wa oa|wae|oe oi we|yo yeo|u oo woo wu|wo weo wuh|we|wi ui wee|yu yoo you|eu u oo|ui eui i ee|i ee y yi")
	koreanFinals   = spellings("|k g ck|k ck|k|n|n|n|t|l r|k|m|p|l|t|p|l|m|p b|p|t s|t|ng|t|t|k|t|p|t")
)

// koreanSurnames are spellings of family names beyond those of their letters.
var koreanSurnames = map[string]string{"이": "lee yi rhee ri li rhie", "박": "park pak bak", "임": "lim rim im yim", "노": "roh noh no", "유": "ryu yoo yu you lyu",
	"오": "oh o", "우": "woo wu u", "허": "huh hur heo ho", "최": "choi choe choy", "강": "kang gang", "조": "cho jo joe", "정": "chung jung jeong jong cheong chong",
	"백": "paik baek paek back", "선": "sun", "문": "moon mun", "구": "koo ku goo gu", "류": "ryu yoo lyu", "나": "na ra rha", "양": "yang ryang", "여": "yeo lyuh", "반": "ban pan", "안": "ahn an"}

// spellings splits a list at bars, and each item at spaces, at the first use. An empty
// item is the empty text.
func spellings(list string) func() [][]string {
	return sync.OnceValue(func() (all [][]string) {
		for item := range strings.SplitSeq(list, "|") {
			words := strings.Fields(item)
			if len(words) == 0 {
				words = []string{""}
			}
			all = append(all, words)
		}
		return all
	})
}

func isHangul(r rune) bool { return '가' <= r && r <= '힣' }

// koreanName returns the syllables of a name in Hangul.
func koreanName(text string) (name []syllable) {
	for i, r := range []rune(text) {
		if !isHangul(r) {
			return nil
		}
		s := koreanSyllable(r)
		if i == 0 {
			s = append(strings.Fields(koreanSurnames[string(r)]), s...)
		}
		name = append(name, s)
	}
	return name
}

// koreanSyllable returns the spellings of a syllable. The first one is the Revised
// Romanization.
func koreanSyllable(r rune) (all syllable) {
	n := int(r - '가')
	for _, initial := range koreanInitials()[n/588] {
		for _, vowel := range koreanVowels()[n/28%21] {
			for _, final := range koreanFinals()[n%28] {
				all = append(all, initial+vowel+final)
				if initial == "h" && vowel[0] == 'w' {
					all = append(all, "wh"+vowel[1:]+final)
				}
			}
		}
	}
	return all
}

// latinSurnames are family names of Koreans in Latin letters.
var latinSurnames = wordSet(`kim gim lee yi rhee park pak bak choi choe jung chung jeong jong kang gang cho jo yoon yun jang chang lim im
	han oh seo suh shin sin kwon gwon hwang ahn an song ryu yoo hong jeon chun ko go koh moon mun son sohn yang bae pae baek paik heo hur huh nam shim sim
	noh roh ha kwak sung seong cha joo ju woo koo ku min jin ji eom chae won cheon bang kong hyun ham byun yeom yeo ban pan ri`)

// koreanKey returns a coarse key of a Latin name that may be Korean, its family name
// first: two spellings of one name have the same key. It is empty for other names.
func koreanKey(tokens []token) string {
	n := len(tokens)
	if n < 2 || n > 3 {
		return ""
	}
	if !latinSurnames()[tokens[0].latin] {
		if !latinSurnames()[tokens[n-1].latin] {
			return ""
		}
		tokens = append([]token{tokens[n-1]}, tokens[:n-1]...)
	}
	var given strings.Builder
	for _, t := range tokens[1:] {
		given.WriteString(t.latin)
	}
	if given.Len() < 3 || given.Len() > 12 {
		return ""
	}
	return koreanFold.Replace(surnameKey(tokens[0].latin)) + "-" + koreanFold.Replace(given.String())
}

// surnameKey returns one spelling for the spellings of a family name.
func surnameKey(name string) string {
	switch name {
	case "lee", "yi", "rhee", "ri", "li", "i":
		return "i"
	case "park", "pak", "bak":
		return "pak"
	case "lim", "rim", "im", "yim":
		return "im"
	case "roh", "noh", "no":
		return "no"
	case "ryu", "yoo", "yu":
		return "yu"
	case "choi", "choe":
		return "coe"
	}
	return name
}

// koreanFold merges the spellings of each sound in given names.
var koreanFold = strings.NewReplacer("ck", "k", "wh", "h", "hw", "h", "yeo", "y", "you", "y", "yoo", "y", "yu", "y", "yo", "y", "woo", "o", "wu", "o", "eui", "i", "ui", "i",
	"eo", "o", "eu", "o", "oo", "o", "ou", "o", "u", "o", "ee", "i", "ae", "e", "ai", "e", "ay", "e", "ah", "a", "oh", "o",
	"sh", "s", "ch", "c", "j", "c", "ng", "q", "g", "k", "d", "t", "b", "p", "r", "l", "kk", "k", "tt", "t", "pp", "p", "ss", "s")
