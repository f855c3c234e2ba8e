package match

import (
	"strings"
	"sync"
	"unicode"
)

// letters is the table of one script: Latin spellings of its letters.
type letters map[rune]string

// table returns a function that makes the table of a script, at its first use, from
// pairs such as "а=a б=b"; "ъ=" is silent.
func table(pairs string) func() letters {
	return sync.OnceValue(func() letters {
		t := letters{}
		for _, pair := range strings.Fields(pairs) {
			letter, latin, _ := strings.Cut(pair, "=")
			for _, r := range letter {
				t[r] = latin
			}
		}
		return t
	})
}

// cyrillic is the BGN/PCGN romanization of Russian (1947), with letters of Ukrainian
// (2019), Belarusian (1979), Serbian, Macedonian (ISO 9) and Kazakh. Names are folded
// first, so that й and ё are и and е.
var cyrillic = table(`а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh
	ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya і=i ї=i є=e ґ=g ў=u ђ=dj ј=j љ=lj њ=nj ћ=c џ=dzh ѓ=g ќ=k ѕ=dz
	ә=a ғ=g қ=k ң=n ө=o ұ=u ү=u һ=h`)

// greek is ELOT 743 (1982), which ISO 843 and BGN/PCGN follow, without accents.
var greek = table(`α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σς=s τ=t υ=y φ=f χ=kh ψ=ps ω=o`)

var greekPairs = strings.NewReplacer("μπ", "b", "ντ", "nt", "γγ", "ng", "γκ", "gk", "ου", "ou", "ευ", "ev", "αυ", "av", "αι", "e", "ει", "i", "οι", "i", "τζ", "tz")

// arabic is BGN/PCGN (1956) without vowels, with the letters of Persian, Urdu and Pashto.
var arabic = table(`اأإآٱ=a ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z ع= غ=gh ف=f ق=q ك=k ل=l م=m ن=n ه=h
	و=u ي=i ى=a ة=a ء= ئ=i ؤ=u پ=p چ=ch ژ=zh گ=g ک=k ی=i ہ=h ھ=h ں=n ے=i ٹ=t ڈ=d ڑ=r`)

// hebrew is the romanization of the Academy of the Hebrew Language (2006) without vowels.
var hebrew = table(`א=a ב=b ג=g ד=d ה=h ו=u ז=z ח=h ט=t י=i כך=k ל=l מם=m נן=n ס=s ע= פף=p צץ=ts ק=k ר=r ש=sh ת=t`)

// devanagari is the consonants of the Hunterian romanization; vowels are below.
var devanagari = table(`क=k ख=kh ग=g घ=gh ङ=n च=ch छ=ch ज=j झ=jh ञ=n ट=t ठ=th ड=d ढ=dh ण=n त=t थ=th द=d ध=dh न=n प=p फ=ph ब=b भ=bh
	म=m य=y र=r ल=l व=v श=sh ष=sh स=s ह=h ळ=l क़=q`)

var devanagariVowels = table(`अ=a आ=a इ=i ई=i उ=u ऊ=u ए=e ऐ=ai ओ=o औ=au ऋ=ri ऑ=o ा=a ि=i ी=i ु=u ू=u े=e ै=ai ो=o ौ=au ृ=ri ॉ=o ं=n ँ=n ः=`)

// kana is modified Hepburn. Small letters join the syllable before them.
var kana = table(`あ=a い=i う=u え=e お=o か=ka き=ki く=ku け=ke こ=ko さ=sa し=shi す=su せ=se そ=so た=ta ち=chi つ=tsu て=te と=to
	な=na に=ni ぬ=nu ね=ne の=no は=ha ひ=hi ふ=fu へ=he ほ=ho ま=ma み=mi む=mu め=me も=mo や=ya ゆ=yu よ=yo ら=ra り=ri る=ru れ=re ろ=ro わ=wa を=o ん=n
	が=ga ぎ=gi ぐ=gu げ=ge ご=go ざ=za じ=ji ず=zu ぜ=ze ぞ=zo だ=da ぢ=ji づ=zu で=de ど=do ば=ba び=bi ぶ=bu べ=be ぼ=bo ぱ=pa ぴ=pi ぷ=pu ぺ=pe ぽ=po ゔ=vu ー= っ=`)

