package shell

import (
	"errors"
	"slices"
	"strings"
)

// splitArguments splits the text after a command into arguments. Names need no
// quotes: the name of a command with one name ends at the first flag, and several
// names are separated by arrows.
func splitArguments(command, line string) ([]string, error) {
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
	case slices.Contains([]string{"show", "find", "near", "timeline", "holders"}, command) && slices.ContainsFunc(names, word.isBare):
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

type word struct {
	text   string
	quoted bool
}

func (w word) isArrow() bool { return !w.quoted && (w.text == "->" || w.text == "→") }
func (w word) isBare() bool  { return !w.quoted }

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
	quote, begun, quoted := rune(0), false, false
	end := func() {
		if begun {
			words = append(words, word{text.String(), quoted})
		}
		text.Reset()
		begun, quoted = false, false
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
