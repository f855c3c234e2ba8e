package gizmo

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words of JavaScript: words after which something must follow, words that begin
// a header such as if (...), words that may end a statement, and words that may
// precede a name.
var (
	wordsBefore   = []string{"case", "const", "delete", "do", "else", "finally", "in", "instanceof", "new", "try", "typeof", "var", "void"}
	wordsHeading  = []string{"catch", "class", "extends", "for", "function", "if", "switch", "while", "with"}
	wordsEnding   = []string{"break", "continue", "debugger", "default", "return", "throw"}
	wordsModifier = []string{"async", "await", "get", "let", "of", "set", "static", "yield"}
)

// token scans the token or the space at a byte of a line, and returns the
// position of the next one.
func (t *LineScanner) token(line string, i int) int {
	c := line[i]
	switch {
	case c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f':
		return i + 1
	case strings.HasPrefix(line[i:], "//"):
		return len(line)
	case strings.HasPrefix(line[i:], "/*"):
		t.push(bracket{kind: '*'})
		return i + 2
	case c == '/' && t.expected != expectOperator:
		return t.regexp(line, i+1)
	case digit(c), c == '.' && i+1 < len(line) && digit(line[i+1]):
		t.value()
		return t.number(line, i)
	case c == '"' || c == '\'':
		t.value()
		t.push(bracket{kind: c})
		return i + 1
	case c == '`':
		t.push(bracket{kind: c})
		return i + 1
	case strings.IndexByte("([{", c) >= 0:
		t.opening(c)
		return i + 1
	case strings.IndexByte(")]}", c) >= 0:
		t.closing(c)
		return i + 1
	case wordByte(c) || c >= utf8.RuneSelf:
		return t.name(line, i)
	}
	return t.operator(line, i)
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// wordByte reports whether an ASCII character may be part of a name.
func wordByte(c byte) bool {
	return digit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c == '$' || c == '#' || c == '\\'
}

// value records a value. Two values on a line with nothing between them are a
// syntax error.
func (t *LineScanner) value() {
	if t.expected == expectOperator && !t.ended && t.word != "}" && !slices.Contains(wordsModifier, t.word) {
		t.broken = true
	}
	t.expect(expectOperator, "")
}

func (t *LineScanner) number(line string, i int) int {
	dots := 0
	for ; i < len(line) && (wordByte(line[i]) || line[i] == '.' && dots == 0); i++ {
		if line[i] == '.' {
			dots++
		}
	}
	return i
}

// regexp scans a regular expression from after its slash.
func (t *LineScanner) regexp(line string, i int) int {
	class := false
	for ; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			for i++; i < len(line) && wordByte(line[i]); i++ { // flags
			}
			t.expect(expectOperator, "")
			return i
		}
	}
	t.broken = true // a regular expression ends on its line
	return len(line)
}

// name scans a word: a keyword or a name.
func (t *LineScanner) name(line string, i int) int {
	start := i
	for i < len(line) {
		r, n := utf8.DecodeRuneInString(line[i:])
		if r < utf8.RuneSelf && !wordByte(byte(r)) || r >= utf8.RuneSelf && !unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc) {
			break
		}
		i += n
	}
	if i == start { // a character that is neither ASCII nor a letter
		r, n := utf8.DecodeRuneInString(line[i:])
		if t.ended = t.ended || r == '\u2028' || r == '\u2029'; !unicode.IsSpace(r) && r != '\ufeff' && !t.ended {
			t.broken = true
		}
		return i + n
	}
	t.noteWord(line[start:i])
	return i
}

func (t *LineScanner) noteWord(word string) {
	switch {
	case t.expected == expectName:
		t.expect(expectOperator, "")
	case word == "while" && t.top().openDos > 0:
		t.top().openDos--
		t.expect(expectAnything, "while")
	case slices.Contains(wordsBefore, word):
		if word == "do" {
			t.top().openDos++
		}
		t.expect(expectMore, word)
	case slices.Contains(wordsHeading, word):
		t.expect(expectHeader, word)
	case slices.Contains(wordsEnding, word):
		t.expect(expectAnything, word)
	case t.expected == expectHeader: // the name of a function or a class, or the await of for await
		t.broken = !slices.Contains([]string{"class", "extends", "for", "function"}, t.word)
		t.expect(expectHeader, t.word)
	case word == "of" && t.expected == expectOperator:
		t.expect(expectMore, word)
	default:
		t.value()
		t.word = word
	}
}

// opening records an opening bracket.
func (t *LineScanner) opening(c byte) {
	b := bracket{kind: c}
	switch c {
	case '(':
		b.header = t.expected == expectHeader && t.word != "extends"
	case '{':
		b.try = t.expected == expectMore && t.word == "try"
		b.block = t.expected == expectAnything || t.expected == expectHeader || t.expected == expectMore && slices.Contains([]string{"try", "do", "else", "finally", ")"}, t.word) ||
			t.expected == expectOperator && t.ended
	}
	next := expectMore
	if b.block {
		next = expectAnything
	}
	t.push(b)
	t.expect(next, "")
}

// closing records a closing bracket. A bracket that does not match the innermost
// open one is a syntax error.
func (t *LineScanner) closing(c byte) {
	if len(t.open) == 1 || t.top().kind != pairs[c] {
		t.broken = true
		return
	}
	switch b := t.pop(); {
	case b.header || b.try:
		t.expect(expectMore, string(c))
	case b.block:
		t.expect(expectAnything, "")
	case b.inTemplate:
		t.expect(expectMore, "") // the template goes on
	default:
		t.expect(expectOperator, string(c))
	}
}

var pairs = map[byte]byte{')': '(', ']': '[', '}': '{'}

// operator scans punctuation.
func (t *LineScanner) operator(line string, i int) int {
	rest := line[i:]
	has := func(s string) bool { return strings.HasPrefix(rest, s) }
	top := t.top()
	switch {
	case has(";"):
		top.openTernaries = 0
		t.expect(expectAnything, "")
	case has("++"), has("--"):
		if t.expected != expectOperator || t.ended {
			t.expect(expectMore, "")
		}
		return i + 2
	case has("..."), has("=>"), has("??"):
		t.expect(expectMore, "")
		return i + len(map[byte]string{'.': "...", '=': "=>", '?': "??"}[rest[0]])
	case has("?.") && !(len(rest) > 2 && digit(rest[2])):
		t.expect(expectName, "")
		return i + 2
	case has("."):
		t.expect(expectName, "")
	case has("?"):
		top.openTernaries++
		t.expect(expectMore, "")
	case has(":"):
		top.openTernaries = max(0, top.openTernaries-1)
		t.expect(expectMore, ":")
	case has("*") && t.expected == expectHeader: // function*
	case strings.IndexByte("+-*/%=<>!&|^~,", rest[0]) >= 0:
		t.expect(expectMore, "")
	default:
		t.broken = true
	}
	return i + 1
}
