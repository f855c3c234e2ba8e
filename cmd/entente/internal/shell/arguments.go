package shell

import (
	"errors"
	"slices"
	"strings"
)

// splitArguments splits the text after a command into arguments. Names need no
// quotes: the name of a command with one name ends at the first flag, and several
// names are separated by arrows or commas. A comma that is a part of a name does not
// separate names if isName reports true for the name.
func splitArguments(command, line string, isName func(string) bool) ([]string, error) {
	words, err := splitWords(line)
	if err != nil {
		return nil, err
	}
	flags := slices.IndexFunc(words, func(w word) bool { return !w.quoted && len(w.text) > 1 && w.text[0] == '-' && w.text[1] != '>' })
	if flags < 0 {
		flags = len(words)
	}
	names, rest := words[:flags], words[flags:]
	var args []string
	switch {
	case slices.ContainsFunc(names, word.isArrow):
		for arrow := slices.IndexFunc(names, word.isArrow); arrow >= 0; arrow = slices.IndexFunc(names, word.isArrow) {
			args = append(args, joinWords(names[:arrow]))
			names = names[arrow+1:]
		}
		args = append(args, joinWords(names))
	case hasSeveralNames(command) && slices.ContainsFunc(names, word.hasComma):
		args = splitAtCommas(names, isName)
	case slices.Contains([]string{"show", "find", "near", "timeline", "holders", "match"}, command) && slices.ContainsFunc(names, word.isBare):
		args = []string{joinWords(names)}
	default:
		for _, w := range names {
			args = append(args, w.text)
		}
	}
	for _, w := range rest {
		args = append(args, w.text)
	}
	return args, nil
}

// hasSeveralNames reports whether the arguments of a command are several names.
func hasSeveralNames(command string) bool {
	return slices.Contains([]string{"path", "connect", "common", "timeline", "match"}, command)
}

// splitAtCommas joins words to names that are separated by commas. Parts that form a
// name with commas stay together.
func splitAtCommas(words []word, isName func(string) bool) (names []string) {
	var parts []string
	for _, part := range splitParts(words) {
		if len(part) > 0 {
			parts = append(parts, joinWords(part))
		}
	}
	for len(parts) > 0 {
		n := len(parts)
		for n > 1 && !isName(strings.Join(parts[:n], ", ")) {
			n--
		}
		names = append(names, strings.Join(parts[:n], ", "))
		parts = parts[n:]
	}
	return names
}

// splitParts splits words at commas outside of quotes.
func splitParts(words []word) [][]word {
	parts := [][]word{nil}
	add := func(w word, text string) {
		if last := len(parts) - 1; text != "" || w.quoted {
			parts[last] = append(parts[last], word{text: text, quoted: w.quoted})
		}
	}
	for _, w := range words {
		start := 0
		for _, comma := range w.commas {
			add(w, w.text[start:comma])
			parts = append(parts, nil)
			start = comma + 1
		}
		if start < len(w.text) || start == 0 {
			add(w, w.text[start:])
		}
	}
	return parts
}

type word struct {
	text   string
	quoted bool
	commas []int // offsets of the commas outside of quotes
}

func (w word) isArrow() bool  { return !w.quoted && (w.text == "->" || w.text == "→") }
func (w word) isBare() bool   { return !w.quoted }
func (w word) hasComma() bool { return len(w.commas) > 0 }

func joinWords(words []word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}

var errQuote = errors.New("a quote is not closed")

// splitWords splits a line at spaces and tabs outside of quotes.
func splitWords(line string) (words []word, err error) {
	var text strings.Builder
	var commas []int
	quote, begun, quoted := rune(0), false, false
	end := func() {
		if begun {
			words = append(words, word{text.String(), quoted, commas})
		}
		text.Reset()
		begun, quoted, commas = false, false, nil
	}
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			text.WriteRune(r)
		case r == '"' || r == '\'' && !begun:
			quote, begun, quoted = r, true, true
		case r == ' ' || r == '\t':
			end()
		default:
			if r == ',' {
				commas = append(commas, text.Len())
			}
			begun = true
			text.WriteRune(r)
		}
	}
	if quote != 0 {
		return nil, errQuote
	}
	end()
	return words, nil
}
