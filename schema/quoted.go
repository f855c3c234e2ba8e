package schema

import (
	"strings"
	"unicode/utf8"
)

// closingMarks maps each opening quotation mark to the marks that may close it.
var closingMarks = map[rune]string{'“': "”", '"': `"`, '„': "“”", '«': "»", '»': "«", '‘': "’", '\'': "'", '‚': "‘’", '‹': "›", '›': "‹", '「': "」", '『': "』", '《': "》"}

// Quoted adds quotation marks around the words of a source. Words that have their
// own quotation marks keep them. Words that contain quotation marks get single
// ones.
func Quoted(words string) string {
	first, _ := utf8.DecodeRuneInString(words)
	last, size := utf8.DecodeLastRuneInString(words)
	switch closing, opens := closingMarks[first]; {
	case words == "":
		return ""
	case opens && strings.ContainsRune(closing, last) && size < len(words):
		return words
	case strings.Contains(words, "\"") || strings.Contains(words, "“") || strings.Contains(words, "”"):
		return "‘" + words + "’"
	}
	return "“" + words + "”"
}
