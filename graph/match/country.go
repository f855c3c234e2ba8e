package match

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/entente-kg/entente/schema"
)

// regionLanguages are the languages whose names of countries are known, as the Unicode
// Common Locale Data Repository has them.
var regionLanguages = strings.Fields("en fr de es it pt nl sv da nb fi pl cs sk hu ro bg sr hr uk ru el tr ar fa he hi ja ko zh zh-Hant vi id th ka hy az kk uz sq lt lv et sl mk ms sw bn ur")

// formalNames are names of countries that the repository lacks, folded.
const formalNames = `CN people's republic of china|CN pr china|CN prc|CN 中华人民共和国|CN 中國|TW republic of china|TW taiwan|TW 中華民國|KR republic of korea|KR rok|KP democratic people's republic of korea|KP dprk
CD democratic republic of the congo|CD dr congo|CD drc|CD congo-kinshasa|CG republic of the congo|CG congo-brazzaville|RU russian federation|RU российская федерация|RU российской федерации|UN un|UN united nations|UN организация объединенных наций|EU eu|EU european union|EU union europeenne|EU union europea|EU europaische union|EU европейский союз|EU unia europejska|EU 欧盟|EU 歐盟|US united states of america|US usa|US us|US u.s.|US america
US états-unis d'amérique|US vereinigte staaten von amerika|US сша|GB uk|GB u.k.|GB great britain|GB britain|GB united kingdom of great britain and northern ireland|IR islamic republic of iran|IR persia|SY syrian arab republic
VN viet nam|VN socialist republic of vietnam|NL holland|MM burma|CI cote d'ivoire|CI ivory coast|CZ czech republic|MK macedonia|MK fyrom|SZ swaziland|AE uae|AE emirates|TL east timor|CV cape verde|LA lao people's democratic republic
MD republic of moldova|TZ united republic of tanzania|VE bolivarian republic of venezuela|BO plurinational state of bolivia|DE federal republic of germany|FR french republic|FR république française|IT italian republic
TR türkiye|TR turkey|TR republic of turkey|BY belorussia|BY byelorussia|IN republic of india|IN bharat|PK islamic republic of pakistan|SA kingdom of saudi arabia|SA ksa|ES kingdom of spain|BE kingdom of belgium|EG arab republic of egypt
PS palestine|PS state of palestine|VA holy see|VA vatican|BA bosnia|BA bosnia-herzegovina|HK hong kong|MO macau|GM the gambia|BS the bahamas|XK kosovo|JP 日本国|IL state of israel|UA украина|AF islamic republic of afghanistan|GR hellenic republic|CU republic of cuba`

// regions returns the codes of countries by their folded names.
var regions = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, region := range countries() {
		for _, lang := range regionLanguages {
			namer := display.Regions(language.MustParse(lang))
			if namer == nil {
				continue
			}
			if key := regionKey(namer.Name(region)); key != "" && all[key] == "" {
				all[key] = region.String()
			}
		}
	}
	for item := range strings.FieldsFuncSeq(formalNames, func(r rune) bool { return r == '|' || r == '\n' }) {
		code, name, _ := strings.Cut(item, " ")
		all[regionKey(name)] = code
	}
	return all
})

// countries returns the regions of two letters that are countries.
func countries() (list []language.Region) {
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			r, err := language.ParseRegion(string(a) + string(b))
			if err == nil && r.IsCountry() && r.Canonicalize() == r {
				list = append(list, r)
			}
		}
	}
	return list
}

func regionKey(name string) string { return strings.Join(words(schema.NameKey(name)), " ") }

// regionOf returns the code of the country with a name in any known language; empty for
// other names.
func regionOf(name string) string {
	key := regionKey(name)
	if code := regions()[key]; code != "" {
		return code
	}
	for _, prefix := range []string{"republic of ", "kingdom of ", "state of ", "federal republic of ", "democratic republic of ", "people s republic of ", "islamic republic of ", "republique de ", "republica de ", "республика "} {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			return regions()[rest]
		}
	}
	return ""
}

// adjectives are English adjectives of countries that begin names of organizations, and
// the codes of the countries.
var adjectives = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for pair := range strings.FieldsSeq(`russian=RU chinese=CN american=US british=GB french=FR german=DE ukrainian=UA iranian=IR israeli=IL indian=IN japanese=JP turkish=TR
		italian=IT spanish=ES polish=PL iraqi=IQ syrian=SY saudi=SA egyptian=EG pakistani=PK afghan=AF vietnamese=VN cuban=CU mexican=MX canadian=CA australian=AU
		austrian=AT swiss=CH swedish=SE norwegian=NO danish=DK finnish=FI dutch=NL belgian=BE portuguese=PT greek=GR hungarian=HU czech=CZ slovak=SK romanian=RO
		bulgarian=BG serbian=RS croatian=HR belarusian=BY georgian=GE armenian=AM azerbaijani=AZ kazakh=KZ uzbek=UZ brazilian=BR argentine=AR chilean=CL colombian=CO
		venezuelan=VE nigerian=NG kenyan=KE ethiopian=ET libyan=LY algerian=DZ moroccan=MA tunisian=TN lebanese=LB jordanian=JO qatari=QA yemeni=YE indonesian=ID
		malaysian=MY thai=TH filipino=PH philippine=PH irish=IE ghanaian=GH sudanese=SD lithuanian=LT latvian=LV estonian=EE`) {
		word, code, _ := strings.Cut(pair, "=")
		all[word] = code
	}
	return all
})

// withRegions replaces names of countries in the words of a name by their codes, so that
// they are the same in all languages.
func withRegions(all []string) (out []string) {
	if len(all) < 2 {
		return all
	}
	for i := 0; i < len(all); {
		code, n := regionAt(all[i:])
		if code == "" {
			out, i = append(out, all[i]), i+1
			continue
		}
		out, i = append(out, "@"+code), i+n
	}
	return out
}

// regionAt returns the code of the country that words begin with, and how many words it
// has.
func regionAt(all []string) (code string, n int) {
	for n := min(4, len(all)); n > 1; n-- {
		if code := regions()[strings.Join(all[:n], " ")]; code != "" {
			return code, n
		}
	}
	word := all[0]
	if code := adjectives()[word]; code != "" {
		return code, 1
	}
	if len(word) <= 3 && isLatin(word) && word != "usa" && word != "uk" && word != "us" && word != "uae" && word != "prc" && word != "un" && word != "eu" {
		return "", 0 // a word of another language
	}
	if code := regions()[word]; code != "" {
		return code, 1
	}
	return russianCase(word), 1
}

// russianCase returns the code of a country whose Russian or Ukrainian name is in the
// genitive.
func russianCase(word string) string {
	letters := []rune(word)
	if len(letters) < 4 || !unicode.Is(unicode.Cyrillic, letters[0]) {
		return ""
	}
	stem := string(letters[:len(letters)-1])
	for _, ending := range []string{"", "я", "а", "и", "ия", "ь"} {
		if code := regions()[stem+ending]; code != "" {
			return code
		}
	}
	return ""
}

// compareCountries compares two names of countries.
func compareCountries(a, b *name) Similarity {
	switch {
	case a.region != "" && a.region == b.region:
		return Similarity{0.97, "names of the country " + a.region}
	case a.region != "" && b.region != "":
		return Similarity{0.02, "names of two countries, " + a.region + " and " + b.region}
	}
	s := compareOrganizations(a, b, true)
	if s.Score < fullName && a.region+b.region != "" {
		s.Score *= 0.85
	}
	return s
}
