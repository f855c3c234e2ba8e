package written

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// The words are folded as [schema.Fold] does: lower case, without accents.

// monthNames has the names and abbreviations of each month in English, French,
// German and Spanish.
var monthNames = wordNumbers(
	"january jan janvier janv januar janner jaenner enero ene",
	"february feb fevrier fevr fev februar feber febrero",
	"march mar mars marz maerz mrz marzo",
	"april apr avril avr abril abr",
	"may mai mayo",
	"june jun juin juni junio",
	"july jul juillet juil juli julio",
	"august aug aout agosto ago",
	"september sep sept septembre septiembre setiembre set",
	"october oct octobre oktober okt octubre",
	"november nov novembre noviembre",
	"december dec decembre dezember dez diciembre dic",
)

// weekdayNames has the names and abbreviations of weekdays, from Monday. "mar" is
// March.
var weekdayNames = wordNumbers(
	"monday mon lundi lun montag lunes",
	"tuesday tue tues mardi dienstag martes",
	"wednesday wed mercredi mer mittwoch miercoles mie",
	"thursday thu thur thurs jeudi jeu donnerstag jueves jue",
	"friday fri vendredi ven freitag viernes vie",
	"saturday sat samedi sam samstag sonnabend sabado sab",
	"sunday sun dimanche dim sonntag domingo dom",
)

// seasonNames has spring, summer, autumn and winter, the order of EDTF's codes 21 to
// 24.
var seasonNames = wordNumbers(
	"spring printemps fruhling fruehling fruhjahr fruehjahr primavera",
	"summer ete sommer verano",
	"autumn fall automne herbst otono",
	"winter hiver invierno",
)

// ordinalWords are words for the first day of a month.
var ordinalWords = wordNumbers("first premier erster ersten primero")

// fillers are words that say nothing beside the numbers and names of a date.
var fillers = wordSet("of the in on de del du des le la el l im am den dem der en au anno year o")

// ordinalEndings follow a number without a space: 1st, 1er, 12th, 1o (from 1º).
var ordinalEndings = wordSet("st nd rd th er ere re e eme o a ro te ten ter")

// todays are words for an end that is still open.
var todays = phraseSet("present", "the present", "now", "today", "date", "ongoing", "current", "to date", "still",
	"heute", "aujourd'hui", "ce jour", "presente", "el presente", "hoy", "la actualidad", "actualidad",
	"to present", "to the present", "until present", "until now", "till now", "till date", "continuing", "incumbent", "bis heute", "bis jetzt", "andauernd",
	"jusqu'a aujourd'hui", "jusqu'a present", "a ce jour", "en cours", "en curso", "hasta hoy", "hasta la fecha", "hasta ahora")

// phrases maps leading words to what they say of the date behind them. Longer ones
// come first.
type phrase struct {
	text string
	mean string
}

// circa are words of approximate and of uncertain dates.
var circa = []phrase{
	{"approximately ", "~"}, {"alrededor de ", "~"}, {"alrededor del ", "~"}, {"approx. ", "~"}, {"approx ", "~"},
	{"circa ", "~"}, {"around ", "~"}, {"about ", "~"}, {"roughly ", "~"}, {"environ ", "~"}, {"ungefahr ", "~"},
	{"hacia ", "~"}, {"vers ", "~"}, {"etwa ", "~"}, {"gegen ", "~"}, {"um ", "~"}, {"ca. ", "~"}, {"ca.", "~"}, {"ca ", "~"},
	{"c. ", "~"}, {"c.", "~"}, {"c ", "~"}, {"~ ", "~"}, {"~", "~"}, {"abt. ", "~"}, {"abt ", "~"},
	{"probably ", "?"}, {"possibly ", "?"}, {"perhaps ", "?"}, {"maybe ", "?"}, {"uncertain ", "?"},
	{"probablement ", "?"}, {"peut-etre ", "?"}, {"wahrscheinlich ", "?"}, {"vielleicht ", "?"}, {"probablemente ", "?"}, {"quizas ", "?"},
}

// sides are words for one side of an interval.
var sides = []phrase{
	{"since ", "since"}, {"seit ", "since"}, {"depuis ", "since"}, {"desde ", "since"},
	{"from ", "from"}, {"as of ", "from"}, {"starting ", "from"}, {"a partir de ", "from"}, {"a partir du ", "from"}, {"a partir del ", "from"}, {"ab ", "from"},
	{"until ", "until"}, {"till ", "until"}, {"up to ", "until"}, {"bis ", "until"}, {"jusqu'en ", "until"}, {"jusqu'au ", "until"}, {"jusqu'a ", "until"}, {"hasta ", "until"},
	{"on or before ", "before"}, {"not later than ", "before"}, {"no later than ", "before"}, {"before ", "before"}, {"prior to ", "before"}, {"by ", "before"},
	{"vor ", "before"}, {"avant ", "before"}, {"antes de ", "before"}, {"antes del ", "before"},
	{"on or after ", "after"}, {"not before ", "after"}, {"no earlier than ", "after"}, {"after ", "after"}, {"nach ", "after"}, {"apres ", "after"}, {"despues de ", "after"}, {"despues del ", "after"},
}

