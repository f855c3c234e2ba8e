package schema

import (
	"strings"
	"unicode/utf8"
)

// closingMarks are the quotation marks that end what each opening mark begins.
var closingMarks = map[rune]string{'“': "”", '"': `"`, '„': "“”", '«': "»", '»': "«", '‘': "’", '\'': "'", '‚': "‘’", '‹': "›", '›': "‹", '「': "」", '『': "』", '《': "》"}

// Quoted puts quotation marks around the words of a source. Words that stand in
// marks of their own keep those alone, and words with marks inside stand in single
// marks.
func Quoted(words string) string {
	first, _ := utf8.DecodeRuneInString(words)
	last, size := utf8.DecodeLastRuneInString(words)
	switch closing, opens := closingMarks[first]; {
	case words == "":
		return ""
	case opens && strings.ContainsRune(closing, last) && size < len(words):
		return words
	case strings.ContainsAny(words, "“”\""):
		return "‘" + words + "’"
	}
	return "“" + words + "”"
}