// georgian is the national romanization (2002); armenian is BGN/PCGN (1981).
var (
	georgian = table(`ა=a ბ=b გ=g დ=d ე=e ვ=v ზ=z თ=t ი=i კ=k ლ=l მ=m ნ=n ო=o პ=p ჟ=zh რ=r ს=s ტ=t უ=u ფ=p ქ=k ღ=gh ყ=q შ=sh ჩ=ch ც=ts ძ=dz წ=ts ჭ=ch ხ=kh ჯ=j ჰ=h`)
	armenian = table(`ա=a բ=b գ=g դ=d ե=e զ=z է=e ը=y թ=t ժ=zh ի=i լ=l խ=kh ծ=ts կ=k հ=h ձ=dz ղ=gh ճ=ch մ=m յ=y ն=n շ=sh ո=o չ=ch պ=p ջ=j ռ=r ս=s վ=v տ=t ր=r ց=ts ւ=u փ=p ք=k օ=o ֆ=f և=ev`)
)

// romanize returns the Latin spelling of a folded word, and whether its script leaves
// vowels out. A word of a script without a table is returned unchanged.
func romanize(word string) (latin string, bare bool) {
	var first rune
	for _, first = range word {
		break
	}
	switch {
	case first < 0x250:
		return word, false
	case unicode.Is(unicode.Cyrillic, first):
		return spell(word, cyrillic()), false
	case unicode.Is(unicode.Greek, first):
		return spell(greekPairs.Replace(word), greek()), false
	case unicode.Is(unicode.Arabic, first):
		return unvowelled(word, arabic(), "عوي", "avi"), true
	case unicode.Is(unicode.Hebrew, first):
		return unvowelled(word, hebrew(), "עו", "av"), true
	case unicode.Is(unicode.Devanagari, first):
		return spellDevanagari(strings.ReplaceAll(word, "ंह", "ंघ")), false // as in Singh
	case unicode.In(first, unicode.Hiragana, unicode.Katakana):
		return spellKana(word), false
	case unicode.Is(unicode.Georgian, first):
		return spell(word, georgian()), false
	case unicode.Is(unicode.Armenian, first):
		return spell(strings.ReplaceAll(word, "ու", "u"), armenian()), false
	case isHangul(first):
		return spellHangul(word), false
	}
	return word, false
}

func spell(word string, t letters) string {
	var out strings.Builder
	for _, r := range word {
		if latin, ok := t[r]; ok {
			out.WriteString(latin)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// unvowelled spells a word whose first letter has another value than the same letter
// inside of a word.
func unvowelled(word string, t letters, first, values string) string {
	for i, r := range []rune(first) {
		if rest, ok := strings.CutPrefix(word, string(r)); ok && rest != "" {
			return values[i:i+1] + spell(rest, t)
		}
	}
	return spell(word, t)
}

// spellDevanagari writes the vowel a after each consonant without a vowel sign, but not
// at the end of a word, where it is silent after a single consonant.
func spellDevanagari(word string) string {
	var out strings.Builder
	open, cluster := false, false // a consonant waits for its vowel; it ends a cluster
	for _, r := range word {
		if r == '्' {
			open, cluster = false, true
			continue
		}
		if vowel, ok := devanagariVowels()[r]; ok {
			if open && (r == 'ं' || r == 'ँ') {
				out.WriteByte('a')
			}
			out.WriteString(vowel)
			open, cluster = false, false
			continue
		}
		if open {
			out.WriteByte('a')
			cluster = false
		}
		if r != '़' {
			out.WriteString(devanagari()[r])
			open = devanagari()[r] != ""
		}
	}
	if open && cluster {
		out.WriteByte('a')
	}
	return out.String()
}

func spellKana(word string) string {
	var out []byte
	for _, r := range word {
		if 'ァ' <= r && r <= 'ヶ' {
			r -= 'ァ' - 'ぁ'
		}
		if i := strings.IndexRune("ゃゅょぁぃぅぇぉ", r); i >= 0 && len(out) > 0 {
			glide := [...]string{"ya", "yu", "yo", "a", "i", "u", "e", "o"}[i/3]
			if out = out[:len(out)-1]; len(out) > 0 && strings.HasSuffix(string(out), "h") || strings.HasSuffix(string(out), "j") || i >= 9 {
				glide = strings.TrimPrefix(glide, "y")
			}
			out = append(out, glide...)
			continue
		}
		sound := kana()[r]
		if n := len(out); n > 0 && sound == "u" && (out[n-1] == 'o' || out[n-1] == 'u') {
			continue // the second half of a long vowel
		}
		out = append(out, sound...)
	}
	return string(out)
}

// spellHangul returns the Revised Romanization of a word, letter by letter.
func spellHangul(word string) string {
	var out strings.Builder
	for _, r := range word {
		if isHangul(r) {
			out.WriteString(koreanSyllable(r)[0])
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}