// parts are words for a part of a month or of a year.
var parts = []phrase{
	{"the beginning of ", "early"}, {"beginning of ", "early"}, {"the start of ", "early"}, {"start of ", "early"}, {"early in ", "early"}, {"early ", "early"}, {"early-", "early"},
	{"the middle of ", "mid"}, {"middle of ", "mid"}, {"mid-", "mid"}, {"mid ", "mid"},
	{"the end of ", "late"}, {"end of ", "late"}, {"late in ", "late"}, {"late ", "late"}, {"late-", "late"},
	{"debut ", "early"}, {"mi-", "mid"}, {"fin ", "late"}, {"anfang ", "early"}, {"mitte ", "mid"}, {"ende ", "late"},
	{"a principios de ", "early"}, {"principios de ", "early"}, {"a mediados de ", "mid"}, {"mediados de ", "mid"}, {"a finales de ", "late"}, {"finales de ", "late"}, {"fines de ", "late"},
	{"the first half of ", "first"}, {"first half of ", "first"}, {"1st half of ", "first"}, {"first half ", "first"},
	{"the second half of ", "second"}, {"second half of ", "second"}, {"2nd half of ", "second"}, {"second half ", "second"},
}

// range words stand between the two dates of an interval.
var rangeWords = []phrase{
	{" to ", "from"}, {" through ", "from"}, {" thru ", "from"}, {" until ", "from"}, {" till ", "from"}, {" bis ", "from"}, {" bis zum ", "from"},
	{" a ", "from"}, {" al ", "from"}, {" au ", "from"}, {" hasta ", "from"}, {" jusqu'en ", "from"}, {" jusqu'au ", "from"}, {" jusqu'a ", "from"},
	{" and ", "between"}, {" und ", "between"}, {" et ", "between"}, {" y ", "between"},
}

// rangeStarts may stand before an interval. Words of "between" need "and".
var rangeStarts = []phrase{
	{"from ", "from"}, {"von ", "from"}, {"vom ", "from"}, {"du ", "from"}, {"des ", "from"}, {"desde ", "from"}, {"del ", "from"}, {"de ", "from"}, {"seit ", "from"},
	{"between ", "between"}, {"zwischen ", "between"}, {"entre ", "between"},
}

// relativeWords are words of dates that need another date.
var relativeWords = wordSet("yesterday today tomorrow last next ago this week gestern heute morgen hier demain ayer hoy manana")

// formWords are the words and letters of the patterns of quarters, halves, decades and
// times of day.
const formWords = "first second third fourth last er e eme o of de del du quarter quartal trimestre q t h s " +
	"at um a las am pm p m uhr z utc gmt"

// Words lists the runs of Latin letters that a date may have, folded and sorted. Other
// letters may stand only in brackets behind a time, where the time zone is.
func Words() []string {
	all := make(map[string]bool)
	add := func(text string) {
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
			all[word] = true
		}
	}
	for _, words := range []iter.Seq[string]{maps.Keys(monthNames), maps.Keys(weekdayNames), maps.Keys(seasonNames), maps.Keys(ordinalWords),
		maps.Keys(fillers), maps.Keys(ordinalEndings), maps.Keys(todays)} {
		for word := range words {
			add(word)
		}
	}
	for _, p := range slices.Concat(circa, sides, parts, rangeWords, rangeStarts) {
		add(p.text)
	}
	add(formWords)
	return slices.Sorted(maps.Keys(all))
}

// Presents lists the texts without a number that are dates: words for an end that is
// still open, folded and sorted.
func Presents() []string { return slices.Sorted(maps.Keys(todays)) }

// wordNumbers maps each word of a list to the number of the list, from one.
func wordNumbers(lists ...string) map[string]int {
	all := make(map[string]int)
	for i, list := range lists {
		for word := range strings.FieldsSeq(list) {
			all[word] = i + 1
		}
	}
	return all
}

func wordSet(list string) map[string]bool { return phraseSet(strings.Fields(list)...) }

func phraseSet(list ...string) map[string]bool {
	all := make(map[string]bool)
	for _, word := range list {
		all[word] = true
	}
	return all
}

// cutPhrase removes the first phrase with which a text begins.
func cutPhrase(s string, phrases []phrase) (rest, meaning string) {
	for _, p := range phrases {
		if rest, ok := strings.CutPrefix(s, p.text); ok && rest != "" {
			return rest, p.mean
		}
	}
	return s, ""
}
