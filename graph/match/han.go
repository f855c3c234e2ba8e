package match

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:generate go test -run ^TestPinyinTable$ . -write

//go:embed pinyin.txt
var pinyinText string

//go:embed variants.txt
var variantsText string

// hanTables is what is known of Han characters and of the syllables of Chinese.
type hanTables struct {
	readings   map[rune][]string   // without tones, the usual one first
	simplified map[rune]rune       // of characters that have a simplified form
	syllables  map[string]bool     // of Hanyu Pinyin
	fromWade   map[string][]string // the syllables that a spelling of Wade-Giles may mean
	bySpelling map[string][]string // the readings of family names by customary spellings
}

// han reads the tables at the first use.
var han = sync.OnceValue(func() *hanTables {
	t := &hanTables{map[rune][]string{}, map[rune]rune{}, map[string]bool{}, map[string][]string{}, map[string][]string{}}
	for line := range strings.Lines(pinyinText) {
		if fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(fields) == 3 {
			t.addSyllable(fields[0], fields[1], fields[2])
		}
	}
	for line := range strings.Lines(variantsText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, pair := range strings.Fields(line) {
			chars := []rune(pair)
			t.simplified[chars[0]] = chars[1]
		}
	}
	for _, reading := range slices.Sorted(maps.Keys(surnameSpellings)) {
		for spelling := range strings.FieldsSeq(surnameSpellings[reading]) {
			t.bySpelling[spelling] = append(t.bySpelling[spelling], reading)
		}
	}
	return t
})

func (t *hanTables) addSyllable(syllable, first, others string) {
	t.syllables[syllable] = true
	for _, char := range first {
		t.readings[char] = append([]string{syllable}, t.readings[char]...)
	}
	for _, char := range others {
		t.readings[char] = append(t.readings[char], syllable)
	}
	for _, spelling := range wadeGiles(syllable) {
		t.fromWade[spelling] = append(t.fromWade[spelling], syllable)
	}
}

// readings returns the readings of a Han character in Hanyu Pinyin, without tones.
func readings(char rune) []string { return han().readings[char] }

// simplify returns the simplified form of a text of Han characters.
func simplify(text string) string {
	return strings.Map(func(r rune) rune {
		if s, ok := han().simplified[r]; ok {
			return s
		}
		return r
	}, text)
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// surnames are the family names whose usual reading is not the one of the character
// elsewhere, with their readings as a name.
var surnames = map[string]string{
	"曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "翟": "zhai", "覃": "qin tan", "吕": "lv",
	"任": "ren", "盖": "ge gai", "朴": "piao pu", "纪": "ji", "华": "hua", "宁": "ning", "乐": "yue le", "员": "yun", "缪": "miao",
	"葛": "ge", "冼": "xian", "卜": "bu", "俞": "yu", "哈": "ha", "秘": "bi", "祭": "zhai", "隗": "wei kui", "召": "shao", "尹": "yin",
	"种": "chong", "繁": "po", "逄": "pang", "佴": "nai", "折": "she", "黑": "he", "洗": "xian", "车": "che", "陆": "lu", "沈": "shen",
	"都": "du", "乜": "nie", "洪": "hong", "石": "shi", "叶": "ye", "贾": "jia", "牟": "mu mou", "万": "wan", "柏": "bai bo",
}

// doubleSurnames are the family names of two characters, with their readings.
var doubleSurnames = map[string]string{
	"欧阳": "ou yang", "司马": "si ma", "上官": "shang guan", "诸葛": "zhu ge", "司徒": "si tu", "东方": "dong fang", "尉迟": "yu chi",
	"长孙": "zhang sun", "万俟": "mo qi", "夏侯": "xia hou", "皇甫": "huang fu", "令狐": "ling hu", "公孙": "gong sun", "慕容": "mu rong",
	"宇文": "yu wen", "端木": "duan mu", "澹台": "tan tai", "单于": "chan yu", "独孤": "du gu", "南宫": "nan gong",
}

// surnameSpellings are spellings of Chinese family names outside of mainland China, by
// their readings in Hanyu Pinyin: Cantonese, Hokkien and customary ones.
var surnameSpellings = map[string]string{
	"chen": "chan tan", "zhang": "cheung chang", "huang": "wong", "wang": "wong ong", "li": "lee", "lin": "lam lim", "liang": "leung",
	"wu": "ng goh", "he": "ho", "guo": "kwok kuok", "yang": "yeung", "liu": "lau low", "tan": "tam", "deng": "tang", "zhu": "chu", "cai": "choi tsai chua",
	"fang": "fong", "xu": "hui tsui hsu", "ye": "yip", "guan": "kwan", "luo": "lo law", "mai": "mak", "mo": "mok", "pan": "poon", "su": "so soo",
	"xie": "tse", "zeng": "tsang", "yu": "yue", "yuan": "yuen", "ruan": "yuen", "jiang": "chiang kong", "zhao": "chiu chao", "zhou": "chow chou",
	"ma": "mah", "dong": "tung", "feng": "fung", "zheng": "cheng tay", "lv": "lui lu lyu", "song": "sung soong", "kong": "kung hung", "lai": "lai", "peng": "pang",
	"shi": "sze", "hu": "woo wu", "cao": "tso tsao", "xiao": "siu hsiao", "tang": "tong", "du": "to tu", "lu": "luk loke", "wei": "ngai", "xue": "sit hsueh",
}

// initialSurnames are common family names of Chinese in Hanyu Pinyin: a name without one
// is not taken for Chinese.
var initialSurnames = wordSet(`wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie
	song tang han feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lv ding ren lu yao shen cui zhong tan lu fan
	wang liao shi jin wei jia xia fu fang zou xiong bai meng qin qiu hou jiang yin xue yan lei long tao he mao hao gong shao wan qian dai
	mo kong xiang chang wen kang niu ge xing an qi yi lian hua bao zuo qu mei ning jian tong bi shan lan ji zhuang ou zhai xi yin nie chi
	mu ruan hong kuang lai min ni pang pu qiao rong sheng tu xin yue zang zhan zhen zu chu bian bu cen chai chong dou fei geng gu guan gui hai hang
	hui ju ke kuai lao le leng man mi miao ouyang sima zhuge shangguan situ ou piao shi su tai wu xian yun zha zong`)

// wordSet returns a function that makes a set of words at its first use.
func wordSet(words string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		set := map[string]bool{}
		for _, word := range strings.Fields(words) {
			set[word] = true
		}
		return set
	})
}
