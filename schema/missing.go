package schema

import "strings"

// missingMarks are the words, folded, that files have in place of a name or a date that
// is not known, in English, French, German and Spanish, and the errors of spreadsheets.
var missingMarks = map[string]bool{
	"n/a": true, "#n/a": true, "n.a.": true, "n. a.": true, "none": true, "null": true, "nil": true, "unknown": true, "not known": true,
	"undated": true, "no date": true, "n.d.": true, "n. d.": true, "unspecified": true, "not available": true, "not applicable": true, "missing": true,
	"tbd": true, "tba": true, "tbc": true, "to be determined": true, "to be confirmed": true, "unk": true, "unk.": true,
	"inconnu": true, "inconnue": true, "sans date": true, "s.d.": true, "s. d.": true, "unbekannt": true, "k.a.": true, "k. a.": true, "keine angabe": true, "ohne datum": true, "o. d.": true, "o.d.": true,
	"desconocido": true, "desconocida": true, "sin fecha": true, "s/f": true, "s/d": true,
	"#ref!": true, "#value!": true, "#name?": true, "#div/0!": true, "#null!": true, "#num!": true, "#wert!": true, "#bezug!": true, "#nv": true, "#valeur!": true, "#¡ref!": true, "#¡valor!": true,
}

// longestMark is the length of the longest word of missingMarks, in bytes.
const longestMark = 20

// IsMissing reports whether a text is a mark for a value that is not known, such as
// "N/A", "unknown", "-", "?" or "#REF!".
func IsMissing(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > longestMark {
		return false
	}
	return strings.Trim(text, "-–—?._*/") == "" && !isDots(text) || text == "NA" || text == "NaN" || missingMarks[Fold(text)]
}

// isDots reports whether a text is the open end of an interval.
func isDots(text string) bool {
	return text == ".." || text == "/" || text == "../.." || text == "/.." || text == "../"
}
